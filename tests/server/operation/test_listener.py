"""The door, over real sockets: what comes in, what goes out, who is thrown out, and the end in order."""

import http.client
import json
import signal
import socket
import ssl
import threading
import time
from contextlib import closing, contextmanager, suppress
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from server.operation.listener import Listener
from server.operation.metrics import Traffic
from server.operation.watch import Watch

LARGE = "/sparql?query=SELECT*%7B?a+?b+?c.?d+?e+?f.?g+?h+?i%7D"
FINITE = f"{LARGE}+LIMIT+150000"
CSV = "Accept: text/csv"


def dial(address):
    host, _, port = address.removeprefix("http://").rpartition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def ask(path, *fields, method="GET"):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *fields, "", ""]).encode()


def read_all(connection):
    """Read to the end of the connection; return the bytes."""
    content = bytearray()
    with suppress(ConnectionResetError):  # a server that does not read the rest of a request ends like this
        while part := connection.recv(1 << 20):
            content += part
    return bytes(content)


def sent(address, content):
    with dial(address) as connection:
        connection.sendall(content)
        return read_all(connection)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"NONSENSE\r\n\r\n", 400),
        (b"GET /health HTTP/1.1\r\n\r\n", 400),
        (b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nAccept: */*\r\n\r\n", 400),
        (b"GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        (b"GET /health HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        (b"GET / HTTP/1.1 and more\r\nHost: x\r\n\r\n", 400),
        (b"G\x00T / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nspace : before the colon\r\n\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nASK{}", 400),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 50_000 + b"\r\n", 431),
    ],
    ids=range(15),
)
def test_what_is_no_request_is_refused_with_a_problem_document(live, request_, status):
    head, _, body = sent(live, request_).partition(b"\r\n\r\n")
    assert int(head.split()[1]) == status
    assert b"Content-Type: application/problem+json" in head
    assert b"Access-Control-Allow-Origin: *\r\n" in head
    problem = json.loads(body)
    assert problem["status"] == status
    assert problem["detail"].endswith(".")
    assert not problem["detail"].endswith("..")


@pytest.mark.parametrize(
    ("request_", "status", "words"),
    [
        (ask(f"/sparql?query={'x' * 262_144}"), 431, "Send a long query in the body, by POST."),
        (ask("/sparql", "Content-Type: a/b", "Content-Length: 2000000", method="POST"), 413, "shorter query"),
    ],
    ids=["head", "body"],
)
def test_a_query_that_is_too_long_is_told_what_to_do_on_every_site(live, request_, status, words):
    head, _, body = sent(live, request_).partition(b"\r\n\r\n")
    assert int(head.split()[1]) == status
    assert b"Access-Control-Allow-Origin: *\r\n" in head
    assert words in json.loads(body)["detail"]


def test_who_speaks_tls_is_told_at_once_and_not_left_waiting(live):
    address = live.replace("http://", "https://")
    with pytest.raises(URLError) as fault, urlopen(f"{address}/health", timeout=60):
        pass
    assert isinstance(fault.value.reason, ssl.SSLError)


def test_head_of_a_streamed_answer_is_its_head_and_nothing_else(live):
    head, separator, rest = sent(live, ask(LARGE, CSV, "Connection: close", method="HEAD")).partition(
        b"\r\n\r\n"
    )
    assert (head.split()[1], separator, rest) == (b"200", b"\r\n\r\n", b"")


def test_pipelined_requests_are_answered_one_by_one_in_their_order(live):
    found = sent(live, ask("/health") + ask("/nothing") + ask("/health", "Connection: close"))
    assert [part[:3] for part in found.split(b"HTTP/1.1 ")[1:]] == [b"200", b"404", b"200"]


@contextmanager
def listening(application, *, patience):
    """A door with an application behind it that no server of ours would be; gives its address."""
    watch = Watch(application, traffic=Traffic(), log=None)
    listener = Listener(watch, watch, host="127.0.0.1", port=0, threads=1, largest=1_000, patience=patience)
    thread = threading.Thread(target=listener.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.port}"
    finally:
        listener.stop(1)
        thread.join()
        listener.close()


def test_an_answer_that_nobody_reads_is_broken_off_and_gives_back_what_it_holds():
    closed = threading.Event()

    def endless(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        try:
            while True:
                yield b"x" * 1_000_000
        finally:
            closed.set()

    with listening(endless, patience=0.5) as address, dial(address) as connection:
        connection.sendall(ask("/"))
        assert closed.wait(10)


def test_a_request_that_does_not_come_to_its_end_is_hung_up_on(monkeypatch):
    monkeypatch.setattr("server.operation.listener._SLOWEST_REQUEST", 0.5)

    def trickle(connection):
        end = time.monotonic() + 10
        while time.monotonic() < end:
            connection.sendall(b"x")
            time.sleep(0.1)

    with (
        listening(lambda *_: (), patience=10) as address,
        dial(address) as connection,
        pytest.raises(ConnectionError),
    ):
        trickle(connection)


def stopping(process, connection):
    """Send SIGTERM while an answer comes; wait until no new connection is taken."""
    port = connection.getpeername()
    process.send_signal(signal.SIGTERM)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(port):
                return
        time.sleep(0.02)
    raise AssertionError("it still takes connections")


def test_after_sigterm_a_running_answer_comes_to_its_end_however_slowly_it_is_read(start):
    with (
        start(workers=1, timeout=300, grace=300) as (address, process),
        dial(address) as connection,
        dial(address) as idle,
    ):
        idle.sendall(ask("/health"))
        while not idle.recv(10_000).endswith(b"}\n"):
            pass
        connection.sendall(ask(FINITE, CSV))
        start_of_it = connection.recv(1_000)
        stopping(process, connection)
        assert idle.recv(1) == b""
        content = start_of_it
        for _ in range(10):
            content += connection.recv(10_000)
            time.sleep(0.05)
        content += read_all(connection)
        assert content.endswith(b"\r\n0\r\n\r\n")
        assert process.wait(timeout=60) == 0


def test_after_the_grace_an_answer_breaks_off_and_the_server_is_gone_with_its_workers(start):
    with (
        start(workers=1, timeout=60, grace=1, access_log="json") as (address, process),
        dial(address) as connection,
    ):
        connection.sendall(ask(LARGE, CSV))
        connection.recv(1_000)
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert not read_all(connection).endswith(b"\r\n0\r\n\r\n")
        assert process.wait(timeout=20) == 0
        assert 0.9 < time.monotonic() - begun < 20
        written, complaints = process.communicate()
        assert [json.loads(line)["broken"] for line in written.splitlines()] == ["server"]
        assert "Traceback" not in complaints


def test_a_second_signal_ends_it_at_once(start):
    with start(workers=1, timeout=60, grace=30) as (address, process), dial(address) as connection:
        connection.sendall(ask(LARGE, CSV))
        connection.recv(1_000)
        stopping(process, connection)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_connections_without_a_request_do_not_hold_the_end_up(start):
    with start(workers=1, grace=30) as (address, process), dial(address) as idle, dial(address) as kept:
        kept.sendall(ask("/health"))
        assert kept.recv(10_000).startswith(b"HTTP/1.1 200")
        idle.sendall(b"GET /hea")
        time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_the_rate_limit_is_429_for_who_sends_too_much_and_for_nobody_else(start):
    with start(workers=1, rate_limit=6, burst=2, trusted_proxies="127.0.0.0/8") as (address, _):
        connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)

        def get(client, path="/queries", method="GET"):
            connection.request(method, path, headers={"X-Forwarded-For": client})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

        assert [get("192.0.2.7")[0] for _ in range(3)] == [200, 200, 429]
        _, headers, body = get("192.0.2.7")
        assert (headers["Content-Type"], headers["Retry-After"]) == ("application/problem+json", "10")
        assert "6 requests a minute" in json.loads(body)["detail"]
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert get("192.0.2.8")[0] == 200
        for path, method in (
            ("/health", "GET"),
            ("/metrics", "GET"),
            ("/static/style.css", "GET"),
            ("/sparql", "OPTIONS"),
        ):
            assert get("192.0.2.7", path, method)[0] in {200, 204}
        assert [get(f"2001:db8::{host}")[0] for host in (1, 2, 3)] == [200, 200, 429]
        connection.close()


def test_there_is_no_rate_limit_unless_asked_for_and_no_header_helps_around_it(live, start):
    with start(workers=1, rate_limit=1, burst=1) as (address, _):
        statuses = []
        for client in ("192.0.2.7", "192.0.2.8"):
            head = sent(address, ask("/queries", f"X-Forwarded-For: {client}", "Connection: close"))
            statuses.append(int(head.split()[1]))
    assert statuses == [200, 429]
    for _ in range(60):
        assert sent(live, ask("/nothing", "Connection: close")).split()[1] == b"404"
