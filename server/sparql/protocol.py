"""What a client asks, read from the bytes it sent (SPARQL 1.1 Protocol, 2.1); nothing is done here."""

from __future__ import annotations

import binascii
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from server.errors import BadRequest, Forbidden, UnsupportedMedia

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

METHODS: Final = ("GET", "HEAD", "POST", "QUERY", "OPTIONS")
"""GET and POST are the standard's; QUERY is a GET with a body (draft-ietf-httpbis-safe-method-w-body)."""

TIMEOUT: Final = "timeout"
"""A client's own, smaller limit in seconds; not the standard's, but many servers know it by this name."""

_KNOWN: Final = ("query", "update", "default-graph-uri", "named-graph-uri", "format", "output")
_MOST_FIELDS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a request names: their merge is the default graph, or they stand under their names."""

    default: tuple[str, ...]
    named: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """One query by a stranger, not yet parsed, and how the answer should be written.

    Without a dataset of the request the query's own counts (FROM), and without that, everything.
    """

    text: str
    dataset: Dataset | None = None
    formats: tuple[str, ...] = ()
    timeout: float | None = None
    """Seconds after which the client gives up; the server's own limit stands beside it."""
    base: str | None = None
    """What relative IRIs are resolved against: the address that was asked (RFC 3986, 5.1.3)."""


Fields = dict[str, list[str]]


def read_query(method: str, parameters: bytes, content_type: str | None, body: bytes) -> Query | None:
    """Return what the request asks, None when it asks nothing at all (the endpoint describes itself).

    ``parameters`` are the raw bytes after ``?``.
    Raises BadRequest, UnsupportedMedia, or Forbidden for an update.
    """
    fields = _fields(parameters, "address")
    if method in {"POST", "QUERY"}:
        fields = _with_body(fields, content_type, body)
    _refuse_updates(fields)
    if method in {"GET", "HEAD"} and not any(name in fields for name in _KNOWN):
        return None
    chosen = tuple(fields["format"] + fields["output"])
    return Query(_only_query(fields), _dataset(fields), chosen, _timeout(fields))


def _with_body(fields: Fields, content_type: str | None, body: bytes) -> Fields:
    if not content_type or not content_type.strip():
        raise BadRequest(f"The request has no Content-Type. Send the query as {QUERY}, or a form as {FORM}.")
    media_type = _media_type(content_type)
    if media_type == FORM:
        return _joined(fields, _fields(body, "body"))
    if media_type == QUERY:
        return _joined(fields, _filled({"query": [_text(body, "body")]}))
    if media_type == UPDATE:
        return _joined(fields, _filled({"update": [""]}))
    raise UnsupportedMedia(f"A body of type {media_type} is not read here. Send {QUERY} or {FORM}.")


def _media_type(content_type: str) -> str:
    """Return the type without its parameters; a charset other than UTF-8 is refused."""
    media_type, *parameters = content_type.split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() not in {"utf-8", "utf8"}:
            raise BadRequest(f"The body is in {value.strip()}; send it in UTF-8.")
    return media_type.strip().lower()


def _fields(encoded: bytes, where: str) -> Fields:
    """Decode ``a=1&b=2``, exactly once."""
    pairs = [pair.partition(b"=") for pair in encoded.split(b"&") if pair]
    if len(pairs) > _MOST_FIELDS:
        raise BadRequest(f"The {where} has more than {_MOST_FIELDS} parameters.")
    fields = _filled({})
    for name, _, value in pairs:
        fields[_decoded(name, where)].append(_decoded(value, where))
    return fields


def _filled(values: Fields) -> Fields:
    return defaultdict(list, values)


def _decoded(encoded: bytes, where: str) -> str:
    if _STRAY_PERCENT.search(encoded):  # kept as it is, it would ask something else than what was meant
        raise BadRequest(f"The {where} has a % without two hexadecimal digits. Write the sign itself as %25.")
    return _text(unquoted(encoded.replace(b"+", b" ")), where)


def unquoted(encoded: bytes) -> bytes:
    """Decode ``%XX``, each of which has its two digits.

    Quoted-printable is the same with another sign, and Python's decoder of it ten times as fast as of this.

    >>> unquoted(b"a=%3D%25+_")
    b'a==%+_'
    """
    if b"%" not in encoded:
        return encoded
    return binascii.a2b_qp(encoded.replace(b"=", b"=3D").replace(b"%", b"="))


def _text(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The {where} is not UTF-8 (byte {error.start + 1} of a value).") from error


def _joined(one: Fields, other: Fields) -> Fields:
    both = sorted(one.keys() & other.keys() & {*_KNOWN, TIMEOUT})
    if both:
        raise BadRequest(f"The parameter {both[0]} stands both in the address and in the body. Send it once.")
    return _filled({**one, **other})


def _refuse_updates(fields: Fields) -> None:
    if "update" not in fields:
        return
    if "query" in fields:
        raise BadRequest("The request holds a query and an update. Send one query.")
    raise Forbidden(
        "Nobody can change the graph through this endpoint: it is published by the build, from its sources. "
        "To add or correct a fact, change the fact files and build again."
    )


def _only_query(fields: Fields) -> str:
    queries = fields["query"]
    if not queries:
        raise BadRequest("The request has no query. Send one in the parameter query.")
    if len(queries) > 1:
        raise BadRequest(f"The request has {len(queries)} queries. Send one.")
    if not queries[0].strip():
        raise BadRequest("The query is empty. Write one, for example: SELECT * WHERE { ?s ?p ?o } LIMIT 10")
    return queries[0]


def _dataset(fields: Fields) -> Dataset | None:
    """Return what the request names, which overrides the query's own (SPARQL 1.1 Protocol, 2.1.4)."""
    default, named = fields["default-graph-uri"], fields["named-graph-uri"]
    for iri in (*default, *named):
        if not _ABSOLUTE.fullmatch(iri):
            raise BadRequest(f"{iri!r} is not an absolute IRI, and cannot name a graph.")
    return Dataset(tuple(default), tuple(named)) if default or named else None


def _timeout(fields: Fields) -> float | None:
    values = [value for value in fields[TIMEOUT] if value]  # a form sends what was left empty too
    if len(values) > 1:
        raise BadRequest(f"The request has {len(values)} timeouts. Send one.")
    if not values:
        return None
    if not _DECIMAL.fullmatch(values[0]) or not float(values[0]):
        raise BadRequest(f"The timeout {values[0]!r} is no number of seconds above 0, such as 2 or 0.5.")
    return float(values[0])


_DECIMAL: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{0,9})?|\.[0-9]{1,9}")
_STRAY_PERCENT: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_ABSOLUTE: Final = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*""")
