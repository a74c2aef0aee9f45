"""The sentences behind many facts at once: look-ups in an index, no query that grows with the graph."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg import names
from server.pages import evidence
from server.pages.catalog import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TypeAlias

    from server.pages.catalog import Catalog, Term
    from server.pages.evidence import Quotation

    About: TypeAlias = Mapping[str, list[Term]]


def behind(catalog: Catalog, facts: Iterable[str]) -> dict[str, tuple[Quotation, ...]]:
    """Return the sentences of each fact, with the places in them that say its value."""
    about: Callable[[str], About] = cache(catalog.about)  # many facts share their sources
    return {fact: evidence.gathered(_rows(about, fact)) for fact in facts}


_OF_QUOTE: Final = {"exact": names.OA + "exact", "start": names.OA + "start"}
_OF_SOURCE: Final = {
    "title": names.DCTERMS + "title",
    "date": names.DCTERMS + "date",
    "date_label": names.term("dateLabel"),
    "url": names.SCHEMA + "url",
    "publisher": names.DCTERMS + "publisher",
}
_OF_READING: Final = {"mark_start": names.OA + "start", "mark_end": names.OA + "end"}


def _rows(about: Callable[[str], About], fact: str) -> Iterator[Row]:
    """Yield what ``evidence.rq`` does: a row for each sentence and each place in it that says the value."""
    stated = about(fact)
    marks = list(_marks(about, stated))
    for quote in stated.get(names.term("evidence"), ()):
        said = about(_text(quote))
        source = _first(said, names.term("quotedFrom"))
        if source is None:
            continue
        row = Row({"fact": ox.NamedNode(fact), "quote": quote, "source": source})
        row |= _named(said, _OF_QUOTE) | _named(about(_text(source)), _OF_SOURCE)
        if not {"exact", "start", "title", "date"} <= row.keys():
            continue
        yield from (Row(row | mark) for place, mark in marks if place == source)
        yield row


def _marks(about: Callable[[str], About], stated: About) -> Iterator[tuple[Term, dict[str, Term]]]:
    """Yield the source and the place of each reading of the very words of the value."""
    phrases = {_text(each) for each in stated.get(names.term("valueText"), ())}
    for reading in stated.get(names.term("hasReading"), ()):
        read = about(_text(reading))
        source, exact = _first(read, names.term("readFrom")), _first(read, names.OA + "exact")
        if source is not None and exact is not None and _text(exact) in phrases:
            yield source, _named(read, _OF_READING)


def _named(about: About, wanted: Mapping[str, str]) -> dict[str, Term]:
    return {name: about[property_][0] for name, property_ in wanted.items() if about.get(property_)}


def _first(about: About, property_: str) -> Term | None:
    return next(iter(about.get(property_, ())), None)


def _text(term: Term) -> str:
    return "" if isinstance(term, ox.Triple) else term.value
