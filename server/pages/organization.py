"""The page of an organization, which tells its roles apart: what it published, reported and issued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg import names
from server.pages import concept, links, listing
from server.pages.catalog import iris, question
from server.pages.concept import Property
from server.pages.parts import Link, Naming

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.pages.catalog import Catalog, Row
    from server.pages.concept import Heading, Match
    from server.pages.language import Language
    from server.pages.listing import Listing


@dataclass(frozen=True, slots=True)
class SourceView:
    """A text that an organization published."""

    link: Link
    date: str
    day: str


@dataclass(frozen=True, slots=True)
class OrganizationPage:
    """An organization as publisher, as the one whom sentences name as reporter, and as issuer of policies."""

    heading: Heading
    facts: tuple[Property, ...]
    sources: tuple[SourceView, ...]
    more_sources: str | None
    listing: Listing | None
    reported: tuple[Link, ...]
    issued: tuple[Link, ...]
    elsewhere: tuple[Match, ...]


def page(catalog: Catalog, iri: str, language: Language, other: Language) -> OrganizationPage:
    """Return the page of an organization."""
    about, matches = catalog.about(iri), concept.matches(catalog, iri)
    sources, others = _published(catalog, iri), catalog.select("issued", organization=iri)
    figures = listing.newest(catalog, "reportedBy", iri)
    named = {iri, *concept.matched(matches), *figures.iris, *(row.text("fact") for row in others)}
    named |= iris(about)
    naming = Naming(catalog, named, language)
    reported, issued = (_facts(others, names.term(name), naming) for name in ("reportedBy", "issuedBy"))
    shown = listing.view(figures, naming, by=("ofMetric", "ofIndustry"))
    return OrganizationPage(
        concept.heading(about, iri, naming, Naming(catalog, [iri], other)),
        _roles(language, published=bool(sources), reported=bool(shown or reported), issued=bool(issued)),
        tuple(_source(row, language) for row in sources[:_MOST]),
        links.asking(question("all-published", organization=iri)) if len(sources) > _MOST else None,
        shown,
        reported,
        issued,
        concept.elsewhere(matches, naming),
    )


_MOST: Final = 50


def _published(catalog: Catalog, iri: str) -> list[Row]:
    """Return the sources that an organization published, the newest first."""
    rows = sorted(catalog.kept("published", organization=iri), key=lambda row: row.text("source"))
    return sorted(rows, key=lambda row: row.text("date"), reverse=True)


def _roles(language: Language, *, published: bool, reported: bool, issued: bool) -> tuple[Property, ...]:
    found = (
        (published, Link(language.say("publisher"), "#published")),
        (reported, Link(language.say("reporter"), "#reported")),
        (issued, Link(language.say("issuer"), "#issued")),
    )
    roles = tuple(role for there, role in found if there)
    return (Property(Link(language.say("Here as")), roles),) if roles else ()


def _source(row: Row, language: Language) -> SourceView:
    title = Link(row.text("title"), links.href(row.text("source")), language.other(row.language("title")))
    return SourceView(title, row.text("date"), language.day(row.text("date")))


def _facts(rows: Iterable[Row], role: str, naming: Naming) -> tuple[Link, ...]:
    found = {row.text("fact") for row in rows if row.text("role") == role}
    return tuple(sorted((naming.link(each) for each in found), key=lambda link: link.text))
