"""Every format that we speak, once, and how one is chosen (RFC 9110, section 12)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Kind = Literal["bindings", "boolean", "graph"]
"""The form of an answer: of SELECT, of ASK, of CONSTRUCT and DESCRIBE."""

KINDS: Final[tuple[Kind, ...]] = ("bindings", "boolean", "graph")
_TABLES: Final[tuple[Kind, ...]] = ("bindings", "boolean")
_GRAPHS: Final[tuple[Kind, ...]] = ("graph",)


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write an answer; ``engine`` is its name in pyoxigraph, ``iri`` the W3C's name for it."""

    name: str
    title: str
    suffix: str
    engine: str
    kinds: tuple[Kind, ...]
    media_types: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    iri: str = ""

    @property
    def media_type(self) -> str:
        """The registered type, which we say when the client left the choice to us."""
        return self.media_types[0]

    def is_called(self, name: str) -> bool:
        """Tell whether ``format=`` means this one: by a short name or a media type, in any case."""
        return name.lower() in (*self.parameters, *self.media_types)


FORMATS: Final = (
    Format(
        "json",
        "JSON",
        "srj",
        "JSON",
        _TABLES,
        ("application/sparql-results+json", "application/json", "text/json"),
        ("json",),
        "http://www.w3.org/ns/formats/SPARQL_Results_JSON",
    ),
    Format(
        "xml",
        "XML",
        "srx",
        "XML",
        _TABLES,
        ("application/sparql-results+xml", "application/xml", "text/xml"),
        ("xml",),
        "http://www.w3.org/ns/formats/SPARQL_Results_XML",
    ),
    Format(
        "csv",
        "CSV",
        "csv",
        "CSV",
        _TABLES,
        ("text/csv",),
        ("csv",),
        "http://www.w3.org/ns/formats/SPARQL_Results_CSV",
    ),
    Format(
        "tsv",
        "TSV",
        "tsv",
        "TSV",
        _TABLES,
        ("text/tab-separated-values",),
        ("tsv",),
        "http://www.w3.org/ns/formats/SPARQL_Results_TSV",
    ),
    Format(
        "turtle",
        "Turtle",
        "ttl",
        "TURTLE",
        _GRAPHS,
        ("text/turtle", "application/x-turtle", "application/turtle", "text/n3", "text/rdf+n3"),
        ("turtle", "ttl", "n3"),
        "http://www.w3.org/ns/formats/Turtle",
    ),
    Format(
        "jsonld",
        "JSON-LD",
        "jsonld",
        "JSON_LD",
        _GRAPHS,
        ("application/ld+json", "application/json", "text/json"),
        ("json-ld", "jsonld", "json"),
        "http://www.w3.org/ns/formats/JSON-LD",
    ),
    Format(
        "ntriples",
        "N-Triples",
        "nt",
        "N_TRIPLES",
        _GRAPHS,
        ("application/n-triples", "text/plain"),
        ("n-triples", "ntriples", "nt"),
        "http://www.w3.org/ns/formats/N-Triples",
    ),
    Format(
        "rdfxml",
        "RDF/XML",
        "rdf",
        "RDF_XML",
        _GRAPHS,
        ("application/rdf+xml", "application/xml", "text/xml"),
        ("rdf+xml", "rdf/xml", "rdfxml", "rdf", "xml"),
        "http://www.w3.org/ns/formats/RDF_XML",
    ),
)
"""In order of our preference, which breaks ties."""

PAGE: Final = Format("html", "Page", "html", "", KINDS, ("text/html", "application/xhtml+xml"), ("html",))
"""A page for people: it comes last, so that only a client that asks for a page gets one."""

QUADS: Final = (
    Format("trig", "TriG", "trig", "TRIG", (), ("application/trig",), ("trig",)),
    Format("nquads", "N-Quads", "nq", "N_QUADS", (), ("application/n-quads",), ("n-quads", "nquads", "nq")),
)
"""What names the graph of each statement: whole graphs have these, no answer of the endpoint needs them."""

THING_SUFFIXES: Final = ("ttl", "jsonld", "nt", "rdf", "csv")
"""What every thing of ours has at its own address, beside its page."""

GRAPH_SUFFIXES: Final = ("ttl", "nt", "trig", "nq", "csv")
"""What a named graph has instead: all that it states, in formats that need not wait for its last triple."""

PROBLEM: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Offer:
    """A format, and the media type under which the client knows it."""

    format: Format
    media_type: str

    @property
    def content_type(self) -> str:
        """The value of Content-Type; text says its charset."""
        charset = "; charset=utf-8" if self.media_type.startswith("text/") else ""
        return self.media_type + charset


@dataclass(frozen=True, slots=True)
class _Range:
    """One member of an Accept field."""

    type: str
    subtype: str
    quality: float

    def specificity(self, media_type: str) -> int:
        """How closely it names a media type: 2 exactly, 1 its type, 0 anything, -1 not at all."""
        type_, _, subtype = media_type.partition("/")
        if (self.type, self.subtype) == (type_, subtype):
            return _NAMED
        if (self.type, self.subtype) == (type_, "*"):
            return 1
        return 0 if (self.type, self.subtype) == ("*", "*") else -1


def formats_of(kind: Kind) -> tuple[Format, ...]:
    """Return the formats that can hold a kind of answer, the preferred one first, the page last."""
    return tuple(entry for entry in (*FORMATS, PAGE) if kind in entry.kinds)


def by_suffix(suffix: str) -> Format:
    """Return the format of a file's suffix; KeyError when we have none."""
    return {entry.suffix: entry for entry in (*FORMATS, *QUADS, PAGE)}[suffix]


def by_name(name: str) -> Format:
    """Return the format of a name of ours; KeyError when we have none."""
    return {entry.name: entry for entry in (*FORMATS, PAGE)}[name]


def choose(kind: Kind, accept: str | None, names: Sequence[str] = ()) -> Offer | None:
    """Choose how to write an answer: by a known name (``format=``) first, by Accept otherwise.

    A browser that asks for CSV does not get a page, also where the answer turns out to be a graph.

    >>> choose("graph", None, ["json"]).media_type
    'application/ld+json'
    >>> choose("bindings", "text/turtle") is None
    True
    """
    offered = formats_of(kind)
    for name in names:
        for entry in offered:
            if entry.is_called(name):
                return Offer(entry, entry.media_type)
    if any(entry.is_called(name) for entry in FORMATS for name in names):
        offered = tuple(entry for entry in offered if entry is not PAGE)  # a file was asked for
    return negotiate(accept, offered)


def choose_each(accept: str | None, names: tuple[str, ...] = ()) -> Mapping[Kind, Offer | None]:
    """Choose for each kind of answer, since the kind is not known yet.

    The same few fields come again and again, so the choice is kept; not of long ones, which a stranger makes.
    """
    if len(accept or "") + sum(map(len, names)) > _LONGEST_KEPT:
        return _chosen.__wrapped__(accept, names)
    return _chosen(accept, names)


_LONGEST_KEPT: Final = 500


@lru_cache(maxsize=512)
def _chosen(accept: str | None, names: tuple[str, ...]) -> Mapping[Kind, Offer | None]:
    return {kind: choose(kind, accept, names) for kind in KINDS}


def takes_gzip(accept_encoding: str | None) -> bool:
    """Tell whether a client asks for gzip, and likes it no less than the plain bytes (RFC 9110, 12.5.3).

    >>> [takes_gzip(each) for each in ("br, gzip", "gzip;q=0", "*", "identity, gzip;q=0.5", "", None)]
    [True, False, True, False, False, False]
    """
    qualities = dict(_coding(part) for part in (accept_encoding or "").lower().split(",") if part.strip())
    gzip = max((qualities[name] for name in ("gzip", "x-gzip") if name in qualities), default=None)
    if gzip is None:
        gzip = qualities.get("*", 0.0)
    return gzip > 0 and gzip >= qualities.get("identity", 0.0)


def _coding(part: str) -> tuple[str, float]:
    name, *parameters = part.split(";")
    quality = dict(_parameter(each) for each in parameters).get("q", "1")
    return name.strip(), float(quality) if _QUALITY.fullmatch(quality) else 0.0


def negotiate(accept: str | None, offered: Iterable[Format]) -> Offer | None:
    """Return the format that the client likes best, None when it takes none of them.

    A missing or empty field takes anything; among equals our order decides (RFC 9110, 12.5.1). Only who names
    one of the other types of a format gets it under that: ``application/*`` does not mean ``x-turtle``.
    """
    ranges = _ranges(accept or "") or [_Range("*", "*", 1.0)]
    offers = [Offer(entry, media_type) for entry in offered for media_type in entry.media_types]

    def quality(offer: Offer) -> float:
        is_other = offer.media_type != offer.format.media_type
        return _quality(offer.media_type, ranges, least=_NAMED if is_other else 0)

    best = max(offers, key=quality, default=None)
    return best if best and quality(best) > 0 else None


def wants_page(accept: str | None) -> bool:
    """Tell a browser from a program: only a browser names HTML, and likes nothing of ours better."""
    ranges = _ranges(accept or "")
    named = max((each.quality for each in ranges if each.specificity("text/html") == _NAMED), default=0.0)
    return named > 0 and named > max(_quality(PROBLEM, ranges), _quality("application/json", ranges))


def _quality(media_type: str, ranges: list[_Range], *, least: int = 0) -> float:
    """The quality of the most specific range that matches, if it is so specific; the best one of equals."""
    matching = [(each.specificity(media_type), each.quality) for each in ranges]
    specificity, quality = max(matching, default=(-1, 0.0))
    return quality if specificity >= least else 0.0


_NAMED: Final = 2
"""The specificity of a range that is the media type itself."""


def _ranges(accept: str) -> list[_Range]:
    members = (_member(text) for text in re.findall(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+', accept))
    return [member for member in members if member]


_MEMBER: Final = re.compile(r"\s*([!#$%&'*+.^_`|~\w-]+)/([!#$%&'*+.^_`|~\w-]+)\s*((?:;[^;]*)*)")
_QUALITY: Final = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?|\.\d{1,3}")


def _member(text: str) -> _Range | None:
    """Read one member; what is no media range, or has a quality that is none, counts as not sent.

    Parameters but ``q`` and ``charset`` do not change what we can send and are passed over.
    """
    match = _MEMBER.fullmatch(text)
    if not match:
        return None
    type_, subtype, tail = match.groups()
    parameters = dict(_parameter(part) for part in tail.split(";") if part.strip())
    quality = parameters.get("q", "1")
    if not _QUALITY.fullmatch(quality):
        return None
    if parameters.get("charset", "utf-8") not in {"utf-8", "utf8", "*"}:
        quality = "0"  # we write UTF-8 alone
    return _Range(type_.lower(), subtype.lower(), float(quality))


def _parameter(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name.strip().lower(), value.strip().strip('"').lower()
