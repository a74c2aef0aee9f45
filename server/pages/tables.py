"""A thing as a table (CSV, RFC 4180): its figures, a row for each, or else what is stated of it.

What the columns mean is said beside the table, in the words of the W3C's CSV on the Web: from the table and
that document, a program gets the triples back.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from kg import names
from server.pages.writing import parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from server.pages.catalog import Catalog, Term

    About = dict[str, list[Term]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures: its name, what it holds, and the property that says it."""

    name: str
    meaning: str
    property: str = ""
    datatype: str = "string"
    label_of: str = ""
    """The property whose value this column names in words."""
    separator: str = ""
    """What stands between several values; without one, the column has at most one."""


def _stated(name: str, property_: str, datatype: str, meaning: str) -> Column:
    return Column(name, meaning, names.term(property_), datatype)


def _named(name: str, property_: str, meaning: str) -> Column:
    return Column(name, meaning, label_of=names.term(property_))


def _reference(name: str, property_: str, meaning: str) -> Column:
    return Column(name, meaning, names.term(property_), "anyURI")


COLUMNS: Final = (
    Column("figure", "The published name of the figure; its page leads to its sentence.", datatype="anyURI"),
    Column("kind", "Level, Growth, Share, Rank, Target or Converted."),
    _named("city", "ofCity", "The city that the figure is about."),
    _named("industry", "ofIndustry", "The industry; empty where the figure is about the city as a whole."),
    _named("metric", "ofMetric", "What is measured."),
    _stated("year", "year", "integer", "The year; empty where the source states none."),
    _named("comparator", "comparator", "Whether the number is exact, about, or a bound."),
    _stated("value", "value", "decimal", "The number; empty where the source states only a bound."),
    _stated("lower_bound", "lowerBound", "decimal", "The number is more than this, or at least this."),
    _stated("upper_bound", "upperBound", "decimal", "The number is less than this, or at most this."),
    _named("unit", "unit", "The unit of the numbers, which are never in thousands or millions."),
    _stated("value_text", "valueText", "string", "The words that the number was read from."),
    _stated("base_year", "baseYear", "integer", "Of a growth: the year that it is compared with."),
    _stated("target_year", "targetYear", "integer", "Of a target: the year by which it should be met."),
    _stated("period_start", "periodStart", "date", "The first day of the period."),
    _stated("period_end", "periodEnd", "date", "The last day of the period."),
    _stated("not_after", "notAfter", "date", "Where no period is stated: the date of the source."),
    _reference("city_iri", "ofCity", "The published name of the city."),
    _reference("industry_iri", "ofIndustry", "The published name of the industry."),
    _reference("metric_iri", "ofMetric", "The published name of the metric."),
    _reference("unit_iri", "unit", "The name of the unit."),
    Column("sources", "The published names of the sources.", names.term("statedIn"), "anyURI", separator=" "),
    Column(
        "quotes", "The published names of the sentences.", names.term("evidence"), "anyURI", separator=" "
    ),
    Column("sentences", "The sentences themselves, a line for each."),
)
"""The columns of a table of figures, in their order."""

STATEMENT: Final = (
    Column("subject", "What the statement is about.", datatype="anyURI"),
    Column("property", "The property.", datatype="anyURI"),
    Column("value", "The value: a name, or a text or number as it stands."),
    Column("language", "The language of a text (RFC 5646)."),
    Column(
        "datatype", "The type of a value that is neither a name nor a text with a language.", "", "anyURI"
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


def metadata(columns: tuple[Column, ...], *, url: str, title: str) -> dict[str, Any]:
    """Return what the columns of a table mean (Metadata Vocabulary for Tabular Data, 5.3 to 5.6)."""
    first = columns[0].name
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        "dc:title": title,
        "dc:license": {"@id": names.CC_BY},
        "tableSchema": {
            "columns": [_described(each) for each in columns],
            **({"primaryKey": first} if columns is COLUMNS else {}),
            "aboutUrl": f"{{+{first}}}",
        },
    }


def written(columns: tuple[Column, ...], rows: Iterable[list[str]]) -> Iterator[bytes]:
    """Yield rows as CSV below the names of their columns."""
    yield _lines([[each.name for each in columns]])
    for part in parts(rows, _AT_ONCE):
        yield _lines(part)


_AT_ONCE: Final = 500
_OBS: Final = names.BASE + "obs/"
_PART_OF: Final = names.term("partOf")
_EVIDENCE: Final = names.term("evidence")
_EXACT: Final = names.OA + "exact"
_KIND: Final = names.RDF + "type"
_LARGEST_SCHEME: Final = 10_000


def _with_parts(catalog: Catalog, iri: str) -> set[str]:
    """Return a thing and what is part of it, directly or not: the industries of a system."""
    found, waiting = {iri}, [iri]
    while waiting and len(found) < _LARGEST_SCHEME:
        new = set(catalog.pointing(waiting.pop(), _PART_OF)) - found
        found |= new
        waiting += new
    return found


def _figures(catalog: Catalog, figures: list[str], language: str) -> Iterator[list[str]]:
    words: dict[str, str] = {}

    def name(iri: str) -> str:
        if iri not in words:
            label = catalog.labels([iri], language).get(iri)
            words[iri] = label.text if label else names.local(iri)
        return words[iri]

    for figure in figures:
        about = catalog.about(figure)
        yield [_cell(catalog, column, figure, about, name) for column in COLUMNS]


def _cell(catalog: Catalog, column: Column, figure: str, about: About, name: Callable[[str], str]) -> str:
    if column.name == "figure":
        return figure
    if column.name == "kind":
        kinds = {names.local(each) for each in _texts(about, _KIND)} - {"Observation"}
        return " ".join(sorted(kinds))
    if column.name == "sentences":
        quotes = (catalog.about(quote) for quote in _texts(about, _EVIDENCE))
        return "\n".join(text for quote in quotes for text in _texts(quote, _EXACT))
    if column.label_of:
        return " ".join(name(each) for each in _texts(about, column.label_of)[:1])
    values = _texts(about, column.property)
    return column.separator.join(values if column.separator else values[:1])


def _statement(statement: ox.Triple | ox.Quad) -> list[str]:
    subject, *_ = _cells(statement.subject)
    return [subject, statement.predicate.value, *_cells(statement.object)]


def _texts(about: About, property_: str) -> list[str]:
    return [_cells(each)[0] for each in about.get(property_, [])]


def _cells(term: Term) -> list[str]:
    """Return value, language and datatype of a term."""
    if isinstance(term, ox.Literal):
        language = term.language or ""
        return [term.value, language, "" if language else term.datatype.value]
    return [term.value if isinstance(term, ox.NamedNode) else str(term), "", ""]


def _described(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "titles": {"en": column.name.replace("_", " ")},
        "dc:description": column.meaning,
        "datatype": column.datatype,
        **({"separator": column.separator} if column.separator else {}),
        **_property(column),
    }


def _property(column: Column) -> dict[str, Any]:
    """Say which triple a cell makes; a name in words repeats what another column says, and makes none."""
    if not column.property or column.separator:  # several values would make texts, not names
        return {"suppressOutput": True}
    if column.datatype == "anyURI" and not column.separator:
        return {"propertyUrl": column.property, "valueUrl": f"{{+{column.name}}}"}
    return {"propertyUrl": column.property}


def _lines(rows: list[list[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()
