"""Sorted lines stand for a graph of any size."""

from __future__ import annotations

import random

import pytest

from kg import quads


def line(subject: str, value: int, graph: str = "g") -> bytes:
    quad = (
        f'<http://a.example/{subject}> <http://a.example/p> "{value} of <g>" <http://a.example/{graph}> .\n'
    )
    return quad.encode()


@pytest.mark.parametrize("run", [1, 7, 1000])
def test_lines_are_sorted_and_each_is_there_once_however_little_memory_there_is(tmp_path, run):
    lines = [line(f"s{number % 9}", number % 40) for number in range(200)]
    random.Random(1).shuffle(lines)
    blocks = [b"".join(lines[start : start + 13]) for start in range(0, 200, 13)]
    assert list(quads.sort(blocks, tmp_path, run=run)) == sorted(set(lines))
    assert list(tmp_path.iterdir()) == []


def test_lines_of_a_subject_come_together_and_a_longer_name_is_another():
    lines = sorted([line("a", 1), line("ab", 2), line("a", 3), line("a-b", 4), line("a", 3, "h")])
    found = dict(quads.by_subject(lines))
    assert [len(block) for block in found.values()] == [1, 3, 1]
    assert b"".join(map(b"".join, found.values())) == b"".join(lines)
    assert list(quads.by_subject([])) == []


def test_what_is_not_sorted_is_refused():
    with pytest.raises(ValueError, match="not sorted"):
        list(quads.in_order([line("b", 1), line("a", 1)]))


def test_triples_and_graphs_are_told_from_the_end_of_a_line():
    assert quads.triple(line("a", 1)) == b'<http://a.example/a> <http://a.example/p> "1 of <g>" .\n'
    assert quads.graph(line("a", 1)) == b"<http://a.example/g>"
