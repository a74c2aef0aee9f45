"""Parameters that are not ours; HEAD, OPTIONS and preflight; an address with and without a slash."""

import http.client
import re

import pytest

from tests.protocol.wire import DIRECT, FORM, asking

TABLE = "SELECT ?label { city:harbin rdfs:label ?label }"
GRAPH = "CONSTRUCT WHERE { city:harbin rdfs:label ?label }"
PLACES = (
    "/",
    "/sparql",
    "/sparql/",
    "/queries",
    "/queries/total",
    "/city/harbin",
    "/city/harbin.ttl",
    "/ont",
    "/ont.ttl",
    "/health",
    "/metrics",
    "/.well-known/void",
    "/static/style.css",
)


@pytest.mark.parametrize(
    "more",
    [
        "&unknown=1&unknown=2",
        "&format=&output=&results=",
        "&format=nonsense&output=nonsense&results=nonsense",
        "&format=json&output=json&results=json&format=json&output=json&results=json",
        "&default-graph=x&timeout=",
        "&=&&a&=b",
        "&%F0%9F%99%82=1",
    ],
)
def test_parameters_that_are_not_ours_change_nothing(live, more):
    answer = live.send(target=asking(TABLE) + more)
    assert (answer.status, answer.type) == (200, "application/sparql-results+json")
    assert len(answer.json()["results"]["bindings"]) == 2


@pytest.mark.parametrize("parameter", ["format", "output"])
@pytest.mark.parametrize(
    ("name", "table", "graph"),
    [
        ("json", "application/sparql-results+json", "application/ld+json"),
        ("xml", "application/sparql-results+xml", "application/rdf+xml"),
        ("JSON", "application/sparql-results+json", "application/ld+json"),
        ("csv", "text/csv", None),
        ("tsv", "text/tab-separated-values", None),
        ("turtle", None, "text/turtle"),
        ("n3", None, "text/turtle"),
        ("json-ld", None, "application/ld+json"),
        ("rdf+xml", None, "application/rdf+xml"),
        ("application/sparql-results+xml", "application/sparql-results+xml", None),
        ("text/turtle", None, "text/turtle"),
        ("nonsense", None, None),
    ],
)
def test_the_name_of_a_format_means_what_the_form_of_the_query_makes_of_it(
    live, parameter, name, table, graph
):
    for query, expected, accept in ((TABLE, table, "text/csv"), (GRAPH, graph, "application/n-triples")):
        answer = live.ask(query, accept, **{parameter: name})
        assert (answer.status, answer.type) == (200, expected or accept)


def test_the_smaller_time_of_a_client_counts(live):
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    answer = live.send(target=asking(endless, timeout="0.4"))
    assert (answer.status, "0.4 s" in answer.json()["detail"]) == (503, True)


def test_the_larger_time_of_a_client_does_not(tight):
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    answer = tight.send(target=asking(endless, timeout="60"))
    assert (answer.status, "0.5 s" in answer.json()["detail"]) == (503, True)


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "1e999", "abc", "1s", "१", "1_0", " "])
def test_a_time_that_is_none_is_a_clients_mistake_or_nothing(live, value):
    assert live.ask("ASK {}", timeout=value).status in {200, 400}


@pytest.mark.parametrize(
    "target",
    [
        "/sparql",
        "/",
        "/city/harbin.ttl",
        "/city/harbin",
        "/nowhere",
        "/static/style.css",
        asking(TABLE),
        asking(GRAPH),
        asking("SELECT"),
        asking("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 100000"),
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_head_has_the_fields_of_get_and_no_body(live, target, accept):
    got, head = (live.send(method, target, fields=[("Accept", accept)]) for method in ("GET", "HEAD"))
    assert (head.status, head.body) == (got.status, b"")
    assert _stable(head) == _stable(got)


@pytest.mark.parametrize("place", PLACES)
def test_options_says_what_there_is_and_lets_other_sites_ask(live, place):
    preflight = [
        ("Origin", "https://yasgui.example"),
        ("Access-Control-Request-Method", "POST" if place.startswith("/sparql") else "GET"),
        ("Access-Control-Request-Headers", "content-type, accept"),
    ]
    for fields in ([], preflight):
        answer = live.send("OPTIONS", place, fields=fields)
        assert (answer.status, answer.body) == (204, b"")
        assert {"get", "head", "options"} <= answer.named("Allow")
        assert answer.fields["Access-Control-Allow-Origin"] == "*"
        assert answer.named("Access-Control-Allow-Methods") == answer.named("Allow")
        assert {"accept", "content-type"} <= answer.named("Access-Control-Allow-Headers")
        assert "Content-Length" not in answer.fields  # RFC 9110, 8.6: never with 204
    if place.startswith("/sparql"):
        assert {"post", "query"} <= answer.named("Allow")


@pytest.mark.parametrize(
    "target", [*PLACES, "/nowhere", "/sparql?query=SELECT", "/sparql?update=x", "/city/nowhere"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
def test_every_answer_may_be_read_by_other_sites(live, method, target):
    answer = live.send(method, target, fields=[("Origin", "https://yasgui.example")])
    assert answer.fields["Access-Control-Allow-Origin"] == "*"
    assert "retry-after" in answer.named("Access-Control-Expose-Headers")


@pytest.mark.parametrize("place", ["/nowhere", "/sparql/nowhere", "/city/harbin/"])
def test_an_address_that_is_none_passes_a_preflight_so_that_its_404_can_be_read(live, place):
    fields = [("Origin", "https://yasgui.example"), ("Access-Control-Request-Method", "GET")]
    answer = live.send("OPTIONS", place, fields=fields)
    assert (answer.status, answer.body) == (204, b"")
    assert answer.fields["Access-Control-Allow-Origin"] == "*"
    assert "get" in answer.named("Access-Control-Allow-Methods")
    assert live.send("OPTIONS", "/nowhere").status == 404


def test_another_site_may_send_and_read_what_downloads_need(live):
    fields = [("Origin", "https://notebook.example"), ("Access-Control-Request-Method", "GET")]
    answer = live.send("OPTIONS", "/dumps/cekg.nq.gz", fields=fields)
    allowed = answer.named("Access-Control-Allow-Headers")
    assert {"range", "if-range", "if-match", "if-none-match", "x-request-id"} <= allowed
    assert {"accept-ranges", "content-range", "etag"} <= answer.named("Access-Control-Expose-Headers")


@pytest.mark.parametrize("slash", ["", "/"])
def test_without_a_query_a_program_gets_the_description_and_a_browser_a_page(live, slash):
    for accept, expected in (
        (None, "text/turtle"),
        ("text/turtle", "text/turtle"),
        ("text/html", "text/html"),
    ):
        answer = live.send(target=f"/sparql{slash}", fields=[("Accept", accept)] if accept else [])
        assert (answer.status, answer.type) == (200, expected)
        assert re.search(rb"<form|ServiceDescription|service-description", answer.body)


def test_many_requests_go_over_one_connection(live):
    connection = http.client.HTTPConnection(*live.place, timeout=10)
    for _ in range(3):
        for method, target, body, fields in (
            ("GET", asking(TABLE), None, {}),
            ("GET", asking("SELECT"), None, {}),
            ("HEAD", asking(TABLE), None, {}),
            ("POST", "/sparql", b"ASK {}", {"Content-Type": DIRECT}),
            ("POST", "/sparql", b"query=", {"Content-Type": FORM}),
            ("GET", "/sparql", None, {}),
            ("GET", "/nowhere", None, {}),
        ):
            connection.request(method, target, body, fields)
            response = connection.getresponse()
            response.read()
            assert not response.will_close
    connection.close()


def test_http_1_0_gets_a_length_and_the_end_of_the_connection(live):
    for target in (asking(TABLE), asking("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 30000"), "/sparql"):
        answer = live.raw(f"GET {target} HTTP/1.0\r\n\r\n".encode())
        assert (answer.status, int(answer.fields["Content-Length"])) == (200, len(answer.body))


def _stable(answer):
    changing = {"date", "server-timing", "x-request-id", "age", "expires", "cache-status"}
    return sorted(
        (name.lower(), value) for name, value in answer.fields.items() if name.lower() not in changing
    )
