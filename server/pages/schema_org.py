"""What a page says in the words of schema.org, for search engines: a data block of JSON-LD in its head.

The names of things are the published ones, so that what a search engine learns joins with the graph.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from kg import names
from server.distributions.offers import offers
from server.pages import links
from server.pages.parts import Naming
from server.pages.signposts import SCHEMA_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.pages.catalog import About, Catalog
    from server.pages.language import Language

    Node = dict[str, Any]


def of_front(catalog: Catalog, language: Language, home: str) -> tuple[Node, ...]:
    """Describe the site with its search, and the data set; ``home`` is the address of the site."""
    return _documents(_site(language, home), of_dataset(catalog, language, home))


def of_thing(catalog: Catalog, iri: str, language: Language, home: str) -> tuple[Node, ...]:
    """Describe a thing, and the way to it from the front page."""
    if iri == names.DATASET:
        return _documents(of_dataset(catalog, language, home))
    kind = links.kind_of(iri)
    about = catalog.about(iri)
    describe = _KINDS.get(kind, _any_thing)
    node = describe(catalog, iri, about, language) if kind in SCHEMA_TYPES else None
    trail = _trail(catalog, iri, about, language, home)
    if node is None:
        return _documents(trail)
    address = home + links.representation(iri, "html")
    where = {"mainEntityOfPage": address} if "url" in node else {"url": address}
    return _documents({**node, **where}, trail)


def _documents(*nodes: Node) -> tuple[Node, ...]:
    return tuple({"@context": "https://schema.org", **node} for node in nodes)


def _site(language: Language, home: str) -> Node:
    return {
        "@type": "WebSite",
        "url": f"{home}/",
        "name": language.say("City Economy Knowledge Graph"),
        "inLanguage": language.tag,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{home}/search?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def of_dataset(catalog: Catalog, language: Language, home: str) -> Node:
    """Describe the data set with all forms of it; ``home`` is the address of the site."""
    about = catalog.once(("schema.org", "dataset"), lambda: _texts_of_dataset(catalog), weight=len)
    cities, metrics = _measured(catalog, "City", "ofCity"), _measured(catalog, "Metric", "ofMetric")
    naming = Naming(catalog, {*cities, *metrics, names.AUTHORS}, language)
    (years,) = catalog.kept("dataset")
    found = {
        "@type": "Dataset",
        "@id": names.DATASET,
        "url": f"{home}/",
        "identifier": names.DATASET,
        "name": _best(about, names.DCTERMS + "title", language)
        or language.say("City Economy Knowledge Graph"),
        "alternateName": _others(about, names.DCTERMS + "title", language),
        "description": _best(about, names.DCTERMS + "description", language) or language.say(DESCRIPTION),
        "version": catalog.snapshot.id,
        "license": names.CC_BY,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "@id": names.AUTHORS, "name": naming.text(names.AUTHORS)},
        "temporalCoverage": "/".join(dict.fromkeys(years.text(each) for each in ("first", "last"))),
        "spatialCoverage": [{"@type": "City", "@id": each, "name": naming.text(each)} for each in cities],
        "variableMeasured": [
            {"@type": "StatisticalVariable", "@id": each, "name": naming.text(each)} for each in metrics
        ],
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": f"{home}/catalog",
            "url": f"{home}/catalog",
            "name": language.say("City Economy Knowledge Graph"),
        },
        "distribution": _distribution(catalog, language, home),
    }
    return _filled(found)


def _texts_of_dataset(catalog: Catalog) -> About:
    """Return titles and descriptions alone: the data set also names each of its sources."""
    about = catalog.about(names.DATASET)
    return {each: about.get(each, []) for each in (names.DCTERMS + "title", names.DCTERMS + "description")}


def _measured(catalog: Catalog, class_: str, by: str) -> list[str]:
    """Return things of a class that figures are about: all of them, or as many as a page can name."""

    def found() -> list[str]:
        things = catalog.pointing(names.term(class_), names.RDF + "type")
        used = (each for each in things if catalog.instance(property_=names.term(by), value=each))
        return list(islice(used, _MOST_NAMED))

    return catalog.once(("schema.org", class_), found, weight=len)


def _distribution(catalog: Catalog, language: Language, home: str) -> list[Node]:
    found = offers(catalog.snapshot)
    if not found:  # a graph that was published without the build
        size = catalog.snapshot.manifest["files"]["data.nq"]["bytes"]
        address = home + links.representation(names.DATASET, "nq")
        return [{**_download("N-Quads", "", address, size), "encodingFormat": ["application/n-quads"]}]
    return [
        {
            **_download(each.it.title, language.say(each.it.holds), home + each.path, each.size),
            "encodingFormat": [*dict.fromkeys((each.it.media_type, each.it.sent_as))],
            "@id": each.it.iri,
            "sha256": each.sha256,
        }
        for each in found
    ]


def _download(name: str, holds: str, address: str, size: int) -> Node:
    return _filled(
        {
            "@type": "DataDownload",
            "name": name,
            "description": holds,
            "contentUrl": address,
            "contentSize": f"{size} B",
        }
    )


def _article(catalog: Catalog, iri: str, about: About, language: Language) -> Node:
    publisher = _first(about, names.DCTERMS + "publisher")
    naming = Naming(catalog, [publisher] if publisher else [], language)
    title = next(iter(about.get(names.DCTERMS + "title", [])), None)
    date = _first(about, names.DCTERMS + "date")
    updated = _first(about, names.term("dateLabel")) == "Updated"
    return _filled(
        {
            "@type": "NewsArticle",
            "@id": iri,
            "headline": title.value if isinstance(title, ox.Literal) else "",
            "inLanguage": (title.language or "") if isinstance(title, ox.Literal) else "",
            "url": _web(_first(about, names.SCHEMA + "url")),
            "dateModified" if updated else "datePublished": date,
            "publisher": {"@type": "Organization", "@id": publisher, "name": naming.text(publisher)}
            if publisher
            else None,
        }
    )


def _observation(catalog: Catalog, iri: str, about: About, language: Language) -> Node:
    city, industry = _first(about, names.term("ofCity")), _first(about, names.term("ofIndustry"))
    metric, unit = _first(about, names.term("ofMetric")), _first(about, names.term("unit"))
    naming = Naming(catalog, {iri, city, industry, metric, unit} - {""}, language)
    whole = {"@type": "City", "@id": city, "name": naming.text(city)} if city else None
    part = {"@type": "DefinedTerm", "@id": industry, "name": naming.text(industry)} if industry else None
    return _filled(
        {
            "@type": "Observation",
            "@id": iri,
            "name": naming.text(iri),
            "observationAbout": [each for each in (whole, part) if each],
            "measuredProperty": {"@type": "Property", "@id": metric, "name": naming.text(metric)}
            if metric
            else None,
            "observationDate": _first(about, names.term("year")) or _first(about, names.term("periodEnd")),
            "value": _number(about, "value"),
            "minValue": _number(about, "lowerBound"),
            "maxValue": _number(about, "upperBound"),
            "unitCode": unit,
            "unitText": naming.text(unit) if unit else "",
            "description": _first(about, names.term("valueText")),
            "isBasedOn": [
                _quotation(catalog, each, catalog.about(each), language)
                for each in _all(about, names.term("evidence"))
            ],
            "license": names.CC_BY,
        }
    )


def _quotation(catalog: Catalog, iri: str, about: About, language: Language) -> Node:
    source = _first(about, names.term("quotedFrom"))
    return _filled(
        {
            "@type": "Quotation",
            "@id": iri,
            "text": _first(about, names.OA + "exact"),
            "isPartOf": _article(catalog, source, catalog.about(source), language) if source else None,
        }
    )


def _any_thing(catalog: Catalog, iri: str, about: About, language: Language) -> Node:  # noqa: ARG001  # as its siblings
    same = [_web(each) for property_ in _SAME for each in _all(about, property_)]
    return _filled(
        {
            "@type": SCHEMA_TYPES[links.kind_of(iri)],
            "@id": iri,
            "name": _best(about, names.RDFS + "label", language),
            "alternateName": _others(about, names.RDFS + "label", language),
            "description": _best(about, names.SKOS + "definition", language),
            "sameAs": [each for each in same if each],
            "identifier": [
                {
                    "@type": "PropertyValue",
                    "propertyID": names.local(each.datatype.value),
                    "value": each.value,
                }
                for each in about.get(names.SKOS + "notation", [])
                if isinstance(each, ox.Literal)
            ],
            "geo": _point(about),
        }
    )


def _point(about: About) -> Node | None:
    latitude, longitude = (_first(about, names.WGS84 + each) for each in ("lat", "long"))
    if not (latitude and longitude):
        return None
    return {"@type": "GeoCoordinates", "latitude": float(latitude), "longitude": float(longitude)}


def _trail(catalog: Catalog, iri: str, about: About, language: Language, home: str) -> Node:
    """Return the way from the front page: over the city, group or source that a thing belongs to."""
    way = [iri]
    for _ in range(_LONGEST_TRAIL):
        above = next((up for by in _ABOVE if (up := _first(about, by)) and links.local(up)), "")
        if not above or above in way:
            break
        way.append(above)
        if above == names.DATASET:  # nothing is above it, and it names every source
            break
        about = catalog.about(above)
    naming = Naming(catalog, way, language)
    named = [(naming.text(each), home + links.representation(each, "html")) for each in reversed(way)]
    steps = [(language.say("City Economy Knowledge Graph"), f"{home}/"), *named]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(steps, 1)
        ],
    }


DESCRIPTION: Final = (
    "What published texts say about the economies of cities: every number leads to the sentence that says it."
)
_KINDS: Final[dict[str, Callable[[Catalog, str, About, Language], Node]]] = {
    "obs": _observation,
    "quote": _quotation,
    "source": _article,
}
_ABOVE: Final = (
    *(names.term(name) for name in ("ofCity", "quotedFrom", "readFrom", "partOf", "within")),
    names.DCTERMS + "isPartOf",
)
_LONGEST_TRAIL: Final = 4
_MOST_NAMED: Final = 25
_SAME: Final = (names.OWL + "sameAs", names.SKOS + "exactMatch")


def _all(about: About, property_: str) -> list[str]:
    return [each.value for each in about.get(property_, []) if isinstance(each, ox.NamedNode | ox.Literal)]


def _first(about: About, property_: str) -> str:
    return next(iter(_all(about, property_)), "")


def _best(about: About, property_: str, language: Language) -> str:
    """Return a text in the language of the page, else any."""
    texts = [each for each in about.get(property_, []) if isinstance(each, ox.Literal)]
    return min(texts, key=lambda text: not _is_in(text, language)).value if texts else ""


def _others(about: About, property_: str, language: Language) -> list[str]:
    best = _best(about, property_, language)
    return [each for each in _all(about, property_) if each != best]


def _is_in(text: ox.Literal, language: Language) -> bool:
    return (text.language or "").lower() == language.tag.lower()


def _number(about: About, name: str) -> int | float | None:
    text = _first(about, names.term(name))
    if not text:
        return None
    number = Decimal(text)
    return int(number) if number == int(number) else float(number)


def _web(iri: str) -> str:
    """Return an address that may be followed; empty for any other."""
    return iri if iri.startswith(("http://", "https://")) else ""


def _filled(node: Node) -> Node:
    """Leave out what has nothing to say; zero is something."""
    return {key: value for key, value in node.items() if value not in ("", None, [])}
