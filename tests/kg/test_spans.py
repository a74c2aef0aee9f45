"""A phrase is found as whole words and whole numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.spans import Span, find

CASES = (
    ("3 percent", "9.3 percent, 3 percent", [13]),
    ("3 percent", "1,3 percent", []),
    ("9.3", "9.35 and 9.3.", [9]),
    ("9.3", "9.3,5 and 9.3, too", [10]),
    ("40", "40% and 40 of", [8]),
    ("58.75 billion", "$58.75 billion", []),
    ("$58.75 billion", "($58.75 billion)", [1]),
    ("China", "Chinatown, South-China, China's", [17, 24]),
    ("a.b", "aXb a.b", [4]),
    ("ab", "", []),
    ("高", "高高 高", [3]),
)


@pytest.mark.parametrize(("phrase", "text", "starts"), CASES)
def test_a_phrase_is_found_whole(phrase, text, starts):
    found = find(phrase, text)
    assert [span.start for span in found] == starts
    assert all(span.of(text) == phrase for span in found)


@given(st.text(min_size=1), st.text())
def test_what_is_found_stands_there(phrase, text):
    assert all(span.of(text) == phrase for span in find(phrase, text))


SPANS = (
    # one, other, holds, touches, gap
    ((2, 5), (3, 4), True, True, 0),
    ((2, 5), (2, 5), True, True, 0),
    ((2, 5), (5, 7), False, False, 0),
    ((2, 5), (4, 7), False, True, 0),
    ((2, 5), (9, 11), False, False, 4),
    ((9, 11), (2, 5), False, False, 4),
)


@pytest.mark.parametrize(("one", "other", "holds", "touches", "gap"), SPANS)
def test_two_stretches_are_compared(one, other, holds, touches, gap):
    assert Span(*one).holds(other) is holds
    assert Span(*one).touches(other) is touches
    assert Span(*one).gap(other) == gap


def test_a_stretch_is_moved_with_its_text():
    assert Span(1, 3).shifted(10).of("0123456789abcdef") == Span(1, 3).of("abcdef")
