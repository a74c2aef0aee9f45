"""A worker: answers strangers' queries in a process of its own, which may be killed at any moment.

It is started by path, imports pyoxigraph and nothing of ours, and speaks in frames over its pipes:
a job comes in as four bytes of length and JSON; a frame goes out as one byte of type, four bytes of length
and the content. Before its first job it gives up the right to open anything (no socket, no file) and to grow
beyond its memory.
"""

from __future__ import annotations

import json
import math
import os
import re
import resource
import signal
import struct
import sys
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

READY: Final = b"R"
"""The store is open."""
KIND: Final = b"K"
"""The query is parsed; the content says the form of its answer."""
DATA: Final = b"D"
"""A part of the answer, more to come."""
LAST: Final = b"L"
"""The last part of the answer, or all of it."""
FAULT: Final = b"F"
"""No answer; the content says why."""

HEADER: Final = struct.Struct(">cI")
LENGTH: Final = struct.Struct(">I")

_FRAME: Final = 64 * 1024
_GRACE: Final = 5
"""Seconds after which a worker that nobody stopped in time ends itself: its parent is gone."""

_STORE_FAULTS: Final = ("Corruption:", "IO error:")
"""How RocksDB's own failures begin; every other OSError is a call that was refused."""


def main(folder: str, megabytes: str) -> None:
    """Open the store, give up every right, and answer until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes the pipe
    store = ox.Store.read_only(folder)
    _confine(int(megabytes))
    _send(READY, b"")
    while (job := _job()) is not None:
        signal.alarm(math.ceil(job["seconds"]) + _GRACE)
        _answer(store, job)
        signal.alarm(0)


def _confine(megabytes: int) -> None:
    """Let no query open a socket or a file, grow without end, or leave a core dump."""
    size = _size()
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if size:
        limit = size + megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _size() -> int:
    """Return the address space in use, in bytes; 0 where the system does not tell (then no limit is set)."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[0]) * resource.getpagesize() if statm.exists() else 0


def _answer(store: ox.Store, job: dict[str, Any]) -> None:
    try:
        if not _has_form(job):
            return
        results = store.query(job["query"], prefixes=job["prefixes"], **_dataset(job))
        kind = _kind(results)
        _send(KIND, kind.encode())
        frames = _Frames()
        _write(results, job["formats"][kind], job["prefixes"], frames)
        frames.finish()
    except SyntaxError as error:
        _send_fault(**_where(str(error)))
    except (OSError, RuntimeError, ValueError) as error:
        _send_fault(fault=_whose(error), message=str(error))


def _whose(error: Exception) -> str:
    """Tell the store's failures, a call that was refused, and what the engine cannot evaluate apart."""
    if str(error).startswith(_STORE_FAULTS):
        return "engine"
    return "service" if isinstance(error, OSError) else "query"


def _has_form(job: dict[str, Any]) -> bool:
    """Tell whether the client takes the kind of answer that the query has; say the kind if it does not.

    The engine tells the kind only with the answer, and begins to count and sort at once: so an empty store is
    asked first, where there is nothing to do.
    """
    if all(job["formats"].values()):
        return True
    kind = _kind(ox.Store().query(job["query"], prefixes=job["prefixes"]))
    if not job["formats"][kind]:
        _send(KIND, kind.encode())
    return bool(job["formats"][kind])


def _dataset(job: dict[str, Any]) -> dict[str, Any]:
    if job["dataset"] is None:
        return {}
    return {
        "default_graph": [ox.NamedNode(iri) for iri in job["dataset"]["default"]],
        "named_graphs": [ox.NamedNode(iri) for iri in job["dataset"]["named"]],
    }


def _kind(results: object) -> str:
    if isinstance(results, ox.QuerySolutions):
        return "bindings"
    return "boolean" if isinstance(results, ox.QueryBoolean) else "graph"


def _write(results: Any, name: str, prefixes: dict[str, str], frames: Any) -> None:
    if isinstance(results, ox.QueryTriples):
        ox.serialize(results, frames, getattr(ox.RdfFormat, name), prefixes=prefixes)
    else:
        results.serialize(frames, getattr(ox.QueryResultsFormat, name))


def _where(message: str) -> dict[str, Any]:
    """Take line and column out of the engine's sentence, ``error at 2:17: expected …``."""
    match = re.match(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if not match:
        return {"fault": "syntax", "message": message}
    line, column, rest = match.groups()
    return {"fault": "syntax", "message": rest, "line": int(line), "column": int(column)}


class _Frames:
    """A file that pyoxigraph writes to: what comes in is sent on in frames of one size."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, content: bytes) -> int:
        self._waiting += content
        if len(self._waiting) > _FRAME:
            _send(DATA, self._waiting)
            self._waiting = bytearray()
        return len(content)

    def flush(self) -> None:
        """Do nothing: a frame goes when it is full, or last."""

    def finish(self) -> None:
        _send(LAST, self._waiting)


def _send_fault(**why: Any) -> None:
    _send(FAULT, json.dumps(why).encode())


def _send(frame: bytes, content: bytes | bytearray) -> None:
    message = memoryview(HEADER.pack(frame, len(content)) + content)
    while message:
        message = message[os.write(1, message) :]


def _job() -> dict[str, Any] | None:
    header = _read(LENGTH.size)
    if header is None:
        return None
    content = _read(LENGTH.unpack(header)[0])
    return None if content is None else json.loads(content)


def _read(count: int) -> bytes | None:
    content = bytearray()
    while len(content) < count:
        part = os.read(0, count - len(content))
        if not part:
            return None
        content += part
    return bytes(content)


if __name__ == "__main__":
    main(*sys.argv[1:])
