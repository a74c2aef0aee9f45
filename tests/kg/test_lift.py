"""Statements become triples whose names tell what they are about, the same for the same statement."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import PROV, RDF, RDFS, XSD

from kg import names
from kg.lift import lift

FACT = "  - quote: Revenue was 5 yuan\n    metric: Revenue\n    value: 5 yuan\n"
PUBLISHER = names.thing("organization", "coast-news")


@pytest.fixture
def lifted(desk) -> Callable[[str, str], Graph]:
    def triples(text: str, facts: str) -> Graph:
        statements, graph = desk.state(text, f"facts:\n{facts}"), Graph()
        source = statements[0].evidence.source
        for triple in lift(source, PUBLISHER, statements, desk.lexicon):
            graph.add(triple)
        return graph

    return triples


def term(name: str) -> URIRef:
    return URIRef(names.term(name))


def slugs(graph: Graph, kind: str) -> list[str]:
    return sorted(names.local(str(s)).removeprefix("seaford-") for s in graph.subjects(RDF.type, term(kind)))


CASES = (
    ("12.50 yuan", "revenue-2021-level-12-5-cny", "value", "12.5"),
    ("1,200 yuan", "revenue-2021-level-1200-cny", "value", "1200"),
    ("about 5 yuan", "revenue-2021-level-about-5-cny", "value", "5"),
    ("more than 5 yuan", "revenue-2021-level-more-than-5-cny", "lowerBound", "5"),
    ("at least 5 yuan", "revenue-2021-level-at-least-5-cny", "lowerBound", "5"),
    ("up to 5 yuan", "revenue-2021-level-at-most-5-cny", "upperBound", "5"),
    ("nearly 5 yuan", "revenue-2021-level-less-than-5-cny", "upperBound", "5"),
    ("$5 million", "revenue-2021-level-5000000-usd", "value", "5000000"),
)


@pytest.mark.parametrize(("words", "slug", "name", "number"), CASES)
def test_a_level_is_named_by_its_key_and_value(lifted, words, slug, name, number):
    quote = f"In 2021 revenue was {words}"
    graph = lifted(
        f"{quote}.", f"  - quote: {quote}\n    metric: revenue\n    period: In 2021\n    value: {words}\n"
    )
    assert slugs(graph, "Level") == [slug]
    (level,) = graph.subjects(RDF.type, term("Level"))
    numbers = {p: o for p in ("value", "lowerBound", "upperBound") for o in graph.objects(level, term(p))}
    assert numbers == {name: Literal(number, datatype=XSD.decimal)}
    assert graph.value(level, term("valueText")) == Literal(words)
    assert graph.value(level, term("year")) == Literal(2021)


def test_a_fall_a_rise_and_a_growth_in_points_are_told_apart(lifted):
    changes = ("fell 3 percent", "rose 3 percent", "rose 3 percentage points")
    nodes = {
        slugs(
            lifted(
                f"Revenue {words}.", f"  - quote: Revenue {words}\n    metric: Revenue\n    growth: {words}\n"
            ),
            "Growth",
        )[0]
        for words in changes
    }
    assert nodes == {
        "revenue-undated-growth-minus-3-percent",
        "revenue-undated-growth-3-percent",
        "revenue-undated-growth-3-percentage-point",
    }


def test_only_a_growth_that_says_year_on_year_has_a_base_year(lifted):
    for words, base in (("rose 3 percent year-on-year", [Literal(2020)]), ("rose 3 percent", [])):
        quote = f"In 2021 revenue {words}"
        graph = lifted(
            f"{quote}.",
            f"  - quote: {quote}\n    metric: revenue\n    period: In 2021\n    growth: {words}\n",
        )
        assert list(graph.objects(None, term("baseYear"))) == base


def test_a_target_is_a_floor_with_a_derived_year(lifted):
    quote = "In 2021 revenue was 12 yuan, and the goal of 10 yuan was achieved one year ahead of schedule"
    graph = lifted(
        f"{quote}.",
        f"  - quote: {quote}\n    metric: revenue\n    period: In 2021\n    value: 12 yuan\n"
        "    target: 10 yuan\n    ahead: one year ahead of schedule\n",
    )
    (target,), (level,) = graph.subjects(RDF.type, term("Target")), graph.subjects(RDF.type, term("Level"))
    assert graph.value(target, term("lowerBound")) == Literal("10", datatype=XSD.decimal)
    assert graph.value(target, term("value")) is None
    assert graph.value(target, term("targetYear")) == Literal(2022)
    assert graph.value(target, term("achievedBy")) == graph.value(target, PROV.wasDerivedFrom) == level
    assert graph.value(target, term("year")) is None


def test_every_node_has_a_type_and_what_is_not_the_words_of_a_source_a_label_in_both_languages(lifted):
    quote = "Seaford is in Southland and in 2021 its revenue was 5 yuan"
    graph = lifted(
        f"{quote}.", f"  - quote: {quote}\n    metric: revenue\n    period: in 2021\n    value: 5 yuan\n"
    )
    assert all(isinstance(node, URIRef) for node in graph.subjects())
    for node in set(graph.subjects()):
        assert list(graph.objects(node, RDF.type))
        languages = sorted(label.language.lower() for label in graph.objects(node, RDFS.label))
        are_words_of_the_source = not set(graph.objects(node, RDF.type)).isdisjoint(
            map(term, ("Source", "Quote", "Reading"))
        )
        assert languages == (["en"] if are_words_of_the_source else ["en", "zh-hans"])


def test_positions_lead_to_the_words(assembly):
    for coverage in assembly.coverage:
        graph, text = assembly.graphs[coverage.source.slug], coverage.source.text
        places = list(graph.subject_objects(URIRef(names.OA + "exact")))
        assert len(places) > 50
        for node, words in places:
            start, end = (int(graph.value(node, URIRef(names.OA + name))) for name in ("start", "end"))
            assert text[start:end] == str(words)


def test_a_source_whose_date_has_no_label_is_given_none(desk):
    (level,) = desk.state("Revenue was 5 yuan.", f"facts:\n{FACT}")
    for label, found in (("Updated", ["Updated"]), ("", [])):
        source = replace(level.evidence.source, date_label=label)
        triples = lift(source, PUBLISHER, [], desk.lexicon)
        assert [str(o) for _, p, o in triples if p == term("dateLabel")] == found


def test_the_same_statements_give_the_same_triples_in_the_same_order(desk):
    facts = "facts:\n  - quote: Revenue was 5 yuan\n    metric: Revenue\n    value: 5 yuan\n"
    statements = desk.state("Revenue was 5 yuan.", facts)
    source = statements[0].evidence.source
    once, twice = (list(lift(source, PUBLISHER, statements, desk.lexicon)) for _ in range(2))
    assert once == twice
