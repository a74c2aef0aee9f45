"""The engine: workers answer, are stopped, die and are replaced; the server goes on."""

import json
import os
import resource
import select
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg import names
from kg.snapshot import Snapshot
from server import errors
from server.formats import KINDS, choose, choose_each
from server.sparql.engine import Answer, Limits, WorkerPool
from server.sparql.protocol import Dataset, Query
from tests.waiting import comes_true

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
NESTED = "SELECT * {" + "{" * 4000 + "}" * 4000 + "}"
DOUBLING = (
    "SELECT (STRLEN(?x30) AS ?n) { BIND('aaaaaaaa' AS ?x0) "
    + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(30))
    + " }"
)
MANY = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 400000"


@pytest.fixture
def pool(built: Snapshot) -> Iterator[Callable[..., WorkerPool]]:
    """Make pools over the real store, and close them."""
    made = []

    def make(**others: float) -> WorkerPool:
        values = {"timeout": 60, "memory": 512, "wait": 1, **others}
        workers = values.pop("workers", 1)
        made.append(
            WorkerPool(built.store, workers=workers, limits=Limits(**values), prefixes=names.PREFIXES)
        )
        return made[-1]

    yield make
    for each in made:
        each.close()


def ask(pool: WorkerPool, query: Query | str, accept: str | None = None) -> bytes:
    answer = begin(pool, query, accept)
    try:
        return b"".join(answer)
    finally:
        answer.close()


def begin(pool: WorkerPool, query: Query | str, accept: str | None = None) -> Answer:
    asked = Query(query) if isinstance(query, str) else query
    return pool.ask(asked, {kind: choose(kind, accept) for kind in KINDS})


def lives(pool: WorkerPool, excused: tuple[type[Exception], ...] = (errors.Busy,)) -> bool:
    """Tell whether it answers, though it may first replace the workers that it stopped."""
    until = time.monotonic() + 20
    while True:
        try:
            return answers(pool)
        except excused:
            assert time.monotonic() < until


def answers(pool: WorkerPool) -> bool:
    return json.loads(ask(pool, "ASK { city:harbin a cekg:City }"))["boolean"]


@pytest.mark.parametrize(
    ("query", "kind", "said"),
    [
        (
            "SELECT ?x { VALUES ?x { 1 UNDEF } }",
            "bindings",
            b'{"head":{"vars":["x"]},"results":{"bindings":[',
        ),
        ("ASK { city:harbin a cekg:City }", "boolean", b'"boolean":true'),
        ("CONSTRUCT { city:harbin rdfs:label ?l } { city:harbin rdfs:label ?l }", "graph", b"city:harbin"),
        ("DESCRIBE city:harbin", "graph", b"city:harbin"),
    ],
)
def test_the_kind_comes_first_and_the_answer_is_whole(pool, query, kind, said):
    answer = begin(pool(), query)
    assert answer.kind == kind
    assert said in answer.whole


def test_our_prefixes_are_known_and_a_querys_own_win(pool):
    one = pool()
    assert lives(one)
    assert b"http://other/harbin" in ask(one, "PREFIX city: <http://other/> SELECT (city:harbin AS ?x) {}")


def test_a_syntax_error_says_line_and_column_and_the_worker_stays(pool):
    one = pool()
    with pytest.raises(errors.SyntaxFault, match=r"Line 2, column \d+: ") as refused:
        ask(one, "SELECT * {\n ?s ?p }")
    assert refused.value.members["line"] == 2
    assert lives(one)


@pytest.mark.parametrize(
    "update", ["CLEAR ALL", "LOAD <http://example.org/>", "INSERT DATA { <a:a> <a:b> 1 }"]
)
def test_an_update_is_no_query(pool, update):
    with pytest.raises(errors.SyntaxFault):
        ask(pool(), update)


def test_what_the_engine_cannot_do_is_the_clients_fault(pool):
    with pytest.raises(errors.BadRequest, match="cannot be answered"):
        ask(pool(), "SELECT (<http://example.org/f>(1) AS ?x) {}")


def test_nothing_acceptable_is_found_out_before_the_query_runs(pool):
    one = pool(timeout=20)
    begun = time.monotonic()
    with pytest.raises(errors.NotAcceptable) as refused:
        ask(one, ENDLESS, "text/turtle")
    assert time.monotonic() - begun < 10
    assert "text/csv" in refused.value.members["formats"]
    assert lives(one)


def test_a_slow_query_is_stopped_and_the_next_one_is_answered(pool):
    one = pool(timeout=0.5)
    begun = time.monotonic()
    with pytest.raises(errors.TimedOut, match=r"longer than 0\.5 s") as stopped:
        ask(one, ENDLESS)
    assert time.monotonic() - begun < 10
    assert "Retry-After" in stopped.value.headers
    assert lives(one)


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        (NESTED, errors.TooDeep),
        (DOUBLING, errors.OutOfMemory),
        ("SELECT * { SERVICE <https://example.org/sparql> { ?s ?p ?o } }", errors.ServiceRefused),
    ],
    ids=["nested brackets", "a doubling string", "a secure service"],
)
def test_a_query_that_kills_its_worker_is_explained_and_the_worker_replaced(pool, query, fault):
    one = pool(memory=256)
    with pytest.raises(fault):
        ask(one, query)
    assert lives(one)


@pytest.mark.parametrize(
    "pattern",
    [
        "SERVICE <{}> {{ ?s ?p ?o }}",
        "service<{}>{{ ?s ?p ?o }}",
        "{{ SELECT * {{ SERVICE\t<{}> {{ ?s ?p ?o }} }} }}",
        "?a ?b ?c.SERVICE<{}>{{ ?s ?p ?o }}",
    ],
)
def test_service_is_refused_and_no_connection_is_made(pool, pattern):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        with pytest.raises(errors.ServiceRefused):
            ask(pool(), "SELECT * {" + pattern.format(f"http://127.0.0.1:{listener.getsockname()[1]}/") + "}")
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_silent_service_calls_nobody_either(pool):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        query = (
            f"SELECT * {{ SERVICE SILENT <http://127.0.0.1:{listener.getsockname()[1]}/> {{ ?s ?p ?o }} }}"
        )
        with pytest.raises(errors.ServiceRefused):
            ask(pool(), query)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_large_answer_streams_and_is_complete(pool):
    answer = begin(pool(), MANY, "text/csv")
    assert answer.whole is None
    assert b"".join(answer).count(b"\r\n") == 400_001
    answer.close()


def test_an_answer_that_takes_too_long_breaks_off(pool):
    one = pool(timeout=1)
    answer = begin(one, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "text/csv")
    with pytest.raises(errors.Broken):
        for _ in answer:
            pass
    assert lives(one)


@pytest.mark.parametrize("parts", [0, 1, 3])
def test_a_client_that_leaves_early_gives_its_worker_back(pool, parts):
    one = pool(wait=0.5)
    answer = begin(one, MANY, "text/csv")
    for _ in range(parts):
        next(iter(answer))
    answer.close()
    answer.close()
    assert lives(one)


def test_when_all_workers_are_busy_the_next_is_sent_away(pool):
    one = pool(wait=0.2)
    answer = begin(one, MANY)
    with pytest.raises(errors.Busy):
        ask(one, "ASK {}")
    answer.close()
    assert lives(one)


def test_no_more_wait_in_line_than_there_are_workers(pool):
    one = pool(wait=20)
    answer = begin(one, MANY)
    waiting = threading.Thread(target=lambda: answers(one))
    waiting.start()
    assert comes_true(lambda: one.workforce().waiting)
    begun = time.monotonic()
    with pytest.raises(errors.Busy):
        ask(one, "ASK {}")
    assert time.monotonic() - begun < 10
    answer.close()
    waiting.join()


def test_a_worker_that_died_in_its_sleep_is_replaced(pool):
    one = pool()
    assert lives(one)
    (worker,) = one._alive
    os.kill(worker.pid, 9)
    with pytest.raises(errors.RequestFault):
        ask(one, "ASK {}")
    assert lives(one)


def test_ctrl_c_is_for_the_server_and_not_for_its_workers(pool):
    one = pool()
    assert lives(one)
    (worker,) = one._alive
    os.kill(worker.pid, signal.SIGINT)
    time.sleep(0.2)
    assert lives(one)


def test_closing_stops_every_worker_and_breaks_what_they_do(pool):
    one = pool(workers=2)
    answer = begin(one, MANY)
    pids = [worker.pid for worker in one._alive]
    one.close()
    with pytest.raises(errors.Broken):
        list(answer)
    assert not any(_runs(pid) for pid in pids)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_triple_of_two_sources_counts_once(app):
    """The total is stated in both articles; the engine's own union of graphs would double every sum."""
    query = "SELECT ?v { ?o a cekg:Level ; cekg:ofMetric metric:total-scale ; cekg:value ?v }"
    assert ask(app.engine, query, "text/csv") == b"v\r\n621370000000\r\n"


G = names.graph("base")


@pytest.mark.parametrize(
    ("text", "dataset", "expected"),
    [
        ("ASK { city:harbin rdfs:label ?l }", None, True),
        ("ASK { ?x a cekg:Observation }", None, True),
        ("ASK { ?x a cekg:Observation }", Dataset((G,), ()), False),
        ("ASK { city:harbin rdfs:label ?l }", Dataset((G,), ()), True),
        ("ASK { city:harbin rdfs:label ?l }", Dataset((), (G,)), False),
        ("ASK { GRAPH ?g { city:harbin rdfs:label ?l } }", Dataset((), (G,)), True),
        ("ASK { GRAPH ?g { ?s ?p ?o } }", Dataset((G,), ()), False),
        ("ASK { ?s ?p ?o }", Dataset(("http://example.org/none",), ()), False),
        (f"ASK FROM <{G}> {{ ?x a cekg:Observation }}", None, False),
        (f"ASK FROM <{G}> {{ city:harbin rdfs:label ?l }}", None, True),
        (
            f"ASK FROM <{G}> {{ ?x a cekg:Observation }}",
            Dataset((names.graph("e-my399-2021-03-30"),), ()),
            True,
        ),
        ("ASK FROM <file:///etc/passwd> { ?s ?p ?o }", None, False),
    ],
)
def test_the_dataset_is_what_the_request_says_then_the_query_then_all(app, text, dataset, expected):
    assert json.loads(ask(app.engine, Query(text, dataset)))["boolean"] is expected


def test_a_question_can_be_begun_and_looked_after(pool):
    one = pool()
    begun = one.begin(Query("ASK { city:harbin a cekg:City }"), choose_each(None))
    assert one.begin(Query("ASK {}"), choose_each(None)) is None  # nobody is free
    answer = None
    while answer is None:
        assert select.select([begun], [], [], 10)[0]
        answer = begun.look()
    assert json.loads(answer.whole)["boolean"] is True
    begun.close()
    assert one.workforce().busy == 0
    assert lives(one)


def test_what_was_begun_can_be_waited_for_or_given_up(pool):
    one = pool(workers=2)
    waited, given_up = (one.begin(Query(text), choose_each(None)) for text in ("ASK {}", ENDLESS))
    given_up.close()
    assert json.loads(waited.wait(lambda: False).whole)["boolean"] is True
    assert (one.workforce().busy, lives(one)) == (0, True)


def test_nobody_passes_those_who_stand_in_line(pool):
    one = pool(wait=5)
    answer = begin(one, MANY)
    waiting = threading.Thread(target=lambda: answers(one))
    waiting.start()
    assert comes_true(lambda: one.workforce().waiting)
    assert one.begin(Query("ASK {}"), choose_each(None)) is None
    answer.close()
    waiting.join()


def test_a_query_that_is_nearly_done_keeps_its_worker_when_its_client_leaves(pool):
    one = pool()
    assert lives(one)
    before = one.workforce().pids
    answer = begin(one, "SELECT * { ?a ?b ?c } LIMIT 3000", "text/csv")
    assert answer.whole is None
    answer.close()
    assert lives(one)
    assert one.workforce().pids == before
    answer = begin(one, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "text/csv")
    answer.close()
    assert lives(one)
    assert one.workforce().pids != before


def test_a_worker_that_cannot_be_replaced_now_is_replaced_later(pool, monkeypatch, caplog):
    monkeypatch.setattr("server.sparql.engine._AGAIN", 0.1)
    one = pool(wait=5)
    assert lives(one)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))  # what is closed meanwhile makes no room
    try:
        os.kill(one.workforce().pids[0], 9)
        with pytest.raises(errors.RequestFault):
            ask(one, "ASK {}")
        assert comes_true(lambda: "cannot be started" in caplog.text)
        assert one.workforce().workers == 0
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert lives(one)


def test_workers_that_cannot_all_be_started_leave_none_behind(pool):
    before = children()
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    with socket.socket() as highest:
        resource.setrlimit(resource.RLIMIT_NOFILE, (highest.fileno() + 12, limits[1]))
    try:
        with pytest.raises(OSError, match="Too many open files"):
            pool(workers=200)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert children() <= before


def children():
    """The processes that this one has started."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {pid for task in tasks for pid in task.read_text(encoding="ascii").split()}


def test_the_time_of_a_query_begins_when_its_worker_is_ready(pool):
    """A new worker needs about 0.1 s to start, for which the query that waits for it is not to blame."""
    one = pool(timeout=0.08, wait=5)
    for _ in range(3):
        with pytest.raises(errors.TimedOut):
            ask(one, ENDLESS)
        assert lives(one, (errors.Busy, errors.TimedOut))  # once in a while, of a machine with much to do


def test_whoever_waits_gets_the_worker_that_replaces_one_whose_client_left(pool):
    """The place of who left is free at once, and not only when there is a new worker."""
    one = pool(wait=5, timeout=60)
    assert lives(one)
    left = threading.Event()

    def leave():
        with pytest.raises(errors.Gone):
            one.ask(Query(ENDLESS), choose_each(None), left.is_set)

    leaving = threading.Thread(target=leave)
    leaving.start()
    assert comes_true(lambda: one.workforce().busy)
    left.set()
    leaving.join()  # the worker is just being replaced
    found = []
    threads = [threading.Thread(target=lambda: found.append(answers(one))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True, True]


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "ftp://127.0.0.1/x", "http://example.org/"])
@pytest.mark.parametrize("keyword", [r"\u0053ERVICE", r"SERV\u0049CE", r"\U00000053ervice", "SERVIC\\u0045"])
@pytest.mark.parametrize(
    "query", ["SELECT * { %s <%s> { ?s ?p ?o } }", "ASK { FILTER EXISTS { %s <%s> { ?s ?p ?o } } }"]
)
def test_a_service_in_escapes_is_refused_and_never_counts_as_true(pool, query, keyword, address):
    """The engine knows escapes in IRIs and strings alone; one that knew them here might not call us first."""
    with pytest.raises(errors.BadRequest):
        ask(pool(), query % (keyword, address))
