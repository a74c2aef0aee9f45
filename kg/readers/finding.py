"""Where numbers and readable phrases stand in a running text: no number may go unaccounted for."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TypeVar

from kg.readers import changes, numbers, periods, quantities, ranks
from kg.readers.faults import Unreadable
from kg.readers.periods import Period
from kg.readers.words import either, listed, plain
from kg.spans import Span

T = TypeVar("T")


LONGEST = 16  # words: "an increase of … compared with the same period of the previous year"

_ORDINALS = listed(
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth"
    "|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|fortieth"
    "|fiftieth|sixtieth|seventieth|eightieth|ninetieth|hundredth|thousandth|millionth|billionth"
)
_SCALES = [name for name in numbers.SCALES if len(name) > 3]
_OTHERS = [
    *_ORDINALS,
    *(f"{name}s" for name in (*_ORDINALS, *_SCALES)),
    *(f"{ten[:-1]}ies" for ten in numbers.TENS),
    *(f"{count}fold" for count in (*numbers.ONES, "ten", "hundred")),
    *listed("half|halves|quarter|quarters|dozen|dozens|twice|thrice|double|triple|quadruple"),
    *changes.MULTIPLES,
]

# Other scripts have digits too, and some signs are numbers: all must be accounted for.
_FIGURES = r"[\d²³¹¼-¾⁰-₉⅐-↉①-⒛]+"
_ENDS = r"(?![^\W\d_])"
_TEN_AND_ONE = rf"{either(numbers.TENS)}(?:[ -]{either(numbers.ONES)}{_ENDS})?"
_WORD = rf"(?:{_TEN_AND_ONE}|{either([*numbers.TEENS, *numbers.ONES, 'zero'])}){_ENDS}"
_SCALE = rf"{either(_SCALES)}{_ENDS}(?:(?: and)? {_WORD})?"
_NUMBER = re.compile(
    rf"(?:{_FIGURES}(?:[.,]{_FIGURES})*|(?<![^\W\d_])(?:"
    rf"(?:{_WORD}[ -])?{either(_OTHERS)}{_ENDS}|{_WORD}|{_SCALE}))(?:[ -]?{_SCALE})*",
    re.IGNORECASE,
)

_CHUNK = re.compile(r"[^\s()\[\]—]+")
_WRAPPING = "\"'.,;:!?"
_WORDS = re.compile(r"[^\W\d_]+")


def _vocabulary() -> frozenset[str]:
    """Every word of the grammars; a pattern such as `years?` has two."""
    grammars = (module.GRAMMAR for module in (numbers, quantities, changes, ranks, periods))
    patterns = " ".join(pattern.pattern for grammar in grammars for pattern in grammar)
    shortened = re.findall(r"([a-z]+)[a-z]\?", patterns)
    return frozenset([*re.findall("[a-z]+", patterns), *shortened, *_ORDINALS])


_VOCABULARY = _vocabulary()

# A bare year may be a count, and two months are verbs too, unless one of these stands before them or
# their clause ends.
_BARE = re.compile("[0-9]{4}|may|march", re.IGNORECASE)
_BEFORE_BARE = re.compile(
    r"\b(?:in|of|for|during|since|by|from|to|until|through|before|after|year) $", re.IGNORECASE
)
_CLAUSE_END = re.compile(r"[ ]*(?:$|[\n.,;:!?)\]\"—])")


def find_numbers(text: str) -> list[Span]:
    """Every number of a text: digits of any script, and words such as "Eight", "first", "doubled".

    A number and its scale are one ("12.93 billion", "two hundred and five"); a date is several.
    "Single", "once", "both" and "pair" are not counted; "one" is, even in "one of".

    >>> text = "Eight of the 4+4 industries doubled."
    >>> [text[span.start : span.end] for span in find_numbers(text)]
    ['Eight', '4', '4', 'doubled']
    """
    return list(_numbers(text))


@lru_cache(maxsize=64)
def _numbers(text: str) -> tuple[Span, ...]:
    return tuple(Span(*number.span()) for number in _NUMBER.finditer(plain(text)))


def find_readable(text: str, read: Callable[[str], T]) -> list[tuple[Span, T]]:
    """The longest phrases, none overlapping, that a reader accepts; in the order of the text.

    A phrase begins and ends at a space, a bracket or outer punctuation, has at most 16 words, and
    only words of the grammars of this package: others are not tried. A bare year (or "may", "march")
    is found as a period only after a word such as "in", "since" or "year", or at the end of a clause:
    in "2020 companies" it is a count.

    >>> from kg.readers import read_quantity
    >>> text = "It grew to 391.54 billion yuan ($58.75 billion)."
    >>> [text[span.start : span.end] for span, _ in find_readable(text, read_quantity)]
    ['391.54 billion yuan', '$58.75 billion']
    """
    found = [hit for run in _runs(text) for hit in _longest(_readable(text, run, read))]
    even = plain(text)
    return [hit for hit in found if not (isinstance(hit[1], Period) and _is_stray(even, hit[0]))]


def _is_stray(text: str, span: Span) -> bool:
    if not _BARE.fullmatch(text, span.start, span.end):
        return False
    before = text[max(0, span.start - 10) : span.start]
    return not (_BEFORE_BARE.search(before) or _CLAUSE_END.match(text, span.end))


def _runs(text: str) -> Iterator[list[Span]]:
    """Neighbouring chunks of text that consist of words and figures that a grammar knows."""
    run: list[Span] = []
    for chunk in _CHUNK.finditer(plain(text)):
        inner = chunk[0].strip(_WRAPPING)
        if inner and all(word in _VOCABULARY for word in _WORDS.findall(inner.lower())):
            start = chunk.start() + chunk[0].index(inner)
            run.append(Span(start, start + len(inner)))
        else:
            yield run
            run = []
    yield run


def _readable(text: str, run: list[Span], read: Callable[[str], T]) -> Iterator[tuple[Span, T]]:
    for index, first in enumerate(run):
        for last in run[index : index + LONGEST]:
            span = Span(first.start, last.end)
            try:
                yield span, read(text[span.start : span.end])
            except Unreadable:
                continue


def _longest(hits: Iterator[tuple[Span, T]]) -> list[tuple[Span, T]]:
    kept: list[tuple[Span, T]] = []
    taken: set[int] = set()
    for span, value in sorted(hits, key=lambda hit: hit[0].start - hit[0].end):
        if taken.isdisjoint(range(*span)):
            taken.update(range(*span))
            kept.append((span, value))
    return sorted(kept, key=lambda hit: hit[0])
