"""The examples in the ontology's README are data that the rules would accept."""

from __future__ import annotations

import json
import re

import pytest
from rdflib import RDF, XSD, Graph, Literal, URIRef

from kg import names, resources

from . import rules

README = (resources.ontology() / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    "rule",
    [
        rules.without_labels,
        rules.without_definitions,
        rules.definitions_that_are_no_sentence,
        rules.preferred_labels_without_equal_label,
        rules.prose_without_language,
        rules.ambiguous_labels,
        rules.blank_nodes,
        rules.names_that_differ_only_in_case,
        rules.dangling_things,
        rules.relations_without_evidence,
        rules.terms_not_defined_by_the_ontology,
    ],
)
@pytest.mark.parametrize("turtle", blocks("turtle"))
def test_an_example_can_be_added_as_it_stands(turtle: str, rule: rules.Rule, ontology: Graph) -> None:
    extended = ontology + Graph().parse(data=turtle, format="turtle")
    assert set(rule(extended)) - set(rule(ontology)) == set()


@pytest.mark.parametrize("turtle", blocks("turtle"))
def test_an_example_uses_declared_terms_and_tidy_prefixes(turtle: str, vocabulary: Graph) -> None:
    example = Graph().parse(data=turtle, format="turtle")
    assert rules.undeclared_terms(rules.terms_in_graph(example), vocabulary) == []
    assert rules.unused_or_unsorted_prefixes(turtle) == []


def test_an_example_adds_something_new(ontology: Graph) -> None:
    for turtle in blocks("turtle"):
        assert not set(Graph().parse(data=turtle, format="turtle").subjects()) & set(ontology.subjects())


def test_there_is_an_example_of_each_kind_of_thing_that_people_add() -> None:
    kinds = {
        names.local(str(kind))
        for turtle in blocks("turtle")
        for kind in Graph().parse(data=turtle, format="turtle").objects(None, RDF.type)
    }
    assert kinds >= {"City", "Industry", "IndustryGroup", "Metric", "Policy", "Organization"}


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_the_example_in_json_says_what_it_seems_to_say() -> None:
    (text,) = blocks("json")
    context = json.loads((resources.ontology() / "context.jsonld").read_text(encoding="utf-8"))
    graph = Graph().parse(data=json.dumps({**json.loads(text), **context}), format="json-ld")
    said = {p: set(graph.objects(None, URIRef(names.term(p)))) for p in ("value", "unit", "ofCity")}
    assert said == {
        "value": {Literal("80700000000", datatype=XSD.decimal)},
        "unit": {URIRef(names.unit("CCY_CNY"))},
        "ofCity": {URIRef(names.thing("city", "harbin"))},
    }


def test_the_table_of_files_is_complete() -> None:
    folder = resources.ontology()
    files = {f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file()} - {"README.md"}
    assert set(re.findall(r"^\| `([\w/.]+)` \|", README, re.MULTILINE)) == files
