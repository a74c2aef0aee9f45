"""The express lane: what is taken into it, that it answers as the usual way does, and waits for nobody."""

import gzip
import http.client
import json
import re
import select
import socket
import threading
import time
import urllib.parse
from contextlib import contextmanager

import pytest

from server.app import create_app
from server.operation.express import Express, read
from server.operation.listener import Listener
from server.operation.watch import Watch
from tests.server.conftest import settings_for
from tests.waiting import comes_true

TABLE = "SELECT ?s ?label { ?s a cekg:City ; rdfs:label ?label } ORDER BY ?label"
MANY = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 40"
STREAMED = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 60000"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e 'nothing' . ?a ?x ?e FILTER(STRLEN(STR(?c)) >= 0) }"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


def asking(query="ASK {}", **others):
    return "/sparql?" + urllib.parse.urlencode({"query": query, **others})


def request(line, *fields, body=b""):
    return "\r\n".join([f"{line} HTTP/1.1", *fields, "", ""]).encode() + body


HOST = "Host: x"
GET = f"GET {asking()}"
POST = "POST /sparql"


@pytest.mark.parametrize(
    "data",
    [
        request(GET, HOST),
        request(GET, "host:x", "ACCEPT: text/csv", "Connection: Keep-Alive", "X-Anything: \t at all "),
        request("GET /sparql/?query=ASK%7B%7D", HOST),
        request("GET /sparql", HOST),
        request(POST, HOST, f"Content-Type: {DIRECT}", "Content-Length: 5", body=b"ASK{}"),
    ],
)
def test_a_plain_question_is_taken(data):
    environ = read(data)
    assert environ["HTTP_HOST"] == "x"
    assert environ["PATH_INFO"].startswith("/sparql")


@pytest.mark.parametrize(
    "data",
    [
        request("GET /", HOST),
        request("GET /sparqlx", HOST),
        request(f"HEAD {asking()}", HOST),
        request("GET http://x/sparql?query=ASK{}", HOST),
        request("GET /sparql?query=ASK{}#part", HOST),
        request(GET),
        request(GET, HOST, HOST),
        request(GET, HOST, "Accept: text/csv", "Accept: text/html"),
        request(GET, HOST, "Accept: text/html,*/*;q=0.1"),
        request(GET, HOST, "Connection: close"),
        request(GET, HOST, "Connection: upgrade", "Upgrade: h2c"),
        request(GET, HOST, "Expect: 100-continue"),
        request(GET, HOST, "Transfer-Encoding: chunked"),
        request(GET, HOST, "Content-Length: 0"),
        request(GET, HOST, "Content-Length: 5", body=b"ASK{}"),
        request(GET, HOST, body=b"x"),
        request(GET, HOST) + request(GET, HOST),
        request(GET, HOST, "X: a", " folded"),
        request(GET, HOST, "no colon"),
        request(GET, HOST, "space : before"),
        request(GET, HOST, "X: \x00"),
        request(GET, HOST, "X: a\rY: b"),
        request(GET, HOST, "X: a\nY: b"),
        request(GET, HOST)[:-2],
        request(GET, HOST).replace(b"1.1", b"1.0"),
        request(GET, HOST).replace(b"\r\n", b"\n"),
        request(GET.replace("%7B", "\xff"), HOST),
        request(POST, HOST, f"Content-Type: {DIRECT}", "Content-Length: 6", body=b"ASK{}"),
        request(POST, HOST, f"Content-Type: {DIRECT}", "Content-Length: 4", body=b"ASK{}"),
        request(POST, HOST, f"Content-Type: {DIRECT}", "Content-Length: +5", body=b"ASK{}"),
        request(POST, HOST, f"Content-Type: {DIRECT}", "Content-Length: 5, 5", body=b"ASK{}"),
        request(POST, HOST, f"Content-Type: {DIRECT}", body=b"ASK{}"),
    ],
)
def test_all_else_goes_the_usual_way(data):
    assert read(data) is None


@contextmanager
def connected(address):
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=20)
    try:
        yield connection
    finally:
        connection.close()


def told(connection, method, path, body, fields):
    """Send a request; return its status, what two answers to it have in common, and the body."""
    connection.request(method, path, body, fields)
    answer = connection.getresponse()
    passing = {"Date", "X-Request-Id", "Cache-Status", "Transfer-Encoding", "Content-Length"}  # as it is kept
    kept = sorted((name, value) for name, value in answer.headers.items() if name not in passing)
    content = answer.read()
    if answer.status >= 400:
        content = {name: value for name, value in json.loads(content).items() if name != "request"}
    elif ("Content-Encoding", "gzip") in kept:  # what was compressed on its way is other bytes, and says so
        kept = [(name, value.removeprefix("W/")) for name, value in kept]
        content = gzip.decompress(content)
    return answer.status, kept, content


GZIP = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("before", [0, 1, 2], ids=["first", "again", "and again"])
@pytest.mark.parametrize(
    ("method", "path", "body", "fields"),
    [
        ("GET", asking(TABLE), None, {}),
        ("GET", asking(TABLE), None, {"Accept": "text/csv"}),
        ("GET", asking(MANY), None, {"Accept": "text/csv", **GZIP}),
        ("GET", asking("SELECT ?o { ?s ?p ?o } LIMIT 900"), None, GZIP),
        ("GET", asking(STREAMED), None, {"Accept": "text/csv"}),
        ("GET", asking(TABLE), None, {"If-None-Match": "*"}),
        ("GET", asking(TABLE), None, {"If-None-Match": '"other"'}),
        ("GET", asking("SELECT ?s { ?s a cekg:City }", timeout="5"), None, {}),
        ("GET", asking("ASK { ?s a cekg:City }", **{"default-graph-uri": "urn:none"}), None, {}),
        ("GET", asking("DESCRIBE city:harbin"), None, {"Accept": "application/n-triples"}),
        ("GET", asking("CONSTRUCT { city:harbin a cekg:City } {}"), None, {}),
        ("GET", asking("SELECT"), None, {}),
        ("GET", asking("SELECT * { SERVICE <http://127.0.0.1:1/> {} }"), None, {}),
        ("GET", asking(TABLE), None, {"Accept": "text/turtle"}),
        ("GET", asking(TABLE), None, {"Accept": "image/png"}),
        ("GET", "/sparql?update=CLEAR+ALL", None, {}),
        ("GET", "/sparql?query=ASK%FF", None, {}),
        ("GET", "/sparql?format=json", None, {}),
        ("GET", "/sparql", None, {}),
        ("POST", "/sparql", TABLE.encode(), {"Content-Type": DIRECT}),
        ("POST", "/sparql", urllib.parse.urlencode({"query": TABLE}).encode(), {"Content-Type": FORM}),
        ("POST", "/sparql", b"ASK {}", {"Content-Type": "text/plain"}),
        ("POST", "/sparql", b"ASK {}", {}),
        ("POST", "/sparql", b"ASK {}", {"Content-Type": DIRECT, "Content-Encoding": "br"}),
    ],
)
def test_both_ways_lead_to_the_same_answer(live, method, path, body, fields, before):
    with connected(live) as connection:
        for _ in range(before):
            told(connection, method, path, body, fields)
        one = told(connection, method, path, body, fields)
        other = told(connection, method, path, body, {**fields, "TE": "trailers"})
    assert one == other


@pytest.fixture
def patient(monkeypatch):
    """On a busy machine a short question takes long; here it may."""
    monkeypatch.setattr("server.operation.express._MOMENT", 10)


@pytest.fixture
def crowded(snapshots):
    """The real application behind a door of one thread, which is taken; gives address and application."""
    app = create_app(settings_for(snapshots, workers=2, access_log="off"))
    freed, taken = threading.Event(), threading.Event()

    def inner(environ, start_response):
        if environ["PATH_INFO"] == "/busy":
            taken.set()
            freed.wait(20)
        return app(environ, start_response)

    outer = Watch(inner, traffic=app.traffic, log=None)
    listener = Listener(
        inner, outer, app.express, host="127.0.0.1", port=0, threads=1, largest=10_000, patience=10
    )
    thread = threading.Thread(target=listener.run)
    thread.start()
    address = f"http://127.0.0.1:{listener.port}"
    try:
        with connected(address) as busy:
            busy.request("GET", "/busy")
            assert taken.wait(10)
            yield address, app, freed
            freed.set()
            busy.getresponse().read()
    finally:
        freed.set()
        listener.stop(1)
        thread.join()
        app.close()
        listener.close()


def test_a_short_question_needs_no_thread(patient, crowded):
    address, _, _ = crowded
    with connected(address) as connection:
        for number in range(50):
            status, _, body = told(connection, "GET", asking(f"ASK {{}} # {number}"), None, {})
            assert (status, json.loads(body)["boolean"]) == (200, True)
        for _ in range(3):
            assert told(connection, "GET", asking(MANY), None, {"Accept": "text/csv"})[0] == 200
        assert told(connection, "GET", asking("SELECT {"), None, {})[0] == 400


@pytest.mark.parametrize("query", [SLOW, STREAMED], ids=["slow", "streamed"])
def test_a_long_question_waits_for_a_thread_and_lets_others_pass(crowded, query):
    address, _, freed = crowded
    with connected(address) as long, connected(address) as short:
        long.request("GET", asking(query), headers={"Accept": "text/csv"})
        time.sleep(0.3)
        short.request("GET", "/sparql?update=CLEAR+ALL")  # which needs no worker
        assert short.getresponse().status == 403
        freed.set()
        answer = long.getresponse()
        assert answer.status == 200
        assert answer.read().count(b"\r\n") in (2, 60_001)


def counted(app):
    """Requests that were answered, and those that are being answered."""
    text = "\n".join(
        f"{family.name}{labels} {value}"
        for family in app.traffic.families()
        for _, labels, value in family.samples
    )
    total = sum(int(number) for number in re.findall(r"cekg_requests_total.*sparql\.sparql.* (\d+)", text))
    return total, int(re.search(r"cekg_requests_running\(\) (\d+)", text)[1])


def test_every_question_is_counted_once_whichever_way_it_went(crowded):
    address, app, freed = crowded
    freed.set()
    paths = [asking("ASK {}"), asking(MANY), asking(MANY), asking(MANY), asking(SLOW), asking(STREAMED)]
    before = counted(app)[0]
    with connected(address) as connection:
        for path in (*paths, asking("SELECT {"), "/sparql"):
            told(connection, "GET", path, None, {"Accept": "*/*"})
    assert comes_true(lambda: counted(app) == (before + len(paths) + 2, 0)), counted(app)


def test_who_asks_the_same_meanwhile_holds_up_nobody_and_gets_the_same(patient, crowded):
    address, app, _ = crowded
    with connected(address) as one, connected(address) as other, connected(address) as short:
        for connection in (one, other):
            connection.request("GET", asking(SLOW), headers={"Accept": "text/csv"})
            time.sleep(0.05)
        assert told(short, "GET", asking("ASK { # free }\n}"), None, {})[0] == 200
        assert one.getresponse().read() == other.getresponse().read()
    assert app.record.misses == 2


def test_a_client_that_leaves_its_question_in_the_lane_takes_nothing_along(live):
    for _ in range(20):
        host, _, port = live.removeprefix("http://").rpartition(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(request(f"GET {asking(f'ASK {{}} # {time.monotonic()}')}", HOST))
    with connected(live) as connection:
        assert told(connection, "GET", asking(), None, {})[0] == 200


def test_more_questions_than_workers_stand_in_line_and_are_all_answered(live):
    host, _, port = live.removeprefix("http://").rpartition(":")
    clients = [socket.create_connection((host, int(port)), timeout=20) for _ in range(40)]
    for number, client in enumerate(clients):
        client.sendall(request(f"GET {asking(f'ASK {{}} # line {number}')}", HOST))
    heads = [client.recv(4_000) for client in clients]
    for client in clients:
        client.close()
    assert {head[:12] for head in heads} == {b"HTTP/1.1 200"}


class Connection:
    """A client that has nobody between itself and the lane."""

    addr, connected, rides = ("192.0.2.7", 1), True, False

    def __init__(self):
        self.got, self.went_on = [], []

    def write_soon(self, data):
        self.got.append(data)

    def go_on(self, data, carried):
        self.went_on.append(data)


def test_a_worker_that_dies_behind_its_answer_does_no_harm_to_the_next_question(app):
    """The end of the pipe is told together with the answer, when the next question is on its way already."""
    lane, one, other = Express(app.sparql, app.editions, app.watch), Connection(), Connection()
    lane.take(one, request(f"GET {asking(f'ASK {{}} # {time.monotonic()}')}", HOST))
    ((pipe, wire),) = lane.map.items()
    assert select.select([pipe], [], [], 10)[0]
    wire.handle_read_event()
    for each in (0, 1):
        lane.take(other, request(f"GET {asking(f'ASK {{ }} # {time.monotonic()} {each}')}", HOST))
    wire.handle_close()
    while lane.map:
        assert select.select(list(lane.map), [], [], 10)[0]
        for each in list(lane.map.values()):
            each.handle_read_event()
    assert [len(each.got) for each in (one, other)] == [1, 2]


def test_the_rate_limit_counts_a_question_once_whatever_becomes_of_it(start):
    with start(workers=1, rate_limit=6, burst=3) as (address, _), connected(address) as connection:
        page = {"Accept": "text/html"}
        found = []
        for path, fields in ((asking(), {}), ("/sparql", page), (asking(), page), (asking(), {})):
            connection.request("GET", path, headers=fields)
            answer = connection.getresponse()
            answer.read()
            found.append(answer.status)
    assert found == [200, 200, 200, 429]


def test_the_log_names_a_question_of_the_lane_as_any_other(start):
    with start(workers=1, access_log="full") as (address, process), connected(address) as connection:
        for fields in ({"X-Request-Id": "short"}, {"X-Request-Id": "long", "TE": "trailers"}):
            connection.request("GET", asking(), headers={**fields, "Accept": "*/*"})
            assert connection.getresponse().read()
        process.terminate()
        lines = [json.loads(line) for line in process.communicate(timeout=20)[0].splitlines()]
    assert [line["id"] for line in lines] == ["short", "long"]
    same = ("client", "method", "path", "route", "status", "bytes", "kind", "query", "text")
    assert [lines[0][name] for name in same] == [lines[1][name] for name in same]
