"""For programs: a snapshot or an address becomes a graph that Python can ask."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from kg.client.graph import Graph, Row, Thing
from kg.client.observation import Kind, Observation, Sentence
from kg.client.table import Table
from kg.client.values import IRI, Text, Value
from kg.query import TIMEOUT, ask_endpoint, ask_store, open_store
from kg.snapshot import Snapshot, open_current, open_named

__all__ = [
    "IRI",
    "Graph",
    "Kind",
    "Observation",
    "Row",
    "Sentence",
    "Table",
    "Text",
    "Thing",
    "Value",
    "open",
]


def open(where: str | Path, *, language: str = "en", timeout: float = TIMEOUT) -> Graph:  # noqa: A001  # as in gzip and tarfile
    """Open a graph: a folder of snapshots, one of the snapshots in it, or an address.

    An address without a path is that of a `kg serve`, one with a path that of any SPARQL 1.1 endpoint. A
    snapshot is asked in this process, without limits: that is for your own queries, and not for those of a
    stranger, which could end the process. It stays the one that was opened when another is published.

    ``language`` is that of labels, a tag such as ``zh-Hans``; ``timeout`` is how many seconds an address may
    be silent. Raises SnapshotFault or EndpointFault where there is nothing to ask.
    """
    if isinstance(where, str) and where.startswith(("http://", "https://")):
        return _of_address(where, language, timeout)
    snapshot = _snapshot(Path(where).absolute())
    return Graph(partial(ask_store, store=open_store(snapshot)), str(snapshot.folder), language)


def _of_address(where: str, language: str, timeout: float) -> Graph:
    endpoint = where if urlsplit(where).path.strip("/") else f"{where.rstrip('/')}/sparql"
    graph = Graph(partial(ask_endpoint, address=endpoint, timeout=timeout), endpoint, language)
    graph.ask("ASK {}")
    return graph


def _snapshot(folder: Path) -> Snapshot:
    if (folder / "manifest.json").is_file():
        return open_named(folder.parent, folder.name)
    return open_current(folder)
