"""The page of a city: its total and what makes it up, every other figure, targets, ranks and policies.

However much is stated of a city, the page shows so much and no more: the newest of each metric, and the way
to the rest. What it shows is read once for each snapshot.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from babel.lists import format_list

from kg import names
from server import charts
from server.charts import Item
from server.pages import amounts, concept, links, periods, reference, relations, statements, totals
from server.pages.catalog import first, iris, texts
from server.pages.parts import Link, Naming
from server.series import holdings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from server.charts import Chart
    from server.pages.amounts import Amount, SourceLink
    from server.pages.catalog import About, Catalog, Row
    from server.pages.concept import Heading, Match
    from server.pages.language import Language
    from server.pages.reference import ReferenceView
    from server.pages.relations import Relations, RelationsView
    from server.pages.statements import Statement
    from server.pages.totals import Total, TotalView
    from server.series.holdings import Entry, Holdings


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure in a table; ``note`` is the kind of number where it is no plain level."""

    name: Link
    note: str
    amount: Amount
    period: str
    series: str
    sources: tuple[SourceLink, ...]


@dataclass(frozen=True, slots=True)
class MetricView:
    """The newest figures of a metric; ``more`` says how many there are beside these, and leads to them."""

    name: Link
    other: Link | None
    rows: tuple[FigureRow, ...]
    more: Link | None


@dataclass(frozen=True, slots=True)
class EarlierTotal:
    """A total of an earlier year."""

    year: int
    amount: Amount
    series: Link


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target beside the level that met it; nothing is said of one that no source calls met."""

    name: Link
    metric: Link
    target: Link
    due: str
    worked_out: bool
    result: Link | None
    achieved: str
    ahead: str


@dataclass(frozen=True, slots=True)
class RankRow:
    """A rank, and among which cities."""

    metric: Link
    rank: Link
    among: Link | None
    period: str
    sources: tuple[SourceLink, ...]


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy: what it is, how far it has come, and who recognised it as what."""

    name: Link
    other: Link | None
    kind: Link | None
    status: Link | None
    issued_by: Link | None
    period: str
    recognitions: tuple[Link, ...]
    sources: tuple[SourceLink, ...]


@dataclass(frozen=True, slots=True)
class CityPage:
    """A city; every number in it leads to the page of the observation that states it."""

    heading: Heading
    where: tuple[tuple[str, tuple[Link, ...]], ...]
    counts: str
    totals: tuple[TotalView, ...]
    earlier: tuple[EarlierTotal, ...]
    charts: tuple[Chart, ...]
    metrics: tuple[MetricView, ...]
    all_series: str | None
    more_metrics: int
    targets: tuple[TargetRow, ...]
    ranks: tuple[RankRow, ...]
    policies: tuple[PolicyRow, ...]
    relations: RelationsView | None
    reference: ReferenceView | None
    elsewhere: tuple[Match, ...]


def page(catalog: Catalog, iri: str, language: Language, other: Language) -> CityPage:
    """Return the page of a city."""
    return catalog.once(
        ("city page", iri, language.tag), lambda: _page(catalog, iri, language, other), weight=_weight
    )


def _page(catalog: Catalog, iri: str, language: Language, other: Language) -> CityPage:
    dossier = _read(catalog, iri)
    named = set(dossier.iris)
    naming = Naming(catalog, named, language)
    data = reference.view(catalog, dossier.about, naming)
    return _Layout(dossier, naming, Naming(catalog, named, other)).page(data)


def _weight(page: CityPage) -> int:
    """Return what a page weighs beside the holdings of a city: a line of a table is some ten facts."""
    lines = sum(len(metric.rows) for metric in page.metrics) + len(page.earlier) + len(page.policies)
    parts = sum(len(group.rows) for total in page.totals for group in total.groups)
    return 20 + 10 * (lines + 2 * parts)


_MOST_FIGURES: Final = 90
"""How many figures the tables of metrics show in all."""
_FEWEST_FIGURES: Final = 3
"""How many of a metric they show however many metrics there are."""
_MOST_EARLIER: Final = 30
_MOST_OTHERS: Final = 30
"""How many targets, ranks, policies."""


@dataclass(frozen=True, slots=True)
class _Table:
    """The figures of a metric that are shown, and how many are not."""

    metric: str
    statements: tuple[Statement, ...]
    left: int


@dataclass(frozen=True, slots=True)
class _Dossier:
    """What the page of a city is made of, in no language."""

    city: str
    held: Holdings
    about: About
    matches: tuple[Row, ...]
    around: Relations
    totals: tuple[Total, ...]
    earlier: tuple[Statement, ...]
    tables: tuple[_Table, ...]
    more_metrics: int
    others: dict[str, tuple[Statement, ...]]
    results: dict[str, Statement]
    sources: int
    dates: dict[str, tuple[str, str]]
    """For each source its date and its title."""

    @property
    def statements(self) -> Iterator[Statement]:
        """Every fact that the page shows outside the totals."""
        yield from self.earlier
        yield from self.results.values()
        for table in self.tables:
            yield from table.statements
        for found in self.others.values():
            yield from found

    @property
    def iris(self) -> Iterator[str]:
        """Everything that has a name on the page."""
        yield self.city
        yield from iris(self.about)
        yield from (names.term(name) for name in _PLACES)
        yield from reference.iris(self.about)
        yield from concept.matched(self.matches)
        yield from self.around.iris
        for total in self.totals:
            yield from total.iris
        for statement in self.statements:
            yield from statement.iris
            yield from (statement.about[name] for name in _NAMED if name in statement.about)


def _read(catalog: Catalog, iri: str) -> _Dossier:
    held = holdings.of_read(catalog, iri)
    stated = [(key, entry) for key, entries in held.series.items() for entry in entries]
    whole = {row.text("metric") for row in catalog.kept("total-metrics")}
    sums = sorted(
        (entry for key, entry in stated if _is_total(key, entry, whole)),
        key=lambda entry: (-(entry.year or 0), entry.fact),
    )
    newest = [entry for entry in sums if entry.year == sums[0].year][:_MOST_TOTALS]
    found = tuple(totals.of(catalog, iri, entry.fact) for entry in newest if _is_whole(catalog, entry.fact))
    earlier = [entry.fact for entry in sums if entry not in newest][:_MOST_EARLIER]
    others = {
        kind: [entry.fact for _, entry in stated if entry.kind == kind][:_MOST_OTHERS]
        for kind in ("Target", "Rank")
    } | {kind: [entry.fact for entry in held.others.get(kind, ())][:_MOST_OTHERS] for kind in _NUMBERLESS}
    shown = set(_in_totals(found)) | set(earlier)
    tables, more = _tables(held, shown)
    wanted = [*earlier, *(fact for facts in others.values() for fact in facts)]
    wanted += [entry.fact for entries, _ in tables.values() for entry in entries]
    said = holdings.read(catalog, wanted)
    goals = [said[fact] for fact in others["Target"]]
    results = holdings.read(
        catalog, {goal.about["achievedBy"] for goal in goals if "achievedBy" in goal.about}
    )
    sources = {source for statement in said.values() for source in statement.sources}
    return _Dossier(
        iri,
        held,
        catalog.about(iri),
        tuple(concept.matches(catalog, iri)),
        relations.around(catalog, iri),
        found,
        tuple(said[fact] for fact in earlier if fact in said),
        tuple(
            _Table(metric, tuple(said[entry.fact] for entry in entries), left)
            for metric, (entries, left) in tables.items()
        ),
        more,
        {kind: tuple(said[fact] for fact in facts) for kind, facts in others.items()},
        results,
        holdings.sources(catalog, iri),
        {source: _dated(catalog, source) for source in sources},
    )


_MOST_TOTALS: Final = 3
_PLACES: Final = ("capitalOf", "within")
_NAMED: Final = ("issuedBy", "policyKind", "policyStatus", "rankedAmong", "recognisedAs", "shareOf")
_NUMBERLESS: Final = ("Policy", "Recognition")


def _is_total(key: holdings.Key, entry: Entry, whole: set[str]) -> bool:
    metric, industry = key
    return (
        metric in whole and links.kind_of(industry) == "system" and entry.kind == "Level" and bool(entry.year)
    )


def _is_whole(catalog: Catalog, fact: str) -> bool:
    """Tell whether a total is a value, and no bound: nothing adds up to a bound."""
    figure = holdings.read(catalog, [fact])[fact].figure
    return figure is not None and figure.value is not None


def _in_totals(found: Iterable[Total]) -> Iterator[str]:
    for total in found:
        yield total.iri
        for group in total.groups:
            for part in group.shown:
                yield part.level
                yield from (growth.iri for growth in part.growth)


def _tables(held: Holdings, shown: set[str]) -> tuple[dict[str, tuple[list[Entry], int]], int]:
    """Choose the newest figures of each metric, and count what is left; the newest metrics come first."""
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for (metric, _), entries in held.series.items():
        found[metric] += [
            each for each in entries if each.fact not in shown and each.kind not in {"Target", "Rank"}
        ]
    full = {metric: sorted(entries, key=_newest_first) for metric, entries in found.items() if entries}
    most = max(_FEWEST_FIGURES, _MOST_FIGURES // max(1, len(full)))
    order = sorted(sorted(full), key=lambda metric: full[metric][0].last, reverse=True)
    kept = order[: _MOST_FIGURES // min(most, _FEWEST_FIGURES)]
    return {metric: (full[metric][:most], len(full[metric][most:])) for metric in kept}, len(order) - len(
        kept
    )


def _newest_first(entry: Entry) -> tuple[tuple[int, ...], str]:
    return tuple(-ord(each) for each in entry.last) or (1,), entry.fact


def _dated(catalog: Catalog, source: str) -> tuple[str, str]:
    about = catalog.about(source)
    return first(about, names.DCTERMS + "date"), first(about, names.DCTERMS + "title")


class _Layout:
    """The page while it is laid out in a language."""

    def __init__(self, dossier: _Dossier, naming: Naming, second: Naming) -> None:
        self._dossier, self._naming, self._second = dossier, naming, second
        self._language = naming.language

    def page(self, data: ReferenceView | None) -> CityPage:
        dossier, naming = self._dossier, self._naming
        around = relations.view(dossier.around, naming, self._second)
        return CityPage(
            concept.heading(dossier.about, dossier.city, naming, self._second),
            where=tuple(self._where()),
            counts=self._counts(),
            totals=tuple(
                totals.view(total, number, naming, self._second)
                for number, total in enumerate(dossier.totals, 1)
            ),
            earlier=self._earlier(),
            charts=tuple(self._charts()),
            metrics=tuple(map(self._metric, dossier.tables)),
            all_series=links.series_href(dossier.city) if dossier.held.figures else None,
            more_metrics=dossier.more_metrics,
            targets=tuple(map(self._target, dossier.others["Target"])),
            ranks=tuple(map(self._rank, dossier.others["Rank"])),
            policies=tuple(map(self._policy, dossier.others["Policy"])),
            relations=around,
            reference=data,
            elsewhere=concept.elsewhere(dossier.matches, naming),
        )

    def _where(self) -> Iterator[tuple[str, tuple[Link, ...]]]:
        """Yield what the city is the capital of, and what it lies in."""
        for name in _PLACES:
            found = sorted(texts(self._dossier.about, names.term(name)))
            if found:
                yield self._naming.text(names.term(name)), tuple(map(self._naming.link, found))

    def _counts(self) -> str:
        language, held, sources = self._language, self._dossier.held, self._dossier.sources
        industries = sum(1 for each in held.industries if links.kind_of(each) == "industry")
        found = [
            (held.figures, language.count("%(num)s figure", "%(num)s figures", held.figures)),
            (len(held.metrics), language.count("%(num)s metric", "%(num)s metrics", len(held.metrics))),
            (industries, language.count("%(num)s industry", "%(num)s industries", industries)),
            (len(held.others.get("Policy", ())), self._policies()),
            (sources, language.count("%(num)s source", "%(num)s sources", sources)),
        ]
        told = format_list([text for number, text in found if number], locale=language.locale)
        if not told:
            return language.say("Nothing is stated of it.")
        if held.years is None:
            return language.say("What is stated of it: %(counts)s.", counts=told)
        span = periods.words(periods.years(*held.years), language)
        return language.say("What is stated of it: %(counts)s; years: %(years)s.", counts=told, years=span)

    def _policies(self) -> str:
        number = len(self._dossier.held.others.get("Policy", ()))
        return self._language.count("%(num)s policy", "%(num)s policies", number)

    def _earlier(self) -> tuple[EarlierTotal, ...]:
        found = [each for each in self._dossier.earlier if each.period.year is not None]
        return tuple(
            EarlierTotal(
                each.period.year or 0,
                amount,
                Link(self._naming.text(each.about["ofMetric"]), self._series(each)),
            )
            for each, amount in zip(found, self._amounts(found), strict=True)
        )

    def _charts(self) -> Iterator[Chart]:
        """Draw the newest total: its industries by value, by growth and by share."""
        for number, total in enumerate(self._dossier.totals, 1):
            naming, language = self._naming, self._language
            end = f"-{number}" if number > 1 else ""
            values, rates = [], []
            for group in total.groups:
                name = naming.text(group.iri)
                for part in group.shown:
                    industry = naming.text(part.industry)
                    values.append(Item(industry, part.value, name, part.level))
                    growth = part.growth[0] if part.growth else None
                    rates.append(
                        Item(industry, growth.rate if growth else None, name, growth.iri if growth else "")
                    )
            about = {"city": naming.text(total.city), "year": total.year}
            if not any(item.value is not None for item in values):
                continue
            yield charts.bars(
                values,
                address=charts.of_thing(total.city, f"industries{end}"),
                language=language,
                title=language.say("Industries of %(city)s, %(year)s", **about),
                unit=total.unit,
            )
            if any(item.value is not None for item in rates):
                yield charts.ranking(
                    rates,
                    address=charts.of_thing(total.city, f"growth{end}"),
                    language=language,
                    title=language.say("Growth of the industries of %(city)s, %(year)s", **about),
                )
            if total.value > 0:
                yield charts.shares(
                    values,
                    address=charts.of_thing(total.city, f"shares{end}"),
                    language=language,
                    title=language.say("Shares of the total of %(city)s, %(year)s", **about),
                    whole=total.value,
                    unit=total.unit,
                )

    def _metric(self, table: _Table) -> MetricView:
        found = sorted(table.statements, key=self._in_table)
        return MetricView(
            self._naming.link(table.metric),
            concept.alias(table.metric, self._naming, self._second),
            tuple(self._row(each, amount) for each, amount in zip(found, self._amounts(found), strict=True)),
            Link(
                self._language.count("%(num)s more figure", "%(num)s more figures", table.left),
                f"{links.series_href(self._dossier.city)}?metric={names.local(table.metric)}",
            )
            if table.left
            else None,
        )

    def _in_table(self, statement: Statement) -> tuple[tuple[int, ...], str, int, str]:
        """Sort the newest first, then by name, levels before what is said of them."""
        about = statement.about.get("ofIndustry", "")
        kind = statement.kind
        rank = statements.KINDS.index(kind) if kind in statements.KINDS else len(statements.KINDS)
        return (
            tuple(-ord(each) for each in statement.period.last),
            self._naming.text(about) if about else "",
            rank,
            statement.iri,
        )

    def _row(self, statement: Statement, amount: Amount) -> FigureRow:
        return FigureRow(
            self._subject(statement),
            self._note(statement),
            amount,
            periods.cell(statement.period, self._language),
            self._series(statement),
            self._sources(statement),
        )

    def _subject(self, statement: Statement) -> Link:
        about = statement.about.get("ofIndustry")
        return self._naming.link(about) if about else Link(self._language.say("the city as a whole"))

    def _note(self, statement: Statement) -> str:
        """Say what kind of number it is, where it is no plain level."""
        said = _NOTES.get(statement.kind)
        whole = statement.about.get("shareOf")
        return self._language.say(said) % {"whole": self._naming.text(whole) if whole else ""} if said else ""

    def _target(self, statement: Statement) -> TargetRow:
        result = self._dossier.results.get(statement.about.get("achievedBy", ""))
        ahead, year = statement.number("yearsAhead"), statement.number("targetYear")
        return TargetRow(
            self._subject(statement),
            Link(self._naming.text(statement.about["ofMetric"]), self._series(statement)),
            self._number(statement),
            str(year or ""),
            # a year that the source does not print is derived from the result (MODEL: targets met early)
            worked_out=year is not None and "wasDerivedFrom" in statement.about,
            result=self._number(result) if result else None,
            achieved=periods.words(result.period, self._language) if result else "",
            ahead=self._language.count("%(num)s year ahead", "%(num)s years ahead", ahead) if ahead else "",
        )

    def _rank(self, statement: Statement) -> RankRow:
        among = statement.about.get("rankedAmong")
        return RankRow(
            Link(self._naming.text(statement.about["ofMetric"]), self._series(statement)),
            self._number(statement),
            self._naming.link(among) if among else None,
            periods.cell(statement.period, self._language),
            self._sources(statement),
        )

    def _policy(self, statement: Statement) -> PolicyRow:
        def named(name: str) -> Link | None:
            about = statement.about.get(name)
            return self._naming.link(about) if about else None

        return PolicyRow(
            self._naming.link(statement.iri),
            concept.alias(statement.iri, self._naming, self._second),
            named("policyKind"),
            named("policyStatus"),
            named("issuedBy"),
            periods.cell(statement.period, self._language),
            tuple(
                Link(self._naming.text(each.about.get("recognisedAs", each.iri)), links.href(each.iri))
                for each in self._dossier.others["Recognition"]
                if each.about.get("recognises") == statement.iri
            ),
            self._sources(statement),
        )

    def _sources(self, statement: Statement) -> tuple[SourceLink, ...]:
        return amounts.sources(
            {each: self._dossier.dates.get(each, ("", "")) for each in statement.sources}, self._language
        )

    def _series(self, statement: Statement) -> str:
        about = statement.about
        return links.series_href(self._dossier.city, about["ofMetric"], about.get("ofIndustry"))

    def _number(self, statement: Statement) -> Link:
        text = statements.number(statement, self._naming)
        return Link(text or self._naming.text(statement.iri), links.href(statement.iri))

    def _amounts(self, found: Iterable[Statement]) -> list[Amount]:
        pairs = ((statements.labelled(each, self._naming), links.href(each.iri)) for each in found)
        return amounts.aligned(pairs, self._language)


_NOTES: Final = {"Growth": "growth", "Share": "share of %(whole)s", "Converted": "converted by the source"}
