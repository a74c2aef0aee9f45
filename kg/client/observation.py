"""A figure with its sentences, as Python data: what is stated, of what, when, in which words, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from kg import names
from kg.client.naming import best
from kg.client.table import Column
from kg.client.values import IRI, Text
from kg.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from kg.client.values import Value

    About: TypeAlias = Mapping[str, tuple[Value, ...]]
    """What is stated of a thing, by property."""
    Label: TypeAlias = Callable[[str], str]

Kind = Literal["Level", "Growth", "Share", "Rank", "Target", "Converted"]
KINDS: Final[tuple[Kind, ...]] = ("Level", "Growth", "Share", "Rank", "Target", "Converted")
"""Only levels are amounts of a metric: the others are percentages, places, aims, and amounts said twice."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a source, to the letter; ``start`` and ``end`` are its place there, in code points."""

    iri: IRI
    text: str
    language: str
    start: int
    end: int
    source: IRI
    title: str
    publisher: str
    date: date
    url: str


@dataclass(frozen=True, slots=True)
class Observation:
    """A figure that sources state; what they do not state is None.

    A bound has ``lower_bound`` or ``upper_bound`` and no ``value``, so that no sum takes it for a number. A
    figure of no stated period has ``not_after``, the date of its source, and no ``year``.
    """

    iri: IRI
    kind: Kind
    label: str
    city: str | None
    industry: str | None
    metric: str | None
    year: int | None
    value: Decimal | None
    """In whole units: yuan, not billions; percent for growth and shares."""
    lower_bound: Decimal | None
    upper_bound: Decimal | None
    comparator: str | None
    """Exact, About, MoreThan, AtLeast, LessThan, AtMost or Between."""
    unit: str | None
    """Its code in QUDT: CCY_CNY, CCY_USD, PERCENT, NUM."""
    value_text: str | None
    """The number in the words of the source."""
    period_start: date | None
    period_end: date | None
    not_after: date | None
    base_year: int | None
    """For a growth rate: the year that it compares with."""
    target_year: int | None
    share_of: str | None
    ranked_among: str | None
    reported_by: str | None
    """Who reported it, where the sentence says so."""
    city_iri: IRI | None
    industry_iri: IRI | None
    metric_iri: IRI | None
    sentences: tuple[Sentence, ...]
    """All that state it, the oldest source first."""

    @property
    def quote(self) -> str | None:
        """The first sentence that states it."""
        return self.sentences[0].text if self.sentences else None

    @property
    def source_title(self) -> str | None:
        """The title of the first source."""
        return self.sentences[0].title if self.sentences else None

    @property
    def source_publisher(self) -> str | None:
        """Who published the first source."""
        return self.sentences[0].publisher if self.sentences else None

    @property
    def source_date(self) -> date | None:
        """When the first source was published."""
        return self.sentences[0].date if self.sentences else None

    @property
    def source_url(self) -> str | None:
        """Where the first source was published."""
        return self.sentences[0].url if self.sentences else None

    @property
    def sources(self) -> int:
        """How many sources state it; those of one publisher are one voice."""
        return len({each.source for each in self.sentences})


def observation(
    iri: IRI, about: About, sentences: tuple[Sentence, ...], label: Label, language: str
) -> Observation:
    """Read a figure from what is stated of it; ``label`` names the things that it is of."""

    def one(name: str, type_: type[Found]) -> Found | None:
        return first(about, names.term(name), type_)

    def called(name: str) -> str | None:
        thing = one(name, IRI)
        return label(thing) if thing else None

    def local(name: str) -> str | None:
        thing = one(name, IRI)
        return names.local(thing) if thing else None

    said = [each for each in about.get(_LABEL, ()) if isinstance(each, Text)]
    return Observation(
        iri=iri,
        kind=_kind(iri, about),
        label=best(said, language) or names.compact(iri),
        city=called("ofCity"),
        industry=called("ofIndustry"),
        metric=called("ofMetric"),
        year=one("year", int),
        value=_decimal(one("value", object)),
        lower_bound=_decimal(one("lowerBound", object)),
        upper_bound=_decimal(one("upperBound", object)),
        comparator=local("comparator"),
        unit=local("unit"),
        value_text=one("valueText", str),
        period_start=one("periodStart", date),
        period_end=one("periodEnd", date),
        not_after=one("notAfter", date),
        base_year=one("baseYear", int),
        target_year=one("targetYear", int),
        share_of=called("shareOf"),
        ranked_among=called("rankedAmong"),
        reported_by=called("reportedBy"),
        city_iri=one("ofCity", IRI),
        industry_iri=one("ofIndustry", IRI),
        metric_iri=one("ofMetric", IRI),
        sentences=sentences,
    )


def _kind(iri: IRI, about: About) -> Kind:
    types = {names.local(str(each)) for each in about.get(_TYPE, ())}
    found = next((each for each in KINDS if each in types), None)
    if found is None:
        raise Fault(f"{iri} is an observation of no kind: the graph does not conform to its shapes.")
    return found


def sentence(iri: IRI, about: About, source: About, label: Label) -> Sentence:
    """Read a sentence from what is stated of it and of its source."""
    text = first(about, names.OA + "exact", str) or ""
    publisher = first(source, names.DCTERMS + "publisher", IRI)
    title = first(source, names.DCTERMS + "title", str) or ""
    return Sentence(
        iri=iri,
        text=str(text),
        language=getattr(text, "language", "") or getattr(title, "language", ""),
        start=first(about, names.OA + "start", int) or 0,
        end=first(about, names.OA + "end", int) or 0,
        source=first(about, QUOTED_FROM, IRI) or IRI(),
        title=str(title),
        publisher=label(publisher) if publisher else "",
        date=first(source, names.DCTERMS + "date", date) or date.min,
        url=str(first(source, names.SCHEMA + "url", str) or ""),
    )


QUOTED_FROM: Final = names.term("quotedFrom")
Found = TypeVar("Found")


def first(about: About, property_: str, type_: type[Found]) -> Found | None:
    """Return the least value of a property that is of a type, None where there is none."""
    found = [each for each in about.get(property_, ()) if isinstance(each, type_)]
    return min(found, key=str, default=None)


def _decimal(value: object) -> Decimal | None:
    """Return a number as it is exactly; the store writes whole decimals as they are stated, 5 or 5.0."""
    return Decimal(str(value)) if isinstance(value, int | Decimal) else None


_TYPE: Final = names.RDF + "type"
_LABEL: Final = names.RDFS + "label"

COLUMNS: Final[tuple[Column[Observation], ...]] = tuple(
    Column(name, type_, attrgetter(name))
    for type_, some in (
        (str, "city industry metric"),
        (int, "year"),
        (str, "kind"),
        (Decimal, "value lower_bound upper_bound"),
        (str, "comparator unit value_text"),
        (date, "period_start period_end not_after"),
        (int, "base_year target_year"),
        (str, "share_of ranked_among reported_by label quote source_title source_publisher"),
        (date, "source_date"),
        (str, "source_url"),
        (int, "sources"),
        (str, "iri city_iri industry_iri metric_iri"),
    )
    for name in some.split()
)
"""The columns of observations in a data frame: a row is a figure, with the first sentence that states it."""
