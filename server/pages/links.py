"""The addresses of things: our IRIs say where they are published, our pages where they are here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from kg import names
from server import formats

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.formats import Format


def local(iri: str) -> str | None:
    """Return the path of a thing of ours on this server, None for everything else.

    >>> local("https://w3id.org/cekg/city/harbin"), local("https://w3id.org/cekg/ont#City")
    ('/city/harbin', '/ont#City')
    """
    if iri == names.ONTOLOGY or iri.startswith(names.CEKG):
        return "/ont" + iri[len(names.ONTOLOGY) :]
    if iri.startswith(names.SHAPE):
        return _path(iri.rstrip("/")) if _SHAPE.fullmatch(iri, len(names.SHAPE)) else None
    kind, _, slug = iri.removeprefix(names.BASE).partition("/")
    try:
        return f"/{kind}/{slug}" if names.thing(kind, slug) == iri else None
    except ValueError:
        return None


_SHAPE: Final = re.compile(r"([a-z0-9]+(-[a-z0-9]+)*)?")
"""The name of a shape; the shapes as a whole have none, and their address no slash."""


def published(path: str) -> str:
    """Return the IRI whose page or data has an address here, also where it says the format.

    >>> published("/city/harbin.ttl")
    'https://w3id.org/cekg/city/harbin'
    """
    kind, _, slug = path.strip("/").partition("/")
    return names.BASE + "/".join(filter(None, (kind.partition(".")[0], slug.partition(".")[0])))


def kind_of(iri: str) -> str:
    """Return the kind of a thing of ours: the first segment of its address, empty where it has none.

    >>> kind_of("https://w3id.org/cekg/city/harbin"), kind_of("https://w3id.org/cekg/ont#City")
    ('city', 'ont')
    """
    return re.split("[/#]", (local(iri) or "/")[1:])[0]


def forms(iri: str) -> tuple[Format, ...]:
    """Return the formats of a thing's data, in order of our preference.

    >>> [form.suffix for form in forms("https://w3id.org/cekg/graph/base")]
    ['ttl', 'nt', 'trig', 'nq', 'csv']
    """
    suffixes = formats.GRAPH_SUFFIXES if kind_of(iri) == "graph" else formats.THING_SUFFIXES
    dump = ("nq",) if iri == names.DATASET else ()
    return tuple(formats.by_suffix(suffix) for suffix in (*suffixes, *dump))


def href(iri: str) -> str | None:
    """Return where a link to a thing leads: here, or out; None where a browser must not follow.

    >>> href("http://www.wikidata.org/entity/Q42956"), href("javascript:alert(1)")
    ('http://www.wikidata.org/entity/Q42956', None)
    """
    here = local(iri)
    if here:
        return here
    return iri if iri.startswith(("http://", "https://")) else None


def representation(iri: str, suffix: str) -> str:
    """Return the address of one representation of a thing.

    >>> representation("https://w3id.org/cekg/city/harbin", "ttl")
    '/city/harbin.ttl'
    """
    return f"{_path(iri.rstrip('/'))}.{suffix}"


def series_href(city: str, metric: str = "", industry: str | None = None) -> str:
    """Return the address of what is stated of a metric of a city, or of one of its industries, year by year.

    What is no industry, but a group or a system of them, says so. Without a metric: the list of its series.

    >>> series_href(names.thing("city", "harbin"), names.thing("metric", "revenue"))
    '/series/harbin/revenue'
    >>> series_href(names.thing("city", "a"), names.thing("metric", "b"), names.thing("system", "c"))
    '/series/a/b/system:c'
    """
    slugs = [names.local(city), *([names.local(metric)] if metric else [])]
    if industry:
        kind, _, slug = industry.removeprefix(names.BASE).partition("/")
        slugs.append(slug if kind == "industry" else f"{kind}:{slug}")
    return "/series/" + "/".join(quote(slug, safe=":") for slug in slugs)


def asking(query: str, **parameters: str) -> str:
    """Return the address that runs a query.

    >>> asking("ASK {}", format="json")
    '/sparql?query=ASK+%7B%7D&format=json'
    """
    return "/sparql?" + urlencode({"query": query, **parameters})


def drafting(query: str) -> str:
    """Return the address that shows a query to be changed, without running it.

    >>> drafting("ASK {}")
    '/sparql?draft=ASK+%7B%7D'
    """
    return "/sparql?" + urlencode({"draft": query})


def in_language(path: str, parameters: Iterable[tuple[str, str]], tag: str) -> str:
    """Return the address of the same page in a language; never one of another host, as ``//x`` would be.

    >>> in_language("/search", [("q", "finance"), ("lang", "en")], "zh-Hans")
    '/search?q=finance&lang=zh-Hans'
    """
    kept = [(name, value) for name, value in parameters if name != "lang"]
    return f"/{quote(path.lstrip('/'))}?{urlencode([*kept, ('lang', tag)])}"


def _path(iri: str) -> str:
    path = iri.removeprefix(names.BASE)
    return f"/{path}" if _PLAIN.fullmatch(path) else f"/{quote(path)}"


_PLAIN: Final = re.compile(r"[a-z0-9/-]+")
"""What stays as it is in an address, as nearly all names do; to look costs a tenth of quoting."""
