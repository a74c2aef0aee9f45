"""Why? The page of one fact: its sentence, how each word of it was read, and what it hangs together with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg import names
from server.pages import citation, concept, grounds, links, parts, reasoning, relatives, statements, thing
from server.pages.catalog import iris, language_of, text_of
from server.pages.citation import Citation
from server.pages.parts import Alternate, Link, Naming

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.pages.catalog import About, Catalog
    from server.pages.grounds import GroundsView
    from server.pages.language import Language
    from server.pages.relatives import Group, Rival
    from server.pages.statements import Statement


@dataclass(frozen=True, slots=True)
class Property:
    """A property of the fact and its values, as the graph states them."""

    name: Link
    values: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Citing:
    """How to cite a fact, to copy: in words, as BibTeX and as CSL-JSON, and where to fetch these."""

    text: str
    bibtex: str
    csl: str
    downloads: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class FactPage:
    """The page of a fact; ``parts`` are what it is about, ``line`` is all that in one line."""

    iri: str
    line: str
    description: str
    parts: tuple[Link, ...]
    when: str
    number: str
    kind: str
    reporter: Link | None
    grounds: GroundsView
    doubts: tuple[Link, ...]
    alone: str
    rivals: tuple[Rival, ...]
    groups: tuple[Group, ...]
    citing: Citing
    statements: tuple[Property, ...]
    alternates: tuple[Alternate, ...]


def page(catalog: Catalog, iri: str, language: Language, _other: Language) -> FactPage:
    """Lay out the page of an observation, a recognition or a relation: at most one query."""
    said = catalog.about(iri)
    statement = statements.read({iri: said})[iri]
    found, around = grounds.of(catalog, statement), relatives.of(catalog, statement)
    notes = catalog.said_of({iri, *(statement.about[each] for each in _NOTED if each in statement.about)})
    named = {*statement.iris, *found.iris, *around.iris, *said, *iris(said)}
    naming = Naming(catalog, named, language)
    line, number = statements.title(statement, naming), statements.number(statement, naming)
    rivals = relatives.rivals(around, naming)
    alone = language.say("No other source in the graph states this.")
    if statement.figure:
        alone = language.say("No other source in the graph states this figure.")
    reporter = statement.about.get("reportedBy")
    entries = citations(statement, found, naming, catalog.snapshot.id)
    return FactPage(
        iri=iri,
        line=line,
        description=_described(line, number, found, naming),
        parts=statements.parts(statement, naming),
        when=statements.when(statement, naming),
        number=number,
        kind=reasoning.kind(statement, naming),
        reporter=naming.link(reporter) if reporter else None,
        grounds=grounds.view(found, catalog, naming),
        doubts=_doubts(notes.values(), language),
        alone="" if rivals or len({each.source for each in found.quotations}) > 1 else alone,
        rivals=rivals,
        groups=relatives.groups(around, naming),
        citing=citing(iri, entries, language),
        statements=_properties(said, naming),
        alternates=parts.alternates(iri),
    )


def cited(catalog: Catalog, iri: str, language: Language) -> tuple[Citation, ...]:
    """Return how to cite a fact: an article each, none where no article states it."""
    statement = statements.read(catalog.said_of([iri]))[iri]
    found = grounds.of(catalog, statement)
    naming = Naming(catalog, {*statement.iris, *found.iris}, language)
    return citations(statement, found, naming, catalog.snapshot.id)


def citations(
    statement: Statement, found: grounds.Grounds, naming: Naming, snapshot: str
) -> tuple[Citation, ...]:
    """Return how to cite a fact, an article each, the oldest first."""
    line, number = statements.title(statement, naming), statements.number(statement, naming)
    return tuple(
        Citation(
            key=f"{names.local(each.source)}:{names.local(statement.iri)}",
            title=each.title,
            publisher=naming.text(each.publisher) if each.publisher else "",
            date=each.date,
            label=each.label,
            address=links.href(each.url) or "",
            language=each.language,
            fact=naming.language.say(": ").join(filter(None, [line, number])),
            page=statement.iri,
            snapshot=snapshot,
        )
        for each in {each.source: each for each in reversed(found.quotations)}.values()
    )[::-1]


def citing(iri: str, entries: tuple[Citation, ...], language: Language) -> Citing:
    """Lay out citations."""
    return Citing(
        "\n\n".join(citation.words(each, language) for each in entries),
        citation.bibtex(entries, language),
        citation.csl(entries, language),
        tuple(
            Link(
                title, links.in_language(links.representation(iri, suffix), (), language.tag), note=media_type
            )
            for suffix, (title, media_type, _) in FORMS.items()
        ),
    )


FORMS: Final = {
    "bib": ("BibTeX", "application/x-bibtex; charset=utf-8", citation.bibtex),
    "csl.json": ("CSL-JSON", "application/vnd.citationstyles.csl+json", citation.csl),
}
"""How a citation can be fetched: by its suffix, what it is called, its media type, and what writes it."""
CITED: Final = ("obs", "policy", "recognition", "relation")
"""The kinds of things that a citation can be had for."""
_NOTED: Final = ("ofMetric", "ofIndustry", "subject", "object", "recognises")
_SHOWN_APART: Final = frozenset({names.RDFS + "label"})


def _described(line: str, number: str, found: grounds.Grounds, naming: Naming) -> str:
    """Return the sentence that other sites show of the page."""
    said = next((each.text for each in found.quotations), "")
    told = naming.language.say(": ").join(filter(None, [line, number]))
    return (
        naming.language.say("%(fact)s. The source says: %(quote)s", fact=told, quote=said) if said else told
    )


def _doubts(notes: Iterable[About], language: Language) -> tuple[Link, ...]:
    """Return the notes of the editors on the fact and on what it is about."""
    return tuple(
        sorted(
            {
                Link(text_of(term), language=language.other(language_of(term)))
                for about in notes
                for term in concept.said_in(about, language).get(names.SKOS + "editorialNote", ())
            },
            key=lambda link: link.text,
        )
    )


def _properties(said: About, naming: Naming) -> tuple[Property, ...]:
    return tuple(
        Property(
            naming.link(each),
            tuple(sorted((thing.shown(term, naming) for term in said[each]), key=lambda link: link.text)),
        )
        for each in sorted(said, key=lambda each: (naming.text(each), each))
        if each not in _SHOWN_APART
    )
