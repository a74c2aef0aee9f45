"""From any name of a thing to our own: published, local, short, or another data set's; and what is near."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg import names
from server import errors
from server.pages import links, shapes
from server.pages.parts import Naming

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.pages.catalog import Catalog
    from server.pages.language import Language
    from server.search.index import Index


def known(catalog: Catalog, index: Index, kind: str, slug: str, language: Language) -> str:
    """Return the IRI of a thing that there is; raises NotFound, which says what comes near."""
    try:
        iri = names.SHAPE + slug if kind == "shape" else names.thing(kind, slug)
    except ValueError:
        iri = ""
    if links.local(iri) and is_known(catalog, iri):
        return iri
    raise errors.NotFound(
        "The graph says nothing of %(name)s.",
        {"name": shown(f"{kind}/{slug}")},
        suggestions=suggestions(catalog, index, kind, slug, language),
    )


def is_known(catalog: Catalog, iri: str) -> bool:
    """Tell whether there is anything to show at a thing's address."""
    if iri.startswith(names.SHAPE):
        return iri == names.SHAPE or bool(shapes.statements(iri))
    return catalog.knows(iri) or iri in catalog.snapshot.manifest["graphs"]


def find(catalog: Catalog, asked: str, home: str) -> str | None:
    """Return the thing of ours that a name means: our own name, or one that the graph says is the same.

    ``home`` is the address of this server, whose pages can be given too.
    """
    for iri in _own(asked, home):
        if links.local(iri) and is_known(catalog, iri):
            return iri
    for iri in _foreign(asked):
        for property_ in _SAME:
            same = [each for each in catalog.pointing(iri, property_) if links.local(each)]
            if same:
                return same[0]
    return None


def suggestions(
    catalog: Catalog, index: Index, kind: str, slug: str, language: Language
) -> list[dict[str, str]]:
    """Return label, name and address of what comes near to a thing that there is not."""
    if len(slug) > _LONGEST_SLUG:
        return []
    found = shapes.like(slug) if kind == "shape" else [hit.iri for hit in index.nearest(kind, slug)]
    near = [iri for iri in found if links.local(iri)][:_MOST]
    naming = Naming(catalog, near, language)
    return [{"label": naming.text(iri), "iri": iri, "address": links.local(iri) or ""} for iri in near]


def split(asked: str) -> tuple[str, str]:
    """Return what of a name may be the kind, and what the slug of a thing.

    >>> split("https://w3id.org/cekg/city/harbn"), split("city:harbn")
    (('city', 'harbn'), ('city', 'harbn'))
    """
    kind, _, slug = asked.removesuffix("/").replace(":", "/").rpartition("/")
    return kind.rpartition("/")[2], slug


def shown(text: str) -> str:
    """Return what a stranger wrote, cut where it is long."""
    return text if len(text) <= _LONGEST_SLUG else f"{text[:_LONGEST_SLUG]}…"


_MOST: Final = 5
_LONGEST_SLUG: Final = 200
_SAME: Final = (
    names.OWL + "sameAs",
    names.SKOS + "exactMatch",
    names.SKOS + "closeMatch",
    names.SCHEMA + "url",
)
"""What makes a thing of others one of ours, the strongest first."""


def _own(asked: str, home: str) -> Iterator[str]:
    """Yield the names of ours that a text may mean."""
    yield asked
    for start in (f"{home}/", names.BASE, names.BASE.replace("https:", "http:"), "/"):
        if asked.startswith(start):
            path, hash_, term = asked.removeprefix(start).partition("#")
            yield links.published(path) + hash_ + term
    prefix, colon, local = asked.partition(":")
    if colon and prefix in names.PREFIXES:
        yield names.PREFIXES[prefix] + local


def _foreign(asked: str) -> Iterator[str]:
    """Yield the ways to write a name of others that mean the same: with and without TLS and a last slash."""
    scheme, mark, rest = asked.partition("://")
    if scheme not in {"http", "https"} or not mark:
        return
    rest = rest.replace("www.wikidata.org/wiki/", "www.wikidata.org/entity/").removesuffix("/")
    for start in ("http://", "https://"):
        for end in ("", "/"):
            if _is_iri(f"{start}{rest}{end}"):
                yield f"{start}{rest}{end}"


def _is_iri(text: str) -> bool:
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True
