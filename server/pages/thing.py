"""The page of anything: what is stated of it, the sentences behind that, and what points to it.

Kinds of things with a page of their own show more; nothing is without a page.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg import names
from server.pages import concept, evidence, links
from server.pages.catalog import by_property, language_of, question, text_of
from server.pages.concept import Property
from server.pages.parts import Link, Naming

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from server.pages.catalog import Catalog, Row, Term
    from server.pages.concept import Heading
    from server.pages.language import Language


@dataclass(frozen=True, slots=True)
class Count:
    """How often something is there, as the build counted it; ``name`` says what."""

    name: Link
    number: str


@dataclass(frozen=True, slots=True)
class Partition:
    """How much of a data set belongs to each class, or uses each property."""

    title: str
    counts: tuple[Count, ...]
    rest: int


@dataclass(frozen=True, slots=True)
class ThingPage:
    """The page of a thing."""

    heading: Heading
    counts: tuple[Count, ...]
    properties: tuple[Property, ...]
    partitions: tuple[Partition, ...]
    all_partitions: str
    incoming: tuple[Property, ...]
    more_incoming: str | None


def page(catalog: Catalog, iri: str, language: Language, other: Language) -> ThingPage:
    """Return the page of a thing of which the graph says something."""
    rows = catalog.select("thing", thing=iri)
    incoming = catalog.select("incoming", thing=iri)
    stated = {row.text("property") for row in rows}
    partitions = _most(catalog.kept("partitions", dataset=iri)) if stated & _PARTITIONS else {}
    named = {iri, *_iris(rows), *_iris(incoming)}
    named |= {term for counted in partitions.values() for _, term in counted[:_MOST_COUNTS]}
    naming = Naming(catalog, named, language)
    return ThingPage(
        concept.heading(by_property(rows), iri, naming, Naming(catalog, [iri], other)),
        counts=_counts(rows, language),
        properties=_properties(rows, iri, naming),
        partitions=tuple(_partitions(partitions, naming)),
        all_partitions=links.asking(question("partitions", dataset=iri)),
        incoming=_incoming(incoming[:_MOST_INCOMING], iri, naming),
        more_incoming=(
            links.asking(question("all-incoming", thing=iri)) if len(incoming) > _MOST_INCOMING else None
        ),
    )


def shown(value: Term, naming: Naming) -> Link:
    """Show a value: a label that leads on, a date in words, or a text."""
    language, text = naming.language, text_of(value)
    if isinstance(value, ox.NamedNode):
        return naming.link(text)
    if isinstance(value, ox.Literal) and value.datatype == _DATE:
        return Link(language.day(text), note=text)
    return Link(text, language=language.other(language_of(value)))


_DATE: Final = ox.NamedNode(names.XSD + "date")


_MOST_INCOMING: Final = 100
_MOST_VALUES: Final = 20
_MOST_COUNTS: Final = 20
_PARTITIONS: Final = frozenset({names.VOID + "classPartition", names.VOID + "propertyPartition"})
_COUNTED: Final = {
    names.VOID + "triples": "statements",
    names.VOID + "entities": "things",
    names.VOID + "classes": "classes",
    names.VOID + "properties": "properties",
    names.VOID + "distinctSubjects": "subjects",
    names.VOID + "distinctObjects": "values",
}
"""What the build counts of a data set or graph (VoID, 4.3), and how the page calls it."""
_SHOWN_ELSEWHERE: Final = {
    *(evidence.EVIDENCE | _PARTITIONS | _COUNTED.keys()),
    *(names.SKOS + name for name in ("prefLabel", "altLabel", "hiddenLabel", "definition")),
    *(names.SKOS + name for name in ("scopeNote", "editorialNote", "historyNote", "note")),
    *(names.DCTERMS + name for name in ("title", "description")),
    names.RDF + "type",
    names.RDFS + "label",
}


def _iris(rows: Iterable[Row]) -> set[str]:
    return {row.text(name) for row in rows for name in row if row.is_iri(name)}


def _counts(rows: Iterable[Row], language: Language) -> tuple[Count, ...]:
    found = {row.text("property"): row for row in rows}
    return tuple(
        Count(Link(language.say(said)), f"{found[each].whole('value'):,}")
        for each, said in _COUNTED.items()
        if each in found
    )


def _most(rows: Iterable[Row]) -> dict[str, list[tuple[int, str]]]:
    """Return the classes and the properties of a data set with their counts, the most first."""
    found: dict[str, list[tuple[int, str]]] = {title: [] for title in _PARTS.values()}
    for row in rows:
        for name, title in _PARTS.items():
            if name in row:
                found[title].append((row.whole(name), row.text("term")))
    return {title: sorted(counted, key=lambda each: (-each[0], each[1])) for title, counted in found.items()}


_PARTS: Final = {"things": "Things of each class", "statements": "Statements with each property"}


def _partitions(found: Mapping[str, list[tuple[int, str]]], naming: Naming) -> Iterator[Partition]:
    for title, counted in found.items():
        if counted:
            yield Partition(
                naming.language.say(title),
                tuple(Count(naming.link(term), f"{number:,}") for number, term in counted[:_MOST_COUNTS]),
                max(len(counted) - _MOST_COUNTS, 0),
            )


def _properties(rows: Iterable[Row], iri: str, naming: Naming) -> tuple[Property, ...]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.text("property") not in _SHOWN_ELSEWHERE and row.text("value") != iri:
            found[row.text("property")].append(row)
    return tuple(_property(each, found[each], iri, naming) for each in sorted(found))


def _property(property_: str, rows: list[Row], iri: str, naming: Naming) -> Property:
    more = len(rows) > _MOST_VALUES
    return Property(
        naming.link(property_),
        _sorted(shown(row["value"], naming) for row in rows[:_MOST_VALUES]),
        links.asking(question("all-values", thing=iri, property=property_)) if more else None,
    )


def _incoming(rows: Iterable[Row], iri: str, naming: Naming) -> tuple[Property, ...]:
    found: defaultdict[str, list[Link]] = defaultdict(list)
    for row in rows:
        subject = row.text("subject")
        if subject != iri:
            found[row.text("property")].append(
                naming.link(subject) if row.is_iri("subject") else Link(subject)
            )
    return tuple(Property(naming.link(each), _sorted(found[each])) for each in sorted(found))


def _sorted(found: Iterable[Link]) -> tuple[Link, ...]:
    return tuple(sorted(found, key=lambda link: (link.text, link.note)))
