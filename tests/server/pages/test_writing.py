"""Triples as files: what a format cannot hold is refused, and parts make a whole."""

import re

import pyoxigraph as ox
import pytest

from kg import names
from server import errors, formats
from server.pages import writing

A = ox.NamedNode("https://w3id.org/cekg/city/a")
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


@pytest.mark.parametrize(
    ("property_", "text"),
    [
        (LABEL, "a\x01b"),
        (LABEL, "\ufffe"),
        (LABEL, "\0"),
        (ox.NamedNode("http://x.example/1"), "text"),
        (ox.NamedNode("http://x.example/"), "text"),
    ],
)
def test_what_xml_cannot_hold_is_refused_and_other_formats_take_it(property_, text):
    triples = [ox.Triple(A, property_, ox.Literal(text))]
    with pytest.raises(errors.NotAcceptable):
        writing.written(triples, "RDF_XML")
    for form in ("TURTLE", "JSON_LD", "N_TRIPLES"):
        again = list(ox.parse(writing.written(triples, form), format=getattr(ox.RdfFormat, form)))
        assert [quad.triple for quad in again] == triples


@pytest.mark.parametrize("text", ["<b>&\"'", "é哈🏙\ud7ff\ue000", "a\tb\nc\r", "]]>", "\u202e"])
def test_what_xml_can_hold_comes_back_as_it_was(text):
    triples = [ox.Triple(A, LABEL, ox.Literal(text))]
    again = list(ox.parse(writing.written(triples, "RDF_XML"), format=ox.RdfFormat.RDF_XML))
    assert [quad.triple for quad in again] == triples


@pytest.mark.parametrize(
    ("engine", "declared"), [("TURTLE", rb"@prefix (\w+):"), ("RDF_XML", rb"xmlns:(\w+)=")]
)
def test_prefixes_stand_in_order(engine, declared):
    triples = [
        ox.Triple(A, ox.NamedNode(names.PREFIXES[each] + "x"), A) for each in ("skos", "cekg", "owl", "rdfs")
    ]
    found = re.findall(declared, writing.written(triples, engine))
    assert found == sorted(found)
    assert len(found) >= 5


@pytest.mark.parametrize("suffix", ["ttl", "nt", "trig", "nq"])
def test_a_graph_in_many_parts_is_the_same_graph(suffix, monkeypatch):
    monkeypatch.setattr(writing, "_AT_ONCE", 3)
    graph = ox.NamedNode("https://w3id.org/cekg/graph/g")
    quads = [ox.Quad(A, LABEL, ox.Literal(f"@prefix {n}\n@prefix"), graph) for n in range(10)]
    form = formats.by_suffix(suffix)
    parts = list(writing.stream(quads, form))
    assert len(parts) >= 4
    again = list(ox.parse(b"".join(parts), format=getattr(ox.RdfFormat, form.engine)))
    assert {quad.triple for quad in again} == {quad.triple for quad in quads}
    assert len({quad.graph_name for quad in again}) == 1
