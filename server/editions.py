"""The edition that is served: one snapshot with its catalogue and its workers, until the next is published.

A new snapshot is opened beside the old one, tried, and put in its place at once. The old one answers the
requests that it has begun, and then goes. One that cannot be served is told to the log; nobody else notices.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final
from weakref import WeakSet

from kg.faults import SnapshotFault
from kg.snapshot import CURRENT, open_current
from server import errors, formats
from server.shortcuts import Shortcuts
from server.sparql.protocol import Query

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.snapshot import Snapshot
    from server.pages.catalog import Catalog
    from server.search.index import Index
    from server.sparql.cache import RememberingEngine

_LOG: Final = logging.getLogger(__name__)
_EVERY: Final = 1.0
"""Seconds between two looks; each reads one line and asks for one folder."""


class Edition:
    """A snapshot as it is served; whoever takes it releases it."""

    def __init__(self, catalog: Catalog, engine: RememberingEngine, index: Index) -> None:
        self.catalog, self.engine, self.index = catalog, engine, index
        self.shortcuts = Shortcuts()
        self._users = 1  # that it is the current one counts as a use
        self._lock = threading.Lock()

    @property
    def snapshot(self) -> Snapshot:
        """What is served."""
        return self.catalog.snapshot

    def take(self) -> bool:
        """Begin to use it; False where it has gone already."""
        with self._lock:
            if self._users:
                self._users += 1
            return self._users > 0

    def release(self) -> None:
        """End a use; the last one closes it."""
        with self._lock:
            self._users -= 1
            is_over = self._users == 0
        if is_over:
            self.close()

    def close(self) -> None:
        """Stop the workers, and let go of the index."""
        self.engine.close()
        self.index.close()


class Editions:
    """The current edition, and the look-out for the next."""

    def __init__(self, root: Path, make: Callable[[Snapshot], Edition]) -> None:
        """Open what is published; raises SnapshotFault when there is none to serve."""
        self._root, self._make = root, make
        self._seen = self._sign()
        self._open: WeakSet[Edition] = WeakSet()
        self.current = self._opened(open_current(root))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="editions", daemon=True)
        self._thread.start()

    def take(self) -> Edition:
        """Return the current edition, to be released when the request is over."""
        while not (edition := self.current).take():
            continue  # it went in this very moment, so there is another
        return edition

    def look(self) -> None:
        """Take up what was published since the last look, if anything was."""
        sign = self._sign()
        if sign == self._seen:
            return
        self._seen = sign
        try:
            self._turn_to(open_current(self._root))
        except (SnapshotFault, errors.RequestFault, OSError, ValueError) as fault:  # no memory; no text
            _LOG.error("A new snapshot cannot be served; %s goes on. %s", self.current.snapshot.id, fault)

    def close(self) -> None:
        """Look no more, and stop everything."""
        self._over.set()
        self._thread.join()
        for edition in self._open:
            edition.close()

    def _watch(self) -> None:
        while not self._over.wait(_EVERY):
            self.look()

    def _sign(self) -> tuple[str, int]:
        """Return what changes with each publication: the name, and the folder, which may be a new one."""
        try:
            name = (self._root / CURRENT).read_text(encoding="utf-8").strip()
            return name, (self._root / name).stat().st_ino
        except (OSError, ValueError):  # ValueError: bytes that are no text
            return "", 0

    def _opened(self, snapshot: Snapshot) -> Edition:
        edition = self._make(snapshot)
        self._open.add(edition)
        return edition

    def _turn_to(self, snapshot: Snapshot) -> None:
        edition = self._opened(snapshot)
        try:
            edition.engine.ask(_TRIAL, formats.choose_each(None)).close()
        except BaseException:
            edition.close()
            raise
        old, self.current = self.current, edition
        old.release()
        _LOG.info("Serving snapshot %s instead of %s.", edition.snapshot.id, old.snapshot.id)


_TRIAL: Final = Query("ASK { ?s ?p ?o }")
