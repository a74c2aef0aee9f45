"""The limits of one query: time, size and memory, and what is said of them; a million rows stay within."""

import http.client
import json
import socket
import time
import urllib.request
from pathlib import Path

import pytest

from server.errors import BadRequest
from server.sparql.protocol import FORM, read_query
from tests.server.conftest import serving
from tests.server.gauges import await_gauge
from tests.server.sparql.test_endpoint import asking, send
from tests.server.test_editions import workers

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
MILLION = "SELECT ?a ?b { ?a ?p ?o . ?b ?q ?r } LIMIT 1000000"
MB = 1_000_000


@pytest.mark.parametrize(
    ("text", "seconds"), [("2", 2.0), ("0.5", 0.5), (".5", 0.5), ("3.", 3.0), ("86400", 86_400.0)]
)
def test_a_client_may_say_how_long_it_waits(text, seconds):
    assert read_query("GET", f"query=ASK{{}}&timeout={text}".encode(), None, b"").timeout == seconds
    assert read_query("POST", b"", FORM, f"query=ASK{{}}&timeout={text}".encode()).timeout == seconds
    assert read_query("POST", f"timeout={text}".encode(), FORM, b"query=ASK{}").timeout == seconds


@pytest.mark.parametrize(
    "text", ["0", "0.0", "-1", "1e3", "soon", "1,5", "nan", "inf", "%D9%A1", "1" * 30, "+1", "%2B1"]
)
def test_what_is_no_number_of_seconds_is_refused(text):
    with pytest.raises(BadRequest, match="no number of seconds above 0"):
        read_query("GET", f"query=ASK{{}}&timeout={text}".encode(), None, b"")


def test_two_timeouts_are_refused():
    with pytest.raises(BadRequest, match="2 timeouts"):
        read_query("GET", b"query=ASK{}&timeout=1&timeout=2", None, b"")
    with pytest.raises(BadRequest, match="both in the address and in the body"):
        read_query("POST", b"timeout=1", FORM, b"query=ASK{}&timeout=1")


@pytest.fixture(scope="module")
def tight(snapshots):
    """Four seconds, and a megabyte for an answer."""
    with serving(snapshots, workers=1, timeout=4, largest_answer=MB, access_log="off") as (address, _):
        yield address


@pytest.mark.parametrize(("asked", "said"), [("0.5", "0.5 s"), ("600", "4 s")])
def test_the_smaller_limit_holds(tight, asked, said):
    begun = time.monotonic()
    status, _, body = send(tight, path=asking(ENDLESS, timeout=asked))
    assert status == 503
    assert f"longer than {said} " in json.loads(body)["detail"]
    assert float(said.split()[0]) <= time.monotonic() - begun < 20


def test_every_answer_says_how_large_it_may_be(tight, live):
    assert send(tight, path=asking("ASK {}"))[1]["CEKG-Largest-Answer"] == str(MB)
    assert send(live, path=asking("ASK {}"))[1]["CEKG-Largest-Answer"] == "1000000000"


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_an_answer_that_grows_too_large_breaks_off(tight, encoding):
    with pytest.raises(http.client.IncompleteRead):
        send(tight, path=asking(MILLION), Accept="text/csv", Accept_Encoding=encoding)
    assert send(tight, path=asking("ASK {}"))[0] == 200


def test_where_nothing_was_sent_yet_it_is_told(tight):
    """HTTP/1.0 has no chunks, so there nothing goes out before all is there."""
    host, _, port = tight.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as client:
        client.sendall(f"GET {asking(MILLION)} HTTP/1.0\r\nAccept: text/csv\r\n\r\n".encode())
        answer = http.client.HTTPResponse(client)
        answer.begin()
        problem = json.loads(answer.read())
    assert answer.status == 403
    assert problem["title"] == "The answer is too large"
    assert problem["limit"] == MB
    assert "1,000,000 bytes" in problem["detail"]


def test_an_answer_just_below_the_limit_is_whole(tight):
    status, _, body = send(
        tight, path=asking("SELECT ?a { ?a ?p ?o . ?b ?q ?r } LIMIT 12000"), Accept="text/csv"
    )
    assert status == 200
    assert body.count(b"\r\n") == 12_001


@pytest.mark.parametrize("accept", ["text/csv", "text/html"])
def test_a_client_that_leaves_before_the_first_byte_frees_its_worker(snapshots, accept):
    with serving(snapshots, workers=1, timeout=60, wait=30, access_log="off") as (address, process):
        (before,) = workers(process.pid)
        connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
        connection.request("GET", asking(ENDLESS), headers={"Accept": accept})
        await_gauge(address, "cekg_workers_busy", 1)
        connection.close()
        begun = time.monotonic()
        assert send(address, path=asking("ASK {}"))[0] == 200
        assert time.monotonic() - begun < 20
        assert before not in workers(process.pid)


def test_a_client_that_leaves_the_line_gives_up_its_place(snapshots):
    with serving(snapshots, workers=1, timeout=60, wait=30, access_log="off") as (address, _):
        host = address.removeprefix("http://")
        at_work, in_line = (http.client.HTTPConnection(host, timeout=30) for _ in range(2))
        for number, connection in enumerate((at_work, in_line)):
            connection.request("GET", asking(f"{ENDLESS} #{number}"))
            await_gauge(address, ("cekg_workers_busy", "cekg_queries_waiting")[number], 1)
        assert send(address, path=asking("ASK {}"))[0] == 503
        in_line.close()
        await_gauge(address, "cekg_queries_waiting", 0)
        at_work.close()


def resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


@pytest.mark.slow
def test_a_million_rows_come_early_and_whole_and_memory_stays_flat(snapshots):
    with serving(snapshots, workers=1, timeout=60, access_log="off") as (address, process):
        send(address, path=asking("SELECT * { ?s ?p ?o } LIMIT 3000"))  # everything is loaded
        (worker,) = workers(process.pid)
        before = resident(process.pid), resident(worker)
        most, rows, tail, mark = before, 0, b"", b'{"a":'
        begun = time.monotonic()
        first = 0.0
        with urllib.request.urlopen(address + asking(MILLION), timeout=60) as answer:
            while part := answer.read1(1_000_000):
                first = first or time.monotonic() - begun
                rows += (tail + part).count(mark)
                tail = part[1 - len(mark) :]
                most = max(most[0], resident(process.pid)), max(most[1], resident(worker))
                if rows < 10_000:
                    time.sleep(0.05)  # slower than the engine: what is not read may not pile up
        assert rows == 1_000_000
        assert first < (time.monotonic() - begun) / 3
        assert most[0] - before[0] < 64 * MB  # of 170; most of it is the HTTP server's own 16 MB of waiting
        assert most[1] - before[1] < 20 * MB
