"""The ontology as a reference: every term, with what a reader needs to use it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import names
from server.pages import links, parts
from server.pages.parts import Alternate, Link, Naming

if TYPE_CHECKING:
    from server.pages.catalog import Catalog, Row
    from server.pages.language import Language


@dataclass(frozen=True, slots=True)
class TermView:
    """A term of the ontology; ``other`` is its label in the other language."""

    anchor: str
    name: str
    label: Link
    other: Link | None
    definition: Link | None
    details: tuple[tuple[str, tuple[Link, ...]], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The terms of one sort."""

    title: str
    anchor: str
    terms: tuple[TermView, ...]


@dataclass(frozen=True, slots=True)
class OntologyPage:
    """The page of the ontology."""

    iri: str
    sections: tuple[Section, ...]
    alternates: tuple[Alternate, ...]


def page(catalog: Catalog, language: Language, other: Language) -> OntologyPage:
    """Lay out the ontology: classes, properties, then the values of the closed lists."""
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for row in catalog.select("ontology"):
        if row.text("term") != names.ONTOLOGY:
            rows[row.text("term")].append(row)
    naming, second = Naming(catalog, rows, language), Naming(catalog, rows, other)
    found: dict[str, list[TermView]] = {"classes": [], "properties": [], "values": []}
    for iri in sorted(rows):
        found[_sort(rows[iri])].append(_term(iri, rows[iri], naming, second))
    titles = {
        "classes": language.say("Classes"),
        "properties": language.say("Properties"),
        "values": language.say("Values"),
    }
    return OntologyPage(
        names.ONTOLOGY,
        tuple(
            Section(titles[sort], f"-{sort}", tuple(members)) for sort, members in found.items() if members
        ),
        parts.alternates(names.ONTOLOGY),
    )


def _sort(rows: list[Row]) -> str:
    types = {row.text("type") for row in rows}
    if names.OWL + "Class" in types:
        return "classes"
    return "properties" if any(each.endswith("Property") for each in types) else "values"


def _term(iri: str, rows: list[Row], naming: Naming, second: Naming) -> TermView:
    language = naming.language
    label = second.label(iri)
    details = (
        (language.say("Value of"), _those(rows, "type", names.CEKG)),
        (language.say("Within"), _those(rows, "parent")),
        (language.say("Of"), _those(rows, "domain")),
        (language.say("Leads to"), _those(rows, "range")),
    )
    return TermView(
        anchor=names.local(iri),
        name=names.compact(iri),
        label=naming.link(iri),
        other=Link(label.text, language=language.other(label.language)) if label else None,
        definition=_definition(rows, language),
        details=tuple(
            (name, tuple(Link(names.compact(each), links.href(each)) for each in iris))
            for name, iris in details
            if iris
        ),
    )


def _those(rows: list[Row], name: str, start: str = "") -> list[str]:
    return sorted({row.text(name) for row in rows if name in row and row.text(name).startswith(start)})


def _definition(rows: list[Row], language: Language) -> Link | None:
    """Return the definition in the page's language, else another."""
    found = [
        Link(row.text("definition"), language=language.other(row.language("definition")))
        for row in rows
        if "definition" in row
    ]
    return min(found, key=lambda link: (link.language != "", link.language), default=None)
