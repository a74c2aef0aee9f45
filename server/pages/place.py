"""The page of a region or a country: where it lies, what lies in it, and which of its cities have figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from server.pages import concept, links, listing, reference, relations
from server.pages.catalog import iris, question
from server.pages.parts import Naming

if TYPE_CHECKING:
    from server.pages.catalog import Catalog
    from server.pages.concept import Heading, Match
    from server.pages.language import Language
    from server.pages.listing import Listing
    from server.pages.parts import Link
    from server.pages.reference import ReferenceView
    from server.pages.relations import RelationsView


@dataclass(frozen=True, slots=True)
class PlacePage:
    """A region or a country; ``listing`` are the ranks among its places."""

    heading: Heading
    cities: tuple[Link, ...]
    more_cities: str | None
    relations: RelationsView | None
    listing: Listing | None
    reference: ReferenceView | None
    elsewhere: tuple[Match, ...]


def page(catalog: Catalog, iri: str, language: Language, other: Language) -> PlacePage:
    """Return the page of a place."""
    about, matches = catalog.about(iri), concept.matches(catalog, iri)
    around, ranks = relations.around(catalog, iri), listing.newest(catalog, "rankedAmong", iri)
    cities = [row.text("city") for row in catalog.select("cities-within", place=iri)]
    named = {iri, *cities, *concept.matched(matches), *around.iris, *ranks.iris}
    named |= iris(about)
    named |= {*reference.iris(about)}
    naming, second = Naming(catalog, named, language), Naming(catalog, {iri, *around.iris}, other)
    return PlacePage(
        concept.heading(about, iri, naming, second),
        tuple(sorted((naming.link(each) for each in cities[:_MOST]), key=lambda link: link.text)),
        links.asking(question("all-cities-within", place=iri)) if len(cities) > _MOST else None,
        relations.view(around, naming, second),
        listing.view(ranks, naming, by=("ofMetric", "ofIndustry")),
        reference.view(catalog, about, naming),
        concept.elsewhere(matches, naming),
    )


_MOST: Final = 50
