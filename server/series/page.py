"""The page of a series: a table of its years, a chart of them, and the way to the sentence of each number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg import names
from server import charts
from server.charts import Point
from server.pages import amounts, concept, links, periods, statements
from server.pages.parts import Link, Naming
from server.series.series import conflicts, lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from server.charts import Chart
    from server.pages.amounts import Amount, SourceLink
    from server.pages.catalog import Catalog
    from server.pages.figures import Figure
    from server.pages.language import Language
    from server.pages.statements import Statement
    from server.series.series import Series


@dataclass(frozen=True, slots=True)
class Line:
    """One level of a year, with the growth that led to it, and who states them."""

    level: Amount | None
    growth: tuple[Amount, ...]
    sources: tuple[SourceLink, ...]


@dataclass(frozen=True, slots=True)
class YearView:
    """A year: without lines where nothing is stated of it, with several where sources differ."""

    year: int
    lines: tuple[Line, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class OtherRow:
    """What is stated beside levels and growth of whole years."""

    kind: str
    amount: Amount
    period: str
    sources: tuple[SourceLink, ...]


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """A series; ``earlier`` counts the years that the page leaves to the files."""

    title: tuple[Link, ...]
    definition: Link | None
    summary: str
    remarks: tuple[str, ...]
    has_levels: bool
    has_growth: bool
    unit: str
    years: tuple[YearView, ...]
    earlier: int
    others: tuple[OtherRow, ...]
    chart: Chart | None
    all_series: Link


def page(catalog: Catalog, series: Series, language: Language) -> SeriesPage:
    """Return the page of a series."""
    return catalog.once(
        ("series page", series.city, series.metric, series.industry, language.tag),
        lambda: _Layout(catalog, series, Naming(catalog, set(_iris(series)), language)).page(),
        weight=lambda page: 20 + 10 * (len(page.years) + len(page.others)),
    )


def chart(catalog: Catalog, series: Series, language: Language) -> Chart | None:
    """Return the chart of a series, None where no year has a number."""
    return _Layout(catalog, series, Naming(catalog, set(_iris(series)), language)).chart()


_MOST_YEARS: Final = 100


def _iris(series: Series) -> Iterator[str]:
    yield from filter(None, (series.city, series.metric, series.industry))
    for statement in series.statements:
        yield from statement.iris
        yield from (statement.about[name] for name in ("shareOf", "rankedAmong") if name in statement.about)


class _Layout:
    """A series while it is laid out in a language."""

    def __init__(self, catalog: Catalog, series: Series, naming: Naming) -> None:
        self._catalog, self._series, self._naming = catalog, series, naming
        self._language = naming.language
        self._levels, self._growth = series.of_kind("Level"), series.of_kind("Growth")
        self._differing = (conflicts(self._levels), conflicts(self._growth))

    def page(self) -> SeriesPage:
        series = self._series
        unit, levels = self._column(self._levels)
        found = levels | self._column(self._growth)[1] | self._amounts(series.others)
        years = tuple(self._year(year, found) for year in reversed(series.years))
        title = tuple(map(self._naming.link, filter(None, (series.city, series.industry, series.metric))))
        return SeriesPage(
            title,
            concept.best(self._catalog.about(series.metric), names.SKOS + "definition", self._language),
            self._summary(),
            tuple(self._remarks()),
            bool(self._levels),
            bool(self._growth),
            unit,
            years[:_MOST_YEARS],
            len(years[_MOST_YEARS:]),
            tuple(
                OtherRow(self._kind(each), found[each.iri], self._period(each), self._sources([each]))
                for each in reversed(series.others[-_MOST_YEARS:])
            ),
            self.chart(),
            Link(
                self._language.say("All series of %(city)s", city=title[0].text),
                links.series_href(series.city),
            ),
        )

    def chart(self) -> Chart | None:
        """Draw the levels, in the unit that most of them have; the growth where no level is stated."""
        drawn = [each for each in self._levels or self._growth if each.figure]
        units = Counter(each.figure.unit for each in drawn if each.figure)
        if not units:
            return None
        unit = max(sorted(units), key=lambda each: units[each])
        kind = "" if self._levels else names.term("Growth")
        title = " · ".join(
            self._naming.text(each)
            for each in (self._series.city, self._series.industry, self._series.metric)
            if each
        )
        return charts.series(
            [
                Point(
                    each.period.year or 0,
                    each.figure.value,
                    each.figure.lower,
                    each.figure.upper,
                    each.figure.comparator,
                    fact=each.iri,
                )
                for each in drawn
                if each.figure and each.figure.unit == unit
            ],
            address=links.series_href(self._series.city, self._series.metric, self._series.industry),
            language=self._language,
            title=title if self._levels else self._language.say("%(title)s, growth", title=title),
            unit=unit,
            kind=kind,
            unit_label=self._naming.text(unit),
        )

    def _year(self, year: int, found: dict[str, Amount]) -> YearView:
        return YearView(
            year,
            tuple(
                Line(
                    found[level.iri] if level else None,
                    tuple(found[each.iri] for each in growth),
                    self._sources([*([level] if level else []), *growth]),
                )
                for level, growth in lines(self._series, year)
            ),
            any(year in each for each in self._differing),
        )

    def _column(self, found: Iterable[Statement]) -> tuple[str, dict[str, Amount]]:
        members = list(found)
        unit, written = amounts.column(map(self._pair, members), self._language)
        return unit, {each.iri: amount for each, amount in zip(members, written, strict=True)}

    def _amounts(self, found: Iterable[Statement]) -> dict[str, Amount]:
        members = list(found)
        written = amounts.aligned(map(self._pair, members), self._language)
        return {each.iri: amount for each, amount in zip(members, written, strict=True)}

    def _pair(self, statement: Statement) -> tuple[Figure | None, str | None]:
        return statements.labelled(statement, self._naming), links.href(statement.iri)

    def _summary(self) -> str:
        series, language = self._series, self._language
        figures = language.count("%(num)s figure", "%(num)s figures", len(series.statements))
        sources = language.count("%(num)s source", "%(num)s sources", len(series.sources))
        if not series.years:
            return self._language.say("%(figures)s from %(sources)s.", figures=figures, sources=sources)
        span = periods.words(periods.years(series.years[0], series.years[-1]), self._language)
        return self._language.say(
            "%(figures)s from %(sources)s, %(years)s.", figures=figures, sources=sources, years=span
        )

    def _remarks(self) -> Iterator[str]:
        """Yield what a reader must know before comparing the years."""
        series, language = self._series, self._language
        if series.missing:
            yield language.count(
                "Of %(num)s year in between nothing is stated.",
                "Of %(num)s years in between nothing is stated.",
                len(series.missing),
            )
        if series.conflicts:
            yield language.count(
                "Of %(num)s year sources state different values; all of them are shown.",
                "Of %(num)s years sources state different values; all of them are shown.",
                len(series.conflicts),
            )
        if any(each.figure and each.figure.value is None for each in (*self._levels, *self._growth)):
            yield self._language.say("Some numbers are bounds: the value itself is not stated.")

    def _kind(self, statement: Statement) -> str:
        whole, among = (
            self._naming.text(statement.about[name]) if name in statement.about else ""
            for name in ("shareOf", "rankedAmong")
        )
        return self._language.say(_KINDS[statement.kind]) % {"whole": whole, "among": among}

    def _period(self, statement: Statement) -> str:
        year = statement.number("targetYear")
        if statement.kind == "Target" and year is not None:
            return self._language.say("due by %(year)s", year=year)
        return periods.cell(statement.period, self._language)

    def _sources(self, found: Iterable[Statement]) -> tuple[SourceLink, ...]:
        quotations = (each for statement in found for each in self._series.quotations.get(statement.iri, ()))
        dated = {each.source: (each.date, each.title) for each in quotations}
        return amounts.sources(dated, self._language)


_KINDS: Final = {
    "Level": "level",
    "Growth": "growth",
    "Share": "share of %(whole)s",
    "Rank": "rank in %(among)s",
    "Target": "target",
    "Converted": "converted by the source",
}
