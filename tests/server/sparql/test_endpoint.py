"""The endpoint over HTTP: the real server, real clients, and what goes over the wire."""

import csv
import http.client
import io
import json
import shutil
import subprocess
import time
import urllib.parse

import pyoxigraph as ox
import pytest
from rdflib import Graph
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)

from tests.server.gauges import await_gauge

LEVELS = "SELECT ?figure ?value { ?figure a cekg:Level ; cekg:value ?value ; cekg:ofMetric metric:revenue }"
GRAPH = "CONSTRUCT { ?s rdfs:label ?o } { ?s a cekg:City ; rdfs:label ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
DIRECT = "application/sparql-query"


def send(address, method="GET", path="/sparql", body=None, **headers):
    """Send one request as it is; return status, header fields and body."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    try:
        connection.request(
            method, path, body, {name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def asking(query, **others):
    return "/sparql?" + urllib.parse.urlencode({"query": query, **others})


@pytest.fixture
def wrapper(live):
    made = SPARQLWrapper(f"{live}/sparql")
    made.setQuery(LEVELS)
    return made


@pytest.mark.parametrize(("method", "way"), [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)])
@pytest.mark.parametrize("form", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_reads_tables_however_it_sends(wrapper, method, way, form):
    wrapper.setMethod(method)
    wrapper.setRequestMethod(way)
    wrapper.setReturnFormat(form)
    found = wrapper.query().convert()
    if form is JSON:
        assert len(found["results"]["bindings"]) == 5
    else:
        text = found.toxml() if form is XML else found.decode()
        assert text.count("harbin-") == 5


@pytest.mark.parametrize("form", [TURTLE, N3, RDFXML, XML, JSONLD])
@pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated"
)  # in SPARQLWrapper's and rdflib's own code
def test_sparqlwrapper_reads_graphs(wrapper, form):
    wrapper.setQuery(GRAPH)
    wrapper.setReturnFormat(form)
    found = wrapper.query().convert()
    graph = found if isinstance(found, Graph) else Graph().parse(data=found, format="turtle")
    assert len(graph) == 2


def test_curl_gets_json_and_turtle_without_asking_for_them(live):
    curl = shutil.which("curl")
    if not curl:
        pytest.skip("apt-get install curl")
    for query, starts in ((LEVELS, '{"head"'), (GRAPH, "@prefix")):
        done = subprocess.run(
            [curl, "-sf", f"{live}/sparql", "--data-urlencode", f"query={query}"],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0
        assert done.stdout.startswith(starts)


def test_pyoxigraph_can_call_us_as_a_service(live):
    found = list(
        ox.Store().query(
            f"SELECT * {{ SERVICE <{live}/sparql> {{ ?c a <https://w3id.org/cekg/ont#City> }} }}"
        )
    )
    assert [each["c"].value for each in found] == ["https://w3id.org/cekg/city/harbin"]


@pytest.mark.parametrize(
    ("accept", "content_type", "suffix"),
    [
        ("application/sparql-results+json", "application/sparql-results+json", "srj"),
        ("application/sparql-results+xml", "application/sparql-results+xml", "srx"),
        ("text/csv", "text/csv; charset=utf-8", "csv"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", "tsv"),
    ],
)
def test_each_format_of_a_table_says_what_it_is(live, accept, content_type, suffix):
    status, headers, body = send(live, path=asking(LEVELS), Accept=accept)
    assert (status, headers["Content-Type"]) == (200, content_type)
    assert headers["Content-Disposition"] == f'inline; filename="result.{suffix}"'
    assert int(headers["Content-Length"]) == len(body)
    assert "Accept" in headers["Vary"]
    assert b"harbin" in body


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
    ],
)
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # in rdflib's own parser
def test_each_format_of_a_graph_holds_the_same_triples(live, accept, form):
    _, headers, body = send(live, path=asking(GRAPH), Accept=accept)
    assert headers.get_content_type() == accept
    assert len(Graph().parse(data=body, format=form)) == 2


def test_csv_is_as_rfc_4180_has_it(live):
    _, _, body = send(live, path=asking('SELECT ("a,\\"b\\"\\nc" AS ?x) (?none AS ?y) {}'), Accept="text/csv")
    assert body == b'x,y\r\n"a,""b""\nc",\r\n'
    assert list(csv.reader(io.StringIO(body.decode(), newline="")))[1] == ['a,"b"\nc', ""]


def test_json_keeps_types_and_languages_and_leaves_out_what_is_unbound(live):
    query = 'SELECT ?a ?b ?c { VALUES (?a ?b ?c) { ("x"@en 1 UNDEF) } }'
    found = json.loads(send(live, path=asking(query))[2])
    assert found["head"]["vars"] == ["a", "b", "c"]
    (row,) = found["results"]["bindings"]
    assert row["a"] == {"type": "literal", "value": "x", "xml:lang": "en"}
    assert row["b"]["datatype"] == "http://www.w3.org/2001/XMLSchema#integer"
    assert "c" not in row


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "/sparql/?query=ASK%7B%7D", None, {}, 200),
        ("QUERY", "/sparql", b"ASK{}", {"Content-Type": DIRECT}, 200),
        ("POST", "/sparql", b"ASK{}", {"Content-Type": DIRECT}, 200),
        ("POST", "/sparql", b"query=ASK%7B%7D", {}, 400),
        ("POST", "/sparql", b"ASK{}", {"Content-Type": "text/plain"}, 415),
        ("GET", "/sparql?query=ASK%FF", None, {}, 400),
        ("GET", "/sparql?query=SELECT", None, {}, 400),
        ("GET", "/sparql?query=CLEAR+ALL", None, {}, 400),
        ("GET", "/sparql?update=CLEAR+ALL", None, {}, 403),
        ("GET", "/sparql?query=ASK%7B%7D", None, {"Accept": "image/png"}, 406),
        ("GET", "/sparql?query=ASK%7B%7D", None, {"Accept": "text/turtle"}, 406),
        ("GET", "/sparql", None, {"Accept": "image/png"}, 406),
        ("DELETE", "/sparql", None, {}, 405),
        ("GET", "/sparql?query=SELECT*%7BSERVICE%3Chttp://127.0.0.1:1/%3E%7B%7D%7D", None, {}, 400),
    ],
)
def test_the_status_says_whose_fault_it_is(live, method, path, body, headers, status):
    connection = http.client.HTTPConnection(live.removeprefix("http://"), timeout=30)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    assert answer.status == status
    if status != 200:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert json.load(answer)["status"] == status
    connection.close()


@pytest.mark.parametrize(
    "path",
    ["/sparql", asking(LEVELS), asking(GRAPH), asking("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 100000")],
)
def test_head_has_the_fields_of_get_and_no_body(live, path):
    _, got, _ = send(live, path=path)
    status, headers, body = send(live, "HEAD", path)
    assert (status, body) == (200, b"")
    assert lasting(headers) == lasting(got)


def lasting(headers):
    """What two answers to the same request have in common."""
    passing = {"Date", "X-Request-Id", "Cache-Status"}
    return {name: headers[name] for name in headers if name not in passing}


def test_head_of_a_large_answer_gives_the_worker_back(start):
    with start(workers=1, wait=1) as (address, _):
        for _ in range(2):
            assert send(address, "HEAD", asking("SELECT * { ?a ?b ?c . ?d ?e ?f }"))[0] == 200
        assert send(address, path=asking("ASK {}"))[0] == 200


def test_a_syntax_error_is_placed(live):
    problem = json.loads(send(live, path=asking("SELECT * {\n ?s ?p }"))[2])
    assert problem["line"] == 2
    assert problem["column"] > 1
    assert problem["title"] == "The query is not valid SPARQL"


def test_an_update_sent_as_a_query_is_called_one(live):
    status, _, body = send(live, path=asking("INSERT DATA { <a:a> <a:b> <a:c> }"))
    problem = json.loads(body)
    assert (status, problem["line"], problem["column"]) == (400, 1, 1)
    assert problem["detail"].startswith("Line 1, column 1: INSERT begins an update, and this graph can only")


def test_a_slow_query_is_503_and_the_endpoint_lives(start):
    with start(workers=1, timeout=0.5) as (address, _):
        begun = time.monotonic()
        status, headers, body = send(address, path=asking(ENDLESS))
        assert (status, headers["Content-Type"]) == (503, "application/problem+json")
        assert headers["Retry-After"].isdecimal()
        assert "took longer than 0.5 s" in json.loads(body)["detail"]
        assert time.monotonic() - begun < 10
        assert send(address, path=asking("ASK {}"))[0] == 200


def test_a_busy_endpoint_is_503_and_pages_still_answer(start):
    with start(workers=1, timeout=20, wait=0.3) as (address, _):
        host = address.removeprefix("http://")
        slow = [http.client.HTTPConnection(host, timeout=30) for _ in range(6)]
        for connection in slow:
            connection.request("GET", asking(ENDLESS))
        await_gauge(address, "cekg_workers_busy", 1)
        assert send(address, path="/health")[0] == 200
        status, headers, _ = send(address, path=asking("ASK {}"))
        assert (status, headers["Retry-After"]) == (503, "10")
        for connection in slow:
            connection.close()


def test_nested_brackets_end_a_worker_and_not_the_server(live):
    status, _, body = send(
        live, "POST", body=b"SELECT * {" + b"{" * 4000 + b"}" * 4000 + b"}", Content_Type=DIRECT
    )
    assert (status, json.loads(body)["title"]) == (400, "The query is nested too deeply")
    assert send(live, path=asking("ASK {}"))[0] == 200


def test_a_large_answer_comes_in_chunks_and_is_whole(live):
    status, headers, body = send(
        live, path=asking("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 200000"), Accept="text/csv"
    )
    assert (status, headers["Transfer-Encoding"], headers["Content-Length"]) == (200, "chunked", None)
    assert body.count(b"\r\n") == 200_001


def test_an_answer_that_cannot_be_finished_breaks_the_connection(start):
    with start(workers=1, timeout=1) as (address, process):
        with pytest.raises(http.client.IncompleteRead):
            send(address, path=asking("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"), Accept="text/csv")
        assert send(address, path=asking("ASK {}"))[0] == 200
        process.terminate()
        assert "Traceback" not in process.stderr.read()


def test_http_1_0_gets_a_length_or_nothing(live):
    class Old(http.client.HTTPConnection):
        _http_vsn, _http_vsn_str = 10, "HTTP/1.0"

    connection = Old(live.removeprefix("http://"), timeout=30)
    connection.request(
        "GET", asking("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 100000"), headers={"Accept": "text/csv"}
    )
    answer = connection.getresponse()
    assert int(answer.headers["Content-Length"]) == len(answer.read())
    connection.close()


def test_a_client_that_hangs_up_frees_its_worker(start):
    with start(workers=1, timeout=30, wait=5) as (address, _):
        connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
        connection.request(
            "GET", asking("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"), headers={"Accept": "text/csv"}
        )
        connection.getresponse().read(1000)
        connection.close()
        assert send(address, path=asking("ASK {}"))[0] == 200


@pytest.mark.parametrize("accept", ["*/*", "text/turtle", "application/rdf+xml"])
def test_without_a_query_a_program_gets_the_description(live, accept):
    status, _, body = send(live, path="/sparql", Accept=accept)
    form = "turtle" if "rdf" not in accept else "xml"
    graph = Graph().parse(data=body, format=form)
    description = "http://www.w3.org/ns/sparql-service-description#"
    found = {str(predicate).removeprefix(description): str(o) for _, predicate, o in graph}
    assert status == 200
    assert found["endpoint"] == f"{live}/sparql"
    assert found["supportedLanguage"] == f"{description}SPARQL11Query"
    assert body == send(live, path="/sparql", Accept=accept)[2]
    names = {str(o) for _, predicate, o in graph if str(predicate) == f"{description}name"}
    assert "https://w3id.org/cekg/graph/base" in names


def test_the_public_address_can_be_set(start):
    with start(workers=1, base="https://data.example/kg") as (address, _):
        assert b"<https://data.example/kg/sparql>" in send(address, path="/sparql", Accept="text/turtle")[2]
        assert b"https://data.example/kg/sparql" in send(address, path="/", Accept="text/html")[2]
