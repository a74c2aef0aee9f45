"""The JSON-LD context lets data be written and read as plain JSON, and loses nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from kg import names, resources

# rdflib's own JSON-LD parser makes the graph that rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

CONTEXT: dict[str, Any] = json.loads((resources.ontology() / "context.jsonld").read_text(encoding="utf-8"))
TERMS: dict[str, Any] = CONTEXT["@context"]
EXAMPLES = {XSD.date: "2020-12-31", XSD.decimal: "101.95", XSD.integer: 2020, XSD.string: "text"}


def test_every_class_and_individual_can_be_written_by_its_name(vocabulary: Graph) -> None:
    for kind in (OWL.Class, OWL.NamedIndividual):
        for term in vocabulary.subjects(RDF.type, kind):
            graph = _read({"id": "city:a", "type": names.local(str(term))})
            assert set(graph) == {(_thing("city:a"), RDF.type, term)}


def test_every_property_with_a_datatype_takes_a_plain_value(vocabulary: Graph) -> None:
    for term, datatype in vocabulary.subject_objects(RDFS.range):
        if datatype in EXAMPLES:
            plain = EXAMPLES[datatype]
            (value,) = _values(term, plain)
            assert isinstance(value, Literal)
            assert str(value) == str(plain)
            assert value.datatype == (datatype if datatype != XSD.string else None)


def test_every_property_that_leads_to_a_thing_takes_its_prefixed_name(vocabulary: Graph) -> None:
    for term in vocabulary.subjects(RDF.type, OWL.ObjectProperty):
        assert _values(term, "metric:revenue") == [_thing("metric:revenue")]


def test_every_property_that_leads_to_a_closed_list_takes_the_bare_name(
    vocabulary: Graph, concepts: Graph
) -> None:
    individuals = vocabulary + concepts
    for term, kind in vocabulary.subject_objects(RDFS.range):
        for value in _members(individuals, kind):
            assert _values(term, names.local(str(value))) == [value]


def test_read_as_takes_a_value_or_a_thing() -> None:
    term = URIRef(names.term("readAs"))
    assert _values(term, "2.1 CNY") == [Literal("2.1 CNY")]
    assert _values(term, {"id": "metric:revenue"}) == [_thing("metric:revenue")]


@pytest.mark.parametrize("key", ["label", "prefLabel", "altLabel", "hiddenLabel", "definition"])
def test_labels_are_maps_from_language_to_text(key: str) -> None:
    graph = _read({"id": "city:a", key: {"en": "Harbin", "zh-Hans": "哈尔滨"}})
    assert set(graph.objects()) == {Literal("Harbin", "en"), Literal("哈尔滨", "zh-Hans")}


def test_every_prefix_of_things_is_known() -> None:
    for kind in names.THINGS:
        assert TERMS[kind] == names.PREFIXES[kind]


def test_no_term_hides_a_prefix_that_data_use() -> None:
    """``unit`` is a property, so QUDT's units go by their bare names or by ``qudt-unit:``."""
    both = {key for key, value in names.PREFIXES.items() if TERMS.get(key, value) != value}
    assert both == {"unit"}
    assert TERMS["qudt-unit"] == names.UNIT


def test_data_survive_a_journey_through_json(sample: Graph) -> None:
    text = sample.serialize(format="json-ld", context=TERMS, auto_compact=False)
    assert isomorphic(Graph().parse(data=text, format="json-ld"), sample)


def test_data_read_as_plain_json(sample: Graph) -> None:
    document = json.loads(sample.serialize(format="json-ld", context=TERMS, auto_compact=False))
    level = next(node for node in document["@graph"] if node["id"] == "obs:sample-level")
    assert set(level["type"]) == {"Observation", "Level"}
    assert level["unit"] == "CCY_CNY"
    assert level["comparator"] == "Exact"
    assert level["periodEnd"] == "2020-12-31"
    assert level["label"] == {"en": "level"}


def _read(node: dict[str, Any]) -> Graph:
    return Graph().parse(data=json.dumps({**CONTEXT, **node}), format="json-ld")


def _values(term: Any, value: Any) -> list[Any]:
    """Return what stands in the graph when a document gives a property this value."""
    graph = _read({"id": "city:a", names.local(str(term)): value})
    assert set(graph.predicates()) == {term}
    return list(graph.objects())


def _members(graph: Graph, kind: Any) -> set[Any]:
    """Return the members of a closed list; units count as one."""
    listed = set(graph.subjects(RDF.type, OWL.NamedIndividual)) | set(
        graph.subjects(RDF.type, URIRef(names.QUDT + "Unit"))
    )
    return listed & set(graph.subjects(RDF.type, kind))


def _thing(name: str) -> URIRef:
    kind, _, slug = name.partition(":")
    return URIRef(names.thing(kind, slug))
