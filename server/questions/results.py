"""A stranger's answer as a page: a table of the first rows, a yes or no, or the first triples."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg import names
from server import formats
from server.formats import Offer
from server.pages import links
from server.pages.catalog import Label
from server.sparql.engine import stays

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from server.formats import Kind
    from server.pages.catalog import Catalog
    from server.sparql.engine import Answer, Engine
    from server.sparql.protocol import Query


MOST_ROWS: Final = 140
MOST_BYTES: Final = 100_000


@dataclass(frozen=True, slots=True)
class Reader:
    """Who an answer is shown to: where names come from, and in which language (its tag).

    With ``knows_names``, for our own questions, a text that is the label of one thing leads to that thing.
    It is said in the reader's language where nothing in the answer is: our queries ask for labels in English.
    """

    catalog: Catalog
    language: str
    knows_names: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in a table; ``note`` is what a reader may want to know beside it (its type, its IRI)."""

    text: str
    href: str | None = None
    language: str = ""
    note: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """The heading of a column, and whether it holds numbers alone."""

    name: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What a page shows of an answer; ``more`` says that there is more than that."""

    kind: Kind
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    boolean: bool = False
    text: str = ""
    more: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A value as TSV writes it (SPARQL 1.1 Query Results TSV, 4)."""

    kind: str
    text: str
    language: str = ""
    datatype: str = ""


OFFERS: Final[dict[Kind, Offer | None]] = {
    "bindings": Offer(formats.by_name("tsv"), "text/tab-separated-values"),
    "boolean": Offer(formats.by_name("json"), "application/json"),
    "graph": Offer(formats.by_name("turtle"), "text/turtle"),
}
"""How a page asks the engine: in forms that can be read line by line, so that a page may stop early."""


def show(engine: Engine, query: Query, reader: Reader, gone: Callable[[], bool] = stays) -> Result:
    """Ask, and take as much of the answer as a page can show; raises a RequestFault."""
    answer = engine.ask(query, OFFERS, gone)
    try:
        return _READERS[answer.kind](answer, reader)
    finally:
        answer.close()


def read_term(text: str) -> Term | None:
    r"""Read one value of a TSV row, None for an unbound one.

    >>> read_term('"two\\twords"@en')
    Term(kind='literal', text='two\twords', language='en', datatype='')
    """
    if not text:
        return None
    match = _TERM.fullmatch(text)
    if not match:
        return Term("other", text)
    iri, string, language, datatype, number = match.groups()
    if iri is not None:
        return Term("iri", iri)
    if string is not None:
        return Term("literal", _unescaped(string), language or "", datatype or "")
    return Term("number", number)


def _table(answer: Answer, reader: Reader) -> Result:
    lines = lines_of(answer)
    variables = tuple(name.removeprefix("?") for name in next(lines, "").split("\t") if name)
    rows: list[list[Term | None]] = []
    more = False
    for line in lines:
        if len(rows) == MOST_ROWS:
            more = True
            break
        rows.append([read_term(text) for text in line.split("\t")] if variables else [])
    named = _named({term for row in rows for term in row if term}, reader)
    cells = tuple(tuple(named.get(term) or _cell(term) for term in row) for row in rows)
    columns = tuple(_column(name, [row[place] for row in cells]) for place, name in enumerate(variables))
    return Result("bindings", columns, cells, more=more)


def _column(name: str, cells: list[Cell]) -> Column:
    filled = [cell for cell in cells if cell.text]
    return Column(name.replace("_", " "), is_number=bool(filled) and all(cell.is_number for cell in filled))


def _truth(answer: Answer, reader: Reader) -> Result:  # noqa: ARG001  # one signature for the three
    return Result("boolean", boolean=bool(json.loads(b"".join(answer))["boolean"]))


def _graph(answer: Answer, reader: Reader) -> Result:  # noqa: ARG001  # as above
    content = bytearray()
    for part in answer:
        content += part
        if len(content) > MOST_BYTES:
            break
    lines = bytes(content[:MOST_BYTES]).decode(errors="ignore").splitlines()
    shown = "\n".join(line for line in lines if not line.startswith("@prefix"))
    return Result("graph", text=shown, more=len(content) > MOST_BYTES)


_READERS: Final[dict[Kind, Callable[[Answer, Reader], Result]]] = {
    "bindings": _table,
    "boolean": _truth,
    "graph": _graph,
}


def lines_of(parts: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines of an answer, each whole; a value has no line end of its own in TSV."""
    rest = b""
    for part in parts:
        *whole, rest = (rest + part).split(b"\n")
        yield from (line.decode() for line in whole)
    if rest:
        yield rest.decode()


def _named(terms: set[Term], reader: Reader) -> dict[Term | None, Cell]:
    """Return the cells of things, called so as the reader calls them; their labels are read at once."""
    things = {term: term.text for term in terms if term.kind == "iri"}
    texts = {term for term in terms if term.language} if reader.knows_names else set()
    for text in texts:
        called = reader.catalog.called(text.text, text.language)
        things.update({text: called[0]} if len(called) == 1 else {})
    labels = reader.catalog.labels(things.values(), reader.language)
    own = {text for text in texts if any(_is_spoken(each.language, reader) for each in texts)}
    return {
        term: _link(iri, Label(term.text, term.language) if term in own else labels.get(iri), reader)
        for term, iri in things.items()
    }


def _link(iri: str, label: Label | None, reader: Reader) -> Cell:
    if label is None:
        return Cell(names.compact(iri), links.href(iri), note=iri)
    language = "" if _is_spoken(label.language, reader) else label.language
    return Cell(label.text, links.href(iri), language, note=iri)


def _is_spoken(tag: str, reader: Reader) -> bool:
    return tag.partition("-")[0] == reader.language.partition("-")[0]


def _cell(term: Term | None) -> Cell:
    if term is None:
        return Cell("")
    if term.kind == "literal":
        is_number = term.datatype in NUMBERS
        note = names.compact(term.datatype) if term.datatype else ""
        return Cell(term.text, language=term.language, note=note, is_number=is_number)
    return Cell(term.text, is_number=term.kind == "number")


_TERM: Final = re.compile(
    r'<([^<>]*)>|"((?:[^"\\]|\\.)*+)"(?:@([A-Za-z0-9-]+)|\^\^<([^<>]*)>)?|([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)'
)
NUMBERS: Final = frozenset(names.XSD + name for name in ("integer", "decimal", "double", "float"))
_ESCAPES: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text)
