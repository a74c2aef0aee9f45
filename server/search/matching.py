"""How a stranger's text is compared with names and sentences; no index is asked here.

A text is cut into words by ``kg.folding``, and nothing but letters, digits, ``.`` and ``+`` is left of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from rapidfuzz import fuzz, process

from kg import folding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

LONGEST: Final = 200
"""Characters of a text that are read; hardly a name is longer."""


class Level(IntEnum):
    """How well something matches, the best first."""

    NAME = 0
    """It is called exactly so."""
    START = 1
    """Its name begins so."""
    WORDS = 2
    """It has all the words."""
    BEGUN = 3
    """It has all the words, the last of them unfinished."""
    SLIP = 4
    """It has all the words, but for one slip of the pen in each."""
    SLIPS = 5
    """It has all the words, but for two slips in each."""
    SOUND = 6
    """It has other Chinese characters, which sound the same."""
    SOME = 7
    """It has the rarer ones of the words, but not all."""
    KIND = 8
    """No words were asked for, but all of its kind."""


@dataclass(frozen=True, slots=True)
class Query:
    """A text as it is looked for: its letters alone, its words, and the last one as it was typed."""

    key: str
    words: tuple[str, ...]
    last: str


class Name(NamedTuple):
    """What an entry is called, by its number; the role says what kind of name it is (``kg/search.py``)."""

    entry: int
    key: str
    text: str
    language: str
    role: str


def asked(text: str) -> Query:
    """Return a text as it is looked for; beyond ``LONGEST`` characters it is not read.

    >>> asked('the "Output" of NEAR(Harbin')
    Query(key='theoutputofnearharbin', words=('output', 'near', 'harbin'), last='harbin')
    """
    text = text[:LONGEST]
    words = dict.fromkeys(folding.asked(text))
    telling = [word for word in words if word not in _IN_BETWEEN] or list(words)
    last = next((piece[0] for piece in reversed(list(folding.pieces(folding.fold(text))))), "")
    return Query(folding.key(text), tuple(telling[:_MOST_WORDS]), last if telling else "")


def spoken(query: Query, sounds: Mapping[str, str]) -> Query:
    """Return a query with its Chinese characters as they sound.

    >>> spoken(asked("哈爾濱"), {"哈": "ha", "爾": "er", "濱": "bin"}).words
    ('haer', 'erbin')
    """
    table = str.maketrans(dict(sounds))
    words = tuple(word.translate(table) for word in query.words)
    return replace(query, key=query.key.translate(table), words=words)


def nearest_name(query: Query, words: Collection[str], names: Sequence[Name]) -> tuple[Name, float]:
    """Return the name that matches best, and how alike it is: 0 to 100 (normalised indel similarity).

    ``words`` are those that will do, also where the query has a slip. Of the names that begin as was asked,
    or of all where none does, those with the most of these words come first, and of them the most alike.

    >>> called = ("Wuhan", "Harbin", "Harbin City")
    >>> names = [Name(1, folding.key(text), text, "en", "hidden") for text in called]
    >>> nearest_name(asked("city harbin"), {"harbin", "city"}, names)[0].text
    'Harbin City'
    >>> nearest_name(asked("harbin"), {"harbin"}, names), nearest_name(asked("harbinc"), {"city"}, names)[1]
    ((Name(entry=1, key='harbin', text='Harbin', language='en', role='hidden'), 100.0), 82.4)
    """
    keys = [name.key for name in names]
    best = names[keys.index(query.key) if query.key in keys else _nearest(query.key, words, names, keys)]
    return best, round(fuzz.ratio(query.key, best.key), 1)


def _nearest(key: str, words: Collection[str], names: Sequence[Name], keys: Sequence[str]) -> int:
    """Return the place of the nearest name; what all can be asked at once, each is not asked by itself."""
    together = "\n".join(["", *keys])
    there = [word for word in words if word in together]
    begun = (
        [place for place, each in enumerate(keys) if each.startswith(key)] if f"\n{key}" in together else []
    )
    places = begun or range(len(keys))
    # to cut a name into its words is what takes long, and in most names there is none of those wanted
    having = [place for place in places if any(word in keys[place] for word in there)]
    known = {place: len(set(folding.words(names[place].text)).intersection(there)) for place in having}
    most = max(known.values(), default=0)
    fullest = [place for place, count in known.items() if count == most] if most else places
    _, _, nearest = process.extractOne(key, [keys[place] for place in fullest], scorer=fuzz.ratio)
    return fullest[nearest]


def marks(text: str, words: Collection[str], begun: str = "") -> tuple[tuple[int, int], ...]:
    """Return where a text has some words, or one that begins so; words that touch become one place.

    >>> marks("Harbin’s output", {"harbin"}, "out"), marks("在哈尔滨市", {"哈尔", "尔滨"})
    (((0, 8), (9, 15)), ((1, 4),))
    """
    found: list[tuple[int, int]] = []
    for start, end in sorted(_places(text, words, begun)):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return tuple(found)


def covered(text: str, words: Collection[str], begun: str = "") -> int:
    """Return how many of some words a text has.

    >>> covered("Harbin city", {"harbin", "haerbin"}, "ci")
    2
    """
    found = set(folding.words(text))
    return len(found & set(words)) + any(word.startswith(begun) for word in found - set(words) if begun)


_IN_BETWEEN: Final = frozenset(
    ["a", "an", "and", "at", "by", "for", "from", "in", "is", "its", "of", "on", "or", "the", "to", "with"]
)
"""Words that tell nothing, as long as there are others."""
_MOST_WORDS: Final = 16


def _places(text: str, words: Collection[str], begun: str) -> Iterator[tuple[int, int]]:
    for piece in folding.pieces(text):
        if folding.is_chinese(piece[0]):
            yield from _places_in(piece[0], piece.start(), words)
        elif set(folding.asked(piece[0])) & set(words) or (begun and folding.key(piece[0]).startswith(begun)):
            yield piece.span()


def _places_in(characters: Sequence[str], start: int, words: Collection[str]) -> Iterator[tuple[int, int]]:
    for length in (1, 2):
        for place in range(len(characters) - length + 1):
            if folding.fold("".join(characters[place : place + length])) in words:
                yield start + place, start + place + length
