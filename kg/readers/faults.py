"""A refusal names the phrase, says what is wrong with it, and what to quote instead."""

import re
from collections.abc import Sequence

Reasons = Sequence[tuple[re.Pattern[str], str]]


class Unreadable(ValueError):
    """The phrase has no meaning that a reader knows, or more than one.

    `phrase` is what the reader was given; `why` is a full sentence for whoever wrote it down.
    """

    def __init__(self, phrase: str, why: str) -> None:
        super().__init__(phrase, why)
        self.phrase = phrase
        self.why = why

    def __str__(self) -> str:
        shown = self.phrase if len(self.phrase) <= 80 else f"{self.phrase[:79]}…"
        return f"{shown!r} cannot be read. {self.why}"


def reasons(*table: tuple[str, str]) -> Reasons:
    """Compile a table of (pattern of folded text, sentence): the known traps."""
    return tuple((re.compile(pattern), why) for pattern, why in table)


def refusal(phrase: str, known: Reasons, otherwise: str) -> Unreadable:
    """The refusal of a phrase, with the first known reason that its words show."""
    return Unreadable(phrase, next((why for trap, why in known if trap.search(phrase)), otherwise))
