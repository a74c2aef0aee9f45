"""The shape that finds figures in conflict and the statistics of a snapshot follow one rule."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations_with_replacement

import pytest
from rdflib import RDF, XSD, Graph, Literal, URIRef

from kg import gate, names
from kg.agreement import Number, agree

from .conftest import alone

SAID = {
    "100": Number("Exact", Decimal(100)),
    "101": Number("Exact", Decimal(101)),
    "95": Number("Exact", Decimal(95)),
    "-2.5": Number("Exact", Decimal("-2.5")),
    "about 100": Number("About", Decimal(100)),
    "about 150": Number("About", Decimal(150)),
    "about 160": Number("About", Decimal(160)),
    "about 45": Number("About", Decimal(45)),
    "about 45.3": Number("About", Decimal("45.3")),
    "about 0": Number("About", Decimal(0)),
    "about -2.4": Number("About", Decimal("-2.4")),
    "more than 100": Number("MoreThan", lower=Decimal(100)),
    "at least 100": Number("AtLeast", lower=Decimal(100)),
    "less than 100": Number("LessThan", upper=Decimal(100)),
    "at most 100": Number("AtMost", upper=Decimal(100)),
    "95 to 100": Number("Between", lower=Decimal(95), upper=Decimal(100)),
}
PROPERTIES = {"value": "value", "lower": "lowerBound", "upper": "upperBound"}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("more than 100", "95", False),
        ("more than 100", "100", False),
        ("more than 100", "101", True),
        ("more than 100", "at most 100", False),
        ("at least 100", "at most 100", True),
        ("at least 100", "less than 100", False),
        ("95 to 100", "95", True),
        ("95 to 100", "101", False),
        ("about 100", "101", True),
        ("about 100", "about 150", True),
        ("about 100", "about 160", False),
        ("about 45", "about 45.3", True),
        ("-2.5", "about -2.4", False),
        ("100", "100", True),
        ("100", "101", False),
    ],
)
def test_figures_agree_if_one_number_could_make_both_true(one: str, other: str, expected: bool) -> None:
    assert agree([SAID[one], SAID[other]]) is expected


def test_the_shape_finds_a_conflict_exactly_where_figures_do_not_agree(shapes: Graph) -> None:
    """One check for all: each pair is about a city of its own."""
    pairs = dict(enumerate(combinations_with_replacement(SAID, 2)))
    graph = Graph()
    for pair, said in pairs.items():
        for side, words in enumerate(said):
            state(graph, pair, side, SAID[words])
    findings = gate.check(graph, alone(shapes, "sources-agree")).findings
    found = {int(names.local(finding.culprit).split("-")[0]) for finding in findings}
    conflicts = {pair for pair, said in pairs.items() if not agree(SAID[words] for words in said)}
    assert found == conflicts
    assert 0 < len(conflicts) < len(pairs)


def test_three_figures_conflict_if_two_of_them_do() -> None:
    assert not agree([SAID["100"], SAID["more than 100"], SAID["at least 100"]])
    assert agree([SAID["100"], SAID["about 100"], SAID["at least 100"]])


def state(graph: Graph, pair: int, side: int, number: Number) -> None:
    it = URIRef(names.thing("obs", f"{pair}-{side}"))
    for predicate, thing in {
        RDF.type: names.term("Level"),
        URIRef(names.term("ofCity")): names.thing("city", f"c{pair}"),
        URIRef(names.term("ofMetric")): names.thing("metric", "revenue"),
        URIRef(names.term("unit")): names.unit("NUM"),
        URIRef(names.term("comparator")): names.term(number.comparator),
    }.items():
        graph.add((it, predicate, URIRef(thing)))
    graph.add((it, RDF.type, URIRef(names.term("Observation"))))
    for field, name in PROPERTIES.items():
        if (value := getattr(number, field)) is not None:
            graph.add((it, URIRef(names.term(name)), Literal(f"{value:f}", datatype=XSD.decimal)))
