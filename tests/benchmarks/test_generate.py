"""The graph to measure on: as many quads as promised, each of them one that the build would publish."""

from __future__ import annotations

import hashlib

import pytest
from rdflib import Graph, Literal, URIRef

from benchmarks import generate
from benchmarks.generate import Size
from kg import gate, names, resources

TINY = [Size(1, 1, 1, 1), Size(2), Size(3, years=2, industries=8, metrics=3)]


def generated(size: Size) -> list[bytes]:
    """The lines, without those of the real graph."""
    blocks = list(generate.quads(size))[1:]
    return b"".join(blocks).splitlines()


def with_texts(size: Size) -> Graph:
    """The generated graph as the build would validate it: beside the real one, with the full texts."""
    lines = b"".join(
        line.rsplit(b" ", 2)[0] + b" .\n" for line in b"".join(generate.quads(size)).splitlines()
    )
    graph = Graph().parse(data=lines, format="nt")
    for city in generate.cities(size):
        for article in generate.articles(city, size):
            graph.add((URIRef(article.iri), URIRef(names.term("sourceText")), Literal(article.text)))
    return graph


@pytest.mark.parametrize("size", TINY, ids=str)
def test_there_are_as_many_quads_as_promised_and_no_two_alike(size):
    lines = generated(size)
    assert len(lines) == size.quads
    assert len(set(lines)) == size.quads


@pytest.mark.parametrize(
    ("kind", "count"),
    [("City", 2), ("NewsArticle", 6), ("Level", 36), ("Quote", 36), ("Reading", 6 * 2 + 36 * 3)],
)
def test_there_are_as_many_things_of_each_kind_as_promised(kind, count):
    typed = f"<{names.RDF}type> <{names.term(kind)}> ".encode()
    assert sum(typed in line for line in generated(Size(2))) == count


def test_a_thousand_cities_are_about_a_million_quads():
    assert Size().cities == 1_000
    assert 1_000_000 <= Size().quads <= 1_100_000
    assert Size(10_000).quads > 10_000_000


def test_every_name_is_another():
    everything = list(generate.cities(Size(generate.MOST_CITIES)))
    assert len({city.name for city in everything}) == generate.MOST_CITIES
    assert len({city.chinese for city in everything}) == generate.MOST_CITIES


def test_a_smaller_graph_is_the_start_of_a_larger_one():
    small = generated(Size(2))
    assert small == generated(Size(4))[: len(small)]


def test_the_same_size_is_the_same_bytes():
    digest = hashlib.sha256(b"\n".join(generated(Size(2)))).hexdigest()
    assert digest == hashlib.sha256(b"\n".join(generated(Size(2)))).hexdigest()


def test_figures_are_values_and_bounds():
    bounds = [
        figure.bound
        for city in generate.cities(Size(20))
        for article in generate.articles(city, Size(20))
        for figure in article.figures
    ]
    assert 0.05 < sum(bounds) / len(bounds) < 0.2


def test_the_graph_conforms_to_the_shapes_with_its_texts():
    report = gate.check(with_texts(Size(2)), gate.load_shapes(resources.shapes().glob("*.ttl")))
    assert report.conforms
    invented = [city.slug for city in generate.cities(Size(2))]
    assert not [finding for finding in report.findings if any(slug in finding.culprit for slug in invented)]


@pytest.mark.parametrize(
    "wrong", [{"cities": 0}, {"cities": 10**6}, {"years": 0}, {"industries": 9}, {"metrics": 4}]
)
def test_a_size_that_cannot_be_is_refused_with_its_limits(wrong):
    with pytest.raises(ValueError, match=rf"{next(iter(wrong))}: \d+ is not from 1 to \d+\."):
        Size(**wrong)
