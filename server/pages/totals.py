"""A stated total beside the sum of its parts: the table that a city's industry system makes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from server.pages import evidence, figures, links
from server.pages.figures import Figure
from server.pages.parts import Link, Naming

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from server.pages.catalog import Catalog, Row
    from server.pages.evidence import Mark, Quotation, QuoteView
    from server.pages.language import Language

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Growth:
    """A rate in percent, and the observation that states it."""

    iri: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """One industry of a total: its level, where one is stated, and the growth rates that go with it."""

    industry: str
    metric: str
    level: str
    value: Decimal | None
    growth: tuple[Growth, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of industries."""

    iri: str
    parts: tuple[Part, ...]

    @property
    def sum(self) -> Decimal:
        """The sum of what is stated of its industries."""
        return sum((part.value for part in self.parts if part.value is not None), _NOTHING)


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
            for part in group.parts:
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
class GroupView:
    """A group of industries, with its sum."""

    name: Link
    other: Link | None
    rows: tuple[RowView, ...]
    subtotal: str
    share: str


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
    return tuple(_total(catalog, row) for row in catalog.select("totals"))


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
        stated = [part.value for part in parts if part.value is not None]
        sum_ = sum(stated, _NOTHING)
        divisor, unit = figures.scale_of(total.unit, total.value, self._language)
        numbers = [*(part.value for part in parts), *(group.sum for group in total.groups), sum_, total.value]
        column = figures.column([None if each is None else each / divisor for each in numbers])
        values, rest = iter(column[: len(parts)]), column[len(parts) :]
        # The total first, so that its sentence is number 1.
        stated_total = self._citations.cite(total.iri, rest[-1], self._money(total.value))
        return TotalView(
            number=self._number,
            city=self._naming.link(total.city),
            system=self._naming.link(total.system),
            metric=self._naming.link(total.metric),
            year=total.year,
            unit=unit,
            groups=tuple(
                self._group(group, values, text) for group, text in zip(total.groups, rest, strict=False)
            ),
            sum=rest[-2],
            stated=stated_total,
            words=self._money(total.value),
            agrees=sum_ == total.value,
            difference=self._money(abs(sum_ - total.value)),
            count=len(parts),
            measures=tuple(sorted({self._naming.text(part.metric) for part in parts if part.metric})),
            largest_share=f"{max((figures.share(each, total.value) for each in stated), default=1):f}",
            quotes=self._citations.views(),
        )

    def _group(self, group: Group, values: Iterator[str], subtotal: str) -> GroupView:
        return GroupView(
            self._naming.link(group.iri),
            self._alias(group.iri),
            tuple(self._row(part, next(values)) for part in group.parts),
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
            value=self._citations.cite(part.level, text, self._money(part.value)) if has_value else None,
            share=self._share(part.value) if has_value else "",
            bar=f"{figures.share(part.value, total.value):f}" if part.value is not None else "0",
            growth=tuple(self._rate(each) for each in part.growth),
        )

    def _rate(self, growth: Growth) -> Cited:
        text = figures.percent(growth.rate, signed=True)
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
        return f"{figures.share(part, self._total.value):f}\N{NARROW NO-BREAK SPACE}%"


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


def _total(catalog: Catalog, row: Row) -> Total:
    iri = row.text("total")
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for each in catalog.select("part-evidence", total=iri):
        rows[each.text("fact")].append(each)
    return Total(
        iri,
        Decimal(row.text("value")),
        row.text("unit"),
        row.whole("year"),
        row.text("city"),
        row.text("system"),
        row.text("metric"),
        groups=_groups(catalog.select("parts", total=iri)),
        quotations={fact: evidence.gathered(found) for fact, found in rows.items()},
    )


def _groups(rows: Iterable[Row]) -> tuple[Group, ...]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.text("group")].append(row)
    groups = [Group(iri, tuple(sorted(_parts(found[iri]), key=_largest_first))) for iri in found]
    return tuple(sorted(groups, key=lambda group: (-group.sum, group.iri)))


def _parts(rows: Iterable[Row]) -> Iterator[Part]:
    found: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row.text("industry"), row.text("level")].append(row)
    for (industry, level), members in found.items():
        rates = {each.text("growth"): Decimal(each.text("rate")) for each in members if "rate" in each}
        yield Part(
            industry,
            members[0].text("metric"),
            level,
            members[0].number("value"),
            tuple(Growth(iri, rate) for iri, rate in sorted(rates.items())),
        )


def _largest_first(part: Part) -> tuple[Decimal, str]:
    return -(part.value or _NOTHING), part.industry
