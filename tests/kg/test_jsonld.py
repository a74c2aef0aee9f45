"""JSON-LD: plain JSON, and still the same triples."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph
from rdflib.compare import isomorphic

from kg import jsonld, names, snapshot

HARBIN = ox.NamedNode(names.thing("city", "harbin"))


@pytest.fixture(scope="module")
def triples(built: snapshot.Snapshot) -> list[ox.Triple]:
    quads = ox.parse(built.read("data.nq"), format=ox.RdfFormat.N_QUADS)
    return sorted({quad.triple for quad in quads}, key=str)


def back(content: bytes) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(content, format=ox.RdfFormat.JSON_LD)}


def term(name: str) -> ox.NamedNode:
    return ox.NamedNode(names.term(name))


def node(*triples: ox.Triple) -> dict[str, Any]:
    (found,) = json.loads(jsonld.document(triples))["@graph"]
    return dict(found)


def test_the_whole_graph_makes_the_journey_and_back(triples: list[ox.Triple]) -> None:
    assert back(jsonld.document(triples)) == set(triples)
    assert back(b"".join(jsonld.stream(triples))) == set(triples)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # in rdflib's own parser
def test_another_parser_reads_the_same(triples: list[ox.Triple]) -> None:
    some = [each for each in triples if "harbin" in str(each.subject)]
    assert len(some) > 500
    plain = Graph().parse(data=ox.serialize(some, format=ox.RdfFormat.N_TRIPLES), format="nt")
    assert isomorphic(Graph().parse(data=jsonld.document(some), format="json-ld"), plain)


def test_it_reads_like_json(triples: list[ox.Triple]) -> None:
    figure = names.thing("obs", "harbin-green-agriculture-output-value-2020-growth-9-3-percent")
    found = node(*(each for each in triples if each.subject == ox.NamedNode(figure)))
    assert found["id"] == "obs:harbin-green-agriculture-output-value-2020-growth-9-3-percent"
    assert set(found["type"]) == {"Growth", "Observation"}
    assert list(found)[:3] == ["id", "type", "label"]
    assert (found["value"], found["unit"], found["year"]) == ("9.3", "PERCENT", 2020)
    assert (found["ofCity"], found["comparator"]) == ("city:harbin", "Exact")
    assert found["periodEnd"] == "2020-12-31"
    assert not [key for key in found if ":" in key]


def test_a_document_explains_the_words_that_it_uses_and_no_others() -> None:
    year = ox.Triple(ox.NamedNode(names.thing("obs", "a")), term("year"), ox.Literal(2020))
    context = json.loads(jsonld.document([year]))["@context"]
    assert set(context) == {"id", "obs", "cekg", "xsd", "year"}
    assert "https://w3id.org/cekg/context" not in json.dumps(context)


def test_a_stream_has_a_node_on_each_line(triples: list[ox.Triple]) -> None:
    first, *lines, last = b"".join(jsonld.stream(triples)).splitlines()
    assert json.loads(first + b"]}")["@context"] == dict(jsonld.context().entries)
    assert last == b"]}"
    assert len(lines) == len({each.subject for each in triples})
    assert all(json.loads(line.rstrip(b","))["id"] for line in lines)


def test_nothing_is_a_document_too() -> None:
    assert json.loads(jsonld.document([])) == {"@context": {}, "@graph": []}
    assert json.loads(b"".join(jsonld.stream([])))["@graph"] == []


@pytest.mark.parametrize(
    ("value", "key", "written"),
    [
        (ox.Literal("9.30", datatype=ox.NamedNode(names.XSD + "decimal")), "value", "9.30"),
        (ox.Literal(9), "cekg:value", 9),
        (ox.Literal("009", datatype=ox.NamedNode(names.XSD + "integer")), "cekg:value", "type"),
        (ox.Literal("9" * 20, datatype=ox.NamedNode(names.XSD + "integer")), "cekg:value", "type"),
        (ox.Literal("nine"), "cekg:value", "nine"),
        (ox.Literal("nine", language="en"), "cekg:value", "language"),
        (ox.Literal(value=True), "cekg:value", True),
        (ox.Literal("TRUE", datatype=ox.NamedNode(names.XSD + "boolean")), "cekg:value", "type"),
        (ox.NamedNode("https://a.example/#x"), "cekg:value", {"id": "https://a.example/#x"}),
        (ox.BlankNode("b"), "cekg:value", {"id": "_:b"}),
    ],
    ids=str,
)
def test_a_value_that_is_not_of_a_term_s_type_says_what_it_is(value: Any, key: str, written: Any) -> None:
    found = node(ox.Triple(HARBIN, term("value"), value))
    if isinstance(written, str) and written in ("type", "language"):
        assert found[key][f"@{written}"]
    else:
        assert found[key] == written


def test_texts_are_held_by_language_and_many_in_a_list() -> None:
    label, other = (ox.NamedNode(names.RDFS + "label"), ox.NamedNode(names.SKOS + "altLabel"))
    english, chinese = ox.Literal("Harbin", language="en"), ox.Literal("哈尔滨", language="zh-Hans")
    found = node(*(ox.Triple(HARBIN, by, text) for by in (label, other) for text in (english, chinese)))
    tag = chinese.language
    assert found["label"] == {"en": "Harbin", tag: "哈尔滨"}
    assert found["altLabel"] == {"en": ["Harbin"], tag: ["哈尔滨"]}


def test_a_name_that_would_be_taken_for_another_stands_outside_of_the_context() -> None:
    """A scheme that is called as a prefix is: ``<city:harbin>`` is not our city."""
    odd, year = ox.NamedNode("city:harbin"), ox.Triple(HARBIN, term("year"), ox.Literal(1))
    triples = [
        ox.Triple(odd, term("year"), ox.Literal(1)),
        ox.Triple(odd, ox.NamedNode(names.RDFS + "label"), ox.Literal("x", language="en")),
        year,
        ox.Triple(HARBIN, term("within"), odd),
    ]
    assert back(jsonld.document(triples)) == set(triples)
    assert back(b"".join(jsonld.stream(triples))) == set(triples)
    assert node(year)["year"] == 1


def test_a_statement_about_a_statement_cannot_be_written() -> None:
    inner = ox.Triple(HARBIN, term("year"), ox.Literal(1))
    with pytest.raises(ValueError, match="JSON-LD has no way"):
        jsonld.document([ox.Triple(HARBIN, term("within"), inner)])


def test_an_answer_is_short_where_there_is_little_and_a_stream_where_there_is_much() -> None:
    def many(count: int) -> list[ox.Triple]:
        return [ox.Triple(HARBIN, term("year"), ox.Literal(number)) for number in range(count)]

    few, much = (b"".join(jsonld.answer(many(count))) for count in (2_000, 25_000))
    assert "@version" not in json.loads(few)["@context"]
    assert json.loads(much)["@context"]["@version"] == 1.1
    assert len(json.loads(few)["@graph"]) == 1
    assert len(json.loads(much)["@graph"]) == 3  # no node holds more than 10,000
    assert back(much) == set(many(25_000))


IRIS = st.sampled_from(
    [
        *(names.thing(kind, "a-b") for kind in ("city", "obs", "metric")),
        *(names.term(name) for name in ("Exact", "Level", "ofCity", "value")),
        names.unit("PERCENT"),
        names.BASE,
        names.CEKG,
        names.SKOS + "Concept",
        "https://a.example/x?y=z#f",
        "urn:a:b",
        "city:a",
        "mailto:a@a.example",
    ]
).map(ox.NamedNode)
PROPERTIES = st.sampled_from(
    [
        *(
            names.term(name)
            for name in ("value", "year", "ofCity", "unit", "notAfter", "valueText", "readAs")
        ),
        *(names.RDFS + "label", names.SKOS + "altLabel", names.RDF + "type", names.RDF + "predicate"),
        *(names.DCTERMS + "date", names.DCTERMS + "identifier", "https://a.example/p", names.SH + "prefix"),
    ]
).map(ox.NamedNode)
DATATYPES = ("string", "integer", "decimal", "date", "boolean", "double", "anyURI", "gYear")
TEXTS = st.text(st.characters(codec="utf-8"), max_size=5) | st.sampled_from(
    ["1", "01", "-0", "1.50", "true", "TRUE", "1", "2020-01-01", "city:harbin", "Exact", "@id", "_:b", ""]
)
LITERALS = st.builds(
    lambda text, name: ox.Literal(text, datatype=ox.NamedNode(names.XSD + name)),
    TEXTS,
    st.sampled_from(DATATYPES),
) | st.builds(lambda text, tag: ox.Literal(text, language=tag), TEXTS, st.sampled_from(["en", "zh", "de-at"]))
TRIPLES = st.lists(st.builds(ox.Triple, IRIS, PROPERTIES, IRIS | LITERALS), max_size=8)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(TRIPLES)
def test_any_triples_make_the_journey_and_back(triples: list[ox.Triple]) -> None:
    assert back(jsonld.document(triples)) == set(triples)
    assert back(b"".join(jsonld.stream(triples))) == set(triples)
