"""The figures that name a concept, in all cities: the newest, each with a link to the sentence that says it.

What is shown has a limit, and so has what it costs: the rest is a question to the graph, ready to run.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg import names
from server.pages import links, periods, statements
from server.pages.catalog import question
from server.pages.parts import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.pages.catalog import Catalog
    from server.pages.parts import Naming
    from server.pages.statements import Statement

MOST: Final = 50
"""How many figures a page shows."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The newest figures of a concept; ``more`` is where all of them are, when these are not all."""

    statements: tuple[Statement, ...]
    more: str | None

    @property
    def iris(self) -> Iterator[str]:
        """Everything that has a name in the list; the figures are there by their numbers."""
        for statement in self.statements:
            yield from (each for each in statement.iris if each != statement.iri)


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure: its number in words, which leads to its sentence, what kind it is, and when it holds."""

    number: Link
    note: str
    period: str
    sources: int


@dataclass(frozen=True, slots=True)
class SeriesView:
    """The figures of one metric of one city, or of one industry of it; ``href`` shows them over the years."""

    names: tuple[Link, ...]
    href: str | None
    figures: tuple[FigureView, ...]


@dataclass(frozen=True, slots=True)
class CityView:
    """What a city has of a concept; no ``name`` where the figures name no city."""

    name: Link | None
    series: tuple[SeriesView, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of figures by city."""

    cities: tuple[CityView, ...]
    count: int
    more: str | None


def newest(catalog: Catalog, role: str, iri: str) -> Figures:
    """Return the newest figures in which a concept has a role, such as ``ofMetric``.

    Which are the newest is a question to all of them, so it is asked once for each snapshot.
    """
    return catalog.once(("newest", role, iri), lambda: _newest(catalog, names.term(role), iri))


def _newest(catalog: Catalog, role: str, iri: str) -> Figures:
    facts = statements.gathered(catalog.select("newest-figures", role=role, concept=iri)).values()
    found = sorted((each for each in facts if each.kind in statements.KINDS), key=_newest_first)
    more = links.asking(question("all-figures", role=role, concept=iri)) if len(facts) > MOST else None
    return Figures(tuple(found[:MOST]), more)


def view(figures: Figures, naming: Naming, *, by: tuple[str, ...]) -> Listing | None:
    """Lay out figures by city, then ``by`` other roles such as ``ofIndustry``; None where there are none."""
    if not figures.statements:
        return None
    cities: defaultdict[str, list[Statement]] = defaultdict(list)
    for statement in figures.statements:
        cities[statement.about.get("ofCity", "")].append(statement)
    order = sorted(cities, key=lambda city: (naming.text(city), city))
    return Listing(
        tuple(
            CityView(naming.link(city) if city else None, _series(cities[city], naming, by)) for city in order
        ),
        len(figures.statements),
        figures.more,
    )


def _newest_first(statement: Statement) -> tuple[str, str]:
    """Sort what was so later before what was so earlier, and what has no period after that."""
    return _complement(statement.period.end or ""), statement.iri


def _complement(day: str) -> str:
    """Turn the order of dates round.

    >>> _complement("2021-12-31") < _complement("2020-12-31") < _complement("")
    True
    """
    return day.translate(_TURNED) or "~"


_TURNED: Final = str.maketrans("0123456789", "9876543210", "-")


def _series(found: list[Statement], naming: Naming, by: tuple[str, ...]) -> tuple[SeriesView, ...]:
    series: defaultdict[tuple[str, ...], list[Statement]] = defaultdict(list)
    for statement in found:
        series[tuple(statement.about.get(name, "") for name in ("ofMetric", "ofIndustry"))].append(statement)
    views = [_one_series(each, naming, by) for each in series.values()]
    return tuple(sorted(views, key=lambda view: tuple(name.text for name in view.names)))


def _one_series(found: list[Statement], naming: Naming, by: tuple[str, ...]) -> SeriesView:
    about = found[0].about
    named = tuple(naming.link(about[name]) for name in by if name in about)
    city, metric = about.get("ofCity", ""), about.get("ofMetric", "")
    return SeriesView(
        named or (Link(naming.language.say("the city as a whole")),),
        links.series_href(city, metric, about.get("ofIndustry")) if city and metric else None,
        tuple(_figure(each, naming) for each in sorted(found, key=_levels_first)),
    )


def _levels_first(statement: Statement) -> tuple[int, str, str]:
    kinds = statements.KINDS
    rank = kinds.index(statement.kind) if statement.kind in kinds else len(kinds)
    return rank, *_newest_first(statement)


def _figure(statement: Statement, naming: Naming) -> FigureView:
    number = statements.number(statement, naming) or naming.text(statement.iri)
    return FigureView(
        Link(number, links.href(statement.iri)),
        _note(statement, naming),
        _period(statement, naming),
        len(statement.sources),
    )


def _note(statement: Statement, naming: Naming) -> str:
    """Say what kind of number it is, where it is no plain level."""
    whole, among = (
        naming.text(statement.about[name]) if name in statement.about else ""
        for name in ("shareOf", "rankedAmong")
    )
    said = _NOTES.get(statement.kind)
    return naming.language.say(said) % {"whole": whole, "among": among} if said else ""


_NOTES: Final = {
    "Growth": "growth",
    "Share": "share of %(whole)s",
    "Rank": "in %(among)s",
    "Target": "target",
    "Converted": "converted by the source",
}


def _period(statement: Statement, naming: Naming) -> str:
    language, year = naming.language, statement.number("targetYear")
    if statement.kind == "Target" and year is not None:
        return language.say("due by %(year)s", year=year)
    return periods.cell(statement.period, language)
