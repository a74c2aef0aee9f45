"""Hostile queries and clients in a loop: each gets its own clear end, and nobody else is harmed."""

import http.client
import itertools
import resource
import socket
import threading
import time
from collections import defaultdict
from urllib.parse import urlencode

import pytest

from tests.hostile import conftest
from tests.hostile.cases import BROKEN, CASES, NO_SERVICE, OUTSIDE, TOO_MUCH, WHOLE
from tests.hostile.conftest import PATIENCE, TALLY, TIMEOUT, WORKERS, ordinary_client
from tests.protocol.wire import Live, asking, serving
from tests.server.gauges import await_gauge

pytestmark = pytest.mark.slow

LOOP = 20
"""Seconds after which the loop begins no further round; each round asks every query once."""

MANY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def storm(server, trap, secret):
    """Ask all cases in a loop, as many at once as there are workers; give all ends and ordinary times."""
    ends: dict[str, set[str]] = defaultdict(set)
    details: dict[str, str] = {}
    host = f"127.0.0.1:{trap.getsockname()[1]}"
    until, lock = time.monotonic() + LOOP, threading.Lock()
    rounds = itertools.chain.from_iterable(_rounds(until))

    def ask() -> None:
        while True:
            with lock:
                case = next(rounds, None)
            if case is None:
                return
            end, detail = _end(server, case, host, str(secret.path))
            with lock:
                TALLY.queries += 1
                TALLY.answers += end != BROKEN
                ends[case.name].add(end)
                details[end] = detail

    with ordinary_client(server) as ordinary:
        threads = [threading.Thread(target=ask) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return ends, details, ordinary


def _rounds(until):
    yield CASES
    while time.monotonic() < until:
        yield CASES


def _end(server: Live, case, host: str, file: str) -> tuple[str, str]:
    def filled(text: str) -> str:
        return text.replace("{host}", host).replace("{file}", file)

    parameters = urlencode([(name, filled(value)) for name, value in case.parameters])
    body = _once(filled(case.query)).encode()
    try:
        answer = server.send("POST", f"/sparql?{parameters}", body, [("Content-Type", case.type)])
    except http.client.IncompleteRead:
        return BROKEN, ""
    if answer.status == 200:
        return WHOLE, answer.body.decode()
    problem = answer.json()
    return (problem["title"], problem["detail"]) if answer.status != 500 else ("500", problem["detail"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_hostile_query_has_an_end_of_its_own(storm, case):
    ends, _, _ = storm
    assert ends[case.name] <= case.ends


def test_every_end_was_come_to(storm):
    ends, _, _ = storm
    every = {end for case in CASES for end in case.ends} - {
        TOO_MUCH
    }  # a slow machine is late before it is full
    assert every <= {end for found in ends.values() for end in found}


def test_there_are_enough_of_them():
    assert len(CASES) == len({case.name for case in CASES}) >= 20


def test_each_end_says_what_to_do(storm):
    _, details, _ = storm
    for title, detail in details.items():
        if title not in {WHOLE, BROKEN}:
            assert detail.endswith(".")
            assert detail != title
    assert "endpoint of your own" in details[NO_SERVICE]


def test_the_ordinary_query_is_answered_in_time_all_the_while(storm):
    _, _, ordinary = storm
    assert len(ordinary) >= 10
    assert all(answered for answered, _ in ordinary)
    assert max(seconds for _, seconds in ordinary) < PATIENCE


def test_nobody_is_called_and_no_file_is_opened(storm, trap, secret):
    with pytest.raises(BlockingIOError):
        trap.accept()
    assert not secret.was_opened()


def test_a_silent_service_adds_nothing(server):
    for case in OUTSIDE:
        if case.ends == {NO_SERVICE, WHOLE}:
            end, body = _end(server, case, "127.0.0.1:9", "/nowhere")
            assert end == NO_SERVICE or not {'"s":{', '"p":{', '"o":{'} & set(body.split(","))


def test_the_trap_and_the_watch_would_tell(tmp_path_factory):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        with socket.create_connection(listener.getsockname()):
            time.sleep(0.05)
            listener.accept()[0].close()
    watched = next(conftest.secret.__wrapped__(tmp_path_factory))
    assert not watched.was_opened()
    watched.path.read_text()
    assert watched.was_opened()


def test_memory_files_and_process_are_as_before_when_it_is_over(unharmed, trap, secret):
    host = f"127.0.0.1:{trap.getsockname()[1]}"
    for case in CASES[::3]:
        _end(unharmed, case, host, str(secret.path))
        TALLY.queries += 1
        TALLY.answers += 1


def test_a_reader_who_never_reads_holds_nobody_up(unharmed):
    with ordinary_client(unharmed) as ordinary:
        readers = [_begin(unharmed, MANY) for _ in range(WORKERS)]
        time.sleep(3 * TIMEOUT)
        for each in readers:
            each.close()
    _assert_served(ordinary)


def test_a_reader_who_never_reads_keeps_its_worker_no_longer_than_its_time(snapshots):
    # Three seconds are enough to fill every buffer on the way; then one waits for it no longer.
    with serving(snapshots, timeout=3, workers=1, wait=15) as server, _begin(server, MANY):
        await_gauge(server.address, "cekg_workers_busy", 1)
        assert server.ask(_once("ASK {}")).status == 200


def test_clients_who_leave_at_once_hold_nobody_up(unharmed):
    with ordinary_client(unharmed) as ordinary:
        for _ in range(10):
            for query in (ENDLESS, MANY):
                _begin(unharmed, query).close()
            time.sleep(0.2)
    _assert_served(ordinary)


def test_a_client_who_leaves_frees_its_worker_before_its_time_is_over(snapshots):
    with serving(snapshots, timeout=60, workers=WORKERS, wait=30) as server:
        for number in range(5):
            leaving = [_begin(server, ENDLESS) for _ in range(WORKERS)]
            time.sleep(0.1)
            for each in leaving:
                each.close()
            assert server.ask(f"ASK {{}} # after {number} others left").status == 200
        assert server.process.poll() is None
        assert not server.stumbled()


def test_two_thousand_connections_that_say_nothing_hold_nobody_up(unharmed):
    _may_open(2_500)
    with ordinary_client(unharmed) as ordinary:
        idle = [_connect(unharmed) for _ in range(2_000)]
        time.sleep(3 * TIMEOUT)
        for each in idle:
            each.close()
    _assert_served(ordinary)


def test_requests_that_come_a_byte_at_a_time_hold_nobody_up(unharmed):
    message = f"GET {asking('ASK {}')} HTTP/1.1\r\nHost: x\r\nX: {'a' * 100}".encode()
    with ordinary_client(unharmed) as ordinary:
        slow = [_connect(unharmed) for _ in range(100)]
        for place in range(30):
            for each in slow:
                each.send(message[place : place + 1])
            time.sleep(0.05)
        for each in slow:
            each.close()
    _assert_served(ordinary)


@pytest.mark.parametrize("framing", [b"Content-Length: 1000000000", b"Transfer-Encoding: chunked"])
def test_a_body_without_end_is_cut_off(unharmed, framing):
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        + framing
        + b"\r\n\r\n"
    )
    part = b" " * 2**16 if b"Length" in framing else b"10000\r\n" + b" " * 2**16 + b"\r\n"
    sent = 0
    with ordinary_client(unharmed) as ordinary, _connect(unharmed) as client:
        client.sendall(head)
        try:
            while sent < 64 * 2**20:
                client.sendall(part)
                sent += len(part)
        except OSError:
            pass
    assert sent < 64 * 2**20
    _assert_served(ordinary)


def test_a_crowd_that_asks_for_too_much_is_sent_away_and_then_all_is_well(unharmed):
    crowd = [_begin(unharmed, ENDLESS) for _ in range(50)]
    statuses = set()
    for each in crowd:
        response = http.client.HTTPResponse(each)
        response.begin()
        statuses.add((response.status, int(response.headers["Retry-After"]) > 0))
        response.read()
        each.close()
    TALLY.queries += len(crowd)
    TALLY.answers += len(crowd)
    assert statuses == {(503, True)}
    assert unharmed.lives()


def _assert_served(ordinary):
    assert ordinary
    assert all(answered for answered, _ in ordinary)
    assert max(seconds for _, seconds in ordinary) < PATIENCE


def _begin(server: Live, query: str) -> socket.socket:
    """Ask, and read nothing."""
    client = _connect(server)
    client.sendall(
        f"GET {asking(_once(query))} HTTP/1.1\r\nHost: x\r\nAccept: text/csv, */*;q=0.1\r\n\r\n".encode()
    )
    return client


_NUMBERS = itertools.count()


def _once(query: str) -> str:
    """Return a query that was never asked before: no cache knows its answer, nobody else waits for it."""
    return f"{query}\n# {next(_NUMBERS)}"


def _connect(server: Live) -> socket.socket:
    return socket.create_connection(server.place, timeout=15)


def _may_open(files: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(files, hard), hard))
