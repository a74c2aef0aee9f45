"""Holdings: which figures there are of a city, so that a page reads no more of them than it shows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import names
from server.pages import statements
from server.pages.catalog import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    return catalog.once(
        ("holdings", city), lambda: _read(catalog, city), weight=lambda held: 1 + held.figures
    )


def sources(catalog: Catalog, city: str) -> int:
    """Return how many sources state anything of a city: one query."""
    return sum(row.whole("sources") for row in catalog.select("city-sources", city=city))


def read(catalog: Catalog, facts: Iterable[str]) -> dict[str, Statement]:
    """Return what facts say: an index look-up for each, and no query."""
    return statements.read(catalog.said_of(facts))


def _read(catalog: Catalog, city: str) -> Holdings:
    found: defaultdict[Key, set[Entry]] = defaultdict(set)
    others: defaultdict[str, set[Entry]] = defaultdict(set)
    for row in catalog.select("city-facts", city=city):
        entry = _entry(row)
        if "metric" in row:
            found[row.text("metric"), row.text("industry")].add(entry)
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


def _entry(row: Row) -> Entry:
    year = row.whole("year") if "year" in row else None
    last = row.text("last") or ("" if year is None else f"{year}-12-31")
    return Entry(row.text("fact"), names.local(row.text("kind")), year, last)


def _newest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(
        sorted(sorted(entries, key=lambda each: each.fact), key=lambda each: each.last, reverse=True)
    )
