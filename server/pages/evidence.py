"""The sentences behind a fact, and how their phrases were read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import names
from server.pages import links
from server.pages.parts import Link

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.pages.catalog import Catalog, Row
    from server.pages.language import Language
    from server.pages.parts import Naming

Mark = tuple[int, int]
"""A place in a sentence: first and last code point, the last one not included."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence of a source; ``marks`` are the places in it that say the value of the fact."""

    iri: str
    text: str
    language: str
    start: int
    marks: tuple[Mark, ...]
    source: str
    title: str
    publisher: str
    date: str
    url: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A phrase of a source, the role it plays, and what it was read as: an IRI or a text."""

    iri: str
    phrase: str
    start: int
    role: str
    read_as: str
    is_iri: bool
    source: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a sentence, marked where it says the value."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A sentence of a source, with everything needed to check it."""

    anchor: str
    number: int
    segments: tuple[Segment, ...]
    language: str
    source: Link
    publisher: Link | None
    date: str
    day: str
    url: str | None
    quote: str | None
    facts: tuple[Link, ...] = ()


def quotations(catalog: Catalog, fact: str) -> tuple[Quotation, ...]:
    """Return the sentences behind one fact, the oldest source first."""
    return gathered(catalog.select("evidence", fact=fact))


def readings(catalog: Catalog, fact: str) -> tuple[Reading, ...]:
    """Return how each part of a fact was read, in the order of the sources and their words."""
    return tuple(
        Reading(
            row.text("reading"),
            row.text("phrase"),
            row.whole("start"),
            row.text("role"),
            row.text("read_as"),
            row.is_iri("read_as"),
            row.text("source"),
        )
        for row in catalog.select("readings", fact=fact)
    )


def gathered(rows: Iterable[Row]) -> tuple[Quotation, ...]:
    """Return the sentences in rows that have one mark each, as ``evidence.rq`` gives them."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.text("quote")].append(row)
    return tuple(
        sorted((_quotation(iri, found[iri]) for iri in found), key=lambda each: (each.date, each.iri))
    )


def view(
    quotation: Quotation,
    naming: Naming,
    *,
    number: int = 1,
    prefix: str = "q",
    marks: Iterable[Mark] | None = None,
    facts: tuple[Link, ...] = (),
) -> QuoteView:
    """Show a sentence whose publisher ``naming`` knows; where no ``marks`` are given they are its own."""
    language: Language = naming.language
    return QuoteView(
        f"{prefix}{number}",
        number,
        segments(quotation.text, quotation.marks if marks is None else marks),
        language.other(quotation.language),
        Link(quotation.title, links.href(quotation.source), language.other(quotation.language)),
        naming.link(quotation.publisher) if quotation.publisher else None,
        quotation.date,
        language.day(quotation.date),
        links.href(quotation.url),
        links.href(quotation.iri),
        facts,
    )


def segments(text: str, marks: Iterable[Mark]) -> tuple[Segment, ...]:
    """Cut a sentence at its marks; marks that overlap become one.

    >>> [(each.text, each.marked) for each in segments("reached 9.3 percent", [(8, 19)])]
    [('reached ', False), ('9.3 percent', True)]
    """
    found, place = [], 0
    for start, end in sorted(marks):
        first = max(start, place)
        found += [
            Segment(text[place:first], marked=False),
            Segment(text[first : max(end, first)], marked=True),
        ]
        place = max(end, place)
    found.append(Segment(text[place:], marked=False))
    return tuple(each for each in found if each.text)


def _quotation(iri: str, rows: list[Row]) -> Quotation:
    row = rows[0]
    start, text = row.whole("start"), row.text("exact")
    marks = {
        (each.whole("mark_start") - start, each.whole("mark_end") - start)
        for each in rows
        if "mark_start" in each
    }
    return Quotation(
        iri,
        text,
        row.language("exact"),
        start,
        tuple(sorted((first, last) for first, last in marks if 0 <= first < last <= len(text))),
        source=row.text("source"),
        title=row.text("title"),
        publisher=row.text("publisher"),
        date=row.text("date"),
        url=row.text("url"),
    )


EVIDENCE = frozenset({names.term("evidence"), names.term("hasReading")})
"""The properties that lead to sentences and readings."""
