"""A thing as a table (CSV, RFC 4180): its figures, a row for each, or else what is stated of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg import names
from kg.figures import COLUMNS, Column, rows, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from server.pages.catalog import Catalog, Term


STATEMENT: Final = (
    Column("subject", "What the statement is about.", datatype="anyURI"),
    Column("property", "The property.", datatype="anyURI"),
    Column("value", "The value: a name, or a text or number as it stands."),
    Column("language", "The language of a text (RFC 5646)."),
    Column(
        "datatype", "The type of a value that is neither a name nor a text with a language.", (), "anyURI"
    ),
)
"""The columns of a table of statements."""


def columns_of(catalog: Catalog, iri: str) -> tuple[Column, ...]:
    """Return the columns of the table of a thing."""
    return COLUMNS if figures_of(catalog, iri) else STATEMENT


def table(catalog: Catalog, iri: str, language: str) -> Iterator[bytes]:
    """Yield the table of a thing in parts; names in words are in the language."""
    found = figures_of(catalog, iri)
    if found:
        return written(COLUMNS, _figures(catalog, found, language))
    return statements(catalog.statements(iri))


def statements(found: Iterable[ox.Triple | ox.Quad]) -> Iterator[bytes]:
    """Yield a table of statements in parts."""
    return written(STATEMENT, (_statement(each) for each in found))


def figures_of(catalog: Catalog, iri: str) -> list[str]:
    """Return the observations that name a thing or a part of it, and the thing where it is one itself.

    Of the data set, that is all of them.
    """
    if iri == names.DATASET:
        return catalog.pointing(names.term("Observation"), _KIND)
    naming = {each for part in _with_parts(catalog, iri) for each in catalog.pointing(part)} | {iri}
    return sorted(each for each in naming if each.startswith(_OBS))


_OBS: Final = names.BASE + "obs/"
_PART_OF: Final = names.term("partOf")
_KIND: Final = names.RDF + "type"
_LARGEST_SCHEME: Final = 10_000
_MOST_NAMES: Final = 10_000


def _with_parts(catalog: Catalog, iri: str) -> set[str]:
    """Return a thing and what is part of it, directly or not: the industries of a system."""
    found, waiting = {iri}, [iri]
    while waiting and len(found) < _LARGEST_SCHEME:
        new = set(catalog.pointing(waiting.pop(), _PART_OF)) - found
        found |= new
        waiting += new
    return found


def _figures(catalog: Catalog, figures: list[str], language: str) -> Iterator[list[str]]:
    @lru_cache(maxsize=_MOST_NAMES)
    def name(iri: str) -> str:
        label = catalog.labels([iri], language).get(iri)
        return label.text if label else names.local(iri)

    return rows(figures, catalog.read, name)


def _statement(statement: ox.Triple | ox.Quad) -> list[str]:
    subject, *_ = _cells(statement.subject)
    return [subject, statement.predicate.value, *_cells(statement.object)]


def _cells(term: Term) -> list[str]:
    """Return value, language and datatype of a term."""
    if isinstance(term, ox.Literal):
        language = term.language or ""
        return [term.value, language, "" if language else term.datatype.value]
    return [term.value if isinstance(term, ox.NamedNode) else str(term), "", ""]
