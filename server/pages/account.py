"""The account of an article: which of its sentences and numbers are facts, and what is left out, and why.

The build writes it into ``coverage.json`` of the snapshot. All places count code points of the article.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from kg import names

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kg.snapshot import Snapshot

Place = tuple[int, int]
"""The first code point of a stretch, and the one after its last."""


@dataclass(frozen=True, slots=True)
class Left:
    """A stretch that is not loaded, and why: in a word, and in a sentence."""

    place: Place
    reason: str
    because: str


@dataclass(frozen=True)
class Account:
    """What of an article is accounted for; nothing at all where the snapshot holds no account of it.

    It is the same for every visit, so what is counted in it is counted once.
    """

    sentences: tuple[Place, ...] = ()
    metadata: tuple[Place, ...] = ()
    quotes: tuple[Place, ...] = ()
    phrases: tuple[Place, ...] = ()
    numbers: tuple[Place, ...] = ()
    left: tuple[Left, ...] = ()

    @cached_property
    def sentences_told(self) -> int:
        """How many sentences a quote, an exclusion or the page's own lines touch."""
        return _touched(self.sentences, (*self.quotes, *self._others))

    @cached_property
    def numbers_told(self) -> int:
        """How many numbers stand in a phrase of a fact, in an exclusion or in the page's own lines."""
        return _touched(self.numbers, (*self.phrases, *self._others))

    def sentence(self, place: Place) -> int | None:
        """Return the number of the sentence that a stretch begins in, from 0; None where it is not known."""
        found = (n for n, (start, end) in enumerate(self.sentences) if start <= place[0] < end)
        return next(found, None)

    @property
    def _others(self) -> tuple[Place, ...]:
        return (*(each.place for each in self.left), *self.metadata)


NOTHING: Final = Account()


def account(snapshot: Snapshot, source: str) -> Account:
    """Return the account of a source by its IRI; an empty one where the snapshot holds none."""
    return _accounts(snapshot.folder).get(names.local(source), NOTHING)


@lru_cache(maxsize=4)  # the snapshot that is served, and those of requests that began before
def _accounts(folder: Path) -> dict[str, Account]:
    try:
        content = (folder / "coverage.json").read_bytes()
    except FileNotFoundError:
        return {}
    return {slug: _account(each) for slug, each in json.loads(content).items()}


def _account(stored: dict[str, Any]) -> Account:
    places = {
        name: tuple((start, end) for start, end in stored[name])
        for name in ("sentences", "metadata", "quotes", "phrases", "numbers")
    }
    left = (
        Left((each["span"][0], each["span"][1]), each["reason"], each["because"]) for each in stored["left"]
    )
    return Account(left=tuple(left), **places)


def touches(one: Place, other: Place) -> bool:
    """Tell whether two stretches share a character.

    >>> touches((0, 4), (3, 9)), touches((0, 4), (4, 9))
    (True, False)
    """
    return one[0] < other[1] and other[0] < one[1]


def _touched(wanted: Iterable[Place], by: Iterable[Place]) -> int:
    known = tuple(by)
    return sum(any(touches(each, other) for other in known) for each in wanted)
