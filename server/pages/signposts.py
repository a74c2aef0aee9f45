"""The Link field (RFC 8288): a thing, its page and its data each say where the others are.

Relations are those of Signposting (https://signposting.org) and of IANA's registry. Addresses are relative,
which keeps the field short.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kg import names
from server.formats import PAGE
from server.pages import links

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.formats import Format


class Signpost(NamedTuple):
    """One link: where to, in which relations, and what is there."""

    href: str
    rel: str
    type: str = ""

    def __str__(self) -> str:
        kind = f'; type="{self.type}"' if self.type else ""
        return f'<{self.href}>; rel="{self.rel}"{kind}'


def field(signposts: Iterable[Signpost]) -> str:
    """Return the value of the field.

    >>> field([Signpost("/city/harbin.ttl", "alternate", "text/turtle"), Signpost("/", "collection")])
    '</city/harbin.ttl>; rel="alternate"; type="text/turtle", </>; rel="collection"'
    """
    return ", ".join(map(str, signposts))


def of_thing(iri: str) -> list[Signpost]:
    """Return the links of a thing itself, which sends its visitors on to a page or to data."""
    return [_cite(iri), *(_to(iri, form, "alternate") for form in (PAGE, *links.forms(iri)))]


def of_page(iri: str, canonical: str) -> list[Signpost]:
    """Return the links of a thing's page: what to cite, what describes it, what it is, what belongs to it."""
    return [
        _cite(iri),
        Signpost(canonical, "canonical"),
        *(
            _to(iri, form, f"alternate {_FROM_PAGE.get(form.suffix, 'describedby')}")
            for form in links.forms(iri)
        ),
        *_license(iri),
        *(Signpost(each, "type") for each in types_of(iri)),
    ]


def of_data(iri: str, form: Format) -> list[Signpost]:
    """Return the links of a thing's data: back to the page, and to the other formats."""
    back = "collection" if form.suffix in _FROM_PAGE else "describes"
    others = (each for each in links.forms(iri) if each is not form)
    found = [
        _cite(iri),
        Signpost(links.representation(iri, form.suffix), "canonical"),
        _to(iri, PAGE, f"alternate {back}"),
        *(_to(iri, each, "alternate") for each in others),
        *_license(iri),
    ]
    if form.suffix == "csv":
        found.append(
            Signpost(links.representation(iri, CSV_METADATA), "describedby", "application/csvm+json")
        )
    return found


def of_front() -> list[Signpost]:
    """Return the links of the front page: the descriptions of the data set and of the endpoint, the data."""
    return [
        _cite(names.DATASET),
        Signpost("/.well-known/void", "describedby", "text/turtle"),
        Signpost("/catalog", "describedby", "text/turtle"),
        Signpost("/croissant.json", "describedby", "application/ld+json"),
        Signpost("/sparql", "service-desc", "text/turtle"),
        Signpost(links.representation(names.DATASET, "nq"), "item", "application/n-quads"),
        Signpost(links.representation(names.DATASET, "csv"), "item", "text/csv"),
        Signpost("/sitemap.xml", "sitemap", "application/xml"),
        Signpost("/llms.txt", "alternate", "text/plain"),
        *_license(names.DATASET),
        *(Signpost(each, "type") for each in types_of(names.DATASET)),
    ]


def types_of(iri: str) -> tuple[str, ...]:
    """Return the classes of schema.org, as Signposting wants them: the page's, then the thing's."""
    type_ = SCHEMA_TYPES.get(links.kind_of(iri))
    return (names.SCHEMA + "AboutPage", *([names.SCHEMA + type_] if type_ else []))


CSV_METADATA: Final = "csv-metadata.json"
"""What follows the name of a thing where the columns of its table are explained (CSV on the Web, 5.2)."""

SCHEMA_TYPES: Final = {
    "city": "City",
    "region": "AdministrativeArea",
    "country": "Country",
    "organization": "Organization",
    "industry": "DefinedTerm",
    "group": "DefinedTerm",
    "system": "DefinedTerm",
    "scheme": "DefinedTermSet",
    "metric": "StatisticalVariable",
    "source": "NewsArticle",
    "quote": "Quotation",
    "obs": "Observation",
    "graph": "Dataset",
    "dataset": "Dataset",
    "ont": "DefinedTermSet",
    "shape": "DefinedTerm",
}
"""What schema.org calls the kinds of things; the others it has no word for."""

_FROM_PAGE: Final = {"csv": "item", "nq": "item", "trig": "item"}
"""What is content and no description; data point back to their page with the opposite relation."""

_OF_PUBLISHERS: Final = frozenset({"source", "quote"})
"""What holds words of others, which are not ours to license."""


def _to(iri: str, form: Format, rel: str) -> Signpost:
    return Signpost(links.representation(iri, form.suffix), rel, form.media_type)


def _cite(iri: str) -> Signpost:
    return Signpost(iri, "cite-as")


def _license(iri: str) -> list[Signpost]:
    return [] if links.kind_of(iri) in _OF_PUBLISHERS else [Signpost(names.CC_BY, "license")]
