"""What the tools stand on: a snapshot here, with workers for the queries of others, or a server elsewhere.

The tools ask their own small queries through the catalogue. A query that an assistant wrote goes to the
engine, whose workers may die of it; it is never parsed here.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

import pyoxigraph

from kg import names
from server import errors
from server.editions import Edition, Editions
from server.pages.catalog import Catalog
from server.pages.language import ENGLISH
from server.search import page
from server.search.index import index_of
from server.sparql.cache import Cache, RememberingEngine
from server.sparql.engine import Limits, WorkerPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from kg.snapshot import Snapshot
    from server.sparql.engine import Answer, Offers
    from server.sparql.protocol import Query


@dataclass(frozen=True, slots=True)
class Most:
    """What one answer may take."""

    timeout: float
    """Seconds."""
    memory: int
    """Megabytes."""
    rows: int
    size: int
    """Bytes."""


class Asks(Protocol):
    """Whatever answers a query that an assistant wrote."""

    def ask(self, query: Query, offers: Offers) -> Answer:
        """Begin to answer; raises a RequestFault. Whoever asks closes the answer."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What there is to ask at one moment."""

    catalog: Catalog
    engine: Asks
    search: Callable[[str, str, int], dict[str, Any]]
    """What is found for a text, of a kind or of all (empty), on a page from 1: as ``/search`` has it."""
    ontology: Callable[[], str]
    """The ontology in Turtle."""
    most: Most


class Grounds(Protocol):
    """Where the tools find it."""

    def take(self) -> AbstractContextManager[Ground]:
        """Return what is published now; a call of a tool is answered from one snapshot."""

    def close(self) -> None:
        """Let go of everything."""


class OfSnapshots:
    """The snapshot that a folder names as current, and the next one as soon as it is published."""

    def __init__(self, root: Path, most: Most) -> None:
        """Open it; raises SnapshotFault when there is none."""
        self._most = most
        self._editions = Editions(root, self._edition)

    @contextmanager
    def take(self) -> Iterator[Ground]:
        """Return what is published now; see Grounds."""
        edition = self._editions.take()
        try:
            yield Ground(
                edition.catalog, edition.engine, _search(edition), partial(_ontology, edition), self._most
            )
        finally:
            edition.release()

    def close(self) -> None:
        """Stop the workers."""
        self._editions.close()

    def _edition(self, snapshot: Snapshot) -> Edition:
        limits = Limits(self._most.timeout, self._most.memory, self._most.timeout, self._most.size)
        catalog, index = Catalog(snapshot), index_of(snapshot)
        try:
            pool = WorkerPool(snapshot.store, workers=_WORKERS, limits=limits, prefixes=names.PREFIXES)
        except BaseException:
            index.close()
            raise
        engine = RememberingEngine(
            pool, Cache(0), snapshot=snapshot.id, prefixes=names.PREFIXES, version=pyoxigraph.__version__
        )
        return Edition(catalog, engine, index)


def _search(edition: Edition) -> Callable[[str, str, int], dict[str, Any]]:
    def search(text: str, kind: str, number: int) -> dict[str, Any]:
        if not edition.index.is_there:
            raise errors.NotIndexed
        asked = page.ask(text, kind, str(number), edition.index)
        return page.answer(edition.catalog, edition.index, asked, ENGLISH, "")

    return search


def _ontology(edition: Edition) -> str:
    return (edition.catalog.triples(names.ONTOLOGY, "TURTLE") or b"").decode()


_WORKERS: Final = 2
"""Queries at once: assistants call tools side by side."""
