"""A candidate: what a data set says of a thing of its own that may be what a thing of ours is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kg import names
from kg.linking.things import Name, Thing

MOST: Final = 50
"""How many candidates for one thing are looked at."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing there. ``classes``, ``places`` and ``same`` are IRIs; no classes at all: nobody asked for them.

    ``codes`` are properties there with their values. ``score`` is what a service gives it, 0 to 100.
    """

    iri: str
    names: tuple[Name, ...]
    description: str = ""
    types: tuple[str, ...] = ()
    classes: frozenset[str] | None = None
    places: frozenset[str] = frozenset()
    codes: frozenset[tuple[str, str]] = frozenset()
    same: frozenset[str] = frozenset()
    score: float | None = None
    is_match: bool = False

    @property
    def label(self) -> str:
        """What it is called, in English where there is such a name; else the end of its address."""
        first = sorted(self.names, key=lambda name: (-name.weight, name.language not in {"en", "mul", ""}))
        return first[0].text if first else names.local(self.iri.rstrip("/"))


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates for a thing, and of how many they are the first."""

    candidates: tuple[Candidate, ...]
    of: int


Finder = Callable[[Thing], Found]
"""Asks a data set for the candidates for a thing."""
