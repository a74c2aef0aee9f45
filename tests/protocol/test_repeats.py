"""Answers that repeat: ETag, If-None-Match, Cache-Control (RFC 9110, 8.8.3 and 13.1.2; RFC 9111)."""

import re

import pytest

from kg import names
from tests.protocol.wire import DIRECT, FORM, asking

TABLE = "SELECT ?label { city:harbin rdfs:label ?label }"
GRAPH = "CONSTRUCT WHERE { city:harbin rdfs:label ?label }"
MIDDLING = "SELECT * { ?s rdfs:label ?label } ORDER BY ?s ?label LIMIT 200"
STRONG = re.compile(r'"[\x21\x23-\x7e]+"')


def tag(live, target=None, **fields):
    answer = live.send(
        target=target or asking(TABLE),
        fields=[(name.replace("_", "-"), value) for name, value in fields.items()],
    )
    assert answer.status == 200
    return answer.fields["ETag"]


@pytest.mark.parametrize("query", [TABLE, GRAPH, "ASK {}", MIDDLING])
def test_an_answer_has_a_strong_tag_that_stays(live, query):
    first, second = tag(live, asking(query)), tag(live, asking(query))
    assert STRONG.fullmatch(first)
    assert first == second


def test_the_tag_differs_wherever_the_answer_may(live):
    base = names.graph("base")
    tags = [
        tag(live),
        tag(live, asking(f"{TABLE} LIMIT 1")),
        tag(live, Accept="text/csv"),
        tag(live, Accept="application/sparql-results+xml"),
        tag(live, Accept="text/tab-separated-values"),
        tag(live, asking(TABLE) + f"&default-graph-uri={base}"),
        tag(live, asking(TABLE) + f"&named-graph-uri={base}"),
        tag(live, asking(GRAPH)),
        tag(live, asking(GRAPH), Accept="application/ld+json"),
    ]
    assert len(set(tags)) == len(tags)


def test_a_tag_of_what_is_compressed_is_another(live):
    assert tag(live, asking(MIDDLING)) != tag(live, asking(MIDDLING), Accept_Encoding="gzip")


@pytest.mark.parametrize("pattern", ["{}", "W/{}", '"x", {}', '"x" , W/"y",{} ', "*"])
@pytest.mark.parametrize("query", [TABLE, GRAPH])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_the_answer_gets_304_and_no_body(live, method, query, pattern):
    target = asking(query)
    full = live.send(target=target)
    answer = live.send(method, target, fields=[("If-None-Match", pattern.format(full.fields["ETag"]))])
    assert (answer.status, answer.body) == (304, b"")
    for name in ("ETag", "Cache-Control"):
        assert answer.fields[name] == full.fields[name]
    assert answer.named("Vary") == full.named("Vary")
    assert answer.fields["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("value", ['"x"', 'W/"x"', "x", "", '"', "W/", '"x", "y"'])
def test_who_has_another_answer_gets_this_one(live, value):
    answer = live.send(target=asking(TABLE), fields=[("If-None-Match", value)])
    assert (answer.status, len(answer.json()["results"]["bindings"])) == (200, 2)


def test_a_tag_of_another_format_is_not_enough(live):
    fields = [("If-None-Match", tag(live, Accept="text/csv")), ("Accept", "application/sparql-results+json")]
    assert live.send(target=asking(TABLE), fields=fields).status == 200


def test_a_compressed_answer_is_found_unchanged_too(live):
    known = tag(live, asking(MIDDLING), Accept_Encoding="gzip")
    fields = [("Accept-Encoding", "gzip"), ("If-None-Match", known)]
    assert live.send(target=asking(MIDDLING), fields=fields).status == 304


def test_a_wrong_query_is_never_304(live):
    for query, status in (("SELECT", 400), ("CLEAR ALL", 400)):
        assert live.send(target=asking(query), fields=[("If-None-Match", "*")]).status == status
    answer = live.send(target=asking(TABLE), fields=[("If-None-Match", "*"), ("Accept", "image/png")])
    assert answer.status == 406


@pytest.mark.parametrize(("type_", "body"), [(DIRECT, TABLE), (FORM, f"query={TABLE.replace('?', '%3F')}")])
def test_a_posted_query_is_answered_whatever_the_client_has(live, type_, body):
    answer = live.send("POST", body=body.encode(), fields=[("Content-Type", type_), ("If-None-Match", '"x"')])
    assert answer.status == 200
    assert len(answer.json()["results"]["bindings"]) == 2


def test_caches_may_keep_an_answer_as_long_as_they_ask_again(live):
    control = live.send(target=asking(TABLE)).named("Cache-Control")
    assert control & {"no-cache", "max-age=0"} or any(re.fullmatch(r"max-age=\d+", each) for each in control)
    assert not control & {"no-store", "private"}


@pytest.mark.parametrize("target", [asking("SELECT"), "/sparql?update=x", "/nowhere"])
def test_a_fault_has_no_tag_and_is_not_kept_for_long(live, target):
    answer = live.send(target=target)
    assert "ETag" not in answer.fields
    ages = [
        int(each.partition("=")[2]) for each in answer.named("Cache-Control") if each.startswith("max-age=")
    ]
    assert all(age <= 60 for age in ages)


def test_an_answer_out_of_the_cache_is_the_same_to_the_byte(live):
    query = "SELECT * { ?s a cekg:Level ; cekg:value ?value ; rdfs:label ?label } # asked twice"
    first, second = live.ask(query), live.ask(query)
    assert first.body == second.body
    assert first.fields["ETag"] == second.fields["ETag"]
    assert first.fields["Content-Type"] == second.fields["Content-Type"]
    page = live.ask(query, "text/html")
    assert page.type == "text/html"
