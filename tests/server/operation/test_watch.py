"""The watch: every request has a name, and is told of once, when its answer has ended and how."""

import json
import urllib.request

import pytest

from server.errors import Broken
from server.operation.metrics import Traffic
from server.operation.watch import Watch


class Log:
    """Keeps what it is told."""

    def __init__(self):
        self.visits = []

    def write(self, visit):
        self.visits.append(visit)


def answered(application, *, read=None, **environ):
    """Send one request through the watch; return its visit, what was read, and the headers."""
    log, started = Log(), []
    watch = Watch(application, traffic=Traffic(), log=log)
    body = watch(
        {"REQUEST_METHOD": "GET", "PATH_INFO": "/x", "REMOTE_ADDR": "192.0.2.7", **environ},
        lambda status, headers, *_: started.append((status, dict(headers))),
    )
    parts = []
    try:
        for part in body:
            parts.append(part)
            if read is not None and len(parts) == read:
                break
    except Broken:
        pass
    assert not log.visits, "it is not over before it is closed"
    body.close()
    body.close()
    (visit,) = log.visits
    return visit, parts, started[0][1]


def three(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return iter([b"one", b"two", b"three"])


def failing(environ, start_response):
    start_response("200 OK", [])
    yield b"one"
    raise Broken


def test_a_whole_answer_is_counted_to_its_last_byte():
    visit, parts, _ = answered(three)
    assert (visit.status, visit.sent, visit.broken, parts) == (200, 11, "", [b"one", b"two", b"three"])
    assert (visit.method, visit.path, visit.note.client) == ("GET", "/x", "192.0.2.7")


def test_a_client_that_leaves_and_a_server_that_fails_are_told_apart():
    assert [(visit.sent, visit.broken) for visit in (answered(three, read=2)[0], answered(failing)[0])] == [
        (6, "client"),
        (3, "server"),
    ]


def test_an_application_that_raises_is_told_of_and_raises():
    log = Log()
    watch = Watch(lambda *_: 1 / 0, traffic=Traffic(), log=log)
    with pytest.raises(ZeroDivisionError):
        watch({"REQUEST_METHOD": "GET"}, lambda *_: None)
    assert [(visit.status, visit.broken) for visit in log.visits] == [(0, "server")]


def test_the_body_of_the_application_is_closed_with_the_answer():
    closed = []

    def application(environ, start_response):
        start_response("200 OK", [])
        try:
            yield b"one"
            yield b"two"
        finally:
            closed.append(True)

    answered(application, read=1)
    assert closed == [True]


@pytest.mark.parametrize(
    ("proposed", "kept"),
    [
        ("4bf92f35-77b3.A_1", True),
        ("x" * 64, True),
        ("x" * 65, False),
        ("", False),
        ("a b", False),
        ('a"', False),
    ],
)
def test_a_request_keeps_its_name_if_that_is_safe(proposed, kept):
    visit, _, headers = answered(three, HTTP_X_REQUEST_ID=proposed)
    assert (visit.note.id == proposed) is kept
    assert headers["X-Request-Id"] == visit.note.id


def test_two_requests_without_a_name_get_two():
    assert answered(three)[0].note.id != answered(three)[0].note.id


@pytest.mark.parametrize("raw", ["/stra\xc3\x9fe", "/\xff\xfe"])
def test_a_path_is_told_in_utf_8_whatever_bytes_came(raw):
    assert answered(three, PATH_INFO=raw)[0].path == raw.encode("latin-1").decode(errors="replace")


def test_an_answer_and_its_problem_document_carry_the_name(client):
    answer = client.get("/nothing", headers={"X-Request-Id": "abc-1"})
    assert answer.headers["X-Request-Id"] == "abc-1"
    assert answer.json["request"] == "abc-1"
    assert "X-Request-Id" in answer.headers["Access-Control-Expose-Headers"]


def test_the_log_of_the_running_server_tells_what_happened(start):
    query = "SELECT * { ?secret a cekg:City }"
    with start(workers=1, access_log="json", trusted_proxies="127.0.0.1") as (address, process):
        for path, data in (
            ("/sparql", f"query={query}".encode()),
            ("/nothing?query=secret", None),
            ("/static/style.css", None),
        ):
            request = urllib.request.Request(address + path, data, {"X-Forwarded-For": "192.0.2.7"})
            try:
                with urllib.request.urlopen(request) as answer:
                    length = len(answer.read())
            except urllib.error.HTTPError as error:
                error.read()
                error.close()
        process.terminate()
        written = process.communicate(timeout=20)[0]
    assert "secret" not in written
    asked, missing, style = map(json.loads, written.splitlines())
    assert (asked["method"], asked["path"], asked["status"], asked["kind"]) == (
        "POST",
        "/sparql",
        200,
        "bindings",
    )
    assert len(asked["query"]) == 16
    assert (missing["path"], missing["status"]) == ("/nothing", 404)
    assert (style["route"], style["bytes"]) == ("static", length)
    assert {asked["client"], missing["client"], style["client"]} == {"192.0.2.7"}
    assert "broken" not in written


def test_the_log_can_tell_queries_and_can_be_silent(start):
    for form, lines in (("full", 1), ("off", 0)):
        with start(workers=1, access_log=form) as (address, process):
            urllib.request.urlopen(f"{address}/sparql?query=ASK%7B%7D").close()
            process.terminate()
            written = process.communicate(timeout=20)[0]
        assert written.count("\n") == lines
        assert written.count('"text":"ASK{}"') == lines
