"""The access log: one line of JSON for each request, written when its answer has ended."""

from __future__ import annotations

import hashlib
import json
import os
import select
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from server.operation.visits import Visit

FIELDS: Final = (
    ("time", "when the request came, in UTC"),
    ("id", "the name of the request: its own `X-Request-Id`, or a new UUID; the answer carries it too"),
    ("client", "the address of the client (behind a trusted proxy: what the proxy says it is)"),
    ("method", "`GET`, `POST`, …"),
    ("path", "the path, without what follows `?`; cut after 200 characters"),
    ("route", "what answered, such as `sparql.sparql`"),
    ("status", "the status; 0 if there was none"),
    ("seconds", "from the arrival of the request to the end of its answer"),
    ("bytes", "the length of the body that was sent"),
    ("kind", "the form of a query's answer: `bindings`, `boolean` or `graph`"),
    ("cache", "`hit` or `miss`"),
    ("query", "the first 16 hexadecimal digits of the SHA-256 of the query's text"),
    ("text", "the query itself, cut after 400 characters; with `--access-log full` alone"),
    ("broken", "who broke the answer off: `client` (it left) or `server`"),
)
"""Name and meaning of each field; one that has nothing to say is left out."""

_LONGEST_METHOD: Final = 20
_LONGEST_PATH: Final = 200
_LONGEST_TEXT: Final = 400
"""In characters, of which each takes six bytes of JSON at most: a pipe that takes anything takes PIPE_BUF
bytes at once (POSIX; 4,096 on Linux), so a line below that never has to wait."""


class AccessLog:
    """Lines to a file descriptor. Where nobody takes them they are dropped and counted: no request waits."""

    def __init__(self, descriptor: int, *, with_text: bool = False) -> None:
        self._descriptor = descriptor
        self._with_text = with_text
        self._lock = threading.Lock()
        self._ready = select.poll()
        self._ready.register(descriptor, select.POLLOUT)
        self.dropped = 0

    def write(self, visit: Visit) -> None:
        """Write the line of a request that is over."""
        content = line(visit, with_text=self._with_text)
        with self._lock:
            try:
                if self._takes():
                    os.write(self._descriptor, content)
                else:
                    self.dropped += 1
            except OSError:  # the reader is gone, or the disk is full
                self.dropped += 1

    def _takes(self) -> bool:
        return any(event & select.POLLOUT for _, event in self._ready.poll(0))


def line(visit: Visit, *, with_text: bool = False) -> bytes:
    """Return what the log says of a request: an object of JSON and a line feed, at most PIPE_BUF bytes."""
    note = visit.note
    values = (
        datetime.fromtimestamp(visit.began, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        note.id,
        note.client,
        visit.method[:_LONGEST_METHOD],
        visit.path[:_LONGEST_PATH],
        note.route,
        visit.status,
        round(visit.seconds, 6),
        visit.sent,
        note.kind,
        note.cache,
        fingerprint(note.query) if note.query else "",
        note.query[:_LONGEST_TEXT] if with_text else "",
        visit.broken,
    )
    said = {name: value for (name, _), value in zip(FIELDS, values, strict=True) if value != ""}
    return _written(said).encode(errors="replace") + b"\n"


_written: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def fingerprint(query: str) -> str:
    """Return what stands for a query in the log: the same for the same text, and nothing can be read from it.

    >>> fingerprint("ASK {}")
    '819ea91ed5f12b38'
    """
    return hashlib.sha256(query.encode(errors="replace")).hexdigest()[:16]
