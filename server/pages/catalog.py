"""The catalogue: the snapshot's store as our pages ask it.

Only our own small queries (``queries/``) with values bound, and never a stranger's text, not even to parse
it. Each page asks a fixed number of them, whatever the number of rows that it shows.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from kg import names
from kg.faults import SnapshotFault
from server import jsonld

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    from kg.snapshot import Snapshot

    Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class Label(NamedTuple):
    """What a thing is called, and the language (RFC 5646) that this is in."""

    text: str
    language: str


class Row(dict[str, "Term"]):
    """One solution of a query: the variables that are bound."""

    def text(self, name: str) -> str:
        """Return the IRI or the text of a variable, empty where it is not bound."""
        term = self.get(name)
        if term is None:
            return ""
        return term.value if isinstance(term, ox.NamedNode | ox.Literal | ox.BlankNode) else str(term)

    def whole(self, name: str) -> int:
        """Return a whole number; ValueError where there is none."""
        return int(self.text(name))

    def number(self, name: str) -> Decimal | None:
        """Return a number, None where the variable is not bound."""
        return Decimal(self.text(name)) if name in self else None

    def is_iri(self, name: str) -> bool:
        """Tell whether the variable is bound to the name of a thing."""
        return isinstance(self.get(name), ox.NamedNode)

    def language(self, name: str) -> str:
        """Return the language of a text, empty where it has none."""
        term = self.get(name)
        return (term.language or "") if isinstance(term, ox.Literal) else ""

    def datatype(self, name: str) -> str:
        """Return the datatype of a literal, empty for anything else."""
        term = self.get(name)
        return term.datatype.value if isinstance(term, ox.Literal) else ""


class Catalog:
    """The fixed questions of our pages, over one snapshot that never changes."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        try:
            self._store = ox.Store.read_only(str(snapshot.store))
        except (OSError, RuntimeError) as error:  # RuntimeError is how pyoxigraph tells corruption
            raise SnapshotFault(
                f"The store of the snapshot {snapshot.folder} cannot be opened: {str(error).rstrip('.')}. "
                "Run `kg build` to publish it anew."
            ) from error
        self._descriptions: dict[tuple[object, ...], bytes] = {}

    def select(self, name: str, **bound: str) -> list[Row]:
        """Return the solutions of ``queries/<name>.rq``; each value given is the IRI of a variable in it.

        A variable that is given has to be projected, or the engine does not bind it.
        """
        solutions = self._query(name, bound)
        if not isinstance(solutions, ox.QuerySolutions):
            raise TypeError(f"{name}.rq is no SELECT")
        variables = solutions.variables
        return [
            Row({each.value: value for each in variables if (value := solution[each]) is not None})
            for solution in solutions
        ]

    def construct(self, name: str, **bound: str) -> list[ox.Triple]:
        """Return the triples of ``queries/<name>.rq``, sorted; values are given as for ``select``."""
        triples = self._query(name, bound)
        if not isinstance(triples, ox.QueryTriples):
            raise TypeError(f"{name}.rq is no CONSTRUCT")
        return sorted(set(triples), key=str)

    def knows(self, iri: str) -> bool:
        """Tell whether the graph says anything of a thing."""
        return _any(self._store.quads_for_pattern(ox.NamedNode(iri), None, None))

    def labels(self, iris: Iterable[str], language: str = "en") -> dict[str, Label]:
        """Return the label of each IRI that has one: in the language, else in English, else in any.

        An index look-up for each, all at once and no query: a page calls this a single time.
        """
        found = {}
        for iri in set(iris):
            labels = [
                Label(quad.object.value, quad.object.language or "")
                for quad in self._store.quads_for_pattern(ox.NamedNode(iri), _LABEL, None, ox.DefaultGraph())
                if isinstance(quad.object, ox.Literal)
            ]
            if labels:
                found[iri] = min(labels, key=lambda label: (_distance(label.language, language), label.text))
        return found

    def triples(self, iri: str, form: str) -> bytes | None:
        """Return the triples of a thing, or of the whole ontology for its IRI, in a format of pyoxigraph."""
        if iri == names.ONTOLOGY:
            found = self.construct("ontology-triples")
        else:
            found = self.construct("triples", thing=iri)
        return _serialized(found, form) if found else None

    def description(self, name: str, form: str, turtle: str = "", **addresses: str) -> bytes | None:
        """Say what ``graph:meta`` holds for a document, with addresses bound and Turtle of our own added.

        The bytes are kept, since a snapshot never changes. None when there is nothing to say.
        """
        key = (name, form, turtle, *sorted(addresses.items()))
        content = self._descriptions.get(key) or self._describe(name, form, turtle, addresses)
        if len(self._descriptions) >= _MOST_DESCRIPTIONS:  # the address in them is any that clients come by
            self._descriptions.clear()
        if content:
            self._descriptions[key] = content
        return content

    def _describe(self, name: str, form: str, turtle: str, addresses: dict[str, str]) -> bytes | None:
        stored = self.construct(name, **addresses)
        added = (quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE))
        found = sorted({*stored, *added}, key=str)
        content = _serialized(found, form) if found else None
        return jsonld.compact(content) if content and form == "JSON_LD" else content

    def _query(
        self, name: str, bound: dict[str, str]
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        return self._store.query(
            _text_of_query(name),
            prefixes=names.PREFIXES,
            substitutions={ox.Variable(key): ox.NamedNode(iri) for key, iri in bound.items()},
        )


_LABEL: Final = ox.NamedNode(names.RDFS + "label")
_MOST_DESCRIPTIONS: Final = 32


@cache
def _text_of_query(name: str) -> str:
    return (resources.files("server.pages") / "queries" / f"{name}.rq").read_text(encoding="utf-8")


def _distance(tag: str, wanted: str) -> int:
    """How far the language of a label is from the one that a reader wants."""
    primary = tag.partition("-")[0]
    if tag == wanted:
        return 0
    if primary == wanted.partition("-")[0]:
        return 1
    return 2 if primary == "en" else 3


def _serialized(triples: list[ox.Triple], form: str) -> bytes:
    used = {term.value for triple in triples for term in _named(triple)}
    prefixes = {
        prefix: namespace
        for prefix, namespace in names.PREFIXES.items()
        if any(iri.startswith(namespace) for iri in used)
    }
    return _in_order(ox.serialize(triples, format=getattr(ox.RdfFormat, form), prefixes=prefixes) or b"")


def _in_order(content: bytes) -> bytes:
    """Sort the prefixes, whose order the engine leaves to chance: the same triples, the same bytes."""
    lines = content.splitlines(keepends=True)
    head = [line for line in lines if line.startswith(b"@prefix")]
    return b"".join([*sorted(head), *lines[len(head) :]])


def _named(triple: ox.Triple) -> Iterator[ox.NamedNode]:
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, ox.NamedNode):
            yield term
        elif isinstance(term, ox.Literal):
            yield term.datatype


def _any(found: Iterable[object]) -> bool:
    return next(iter(found), None) is not None
