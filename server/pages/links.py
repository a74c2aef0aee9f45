"""The addresses of things: our IRIs say where they are published, our pages where they are here."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from kg import names

if TYPE_CHECKING:
    from collections.abc import Iterable


def local(iri: str) -> str | None:
    """Return the path of a thing of ours on this server, None for everything else.

    >>> local("https://w3id.org/cekg/city/harbin"), local("https://w3id.org/cekg/ont#City")
    ('/city/harbin', '/ont#City')
    """
    if iri == names.ONTOLOGY or iri.startswith(names.CEKG):
        return "/ont" + iri[len(names.ONTOLOGY) :]
    kind, _, slug = iri.removeprefix(names.BASE).partition("/")
    try:
        return _path(iri) if names.thing(kind, slug) == iri else None
    except ValueError:
        return None


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
    return f"{_path(iri)}.{suffix}"


def asking(query: str, **parameters: str) -> str:
    """Return the address that runs a query.

    >>> asking("ASK {}", format="json")
    '/sparql?query=ASK+%7B%7D&format=json'
    """
    return "/sparql?" + urlencode({"query": query, **parameters})


def in_language(path: str, parameters: Iterable[tuple[str, str]], tag: str) -> str:
    """Return the address of the same page in a language.

    >>> in_language("/search", [("q", "finance"), ("lang", "en")], "zh-Hans")
    '/search?q=finance&lang=zh-Hans'
    """
    kept = [(name, value) for name, value in parameters if name != "lang"]
    return f"{quote(path)}?{urlencode([*kept, ('lang', tag)])}"


def _path(iri: str) -> str:
    return "/" + quote(iri.removeprefix(names.BASE))
