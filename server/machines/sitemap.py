"""The map of the site (sitemaps.org): every page in every language, in parts that stay within the limits.

It says no ``lastmod``: a snapshot has no clock, and the date of an article is not that of its page.
"""

from __future__ import annotations

import math
from itertools import islice
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from kg import names
from server.pages import links
from server.pages.language import TAGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.resources import Example
    from server.pages.catalog import Catalog

LARGEST: Final = 50_000
"""The most addresses that one part may have."""

PAGES: Final = ("/", "/queries", "/sparql", "/ont.html", "/shape.html", "/coverage", "/quality", "/changes")
"""The pages that are of no thing."""


def index(number_of_pages: int, base: str) -> Iterator[str]:
    """Yield the index: the address of each part of the map."""
    yield f'{_XML}<sitemapindex xmlns="{_NAMESPACE}">\n'
    for number in range(1, number_of_parts(number_of_pages) + 1):
        yield f"<sitemap><loc>{escape(base)}/sitemap-{number}.xml</loc></sitemap>\n"
    yield "</sitemapindex>\n"


def part(addresses: Iterable[str], number: int, base: str) -> Iterator[str]:
    """Yield one part of the map, from 1."""
    size = pages_of_a_part()
    yield f'{_XML}<urlset xmlns="{_NAMESPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    for address in islice(addresses, (number - 1) * size, number * size):
        yield _url(address, base)
    yield "</urlset>\n"


def number_of_parts(pages: int) -> int:
    """Return how many parts it takes.

    >>> number_of_parts(0), number_of_parts(25_000), number_of_parts(25_001)
    (0, 1, 2)
    """
    return math.ceil(pages / pages_of_a_part())


def count(catalog: Catalog, examples: Iterable[Example]) -> int:
    """Return how many pages there are, counted once for a snapshot."""

    def counted() -> int:
        return sum(1 for _ in pages(catalog, examples))

    return catalog.once(("sitemap", "pages"), counted, weight=lambda _: 1)


def pages(catalog: Catalog, examples: Iterable[Example]) -> Iterator[str]:
    """Yield the address of every page that is worth finding, in an order that stays the same."""
    yield from PAGES
    yield from (f"/queries/{example.slug}" for example in examples)
    seen = set()
    for iri in catalog.things():
        if iri not in seen and links.kind_of(iri) in KINDS:
            seen.add(iri)
            yield links.representation(iri, "html")


def pages_of_a_part() -> int:
    """Return how many pages one part holds: each stands in it once for each language."""
    return LARGEST // len(TAGS)


KINDS: Final = frozenset(names.THINGS) - {"reading", "relation", "mapping", "dataset", "query"}
"""What people look for; phrases, statements about statements and parts of the description they do not."""

_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _url(address: str, base: str) -> str:
    versions = {tag: escape(base + links.in_language(address, (), tag)) for tag in TAGS}
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{tag}" href="{there}"/>' for tag, there in versions.items()
    )
    return "".join(f"<url><loc>{there}</loc>{others}</url>\n" for there in versions.values())
