"""The sentences behind a fact, and how their phrases were read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pyoxigraph as ox

from kg import names
from server.pages import links
from server.pages.catalog import first, language_of, texts
from server.pages.parts import Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from server.pages.catalog import About, Catalog, Row
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
    label: str = ""
    """What the page of the source prints before its date, such as “Updated”."""

    @property
    def end(self) -> int:
        """Where it ends in the source, in code points."""
        return self.start + len(self.text)


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

    @property
    def end(self) -> int:
        """Where it ends in the source, in code points."""
        return self.start + len(self.phrase)


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
    label: str = ""
    there: str | None = None
    """Where the sentence stands on the page of its publisher; browsers that can, go to it."""


def quotations(catalog: Catalog, facts: Iterable[str]) -> dict[str, tuple[Quotation, ...]]:
    """Return the sentences behind each of some facts, the oldest source first; no marks in them."""
    quotes = {fact: texts(about, _EVIDENCE) for fact, about in catalog.said_of(facts).items()}
    said = catalog.said_of(quote for each in quotes.values() for quote in each)
    found = {each.iri: each for each in quoted(catalog, said)}
    return {
        fact: tuple(sorted((found[each] for each in those if each in found), key=_oldest_first))
        for fact, those in quotes.items()
    }


def marked(catalog: Catalog, facts: Iterable[str]) -> dict[str, tuple[Quotation, ...]]:
    """Return the sentences behind each of some facts, with the very words of its value marked."""
    return {
        fact: tuple(replace(each, marks=_marks(catalog, fact, each)) for each in found)
        for fact, found in quotations(catalog, facts).items()
    }


def readings(catalog: Catalog, fact: str) -> tuple[Reading, ...]:
    """Return how each part of a fact was read, in the order of the sources and their words."""
    return read(catalog.said_of(texts(catalog.about(fact), _READING)))


def quoted(catalog: Catalog, said: Mapping[str, About]) -> tuple[Quotation, ...]:
    """Return the quotes in what is stated of things, with what their sources say of themselves.

    The oldest source comes first.
    """
    quotes = {iri: about for iri, about in said.items() if about.keys() >= _OF_QUOTE}
    sources = catalog.said_of(first(about, _SOURCE) for about in quotes.values())
    found = (_quotation(iri, about, sources.get(first(about, _SOURCE), {})) for iri, about in quotes.items())
    return tuple(sorted(found, key=_oldest_first))


def read(said: Mapping[str, About]) -> tuple[Reading, ...]:
    """Return the readings in what is stated of things, in the order of their words."""
    found = (
        Reading(
            iri,
            first(about, _EXACT),
            int(first(about, _START)),
            first(about, _ROLE),
            first(about, _READ_AS),
            isinstance(about[_READ_AS][0], ox.NamedNode),
            first(about, _READ_FROM),
        )
        for iri, about in said.items()
        if about.keys() >= _OF_READING
    )
    return tuple(sorted(found, key=lambda each: (each.source, each.start, each.end, each.iri)))


_EVIDENCE: Final = names.term("evidence")
_READING: Final = names.term("hasReading")
EVIDENCE: Final = frozenset({_EVIDENCE, _READING})
"""The properties that lead to sentences and readings."""
_EXACT: Final = names.OA + "exact"
_START: Final = names.OA + "start"
_ROLE: Final = names.term("role")
_READ_AS: Final = names.term("readAs")
_READ_FROM: Final = names.term("readFrom")
_SOURCE: Final = names.term("quotedFrom")
_TITLE: Final = names.DCTERMS + "title"
_OF_QUOTE: Final = frozenset({_EXACT, _START, _SOURCE})
_OF_READING: Final = frozenset({_EXACT, _START, _ROLE, _READ_AS, _READ_FROM})


def _quotation(iri: str, about: About, source: About) -> Quotation:
    return Quotation(
        iri,
        first(about, _EXACT),
        language_of(about[_EXACT][0]) or next(map(language_of, source.get(_TITLE, ())), ""),
        int(first(about, _START)),
        (),
        source=first(about, _SOURCE),
        title=first(source, _TITLE),
        publisher=first(source, names.DCTERMS + "publisher"),
        date=first(source, names.DCTERMS + "date"),
        url=first(source, names.SCHEMA + "url"),
        label=first(source, names.term("dateLabel")),
    )


def _marks(catalog: Catalog, fact: str, quotation: Quotation) -> tuple[Mark, ...]:
    phrases = texts(catalog.about(fact), names.term("valueText"))
    places = {
        (each.start - quotation.start, each.end - quotation.start)
        for each in readings(catalog, fact)
        if each.phrase in phrases and each.source == quotation.source
    }
    return _within(quotation.text, places)


def _within(text: str, places: Iterable[Mark]) -> tuple[Mark, ...]:
    return tuple(sorted((start, end) for start, end in places if 0 <= start < end <= len(text)))


def _oldest_first(quotation: Quotation) -> tuple[str, str]:
    return quotation.date, quotation.iri


def gathered(rows: Iterable[Row]) -> tuple[Quotation, ...]:
    """Return the sentences in rows that have one mark each, as ``relations.rq`` gives them."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.text("quote")].append(row)
    return tuple(sorted((_of_rows(iri, found[iri]) for iri in found), key=_oldest_first))


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
        Link(quotation.title, reader(quotation), language.other(quotation.language)),
        naming.link(quotation.publisher) if quotation.publisher else None,
        quotation.date,
        language.day(quotation.date),
        links.href(quotation.url),
        links.href(quotation.iri),
        facts,
        quotation.label,
        there(quotation),
    )


def reader(quotation: Quotation) -> str:
    """Return where a sentence stands in the reader of its article."""
    return f"{links.representation(quotation.source, 'html')}#{anchor('q', quotation.start, quotation.end)}"


def anchor(kind: str, start: int, end: int) -> str:
    """Return the anchor of a stretch in the reader: ``q`` for a quote, ``p`` for a phrase.

    >>> anchor("q", 600, 637)
    'q-600-637'
    """
    return f"{kind}-{start}-{end}"


def there(quotation: Quotation) -> str | None:
    """Return the address of a sentence on its publisher's page, None where a browser must not follow.

    The directive after the hash is that of WICG's text fragments: the first and the last words of the quote.
    """
    address = links.href(quotation.url)
    if address is None:
        return None
    words = quotation.text.split()
    parts = [words] if len(words) <= 2 * _WORDS else [words[:_WORDS], words[-_WORDS:]]
    said = ",".join(quote(" ".join(part), safe="").replace("-", "%2D") for part in parts)
    return f"{address}{'' if '#' in address else '#'}:~:text={said}"


_WORDS: Final = 5
"""How many words at each end of a sentence find it on a page."""


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


def _of_rows(iri: str, rows: list[Row]) -> Quotation:
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
        row.language("exact") or row.language("title"),
        start,
        _within(text, marks),
        source=row.text("source"),
        title=row.text("title"),
        publisher=row.text("publisher"),
        date=row.text("date"),
        url=row.text("url"),
        label=row.text("date_label"),
    )
