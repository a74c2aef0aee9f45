"""A stated total beside the sum of its parts: the table that a city's industry system makes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from kg import names
from server.pages import evidence, figures, links
from server.pages.figures import Figure
from server.pages.parts import Link, Naming
from server.series import holdings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from server.pages.catalog import Catalog
    from server.pages.evidence import Mark, Quotation, QuoteView
    from server.pages.language import Language
    from server.pages.statements import Statement
    from server.series.holdings import Holdings

_NOTHING = Decimal(0)
_MOST_PARTS = 12
"""How many industries of a group have a line of their own."""


@dataclass(frozen=True, slots=True)
class Growth:
    """A rate in percent, and the observation that states it."""

    iri: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """One industry of a total: its level, where one is stated, and the growth rates that go with it.

    A level that is a bound has no ``value``: it is shown, and no sum has it.
    """

    industry: str
    metric: str
    level: str
    value: Decimal | None
    growth: tuple[Growth, ...]
    bound: Figure | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of industries."""

    iri: str
    parts: tuple[Part, ...]

    @property
    def shown(self) -> tuple[Part, ...]:
        """The parts that a table shows, the largest; a single one more is shown rather than summed up."""
        return self.parts if len(self.parts) <= _MOST_PARTS + 1 else self.parts[:_MOST_PARTS]

    @property
    def rest(self) -> tuple[Part, ...]:
        """The parts that a table has no room for."""
        return self.parts[len(self.shown) :]

    @property
    def sum(self) -> Decimal:
        """The sum of what is stated of its industries."""
        return _sum(self.parts)


@dataclass(frozen=True, slots=True)
class Total:
    """A stated total of a system of industries, with the parts that should add up to it."""

    iri: str
    value: Decimal
    unit: str
    year: int
    city: str
    system: str
    metric: str
    groups: tuple[Group, ...]
    quotations: dict[str, tuple[Quotation, ...]]
    """For each observation in here, the sentences that say it."""

    @property
    def iris(self) -> Iterator[str]:
        """Everything that has a name in the table."""
        yield from (self.city, self.system, self.metric)
        for group in self.groups:
            yield group.iri
            for part in group.shown:
                yield from filter(None, (part.industry, part.metric))
        for quotations in self.quotations.values():
            yield from (each.publisher for each in quotations if each.publisher)


@dataclass(frozen=True, slots=True)
class Cited:
    """A number, the spaces that set its point in line, its page, and the quotes below that say it."""

    text: str
    padding: str
    href: str
    quotes: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class RowView:
    """One industry in the table of a total."""

    name: Link
    other: Link | None
    measure: Link | None
    value: Cited | None
    share: str
    bar: str
    growth: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class RestView:
    """The industries of a group that have no line of their own."""

    count: int
    sum: str
    share: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group of industries, with its sum."""

    name: Link
    other: Link | None
    rows: tuple[RowView, ...]
    rest: RestView | None
    subtotal: str
    share: str


@dataclass(frozen=True, slots=True)
class Slice:
    """One industry in the picture of a total: where it begins and how long it is, in percent of the total."""

    start: str
    length: str
    group: int
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class TotalView:
    """A stated total beside the sum of its parts; ``other`` are names in the other language."""

    number: int
    city: Link
    system: Link
    metric: Link
    year: int
    unit: str
    groups: tuple[GroupView, ...]
    slices: tuple[Slice, ...]
    sum: str
    stated: Cited
    words: str
    agrees: bool
    difference: str
    count: int
    measures: tuple[str, ...]
    largest_share: str
    quotes: tuple[QuoteView, ...]


def newest(catalog: Catalog) -> tuple[Total, ...]:
    """Return the totals that sources state of whole systems, the newest first, at most three."""
    return tuple(
        quoted(catalog, of(catalog, row.text("city"), row.text("total"))) for row in catalog.kept("totals")
    )


def of(catalog: Catalog, city: str, fact: str) -> Total:
    """Return a total of a city with its parts, and without sentences; read once for a snapshot."""
    return catalog.once(("total", fact), lambda: _read(catalog, city, fact), weight=_weight)


def quoted(catalog: Catalog, total: Total) -> Total:
    """Return a total with the sentences of what is shown of it; read once for a snapshot."""
    facts = [total.iri]
    for group in total.groups:
        for part in group.shown:
            facts += [part.level, *(each.iri for each in part.growth)] if part.level else []
    return catalog.once(
        ("quoted", total.iri),
        lambda: replace(total, quotations=evidence.marked(catalog, facts)),
        weight=_weight,
    )


def view(total: Total, number: int, naming: Naming, other: Naming) -> TotalView:
    """Lay out a total: groups, shares, sums and the numbered sentences below.

    ``other`` names the same things in the other language, where that differs.
    """
    return _Table(total, number, naming, other).view()


class _Table:
    """The table of one total while it is laid out."""

    def __init__(self, total: Total, number: int, naming: Naming, other: Naming) -> None:
        self._total, self._number, self._naming, self._other = total, number, naming, other
        self._language: Language = naming.language
        self._citations = _Citations(total, number, naming)

    def view(self) -> TotalView:
        total = self._total
        parts = [part for group in total.groups for part in group.parts]
        shown = [part for group in total.groups for part in group.shown]
        stated = [part.value for part in parts if part.value is not None]
        sum_ = sum(stated, _NOTHING)
        divisor, unit = figures.scale_of(total.unit, total.value, self._language)
        numbers = [
            *(part.value for part in shown),
            *(_sum(group.rest) for group in total.groups),
            *(group.sum for group in total.groups),
            *(sum_, total.value),
        ]
        column = iter(figures.column([None if each is None else each / divisor for each in numbers]))
        values, rests, subtotals = (
            [next(column) for _ in each] for each in (shown, total.groups, total.groups)
        )
        whole, said = column
        # The total first, so that its sentence is number 1.
        stated_total = self._citations.cite(total.iri, said, self._money(total.value))
        rows = iter(values)
        return TotalView(
            number=self._number,
            city=self._naming.link(total.city),
            system=self._naming.link(total.system),
            metric=self._naming.link(total.metric),
            year=total.year,
            unit=unit,
            groups=tuple(
                self._group(group, rows, rest, subtotal)
                for group, rest, subtotal in zip(total.groups, rests, subtotals, strict=True)
            ),
            slices=tuple(self._slices()),
            sum=whole,
            stated=stated_total,
            words=self._money(total.value),
            agrees=sum_ == total.value,
            difference=self._money(abs(sum_ - total.value)),
            count=len(parts),
            measures=tuple(sorted({self._naming.text(part.metric) for part in parts if part.metric})),
            largest_share=f"{max((figures.share(each, total.value) for each in stated), default=1):f}",
            quotes=self._citations.views(),
        )

    def _slices(self) -> Iterator[Slice]:
        """Lay the stated parts end to end: together as long as they sum up to, whatever the total."""
        start = _NOTHING
        for number, group in enumerate(self._total.groups):
            pieces = [(part.industry, part.value, part.level) for part in group.shown]
            for name, value, leads_to in [*pieces, (group.iri, _sum(group.rest), group.iri)]:
                if not value or not self._total.value:
                    continue
                length = value * 100 / self._total.value
                words = self._naming.text(name) + self._language.say(": ") + self._money(value)
                yield Slice(f"{start:.3f}", f"{length:.3f}", number, words, links.href(leads_to) or "")
                start += length

    def _group(self, group: Group, values: Iterator[str], rest: str, subtotal: str) -> GroupView:
        return GroupView(
            self._naming.link(group.iri),
            self._alias(group.iri),
            tuple(self._row(part, next(values)) for part in group.shown),
            RestView(len(group.rest), rest, self._share(_sum(group.rest))) if group.rest else None,
            subtotal,
            self._share(group.sum),
        )

    def _row(self, part: Part, text: str) -> RowView:
        total = self._total
        has_value = part.value is not None
        return RowView(
            name=self._naming.link(part.industry),
            other=self._alias(part.industry),
            measure=self._naming.link(part.metric) if part.metric else None,
            value=self._stated(part, text),
            share=self._share(part.value) if has_value else "",
            bar=f"{figures.share(part.value, total.value):f}" if part.value is not None else "0",
            growth=tuple(self._rate(each) for each in part.growth),
        )

    def _stated(self, part: Part, text: str) -> Cited | None:
        if part.bound:
            words = figures.words(part.bound, self._language)
            return self._citations.cite(part.level, words, words)
        return self._citations.cite(part.level, text, self._money(part.value)) if part.level else None

    def _rate(self, growth: Growth) -> Cited:
        text = figures.percent(growth.rate, self._language, signed=True)
        return self._citations.cite(growth.iri, text, text)

    def _alias(self, iri: str) -> Link | None:
        """Return the name in the other language, None where it is the same."""
        label = self._other.label(iri)
        if label is None or label == self._naming.label(iri):
            return None
        return Link(label.text, language=self._language.other(label.language))

    def _money(self, value: Decimal | None) -> str:
        return figures.words(Figure(value, self._total.unit), self._language)

    def _share(self, part: Decimal | None) -> str:
        if part is None or not self._total.value:
            return ""
        return figures.share_in_words(part, self._total.value, self._language)


class _Citations:
    """Numbers the sentences of a total in the order in which its figures ask for them."""

    def __init__(self, total: Total, number: int, naming: Naming) -> None:
        self._quotations, self._naming = total.quotations, naming
        self._prefix = f"t{number}-q"
        self._found: dict[str, tuple[Quotation, dict[Link, tuple[Mark, ...]]]] = {}

    def cite(self, fact: str, text: str, words: str) -> Cited:
        link = Link(words, links.href(fact))
        bare = text.rstrip()
        quotes = tuple(self._place(quotation, link) for quotation in self._quotations.get(fact, ()))
        return Cited(bare, text[len(bare) :], link.href or "", quotes)

    def views(self) -> tuple[QuoteView, ...]:
        return tuple(
            evidence.view(
                quotation,
                self._naming,
                number=number,
                prefix=self._prefix,
                marks={mark for marks in facts.values() for mark in marks},
                facts=tuple(facts),
            )
            for number, (quotation, facts) in enumerate(self._found.values(), 1)
        )

    def _place(self, quotation: Quotation, link: Link) -> tuple[int, str]:
        """Enter a sentence in the list, once; return its number and anchor."""
        _, facts = self._found.setdefault(quotation.iri, (quotation, {}))
        facts[link] = quotation.marks
        number = list(self._found).index(quotation.iri) + 1
        return number, f"{self._prefix}{number}"


def _read(catalog: Catalog, city: str, fact: str) -> Total:
    """Read a total from the holdings of its city: what other cities have costs nothing here."""
    held, stated = holdings.of(catalog, city), holdings.read(catalog, [fact])[fact]
    about, figure = stated.about, stated.figure
    if figure is None or figure.value is None or stated.period.year is None:
        raise ValueError(f"{fact} is no total: it has no value, or no year")
    levels = _levels(catalog, held, about["ofMetric"], stated.period.year)
    groups = (
        Group(group, tuple(sorted(_parts(catalog, group, levels, figure.unit), key=_largest_first)))
        for group in catalog.pointing(about["ofIndustry"], names.term("partOf"))
    )
    return Total(
        fact,
        figure.value,
        figure.unit,
        stated.period.year,
        city,
        about["ofIndustry"],
        about["ofMetric"],
        groups=tuple(sorted(filter(_has_parts, groups), key=lambda group: (-group.sum, group.iri))),
        quotations={},
    )


def _levels(catalog: Catalog, held: Holdings, whole: str, year: int) -> dict[str, list[str]]:
    """Return, for each industry, the levels of a year in the metrics that contribute to the whole."""
    metrics = set(catalog.pointing(whole, names.term("contributesTo")))
    found: defaultdict[str, list[str]] = defaultdict(list)
    for (metric, industry), entries in held.series.items():
        if metric in metrics:
            found[industry] += [each.fact for each in entries if (each.kind, each.year) == ("Level", year)]
    return found


def _parts(catalog: Catalog, group: str, levels: dict[str, list[str]], unit: str) -> Iterator[Part]:
    """Yield the industries of a group with each value that is stated; one without any has none."""
    for industry in catalog.pointing(group, names.term("partOf")):
        read = holdings.read(catalog, levels.get(industry, ())).values()
        parts = [
            _part(catalog, level, level.figure)
            for level in read
            if level.figure and level.figure.unit == unit
        ]
        yield from parts or [Part(industry, "", "", None, ())]


def _part(catalog: Catalog, level: Statement, figure: Figure) -> Part:
    return Part(
        level.about["ofIndustry"],
        level.about["ofMetric"],
        level.iri,
        figure.value,
        _growth(catalog, level.iri),
        bound=figure if figure.value is None else None,
    )


def _growth(catalog: Catalog, level: str) -> tuple[Growth, ...]:
    rates = holdings.read(catalog, catalog.pointing(level, names.term("growthOf"))).values()
    return tuple(
        Growth(each.iri, each.figure.value) for each in rates if each.figure and each.figure.value is not None
    )


def _has_parts(group: Group) -> bool:
    return bool(group.parts)


def _sum(parts: Iterable[Part]) -> Decimal:
    return sum((part.value for part in parts if part.value is not None), _NOTHING)


def _weight(total: Total) -> int:
    return 1 + sum(len(group.parts) for group in total.groups) + 4 * len(total.quotations)


def _largest_first(part: Part) -> tuple[Decimal, str]:
    return -(part.value or _NOTHING), part.industry
