"""Asking: a query from a file, an example or the command line, answered by a snapshot or an endpoint."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pyoxigraph as ox

from kg import federated, names, outline, resources
from kg.faults import QueryFault, SnapshotFault
from kg.mistakes import mistake
from kg.questions import Example, written
from kg.snapshot import Snapshot, open_current

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

TIMEOUT = 60.0
"""Seconds that an endpoint may be silent."""


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
    """Answer a query by the current snapshot, and by whom it calls; see ``ask_store``.

    Raises QueryFault for what is not SPARQL 1.1 or where another endpoint does not answer, SnapshotFault when
    nothing was published.
    """
    return ask_store(text, open_store(open_current(root)))


def open_store(snapshot: Snapshot) -> ox.Store:
    """Open the store of a snapshot; raises SnapshotFault where it is damaged."""
    try:
        return ox.Store.read_only(str(snapshot.store))
    except (OSError, RuntimeError) as error:  # RuntimeError is how pyoxigraph tells corruption
        raise SnapshotFault(
            f"The store of the snapshot {snapshot.folder} cannot be opened: {str(error).rstrip('.')}. "
            "Run `kg build` to publish it anew."
        ) from error


def ask_store(text: str, store: ox.Store) -> Answer:
    """Answer a query in this process, without any limit; the default graph is the merge of all.

    It is for the queries of whoever runs the process: one by a stranger may end it. Raises QueryFault.
    """
    try:
        calls = outline.calls_out(text)
        own = federated.settled(store, text, _call, prefixes=names.PREFIXES) if calls else text
        return store.query(own, prefixes=names.PREFIXES)
    except SyntaxError as error:
        raise QueryFault(f"The query is not SPARQL. {mistake(text, str(error), names.PREFIXES)}") from error
    except ValueError as error:
        raise QueryFault(f"The query cannot be answered: {error}") from error
    except federated.Failed as error:
        raise QueryFault(f"{error.endpoint} {error}. Without it, the query has no answer.") from error


def ask_endpoint(text: str, address: str, *, timeout: float = TIMEOUT) -> Answer:
    """Answer a query by a SPARQL 1.1 endpoint; ``timeout`` is how many seconds it may be silent.

    Raises QueryFault when it refuses the query, EndpointFault when it does not answer.
    """
    from kg import endpoint  # only who asks far away waits for it

    return endpoint.ask(text, address, timeout=timeout)


def _call(endpoint: str, query: str) -> dict[str, str]:
    """Ask another endpoint for a query of the one who runs this, on whose machine it is."""
    if not endpoint.startswith(("http://", "https://")):
        return {"failed": "is no address that can be called"}
    fields = {"Accept": "application/sparql-results+json", "User-Agent": "city-economy-kg"}
    body = urlencode({"query": query}).encode()
    try:
        with urlopen(Request(endpoint, body, fields), timeout=_PATIENCE) as answer:  # noqa: S310  # the address is their own
            return {"body": answer.read().decode()}
    except HTTPError as error:
        return {"failed": f"answered with status {error.code}"}
    except (OSError, HTTPException, ValueError) as error:
        why = error.reason if isinstance(error, URLError) else error
        return {"failed": f"did not answer: {getattr(why, 'strerror', None) or why}"}


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


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(example.slug for example in (*resources.examples(), *resources.federated()))
        raise QueryFault(
            f"{path} is neither a file that can be read, nor SPARQL, nor an example ({known})."
        ) from error
