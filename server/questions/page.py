"""The page of a query: its result as a table, or its fault, and the form to change it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from flask import Response, g, render_template, request

from server import errors, formats
from server.formats import PAGE
from server.operation.visits import note_of
from server.pages import links
from server.questions import results

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.resources import Example
    from server.formats import Kind
    from server.pages.catalog import Catalog
    from server.sparql.cache import RememberingEngine
    from server.sparql.protocol import Query

_WIDTH: Final = 60
"""Characters on either side of a fault that a page shows."""


def query_page(
    engine: RememberingEngine,
    catalog: Catalog,
    query: Query,
    *,
    gone: Callable[[], bool],
    example: Example | None = None,
    status_of_fault: bool = False,
) -> Response:
    """Run a query and show its result, or its fault, with the form to change it."""
    result, fault = None, None
    labels = partial(catalog.labels, language=g.language.tag)
    try:
        result = results.show(engine, query, labels, gone)
        note_of(request.environ).kind = result.kind
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


def _downloads(query: str, kind: Kind) -> list[tuple[str, str]]:
    """Return title and address of the same answer in each of its formats."""
    return [
        (each.title, links.asking(query, format=each.parameters[0]))
        for each in formats.formats_of(kind)
        if each is not PAGE
    ]
