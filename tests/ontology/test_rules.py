"""The ontology keeps the rules, and each rule notices what breaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rdflib import RDFS, Graph

from kg import names, resources

from . import rules

if TYPE_CHECKING:
    from pathlib import Path

PREFIXES = "".join(
    f"@prefix {prefix}: <{namespace}> .\n"
    for prefix, namespace in {**names.PREFIXES, "vann": "http://purl.org/vocab/vann/"}.items()
)


# Every term and thing


def test_everything_has_one_label_in_each_language(ontology: Graph) -> None:
    assert rules.without_labels(ontology) == []


def test_everything_has_one_definition_in_each_language(ontology: Graph) -> None:
    assert rules.without_definitions(ontology) == []


def test_each_definition_is_one_sentence(ontology: Graph) -> None:
    assert rules.definitions_that_are_no_sentence(ontology) == []


def test_beside_each_preferred_label_stands_the_same_label(ontology: Graph) -> None:
    assert rules.preferred_labels_without_equal_label(ontology) == []


def test_all_prose_is_english_or_chinese_and_says_so(ontology: Graph) -> None:
    assert rules.prose_without_language(ontology) == []


def test_among_things_of_one_kind_a_name_names_one_thing(ontology: Graph) -> None:
    assert rules.ambiguous_labels(ontology) == []


def test_nothing_is_a_blank_node(ontology: Graph, alignments: Graph) -> None:
    assert rules.blank_nodes(ontology + alignments) == []


def test_no_two_names_differ_only_in_case(ontology: Graph) -> None:
    assert rules.names_that_differ_only_in_case(ontology) == []


def test_whatever_is_pointed_to_is_described(ontology: Graph) -> None:
    assert rules.dangling_things(ontology) == []


def test_no_relation_is_asserted_without_a_source(ontology: Graph) -> None:
    assert rules.relations_without_evidence(ontology) == []


# The vocabulary


def test_the_header_says_what_who_when_which_version_and_on_what_terms(vocabulary: Graph) -> None:
    assert rules.header_gaps(vocabulary) == []


def test_each_term_leads_to_its_ontology(vocabulary: Graph) -> None:
    assert rules.terms_not_defined_by_the_ontology(vocabulary) == []


def test_each_property_has_one_domain_and_one_range(vocabulary: Graph) -> None:
    assert rules.properties_without_one_domain_and_range(vocabulary) == []


def test_each_term_is_a_class_or_one_kind_of_property_or_an_individual(vocabulary: Graph) -> None:
    assert rules.terms_declared_twice(vocabulary) == []


def test_each_individual_is_in_one_closed_list(vocabulary: Graph) -> None:
    assert rules.individuals_without_one_list(vocabulary) == []


def test_classes_are_upper_camel_and_properties_lower_camel(vocabulary: Graph) -> None:
    assert rules.names_against_the_conventions(vocabulary) == []


def test_no_two_terms_have_the_same_label(vocabulary: Graph) -> None:
    assert rules.terms_with_the_same_label(vocabulary) == []


def test_sibling_classes_are_disjoint(vocabulary: Graph) -> None:
    assert rules.siblings_that_may_overlap(vocabulary) == []


def test_each_class_is_connected_by_a_property(vocabulary: Graph) -> None:
    assert rules.unconnected_classes(vocabulary) == []


def test_nothing_is_above_itself(ontology: Graph, alignments: Graph) -> None:
    assert rules.cycles(ontology + alignments) == []


@pytest.mark.parametrize("file", ["cekg.ttl", "alignments.ttl"])
def test_nothing_is_said_about_terms_of_others(file: str) -> None:
    assert rules.hijacked_terms(Graph().parse(resources.ontology() / file)) == []


# Use and consequences


def test_every_term_of_ours_that_a_graph_or_shape_uses_is_declared(vocabulary: Graph) -> None:
    files = [*resources.ontology().rglob("*.ttl"), *resources.shapes().rglob("*.ttl")]
    used = {file: rules.terms_in_graph(Graph().parse(file)) for file in files}
    assert {f: rules.undeclared_terms(terms, vocabulary) for f, terms in used.items()} == {
        f: [] for f in files
    }


def test_every_term_of_ours_that_a_query_uses_is_declared(vocabulary: Graph) -> None:
    files = [*resources.data().rglob("*.rq"), *resources.shapes().rglob("*.rq")]
    used = {file: rules.terms_in_query(file.read_text(encoding="utf-8")) for file in files}
    assert {f: rules.undeclared_terms(terms, vocabulary) for f, terms in used.items()} == {
        f: [] for f in files
    }


def test_every_property_is_in_the_sample(vocabulary: Graph, sample: Graph) -> None:
    assert set(vocabulary.subjects(RDFS.domain)) - set(sample.predicates()) == set()


def test_nothing_follows_to_be_in_two_disjoint_classes(surroundings: Graph, sample: Graph) -> None:
    assert rules.things_in_disjoint_classes(rules.closure(surroundings + sample)) == []


def test_no_thing_has_two_values_of_a_functional_property(surroundings: Graph, sample: Graph) -> None:
    assert rules.things_with_two_values(surroundings + sample) == []


@pytest.mark.parametrize("file", sorted(resources.ontology().rglob("*.ttl")), ids=lambda f: f.name)
def test_prefixes_are_sorted_and_used(file: Path) -> None:
    assert rules.unused_or_unsorted_prefixes(file.read_text(encoding="utf-8")) == []


# The rules themselves

LABELLED = 'city:a rdfs:label "A"@en, "甲"@zh-Hans . '


@pytest.mark.parametrize(
    ("rule", "turtle", "fault"),
    [
        (rules.without_labels, 'city:a rdfs:label "A"@en .', "0 of label in zh-Hans"),
        (
            rules.without_labels,
            'city:a rdfs:label "A", "B"@en, "甲"@zh-Hans, "乙"@zh-Hans .',
            "2 of label",
        ),
        (rules.without_definitions, LABELLED, "0 of definition in en"),
        (rules.definitions_that_are_no_sentence, 'city:a skos:definition "A city"@en .', "not one"),
        (
            rules.definitions_that_are_no_sentence,
            'city:a skos:definition "One. Two."@en .',
            "not one",
        ),
        (
            rules.definitions_that_are_no_sentence,
            'city:a skos:definition "甲。乙。"@zh-Hans .',
            "not one",
        ),
        (
            rules.preferred_labels_without_equal_label,
            LABELLED + 'city:a skos:prefLabel "a"@en .',
            "“a” but no such label",
        ),
        (rules.prose_without_language, 'city:a skos:altLabel "A" .', "no language of ours"),
        (rules.prose_without_language, 'city:a skos:altLabel "A"@zh .', "no language of ours"),
        (rules.prose_without_language, 'city:a skos:altLabel " A"@en .', "a space at an end"),
        (
            rules.ambiguous_labels,
            """metric:a a cekg:Metric ; skos:prefLabel "“A” value"@en .
            metric:b a cekg:Metric ; skos:hiddenLabel 'The "a" Value'@en .""",
            "names metric:a and metric:b",
        ),
        (
            rules.ambiguous_labels,
            'metric:a a cekg:Metric ; skos:prefLabel "value"@en ; skos:altLabel "the value"@en .',
            "more than once on metric:a",
        ),
        (rules.blank_nodes, "city:a rdfs:seeAlso [] .", "Blank node in"),
        (
            rules.names_that_differ_only_in_case,
            "cekg:City a owl:Class . cekg:city a owl:Class .",
            "case",
        ),
        (
            rules.dangling_things,
            "metric:a cekg:contributesTo metric:b .",
            "metric:b is used by metric:a",
        ),
        (rules.relations_without_evidence, "city:a cekg:capitalOf region:b .", "needs a source"),
        (rules.header_gaps, "", "not declared"),
        (rules.header_gaps, "<https://w3id.org/cekg/ont> a owl:Ontology .", "no dcterms:license"),
        (
            rules.header_gaps,
            '<https://w3id.org/cekg/ont> a owl:Ontology ; vann:preferredNamespaceUri "x" .',
            "namespace is x",
        ),
        (rules.terms_not_defined_by_the_ontology, "cekg:A a owl:Class .", "cekg:A is not said"),
        (
            rules.properties_without_one_domain_and_range,
            "cekg:a a owl:ObjectProperty ; rdfs:domain cekg:A, cekg:B ; rdfs:range cekg:A .",
            "cekg:a has 2 of rdfs:domain",
        ),
        (
            rules.properties_without_one_domain_and_range,
            "cekg:a a rdf:Property .",
            "0 of rdfs:range",
        ),
        (
            rules.terms_declared_twice,
            "cekg:a a owl:ObjectProperty, owl:DatatypeProperty .",
            "owl:DatatypeProperty and owl:ObjectProperty",
        ),
        (rules.terms_declared_twice, "cekg:a rdfs:domain cekg:B .", "declared as ."),
        (rules.individuals_without_one_list, "cekg:A a owl:NamedIndividual .", "in 0 lists"),
        (
            rules.individuals_without_one_list,
            """cekg:A a owl:NamedIndividual, cekg:B, cekg:C .
            cekg:B a owl:Class .
            cekg:C a owl:Class .""",
            "in 2 lists",
        ),
        (rules.names_against_the_conventions, "cekg:city a owl:Class .", "cekg:city"),
        (
            rules.names_against_the_conventions,
            "cekg:Of_city a owl:ObjectProperty .",
            "cekg:Of_city",
        ),
        (
            rules.terms_with_the_same_label,
            'cekg:A rdfs:label "Level"@en . cekg:B rdfs:label "level"@en .',
            "cekg:A and cekg:B",
        ),
        (
            rules.siblings_that_may_overlap,
            "cekg:A a owl:Class . cekg:B a owl:Class .",
            "not disjoint",
        ),
        (
            rules.siblings_that_may_overlap,
            """cekg:A a owl:Class ; rdfs:subClassOf cekg:C .
            cekg:B a owl:Class ; rdfs:subClassOf cekg:C .""",
            "cekg:A and cekg:B",
        ),
        (rules.unconnected_classes, "cekg:A a owl:Class .", "leads to or from cekg:A"),
        (
            rules.cycles,
            """cekg:A rdfs:subClassOf cekg:B .
            cekg:B rdfs:subClassOf cekg:C .
            cekg:C rdfs:subClassOf cekg:A .""",
            "cekg:B is above itself",
        ),
        (rules.cycles, "cekg:a rdfs:subPropertyOf cekg:a .", "cekg:a is above itself"),
        (
            rules.hijacked_terms,
            "schema:City rdfs:subClassOf cekg:City .",
            "schema.org/City is not ours",
        ),
        (
            rules.things_in_disjoint_classes,
            "cekg:A owl:disjointWith cekg:B . city:a a cekg:A, cekg:B .",
            "city:a is both",
        ),
        (
            rules.things_with_two_values,
            "cekg:unit a owl:FunctionalProperty . obs:a cekg:unit unit:NUM, unit:PERCENT .",
            "obs:a has 2 of cekg:unit",
        ),
    ],
)
def test_a_rule_notices_what_breaks_it(rule: rules.Rule, turtle: str, fault: str) -> None:
    assert fault in "\n".join(rule(Graph().parse(data=PREFIXES + turtle, format="turtle")))


@pytest.mark.parametrize(
    ("extra", "fault"),
    [
        ("quote:sample a cekg:Sourced .", "quote:sample is both"),
        ("obs:sample-level cekg:growthOf obs:sample-share .", "obs:sample-level is both"),
        ("policy:sample cekg:ofMetric metric:sample .", "policy:sample is both"),
        ("obs:sample-level cekg:ofCity region:sample .", "region:sample is both"),
        ("recognition:sample a prov:Activity .", "recognition:sample is both"),
        ("industry:sample cekg:partOf scheme:metrics .", "scheme:metrics is both"),
    ],
)
def test_a_wrong_statement_is_seen_in_what_follows_from_it(
    surroundings: Graph, sample: Graph, extra: str, fault: str
) -> None:
    wrong = Graph().parse(data=PREFIXES + extra, format="turtle")
    found = rules.things_in_disjoint_classes(rules.closure(surroundings + sample + wrong))
    assert fault in "\n".join(found)


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("SELECT ?x { ?x cekg:ofCity ?y }", {"ofCity"}),
        ("SELECT ?x { ?x <https://w3id.org/cekg/ont#nothing> ?y }", {"nothing"}),
        ("# cekg:old\nASK { ?x a cekg:City } # cekg:older", {"City"}),
        ("PREFIX cekg: <https://w3id.org/cekg/ont#>\nASK { ?x a city:cekg }", set()),
        (
            "ASK { ?x (cekg:evidence|cekg:hasReading)/^cekg:role ?y }",
            {"evidence", "hasReading", "role"},
        ),
    ],
)
def test_the_terms_of_a_query_are_found(query: str, terms: set[str]) -> None:
    assert rules.terms_in_query(query) == {names.term(name) for name in terms}


def test_the_terms_of_a_shape_and_of_its_query_are_found() -> None:
    turtle = 'shape:a sh:path cekg:unit ; sh:select "SELECT $this { $this cekg:value ?x }" .'
    graph = Graph().parse(data=PREFIXES + turtle, format="turtle")
    assert rules.terms_in_graph(graph) == {names.term("unit"), names.term("value")}


def test_a_term_that_is_not_declared_is_named(vocabulary: Graph) -> None:
    used = {names.term("City"), names.term("Town")}
    assert rules.undeclared_terms(used, vocabulary) == ["cekg:Town is not declared."]


@pytest.mark.parametrize(
    ("turtle", "fault"),
    [
        ("@prefix b: <b:> .\n@prefix a: <a:> .\na:x a b:y .", "The prefixes are not sorted."),
        ("@prefix a: <a:> .\n@prefix b: <b:> .\na:x a a:y .", "The prefix b: is not used."),
    ],
)
def test_idle_and_unsorted_prefixes_are_named(turtle: str, fault: str) -> None:
    assert rules.unused_or_unsorted_prefixes(turtle) == [fault]
