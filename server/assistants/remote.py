"""A server elsewhere as the ground of the tools: the same queries, sent to its endpoint.

What a page looks up in its store one by one is asked here all at once.
"""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import contextmanager
from functools import cache, cached_property
from http.client import HTTPException, HTTPResponse
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pyoxigraph as ox

from kg.questions import is_iri
from kg.snapshot import Snapshot
from server import errors
from server.assistants.ground import Ground
from server.pages.articles import Articles
from server.pages.catalog import Catalog, Label, Row, by_property, nearest_label, text_of_query
from server.pages.memory import Memory
from server.sparql.engine import Answer
from server.sparql.protocol import Query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from server.assistants.ground import Most
    from server.formats import Kind
    from server.pages.catalog import About
    from server.sparql.engine import Offers


class OfAddress:
    """A `kg serve` elsewhere, by its address."""

    def __init__(self, address: str, most: Most) -> None:
        self._http, self._most = Http(address, most), most

    @contextmanager
    def take(self) -> Iterator[Ground]:
        """Return what it serves now; see Grounds."""
        catalog, engine = RemoteCatalog(self._http), RemoteEngine(self._http)
        yield Ground(catalog, engine, self._search, self._ontology, self._most)

    def close(self) -> None:
        """Do nothing: each request is over when it is answered."""

    def _ontology(self) -> str:
        return self._http.text("/ont.ttl")

    def _search(self, text: str, kind: str, page: int) -> dict[str, Any]:
        asked = urlencode({"q": text, "kind": kind, "page": page, "format": "json", "lang": "en"})
        found: dict[str, Any] = self._http.json(f"/search?{asked}")
        return found


class RemoteEngine:
    """The endpoint of a server elsewhere."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def ask(self, query: Query, offers: Offers) -> Answer:
        """Send a query, and return its whole answer; raises a RequestFault."""
        accept = ", ".join(dict.fromkeys(offer.media_type for offer in offers.values() if offer))
        media_type, body = self._http.ask(query, accept, is_limited=True)
        kind: Kind = "boolean" if body.strip() in _TRUTHS else "bindings"
        if media_type == _GRAPH:
            kind = "graph"
        offer = offers[kind]
        if offer is None or offer.media_type != media_type:
            raise errors.EngineFault(
                f"{self._http.address} answers with {media_type}, which nobody asked for."
            )
        return Answer(kind, offer, iter((body,)), whole=body, close=lambda: None)


_TRUTHS: Final = (b"true", b"false")
"""What a table of rows never is: it begins with its variables."""
_GRAPH: Final = "text/turtle"


class RemoteCatalog(Catalog):
    """The fixed questions of our pages, asked at an endpoint."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self.articles = Articles()
        self._memory = Memory(_MOST_REMEMBERED)

    @cached_property
    def snapshot(self) -> Snapshot:  # type: ignore[override]  # it is known when it is asked for
        """The snapshot that is served there, by its name alone: its files are not here."""
        return Snapshot(Path("/nonexistent") / str(self._http.json("/health")["snapshot"]), _NO_MANIFEST)

    def labels(self, iris: Iterable[str], language: str = "en") -> dict[str, Label]:
        """Return the label of each IRI that has one, by one query; see Catalog."""
        found: defaultdict[str, list[Label]] = defaultdict(list)
        for row in self._each("labels", "thing", iris):
            found[row.text("thing")].append(Label(row.text("label"), row.language("label")))
        return {iri: nearest_label(labels, language) for iri, labels in found.items()}

    def said_of(self, iris: Iterable[str]) -> dict[str, About]:
        """Return what is stated of each thing of which anything is, by one query; see Catalog."""
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for row in sorted(self._each("said", "fact", iris), key=str):
            found[row.text("fact")].append(row)
        return {iri: by_property(rows) for iri, rows in found.items()}

    def read(self, iri: str) -> About:
        """Return what is stated of a thing; see Catalog."""
        return self.said_of([iri]).get(iri, {})

    def knows(self, iri: str) -> bool:
        """Tell whether the graph says anything of a thing; see Catalog."""
        return bool(self.said_of([iri]))

    def pointing(self, iri: str, property_: str = "") -> list[str]:
        """Return what points to a thing; see Catalog."""
        return sorted({row.text("subject") for row in self._stating(property_, iri) if row.is_iri("subject")})

    def instance(self, *, property_: str = "", value: str = "") -> Row:
        """Return one statement with a property or a value; see Catalog."""
        return min(self._stating(property_, value), key=str, default=Row())

    def _stating(self, property_: str, value: str) -> list[Row]:
        given = {name: iri for name, iri in (("property", property_), ("value", value)) if iri}
        return self._rows(_values(_text("statement"), list(given), [tuple(given.values())]))

    def _each(self, name: str, variable: str, iris: Iterable[str]) -> list[Row]:
        wanted = sorted({iri for iri in iris if is_iri(iri)})
        return self._rows(_values(_text(name), [variable], [(iri,) for iri in wanted])) if wanted else []

    def select(self, name: str, **bound: str) -> list[Row]:
        """Return the solutions of ``queries/<name>.rq``; see Catalog."""
        return self._rows(_values(text_of_query(name), list(bound), [tuple(bound.values())]))

    def _rows(self, text: str) -> list[Row]:
        _, body = self._http.ask(Query(text), _JSON)
        try:
            solutions = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
            assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101  # our own queries are SELECTs
            names_ = solutions.variables
            return [
                Row({each.value: value for each in names_ if (value := solution[each]) is not None})
                for solution in solutions
            ]
        except (SyntaxError, ValueError) as error:
            raise _broken(self._http.address) from error


_JSON: Final = "application/sparql-results+json"
_MOST_REMEMBERED: Final = 10_000
_NO_MANIFEST: Final[dict[str, Any]] = {"graphs": {}, "files": {}}


def _values(text: str, variables: list[str], rows: list[tuple[str, ...]]) -> str:
    """Bind IRIs to the variables of a query, a row after the other (SPARQL 1.1, 10.2.2)."""
    head = " ".join(f"?{name}" for name in variables)
    body = " ".join(f"({' '.join(str(ox.NamedNode(iri)) for iri in row)})" for row in rows)
    return f"{text}\nVALUES ({head}) {{ {body} }}" if variables else text


@cache
def _text(name: str) -> str:
    return (resources.files("server.assistants") / "queries" / f"{name}.rq").read_text(encoding="utf-8")


class Http:
    """Requests to one server; every answer is whole, or a RequestFault."""

    def __init__(self, address: str, most: Most) -> None:
        self.address = address.rstrip("/")
        self._most = most

    def ask(self, query: Query, accept: str, *, is_limited: bool = False) -> tuple[str, bytes]:
        """Send a query; return the media type of its answer and the answer."""
        graphs = query.dataset.default if query.dataset else ()
        fields = [("query", query.text), ("timeout", f"{self._most.timeout:g}")]
        form = urlencode([*fields, *(("default-graph-uri", each) for each in graphs)]).encode()
        return self._fetch("/sparql", accept, form, self._most.size if is_limited else 0)

    def json(self, path: str) -> Any:
        """Return what JSON says at an address of the server."""
        _, body = self._fetch(path, "application/json", None, 0)
        try:
            return json.loads(body)
        except ValueError as error:
            raise errors.EngineFault(
                f"{self.address}{path} answers with no JSON. Is it a `kg serve`?"
            ) from error

    def text(self, path: str) -> str:
        """Return the text at an address of the server."""
        return self._fetch(path, "*/*", None, 0)[1].decode()

    def _fetch(self, path: str, accept: str, form: bytes | None, largest: int) -> tuple[str, bytes]:
        request = Request(self.address + path, form, {"Accept": accept, "User-Agent": _AGENT})  # noqa: S310  # the operator's
        try:
            with urlopen(request, timeout=self._most.timeout + _MORE) as response:  # noqa: S310  # http, https
                return response.headers.get_content_type(), _body(response, largest)
        except HTTPError as error:
            with error:
                raise _fault(error, self.address) from error
        except (URLError, TimeoutError) as error:
            why = getattr(error, "reason", None) or "no answer in time"
            raise errors.Unavailable(
                f"{self.address} cannot be reached: {why}. Is the server running?"
            ) from error
        except (HTTPException, OSError) as error:
            raise _broken(self.address) from error


_AGENT: Final = "city-economy-kg"
_MORE: Final = 10
"""Seconds beyond the limit of a query, for its way and its place in line."""


def _body(response: HTTPResponse, largest: int) -> bytes:
    """Return a whole body; raises HTTPException where it broke off, TooLarge where it is too large.

    Of an answer that says its length http.client reads a part without a word when it is asked for a number
    of bytes, so then all of it is asked for.
    """
    size = response.length or 0
    if size or not largest:
        body = response.read() if not largest or size <= largest else b""
    else:
        body = response.read(largest + 1)
    if largest and max(size, len(body)) > largest:
        raise errors.TooLarge(largest)
    return body


def _broken(address: str) -> errors.EngineFault:
    return errors.EngineFault(f"The answer of {address} broke off. Ask again.")


def _fault(error: HTTPError, address: str) -> errors.RequestFault:
    """Return what a server says of a fault (RFC 9457) as the fault that it was there."""
    try:
        said = json.loads(error.read())
    except (ValueError, HTTPException, OSError):
        said = None
    if not isinstance(said, dict) or "detail" not in said:
        return errors.EngineFault(f"{address} answers with status {error.code}. Is it a `kg serve`?")
    where = {name: said[name] for name in ("line", "column") if name in said}
    fault = (errors.SyntaxFault if where else errors.RequestFault)(said["detail"], **where)
    fault.status, fault.title = error.code, said.get("title", fault.title)
    return fault
