"""Holdings: which figures there are of a city, so that a page reads no more of them than it shows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from kg import names
from server.pages import statements
from server.pages.catalog import first, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from server.pages.catalog import Catalog
    from server.pages.statements import Statement

Key = tuple[str, str]
"""The IRIs of a metric and of an industry, group or system; the second is empty for the city itself."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact: its IRI, the local name of its class, its year where it has one, and the last day known of."""

    fact: str
    kind: str
    year: int | None
    last: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """The facts about a city: the figures by series, the others by kind, the newest first.

    ``figures`` counts, ``years`` are the first and the last of which there is a figure.
    """

    city: str
    series: Mapping[Key, tuple[Entry, ...]]
    others: Mapping[str, tuple[Entry, ...]]
    figures: int
    years: tuple[int, int] | None

    @property
    def metrics(self) -> frozenset[str]:
        """What is measured."""
        return frozenset(metric for metric, _ in self.series)

    @property
    def industries(self) -> frozenset[str]:
        """What it is measured of, the city itself left out."""
        return frozenset(industry for _, industry in self.series if industry)


def of(catalog: Catalog, city: str) -> Holdings:
    """Return the holdings of a city: read once for a snapshot, by one query whose cost is that city's own."""
    return _once(catalog, city, partial(_asked, catalog, city))


def of_read(catalog: Catalog, city: str) -> Holdings:
    """Return the same for who reads the facts too: where they are few, from what these say, and no query."""
    facts = catalog.pointing(city, _OF_CITY)
    return _once(catalog, city, partial(_read, catalog, facts)) if _are_few(facts) else of(catalog, city)


def sources(catalog: Catalog, city: str) -> int:
    """Return how many sources state anything of a city."""
    facts = catalog.pointing(city, _OF_CITY)
    if _are_few(facts):
        return len({each for fact in facts for each in texts(catalog.about(fact), names.term("statedIn"))})
    return sum(row.whole("sources") for row in catalog.select("city-sources", city=city))


def read(catalog: Catalog, facts: Iterable[str]) -> dict[str, Statement]:
    """Return what facts say: an index look-up for each, and no query."""
    return statements.read(catalog.said_of(facts))


_OF_CITY: Final = names.term("ofCity")
_FEW: Final = 100
"""Up to so many facts are read one by one in less time than a query takes."""
_Placed = tuple[Key, "Entry"]
"""A fact and its series; one without a metric is in none."""


def _are_few(facts: Sequence[str]) -> bool:
    return len(facts) <= _FEW


def _once(catalog: Catalog, city: str, read: Callable[[], Iterable[_Placed]]) -> Holdings:
    return catalog.once(
        ("holdings", city), lambda: _gathered(city, read()), weight=lambda held: 1 + held.figures
    )


def _asked(catalog: Catalog, city: str) -> Iterator[_Placed]:
    for row in catalog.select("city-facts", city=city):
        year = row.whole("year") if "year" in row else None
        kind = names.local(row.text("kind"))
        yield (
            (row.text("metric"), row.text("industry")),
            _entry(row.text("fact"), kind, year, row.text("last")),
        )


def _read(catalog: Catalog, facts: Iterable[str]) -> Iterator[_Placed]:
    for fact, about in catalog.said_of(facts).items():
        metric, industry, year, end, after = (first(about, each) for each in _READ)
        for kind in texts(about, names.RDF + "type"):
            if kind != _ANY_FIGURE:
                entry = _entry(fact, names.local(kind), int(year) if year else None, end or after)
                yield (metric, industry), entry


_ANY_FIGURE: Final = names.term("Observation")
_READ: Final = tuple(map(names.term, ("ofMetric", "ofIndustry", "year", "periodEnd", "notAfter")))


def _entry(fact: str, kind: str, year: int | None, last: str) -> Entry:
    return Entry(fact, kind, year, last or ("" if year is None else f"{year}-12-31"))


def _gathered(city: str, placed: Iterable[_Placed]) -> Holdings:
    found: defaultdict[Key, set[Entry]] = defaultdict(set)
    others: defaultdict[str, set[Entry]] = defaultdict(set)
    for key, entry in placed:
        if key[0]:
            found[key].add(entry)
        else:
            others[entry.kind].add(entry)
    years = {each.year for entries in found.values() for each in entries if each.year is not None}
    return Holdings(
        city,
        {key: _newest_first(found[key]) for key in sorted(found)},
        {kind: _newest_first(others[kind]) for kind in sorted(others)},
        sum(map(len, found.values())),
        (min(years), max(years)) if years else None,
    )


def _newest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(
        sorted(sorted(entries, key=lambda each: each.fact), key=lambda each: each.last, reverse=True)
    )
