"""The access log: what a line says, and that nobody waits for it."""

import json
import os
import select

import pytest

from server.operation import access
from server.operation.access import FIELDS, AccessLog, line
from server.operation.visits import Note, Visit

QUERY = "SELECT * { ?s ?p 'secret' }"


def visit(path="/sparql", query=QUERY, **others):
    note = Note("4bf92f35", "192.0.2.7", route="sparql.sparql", query=query, kind="bindings", cache="miss")
    told = {"began": 1795297708.1234, "method": "GET", "status": 200, "seconds": 0.01234567, "sent": 321}
    return Visit(note, path=path, **{**told, **others})


def test_a_line_says_everything_in_the_documented_order_but_the_query():
    said = json.loads(line(visit(broken="client")))
    assert said == {
        "time": "2026-11-21T21:48:28.123Z",
        "id": "4bf92f35",
        "client": "192.0.2.7",
        "method": "GET",
        "path": "/sparql",
        "route": "sparql.sparql",
        "status": 200,
        "seconds": 0.012346,
        "bytes": 321,
        "kind": "bindings",
        "cache": "miss",
        "query": access.fingerprint(QUERY),
        "broken": "client",
    }
    assert list(said) == [name for name, _ in FIELDS if name != "text"]


def test_the_text_of_a_query_stands_there_only_when_asked_for():
    assert b"secret" not in line(visit())
    assert json.loads(line(visit(), with_text=True))["text"] == QUERY


def test_what_has_nothing_to_say_is_left_out():
    said = json.loads(line(Visit(Note("1", "::1"), 0, "GET", "/", 404, 0.1, 0)))
    assert set(said) == {"time", "id", "client", "method", "path", "status", "seconds", "bytes"}


@pytest.mark.parametrize("character", ["\n", '"', "\\", "\x00", "\x1b", "\u2028", "城", "\ud800", "😀"])
def test_a_line_is_one_line_of_json_and_below_what_a_pipe_takes_at_once(character):
    written = line(visit(character * 10_000, character * 10_000, method=character * 100), with_text=True)
    assert written.count(b"\n") == 1
    assert written.endswith(b"\n")
    assert len(written) <= select.PIPE_BUF
    assert json.loads(written)["path"] == (character * 200).encode(errors="replace").decode()


def test_lines_that_nobody_takes_are_dropped_and_counted_and_later_ones_come_through():
    reading, writing = os.pipe()
    try:
        log = AccessLog(writing)
        for _ in range(2_000):
            log.write(visit())
        assert 0 < log.dropped < 2_000
        written = os.read(reading, 1_000_000)
        assert written.count(b"\n") + log.dropped == 2_000
        assert written.endswith(b"\n")
        log.write(visit(path="/later"))
        assert json.loads(os.read(reading, 10_000))["path"] == "/later"
    finally:
        os.close(reading)
        log.write(visit())  # the reader is gone
        os.close(writing)
