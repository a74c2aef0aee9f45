"""Which figures agree: what several sources say of one thing and time, held side by side, never mended.

The *key* of a figure is what it is about: city, industry, metric, kind of observation, unit, the whole of a
share, the place of a rank, the year of a target, and the period; without a period, the date after which it
cannot lie. Figures of one key agree if one number could make all of them true: 45 percent agrees with "more
than 40", and 95 does not with "more than 100". The shape ``sources-agree`` is the same rule in SPARQL.

A converted amount has no key: it repeats its original at somebody's rate.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Key = tuple[tuple[str, str], ...]
"""Property and value, by name; both local names of the ontology or IRIs, as they stand in the graph."""


@dataclass(frozen=True, slots=True)
class Number:
    """What an observation says of its number; ``comparator`` is the local name of a cekg:Comparison."""

    comparator: str
    value: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None

    @property
    def least(self) -> tuple[Decimal, bool]:
        """The smallest number that it allows, and whether it excludes that one."""
        if self.value is not None:
            return self.value - self._slack, False
        return (-_INFINITE, False) if self.lower is None else (self.lower, self.comparator == "MoreThan")

    @property
    def most(self) -> tuple[Decimal, bool]:
        """The largest number that it allows, and whether it excludes that one."""
        if self.value is not None:
            return self.value + self._slack, False
        return (_INFINITE, False) if self.upper is None else (self.upper, self.comparator == "LessThan")

    @property
    def _slack(self) -> Decimal:
        """Half a unit of the last digit that is no zero, for "about": about 7,000 is from 6,500 to 7,500."""
        if self.comparator != "About" or not self.value:
            return Decimal(0)
        exponent = self.value.normalize().as_tuple().exponent
        return Decimal((0, (5,), int(exponent) - 1))


_INFINITE: Final = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Figure:
    """An observation: what it is about, its number, and the sources that state it.

    ``times`` is the period, or the dates after which it cannot lie, one for each source.
    """

    iri: str
    about: Key
    times: tuple[Key, ...]
    number: Number
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one key, by IRI; ``times`` are several where the same undated figures share several."""

    about: Key
    times: tuple[Key, ...]
    figures: tuple[Figure, ...]

    @property
    def agrees(self) -> bool:
        """Whether one number could make all of them true."""
        return agree(figure.number for figure in self.figures)

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source that states one of them."""
        return tuple(sorted({source for figure in self.figures for source in figure.sources}))


def agree(numbers: Iterable[Number]) -> bool:
    """Return whether one number could make all statements true.

    >>> over, exact = Number("MoreThan", lower=Decimal(40)), Number("Exact", Decimal(45))
    >>> agree([over, exact]), agree([over, Number("Exact", Decimal(40))])
    (True, False)
    >>> agree([Number("About", Decimal(7000)), Number("Exact", Decimal(7030))])
    True
    """
    numbers = list(numbers)
    least, most = max(number.least for number in numbers), min(_ceiling(number) for number in numbers)
    return least[0] < most[0] or (least[0] == most[0] and not least[1] and most[1])


def groups(figures: Iterable[Figure]) -> Iterator[Group]:
    """Return the figures by key, in order; an undated figure stands in the group of each of its dates."""
    keyed: defaultdict[tuple[Key, Key], list[Figure]] = defaultdict(list)
    for figure in figures:
        for time in figure.times:
            keyed[figure.about, time].append(figure)
    alike: defaultdict[tuple[Key, tuple[str, ...]], list[tuple[Key, list[Figure]]]] = defaultdict(list)
    for (about, time), members in keyed.items():
        alike[about, tuple(sorted(figure.iri for figure in members))].append((time, members))
    for (about, _), same in sorted(alike.items(), key=lambda item: item[0]):
        times = tuple(sorted(time for time, _ in same))
        yield Group(about, times, tuple(sorted(same[0][1], key=lambda figure: figure.iri)))


def _ceiling(number: Number) -> tuple[Decimal, bool]:
    """Return the largest number and whether it is included: of two alike, the excluded is the smaller."""
    most, excluded = number.most
    return most, not excluded
