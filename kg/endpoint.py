"""An endpoint far away: a query goes there, and its whole answer comes back, or a fault says why not."""

from __future__ import annotations

import json
from http.client import HTTPException, HTTPResponse
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pyoxigraph as ox
from SPARQLWrapper import JSON, N3, POST, SPARQLWrapper

from kg.faults import CutShort, EndpointFault, Fault, NoEndpoint, QueryFault, Unavailable, Unreachable

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


def ask(text: str, address: str, *, timeout: float) -> Answer:
    """Send a query to a SPARQL 1.1 endpoint; ``timeout`` is how many seconds it may be silent.

    Raises QueryFault where the endpoint refuses the query, EndpointFault where it gives no whole answer.
    """
    wrapper = _Wrapper(address, agent="city-economy-kg")
    wrapper.patience = timeout
    wrapper.setQuery(text)
    wrapper.setMethod(POST)
    is_graph = wrapper.queryType in _GRAPH_FORMS
    wrapper.setReturnFormat(N3 if is_graph else JSON)
    with _opened(wrapper, address, timeout) as response:
        media_type = response.headers.get_content_type()
        form = (_graph_form if is_graph else _table_form)(media_type)
        if form is None:
            raise NoEndpoint(
                f"{address} answers with {media_type}, and not with what a query asks for. "
                "Give the address of a SPARQL endpoint, such as http://127.0.0.1:8000/sparql."
            )
        return _parsed(_body(response, address, timeout), form, address)


_GRAPH_FORMS: Final = ("CONSTRUCT", "DESCRIBE")


class _Wrapper(SPARQLWrapper):
    """Leaves the faults of HTTP as they come: SPARQLWrapper's own keep neither fields nor a readable body."""

    patience: float
    """Seconds; its own time-out takes whole ones alone."""

    def _query(self) -> tuple[HTTPResponse, str]:
        return urlopen(self._createRequest(), timeout=self.patience), self.returnFormat  # noqa: S310  # as given


def _opened(wrapper: _Wrapper, address: str, timeout: float) -> HTTPResponse:
    try:
        response: HTTPResponse = wrapper.query().response
    except HTTPError as error:
        with error:
            raise _refused(error, address) from error
    except TimeoutError as error:
        raise _silent(address, timeout) from error
    except URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise _silent(address, timeout) from error
        why = getattr(error.reason, "strerror", None) or error.reason
        raise Unreachable(f"{address} cannot be reached: {why}. Check the address.") from error
    except (HTTPException, OSError, ValueError) as error:  # no HTTP; a reset; no address at all
        raise Unreachable(
            f"{address} cannot be asked: {str(error).strip() or type(error).__name__}."
        ) from error
    return response


def _silent(address: str, timeout: float) -> Unreachable:
    return Unreachable(
        f"{address} did not answer within {timeout:g} s. Ask for less, or give it a longer time-out."
    )


def _refused(error: HTTPError, address: str) -> Fault:
    """Return the fault that a status means; what the endpoint says of it is kept."""
    said = _said(error)
    if error.code in _NOT_HERE:
        return NoEndpoint(
            f"There is no SPARQL endpoint at {address} (status {error.code}). Check the address."
        )
    if error.code in _LATER:
        seconds = error.headers.get("Retry-After", "")
        when = f" Try again in {seconds} s." if seconds.isdecimal() else ""
        return Unavailable(
            f"{address} cannot answer now (status {error.code}): {said}{when}",
            int(seconds) if seconds.isdecimal() else None,
        )
    if error.code in _OF_QUERY:
        return QueryFault(f"{address} refuses the query (status {error.code}): {said}")
    return EndpointFault(f"{address} failed (status {error.code}): {said}")


_NOT_HERE: Final = (404, 405, 410)
_LATER: Final = (429, 502, 503, 504)
_OF_QUERY: Final = (400, 403, 413, 414, 422)


def _said(error: HTTPError) -> str:
    """Return what an answer says of a fault: the detail of a problem (RFC 9457), else its first line."""
    try:
        text = error.read(_MOST_SAID).decode(errors="replace").strip()
    except (HTTPException, OSError):
        text = ""
    try:
        problem: Any = json.loads(text)
    except ValueError:
        problem = None
    if isinstance(problem, dict) and isinstance(problem.get("detail"), str):
        return str(problem["detail"])
    is_text = error.headers.get_content_type() == "text/plain"
    return f"{text.splitlines()[0]}." if text and is_text else f"{error.reason}."


_MOST_SAID: Final = 20_000


def _body(response: HTTPResponse, address: str, timeout: float) -> bytes:
    try:
        return response.read()
    except TimeoutError as error:
        raise _silent(address, timeout) from error
    except (HTTPException, OSError) as error:
        raise CutShort(f"The answer of {address} broke off. Ask again, or ask for less.") from error


def _table_form(media_type: str) -> ox.QueryResultsFormat | None:
    if media_type == "application/json":
        return ox.QueryResultsFormat.JSON
    return ox.QueryResultsFormat.from_media_type(media_type)


def _graph_form(media_type: str) -> ox.RdfFormat | None:
    return ox.RdfFormat.from_media_type(media_type)


def _parsed(body: bytes, form: ox.QueryResultsFormat | ox.RdfFormat, address: str) -> Answer:
    try:
        if isinstance(form, ox.QueryResultsFormat):
            _read_through(ox.parse_query_results(body, format=form))
            return ox.parse_query_results(body, format=form)
        store = ox.Store()
        store.load(body, format=form)
        return store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    except (SyntaxError, ValueError) as error:
        raise CutShort(f"The answer of {address} cannot be read to its end: {error}.") from error


def _read_through(answer: Answer) -> None:
    """Come to the end of an answer: it is read only as it is used, and what is cut short is to be known."""
    if not isinstance(answer, ox.QueryBoolean):
        for _ in answer:
            pass
