"""A series: what is stated of a metric of a city, or of one of its industries, in the order of time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import names
from kg.agreement import Number, agree
from server.pages import evidence
from server.series import holdings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from server.pages.catalog import Catalog
    from server.pages.evidence import Quotation
    from server.pages.figures import Figure
    from server.pages.statements import Statement


@dataclass(frozen=True, slots=True)
class Series:
    """The facts of one city and metric, and of one industry, which is empty for the city as a whole."""

    city: str
    metric: str
    industry: str
    statements: tuple[Statement, ...]
    quotations: Mapping[str, tuple[Quotation, ...]]

    def of_kind(self, kind: str) -> tuple[Statement, ...]:
        """Return the statements of a kind that are of a whole year."""
        return tuple(each for each in self.statements if each.kind == kind and each.period.year is not None)

    @property
    def others(self) -> tuple[Statement, ...]:
        """Everything that is no level and no growth of a whole year."""
        return tuple(each for each in self.statements if not _is_yearly(each))

    @property
    def years(self) -> range:
        """From the first to the last year of which a level or a growth is stated."""
        found = [year for each in self.statements if _is_yearly(each) and (year := each.period.year)]
        return range(min(found), max(found) + 1) if found else range(0)

    @property
    def missing(self) -> tuple[int, ...]:
        """The years in between of which neither is."""
        found = {each.period.year for each in self.statements if _is_yearly(each)}
        return tuple(year for year in self.years if year not in found)

    @property
    def conflicts(self) -> tuple[int, ...]:
        """The years of which sources state what cannot all be true."""
        return tuple(sorted({each for kind in _YEARLY for each in conflicts(self.of_kind(kind))}))

    @property
    def sources(self) -> frozenset[str]:
        """Who states it."""
        return frozenset(source for each in self.statements for source in each.sources)


def of(catalog: Catalog, city: str, metric: str, industry: str) -> Series | None:
    """Return a series, None where nothing of it is stated; read once for a snapshot."""
    entries = holdings.of(catalog, city).series.get((metric, industry))
    if entries is None:
        return None
    facts = [entry.fact for entry in entries]
    return catalog.once(
        ("series", city, metric, industry),
        lambda: _read(catalog, (city, metric, industry), facts),
        weight=lambda series: 15 * len(series.statements),
    )


def conflicts(statements: Iterable[Statement]) -> frozenset[int]:
    """Return the years of which no one number could make all that is stated true, unit by unit.

    The rule is that of the build: “more than 40” agrees with 41, and not with 39.
    """
    found: defaultdict[tuple[int, str, str], list[Number]] = defaultdict(list)
    for each in statements:
        if each.figure and each.period.year is not None:
            key = (each.period.year, each.figure.unit, each.about.get("baseYear", ""))
            found[key].append(_number(each.figure))
    return frozenset(year for (year, *_), numbers in found.items() if not agree(numbers))


def _number(figure: Figure) -> Number:
    comparator = names.local(figure.comparator) if figure.comparator else ""
    return Number(comparator, figure.value, figure.lower, figure.upper)


def lines(series: Series, year: int) -> Iterator[tuple[Statement | None, tuple[Statement, ...]]]:
    """Yield the lines of a year: each level with the growth that led to it, then growth without a level."""
    levels, growth = ([each for each in series.of_kind(kind) if each.period.year == year] for kind in _YEARLY)
    for level in levels:
        yield level, tuple(each for each in growth if each.about.get("growthOf") == level.iri)
    known = {level.iri for level in levels}
    alone = tuple(each for each in growth if each.about.get("growthOf") not in known)
    if alone:
        yield None, alone


_YEARLY = ("Level", "Growth")


def _is_yearly(statement: Statement) -> bool:
    return statement.kind in _YEARLY and statement.period.year is not None


def _read(catalog: Catalog, key: tuple[str, str, str], facts: list[str]) -> Series:
    found = holdings.read(catalog, facts).values()
    return Series(
        *key,
        tuple(
            sorted(
                found,
                key=lambda each: (
                    each.period.last,
                    _YEARLY.index(each.kind) if each.kind in _YEARLY else 2,
                    each.iri,
                ),
            )
        ),
        evidence.quotations(catalog, facts),
    )
