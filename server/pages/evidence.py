"""The sentences behind a fact, and how their phrases were read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from kg import names
from server.pages import links
from server.pages.catalog import Row
from server.pages.parts import Link

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.pages.catalog import Catalog, Term
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


def quoted(catalog: Catalog, said: Said) -> tuple[Quotation, ...]:
    """Return the quotes in what is stated of things, with what their sources say of themselves."""
    quotes = [each for each in said.values() if _SOURCE in each]
    sources = about(catalog, {each[_SOURCE].text("value") for each in quotes})
    return gathered(
        Row(
            quote=each[_SOURCE]["fact"],
            source=each[_SOURCE]["value"],
            **_columns(each, _OF_QUOTE),
            **_columns(sources[each[_SOURCE].text("value")], _OF_SOURCE),
        )
        for each in quotes
    )


def read(said: Said) -> tuple[Reading, ...]:
    """Return the readings in what is stated of things, in the order of their words."""
    found = (
        Reading(
            iri,
            each[names.OA + "exact"].text("value"),
            each[names.OA + "start"].whole("value"),
            each[_ROLE].text("value"),
            each[_READ_AS].text("value"),
            each[_READ_AS].is_iri("value"),
            each[_READ_FROM].text("value"),
        )
        for iri, each in said.items()
        if _READ_FROM in each
    )
    return tuple(sorted(found, key=lambda each: (each.source, each.start, each.end, each.iri)))


def about(catalog: Catalog, iris: Iterable[str]) -> Said:
    """Return what is stated of things, by their IRIs and the properties; of several values one."""
    found: Said = defaultdict(dict)
    for row in catalog.said_of(iris):
        found[row.text("fact")][row.text("property")] = row
    return found


Said = dict[str, dict[str, Row]]
"""What is stated of things: by their IRIs, then by property."""

_ROLE: Final = names.term("role")
_READ_AS: Final = names.term("readAs")
_READ_FROM: Final = names.term("readFrom")
_SOURCE: Final = names.term("quotedFrom")
_OF_QUOTE: Final = {"exact": names.OA + "exact", "start": names.OA + "start"}
_OF_SOURCE: Final = {
    "title": names.DCTERMS + "title",
    "date": names.DCTERMS + "date",
    "date_label": names.term("dateLabel"),
    "url": names.SCHEMA + "url",
    "publisher": names.DCTERMS + "publisher",
}
"""The columns of ``evidence.rq``, and the properties that they come from."""


def _columns(said: dict[str, Row], columns: dict[str, str]) -> dict[str, Term]:
    return {name: said[property_]["value"] for name, property_ in columns.items() if property_ in said}


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
        row.language("exact") or row.language("title"),
        start,
        tuple(sorted((first, last) for first, last in marks if 0 <= first < last <= len(text))),
        source=row.text("source"),
        title=row.text("title"),
        publisher=row.text("publisher"),
        date=row.text("date"),
        url=row.text("url"),
        label=row.text("date_label"),
    )


EVIDENCE = frozenset({names.term("evidence"), names.term("hasReading")})
"""The properties that lead to sentences and readings."""
