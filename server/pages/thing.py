"""The page of anything: what is stated of it, the sentences behind that, and what points to it.

Kinds of things with a page of their own add to this; nothing is without a page.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg import names
from server.pages import evidence, figures, links, parts
from server.pages.figures import Figure
from server.pages.parts import Alternate, Link, Naming

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.pages.catalog import Catalog, Row
    from server.pages.evidence import QuoteView, Reading
    from server.pages.language import Language


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a thing and its values."""

    name: Link
    values: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ReadingView:
    """How one phrase was read."""

    phrase: Link
    role: Link
    read_as: Link


@dataclass(frozen=True, slots=True)
class ReadingsView:
    """How the phrases of one source were read."""

    source: Link
    readings: tuple[ReadingView, ...]


@dataclass(frozen=True, slots=True)
class ThingPage:
    """The page of a thing; ``other_title`` is its name in the other language."""

    iri: str
    title: Link
    other_title: Link | None
    kinds: tuple[Link, ...]
    definitions: tuple[Link, ...]
    figure: str
    quotes: tuple[QuoteView, ...]
    readings: tuple[ReadingsView, ...]
    properties: tuple[Property, ...]
    incoming: tuple[Property, ...]
    more_incoming: str | None
    alternates: tuple[Alternate, ...]


def page(catalog: Catalog, iri: str, language: Language, other: Language) -> ThingPage:
    """Return the page of a thing of which the graph says something."""
    rows = catalog.select("thing", thing=iri)
    incoming = catalog.select("incoming", thing=iri)
    more, incoming = len(incoming) > _MOST_INCOMING, incoming[:_MOST_INCOMING]
    sourced = any(row.text("property") in evidence.EVIDENCE for row in rows)
    quotations = evidence.quotations(catalog, iri) if sourced else ()
    readings = evidence.readings(catalog, iri) if sourced else ()
    named = {iri, *_iris(rows), *_iris(incoming)}
    named |= {each.publisher for each in quotations if each.publisher}
    named |= {each.role for each in readings} | {each.read_as for each in readings if each.is_iri}
    naming = Naming(catalog, named, language)
    figure = figure_of(rows, naming)
    return ThingPage(
        iri=iri,
        title=naming.link(iri),
        other_title=alias(iri, naming, Naming(catalog, [iri], other)),
        kinds=tuple(naming.link(each) for each in _narrowest(_values(rows, names.RDF + "type"))),
        definitions=_definitions(rows, language),
        figure=figures.words(figure, language) if figure else "",
        quotes=tuple(evidence.view(each, naming, number=n) for n, each in enumerate(quotations, 1)),
        readings=_readings(readings, {each.source: each.title for each in quotations}, naming),
        properties=_properties(rows, naming, figure),
        incoming=_incoming(incoming, naming),
        more_incoming=_all_incoming(iri) if more else None,
        alternates=parts.alternates(iri),
    )


def alias(iri: str, naming: Naming, second: Naming) -> Link | None:
    """Return the name of a thing in the other language, None where it has none, or the same."""
    label = second.label(iri)
    if label is None or label == naming.label(iri):
        return None
    return Link(label.text, language=naming.language.other(label.language))


def figure_of(rows: Iterable[Row], naming: Naming) -> Figure | None:
    """Return the number of an observation from what is stated of it; None when no number is."""
    found = {row.text("property"): row for row in rows}
    numbers = {
        name: found[names.term(name)].number("value")
        for name in ("value", "lowerBound", "upperBound")
        if names.term(name) in found
    }
    unit = found.get(names.term("unit"))
    if unit is None or not numbers:
        return None
    types = set(_values(rows, names.RDF + "type"))
    kinds = [names.term(name) for name in ("Rank", "Growth") if names.term(name) in types]
    comparator = found.get(names.term("comparator"))
    return Figure(
        numbers.get("value"),
        unit.text("value"),
        naming.text(unit.text("value")),
        numbers.get("lowerBound"),
        numbers.get("upperBound"),
        comparator.text("value") if comparator else "",
        kinds[0] if kinds else "",
    )


_MOST_INCOMING: Final = 100
_DEFINITION: Final = names.SKOS + "definition"
_SHOWN_ELSEWHERE: Final = evidence.EVIDENCE | {
    names.RDF + "type",
    names.RDFS + "label",
    names.SKOS + "prefLabel",
    _DEFINITION,
}
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
_NUMBERS: Final = frozenset(names.term(name) for name in ("value", "lowerBound", "upperBound"))


def _iris(rows: Iterable[Row]) -> set[str]:
    return {row.text(name) for row in rows for name in row if row.is_iri(name)}


def _values(rows: Iterable[Row], property_: str) -> list[str]:
    return [row.text("value") for row in rows if row.text("property") == property_]


def _definitions(rows: Iterable[Row], language: Language) -> tuple[Link, ...]:
    """Return the definitions, the one in the page's language first."""
    found = [
        Link(row.text("value"), language=language.other(row.language("value")))
        for row in rows
        if row.text("property") == _DEFINITION
    ]
    return tuple(sorted(found, key=lambda link: (link.language != "", link.language)))


def _narrowest(types: list[str]) -> list[str]:
    """Leave out the general classes where a narrower one is stated beside them."""
    narrow = [each for each in types if each not in _GENERAL]
    return sorted(narrow or types)


def _properties(rows: Iterable[Row], naming: Naming, figure: Figure | None) -> tuple[Property, ...]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.text("property") not in _SHOWN_ELSEWHERE:
            found[row.text("property")].append(row)
    order = sorted(found, key=lambda each: (_RANKS.get(each, len(_RANKS)), each))
    return tuple(
        Property(
            naming.link(each),
            tuple(sorted((shown(row, naming, figure) for row in found[each]), key=lambda link: link.text)),
        )
        for each in order
    )


def shown(row: Row, naming: Naming, figure: Figure | None = None) -> Link:
    """Show the ``value`` of a statement: a label that leads on, a number, a date in words, or a text."""
    language, text = naming.language, row.text("value")
    if row.is_iri("value"):
        return naming.link(text)
    number = row.number("value") if row.text("property") in _NUMBERS else None
    if figure and number is not None:
        return Link(figures.words(Figure(number, figure.unit, figure.unit_label), language))
    if row.datatype("value") == names.XSD + "date":
        return Link(language.day(text), note=text)
    return Link(text, language=language.other(row.language("value")))


def _incoming(rows: Iterable[Row], naming: Naming) -> tuple[Property, ...]:
    found: defaultdict[str, list[Link]] = defaultdict(list)
    for row in rows:
        subject = row["subject"]
        link = naming.link(subject.value) if isinstance(subject, ox.NamedNode) else Link(row.text("subject"))
        found[row.text("property")].append(link)
    return tuple(
        Property(naming.link(each), tuple(sorted(found[each], key=lambda link: link.text)))
        for each in sorted(found)
    )


def _readings(
    readings: tuple[Reading, ...], titles: dict[str, str], naming: Naming
) -> tuple[ReadingsView, ...]:
    return tuple(
        ReadingsView(
            Link(titles.get(source, names.compact(source)), links.href(source)),
            tuple(
                ReadingView(
                    Link(each.phrase, links.href(each.iri)),
                    naming.link(each.role),
                    naming.link(each.read_as) if each.is_iri else Link(each.read_as),
                )
                for each in readings
                if each.source == source
            ),
        )
        for source in dict.fromkeys(each.source for each in readings)
    )


def _all_incoming(iri: str) -> str:
    query = f"SELECT DISTINCT ?subject ?property WHERE {{ ?subject ?property <{iri}> }}"
    return links.asking(query)
