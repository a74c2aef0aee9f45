"""Coverage: of each industry, metric and year of a city, which kinds of figures there are, and which not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg import names
from server import errors
from server.pages import links
from server.pages.parts import Link, Naming

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from server.pages.catalog import Catalog, Row
    from server.pages.language import Language

KINDS: Final = (
    ("Level", "●"),
    ("Growth", "▲"),
    ("Share", "◔"),
    ("Rank", "№"),
    ("Target", "◎"),
    ("Converted", "≈"),
)
"""The kinds of figures in the order in which a cell shows them, each with its sign."""

MOST_ROWS: Final = 100

_Cell = tuple[str, str, str]
"""Industry, metric and year, each empty where there is none."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A kind of figure: its sign, and what it means."""

    sign: str
    name: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What there is of one year."""

    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One industry and metric; no metric where nothing is stated of the industry at all."""

    industry: Link | None
    metric: Link | None
    cells: tuple[Cell, ...]
    series: str | None


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """The coverage of one city; ``years`` may end with the one column of figures without a year."""

    city: Link
    years: tuple[str, ...]
    rows: tuple[CoverageRow, ...]
    legend: tuple[Sign, ...]
    filled: int
    silent: int
    previous: str | None
    next: str | None


def cities(catalog: Catalog, language: Language) -> tuple[Link, ...]:
    """Return a link to the coverage of each city, by name: made once for a language."""
    return catalog.once(("coverage of cities", language.tag), lambda: tuple(_cities(catalog, language)))


def _cities(catalog: Catalog, language: Language) -> Iterator[Link]:
    iris = [row.text("city") for row in catalog.select("cities")]
    naming = Naming(catalog, iris, language)
    for iri in sorted(iris, key=naming.text):
        link = naming.link(iri)
        yield Link(link.text, _address(iri), link.language)


def page(catalog: Catalog, city: str, language: Language, number: int = 1) -> CoveragePage:
    """Lay out what there is of a city; ``number`` is the part of the table, from 1.

    Raises NotFound for a part that there is not.
    """
    rows = catalog.select("coverage-city", city=city)
    known = [row.text("industry") for row in catalog.select("coverage-industries", city=city)]
    naming = Naming(catalog, {city, *known, *_named(rows)}, language)
    cells = _cells(rows)
    silent = sorted(set(known) - {industry for industry, _, _ in cells}, key=naming.text)
    years = sorted({year for _, _, year in cells if year})
    columns = [*years, *([""] if any(not year for _, _, year in cells) else [])]
    lines = sorted(
        {(industry, metric) for industry, metric, _ in cells},
        key=lambda line: (line[0] != "", naming.text(line[0]), naming.text(line[1])),
    )
    signs = {name: Sign(sign, naming.text(names.term(name))) for name, sign in KINDS}
    table = [
        CoverageRow(
            naming.link(industry) if industry else None,
            naming.link(metric),
            tuple(_cell(cells.get((industry, metric, year), set()), signs) for year in columns),
            links.series_href(city, metric, industry or None),
        )
        for industry, metric in lines
    ] + [CoverageRow(naming.link(each), None, (), None) for each in silent]
    first = (number - 1) * MOST_ROWS
    if first and first >= len(table):
        raise errors.NotFound(
            "The table has %(parts)s parts, and no part %(number)s.",
            {"parts": -(-len(table) // MOST_ROWS), "number": number},
        )
    return CoveragePage(
        naming.link(city),
        tuple(columns),
        tuple(table[first : first + MOST_ROWS]),
        tuple(signs.values()),
        filled=len(cells),
        silent=len(silent),
        previous=_address(city, number - 1) if number > 1 else None,
        next=_address(city, number + 1) if first + MOST_ROWS < len(table) else None,
    )


def _address(city: str, number: int = 1) -> str:
    return f"/coverage/{names.local(city)}" + (f"?page={number}" if number > 1 else "")


def _cells(rows: Iterable[Row]) -> dict[_Cell, set[str]]:
    found: defaultdict[_Cell, set[str]] = defaultdict(set)
    for row in rows:
        found[row.text("industry"), row.text("metric"), row.text("year")].add(names.local(row.text("kind")))
    return found


def _cell(kinds: set[str], signs: dict[str, Sign]) -> Cell:
    return Cell(tuple(sign for name, sign in signs.items() if name in kinds))


def _named(rows: Iterable[Row]) -> set[str]:
    found = {row.text(name) for row in rows for name in ("industry", "metric")}
    return (found | {names.term(name) for name, _ in KINDS}) - {""}
