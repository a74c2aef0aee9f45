"""The endpoint's address: protocol in, engine, answer out."""

from __future__ import annotations

import hashlib
import logging
import re
import zlib
from dataclasses import replace
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request

from kg import names
from server import errors, formats
from server.formats import PAGE
from server.operation.visits import note_of
from server.questions.page import query_page
from server.sparql import protocol
from server.sparql.cache import ZIPPED
from server.sparql.engine import stays

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.resources import Example
    from server.formats import Offer
    from server.pages.catalog import Catalog
    from server.settings import Settings
    from server.sparql.cache import RememberingEngine
    from server.sparql.engine import Answer, Offers

_LOG: Final = logging.getLogger(__name__)
_IN_MEMORY: Final = 8_000_000
_CHUNK: Final = 64 * 1024


def blueprint(
    engine: RememberingEngine, catalog: Catalog, settings: Settings, examples: tuple[Example, ...]
) -> Blueprint:
    """Return the endpoint at /sparql, with the page for people at the same address."""
    routes = Blueprint("sparql", __name__)

    @routes.route("/sparql", methods=protocol.METHODS, strict_slashes=False)
    def sparql() -> Response:
        query = protocol.read_query(
            request.method,
            request.environ.get("QUERY_STRING", "").encode("latin-1"),
            request.headers.get("Content-Type"),
            _plain_body(),
        )
        if query is None:
            return _describe(catalog, settings, examples)
        query = replace(query, base=f"{base_address(settings)}/sparql")
        note_of(request.environ).query = query.text
        offers = formats.choose_each(request.headers.get("Accept"), query.formats)
        if not any(offers.values()):
            raise errors.NotAcceptable(sorted({each.media_type for each in formats.FORMATS}))
        if any(offer and offer.format is PAGE for offer in offers.values()):
            return query_page(engine, catalog, query, gone=gone(), status_of_fault=True)
        return _answer(engine, query, offers, settings)

    return routes


def _plain_body() -> bytes:
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in {"", "identity"}:
        raise errors.UnsupportedMedia(f"A body in {coding} is not read here. Send it as it is.")
    return request.get_data(cache=False)


def base_address(settings: Settings) -> str:
    """Return the address of this server as the world knows it, without a slash at its end."""
    if settings.base:
        return settings.base
    if not _HOST.fullmatch(request.environ.get("HTTP_HOST", "localhost")):
        raise errors.BadRequest("The Host field names no host. Send the one that the address has.")
    return quote(request.url_root.rstrip("/"), safe=":/[]@%")


_HOST: Final = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?")


def _answer(engine: RememberingEngine, query: protocol.Query, offers: Offers, settings: Settings) -> Response:
    """Answer for a program: with 304 where it has the answer, else from memory or from a worker."""
    name = engine.name(query, offers)
    tag = name if request.method in _WITH_ETAG else None
    held = _held(tag)
    if held:
        return _with_validators(Response(status=304), held)
    answer = engine.ask(query, offers, gone())
    note = note_of(request.environ)
    note.kind, note.cache = answer.kind, answer.cache
    if tag and request.if_none_match.star_tag:  # any answer will do, and there is one (RFC 9110, 13.1.2)
        answer.close()
        return _with_validators(Response(status=304), tag)
    response, is_zipped = _respond(engine, answer, name)
    if tag:
        _with_validators(response, tag + ZIPPED * is_zipped)
    response.headers["CEKG-Largest-Answer"] = str(settings.largest_answer or "none")
    if answer.cache:
        response.headers["Cache-Status"] = _CACHE_STATUS[answer.cache]
    return response


_WITH_ETAG: Final = ("GET", "HEAD", "QUERY")
"""To others If-None-Match means something else (RFC 9110, 13.2.2), and their answers are not kept."""

HIT: Final = "cekg; hit"
_CACHE_STATUS: Final = {"hit": HIT, "miss": "cekg; fwd=uri-miss"}
"""As RFC 9211 says it."""


def _held(tag: str | None) -> str:
    """Return the ETag of ours that the client says it holds: of the plain or the compressed answer."""
    if not tag or request.if_none_match.star_tag:
        return ""
    known = (tag, tag + ZIPPED)
    return next((each for each in known if request.if_none_match.contains_weak(each)), "")


def _with_validators(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.headers["Cache-Control"] = ASK_EACH_TIME
    return response


ASK_EACH_TIME: Final = "public, no-cache"
"""Keep it, but ask before each use (RFC 9111, 5.2.2.4): a 304 costs little, a new snapshot shows at once."""


def gone() -> Callable[[], bool]:
    """Return what tells that the client has left; not every HTTP server knows."""
    return request.environ.get("waitress.client_disconnected") or stays


def _respond(engine: RememberingEngine, answer: Answer, name: str | None) -> tuple[Response, bool]:
    """Send an answer: whole with its length, or in chunks as it comes; tell whether it is in gzip."""
    headers = {
        "Content-Type": answer.offer.content_type,
        "Content-Disposition": f'inline; filename="result.{answer.offer.format.suffix}"',
    }
    is_zipped = formats.takes_gzip(request.headers.get("Accept-Encoding"))
    if answer.whole is not None:
        answer.close()
        is_zipped &= len(answer.whole) >= _WORTH_ZIPPING
        body = engine.zipped(name, answer, answer.whole) if is_zipped else answer.whole
        response = Response(body, headers=headers)
    elif request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        is_zipped = False
        response = _spooled(answer, headers)
    else:
        parts = _streamed(answer)
        response = Response(_zipped(parts) if is_zipped else parts, headers=headers)
        response.call_on_close(answer.close)
    if is_zipped:
        response.headers["Content-Encoding"] = "gzip"
    return response, is_zipped


_WORTH_ZIPPING: Final = 1_000
"""Bytes from which gzip saves a packet."""


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


def _spooled(answer: Answer, headers: dict[str, str]) -> Response:
    """Take all of an answer first: HTTP/1.0 has no chunks to tell a broken answer from a whole one."""
    file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed with the response
    try:
        for part in answer:
            file.write(part)
    except errors.Broken as broken:
        file.close()
        raise _unbroken(broken) from broken
    finally:
        answer.close()
    response = Response(iter(lambda: file.read(_CHUNK), b""), headers=headers)
    response.content_length = file.tell()
    response.call_on_close(file.close)
    file.seek(0)
    return response


def _unbroken(broken: errors.Broken) -> errors.RequestFault:
    """Return what broke an answer: nothing was sent yet, so it can be told."""
    cause = broken.__cause__
    return cause if isinstance(cause, errors.RequestFault) else errors.EngineFault(str(broken))


def _describe(catalog: Catalog, settings: Settings, examples: tuple[Example, ...]) -> Response:
    """Answer a request without a query: a form for browsers, the service description for programs."""
    offer, base = graph_offer(), base_address(settings)
    if offer.format is PAGE:
        page = render_template("sparql.html", endpoint=f"{base}/sparql", examples=examples)
        return Response(page, content_type="text/html; charset=utf-8")
    turtle = render_template(
        "description.ttl",
        base=base,
        dataset=names.DATASET,
        default_graph=names.DEFAULT_GRAPH,
        graphs=catalog.snapshot.manifest["graphs"],
        formats=[each for each in formats.FORMATS if each.iri],
    )
    return send_description(offer, catalog.description("service", offer.format.engine, turtle))


def graph_offer() -> Offer:
    """Choose the form of a document about the service or the data set: RDF, or a page."""
    offer = formats.choose("graph", request.headers.get("Accept"))
    if offer is None:
        raise errors.NotAcceptable([each.media_type for each in formats.formats_of("graph")])
    return offer


def send_description(offer: Offer, content: bytes | None) -> Response:
    """Send such a document, or tell that the client has it."""
    if content is None:
        raise errors.NotFound("The build of this snapshot wrote no description.")
    response = Response(content, content_type=offer.content_type)
    _with_validators(response, hashlib.sha256(content).hexdigest()[:32]).make_conditional(request)
    return response
