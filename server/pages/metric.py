"""The page of a metric: what it measures, what it adds up, and the figures that use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel.lists import format_list

from kg import names
from server.pages import concept, industry, listing
from server.pages.catalog import iris, texts
from server.pages.concept import Property
from server.pages.parts import Link, Naming

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.pages.catalog import About, Catalog
    from server.pages.concept import Heading, Match
    from server.pages.language import Language
    from server.pages.listing import Listing


@dataclass(frozen=True, slots=True)
class MetricPage:
    """What figures measure; ``unlike`` are the measures that a total mixes, none where it does not."""

    heading: Heading
    facts: tuple[Property, ...]
    unlike: str
    listing: Listing | None
    elsewhere: tuple[Match, ...]


def page(catalog: Catalog, iri: str, language: Language, other: Language) -> MetricPage:
    """Return the page of a metric."""
    about, matches = catalog.about(iri), concept.matches(catalog, iri)
    found, sums = listing.newest(catalog, "ofMetric", iri), catalog.select("contributions", metric=iri)
    parts, wholes = (sorted({row.text(name) for row in sums if name in row}) for name in ("part", "whole"))
    named = {iri, *parts, *wholes, *concept.matched(matches), *found.iris}
    named |= iris(about)
    naming = Naming(catalog, named, language)
    return MetricPage(
        concept.heading(about, iri, naming, Naming(catalog, [iri], other)),
        (*_facts(about, naming), *_sums(parts, wholes, naming), *industry.facts(about, naming)),
        unlike=_and([naming.text(each) for each in parts], language) if len(parts) > 1 else "",
        listing=listing.view(found, naming, by=("ofIndustry",)),
        elsewhere=concept.elsewhere(matches, naming),
    )


def _facts(about: About, naming: Naming) -> Iterator[Property]:
    say = naming.language.say
    for name, said in (("expectedUnit", "Unit"), ("temporalKind", "Measured as")):
        found = texts(about, names.term(name))
        if found:
            yield Property(Link(say(said)), tuple(naming.link(each) for each in sorted(found)))


def _sums(parts: list[str], wholes: list[str], naming: Naming) -> Iterator[Property]:
    say = naming.language.say
    if parts:
        yield Property(Link(say("Adds up")), tuple(naming.link(each) for each in parts))
    if wholes:
        yield Property(Link(say("Is added up into")), tuple(naming.link(each) for each in wholes))


def _and(words: list[str], language: Language) -> str:
    """Join words as a sentence does (CLDR, list patterns).

    >>> from server.pages.language import ENGLISH, choose
    >>> _and(["output value", "revenue"], ENGLISH), _and(["产值", "收入"], choose("zh"))
    ('output value and revenue', '产值和收入')
    """
    return format_list(words, locale=language.locale)
