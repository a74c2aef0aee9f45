"""What is refused, with the status that says whose fault it is, and words that say what to do."""

import threading
import time

import pytest

from tests.protocol.wire import DIRECT, FORM, asking

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SERVICE = "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"


@pytest.mark.parametrize(
    ("query", "line"), [("SELECT", 1), ("SELECT * {\n?s ?p }", 2), ("# one\n# two\nASK { FILTER( }", 3)]
)
def test_a_syntax_error_says_line_and_column(live, query, line):
    for answer in (live.ask(query), live.post(query)):
        problem = answer.json()
        assert (answer.status, problem["status"], problem["line"]) == (400, 400, line)
        assert problem["column"] >= 1
        assert f"Line {line}, column {problem['column']}" in problem["detail"]


@pytest.mark.parametrize(
    "update",
    [
        "CLEAR ALL",
        "INSERT DATA { <a:a> <a:b> 1 }",
        "DELETE WHERE { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "DROP SILENT ALL",
    ],
)
def test_an_update_sent_as_a_query_is_400(live, update):
    assert live.ask(update).status == 400
    assert live.post(update).status == 400


@pytest.mark.parametrize(
    ("method", "target", "type_", "body"),
    [
        ("GET", "/sparql?update=CLEAR+ALL", None, None),
        ("POST", "/sparql", FORM, b"update=CLEAR+ALL"),
        ("POST", "/sparql", "application/sparql-update", b"CLEAR ALL"),
        ("POST", "/sparql", "Application/SPARQL-Update; charset=utf-8", b"CLEAR ALL"),
    ],
)
def test_an_update_is_403_and_says_how_the_graph_is_changed(live, method, target, type_, body):
    answer = live.send(method, target, body, [("Content-Type", type_)] if type_ else [])
    assert (answer.status, answer.type) == (403, "application/problem+json")
    assert "build" in answer.json()["detail"]


def test_too_slow_is_503_with_the_time_to_wait(tight):
    begun = time.monotonic()
    answer = tight.ask(ENDLESS)
    assert (answer.status, answer.type) == (503, "application/problem+json")
    assert int(answer.fields["Retry-After"]) > 0
    assert "0.5 s" in answer.json()["detail"]
    assert time.monotonic() - begun < 20
    assert tight.lives()


def test_no_free_worker_is_503_with_the_time_to_wait(tight):
    found = []
    asked = [threading.Thread(target=lambda: found.append(tight.ask(ENDLESS))) for _ in range(6)]
    for each in asked:
        each.start()
    for each in asked:
        each.join()
    assert {answer.status for answer in found} == {503}
    assert all(int(answer.fields["Retry-After"]) > 0 for answer in found)
    assert {answer.json()["title"] for answer in found} == {"The endpoint is busy", "The query took too long"}
    assert tight.lives()


def test_too_large_a_request_is_413(tight):
    query = "ASK {} #" + "a" * 30_000
    answers = [
        tight.post(query),
        tight.send("POST", body=iter([query.encode()]), fields=[("Content-Type", DIRECT)]),
    ]
    for answer in answers:
        assert (answer.status, answer.type) == (413, "application/problem+json")
        assert answer.json()["detail"]


def test_far_too_large_a_request_is_refused_before_it_is_read(live):
    head = (
        f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {DIRECT}\r\nContent-Length: 999999999999\r\n\r\n"
    )
    answer = live.raw(head.encode(), method="POST")
    assert (answer.status, answer.type) == (413, "application/problem+json")


def test_far_too_long_an_address_is_a_clear_error(live):
    answer = live.ask("ASK {} #" + "a" * 400_000)
    assert answer.status in {413, 414, 431}
    assert answer.type == "application/problem+json"


@pytest.mark.parametrize(
    "accept", [None, "", "*/*", "application/json", "application/problem+json", "text/turtle", "image/png"]
)
@pytest.mark.parametrize(
    ("target", "status"),
    [
        (asking("SELECT"), 400),
        (asking(SERVICE), 400),
        ("/sparql?query=", 400),
        ("/sparql?update=x", 403),
        ("/nowhere", 404),
        ("/city/nowhere", 404),
        ("/queries/nowhere", 404),
    ],
)
def test_a_program_gets_a_problem_document_whatever_it_accepts(live, target, status, accept):
    answer = live.send(target=target, fields=[("Accept", accept)] if accept is not None else [])
    none_suits = accept in {"image/png", "text/turtle", "application/problem+json"} and "query=S" in target
    assert answer.status in ({status, 406} if none_suits else {status})
    assert answer.type == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status
    assert problem["type"]
    assert problem["title"]
    assert problem["detail"] not in {"", problem["title"]}


@pytest.mark.parametrize(
    ("target", "status", "said"),
    [
        (asking("SELECT"), 400, "column"),
        (asking(SERVICE), 400, "SERVICE"),
        ("/sparql?query=", 400, "empty"),
        ("/sparql?update=x", 403, "build"),
        ("/nowhere", 404, "front page"),
    ],
)
def test_a_browser_gets_a_page_that_says_the_same(live, target, status, said):
    answer = live.send(target=target, fields=[("Accept", BROWSER)])
    assert (answer.status, answer.type) == (status, "text/html")
    assert said in answer.body.decode()


def test_a_wrong_method_is_405_and_says_which_are_right(live):
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "BREW"):
        answer = live.send(method, asking("ASK {}"))
        assert (answer.status, answer.type) == (405, "application/problem+json")
        assert {"get", "head", "post", "query", "options"} <= answer.named("Allow")
    answer = live.send("POST", "/queries", b"", [("Content-Type", FORM)])
    assert (answer.status, "get" in answer.named("Allow")) == (405, True)


POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    "message",
    [
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"get /sparql?query=ASK{} HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /sparql?query=ASK{} HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n",
        b"GET /sparql?query=ASK{} HTTP/1.1\r\nHost: x\r\nNoColon\r\n\r\n",
        b"GET /sparql?query=ASK{\xff} HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /sparql?query=ASK{} HTTP/1.1\r\nHost: x\r\nLong: " + b"a" * 300_000 + b"\r\n\r\n",
        POST + b"Content-Type: application/sparql-query\r\nContent-Length: -5\r\n\r\nASK{}",
        POST + b"Content-Type: application/sparql-query\r\nContent-Length: abc\r\n\r\nASK{}",
        POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nASK{} ",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nASK{}\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: gzip\r\n\r\nASK{}",
    ],
    ids=[
        "no address",
        "TLS",
        "small letters",
        "space in a name",
        "no colon",
        "byte in the address",
        "long field",
        "negative length",
        "no number",
        "two lengths",
        "no chunk",
        "unknown coding",
    ],
)
def test_what_is_not_http_is_a_problem_document_too(live, message):
    answer = live.raw(message)
    assert 400 <= answer.status < 500 or answer.status in {501, 505}
    assert answer.type == "application/problem+json"
    assert answer.json()["detail"] not in {"", answer.json()["title"]}


@pytest.mark.parametrize("host", [b"a b", b"x/<script>", b'"><x', b"x:port", b"user@x"])
def test_a_host_that_is_none_is_not_repeated_as_our_address(live, host):
    answer = live.raw(b"GET /sparql HTTP/1.1\r\nHost: " + host + b"\r\nAccept: text/turtle\r\n\r\n")
    assert (answer.status, answer.type) == (400, "application/problem+json")
