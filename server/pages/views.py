"""The views: what the catalogue found, as finished strings and links, ready to be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from kg import names
from server import formats
from server.pages import figures, links

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from server.pages.catalog import (
        Group,
        Growth,
        Incoming,
        Part,
        Quotation,
        Source,
        Statement,
        Term,
        Thing,
        Total,
        Value,
    )
    from server.pages.figures import Figure


@dataclass(frozen=True, slots=True)
class Link:
    """A text, and where it leads when it leads somewhere; ``language`` where it is not the page's."""

    text: str
    href: str | None = None
    language: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a sentence, marked where it says the value."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A sentence of a source, with everything needed to check it."""

    anchor: str
    number: int
    segments: tuple[Segment, ...]
    source: Link
    publisher: str
    date: str
    day: str
    url: str | None
    quote: str | None
    facts: tuple[Link, ...] = ()


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
    chinese: str
    measure: str
    value: Cited | None
    share: str
    bar: str
    growth: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group of industries, with its sum."""

    name: Link
    chinese: str
    rows: tuple[RowView, ...]
    subtotal: str
    share: str


@dataclass(frozen=True, slots=True)
class TotalView:
    """A stated total beside the sum of its parts."""

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


@dataclass(frozen=True, slots=True)
class SourceView:
    """An article in a list."""

    link: Link
    publisher: str
    date: str
    day: str


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a thing and its values."""

    name: Link
    values: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ReadingView:
    """How one phrase was read."""

    phrase: Link
    role: str
    read_as: Link


@dataclass(frozen=True, slots=True)
class ReadingsView:
    """How the phrases of one source were read."""

    source: Link
    readings: tuple[ReadingView, ...]


@dataclass(frozen=True, slots=True)
class ThingView:
    """The page of a thing."""

    iri: str
    title: str
    chinese: str
    kinds: tuple[Link, ...]
    definitions: tuple[Link, ...]
    figure: str
    quotes: tuple[QuoteView, ...]
    readings: tuple[ReadingsView, ...]
    properties: tuple[Property, ...]
    incoming: tuple[Property, ...]
    more_incoming: str | None
    alternates: tuple[Alternate, ...]


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same thing in another format."""

    title: str
    media_type: str
    href: str


@dataclass(frozen=True, slots=True)
class TermView:
    """A term of the ontology."""

    anchor: str
    name: str
    label: str
    chinese: str
    definition: str
    details: tuple[tuple[str, tuple[Link, ...]], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The terms of one sort."""

    title: str
    anchor: str
    terms: tuple[TermView, ...]


def total_view(total: Total, number: int) -> TotalView:
    """Lay out a total: groups, shares, sums and the numbered sentences below."""
    citations = _Citations(total, number)
    parts = [part for group in total.groups for part in group.parts]
    stated = [part.value for part in parts if part.value is not None]
    divisor, unit = figures.scale_of(total.unit, total.value)
    sum_ = sum(stated, start=total.value * 0)
    subtotals = [_subtotal(group, total.value * 0) for group in total.groups]
    numbers = [part.value for part in parts]
    column = figures.column(
        [None if each is None else each / divisor for each in (*numbers, *subtotals, sum_, total.value)]
    )
    values = iter(column[: len(parts)])
    rest = column[len(parts) :]
    stated_total = citations.cite(
        total.iri, rest[-1], _money(total.value, total)
    )  # first, so that its sentence is number 1
    return TotalView(
        number=number,
        city=_named(total.city),
        system=_named(total.system),
        metric=_named(total.metric),
        year=total.year,
        unit=unit,
        groups=tuple(
            GroupView(
                _named(group.group),
                group.chinese,
                tuple(_row(part, total, next(values), citations) for part in group.parts),
                text,
                _share(subtotal, total.value),
            )
            for group, subtotal, text in zip(total.groups, subtotals, rest, strict=False)
        ),
        sum=rest[-2],
        stated=stated_total,
        words=_money(total.value, total),
        agrees=sum_ == total.value,
        difference=_money(abs(sum_ - total.value), total),
        count=len(parts),
        measures=tuple(sorted({part.metric for part in parts if part.metric})),
        largest_share=f"{max((figures.share(each, total.value) for each in stated), default=1):f}",
        quotes=citations.views(),
    )


def source_view(source: Source) -> SourceView:
    """Show an article in a list."""
    link = Link(source.title, links.href(source.iri))
    return SourceView(link, source.publisher, source.date, day(source.date))


def thing_view(thing: Thing, figure: Figure | None) -> ThingView:
    """Lay out the page of a thing."""
    own = [each for each in thing.statements if each.property not in _SHOWN_ELSEWHERE]
    own.sort(key=lambda each: (_RANKS.get(each.property, len(_RANKS)), each.property))
    return ThingView(
        iri=thing.iri,
        title=thing.label() or names.compact(thing.iri),
        chinese=thing.label("zh"),
        kinds=tuple(_named(each) for each in _narrowest(thing.values(names.RDF + "type"))),
        definitions=tuple(
            Link(each.text, language=_language(each.language)) for each in thing.values(_DEFINITION)
        ),
        figure=figures.words(figure) if figure else "",
        quotes=tuple(_quote(each, f"q{n}", n, each.marks) for n, each in enumerate(thing.quotations, 1)),
        readings=_readings(thing),
        properties=tuple(_property(each, figure) for each in own),
        incoming=tuple(_pointing(each) for each in thing.incoming),
        more_incoming=_all_incoming(thing.iri) if thing.more_incoming else None,
        alternates=alternates(thing.iri),
    )


def alternates(iri: str) -> tuple[Alternate, ...]:
    """Return the addresses of a thing's triples."""
    found = (formats.by_suffix(suffix) for suffix in formats.THING_SUFFIXES)
    return tuple(
        Alternate(each.title, each.media_type, links.representation(iri, each.suffix)) for each in found
    )


def sections(terms: Iterable[Term]) -> tuple[Section, ...]:
    """Lay out the ontology: classes, properties, then the values of the closed lists."""
    found: dict[str, list[Term]] = {"Classes": [], "Properties": [], "Values": []}
    for term in terms:
        found[_sort(term)].append(term)
    return tuple(
        Section(title, f"-{title.lower()}", tuple(_term(term) for term in members))
        for title, members in found.items()
        if members
    )


def day(text: str) -> str:
    """Write a date as people do; what is no date stays as it is.

    >>> day("2021-03-30")
    '30 March 2021'
    """
    try:
        parsed = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{parsed.day} {_MONTHS[parsed.month - 1]} {parsed.year}"


_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DEFINITION: Final = names.SKOS + "definition"
_SHOWN_ELSEWHERE: Final = frozenset(
    {
        names.RDF + "type",
        names.RDFS + "label",
        names.SKOS + "prefLabel",
        _DEFINITION,
        names.term("evidence"),
        names.term("hasReading"),
    }
)
_GENERAL: Final = frozenset(
    {
        names.term("EconomicActivity"),
        names.term("Observation"),
        names.term("Place"),
        names.term("Source"),
        names.OWL + "NamedIndividual",
        names.PROV + "Entity",
        names.SKOS + "Concept",
    }
)
_RANKS: Final = {
    names.term(name): rank
    for rank, name in enumerate(
        (
            *("ofCity", "ofIndustry", "ofMetric", "shareOf", "rankedAmong", "year", "targetYear"),
            *("value", "lowerBound", "upperBound", "comparator", "unit", "valueText", "baseYear"),
            *("growthOf", "numerator", "achievedBy", "yearsAhead", "convertedFrom"),
            *("policyKind", "policyStatus", "recognises", "recognisedAs"),
            *("periodText", "periodBasis", "periodStart", "periodEnd", "notAfter"),
            *("reportedBy", "statedIn", "partOf", "capitalOf", "within"),
        )
    )
}
"""What a reader wants to know first; everything else follows by name."""
_NUMBERS: Final = {
    names.term("value"): "value",
    names.term("lowerBound"): "lower",
    names.term("upperBound"): "upper",
}


class _Citations:
    """Numbers the sentences of a total in the order in which its figures ask for them."""

    def __init__(self, total: Total, number: int) -> None:
        self._quotations = total.quotations
        self._prefix = f"t{number}-q"
        self._found: dict[str, tuple[Quotation, dict[Link, tuple[tuple[int, int], ...]]]] = {}

    def cite(self, fact: str, text: str, words: str) -> Cited:
        link = Link(words, links.href(fact))
        bare = text.rstrip()
        quotes = tuple(self._place(quotation, link) for quotation in self._quotations.get(fact, ()))
        return Cited(bare, text[len(bare) :], link.href or "", quotes)

    def views(self) -> tuple[QuoteView, ...]:
        return tuple(
            _quote(
                quotation,
                f"{self._prefix}{number}",
                number,
                {mark for marks in facts.values() for mark in marks},
                tuple(facts),
            )
            for number, (quotation, facts) in enumerate(self._found.values(), 1)
        )

    def _place(self, quotation: Quotation, link: Link) -> tuple[int, str]:
        """Enter a sentence in the list, once; return its number and anchor."""
        _, facts = self._found.setdefault(quotation.quote, (quotation, {}))
        facts[link] = quotation.marks
        number = list(self._found).index(quotation.quote) + 1
        return number, f"{self._prefix}{number}"


def _row(part: Part, total: Total, text: str, citations: _Citations) -> RowView:
    value = citations.cite(part.level, text, _money(part.value, total)) if part.value is not None else None
    return RowView(
        name=_named(part.industry),
        chinese=part.chinese,
        measure=part.metric,
        value=value,
        share=_share(part.value, total.value) if part.value is not None else "",
        bar=f"{figures.share(part.value, total.value):f}" if part.value is not None else "0",
        growth=tuple(_cited_rate(each, citations) for each in part.growth),
    )


def _cited_rate(growth: Growth, citations: _Citations) -> Cited:
    text = figures.percent(growth.rate, signed=True)
    return citations.cite(growth.iri, text, text)


def _money(value: Decimal, total: Total) -> str:
    return figures.words(figures.Figure(value, total.unit))


def _subtotal(group: Group, zero: Decimal) -> Decimal:
    return sum((part.value for part in group.parts if part.value is not None), start=zero)


def _share(part: Decimal, whole: Decimal) -> str:
    return f"{figures.share(part, whole):f}\N{NARROW NO-BREAK SPACE}%" if whole else ""


def _quote(
    quotation: Quotation,
    anchor: str,
    number: int,
    marks: Iterable[tuple[int, int]],
    facts: tuple[Link, ...] = (),
) -> QuoteView:
    return QuoteView(
        anchor,
        number,
        segments(quotation.text, marks),
        Link(quotation.title, links.href(quotation.source)),
        quotation.publisher,
        quotation.date,
        day(quotation.date),
        links.href(quotation.url),
        links.href(quotation.quote),
        facts,
    )


def segments(text: str, marks: Iterable[tuple[int, int]]) -> tuple[Segment, ...]:
    """Cut a sentence at its marks; marks that overlap become one.

    >>> [(each.text, each.marked) for each in segments("reached 9.3 percent", [(8, 19)])]
    [('reached ', False), ('9.3 percent', True)]
    """
    found, place = [], 0
    for start, end in sorted(marks):
        first = max(start, place)
        found += [
            Segment(text[place:first], marked=False),
            Segment(text[first : max(end, first)], marked=True),
        ]
        place = max(end, place)
    found.append(Segment(text[place:], marked=False))
    return tuple(each for each in found if each.text)


def _readings(thing: Thing) -> tuple[ReadingsView, ...]:
    titles = {each.source: each.title for each in thing.quotations}
    return tuple(
        ReadingsView(
            Link(titles.get(source, names.compact(source)), links.href(source)),
            tuple(
                ReadingView(
                    Link(each.phrase, links.href(each.reading)),
                    each.role.label or names.compact(each.role.text),
                    _shown(each.read_as),
                )
                for each in thing.readings
                if each.source == source
            ),
        )
        for source in dict.fromkeys(each.source for each in thing.readings)
    )


def _narrowest(types: tuple[Value, ...]) -> tuple[Value, ...]:
    """Leave out the general classes where a narrower one is stated beside them."""
    narrow = tuple(each for each in types if each.text not in _GENERAL)
    return narrow or types


def _property(statement: Statement, figure: Figure | None) -> Property:
    name = _property_name(statement.property, statement.label)
    if figure and statement.property in _NUMBERS:
        number = getattr(figure, _NUMBERS[statement.property])
        return Property(name, (Link(figures.words(figures.Figure(number, figure.unit, figure.unit_label))),))
    return Property(name, tuple(_shown(each) for each in statement.values))


def _pointing(incoming: Incoming) -> Property:
    return Property(
        _property_name(incoming.property, incoming.label), tuple(_named(each) for each in incoming.subjects)
    )


def _property_name(iri: str, label: str) -> Link:
    return Link(label or _spaced(names.local(iri)), links.href(iri), note=names.compact(iri))


def _spaced(name: str) -> str:
    """Write a name in words, for terms that are not ours to label.

    >>> _spaced("closeMatch")
    'close match'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _named(value: Value) -> Link:
    text = value.label or names.compact(value.text)
    return Link(text, links.href(value.text) if value.is_iri else None, note=value.text)


def _shown(value: Value) -> Link:
    if value.is_iri:
        return _named(value)
    if value.datatype == names.XSD + "date":
        return Link(day(value.text), note=value.text)
    return Link(value.text, language=_language(value.language))


def _language(tag: str) -> str:
    """Return a language tag for HTML where it is not the page's own."""
    return "" if tag in {"", "en"} else tag


def _all_incoming(iri: str) -> str:
    query = f"SELECT DISTINCT ?subject ?property WHERE {{ ?subject ?property <{iri}> }}"
    return links.asking(query)


def _sort(term: Term) -> str:
    if names.OWL + "Class" in term.types:
        return "Classes"
    return "Properties" if any(each.endswith("Property") for each in term.types) else "Values"


def _term(term: Term) -> TermView:
    kinds = [each for each in term.types if each.startswith(names.CEKG)]
    details = (
        ("Value of", kinds),
        ("Within", list(term.parents)),
        ("Of", [term.domain]),
        ("Leads to", [term.range]),
    )
    return TermView(
        anchor=names.local(term.iri),
        name=names.compact(term.iri),
        label=term.label,
        chinese=term.chinese,
        definition=term.definition,
        details=tuple(
            (name, tuple(Link(names.compact(each), links.href(each)) for each in iris if each))
            for name, iris in details
            if any(iris)
        ),
    )
