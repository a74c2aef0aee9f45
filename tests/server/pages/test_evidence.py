"""Sentences: cut at their marks, with nothing lost."""

import pytest

from server.pages.evidence import segments


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([], [("abcdefgh", False)]),
        ([(2, 4)], [("ab", False), ("cd", True), ("efgh", False)]),
        ([(0, 8)], [("abcdefgh", True)]),
        ([(5, 6), (0, 1)], [("a", True), ("bcde", False), ("f", True), ("gh", False)]),
        ([(1, 4), (2, 6)], [("a", False), ("bcd", True), ("ef", True), ("gh", False)]),
        ([(1, 6), (2, 4)], [("a", False), ("bcdef", True), ("gh", False)]),
    ],
)
def test_a_sentence_is_cut_at_its_marks_and_loses_nothing(marks, expected):
    cut = segments("abcdefgh", marks)
    assert [(each.text, each.marked) for each in cut] == expected
