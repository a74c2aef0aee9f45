"""Which page shows which kind of thing: the one table. A kind that is not in it has the page of any thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from server.pages import article, city, fact, industry, metric, organization, place, policy, quote, thing

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.pages.catalog import Catalog
    from server.pages.language import Language

    View = Callable[[Catalog, str, Language, Language], Any]


class Kind(NamedTuple):
    """What lays a page out, from catalogue, IRI, language and the other language; and what shows it."""

    view: View
    template: str


PAGES: Final[dict[str, Kind]] = {
    "city": Kind(city.page, "city.html"),
    "country": Kind(place.page, "place.html"),
    "group": Kind(industry.page, "industry.html"),
    "industry": Kind(industry.page, "industry.html"),
    "metric": Kind(metric.page, "metric.html"),
    "obs": Kind(fact.page, "fact.html"),
    "organization": Kind(organization.page, "organization.html"),
    "policy": Kind(policy.page, "policy.html"),
    "quote": Kind(quote.quote_page, "quote.html"),
    "reading": Kind(quote.reading_page, "reading.html"),
    "recognition": Kind(fact.page, "fact.html"),
    "region": Kind(place.page, "place.html"),
    "relation": Kind(fact.page, "fact.html"),
    "scheme": Kind(industry.page, "industry.html"),
    "source": Kind(article.page, "article.html"),
    "system": Kind(industry.page, "industry.html"),
}
"""By the kind in the address: ``city`` in ``/city/harbin``."""

ANY: Final = Kind(thing.page, "thing.html")


def page_of(kind: str) -> Kind:
    """Return what shows a kind of thing."""
    return PAGES.get(kind, ANY)
