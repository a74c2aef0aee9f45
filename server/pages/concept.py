"""What the pages of concepts share: names, definition, notes, and what other data sets call the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pyoxigraph as ox

from kg import names
from server.pages import links, parts
from server.pages.catalog import language_of, text_of, texts
from server.pages.parts import Alternate, Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from server.pages.catalog import About, Catalog, Row, Term
    from server.pages.language import Language
    from server.pages.parts import Naming


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a thing, its values, and where the rest of them is when there are more."""

    name: Link
    values: tuple[Link, ...]
    more: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """How the page of a thing begins; ``other_title`` is its name in the other language."""

    iri: str
    title: Link
    other_title: Link | None
    kinds: tuple[Link, ...]
    definition: Link | None
    names: tuple[Property, ...]
    notes: tuple[Link, ...]
    alternates: tuple[Alternate, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Something in another data set: how it relates to ours, its label, its code and whose it is.

    ``evidence`` says how we know; ``mapping`` how and when it was found, and where the rest is.
    """

    relation: str
    target: Link
    code: str
    where: str
    evidence: Link | None = None
    mapping: Link | None = None


def heading(about: About, iri: str, naming: Naming, second: Naming) -> Heading:
    """Begin a page from the statements of a thing; ``second`` names it in the other language."""
    return Heading(
        iri,
        title=naming.link(iri),
        other_title=alias(iri, naming, second),
        kinds=_kinds(narrowest(texts(about, names.RDF + "type")), naming),
        definition=best(about, _DEFINITION, naming.language) or best(about, _DESCRIPTION, naming.language),
        names=tuple(_other_names(about, naming)),
        notes=said(said_in(about, naming.language), _NOTES, naming.language),
        alternates=parts.alternates(iri),
    )


def alias(iri: str, naming: Naming, second: Naming) -> Link | None:
    """Return the name of a thing in the other language, None where it has none, or the same."""
    label = second.label(iri)
    if label is None or label.text == naming.text(iri):
        return None
    return Link(label.text, language=naming.language.other(label.language))


def narrowest(types: Iterable[str]) -> list[str]:
    """Leave out the general classes where a narrower one is stated beside them."""
    types = sorted(types)
    return [each for each in types if each not in _GENERAL] or types


def said(about: About, properties: Iterable[str], language: Language) -> tuple[Link, ...]:
    """Return the texts that are stated with some properties, those in the page's language first."""
    found = {
        Link(text_of(term), language=language.other(language_of(term)))
        for property_ in properties
        for term in about.get(property_, ())
        if not isinstance(term, ox.NamedNode)
    }
    return tuple(sorted(found, key=lambda link: (link.language != "", link.language, link.text)))


def said_in(about: About, language: Language) -> About:
    """Leave out what is said in another language where the same thing has it in the page's language too."""
    return {property_: _said_in(values, language) for property_, values in about.items()}


def _said_in(values: Sequence[Term], language: Language) -> Sequence[Term]:
    near = [each for each in values if not language.other(language_of(each))]
    return near if any(map(language_of, near)) else values


def best(about: About, property_: str, language: Language) -> Link | None:
    """Return the text that is stated in the page's language, else in another, None where there is none."""
    return next(iter(said(about, [property_], language)), None)


def matches(catalog: Catalog, iri: str) -> list[Row]:
    """Return what other data sets call a thing; nothing is asked where nothing is stated."""
    return catalog.select("matches", thing=iri) if _RELATIONS.keys() & catalog.about(iri).keys() else []


def matched(rows: Iterable[Row]) -> Iterator[str]:
    """Yield what has a name in the rows of ``matches``."""
    for row in rows:
        yield from (row.text(name) for name in ("target", "scheme", "reviewer") if row.is_iri(name))


def elsewhere(rows: Iterable[Row], naming: Naming) -> tuple[Match, ...]:
    """Lay out what other data sets call a thing, the nearest first."""
    say, order = naming.language.say, list(_RELATIONS)
    found = {
        Match(
            say(_RELATIONS[row.text("relation")]),
            naming.link(row.text("target"), "" if naming.label(row.text("target")) else _code(row)),
            _code(row) if naming.label(row.text("target")) or row.text("code") else "",
            naming.text(row.text("scheme")) if row.is_iri("scheme") else whose(row.text("target")),
            *_known(row, naming),
        ): order.index(row.text("relation"))
        for row in rows
        if row.is_iri("target") and not row.text("target").startswith(names.BASE)
    }
    return tuple(sorted(found, key=lambda match: (found[match], match.where, match.target.text)))


def _known(row: Row, naming: Naming) -> tuple[Link | None, Link | None]:
    """Say how we know of a match: the evidence, and who found it when."""
    if not row.is_iri("mapping"):
        return None, None
    language, justification = naming.language, row.text("justification")
    known = _JUSTIFICATIONS.get(justification)
    how = language.say(known) if known else naming.text(justification)
    found = language.say("%(how)s, %(day)s", how=how, day=language.day(row.text("day")))
    if row.is_iri("reviewer"):
        found = language.say(
            "%(found)s, reviewed by %(name)s", found=found, name=naming.text(row.text("reviewer"))
        )
    evidence = Link(row.text("evidence"), language=language.other(row.language("evidence")))
    return evidence, Link(found, links.href(row.text("mapping")))


def whose(iri: str) -> str:
    """Name the data set that an address belongs to.

    >>> whose("http://www.wikidata.org/entity/Q42956"), whose("https://data.example.org/x")
    ('Wikidata', 'data.example.org')
    """
    return next((name for start, name in _OWNERS if iri.startswith(start)), "") or urlsplit(iri).netloc


_DEFINITION: Final = names.SKOS + "definition"
_DESCRIPTION: Final = names.DCTERMS + "description"
_NOTES: Final = tuple(names.SKOS + name for name in ("scopeNote", "editorialNote", "historyNote", "note"))
_GENERAL: Final = frozenset(
    {
        *(names.term(name) for name in ("EconomicActivity", "Observation", "Place", "Source")),
        names.OWL + "NamedIndividual",
        names.PROV + "Entity",
        names.SKOS + "Concept",
    }
)
_RELATIONS: Final = {
    names.OWL + "sameAs": "the same as",
    names.SKOS + "exactMatch": "the same as",
    names.SKOS + "closeMatch": "close to",
    names.SKOS + "broadMatch": "part of the broader",
    names.SKOS + "narrowMatch": "broader than",
    names.SKOS + "relatedMatch": "related to",
    names.RDFS + "seeAlso": "see also",
}
"""The mapping properties in words (SKOS Reference, 10), the nearest first."""
_JUSTIFICATIONS: Final = {
    names.SEMAPV + "ManualMappingCuration": "matched by hand",
    names.SEMAPV + "LexicalMatching": "matched by name",
    names.SEMAPV + "MappingReview": "matched and reviewed",
}
"""How a match was found, in words (the Semantic Mapping Vocabulary)."""
_OWNERS: Final = (
    ("http://www.wikidata.org/", "Wikidata"),
    ("https://sws.geonames.org/", "GeoNames"),
    ("http://dbpedia.org/", "DBpedia"),
    ("https://www.iso.org/", "ISO"),
    ("https://unstats.un.org/classifications/ISIC/rev4/", "ISIC Rev. 4"),
    ("http://data.europa.eu/ux2/nace2.1/", "NACE Rev. 2.1"),
    ("http://data.europa.eu/ux2/nace2/", "NACE Rev. 2"),
    ("https://data.worldbank.org/", "World Bank"),
    ("http://purl.org/linked-data/sdmx/", "SDMX"),
    ("http://qudt.org/", "QUDT"),
)


def _kinds(types: Iterable[str], naming: Naming) -> tuple[Link, ...]:
    """Name each kind once: vocabularies may call theirs the same."""
    found = {naming.text(each): naming.link(each) for each in types}
    return tuple(found.values())


def _other_names(about: About, naming: Naming) -> Iterator[Property]:
    """Yield what else a thing is called: wherever it stands, and where only the context tells."""
    for property_, title in ((_ALTERNATIVE, "Also called"), (_HIDDEN, "In context also")):
        found = said(about, [property_], naming.language)
        if found:
            yield Property(Link(naming.language.say(title)), found)


_ALTERNATIVE: Final = names.SKOS + "altLabel"
_HIDDEN: Final = names.SKOS + "hiddenLabel"


def _code(row: Row) -> str:
    """Return the code that a data set has for a thing, else the last part of its address."""
    return row.text("code") or names.local(row.text("target").rstrip("/")) or row.text("target")
