"""Asking: a query from a file, an example or the command line, answered by a snapshot or an endpoint."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pyoxigraph as ox

from kg import federated, names, outline, resources
from kg.faults import Fault
from kg.questions import Example, written
from kg.snapshot import open_current

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

_GRAPH_FORMS = ("CONSTRUCT", "DESCRIBE")


class QueryFault(Fault):
    """The query cannot be read, is not SPARQL, or an endpoint did not answer it."""


def find_query(given: str, choices: Sequence[str] = ()) -> str:
    """Return the text of a query.

    ``-`` is standard input; else an example's name, a file, or the text itself. ``choices`` are values of an
    example's parameters, as ``name=value``. Raises QueryFault where there is no such query or parameter.
    """
    for example in (*resources.examples(), *resources.federated()):
        if given == example.slug:
            return example.asking(_chosen(example, choices))
    if choices:
        raise QueryFault("Only an example has parameters to set; write the value into the query.")
    if given == "-":
        return sys.stdin.read()
    is_text = "{" in given or len(given.split()) > 1
    return given if is_text and not given.endswith(".rq") else _read(Path(given))


def ask_snapshot(text: str, root: Path) -> Answer:
    """Answer a query by the current snapshot, and by whom it calls; the default graph is the merge of all.

    Raises QueryFault for what is not SPARQL 1.1 or where another endpoint does not answer, SnapshotFault when
    nothing was published.
    """
    store = ox.Store.read_only(str(open_current(root).store))
    try:
        if outline.calls_out(text):
            text = federated.settled(store, text, _call, prefixes=names.PREFIXES)
        return store.query(text, prefixes=names.PREFIXES)
    except (SyntaxError, ValueError) as error:
        raise QueryFault(f"The query cannot be answered: {error}") from error
    except federated.Failed as error:
        raise QueryFault(f"{error.endpoint} {error}. Without it, the query has no answer.") from error


def ask_endpoint(text: str, address: str) -> Answer:
    """Answer a query by a SPARQL 1.1 endpoint.

    Raises QueryFault when it does not answer, or refuses.
    """
    from SPARQLWrapper import JSON, N3, POST, SPARQLWrapper  # only who asks far away waits for it
    from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

    wrapper = SPARQLWrapper(address, agent="city-economy-kg")
    wrapper.setQuery(text)
    wrapper.setMethod(POST)
    wrapper.setTimeout(60)
    graph = wrapper.queryType in _GRAPH_FORMS
    wrapper.setReturnFormat(N3 if graph else JSON)
    try:
        body = wrapper.query().response.read()
    except (SPARQLWrapperException, OSError, ValueError) as error:
        raise QueryFault(f"{address} did not answer the query: {error}") from error
    return _parse(body, address, graph=graph)


def _call(endpoint: str, query: str) -> dict[str, str]:
    """Ask another endpoint for a query of the one who runs this, on whose machine it is."""
    if not endpoint.startswith(("http://", "https://")):
        return {"failed": "is no address that can be called"}
    fields = {"Accept": "application/sparql-results+json", "User-Agent": "city-economy-kg"}
    body = urlencode({"query": query}).encode()
    try:
        with urlopen(Request(endpoint, body, fields), timeout=_PATIENCE) as answer:  # noqa: S310
            return {"body": answer.read().decode()}
    except (OSError, HTTPException, ValueError) as error:
        return {"failed": f"did not answer ({error})"}


_PATIENCE = 60
"""Seconds."""


def _chosen(example: Example, choices: Sequence[str]) -> dict[str, str]:
    defaults = {parameter.name: parameter.default for parameter in example.parameters}
    found = {}
    for choice in choices:
        name, _, value = choice.partition("=")
        if name not in defaults:
            known = ", ".join(defaults) or "none"
            raise QueryFault(f"{example.slug} has no parameter {name!r}. Its parameters: {known}.")
        try:
            found[name] = written(value, defaults[name])
        except ValueError as error:
            raise QueryFault(f"The value {value!r} of {name} {error}.") from error
    return found


def _parse(body: bytes, address: str, *, graph: bool) -> Answer:
    try:
        if not graph:
            return ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        store = ox.Store()
        store.load(body, format=ox.RdfFormat.TURTLE)
        return store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    except (SyntaxError, ValueError) as error:
        raise QueryFault(f"{address} answered something else than SPARQL results: {error}") from error


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(example.slug for example in (*resources.examples(), *resources.federated()))
        raise QueryFault(
            f"{path} is neither a file that can be read, nor SPARQL, nor an example ({known})."
        ) from error
