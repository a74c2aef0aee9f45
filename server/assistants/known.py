"""Which thing an assistant means by a name: its IRI, a short name such as city:harbin, or a label."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from kg import names
from server import errors
from server.pages import resolve

if TYPE_CHECKING:
    from server.assistants.ground import Ground


def meant(ground: Ground, name: str) -> str:
    """Return the IRI of the one thing that a name means.

    Raises NotFound where it means nothing, BadRequest where it means several things; both say what is near.
    """
    name = name.strip()
    if _WRITTEN.match(name):
        iri = resolve.find(ground.catalog, name, names.BASE.rstrip("/"))
        if iri:
            return iri
        kind, slug = resolve.split(name)
        raise errors.NotFound(_none(name, near(ground, slug.replace("-", " "), kind)))
    called = [hit for hit in _hits(ground, name) if hit["match"] == "name" and hit["kind"] not in _TEXTS]
    if len(called) == 1:
        return str(called[0]["iri"])
    if called:
        which = ", ".join(_shown(hit) for hit in called)
        raise errors.BadRequest(f"“{resolve.shown(name)}” may mean {which}. Give one of these short names.")
    raise errors.NotFound(_none(name, near(ground, name)))


def near(ground: Ground, text: str, kind: str = "") -> list[str]:
    """Return the short names of what comes near to a text, that of a kind first; none without an index."""
    try:
        hits = sorted(_hits(ground, text), key=lambda hit: hit["kind"] != kind)
    except errors.RequestFault:  # what is asked for is unknown all the same
        return []
    wanted = [hit for hit in hits if kind in _TEXTS or hit["kind"] not in _TEXTS]
    return [names.compact(hit["iri"]) for hit in wanted[:_MOST]]


def kind_of(iri: str) -> str:
    """Return the kind of a thing of ours, the first part of its name.

    >>> kind_of("https://w3id.org/cekg/city/harbin")
    'city'
    """
    return iri.removeprefix(names.BASE).replace("#", "/").partition("/")[0]


def _hits(ground: Ground, text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ground.search(text[:_LONGEST], "", 1)["hits"]
    return found


def _none(name: str, near: list[str]) -> str:
    """Say that nothing is called so, and what is near."""
    shown = resolve.shown(name)
    more = (
        f"Near to it: {', '.join(near)}." if near else "The tool search finds things by parts of their names."
    )
    return f"The graph knows nothing by the name “{shown}”. {more}"


def _shown(hit: dict[str, Any]) -> str:
    return f"{names.compact(hit['iri'])} ({hit['label']})"


_WRITTEN: Final = re.compile(r"[a-z][a-z0-9+.-]*:\S", re.IGNORECASE)
"""How an IRI or a short name begins."""
_TEXTS: Final = ("obs", "quote", "query")
"""Kinds of things that are sentences, and no names."""
_MOST: Final = 5
_LONGEST: Final = 200
