"""The page of a quote, with the facts that rest on it, and of a reading: what one phrase was read as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import names
from server.pages import article, evidence, links, parts, passages, reasoning, statements
from server.pages.account import NOTHING, account
from server.pages.catalog import first
from server.pages.parts import Alternate, Link, Naming
from server.pages.passages import Article

if TYPE_CHECKING:
    from server.pages.article import Line, Meta
    from server.pages.catalog import Catalog
    from server.pages.evidence import Quotation, QuoteView, Reading
    from server.pages.language import Language
    from server.pages.reasoning import Step
    from server.pages.statements import Statement, StatementView


@dataclass(frozen=True, slots=True)
class QuotePage:
    """The page of a quote; ``lines`` hold its words with the phrases that were read."""

    iri: str
    title: str
    quote: QuoteView
    lines: tuple[Line, ...]
    place: str
    facts: tuple[StatementView, ...]
    alternates: tuple[Alternate, ...]


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """The page of a reading: a phrase, what it was read as, the sentences it stands in, and its facts."""

    iri: str
    step: Step
    meta: Meta
    language: str
    reader: str
    quotes: tuple[QuoteView, ...]
    facts: tuple[StatementView, ...]
    alternates: tuple[Alternate, ...]


def quote_page(catalog: Catalog, iri: str, language: Language, _other: Language) -> QuotePage:
    """Lay out a quote: one query."""
    (quotation,) = evidence.quoted(catalog, catalog.said_of([iri]))
    facts = _facts(catalog, iri)
    used = catalog.said_of({each for fact in facts.values() for each in fact.readings})
    readings = [
        each for each in evidence.read(used) if each.source == quotation.source and _holds(quotation, each)
    ]
    naming = _naming(catalog, facts, readings, [quotation], language)
    place = (quotation.start, quotation.end)
    cut = passages.paragraphs(
        Article(
            ((quotation.start, quotation.text),),
            NOTHING,
            ((place, names.local(iri)),),
            article.phrases(readings, facts.values(), naming),
        )
    )
    return QuotePage(
        iri=iri,
        title=quotation.text,
        quote=evidence.view(quotation, naming),
        lines=tuple(article.line(each, language) for paragraph in cut for each in paragraph.sentences),
        place=_place(catalog, quotation, language),
        facts=tuple(statements.view(fact, naming) for fact in facts.values()),
        alternates=parts.alternates(iri),
    )


def reading_page(catalog: Catalog, iri: str, language: Language, _other: Language) -> ReadingPage:
    """Lay out a reading: one query."""
    (reading,) = evidence.read(catalog.said_of([iri]))
    of_source = catalog.about(reading.source)
    facts = _facts(catalog, iri)
    evident = catalog.said_of({each for fact in facts.values() for each in fact.quotes})
    quotations = [each for each in evidence.quoted(catalog, evident) if each.source == reading.source]
    publisher = first(of_source, names.DCTERMS + "publisher")
    naming = _naming(catalog, facts, [reading], quotations, language, publisher)
    meta = article.meta(reading.source, of_source, naming)
    own = (reading.start, reading.end)
    return ReadingPage(
        iri=iri,
        step=_step(reading, facts, quotations, meta, naming),
        meta=meta,
        language=meta.language,
        reader=f"{links.representation(reading.source, 'html')}#{evidence.anchor('p', *own)}",
        quotes=tuple(
            evidence.view(each, naming, number=number, marks=[(own[0] - each.start, own[1] - each.start)])
            for number, each in enumerate((each for each in quotations if _holds(each, reading)), 1)
        ),
        facts=tuple(statements.view(fact, naming) for fact in facts.values()),
        alternates=parts.alternates(iri),
    )


def _facts(catalog: Catalog, iri: str) -> dict[str, Statement]:
    return statements.read(catalog.said_of(row.text("fact") for row in catalog.select("facts", of=iri)))


def _naming(
    catalog: Catalog,
    facts: dict[str, Statement],
    readings: list[Reading],
    quotations: list[Quotation],
    language: Language,
    publisher: str = "",
) -> Naming:
    named = {iri for fact in facts.values() for iri in fact.iris}
    named |= {each.read_as for each in readings if each.is_iri} | {each.role for each in readings}
    named |= {each.publisher for each in quotations if each.publisher}
    return Naming(catalog, named | {publisher} - {""}, language)


def _holds(quotation: Quotation, reading: Reading) -> bool:
    return quotation.start <= reading.start and reading.end <= quotation.end


def _step(
    reading: Reading,
    facts: dict[str, Statement],
    quotations: list[Quotation],
    meta: Meta,
    naming: Naming,
) -> Step:
    """Explain a reading by the first fact that uses it; without one, by what the graph says."""
    used = [(fact, each) for fact in facts.values() for each in quotations if each.iri in fact.quotes]
    if used:
        fact, quotation = used[0]
        return reasoning.meant(fact, reading, quotation, naming)
    meaning = naming.link(reading.read_as) if reading.is_iri else Link(reading.read_as)
    words = Link(reading.phrase, links.href(reading.iri), meta.language)
    return reasoning.Step(reasoning.role(reading.role, naming.language), words, meaning, ())


def _place(catalog: Catalog, quotation: Quotation, language: Language) -> str:
    """Say where a quote stands in its article."""
    told = account(catalog.snapshot, quotation.source)
    number = told.sentence((quotation.start, quotation.end))
    characters = language.say("characters %(first)s to %(last)s", first=quotation.start, last=quotation.end)
    if number is None:
        return characters
    said = language.say("sentence %(number)s of %(all)s", number=number + 1, all=len(told.sentences))
    return f"{said} · {characters}"
