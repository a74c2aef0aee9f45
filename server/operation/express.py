"""The express lane: a short question is answered by the very thread that reads it from its connection.

A request that goes through a thread of its own wakes two threads, twice, which all want the interpreter's one
lock: that took ten times as long as the question itself. Here one thread reads, hands the question to a
worker, and sends what comes back; nobody is woken. It never waits: what takes longer than a moment, streams,
has to be compressed, or is anything but a plain question, goes on to a thread, as far as it has come.
"""

from __future__ import annotations

import io
import logging
import re
import time
from collections import deque
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from waitress.channel import ClientDisconnected

from server import errors
from server.operation import visits
from server.shortcuts import Shortcut
from server.sparql.endpoint import BEGUN, EDITION, HELD, PATHS

if TYPE_CHECKING:
    from server.editions import Edition, Editions
    from server.operation.watch import Watch
    from server.sparql.cache import RememberingEngine
    from server.sparql.endpoint import Asked, Endpoint, Reply
    from server.sparql.engine import Answer, Begun

    Environ = dict[str, Any]

_LOG: Final = logging.getLogger(__name__)

_MOMENT: Final = 0.05
"""Seconds after which a question goes on to a thread, which keeps to its time and watches its client."""
_PAUSE: Final = 0.005
"""Seconds between two looks for a worker that a thread has set free, while a question waits for one."""
_LONGEST_LINE: Final = 256
_LONGEST_WAIT: Final = 1.0
"""Seconds that a question stays in line, as long as the line moves."""
_LIGHT: Final = 16 * 1024
"""Bytes that are compressed in passing: half a millisecond."""
IDENT: Final = "cekg"


class Channel(Protocol):
    """A connection, as far as the lane needs it."""

    addr: tuple[str, int]
    connected: bool
    rides: bool
    """Whether a question of it is in the lane: meanwhile nothing more is read from it."""

    def write_soon(self, data: bytes) -> object:
        """Send, now or as soon as the client takes it."""

    def go_on(self, data: bytes, carried: Environ) -> None:
        """Answer a request in a thread; ``carried`` is what its environment has beside the usual."""

    def handle_close(self) -> None:
        """Hang up."""


@dataclass(slots=True)
class _Ride:
    """A question in the lane."""

    channel: Channel
    data: bytes
    environ: Environ
    asked: Asked
    since: float
    begun: Begun | None = None


class Express:
    """The lane; of one thread alone, which calls ``tend`` whenever it has nothing else to do."""

    def __init__(self, endpoint: Endpoint, editions: Editions, watch: Watch) -> None:
        self._endpoint, self._editions, self._watch = endpoint, editions, watch
        self._riding: dict[int, _Ride] = {}
        self._line: deque[_Ride] = deque()
        self._moved = 0.0
        self.map: dict[int, Any] = {}
        """What the thread listens to: a worker's pipe is in it while the lane waits for the worker."""

    def take(self, channel: Channel, data: bytes) -> bool:
        """Answer what a connection sent, now or soon; False where it has to go the usual way."""
        if self._endpoint.limit is None and self._is_repeated(channel, data):
            return True
        environ = read(data)
        if environ is None:
            return False
        environ["REMOTE_ADDR"] = channel.addr[0]
        self._watch.begin(environ)
        environ[EDITION] = self._editions.take()
        try:
            self._board(channel, data, environ)
        except errors.RequestFault as fault:
            self._send(channel, environ, self._endpoint.refusal(environ, fault))
        return True

    def tend(self) -> float | None:
        """Begin what waits for a worker, hand on what takes longer; return the seconds to the next time."""
        now = time.monotonic()
        late = now - _MOMENT
        if self._line:
            self._call(late if self._moved < late else now - _LONGEST_WAIT)
        for ride in [each for each in self._riding.values() if each.since < late]:
            self._hand_on(ride)
        if self._line:
            return _PAUSE
        return _MOMENT if self._riding else None

    def close(self) -> None:
        """Give up what is on its way."""
        for ride in [*self._riding.values(), *self._line]:
            self._end(ride)

    def look(self, ride: _Ride) -> None:
        """Take what a worker has said."""
        if not ride.begun or self._riding.get(ride.begun.fileno()) is not ride:
            return  # it is over, and the worker perhaps at its next question
        try:
            answer = ride.begun.look()
            if answer is None:
                return
            if not _is_light(ride.asked, answer):
                self._hand_on(ride)
                return
            reply = self._endpoint.reply(ride.environ, ride.asked, answer)
        except errors.RequestFault as fault:
            reply = self._endpoint.refusal(ride.environ, fault)
        self._leave(ride)
        self._send(ride.channel, ride.environ, reply)
        self.tend()

    def fail(self, ride: _Ride) -> None:
        """Hang up after a fault of our own, and give back what the question held."""
        _LOG.exception("A question in the express lane failed.")
        self._end(ride)

    # From the request to the worker

    def _is_repeated(self, channel: Channel, data: bytes) -> bool:
        """Answer a request that was answered from memory before, byte for byte, if that is still there."""
        edition = self._editions.current
        shortcut = edition.shortcuts.find(data)
        if not shortcut:
            return False
        body = b""
        if shortcut.name:
            answer = edition.engine.again(shortcut.name)
            if not answer or answer.whole is None:
                return False
            body = answer.whole
        environ = {**shortcut.environ, "REMOTE_ADDR": channel.addr[0]}
        note = self._watch.begin(environ)
        note.route, note.query, note.kind, note.cache = shortcut.noted
        self._put(channel, environ, shortcut.status, shortcut.head, body)
        return True

    def _board(self, channel: Channel, data: bytes, environ: Environ) -> None:
        asked = self._endpoint.understood(environ)
        if not asked:
            channel.go_on(data, _carried(environ))
            return
        if self._line:
            self.tend()  # who came first goes first
        ride = _Ride(channel, data, environ, asked, time.monotonic())
        channel.rides = True
        if asked.calls:  # others may take their time
            self._hand_on(ride)
            return
        if self._gets_on(ride):
            return
        if len(self._line) < _LONGEST_LINE:
            self._line.append(ride)
        else:
            self._hand_on(ride)

    def _call(self, late: float) -> None:
        """Let those in line get on, from the first to the one for whom there is no worker."""
        waiting, self._line = self._line, deque()
        while waiting:
            ride = waiting.popleft()
            if ride.since < late:
                self._hand_on(ride)
            elif _is_asked(ride):
                self._line.append(ride)
            elif not self._gets_on(ride):
                self._line.append(ride)
                break
        self._line += waiting

    def _gets_on(self, ride: _Ride) -> bool:
        """Answer from memory, or give a question to a worker; False where it has to wait for one."""
        asked, environ = ride.asked, ride.environ
        engine = environ[EDITION].engine
        if not engine.is_light(asked.name, is_zipped=asked.takes_gzip, most=_LIGHT):
            self._hand_on(ride)
            return True
        data = ride.data
        try:
            reply = self._endpoint.at_once(environ, asked)
            if not reply and not _is_asked(ride):
                ride.begun = engine.begin(asked.query, asked.offers, asked.name)
        except errors.RequestFault as fault:
            reply, data = self._endpoint.refusal(environ, fault), b""
        if reply:
            ride.channel.rides = False
            self._send(ride.channel, environ, reply, data)
        elif ride.begun:
            pipe = ride.begun.fileno()
            self._riding[pipe] = ride
            self.map[pipe] = _Wire(self, ride)
            self._moved = time.monotonic()
        return bool(reply or ride.begun)

    # From the worker to the client

    def _hand_on(self, ride: _Ride) -> None:
        """Let a thread go on with a question."""
        carried = _carried(ride.environ)
        if ride.begun:
            carried[BEGUN] = ride.asked, ride.begun
        self._leave(ride)
        ride.channel.go_on(ride.data, carried)

    def _leave(self, ride: _Ride) -> None:
        ride.channel.rides = False
        if ride.begun:
            pipe = ride.begun.fileno()
            if self._riding.get(pipe) is ride:
                del self._riding[pipe], self.map[pipe]

    def _end(self, ride: _Ride) -> None:
        self._leave(ride)
        if ride.begun:
            ride.begun.close()
        ride.channel.handle_close()
        edition: Edition | None = ride.environ.pop(EDITION, None)
        if edition:
            edition.release()
            self._watch.over(ride.environ, status=0, sent=0, broken="server")

    def _send(self, channel: Channel, environ: Environ, reply: Reply, data: bytes = b"") -> None:
        """Send a reply that is there as a whole; ``data`` is the request, if the same leads there again."""
        edition: Edition = environ.pop(EDITION)
        head = _head(reply)
        if data and environ["REQUEST_METHOD"] == "GET":
            edition.shortcuts.keep(data, _shortcut(environ, reply, head))
        try:
            self._put(channel, environ, int(reply.status[:3]), head, reply.whole or b"")
        finally:
            edition.release()

    def _put(self, channel: Channel, environ: Environ, status: int, head: bytes, body: bytes) -> None:
        name = visits.note_of(environ).id
        tail = f"X-Request-Id: {name}\r\n{_date(int(time.time()))}\r\n\r\n".encode()
        broken = ""
        try:
            channel.write_soon(head + tail + body)
        except ClientDisconnected:
            broken = "client"
        self._watch.over(environ, status=status, sent=len(body), broken=broken)


class _Wire:
    """A worker's pipe among what the thread listens to."""

    accepting = False

    def __init__(self, lane: Express, ride: _Ride) -> None:
        self._lane, self._ride = lane, ride

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def handle_read_event(self) -> None:
        self._lane.look(self._ride)

    handle_close = handle_read_event  # the worker is gone, which reading tells

    def handle_error(self) -> None:
        self._lane.fail(self._ride)

    def close(self) -> None:
        """Do nothing: the pipe belongs to the pool."""


def _is_asked(ride: _Ride) -> bool:
    """Tell whether another asks the same at this moment, and the answer will be in memory."""
    engine: RememberingEngine = ride.environ[EDITION].engine
    return engine.is_asked(ride.asked.query, ride.asked.name)


def _is_light(asked: Asked, answer: Answer) -> bool:
    return answer.whole is not None and not (asked.takes_gzip and len(answer.whole) > _LIGHT)


def _carried(environ: Environ) -> Environ:
    return {name: environ[name] for name in (*visits.KEYS, EDITION, HELD) if name in environ}


def _shortcut(environ: Environ, reply: Reply, head: bytes) -> Shortcut:
    """Return what leads to a reply from memory, or to a 304, the next time."""
    note = visits.note_of(environ)
    etag = next(value for name, value in reply.fields if name == "ETag").strip('"')
    kept: Environ = {name: environ[name] for name in _KEPT if name in environ}
    status = int(reply.status[:3])
    return Shortcut(
        status, head, etag if status == 200 else "", kept, (note.route, note.query, note.kind, note.cache)
    )


_KEPT: Final = ("REQUEST_METHOD", "PATH_INFO", "HTTP_X_REQUEST_ID", "HTTP_X_FORWARDED_FOR")


def _head(reply: Reply) -> bytes:
    fields = "".join([f"{_cased(name)}: {value}\r\n" for name, value in reply.fields])
    return f"HTTP/1.1 {reply.status}\r\n{fields}Server: {IDENT}\r\n".encode("latin-1")


@lru_cache(maxsize=100)
def _cased(name: str) -> str:
    """Write the name of a field as waitress does, so that both ways give the same bytes."""
    return "-".join([part.capitalize() for part in name.split("-")])


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return f"Date: {formatdate(second, usegmt=True)}"


def read(data: bytes) -> Environ | None:
    r"""Return the environment of a plain question that is here to its last byte; None for all else.

    What is left out is not refused: it goes to a parser that knows all of HTTP.

    >>> read(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n")["QUERY_STRING"]
    'query=ASK%7B%7D'
    >>> read(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    >>> read(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    """
    match = _REQUEST.match(data)
    if not match:
        return None
    method, path, parameters, head = match.groups()
    environ: Environ = {
        "REQUEST_METHOD": method.decode(),
        "PATH_INFO": path.decode(),
        "QUERY_STRING": (parameters or b"").decode(),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
    }
    for line in head.decode().split("\r\n")[:-1]:
        name, _, value = line.partition(":")
        key = _NAMES.get(name.lower())
        if key is None:
            continue
        if not key or key in environ:
            return None
        environ[key] = value.strip(" \t")
    if "HTTP_HOST" not in environ or "html" in environ.get("HTTP_ACCEPT", ""):
        return None
    if environ.pop("HTTP_CONNECTION", "keep-alive").lower() != "keep-alive":
        return None
    return environ if _has_body(environ, data[match.end() :]) else None


def _has_body(environ: Environ, body: bytes) -> bool:
    """Take in the body of a POST; False where it is not all that follows."""
    if environ["REQUEST_METHOD"] == "GET":
        return not body and "CONTENT_LENGTH" not in environ
    length = environ.get("CONTENT_LENGTH", "")
    environ["wsgi.input"] = io.BytesIO(body)
    return bool(_LENGTH.fullmatch(length)) and int(length) == len(body) > 0


_LENGTH: Final = re.compile(r"[0-9]{1,6}")
_REQUEST: Final = re.compile(
    rb"(GET|POST) (" + b"|".join(sorted((re.escape(each.encode()) for each in PATHS), reverse=True)) + rb")"
    rb"(?:\?([!\"$-~]*+))? HTTP/1\.1\r\n"
    rb"((?:[A-Za-z0-9-]++:[ -~\t]*+\r\n)++)\r\n"
)
_NAMES: Final = {
    "host": "HTTP_HOST",
    "accept": "HTTP_ACCEPT",
    "accept-encoding": "HTTP_ACCEPT_ENCODING",
    "connection": "HTTP_CONNECTION",
    "content-encoding": "HTTP_CONTENT_ENCODING",
    "content-length": "CONTENT_LENGTH",
    "content-type": "CONTENT_TYPE",
    "if-none-match": "HTTP_IF_NONE_MATCH",
    "x-forwarded-for": "HTTP_X_FORWARDED_FOR",
    "x-request-id": "HTTP_X_REQUEST_ID",
    **dict.fromkeys(("expect", "http2-settings", "te", "trailer", "transfer-encoding", "upgrade"), ""),
}
"""The fields that an answer depends on; empty: with such a field the request is not plain."""
