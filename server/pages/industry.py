"""The page of an industry, a group or a system of them, or the scheme that they are in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg import names
from server.pages import concept, links, listing, relations
from server.pages.catalog import iris, question, texts
from server.pages.concept import Property
from server.pages.parts import Link, Naming

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.pages.catalog import About, Catalog, Row
    from server.pages.concept import Heading, Match
    from server.pages.language import Language
    from server.pages.listing import Listing
    from server.pages.relations import RelationsView


@dataclass(frozen=True, slots=True)
class IndustryPage:
    """A kind of economic activity: what it is part of, its figures in all cities, its codes elsewhere."""

    heading: Heading
    facts: tuple[Property, ...]
    listing: Listing | None
    relations: RelationsView | None
    members: tuple[Property, ...]
    more_members: str | None
    elsewhere: tuple[Match, ...]


def page(catalog: Catalog, iri: str, language: Language, other: Language) -> IndustryPage:
    """Return the page of an industry or of what industries make up."""
    about, matches = catalog.about(iri), concept.matches(catalog, iri)
    found, around = listing.newest(catalog, "ofIndustry", iri), relations.around(catalog, iri)
    members = catalog.select("members", scheme=iri)
    named = {iri, *concept.matched(matches), *found.iris, *around.iris}
    named |= iris(about)
    named |= {row.text(name) for row in members for name in ("concept", "kind")}
    naming, second = Naming(catalog, named, language), Naming(catalog, {iri, *around.iris}, other)
    concepts = sorted({row.text("concept") for row in members})
    return IndustryPage(
        concept.heading(about, iri, naming, second),
        facts(about, naming),
        listing.view(found, naming, by=("ofMetric",)),
        relations.view(around, naming, second),
        _members([row for row in members if row.text("concept") in concepts[:_MOST]], naming),
        links.asking(question("all-members", scheme=iri)) if len(concepts) > _MOST else None,
        concept.elsewhere(matches, naming),
    )


def facts(about: About, naming: Naming) -> tuple[Property, ...]:
    """Return the scheme that a concept is in, its code there, and the time that a scheme is for."""
    say = naming.language.say
    schemes = tuple(naming.link(each) for each in sorted(texts(about, names.SKOS + "inScheme")))
    codes = tuple(Link(each) for each in sorted(texts(about, names.SKOS + "notation")))
    times = tuple(Link(each) for each in sorted(texts(about, names.SCHEMA + "temporalCoverage")))
    found = ((say("Scheme"), schemes), (say("Code"), codes), (say("Time covered"), times))
    return tuple(Property(Link(name), values) for name, values in found if values)


_MOST: Final = 100


def _members(rows: Iterable[Row], naming: Naming) -> tuple[Property, ...]:
    """Return the concepts of a scheme by their kind."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row.text("kind")].add(row.text("concept"))
    return tuple(
        Property(
            naming.link(kind),
            tuple(sorted((naming.link(each) for each in found[kind]), key=lambda link: link.text)),
        )
        for kind in sorted(found)
    )
