"""The fixed mix: every query is answered by the generated graph, whatever its size."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from benchmarks import generate
from benchmarks.generate import Size
from benchmarks.mix import Query, mix

SIZE = Size(3)
QUERIES = mix(SIZE)


@pytest.fixture(scope="module")
def store() -> ox.Store:
    lines = b"".join(generate.quads(SIZE)).splitlines()
    store = ox.Store()
    store.bulk_load(
        b"".join(line.rsplit(b" ", 2)[0] + b" .\n" for line in lines), format=ox.RdfFormat.N_TRIPLES
    )
    return store


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.title)
def test_every_text_of_a_query_is_filled_in_and_different(query):
    assert not any("$" in text for text in query.texts)
    assert len(set(query.texts)) == len(query.texts)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.title)
def test_every_query_has_an_answer(query, store):
    answers = [store.query(text) for text in query.texts]
    assert any(bool(answer) if isinstance(answer, ox.QueryBoolean) else any(answer) for answer in answers)


def test_there_are_all_the_kinds_of_question_in_their_order():
    assert [query.title for query in QUERIES] == [
        "nothing at all",
        "one triple",
        "lookup",
        "series of a city",
        "ranking",
        "aggregation over a year",
        "join over sources",
        "text filter",
        "CONSTRUCT",
        "DESCRIBE",
        "export of 100,000 rows",
    ]


def test_a_question_keeps_what_the_address_of_the_endpoint_has():
    assert Query.path("http://a/sparql?graph=b", "ASK {}") == "/sparql?graph=b&query=ASK+%7B%7D"
    assert Query.path("http://a/query", "ASK {}") == "/query?query=ASK+%7B%7D"
