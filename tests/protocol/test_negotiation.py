"""Which format an answer has, and what its fields say of it (RFC 9110, 8 and 12)."""

import gzip
import re
import time

import pytest

from tests.protocol.wire import asking

TABLE = "SELECT ?label { city:harbin rdfs:label ?label }"
TRUTH = "ASK { city:harbin a cekg:City }"
GRAPH = "CONSTRUCT WHERE { city:harbin rdfs:label ?label }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
MIDDLING = "SELECT * { ?s rdfs:label ?label } ORDER BY ?s ?label LIMIT 200"
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 30000"

JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
TURTLE, JSONLD, NTRIPLES, RDFXML = (
    "text/turtle",
    "application/ld+json",
    "application/n-triples",
    "application/rdf+xml",
)

CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
JENA = (
    "application/sparql-results+json, application/sparql-results+xml;q=0.9, text/tab-separated-values;q=0.7, "
    "text/csv;q=0.5, application/json;q=0.2, application/xml;q=0.2, */*;q=0.1"
)


@pytest.mark.parametrize("accept", [None, "", " ", "*/*", "*/*;q=0.1", "nonsense", "text"])
@pytest.mark.parametrize(
    ("query", "expected"), [(TABLE, JSON), (TRUTH, JSON), (GRAPH, TURTLE), ("DESCRIBE city:harbin", TURTLE)]
)
def test_who_has_no_wish_gets_json_or_turtle(live, query, expected, accept):
    answer = live.send(target=asking(query), fields=[("Accept", accept)] if accept is not None else [])
    assert (answer.status, answer.type) == (200, expected)


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        (TABLE, JSON, JSON),
        (TABLE, XML, XML),
        (TABLE, "text/csv", "text/csv"),
        (TABLE, "text/tab-separated-values", "text/tab-separated-values"),
        (TABLE, "application/json", "application/json"),
        (TABLE, "text/json", "text/json"),
        (TABLE, "application/xml", "application/xml"),
        (TABLE, "text/xml", "text/xml"),
        (TABLE, "Application/SPARQL-Results+XML", XML),
        (TABLE, f"{XML}; charset=utf-8", XML),
        (TABLE, f"{XML};version=1.1;q=0.3", XML),
        (TABLE, f"{JSON};q=0.4, {XML};q=0.5", XML),
        (TABLE, f"{JSON};q=0.5, {XML};q=0.5", JSON),
        (TABLE, f"{JSON};q=0.001, {XML};q=0", JSON),
        (TABLE, "*/*;q=0.1, text/csv", "text/csv"),
        (TABLE, f"*/*, {XML};q=0.1, text/csv;q=0.2", JSON),
        (TABLE, "application/*", JSON),
        (TABLE, f"application/*;q=0.2, {XML};q=0.9", XML),
        (TABLE, "image/png, text/csv;q=0.1", "text/csv"),
        (TABLE, f"{TURTLE}, {XML};q=0.1", XML),
        (TABLE, f"nonsense, {XML}", XML),
        (TABLE, f',, {XML} , "', XML),
        (TABLE, JENA, JSON),
        (TRUTH, JSON, JSON),
        (TRUTH, XML, XML),
        (TRUTH, f"{TURTLE}, {XML};q=0.1", XML),
        (GRAPH, TURTLE, TURTLE),
        (GRAPH, JSONLD, JSONLD),
        (GRAPH, NTRIPLES, NTRIPLES),
        (GRAPH, RDFXML, RDFXML),
        (GRAPH, "application/x-turtle", "application/x-turtle"),
        (GRAPH, "text/n3", "text/n3"),
        (GRAPH, "text/plain", "text/plain"),
        (GRAPH, "application/json", "application/json"),
        (GRAPH, "application/xml", "application/xml"),
        (GRAPH, f"{JSON}, {NTRIPLES};q=0.1", NTRIPLES),
        (GRAPH, f"{TURTLE};q=0.5, {RDFXML};q=0.9, {NTRIPLES};q=0.8", RDFXML),
        (GRAPH, f"*/*;q=0.1, {JSONLD};q=0.2", JSONLD),
    ],
)
def test_the_client_gets_what_it_likes_best_by_the_name_it_used(live, query, accept, expected):
    answer = live.ask(query, accept)
    assert (answer.status, answer.type) == (200, expected)


@pytest.mark.parametrize(
    ("query", "accept", "offered", "not_offered"),
    [
        (TABLE, "image/png", JSON, None),
        (TABLE, TURTLE, "text/csv", TURTLE),
        (TABLE, f"{JSONLD}, {RDFXML}", XML, RDFXML),
        (TABLE, "*/*;q=0", JSON, None),
        (TRUTH, TURTLE, JSON, TURTLE),
        (GRAPH, JSON, TURTLE, JSON),
        (GRAPH, "text/csv", JSONLD, "text/csv"),
        (GRAPH, "text/*;q=0, image/*", TURTLE, None),
    ],
)
def test_what_nothing_suits_is_406_with_the_list_of_what_there_is(live, query, accept, offered, not_offered):
    answer = live.ask(query, accept)
    assert (answer.status, answer.type) == (406, "application/problem+json")
    problem = answer.json()
    assert offered in problem["formats"]
    assert offered in problem["detail"]
    if not_offered:
        assert not_offered not in problem["formats"]


def test_nothing_acceptable_is_said_before_the_query_runs(live):
    begun = time.monotonic()
    assert live.ask(ENDLESS, TURTLE).status == 406
    assert time.monotonic() - begun < 8


@pytest.mark.parametrize("accept", [CHROME, FIREFOX, "text/html"])
@pytest.mark.parametrize(
    ("query", "shown"), [(TABLE, "Harbin"), (TRUTH, "Yes|yes|true|True"), (GRAPH, "Harbin")]
)
def test_a_browser_gets_a_page_to_read(live, query, shown, accept):
    answer = live.ask(query, accept)
    assert (answer.status, answer.type) == (200, "text/html")
    assert re.search(shown, answer.body.decode())
    assert b"<textarea" in answer.body


def test_a_browser_that_asks_for_a_format_gets_it(live):
    assert live.ask(TABLE, CHROME, format="csv").type == "text/csv"
    assert live.ask(GRAPH, CHROME, format="turtle").type == TURTLE


TARGETS = [
    "/sparql",
    asking(TABLE),
    asking(GRAPH),
    asking(MIDDLING),
    asking(LONG),
    asking("SELECT"),
    "/sparql?update=x",
    "/nowhere",
    "/city/harbin",
    "/city/harbin.ttl",
    "/ont.html",
    "/health",
]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("coding", [None, "gzip"])
def test_the_end_of_an_answer_is_never_the_end_of_the_connection_alone(live, target, coding):
    answer = live.send(target=target, fields=[("Accept-Encoding", coding)] if coding else [])
    lengths, codings = answer.fields.get_all("Content-Length", []), answer.named("Transfer-Encoding")
    assert (len(lengths), codings) in [(1, set()), (0, {"chunked"})]


@pytest.mark.parametrize(
    "target", ["/sparql", asking(TABLE), asking(GRAPH), asking(LONG), asking("SELECT"), "/sparql?update=x"]
)
def test_caches_are_told_what_an_answer_depends_on(live, target):
    assert {"accept", "accept-encoding", "origin"} <= live.send(target=target).named("Vary")


@pytest.mark.parametrize(
    ("query", "accept", "suffix"),
    [
        (TABLE, JSON, "srj"),
        (TABLE, XML, "srx"),
        (TABLE, "text/csv", "csv"),
        (TABLE, "text/tab-separated-values", "tsv"),
        (TRUTH, JSON, "srj"),
        (GRAPH, TURTLE, "ttl"),
        (GRAPH, JSONLD, "jsonld"),
        (GRAPH, NTRIPLES, "nt"),
        (GRAPH, RDFXML, "rdf"),
        (LONG, "text/csv", "csv"),
    ],
)
def test_a_saved_answer_has_the_right_suffix(live, query, accept, suffix):
    assert re.search(
        rf'filename="?[\w-]+\.{suffix}"?$', live.ask(query, accept).fields["Content-Disposition"]
    )


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "coding", [None, "", "identity", "gzip;q=0", "gzip;q=0, *", "*;q=0, identity", "nonsense", "gzip;q=0.000"]
)
def test_nothing_is_compressed_unless_the_client_says_that_it_can_read_it(live, target, coding):
    answer = live.send(target=target, fields=[("Accept-Encoding", coding)] if coding is not None else [])
    assert answer.fields.get("Content-Encoding", "identity") != "gzip"
    if coding != "gzip;q=0, *":
        assert "Content-Encoding" not in answer.fields


@pytest.mark.parametrize(
    "coding", ["gzip", "GZIP", "gzip;q=0.5", "deflate, gzip;q=1.0", "gzip, identity;q=0.5"]
)
@pytest.mark.parametrize("accept", [JSON, "text/csv"])
def test_a_client_that_reads_gzip_gets_it_and_the_same_bytes(live, accept, coding):
    plain = live.ask(MIDDLING, accept)
    packed = live.send(target=asking(MIDDLING), fields=[("Accept", accept), ("Accept-Encoding", coding)])
    assert (packed.status, packed.type) == (200, accept)
    assert packed.fields["Content-Encoding"] == "gzip"
    assert len(packed.body) < len(plain.body)
    assert gzip.decompress(packed.body) == plain.body
