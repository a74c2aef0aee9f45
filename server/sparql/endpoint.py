"""The endpoint as programs know it, without a framework: a request in, an answer out.

Flask's routing, contexts and objects took ten times as long as all of this, and a lock that others wait for.
What ends in a page for people goes on to the pages, which stand behind as the same kind of WSGI application.

A request takes two steps, because the one who reads it need not be the one who waits for its answer: it is
``understood``, and then an answer is turned into a ``reply``. ``__call__`` takes both, one after the other;
the express lane (``server.operation.express``) takes the second when a worker has answered.
"""

from __future__ import annotations

import io
import json
import logging
import re
import time
import zlib
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from werkzeug.http import parse_etags
from werkzeug.wsgi import ClosingIterator

from kg import outline
from server import errors, formats
from server.formats import PAGE
from server.operation.visits import note_of
from server.sparql import protocol
from server.sparql.cache import ZIPPED
from server.sparql.engine import stays
from server.sparql.protocol import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from wsgiref.types import StartResponse, WSGIApplication

    from server.operation.limit import Limit
    from server.settings import Settings
    from server.sparql.cache import RememberingEngine
    from server.sparql.engine import Answer, Offers

    Environ = dict[str, Any]
    Fields = list[tuple[str, str]]

_LOG: Final = logging.getLogger(__name__)

PATHS: Final = frozenset({"/sparql", "/sparql/"})
ROUTE: Final = "sparql.sparql"
"""What log and metrics call it."""

EDITION: Final = "cekg.edition"
"""Where a request's edition stands in its environment: what answers it, from its first line to its end."""
FAULT: Final = "cekg.fault"
"""Where a fault stands that is to be told by a page."""
HELD: Final = "cekg.held"
"""Where it says that the rate limit has counted a request."""
BEGUN: Final = "cekg.begun"
"""Where a question stands that was begun elsewhere: what is asked, and where its answer will come from."""

VARY: Final = "Accept, Accept-Encoding, Origin"
ASK_EACH_TIME: Final = "public, no-cache"
"""Keep it, but ask before each use (RFC 9111, 5.2.2.4): a 304 costs little, a new snapshot shows at once."""
KEEP_NOTHING: Final = ("Cache-Control", "no-store")
"""For what other endpoints have a part in: nobody tells us when that changes."""
HIT: Final = "cekg; hit"
_CACHE_STATUS: Final = {"hit": HIT, "miss": "cekg; fwd=uri-miss"}
"""As RFC 9211 says it."""

_ASKING: Final = frozenset({"GET", "HEAD", "POST", "QUERY"})
_WITH_ETAG: Final = frozenset({"GET", "HEAD", "QUERY"})
"""To others If-None-Match means something else (RFC 9110, 13.2.2), and their answers are not kept."""

_WORTH_ZIPPING: Final = 1_000
"""Bytes from which gzip saves a packet."""
_IN_MEMORY: Final = 8_000_000
_CHUNK: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """What a program asks, and how it wants the answer."""

    query: Query
    offers: Offers
    name: str | None
    """Of the answer; None where no two are the same."""
    tag: str | None
    """The same, where an ETag says it."""
    takes_gzip: bool
    calls: bool = False
    """Whether other endpoints take part in the answer."""


@dataclass(slots=True)
class Reply:
    """What goes out: status line, header fields and body."""

    status: str
    fields: Fields
    body: Iterable[bytes] = ()
    whole: bytes | None = None
    """All of the body, where it is there."""
    close: Callable[[], None] | None = None


class Endpoint:
    """The endpoint of a server: a WSGI application before another one, which has the pages."""

    def __init__(
        self,
        pages: WSGIApplication,
        settings: Settings,
        *,
        always: Sequence[tuple[str, str]],
        limit: Limit | None,
    ) -> None:
        """``always`` is what every answer carries."""
        self._pages, self._settings, self.limit = pages, settings, limit
        self._always: Fields = [*always, ("Vary", VARY)]
        self._largest = ("CEKG-Largest-Answer", str(settings.largest_answer or "none"))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or let the pages do it."""
        try:
            reply = self._reply(environ)
        except errors.RequestFault as fault:
            if formats.wants_page(environ.get("HTTP_ACCEPT")):
                environ[FAULT] = fault
                reply = None
            else:
                reply = self.refusal(environ, fault)
        if reply is None:
            return self._pages(environ, start_response)
        start_response(reply.status, reply.fields)
        return _sent(environ, reply)

    def _reply(self, environ: Environ) -> Reply | None:
        engine: RememberingEngine = environ[EDITION].engine
        asked, begun = environ.pop(BEGUN, (None, None))
        if not asked:
            asked = self.understood(environ)
        if not asked:
            return None
        if not begun and (reply := self.at_once(environ, asked)):
            return reply
        gone = gone_of(environ)
        answer = begun.wait(gone) if begun else engine.ask(asked.query, asked.offers, gone)
        return self.reply(environ, asked, answer)

    def understood(self, environ: Environ) -> Asked | None:
        """Return what a program asks; None for what ends in a page. Raises a RequestFault."""
        note = note_of(environ)
        note.route = ROUTE
        method = environ["REQUEST_METHOD"]
        if method not in _ASKING:
            return None
        if self.limit is not None:
            self._hold(self.limit, environ, note.client)
        body = _body(environ, self._settings.largest_request)
        parameters = environ.get("QUERY_STRING", "").encode("latin-1")
        found = protocol.read_query(method, parameters, environ.get("CONTENT_TYPE"), body)
        if found is None:
            return None
        base = f"{base_of(environ, self._settings)}/sparql"
        query = Query(found.text, found.dataset, found.formats, found.timeout, base)
        note.query = query.text
        offers = formats.choose_each(environ.get("HTTP_ACCEPT"), query.formats)
        if not any(offers.values()):
            raise errors.NotAcceptable(sorted({each.media_type for each in formats.FORMATS}))
        if any(offer and offer.format is PAGE for offer in offers.values()):
            return None
        name = environ[EDITION].engine.name(query, offers)
        tag = name if method in _WITH_ETAG else None
        takes_gzip = formats.takes_gzip(environ.get("HTTP_ACCEPT_ENCODING"))
        return Asked(query, offers, name, tag, takes_gzip, self._calls(query))

    def at_once(self, environ: Environ, asked: Asked) -> Reply | None:
        """Return what needs no worker: 304 where the client has the answer, else the answer from memory."""
        held = _held(environ, asked.tag)
        if held:
            return self._unchanged(held)
        engine: RememberingEngine = environ[EDITION].engine
        answer = engine.again(asked.name)
        return self.reply(environ, asked, answer) if answer else None

    def reply(self, environ: Environ, asked: Asked, answer: Answer) -> Reply:
        """Return what to send of an answer: whole with its length, or in chunks as it comes."""
        note = note_of(environ)
        note.kind, note.cache = answer.kind, answer.cache
        if asked.tag and _takes_any(environ):  # any answer will do, and there is one (RFC 9110, 13.1.2)
            answer.close()
            return self._unchanged(asked.tag)
        fields = [
            *self._always,
            self._largest,
            ("Content-Type", answer.offer.content_type),
            ("Content-Disposition", f'inline; filename="result.{answer.offer.format.suffix}"'),
        ]
        if asked.calls:
            fields.append(KEEP_NOTHING)
        if answer.cache:
            fields.append(("Cache-Status", _CACHE_STATUS[answer.cache]))
        if answer.whole is not None:
            return self._whole(environ, asked, answer, fields)
        if environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
            _name(fields, asked.tag)
            return _spooled(answer, fields)
        parts = _streamed(answer)
        if asked.takes_gzip:
            fields.append(("Content-Encoding", "gzip"))
            parts = _zipped(parts)
        _name(fields, asked.tag, is_zipped=asked.takes_gzip, is_weak=asked.takes_gzip)
        return Reply(_OK, fields, parts, close=answer.close)

    def refusal(self, environ: Environ, fault: errors.RequestFault) -> Reply:
        """Return what to send of a fault: a problem document."""
        if fault.status == 500:
            _LOG.error("%s: %s", environ["PATH_INFO"], fault.detail)
        problem = {**errors.problem(fault), "request": note_of(environ).id}
        body = json.dumps(problem, ensure_ascii=False).encode(errors="replace") + b"\n"
        fields = [*self._always, *fault.headers.items(), ("Content-Type", formats.PROBLEM)]
        fields.append(("Content-Length", str(len(body))))
        return Reply(f"{fault.status} {fault.title.upper()}", fields, (body,), body)

    def _calls(self, query: Query) -> bool:
        return bool(self._settings.services) and outline.calls_out(query.text)

    def _hold(self, limit: Limit, environ: Environ, client: str) -> None:
        """Hold a request to the rate limit, once."""
        environ[HELD] = True
        wait = limit.wait(client, time.monotonic())
        if wait:
            raise errors.TooMany(self._settings.rate_limit, wait)

    def _unchanged(self, tag: str) -> Reply:
        fields = list(self._always)
        _name(fields, tag)
        return Reply("304 NOT MODIFIED", fields, (), b"")

    def _whole(self, environ: Environ, asked: Asked, answer: Answer, fields: Fields) -> Reply:
        body = answer.whole or b""
        answer.close()
        is_zipped = asked.takes_gzip and len(body) >= _WORTH_ZIPPING
        if is_zipped:
            body = environ[EDITION].engine.zipped(asked.name, answer, body)
            fields.append(("Content-Encoding", "gzip"))
        _name(fields, asked.tag, is_zipped=is_zipped)
        fields.append(("Content-Length", str(len(body))))
        return Reply(_OK, fields, (body,), body)


_OK: Final = "200 OK"


def _name(fields: Fields, tag: str | None, *, is_zipped: bool = False, is_weak: bool = False) -> None:
    """Name an answer; the name is weak where it was compressed on its way, which gives other bytes."""
    if tag:
        etag = f'"{tag}{ZIPPED}"' if is_zipped else f'"{tag}"'
        fields += ("ETag", f"W/{etag}" if is_weak else etag), ("Cache-Control", ASK_EACH_TIME)


def _sent(environ: Environ, reply: Reply) -> Iterable[bytes]:
    """Return the body as WSGI has it; nothing of it after HEAD."""
    if environ["REQUEST_METHOD"] == "HEAD":
        if reply.close:
            reply.close()
        return ()
    return ClosingIterator(reply.body, reply.close) if reply.close else reply.body


def gone_of(environ: Mapping[str, Any]) -> Callable[[], bool]:
    """Return what tells that the client has left; not every HTTP server knows."""
    return environ.get("waitress.client_disconnected") or stays


def base_of(environ: Mapping[str, Any], settings: Settings) -> str:
    """Return the address of this server as the world knows it, without a slash at its end."""
    if settings.base:
        return settings.base
    scheme = environ.get("wsgi.url_scheme", "http")
    host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    if not _HOST.fullmatch(host):
        raise errors.BadRequest("The Host field names no host. Send the one that the address has.")
    host = host.lower().removesuffix(_STANDARD_PORT.get(scheme, ":")).removesuffix(":")
    path = environ.get("SCRIPT_NAME", "").encode("latin-1").rstrip(b"/")
    return f"{scheme}://{host}{quote(path)}"


_HOST: Final = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?")
_STANDARD_PORT: Final = {"http": ":80", "https": ":443"}


def _body(environ: Environ, largest: int) -> bytes:
    """Return the body of a request, and leave it for the pages to read again."""
    coding = environ.get("HTTP_CONTENT_ENCODING", "identity").strip().lower()
    if coding not in {"", "identity"}:
        raise errors.UnsupportedMedia(f"A body in {coding} is not read here. Send it as it is.")
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal():
        raise errors.BadRequest(f"The Content-Length {length!r} is no number of bytes.")
    if int(length) > largest:
        raise errors.from_http(413, "Request Entity Too Large", "")
    if not int(length):
        return b""
    content = bytes(environ["wsgi.input"].read(int(length)))
    environ["wsgi.input"] = io.BytesIO(content)
    return content


def _held(environ: Mapping[str, Any], tag: str | None) -> str:
    """Return the ETag of ours that the client says it holds: of the plain or the compressed answer."""
    said = environ.get("HTTP_IF_NONE_MATCH")
    if not said or not tag:
        return ""
    found = parse_etags(said)
    if found.star_tag:
        return ""
    return next((each for each in (tag, tag + ZIPPED) if found.contains_weak(each)), "")


def _takes_any(environ: Mapping[str, Any]) -> bool:
    said = environ.get("HTTP_IF_NONE_MATCH")
    return bool(said) and parse_etags(said).star_tag


def _zipped(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Compress a stream, at the level that keeps up with the engine; the first part goes at once."""
    compressor = zlib.compressobj(level=1, wbits=_GZIP)
    for number, part in enumerate(parts):
        content = compressor.compress(part)
        if number == 0:
            content += compressor.flush(zlib.Z_SYNC_FLUSH)
        if content:
            yield content
    yield compressor.flush()


_GZIP: Final = 16 + zlib.MAX_WBITS


def _streamed(answer: Answer) -> Iterator[bytes]:
    try:
        yield from answer
    except errors.Broken as broken:
        _LOG.warning("%s", broken.__cause__ or broken)
        raise


def _spooled(answer: Answer, fields: Fields) -> Reply:
    """Take all of an answer first: HTTP/1.0 has no chunks to tell a broken answer from a whole one."""
    file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed with the reply
    try:
        for part in answer:
            file.write(part)
    except errors.Broken as broken:
        file.close()
        raise _unbroken(broken) from broken
    finally:
        answer.close()
    fields.append(("Content-Length", str(file.tell())))
    file.seek(0)
    return Reply(_OK, fields, iter(lambda: file.read(_CHUNK), b""), close=file.close)


def _unbroken(broken: errors.Broken) -> errors.RequestFault:
    """Return what broke an answer: nothing was sent yet, so it can be told."""
    cause = broken.__cause__
    return cause if isinstance(cause, errors.RequestFault) else errors.EngineFault(str(broken))
