"""Places in a ranking, and years by which a goal was met early: whole numbers said in idioms."""

import re

from kg.readers.faults import Unreadable, reasons, refusal
from kg.readers.numbers import read_number, read_ordinal
from kg.readers.words import reader

_RANK = re.compile(
    r"(?:(?:is|was|are|were) )?(?:(?:rank|ranks|ranked|ranking|placed|placing|comes|came|coming) )?"
    r"(?:in )?(?:the )?"
    r"(?:(?:no\. ?|number )(?P<number>[^ ]+)|(?P<ordinal>.+?))"
    r"(?: (?:place|position)|[ -](?:largest|biggest|highest|greatest|best|fastest|busiest))?"
)
_NO_RANK = reasons(
    (
        r"\b(?:among|one of|top|leading)\b",
        "It names a group of the best, not a place in it; list it among what is not loaded.",
    ),
    (
        r"\b(?:last|bottom|lowest|smallest|worst|slowest)\b",
        "It may count from the bottom; list it among what is not loaded.",
    ),
)
_AHEAD = re.compile(
    r"(?:(?P<one>a|one|1) year|(?P<count>.+) years) (?:early|in advance|earlier than (?:planned|scheduled)"
    r"|ahead of (?:schedule|time|plan|the plan|target|the target))"
)
GRAMMAR = (_RANK, _AHEAD)
_NOT_AHEAD = reasons(
    (r"\b(?:months?|quarters?|weeks?|days?)\b", ("Only whole years can be read, not parts of one; "
     "list it among what is not loaded.")),
    (r"\b(?:behind|late|later|delay|delayed)\b", "It says that the goal was met late, not early."),
    (r"^(?:well |far )?(?:ahead|early|earlier|in advance)\b",
     "It does not say how many years; quote the number with it."),
)  # fmt: skip


@reader
def read_rank(phrase: str) -> int:
    """The place, 1 for the first; "among the best" or "top three" is no place.

    >>> read_rank("ranked first")
    1
    >>> read_rank("the third largest")
    3
    """
    parts = _RANK.fullmatch(phrase)
    rank = _place(parts["number"], parts["ordinal"]) if parts else None
    if rank is None:
        otherwise = "It names no single place such as 'ranked third' or 'No. 3'; quote words that do."
        raise refusal(phrase, _NO_RANK, otherwise)
    return rank


@reader
def read_ahead(phrase: str) -> int:
    """The whole years between meeting a goal and the year it was set for.

    >>> read_ahead("one year ahead of schedule")
    1
    """
    parts = _AHEAD.fullmatch(phrase)
    if not parts:
        otherwise = "It is not like 'two years ahead of schedule' or 'one year early'; quote such words."
        raise refusal(phrase, _NOT_AHEAD, otherwise)
    years = 1 if parts["one"] else _whole(parts["count"])
    if years is None:
        raise refusal(phrase, _NOT_AHEAD, "It does not say a whole number of years, one or more.")
    return years


def _place(number: str | None, ordinal: str) -> int | None:
    return read_ordinal(ordinal) if number is None else _whole(number)


def _whole(text: str) -> int | None:
    try:
        number = read_number(text)
    except Unreadable:
        return None
    return int(number) if number >= 1 and number == number.to_integral_value() else None
