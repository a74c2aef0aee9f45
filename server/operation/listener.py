"""The door: waitress, chosen on measurements (server/README.md), and what a public endpoint needs beside it.

Short questions do not wait for a thread (``express``). For all else it closes connections that stand still,
tells what it refuses as a problem document, sends no body after HEAD, and stops in order: no new connections,
running requests to their end within a bounded time.
"""

from __future__ import annotations

import json
import logging
import select
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import waitress
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask, WSGITask

from server import errors, formats
from server.operation.express import IDENT
from server.operation.loop import Map

if TYPE_CHECKING:
    from collections.abc import Mapping
    from wsgiref.types import WSGIApplication

    from server.operation.express import Express
    from server.operation.watch import Watch

_CONNECTIONS: Final = 1_000
_CROWDED: Final = 900
_SLOWEST_REQUEST: Final = 60.0
"""Seconds that a request may take to arrive; one byte at a time is an old way to fill a server up."""
_ROUND: Final = 1.0
_LAST_ROUND: Final = 0.05
_LAST_LINES: Final = 1.0
"""Seconds for requests that were broken off at the end to be logged."""


class Listener:
    """A listening server; ``stop`` may be called from a signal handler."""

    def __init__(
        self,
        application: WSGIApplication,
        watch: Watch,
        express: Express | None = None,
        *,
        host: str,
        port: int,
        threads: int,
        largest: int,
        patience: float,
    ) -> None:
        """Listen at once; raises OSError.

        ``largest`` is the size of a body in bytes; ``patience`` the seconds for which a client may leave its
        answer unread.
        """
        self._map: dict[int, Any] = Map() if hasattr(select, "epoll") else {}
        # Every request that waits for a thread would be a warning; the metrics count what runs.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._server = waitress.create_server(
            application,
            map=self._map,
            host=host,
            port=port,
            threads=threads,
            connection_limit=_CONNECTIONS,
            max_request_body_size=largest,
            channel_request_lookahead=0,  # while a request runs, its thread watches the client (_Client)
            clear_untrusted_proxy_headers=False,  # ours to judge (addresses.client)
            log_socket_errors=False,
            asyncore_use_poll=True,
            ident=IDENT,
        )
        self._doors: list[BaseWSGIServer] = [
            each for each in self._map.values() if isinstance(each, BaseWSGIServer)
        ]
        for door in self._doors:
            door.channel_class, door.watch, door.express = _Channel, watch, express
            if isinstance(self._map, Map):
                self._map.bells.add(door.trigger.socket.fileno())
        self._express = express
        if express:
            express.map = self._map
        self._patience = patience
        self._inspection = 0.0
        self._until: float | None = None

    @property
    def port(self) -> int:
        """The port, also where a free one was asked for."""
        return int(self._doors[0].effective_port)

    def run(self) -> None:
        """Answer until ``stop`` is called, and until what runs then has ended or its time is over."""
        while self._until is None:
            self._turn(_ROUND)
            self._drop_stuck()
        for door in self._doors:
            wasyncore.dispatcher.close(door)  # the door's own close would take the trigger along
        while self._running() and time.monotonic() < self._until:
            self._turn(_LAST_ROUND)

    def stop(self, grace: float) -> None:
        """Take no more connections, and end within ``grace`` seconds; a second call ends at once."""
        now = time.monotonic()
        self._until = now + grace if self._until is None else now
        self._doors[0].pull_trigger()

    def close(self) -> None:
        """Break off what still runs."""
        if self._express:
            self._express.close()
        for channel in self._channels():
            channel.handle_close()
        logging.getLogger("waitress").setLevel(logging.ERROR)
        self._doors[0].task_dispatcher.shutdown(cancel_pending=True, timeout=_LAST_LINES)
        wasyncore.close_all(self._map)
        if isinstance(self._map, Map):
            self._map.close()

    def _turn(self, seconds: float) -> None:
        soon = self._express.tend() if self._express else None
        if isinstance(self._map, Map):
            self._map.turn(soon or seconds)
        else:
            wasyncore.loop(timeout=soon or seconds, map=self._map, use_poll=True, count=1)

    def _running(self) -> bool:
        """Tell whether any request is being answered; hang up where none is."""
        channels = self._channels()
        for channel in channels:
            if not channel.is_busy:
                channel.handle_close()
        return any(channel.is_busy for channel in channels)

    def _drop_stuck(self) -> None:
        now = time.time()
        if now < self._inspection:
            return
        self._inspection = now + _ROUND
        for channel in self._channels():
            if channel.is_stuck(now, patience=self._patience):
                channel.handle_close()
        if isinstance(self._map, Map):
            self._map.ask_all()

    def _channels(self) -> list[_Channel]:
        return [each for each in self._map.values() if isinstance(each, _Channel)]


class _Task(WSGITask):  # type: ignore[misc]  # waitress has no types
    """One request. To HEAD waitress writes the end of a chunked body that was never begun.

    And it hangs up after each answer without Content-Length; but 304 and 204 have no body, and chunks say
    themselves where they end (RFC 9112, 6.3), so the connection goes on.
    """

    _says_its_end = False

    def build_response_header(self) -> bytes:
        asked = self.request.headers.get("CONNECTION", "").lower()
        self._says_its_end = self.version == "1.1" and asked != "close"
        try:
            return bytes(super().build_response_header())
        finally:
            self._says_its_end = False

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ["waitress.client_disconnected"] = _Client(self.channel)
        carried, self.channel.carried = self.channel.carried, {}
        environ.update(carried)
        return environ

    def set_close_on_finish(self) -> None:
        if not self._says_its_end:
            super().set_close_on_finish()

    def finish(self) -> None:
        if not self.wrote_header:
            self.write(b"")
        if self.request.command == "HEAD":
            self.chunked_response = False
        super().finish()


class _Client:
    """Tells whether the client has left while its request runs, by what the kernel knows of it."""

    def __init__(self, channel: _Channel) -> None:
        self._channel = channel

    def __call__(self) -> bool:
        if not self._channel.connected:
            return True
        if not _LEAVING:
            return self._has_said_goodbye()
        place = self.fileno()
        if place < 0:
            return True
        poll = select.poll()
        poll.register(place, _LEAVING)
        return bool(poll.poll(0))

    def fileno(self) -> int:
        socket_ = self._channel.socket  # taken away when the connection is closed, by another thread
        return -1 if socket_ is None else int(socket_.fileno())

    def _has_said_goodbye(self) -> bool:
        try:
            return bool(self._channel.socket.recv(1, socket.MSG_PEEK) == b"")
        except BlockingIOError:
            return False
        except OSError:
            return True


_LEAVING: Final = getattr(select, "POLLRDHUP", 0)


_FOR_ALL: Final = ("Access-Control-Allow-Origin", "*")
"""Else the page of another site whose query is too long would not even learn that."""


class _Refusal(ErrorTask):  # type: ignore[misc]
    """An answer to what is no request: waitress knows what is wrong, and we say it as we say everything."""

    def execute(self) -> None:
        error = self.request.error
        fault = errors.from_http(error.code, error.reason, f"{error.body.rstrip('.')}.")
        content = json.dumps(errors.problem(fault)).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [("Content-Type", formats.PROBLEM), _FOR_ALL]
        self.set_close_on_finish()
        self.content_length = len(content)
        self.write(content)
        self.channel.server.watch.refused(self.channel.addr[0], status=error.code, sent=len(content))


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """A request, which has to say whom it is for (RFC 9112, 3.2): proxies and servers must mean the same."""

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.version == "1.1" and "HOST" not in self.headers:
            raise ParsingError("The Host field is missing. In HTTP/1.1 every request has one")
        if "," in self.headers.get("HOST", ""):
            raise ParsingError("There is more than one Host field. Send one")


_TLS: Final = b"\x16\x03"
"""How a client begins that wants to speak TLS (RFC 8446, 5.1)."""


class _Channel(HTTPChannel):  # type: ignore[misc]
    """One connection."""

    parser_class = _Parser
    task_class = _Task
    error_task_class = _Refusal
    _rides = False
    _since = 0.0

    def __init__(self, server: Any, *connection: Any, **others: Any) -> None:
        super().__init__(server, *connection, **others)
        self.carried: dict[str, Any] = {}
        if len(server.active_channels) > _CROWDED:
            self._make_room(server.active_channels)

    @property
    def rides(self) -> bool:
        """Whether a question of it is in the express lane."""
        return self._rides

    @rides.setter
    def rides(self, value: bool) -> None:
        self._rides = value
        if not value and self._fileno is not None and isinstance(self._map, Map):
            self._map.touched.append(self._fileno)

    def readable(self) -> bool:
        return not self._rides and bool(super().readable())

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self._since = time.time()
            if data.startswith(_TLS):
                data = b"TLS\r\n\r\n"  # no request: whoever meant https:// would wait for its end for ever
            express, is_free = self.server.express, not (self.requests or self.will_close)
            if express and is_free and not self.close_when_flushed and express.take(self, data):
                return True
        return bool(super().received(data))

    def go_on(self, data: bytes, carried: dict[str, Any]) -> None:
        """Answer a request in a thread; ``carried`` is what its environment has beside the usual."""
        self.carried = carried
        super().received(data)

    def write_soon(self, data: Any) -> int:
        """Send, and let wait only what the connection does not take: waitress copies all of it first."""
        if not isinstance(data, bytes) or self.total_outbufs_len:
            return int(super().write_soon(data))
        sent = 0
        with self.outbuf_lock:
            if self.connected and not self.total_outbufs_len:
                with suppress(OSError):  # full, or gone, which waitress finds out
                    sent = self.socket.send(data)
        if sent < len(data):
            super().write_soon(data[sent:])
        return len(data)

    def _make_room(self, channels: Mapping[int, _Channel]) -> None:
        """Hang up on the one that has said nothing for the longest, so that there is always a place."""
        silent = [each for each in channels.values() if not each.is_busy and each is not self]
        if silent:
            min(silent, key=lambda each: each.last_activity).handle_close()

    @property
    def is_busy(self) -> bool:
        """Whether it owes an answer, or the rest of one."""
        return bool(self.requests or self._rides or self.total_outbufs_len)

    def is_stuck(self, now: float, *, patience: float) -> bool:
        """Whether the client does not take its answer, or does not come to the end of its request."""
        if self.total_outbufs_len:
            return bool(now - self.last_activity > patience)
        return self.request is not None and not self.requests and now - self._since > _SLOWEST_REQUEST
