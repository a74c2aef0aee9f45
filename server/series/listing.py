"""The list of a city's series: whatever there is, a part of it at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg import names
from server.pages import concept, links, periods
from server.pages.parts import Link, Naming
from server.series import holdings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.pages.catalog import Catalog
    from server.pages.language import Language
    from server.series.holdings import Holdings


@dataclass(frozen=True, slots=True)
class SeriesLink:
    """A series in a list: its address, what it is of, how many figures, from when to when."""

    name: Link
    count: int
    span: str


@dataclass(frozen=True, slots=True)
class MetricSeries:
    """The series of a metric; ``more`` leads to all of them where only some are shown."""

    name: Link
    other: Link | None
    series: tuple[SeriesLink, ...]
    more: Link | None


@dataclass(frozen=True, slots=True)
class SeriesList:
    """The series of a city, by metric."""

    city: Link
    metrics: tuple[MetricSeries, ...]
    pages: tuple[tuple[int, str, bool], ...]
    all_series: str | None


def listing(
    catalog: Catalog, city: str, language: Language, other: Language, *, metric: str = "", number: int = 1
) -> SeriesList:
    """Return the list of a city's series: the first of each metric, or all of one metric, page by page."""
    held = holdings.of(catalog, city)
    found = _by_metric(held, metric)
    part = slice((number - 1) * _MOST_LISTED, number * _MOST_LISTED)
    shown = (
        {metric: found[metric][part]}
        if metric
        else {each: found[each][:_MOST_OF_METRIC] for each in list(found)[part]}
    )
    named = {city, *shown, *(industry for keys in shown.values() for _, industry in keys)} - {""}
    naming, second = Naming(catalog, named, language), Naming(catalog, named, other)
    address = links.series_href(city)
    return SeriesList(
        naming.link(city),
        tuple(
            MetricSeries(
                naming.link(each),
                concept.alias(each, naming, second),
                tuple(sorted((_one(held, key, naming) for key in keys), key=lambda one: one.name.text)),
                None if metric or keys == found[each] else _all_of(address, each, len(found[each]), language),
            )
            for each, keys in shown.items()
        ),
        tuple(_pages(address, metric, number, len(found[metric]) if metric else len(found))),
        address if metric else None,
    )


_MOST_LISTED: Final = 100
"""Series of one metric on a page, or metrics."""
_MOST_OF_METRIC: Final = 12


def _by_metric(held: Holdings, metric: str) -> dict[str, list[holdings.Key]]:
    """Return the series of each metric, or of one."""
    found: dict[str, list[holdings.Key]] = {metric: []} if metric else {}
    for key in held.series:
        if not metric or key[0] == metric:
            found.setdefault(key[0], []).append(key)
    return found


def _one(held: Holdings, key: holdings.Key, naming: Naming) -> SeriesLink:
    _, industry = key
    name = naming.text(industry) if industry else naming.language.say("the city as a whole")
    return SeriesLink(
        Link(name, links.series_href(held.city, *key)),
        len(held.series[key]),
        _span(held, key, naming.language),
    )


def _all_of(address: str, metric: str, count: int, language: Language) -> Link:
    return Link(language.say("all %(num)s series", num=count), f"{address}?metric={names.local(metric)}")


def _span(held: Holdings, key: holdings.Key, language: Language) -> str:
    years = [each.year for each in held.series[key] if each.year is not None]
    if not years:
        return language.say("no year stated")
    return periods.words(periods.years(min(years), max(years)), language)


def _pages(address: str, metric: str, number: int, count: int) -> Iterator[tuple[int, str, bool]]:
    last = -(-count // _MOST_LISTED)
    asked = f"metric={names.local(metric)}&" if metric else ""
    if last > 1:
        yield from ((each, f"{address}?{asked}page={each}", each == number) for each in range(1, last + 1))
