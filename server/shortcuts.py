"""The short way: a request whose very answer is in memory is answered before any framework sees it.

Flask's part of such an answer takes ten times as long as the rest. Here only the header fields are kept,
beside the request that led to them; the body stays in the cache of answers, and when it goes from there the
short way is closed.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from server.operation.visits import note_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from server.sparql.cache import RememberingEngine

_MOST: Final = 5_000
_LONGEST: Final = 4_000
"""Characters of a request; a longer one goes the long way."""

Key = tuple[str, ...]
Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer, once more."""

    fields: Fields
    etag: str
    route: str
    query: str
    kind: str


class Shortcuts:
    """The requests over one snapshot for which there is a short way."""

    def __init__(self, engine: RememberingEngine) -> None:
        self._engine = engine
        self._replies: OrderedDict[Key, Reply] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, environ: dict[str, Any]) -> tuple[str, Fields, bytes] | None:
        """Return status, fields and body for a request; None where it has to go the long way."""
        key = _key(environ)
        reply = self._replies.get(key) if key else None
        if not reply:
            return None
        held = environ.get("HTTP_IF_NONE_MATCH")
        if held == reply.etag:
            found = "304 NOT MODIFIED", [each for each in reply.fields if each[0] in _OF_304], b""
        elif held is None and (kept := self._engine.again(reply.etag.strip('"'))):
            found = "200 OK", reply.fields, kept.body
        else:
            return None
        note = note_of(environ)
        note.route, note.query, note.kind = reply.route, reply.query, reply.kind
        note.cache = "hit" if held is None else ""
        return found

    def keep(self, environ: Mapping[str, Any], fields: Fields, etag: str) -> None:
        """Open the short way for a request that was just answered with 200 from memory."""
        key = _key(environ)
        if not key:
            return
        note = note_of(environ)
        with self._lock:
            self._replies[key] = Reply(fields, etag, note.route, note.query, note.kind)
            if len(self._replies) > _MOST:
                self._replies.popitem(last=False)


_DECIDING: Final = ("PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_HOST")
"""All of a GET for the endpoint that its answer depends on."""

_OF_304: Final = frozenset({"ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin"})
"""What a 304 repeats (RFC 9110, 15.4.5), and what lets a script of another site see it."""


def _key(environ: Mapping[str, Any]) -> Key | None:
    if environ["REQUEST_METHOD"] != "GET":
        return None
    key = tuple([environ.get(name, "") for name in _DECIDING])
    return key if sum(map(len, key)) <= _LONGEST else None
