"""Stretches of a text, in Unicode code points, the end exclusive."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of a text: ``text[start:end]``."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the stretch itself."""
        return text[self.start : self.end]

    def shifted(self, by: int) -> Span:
        """Return the stretch as it stands in a longer text that begins so much earlier."""
        return Span(self.start + by, self.end + by)

    def holds(self, other: tuple[int, int]) -> bool:
        """Whether the other stretch lies inside this one."""
        return self.start <= other[0] and other[1] <= self.end

    def touches(self, other: tuple[int, int]) -> bool:
        """Whether the two share a character."""
        return self.start < other[1] and other[0] < self.end

    def gap(self, other: tuple[int, int]) -> int:
        """Return the number of characters between the two, 0 when they touch."""
        return max(self.start - other[1], other[0] - self.end, 0)


def find(phrase: str, text: str) -> list[Span]:
    """Return where a phrase stands in a text as whole words and whole numbers.

    >>> find("3 percent", "9.3 percent, and 3 percent")
    [Span(start=17, end=26)]
    """
    return list(_found(phrase, text)) if phrase in text else []


@lru_cache(maxsize=4096)
def _found(phrase: str, text: str) -> tuple[Span, ...]:
    """An entry looks for the same phrase in the same article again and again."""
    return tuple(Span(*match.span()) for match in re.finditer(_whole(phrase), text))


def _whole(phrase: str) -> str:
    before = r"(?<![\w$€£¥])(?<!\d[.,])" if phrase[:1].isalnum() else ""
    after = r"(?!\w)(?![.,]\d)(?!%)" if phrase[-1:].isalnum() else ""
    return f"{before}{re.escape(phrase)}{after}"
