"""The front page: what this is, its headline total, its newest sources, and how to ask the graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.pages import links, totals
from server.pages.parts import Link, Naming

if TYPE_CHECKING:
    from server.pages.catalog import Catalog
    from server.pages.language import Language
    from server.pages.totals import TotalView


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is in the graph."""

    sources: int
    facts: int
    observations: int
    industries: int
    cities: int


@dataclass(frozen=True, slots=True)
class SourceView:
    """An article in a list."""

    link: Link
    publisher: Link | None
    date: str
    day: str


@dataclass(frozen=True, slots=True)
class Front:
    """The front page."""

    counts: Counts
    totals: tuple[TotalView, ...]
    sources: tuple[SourceView, ...]


def page(catalog: Catalog, language: Language, other: Language) -> Front:
    """Lay out the front page; ``other`` is the language of the second names in the tables."""
    found = totals.newest(catalog)
    sources = catalog.kept("sources")
    iris = {iri for total in found for iri in total.iris} | {row.text("publisher") for row in sources}
    naming = Naming(catalog, iris - {""}, language)
    second = Naming(catalog, iris - {""}, other)
    return Front(
        counts(catalog),
        tuple(totals.view(total, number, naming, second) for number, total in enumerate(found, 1)),
        tuple(
            SourceView(
                Link(
                    row.text("title"), links.href(row.text("source")), language.other(row.language("title"))
                ),
                naming.link(row.text("publisher")) if "publisher" in row else None,
                row.text("date"),
                language.day(row.text("date")),
            )
            for row in sources
        ),
    )


def counts(catalog: Catalog) -> Counts:
    """Return how much is in the graph, as the build counted it; counted here where an older one did not."""
    told = catalog.statistics.get("counts")
    if told is None:
        (row,) = catalog.kept("counts")
        told = {name: row.whole(name) for name in row}
    return Counts(**told)
