"""What a fact says, whatever its kind: read from its properties, told in the words of the page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Final

from kg import names
from server.pages import figures, links, periods
from server.pages.catalog import text_of, texts
from server.pages.figures import Figure
from server.pages.parts import Link
from server.pages.periods import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from server.pages.catalog import About, Row, Term
    from server.pages.parts import Naming


@dataclass(frozen=True, slots=True)
class Statement:
    """A fact of a source. All names are IRIs, empty where the fact has none; ``kind`` is a local name."""

    iri: str
    kind: str
    about: Mapping[str, str]
    """The first value of each property, by its local name."""
    figure: Figure | None
    period: Period
    quotes: tuple[str, ...]
    readings: tuple[str, ...]
    derived_from: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def iris(self) -> Iterator[str]:
        """Everything that has a name in the words of the fact; its own is in them where nothing else is."""
        if self.figure is None or "ofMetric" not in self.about:
            yield self.iri
        yield from (self.about[name] for name in _NAMED if name in self.about)
        if self.figure:
            yield self.figure.unit

    def number(self, name: str) -> int | None:
        """Return a whole number that is stated, such as ``baseYear``; None where it is not."""
        return int(self.about[name]) if name in self.about else None


@dataclass(frozen=True, slots=True)
class StatementView:
    """A fact in a list: its number (empty where it has none), what that is of, and when it holds."""

    href: str
    number: str
    parts: tuple[Link, ...]
    period: str


def read(said: Mapping[str, About]) -> dict[str, Statement]:
    """Return the facts in what is stated of things."""
    return {iri: _statement(iri, about) for iri, about in said.items()}


def gathered(rows: Iterable[Row]) -> dict[str, Statement]:
    """Return the facts in rows that have one ``?fact``, ``?property`` and ``?value`` each."""
    found: defaultdict[str, defaultdict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row.text("fact")][row.text("property")].append(row["value"])
    return read(found)


def parts(statement: Statement, naming: Naming, *, city: bool = True) -> tuple[Link, ...]:
    """Return what a fact is about, from the city to the measure; ``city=False`` leaves the city out."""
    about = statement.about
    if statement.kind == "RelationStatement":
        return _links(naming, about, "subject", "predicate", "object")
    if statement.kind == "Recognition":
        found = _links(naming, about, "recognises", "recognisedAs")
    elif statement.kind == "Policy":
        found = (naming.link(statement.iri),)
    else:
        found = (*_links(naming, about, "ofIndustry"), *_measure(statement, naming))
    head = _links(naming, about, "ofCity") if city else ()
    told = found and head and found[0].text.startswith(head[0].text)  # “Harbin's four industries”
    return (*(() if told else head), *found) or (naming.link(statement.iri),)


def number(statement: Statement, naming: Naming) -> str:
    """Return the number of a fact in words, empty where it has none."""
    figure = labelled(statement, naming)
    return figures.words(figure, naming.language) if figure else ""


def labelled(statement: Statement, naming: Naming) -> Figure | None:
    """Return the number of a fact with the name of its unit."""
    figure = statement.figure
    return replace(figure, unit_label=naming.text(figure.unit)) if figure else None


def when(statement: Statement, naming: Naming) -> str:
    """Return when a fact holds, as the last part of its title: empty where nothing is stated."""
    year = statement.number("targetYear")
    if statement.kind == "Target" and year is not None:
        return naming.language.say("due by %(year)s", year=year)
    period = statement.period
    stated = period.year is not None or period.start or period.end
    return periods.words(period, naming.language) if stated else ""


def title(statement: Statement, naming: Naming) -> str:
    """Return what a fact is about, and when, in one line.

    This is the page's language throughout; the label in the graph is English.
    """
    found = [part.text for part in parts(statement, naming)]
    return " · ".join(filter(None, [*found, when(statement, naming)]))


def view(statement: Statement, naming: Naming, *, city: bool = True) -> StatementView:
    """Lay out a fact for a list."""
    return StatementView(
        address(statement.iri),
        number(statement, naming),
        parts(statement, naming, city=city),
        when(statement, naming),
    )


def address(iri: str) -> str:
    """Return where the page of a fact is."""
    return links.representation(iri, "html")


KINDS: Final = ("Level", "Growth", "Share", "Rank", "Target", "Converted")
"""The kinds of observations, by the local names of their classes."""
_OTHERS: Final = ("Policy", "Recognition", "RelationStatement")
_NAMED: Final = (
    *("ofCity", "ofIndustry", "ofMetric", "shareOf", "rankedAmong", "reportedBy"),
    *("subject", "predicate", "object", "recognises", "recognisedAs", "policyKind", "policyStatus"),
)


def _statement(iri: str, said: About) -> Statement:
    about = {_name(each): min(map(text_of, values)) for each, values in said.items()}
    types = {names.local(each) for each in texts(said, names.RDF + "type")}
    kind = next((each for each in (*KINDS, *_OTHERS) if each in types), "")
    return Statement(
        iri,
        kind,
        about,
        _figure(about, kind),
        _period(about),
        quotes=tuple(sorted(texts(said, names.term("evidence")))),
        readings=tuple(sorted(texts(said, names.term("hasReading")))),
        derived_from=tuple(sorted(texts(said, names.PROV + "wasDerivedFrom"))),
        sources=tuple(sorted(texts(said, names.term("statedIn")))),
    )


@cache
def _name(property_: str) -> str:
    """Return the local name of a property, of which there are few."""
    return names.local(property_)


def _figure(about: Mapping[str, str], kind: str) -> Figure | None:
    value, lower, upper = (
        Decimal(about[name]) if name in about else None for name in ("value", "lowerBound", "upperBound")
    )
    if "unit" not in about or (value, lower, upper) == (None, None, None):
        return None
    return Figure(
        value,
        about["unit"],
        lower=lower,
        upper=upper,
        comparator=about.get("comparator", ""),
        kind=names.term(kind) if kind in {"Rank", "Growth"} else "",
    )


def _period(about: Mapping[str, str]) -> Period:
    return Period(
        int(about["year"]) if "year" in about else None,
        about.get("periodStart", ""),
        about.get("periodEnd", ""),
        about.get("notAfter", ""),
        about.get("periodBasis", ""),
    )


def _measure(statement: Statement, naming: Naming) -> tuple[Link, ...]:
    """Return the metric, in the words of the kind of number: ``growth of output value``."""
    (*_, metric) = (Link(""), *_links(naming, statement.about, "ofMetric"))
    said = MEASURES.get(statement.kind)
    if not metric.text or said is None:
        return (metric,) if metric.text else ()
    whole, among = (
        naming.text(statement.about[name]) if name in statement.about else naming.language.say("not stated")
        for name in ("shareOf", "rankedAmong")
    )
    text = naming.language.say(said) % {"metric": metric.text, "whole": whole, "among": among}
    return (replace(metric, text=text),)


MEASURES: Final = {
    "Growth": "growth of %(metric)s",
    "Share": "%(metric)s as a share of %(whole)s",
    "Rank": "rank by %(metric)s in %(among)s",
    "Target": "target for %(metric)s",
    "Converted": "%(metric)s, converted",
}
"""What a number of each kind is of, beside a level, which is of its metric."""


def _links(naming: Naming, about: Mapping[str, str], *wanted: str) -> tuple[Link, ...]:
    return tuple(naming.link(about[name]) for name in wanted if name in about)
