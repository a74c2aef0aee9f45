"""The watch: stands around the application, names each request, and tells log and metrics how it ended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from server.operation import addresses, visits
from server.operation.visits import Note, Visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from wsgiref.types import StartResponse, WSGIApplication

    from server.operation.access import AccessLog
    from server.operation.addresses import Network
    from server.operation.metrics import Traffic


class Watch:
    """A WSGI application around another."""

    def __init__(
        self,
        application: WSGIApplication,
        *,
        traffic: Traffic,
        log: AccessLog | None,
        trusted: Sequence[Network] = (),
    ) -> None:
        self._application = application
        self._traffic, self._log, self._trusted = traffic, log, trusted

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; it is over when the answer is closed, not when this returns."""
        note = visits.note_of(environ) if visits.is_noted(environ) else self.begin(environ)
        answer = _Answer(environ, note, self._over)
        try:
            return answer.of(self._application, start_response)
        except BaseException:
            answer.close()
            raise

    def begin(self, environ: dict[str, Any]) -> Note:
        """Give a request its name; whoever does so tells when it is over."""
        peer, forwarded = environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR")
        client = addresses.client(peer, forwarded, self._trusted)
        note = Note(visits.name_request(environ.get("HTTP_X_REQUEST_ID")), client)
        visits.attach(environ, note)
        self._traffic.begin()
        return note

    def over(self, environ: Mapping[str, Any], *, status: int, sent: int, broken: str = "") -> None:
        """Note that a request is over, of which this has only seen the beginning."""
        self._over(visits.visit(environ, status=status, sent=sent, broken=broken))

    def refused(self, client: str, *, status: int, sent: int) -> None:
        """Note what came to the door and was no request."""
        self._traffic.begin()
        note = Note(visits.name_request(None), client)
        self._over(Visit(note, time.time(), method="", path="", status=status, seconds=0.0, sent=sent))

    def _over(self, visit: Visit) -> None:
        self._traffic.end(visit)
        if self._log:
            self._log.write(visit)


class _Answer:
    """The body on its way out: passes it on, and counts."""

    def __init__(self, environ: dict[str, Any], note: Note, over: Callable[[Visit], None]) -> None:
        self._environ, self._note, self._over = environ, note, over
        self._status = self._sent = 0
        self._whole = self._failed = self._closed = False
        self._body: Iterable[bytes] = ()
        self._parts: Iterator[bytes] = iter(())

    def of(self, application: WSGIApplication, start_response: StartResponse) -> Iterable[bytes]:
        """Call the application, and stand before its body."""

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            self._status = int(status.split(" ", 1)[0])
            return start_response(status, [*headers, ("X-Request-Id", self._note.id)], *error)

        self._failed = True  # until the application has returned
        self._body = application(self._environ, start)
        self._parts = iter(self._body)
        self._failed = False
        return self

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            part = next(self._parts)
        except StopIteration:
            self._whole = True
            raise
        except BaseException:
            self._failed = True
            raise
        self._sent += len(part)
        return part

    def close(self) -> None:
        """End the request, once, whole or not."""
        if self._closed:
            return
        self._closed = True
        try:
            if hasattr(self._body, "close"):
                self._body.close()
        finally:
            self._over(self._visit())

    def _visit(self) -> Visit:
        broken = "server" if self._failed else "" if self._whole else "client"
        return visits.visit(self._environ, status=self._status, sent=self._sent, broken=broken)
