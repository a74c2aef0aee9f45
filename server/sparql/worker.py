"""A worker: answers strangers' queries in a process of its own, which may be killed at any moment.

It imports pyoxigraph and, of ours, only what reads queries, writes JSON-LD or stands beside it, and speaks in
frames over its pipes. Before its first job it gives up every right but to read the store (``confine``).
"""

from __future__ import annotations

import json
import math
import os
import resource
import signal
import sys
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from kg import clauses, federated, jsonld, mistakes, outline
from server.sparql import confine, frames

if TYPE_CHECKING:
    from collections.abc import Iterator

_FRAME: Final = 64 * 1024
_GRACE: Final = 5
"""Seconds after which a worker that nobody stopped in time ends itself: its parent is gone."""

MOST_MERGED: Final = 100_000
"""Triples of several named graphs that are merged for one query; it takes about 0.5 s and 30 MB."""

_STORE_FAULTS: Final = ("Corruption:", "IO error:")
"""How RocksDB's own failures begin; every other OSError is a call that was refused."""

Prefixes = dict[str, str]


class _Calls(OSError):
    """The query calls another endpoint. A call that fails before the kernel sees it is true to EXISTS."""


class _TooMuchToMerge(ValueError):
    """The graphs that a request names are too large to be merged for it."""


def main(folder: str, megabytes: str, prefixes: str) -> None:
    """Open the store, give up every right, and answer until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes the pipe
    with _STATM.open("rb") if _STATM.exists() else nullcontext() as statm:  # no file can be opened later
        jsonld.context()
        is_confined = confine.before_opening(Path(folder))
        store = ox.Store.read_only(folder)
        confine.after_opening(int(megabytes), _size(statm), is_confined=is_confined)
    known: Prefixes = json.loads(prefixes)
    _send(frames.READY, b"")
    jobs = _jobs()
    for job in jobs:
        signal.alarm(math.ceil(job["seconds"]) + _GRACE)
        _answer(store, job, known, partial(_call, jobs))
        signal.alarm(0)


def _call(jobs: Iterator[dict[str, Any]], endpoint: str, query: str) -> dict[str, Any]:
    """Have the parent ask another endpoint; what it says comes in as jobs do."""
    _send(frames.CALL, json.dumps({"endpoint": endpoint, "query": query}).encode())
    return next(jobs)


def _size(statm: IO[bytes] | None) -> int:
    """Return the address space in use, in bytes; 0 where the system does not tell (then no limit is set)."""
    return int(statm.read().split()[0]) * resource.getpagesize() if statm else 0


_STATM: Final = Path("/proc/self/statm")


def _answer(store: ox.Store, job: dict[str, Any], prefixes: Prefixes, call: federated.Call) -> None:
    asked = job["query"]
    try:
        is_federated = bool(job["services"])
        plain = clauses.masked(job["query"]) if is_federated else job["query"]
        if not _has_form({**job, "query": plain}, prefixes):
            return
        if is_federated:
            own = {name: job[name] for name in ("base", "dataset", "services")}
            job = {**job, "query": federated.settled(store, job["query"], call, prefixes=prefixes, **own)}
        text, dataset = _understood(job, prefixes)
        store, graphs = _merged(store, dataset)
        results = store.query(text, base_iri=job["base"], prefixes=_named(prefixes, text), **graphs)
        kind = _kind(results)
        if not job["formats"][kind]:
            _send(frames.KIND, kind.encode())
            return
        out = _Frames(kind)
        _write(results, job["formats"][kind], prefixes, out)
        out.finish()
    except SyntaxError as error:
        found = mistakes.mistake(asked, str(error), prefixes)
        where = {"line": found.line, "column": found.column} if found.line else {}
        _send_fault(fault="syntax", message=found.what, **where)
    except _TooMuchToMerge as error:
        _send_fault(fault="merge", message=str(error))
    except federated.Refused as error:
        _send_fault(fault="refused", message=str(error))
    except federated.Failed as error:
        kind = "barred" if error.is_barred else "late" if error.is_late else "remote"
        _send_fault(fault=kind, message=str(error), endpoint=error.endpoint)
    except (OSError, RuntimeError, ValueError) as error:
        _send_fault(fault=_whose(error), message=str(error))


def _whose(error: Exception) -> str:
    """Tell the store's failures, a call that was refused, and what the engine cannot evaluate apart."""
    if str(error).startswith(_STORE_FAULTS):
        return "engine"
    return "service" if isinstance(error, OSError) or "service name" in str(error) else "query"


def _has_form(job: dict[str, Any], prefixes: Prefixes) -> bool:
    """Tell whether the client takes the kind of answer that the query has; say the kind if it does not.

    The engine tells the kind only with the answer, and begins to count and sort at once. So where the text
    does not say it plainly, an empty store is asked first: there is nothing to do in it, but to read.
    """
    if all(job["formats"].values()) or job["formats"].get(outline.form(job["query"])):
        return True
    kind = _kind(ox.Store().query(job["query"], base_iri=job["base"], prefixes=prefixes))
    if not job["formats"][kind]:
        _send(frames.KIND, kind.encode())
    return bool(job["formats"][kind])


def _understood(job: dict[str, Any], prefixes: Prefixes) -> tuple[str, dict[str, list[str]] | None]:
    """Return the query with its variables in the order of its text, and the graphs that it is to ask."""
    text, dataset = job["query"], job["dataset"]
    if not outline.is_needed(text):
        return text, dataset
    found = outline.outline(text)
    if found.calls:
        raise _Calls
    empty = ox.Store()
    if dataset is None and len(found.default) > 1:
        rows: Any = empty.query(found.resolving(), base_iri=job["base"], prefixes=prefixes)
        row = next(rows)
        graphs = [row[place].value for place in range(len(found.default) + len(found.named))]
        dataset = {"default": graphs[: len(found.default)], "named": graphs[len(found.default) :]}
    if found.star is not None:
        results: Any = empty.query(text, base_iri=job["base"], prefixes=prefixes)
        text = found.in_order(text, [each.value for each in results.variables])
    return text, dataset


def _merged(store: ox.Store, dataset: dict[str, list[str]] | None) -> tuple[ox.Store, dict[str, Any]]:
    """Return the store to ask, and the arguments that name its graphs.

    The engine's own union of several graphs is none: a triple of two of them matches twice there. All of the
    store's graphs together are its default graph; some of them are merged in memory.
    """
    if dataset is None:
        return store, {}
    default = [ox.NamedNode(iri) for iri in dict.fromkeys(dataset["default"])]
    named = [ox.NamedNode(iri) for iri in dataset["named"]]
    if len(default) < 2:
        return store, {"default_graph": default, "named_graphs": named}
    if set(store.named_graphs()) <= set(default):
        return store, {"default_graph": ox.DefaultGraph(), "named_graphs": named}
    merged = ox.Store()
    merged.bulk_extend(_copied(store, default, named))
    return merged, {"default_graph": ox.DefaultGraph(), "named_graphs": named}


def _copied(store: ox.Store, default: list[ox.NamedNode], named: list[ox.NamedNode]) -> Iterator[ox.Quad]:
    left = MOST_MERGED
    for graph in {*default, *named}:
        for quad in store.quads_for_pattern(None, None, None, graph):
            left -= 1
            if left < 0:
                raise _TooMuchToMerge(MOST_MERGED)
            if graph in named:
                yield quad
            if graph in default:
                yield ox.Quad(quad.subject, quad.predicate, quad.object)


def _named(prefixes: Prefixes, text: str) -> Prefixes:
    """Return the prefixes that a query could mean: the engine reads every one that it is given.

    >>> _named({"city": "https://w3id.org/cekg/city/", "ex": "http://example.org/"}, "DESCRIBE city:harbin")
    {'city': 'https://w3id.org/cekg/city/'}
    """
    return {prefix: iri for prefix, iri in prefixes.items() if f"{prefix}:" in text}


def _kind(results: object) -> str:
    if isinstance(results, ox.QuerySolutions):
        return "bindings"
    return "boolean" if isinstance(results, ox.QueryBoolean) else "graph"


def _write(results: Any, name: str, prefixes: Prefixes, out: Any) -> None:
    if isinstance(results, ox.QueryTriples) and name == "JSON_LD":
        for part in jsonld.answer(results):
            out.write(part)
    elif isinstance(results, ox.QueryTriples):
        ox.serialize(results, out, getattr(ox.RdfFormat, name), prefixes=prefixes)
    else:
        results.serialize(out, getattr(ox.QueryResultsFormat, name))


class _Frames:
    """A file that pyoxigraph writes to: what comes in is sent on in frames of one size.

    The kind goes before the first of them, in the same breath: one wake of the parent less.
    """

    def __init__(self, kind: str) -> None:
        self._first = _packed(frames.KIND, kind.encode())
        self._waiting = bytearray()

    def write(self, content: bytes) -> int:
        self._waiting += content
        if len(self._waiting) > _FRAME:
            self._send(frames.DATA)
        return len(content)

    def flush(self) -> None:
        """Do nothing: a frame goes when it is full, or last."""

    def finish(self) -> None:
        self._send(frames.LAST)

    def _send(self, frame: bytes) -> None:
        _put(self._first + _packed(frame, self._waiting))
        self._first, self._waiting = b"", bytearray()


def _send_fault(**why: Any) -> None:
    _send(frames.FAULT, json.dumps(why).encode())


def _send(frame: bytes, content: bytes) -> None:
    _put(_packed(frame, content))


def _packed(frame: bytes, content: bytes | bytearray) -> bytes:
    return frames.HEADER.pack(frame, len(content)) + content


def _put(message: bytes) -> None:
    rest = memoryview(message)
    while rest:
        rest = rest[os.write(1, rest) :]


def _jobs() -> Iterator[dict[str, Any]]:
    """Yield what the parent asks, until it closes the pipe."""
    waiting, head = bytearray(), frames.LENGTH.size
    while True:
        while len(waiting) >= head and len(waiting) >= (end := head + frames.LENGTH.unpack_from(waiting)[0]):
            yield json.loads(waiting[head:end])
            del waiting[:end]
        part = os.read(0, _FRAME)
        if not part:
            return
        waiting += part


if __name__ == "__main__":
    main(*sys.argv[1:])
