"""Triples as files: the same triples, the same bytes, all at once or as they come from the store."""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, TypeVar

import pyoxigraph as ox

from kg import jsonld, names
from server import errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from server.formats import Format

    Item = TypeVar("Item")


def written(triples: list[ox.Triple], engine: str) -> bytes:
    """Return triples in a format, by its name in pyoxigraph; NotAcceptable where it cannot hold them."""
    if engine == "RDF_XML":
        _hold_to_xml(triples)
    used = {term.value for triple in triples for term in _named(triple)}
    prefixes = {
        prefix: namespace
        for prefix, namespace in names.PREFIXES.items()
        if any(iri.startswith(namespace) for iri in used)
    }
    return _in_order(ox.serialize(triples, format=getattr(ox.RdfFormat, engine), prefixes=prefixes) or b"")


def document(triples: list[ox.Triple], form: Format) -> bytes:
    """Return triples as people read them in a format; NotAcceptable where it cannot hold them.

    JSON-LD is written by us: with short names, and the part of our context that explains them.
    """
    return jsonld.document(triples) if form.engine == "JSON_LD" else written(triples, form.engine)


def stream(quads: Iterable[ox.Quad], form: Format) -> Iterator[bytes]:
    """Yield the quads of one graph in parts, in a format whose parts make a whole.

    Turtle and TriG may open a block again and again, so that nothing has to wait for the last quad.
    """
    format_ = getattr(ox.RdfFormat, form.engine)
    if form.engine in {"TURTLE", "TRIG"}:
        yield b"".join(_PREFIX % (prefix, iri) for prefix, iri in sorted(_PREFIXES))
    for part in parts(quads, _AT_ONCE):
        statements = part if format_.supports_datasets else [quad.triple for quad in part]
        content = ox.serialize(statements, format=format_, prefixes=names.PREFIXES) or b""
        lines = content.splitlines(keepends=True)
        yield b"".join(line for line in lines if not line.startswith(b"@prefix"))


def parts(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield lists of at most ``size`` items.

    >>> list(parts("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    iterator = iter(items)
    for first in iterator:
        yield list(chain((first,), islice(iterator, size - 1)))


_AT_ONCE: Final = 2_000
_PREFIX: Final = b"@prefix %s: <%s> .\n"
_PREFIXES: Final = tuple((prefix.encode(), iri.encode()) for prefix, iri in names.PREFIXES.items())


def _hold_to_xml(triples: list[ox.Triple]) -> None:
    """Refuse what XML 1.0 has no way to write: control characters, and properties that end like no name."""
    texts = (triple.object.value for triple in triples if isinstance(triple.object, ox.Literal))
    if any(_NO_XML.search(text) for text in texts) or not all(
        _XML_NAME.search(triple.predicate.value) for triple in triples
    ):
        raise errors.NotAcceptable(["text/turtle", "application/ld+json", "application/n-triples"])


_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XML_NAME: Final = re.compile(r"[^\W\d][\w.-]*\Z")


def _in_order(content: bytes) -> bytes:
    """Sort the prefixes, whose order the engine leaves to chance: the same triples, the same bytes."""
    lines = content.splitlines(keepends=True)
    head = [line for line in lines if line.startswith(b"@prefix")]
    return _XMLNS.sub(_sorted_names, b"".join([*sorted(head), *lines[len(head) :]]), count=1)


def _sorted_names(match: re.Match[bytes]) -> bytes:
    return match[1] + b" ".join(sorted(match[2].split()))


_XMLNS: Final = re.compile(rb'\A(<\?xml [^>]*>\n<rdf:RDF )((?:xmlns:[^=]*="[^"]*" ?)+)')


def _named(triple: ox.Triple) -> Iterator[ox.NamedNode]:
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, ox.NamedNode):
            yield term
        elif isinstance(term, ox.Literal):
            yield term.datatype
