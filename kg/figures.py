"""Figures as a table, a row for each: for an economist's spreadsheet, and for programs that want columns.

What the columns mean is said beside the table, in the words of the W3C's CSV on the Web: from the table and
that document, a program gets the triples back.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from kg import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    About = Mapping[str, Sequence[object]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it holds, and the properties that lead from the figure to it."""

    name: str
    meaning: str
    path: tuple[str, ...] = ()
    datatype: str = "string"
    is_named: bool = False
    """Whether it names in words what the path leads to."""
    separator: str = ""
    """What stands between several values; without one, the column has at most one."""


def _stated(name: str, property_: str, datatype: str, meaning: str) -> Column:
    return Column(name, meaning, (names.term(property_),), datatype)


def _named(name: str, property_: str, meaning: str) -> Column:
    return Column(name, meaning, (names.term(property_),), is_named=True)


def _reference(name: str, property_: str, meaning: str) -> Column:
    return Column(name, meaning, (names.term(property_),), "anyURI")


_STATED_IN: Final = names.term("statedIn")

COLUMNS: Final = (
    Column("figure", "The published name of the figure; its page leads to its sentence.", datatype="anyURI"),
    Column("label", "The figure in words.", is_named=True),
    Column("kind", "Level, Growth, Share, Rank, Target or Converted."),
    _named("city", "ofCity", "The city that the figure is about."),
    _named("industry", "ofIndustry", "The industry; empty where the figure is about the city as a whole."),
    _named("metric", "ofMetric", "What is measured."),
    _named("share_of", "shareOf", "Of a share: the whole that it is a part of."),
    _named("ranked_among", "rankedAmong", "Of a rank: those among whom it is held."),
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
    _stated("period_text", "periodText", "string", "The words that the period was read from."),
    _stated("not_after", "notAfter", "date", "Where no period is stated: the date of the source."),
    Column(
        "publishers",
        "Who published the sources.",
        (_STATED_IN, names.DCTERMS + "publisher"),
        is_named=True,
        separator="; ",
    ),
    Column(
        "published",
        "The dates of the sources.",
        (_STATED_IN, names.DCTERMS + "date"),
        "date",
        separator=" ",
    ),
    Column(
        "titles",
        "The titles of the sources, a line for each.",
        (_STATED_IN, names.DCTERMS + "title"),
        separator="\n",
    ),
    Column(
        "sentences",
        "The sentences that say it, a line for each.",
        (names.term("evidence"), names.OA + "exact"),
        separator="\n",
    ),
    _reference("city_iri", "ofCity", "The published name of the city."),
    _reference("industry_iri", "ofIndustry", "The published name of the industry."),
    _reference("metric_iri", "ofMetric", "The published name of the metric."),
    _reference("unit_iri", "unit", "The name of the unit."),
    Column("sources", "The published names of the sources.", (_STATED_IN,), "anyURI", separator=" "),
    Column(
        "addresses",
        "Where the sources were published.",
        (_STATED_IN, names.SCHEMA + "url"),
        "anyURI",
        separator=" ",
    ),
    Column(
        "quotes", "The published names of the sentences.", (names.term("evidence"),), "anyURI", separator=" "
    ),
)
"""The columns of a table of figures, in their order."""


def rows(
    figures: Iterable[str], about: Callable[[str], About], name: Callable[[str], str]
) -> Iterator[list[str]]:
    """Yield the row of each figure.

    ``about`` returns what is stated of a thing, by property; ``name`` what a thing is called.
    """
    for figure in figures:
        stated = about(figure)
        yield [_cell(column, figure, stated, about, name) for column in COLUMNS]


def written(columns: tuple[Column, ...], cells: Iterable[list[str]]) -> Iterator[bytes]:
    """Yield rows as CSV (RFC 4180) below the names of their columns, some at a time."""
    iterator = iter(cells)
    yield _lines([[each.name for each in columns]])
    for first in iterator:
        yield _lines(chain((first,), islice(iterator, _AT_ONCE)))


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


_AT_ONCE: Final = 500
_TYPE: Final = names.RDF + "type"


def _cell(
    column: Column, figure: str, stated: About, about: Callable[[str], About], name: Callable[[str], str]
) -> str:
    if column.name == "figure":
        return figure
    if column.name == "kind":
        return " ".join(sorted({names.local(each) for each in _texts(stated, _TYPE)} - {"Observation"}))
    found: list[object] = [ox.NamedNode(figure)]
    for place, property_ in enumerate(column.path):
        things = [each.value for each in found if isinstance(each, ox.NamedNode)]
        found = [term for each in things for term in (about(each) if place else stated).get(property_, ())]
    said = [
        name(each.value) if column.is_named and isinstance(each, ox.NamedNode) else _text(each)
        for each in dict.fromkeys(found)
    ]
    return column.separator.join(said if column.separator else said[:1])


def _texts(about: About, property_: str) -> list[str]:
    return [_text(each) for each in about.get(property_, ())]


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


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
    if len(column.path) != 1 or column.is_named or column.separator:
        return {"suppressOutput": True}  # several values would make texts, not names
    (property_,) = column.path
    if column.datatype == "anyURI":
        return {"propertyUrl": property_, "valueUrl": f"{{+{column.name}}}"}
    return {"propertyUrl": property_}


def _lines(cells: Iterable[list[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(cells)
    return file.getvalue().encode()
