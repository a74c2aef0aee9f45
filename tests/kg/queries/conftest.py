"""Asking the example queries: rows as plain strings, from the real graph or from a copy that was changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyoxigraph as ox
import pytest

from kg import names, resources, snapshot

NUMBERS = {names.XSD + name for name in ("decimal", "integer")}


@dataclass(frozen=True)
class Table:
    """The answer to a SELECT: its columns and its rows; what is unbound is an empty string."""

    head: tuple[str, ...]
    rows: list[tuple[str, ...]]

    def columns(self, *wanted: str) -> list[tuple[str, ...]]:
        places = [self.head.index(name) for name in wanted]
        return [tuple(row[place] for place in places) for row in self.rows]


Ask = Callable[[str], Table]


@pytest.fixture(scope="session")
def quads(built: snapshot.Snapshot) -> list[ox.Quad]:
    return list(ox.parse(built.read("data.nq"), format=ox.RdfFormat.N_QUADS))


@pytest.fixture(scope="session")
def ask(quads: list[ox.Quad]) -> Ask:
    """Ask the real graph an example by its name."""
    return asker(store_of(quads))


@pytest.fixture(scope="session")
def changed(quads: list[ox.Quad]) -> Callable[[str], Ask]:
    """Ask a copy of the graph that a SPARQL update has changed."""

    def change(update: str) -> Ask:
        store = store_of(quads)
        before = len(store)
        store.update(update, prefixes=names.PREFIXES)
        assert len(store) != before, "the update changed nothing"
        return asker(store)

    return change


def store_of(quads: Sequence[ox.Quad]) -> ox.Store:
    store = ox.Store()
    store.extend(quads)
    return store


def asker(store: ox.Store) -> Ask:
    """Ask a store, whose default graph becomes the merge of the named ones, as in a snapshot."""
    store.extend({ox.Quad(quad.subject, quad.predicate, quad.object) for quad in store})
    queries = {example.slug: example.query for example in resources.examples()}

    def ask(slug: str) -> Table:
        answer = store.query(queries[slug], prefixes=names.PREFIXES)
        assert isinstance(answer, ox.QuerySolutions)
        head = tuple(variable.value for variable in answer.variables)
        return Table(head, [tuple(map(shown, row)) for row in answer])

    return ask


def shown(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    """Return a term as a reader writes it: ``83.64``, ``owl:sameAs``; nothing for what is unbound."""
    if term is None:
        return ""
    if isinstance(term, ox.Literal) and term.datatype.value in NUMBERS:
        return f"{Decimal(term.value):f}"
    return names.compact(term.value) if isinstance(term, ox.NamedNode) else _text(term)


def _text(term: ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return term.value if isinstance(term, ox.Literal) else str(term)
