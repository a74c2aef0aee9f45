"""The page of a query: its result as a table, or its fault, and the form to change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from flask import Response, g, render_template, request

from kg import outline
from server import errors, formats
from server.formats import PAGE
from server.operation.visits import note_of
from server.pages import links
from server.questions import parameters, pictures, results
from server.sparql.endpoint import KEEP_NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg.questions import Example
    from server.charts import Chart
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
    values: Mapping[str, str] | None = None,
    status_of_fault: bool = False,
) -> Response:
    """Run a query and show its result, or its fault, with the form to change it."""
    result, fault = None, None
    try:
        result = _result(engine, catalog, query, gone, example)
        note_of(request.environ).kind = result.kind
    except errors.RequestFault as error:
        fault = error
    page = render_template(
        "query.html",
        query=query.text,
        draft=links.drafting(query.text),
        example=example,
        fields=parameters.fields(catalog, example, values or {}, g.language) if example else (),
        result=result,
        headings=_headings(result, is_ours=example is not None) if result else (),
        chart=_picture(example, values or {}, result) if example and result else None,
        fault=fault,
        pointer=_pointer(query.text, fault) if isinstance(fault, errors.SyntaxFault) else "",
        downloads=_downloads(query.text, result.kind, example, values or {}) if result else (),
        most=results.MOST_ROWS,
    )
    response = Response(page, content_type="text/html; charset=utf-8")
    if outline.calls_out(query.text):
        response.headers.set(*KEEP_NOTHING)
    if fault and status_of_fault:
        response.status_code = fault.status
        response.headers.extend(fault.headers)
    return response


def picture_of(
    engine: RememberingEngine,
    catalog: Catalog,
    query: Query,
    example: Example,
    values: Mapping[str, str],
    *,
    gone: Callable[[], bool],
) -> Chart | None:
    """Run an example and draw its answer; None where it is not drawn. Raises a RequestFault."""
    return _picture(example, values, _result(engine, catalog, query, gone, example))


def _result(
    engine: RememberingEngine,
    catalog: Catalog,
    query: Query,
    gone: Callable[[], bool],
    example: Example | None,
) -> results.Result:
    """Run a query; our own once for each snapshot and language, since a page seldom takes a whole answer."""

    def shown() -> results.Result:
        reader = results.Reader(catalog, g.language.tag, knows_names=example is not None)
        return results.show(engine, query, reader, gone)

    if example is None:
        return shown()
    return catalog.once(("answer", query.text, g.language.tag), shown, weight=_weight)


def _weight(result: results.Result) -> int:
    return 1 + len(result.rows) * len(result.columns) + len(result.text) // 300


def _picture(example: Example, values: Mapping[str, str], result: results.Result) -> Chart | None:
    address, csv = _address(example, values), _address(example, values, ".csv")
    return pictures.picture(example, result, g.language, address=address, csv=csv)


def _headings(result: results.Result, *, is_ours: bool) -> list[str]:
    """Return the headings of the columns; the words in our own queries are said in the reader's language."""
    return [g.language.say(column.name) if is_ours else column.name for column in result.columns]


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


def _downloads(
    query: str, kind: Kind, example: Example | None, values: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return title and address of the same answer in each of its formats; those of an example are short."""
    forms = [each for each in formats.formats_of(kind) if each is not PAGE]
    if example is None or kind != "bindings":
        return [(each.title, links.asking(query, format=each.parameters[0])) for each in forms]
    return [(each.title, _address(example, values, f".{each.parameters[0]}")) for each in forms]


def _address(example: Example, values: Mapping[str, str], suffix: str = "") -> str:
    """Return the address of an example with the values that were chosen, or of a file of its answer."""
    chosen = urlencode({parameter.name: values[parameter.name] for parameter in example.parameters})
    return f"/queries/{example.slug}{suffix}" + (f"?{chosen}" if chosen else "")
