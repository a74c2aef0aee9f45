"""The endpoint's address: protocol in, engine, answer out."""

from __future__ import annotations

import logging
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request

from server import errors, formats
from server.formats import KINDS, PAGE
from server.pages import links, results
from server.sparql import protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.resources import Example
    from server.formats import Kind
    from server.pages.catalog import Catalog
    from server.settings import Settings
    from server.sparql.engine import Answer, Engine

_LOG: Final = logging.getLogger(__name__)
_IN_MEMORY: Final = 8_000_000
_CHUNK: Final = 64 * 1024
_WIDTH: Final = 60
"""Characters on either side of a fault that a page shows."""


def blueprint(
    engine: Engine, catalog: Catalog, settings: Settings, examples: tuple[Example, ...]
) -> Blueprint:
    """Return the endpoint at /sparql, with the page for people at the same address."""
    routes = Blueprint("sparql", __name__)

    @routes.route("/sparql", methods=protocol.METHODS, strict_slashes=False)
    def sparql() -> Response:
        query = protocol.read_query(
            request.method,
            request.environ.get("QUERY_STRING", "").encode("latin-1"),
            request.headers.get("Content-Type"),
            request.get_data(cache=False),
        )
        if query is None:
            return _describe(catalog, settings, examples)
        accept = request.headers.get("Accept")
        offers = {kind: formats.choose(kind, accept, query.formats) for kind in KINDS}
        if not any(offers.values()):
            raise errors.NotAcceptable(sorted({each.media_type for each in formats.FORMATS}))
        if any(offer and offer.format is PAGE for offer in offers.values()):
            return query_page(engine, catalog, query, status_of_fault=True)
        return _respond(engine.ask(query, offers))

    return routes


def query_page(
    engine: Engine,
    catalog: Catalog,
    query: protocol.Query,
    *,
    example: Example | None = None,
    status_of_fault: bool = False,
) -> Response:
    """Run a query and show its result, or its fault, with the form to change it."""
    result, fault = None, None
    try:
        result = results.show(engine, query, catalog.labels)
    except errors.RequestFault as error:
        fault = error
    page = render_template(
        "query.html",
        query=query.text,
        example=example,
        result=result,
        fault=fault,
        pointer=_pointer(query.text, fault) if isinstance(fault, errors.SyntaxFault) else "",
        downloads=_downloads(query.text, result.kind) if result else (),
        most=results.MOST_ROWS,
    )
    response = Response(page, content_type="text/html; charset=utf-8")
    if fault and status_of_fault:
        response.status_code = fault.status
        response.headers.extend(fault.headers)
    return response


def _pointer(query: str, fault: errors.SyntaxFault) -> str:
    r"""Return the line of a query where it stops being SPARQL, and below it an arrow to the place.

    >>> print(_pointer("ASK {\n ?s ?p }", errors.SyntaxFault("", line=2, column=8)))
     ?s ?p }
           ^
    """
    line, column = fault.members.get("line", 0), fault.members.get("column", 1)
    lines = query.split("\n")
    if not 1 <= line <= len(lines):
        return ""
    start = max(column - _WIDTH, 0)
    return f"{lines[line - 1][start : start + 2 * _WIDTH]}\n{' ' * (column - 1 - start)}^"


def base_address(settings: Settings) -> str:
    """Return the address of this server as the world knows it, without a slash at its end."""
    return settings.base or quote(request.url_root.rstrip("/"), safe=":/[]@%")


def _downloads(query: str, kind: Kind) -> list[tuple[str, str]]:
    """Return title and address of the same answer in each of its formats."""
    return [
        (each.title, links.asking(query, format=each.parameters[0]))
        for each in formats.formats_of(kind)
        if each is not PAGE
    ]


def _respond(answer: Answer) -> Response:
    """Send an answer: with its length where it is whole, in chunks where it streams."""
    headers = {
        "Content-Type": answer.offer.content_type,
        "Content-Disposition": f'inline; filename="result.{answer.offer.format.suffix}"',
    }
    if answer.whole is not None:
        answer.close()
        return Response(answer.whole, headers=headers)
    if request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        return _spooled(answer, headers)
    response = Response(_streamed(answer), headers=headers)
    response.call_on_close(answer.close)
    return response


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
        raise errors.Unavailable(
            "The answer could not be completed. Ask for less, or over HTTP/1.1."
        ) from broken
    finally:
        answer.close()
    response = Response(iter(lambda: file.read(_CHUNK), b""), headers=headers)
    response.content_length = file.tell()
    response.call_on_close(file.close)
    file.seek(0)
    return response


def _describe(catalog: Catalog, settings: Settings, examples: tuple[Example, ...]) -> Response:
    """Answer a request without a query: a form for browsers, the service description for programs."""
    accept = request.headers.get("Accept")
    offer = formats.choose("graph", accept)
    if offer is None:
        raise errors.NotAcceptable([each.media_type for each in formats.formats_of("graph")])
    endpoint = f"{base_address(settings)}/sparql"
    if offer.format is PAGE:
        page = render_template("sparql.html", endpoint=endpoint, examples=examples)
        return Response(page, content_type="text/html; charset=utf-8")
    turtle = render_template(
        "description.ttl",
        endpoint=endpoint,
        graphs=catalog.snapshot.manifest["graphs"],
        formats=formats.FORMATS,
    )
    return Response(catalog.converted(turtle, offer.format.engine), content_type=offer.content_type)
