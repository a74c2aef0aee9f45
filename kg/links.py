"""The links: mappings to other data sets as SSSOM tables, each with its evidence.

``links/README.md`` describes the columns. The graph has each link as a plain triple, and as the axiom of
that triple with all that the table says of it, so that a link leads to its evidence:
https://mapping-commons.github.io/sssom/ (SSSOM/TSV in, SSSOM/RDF out).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, Namespace

from kg import names, tables
from kg.faults import Problem, Problems
from kg.yamlfile import Node, Phrase, nearest

COLUMNS: Final = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "confidence",
    "mapping_date",
    "author_id",
    "reviewer_id",
    "comment",
)
"""The columns, in order; ``comment`` is the evidence. ``reviewer_id`` alone may be empty."""

PREDICATES: Final = {
    "owl:sameAs": OWL.sameAs,
    "skos:exactMatch": SKOS.exactMatch,
    "skos:closeMatch": SKOS.closeMatch,
    "skos:broadMatch": SKOS.broadMatch,
    "skos:narrowMatch": SKOS.narrowMatch,
    "skos:relatedMatch": SKOS.relatedMatch,
}
IDENTITIES: Final = ("owl:sameAs", "skos:exactMatch")
"""What says that two things are the same: a data set has one such for a thing at most."""

FILES: Final = "*.sssom.tsv"
_HEAD: Final = ("mapping_set_id", "mapping_set_title", "mapping_set_description", "license", "curie_map")
_BUILT_IN: Final = {
    prefix: names.PREFIXES[prefix] for prefix in ("owl", "rdf", "rdfs", "semapv", "skos", "sssom", "xsd")
}
"""The prefixes that a table need not declare (SSSOM/TSV, IRI prefixes)."""

_IRI: Final = re.compile(r"https?://[^\s<>\"{}|\\^`/]+[^\s<>\"{}|\\^`]*")
_PAV: Final = Namespace(names.PAV)
_SSSOM: Final = Namespace(names.SSSOM)
_Triple = tuple[URIRef, URIRef, URIRef | Literal]


@dataclass(frozen=True, slots=True)
class Entity:
    """Something that a row names: its name in the table, its IRI, and where its prefix leads."""

    curie: str
    iri: str
    space: str


@dataclass(frozen=True, slots=True)
class Link:
    """One row of a table; ``evidence`` says how we know, and ``reviewer`` is empty until somebody looked."""

    subject: Entity
    subject_label: str
    predicate: str
    object: Entity
    object_label: str
    justification: str
    confidence: Decimal
    day: date
    author: str
    reviewer: str
    evidence: str
    file: str = field(compare=False)
    line: int = field(compare=False)

    @property
    def iri(self) -> str:
        """The name of the mapping: what it links and to what.

        At most one link leads from one thing to another, so that this is its key.
        """
        return names.thing("mapping", names.slugify(f"{self.subject.curie} {self.object.curie}"))


@dataclass(frozen=True, slots=True)
class LinkSet:
    """One table: what its head says of it, and its rows."""

    iri: str
    title: str
    description: str
    license: str
    links: tuple[Link, ...]
    prefixes: Mapping[str, str] = field(compare=False, default_factory=dict)


def read_folder(folder: Path) -> list[LinkSet]:
    """Read all tables of a folder, and hold them against each other.

    Raises DataFault with every problem of every table.
    """
    problems, found = Problems(), list[LinkSet]()
    for path in sorted(folder.glob(FILES)):
        with problems.noting():
            found.append(read_rows(path))
    problems.extend(contradictions(link for each in found for link in each.links))
    problems.settle()
    return found


def read_links(path: Path) -> LinkSet:
    """Read one table.

    Raises DataFault for wrong columns, unknown predicates, malformed names, missing evidence, duplicates and
    contradictions.
    """
    found = read_rows(path)
    Problems(contradictions(found.links)).settle()
    return found


def read_rows(path: Path) -> LinkSet:
    """Read one table, whose rows may contradict one another, as proposals do.

    Raises DataFault for all else that ``read_links`` refuses.
    """
    table = tables.read(path, head=_HEAD, columns=COLUMNS)
    prefixes = _prefixes(path, table.head["curie_map"])
    problems, links = Problems(), list[Link]()
    for line, row in table.rows:
        with problems.noting():
            links.append(_row(table.cells(line, row), prefixes, str(path), line))
    iri, title, description, terms = (table.head[key].phrase() for key in _HEAD[:-1])
    for phrase in (iri, terms):
        if not _IRI.fullmatch(phrase.text):
            problems.append(Problem(str(path), phrase.line, f"“{phrase.text}” should be an IRI: https://…"))
    problems.settle()
    return LinkSet(iri.text, title.text, description.text, terms.text, tuple(links), prefixes)


def faults(cells: Mapping[str, str], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with the cells of a row by themselves, by the names of their columns."""
    yield from tables.untidy(cells, may_be_empty={"comment", "reviewer_id"})
    for column in ("subject_id", "object_id", "mapping_justification", "author_id", "reviewer_id"):
        if cells[column].strip():
            yield from _bad_name(column, cells[column], prefixes)
    predicate = cells["predicate_id"]
    if predicate not in PREDICATES:
        yield f"“{predicate}” is no predicate for links. {nearest(predicate, PREDICATES)}"
    if not cells["mapping_justification"].startswith("semapv:"):
        yield "mapping_justification should be a term of semapv, as in “semapv:ManualMappingCuration”."
    if not re.fullmatch(r"0(\.[0-9]+)?|1(\.0+)?", cells["confidence"]):
        yield f"confidence should be a number from 0 to 1, as in “0.9”, and not “{cells['confidence']}”."
    if not _is_day(cells["mapping_date"]):
        yield f"mapping_date should be a date, as in “2021-03-30”, and not “{cells['mapping_date']}”."
    if not cells["comment"].strip():
        yield "A link needs its evidence, in the column “comment”."


def contradictions(links: Iterable[Link]) -> Iterator[Problem]:
    """Yield what two rows cannot both say, at the later of the two."""
    pairs, ours, theirs = dict[str, Link](), dict[tuple[str, str], Link](), dict[str, Link]()
    for link in links:
        before = pairs.setdefault(link.iri, link)
        if before is not link:
            yield _problem(link, _said_twice(link, before))
        elif link.predicate in IDENTITIES:
            one = ours.setdefault((link.subject.iri, link.object.space), link)
            other = theirs.setdefault(link.object.iri, link)
            if one is not link:
                said = f"{link.subject.curie} cannot be the same as {link.object.curie} and as"
                yield _problem(link, f"{said} {one.object.curie} ({_place(one, link)}): keep the right one.")
            if other is not link:
                said = f"{link.object.curie} cannot be the same as {link.subject.curie} and as"
                yield _problem(
                    link, f"{said} {other.subject.curie} ({_place(other, link)}): keep the right one."
                )


def lift_links(sets: Iterable[LinkSet]) -> Iterator[_Triple]:
    """Return the triples of the graph of links."""
    for each in sets:
        yield from _set(each)
        for link in each.links:
            yield URIRef(each.iri), _SSSOM.mappings, URIRef(link.iri)
            yield from _link(link)


def _set(links: LinkSet) -> Iterator[_Triple]:
    it = URIRef(links.iri)
    yield it, RDF.type, _SSSOM.MappingSet
    yield it, DCTERMS.title, _english(links.title)
    yield it, DCTERMS.description, _english(links.description)
    yield it, DCTERMS.license, URIRef(links.license)


def _link(link: Link) -> Iterator[_Triple]:
    """State a link, and the axiom that it is (SSSOM/RDF, representation of a Mapping object)."""
    subject, predicate, thing = URIRef(link.subject.iri), PREDICATES[link.predicate], URIRef(link.object.iri)
    yield subject, predicate, thing
    yield thing, RDFS.label, _english(link.object_label)
    it = URIRef(link.iri)
    yield it, RDF.type, OWL.Axiom
    yield it, RDFS.label, _english(f"{link.subject_label} {link.predicate} {link.object.curie}")
    yield it, OWL.annotatedSource, subject
    yield it, OWL.annotatedProperty, predicate
    yield it, OWL.annotatedTarget, thing
    yield it, _SSSOM.subject_label, Literal(link.subject_label)
    yield it, _SSSOM.object_label, Literal(link.object_label)
    yield it, _SSSOM.mapping_justification, URIRef(link.justification)
    yield it, _SSSOM.confidence, _decimal(link.confidence)
    yield it, _PAV.authoredOn, Literal(link.day.isoformat(), datatype=XSD.date)
    yield it, _PAV.authoredBy, URIRef(link.author)
    if link.reviewer:
        yield it, _SSSOM.reviewer_id, URIRef(link.reviewer)
    yield it, RDFS.comment, _english(link.evidence)


def _decimal(number: Decimal) -> Literal:
    """Write a number the one way that all stores and formats keep; SSSOM's xsd:double has several."""
    return Literal(f"{number.normalize():f}", datatype=XSD.decimal)


def _english(text: str) -> Literal:
    return Literal(text, lang="en")


def _prefixes(path: Path, curie_map: Node) -> dict[str, str]:
    problems, found = Problems(), dict(_BUILT_IN)
    for prefix, node in curie_map.entries().items():
        with problems.noting():
            space = node.phrase()
            problems.extend(_bad_prefix(path, prefix, space))
            found[prefix.text] = space.text
    problems.settle()
    return found


def _bad_prefix(path: Path, prefix: Phrase, space: Phrase) -> Iterator[Problem]:
    ours = names.PREFIXES.get(prefix.text, space.text)
    if ours != space.text:
        yield Problem(str(path), space.line, f"The prefix “{prefix.text}” stands for {ours} everywhere else.")
    elif not _IRI.fullmatch(space.text):
        yield Problem(str(path), space.line, f"“{space.text}” should be an IRI: https://…")


def _row(cells: Mapping[str, str], prefixes: Mapping[str, str], file: str, line: int) -> Link:
    Problems(Problem(file, line, message) for message in faults(cells, prefixes)).settle()
    return Link(
        _entity(cells["subject_id"], prefixes),
        cells["subject_label"],
        cells["predicate_id"],
        _entity(cells["object_id"], prefixes),
        cells["object_label"],
        _entity(cells["mapping_justification"], prefixes).iri,
        Decimal(cells["confidence"]),
        date.fromisoformat(cells["mapping_date"]),
        _entity(cells["author_id"], prefixes).iri,
        _entity(cells["reviewer_id"], prefixes).iri if cells["reviewer_id"] else "",
        cells["comment"],
        file,
        line,
    )


def _bad_name(column: str, curie: str, prefixes: Mapping[str, str]) -> Iterator[str]:
    prefix, colon, rest = curie.partition(":")
    if not colon or not rest or rest.startswith("//"):
        yield f"{column} should be a name with a prefix of curie_map, as in “city:harbin”, and not “{curie}”."
    elif prefix not in prefixes:
        yield f"The prefix of “{curie}” is not in curie_map. {nearest(prefix, prefixes)}"
    elif not _IRI.fullmatch(prefixes[prefix] + rest) or not names.slugify(rest):
        yield f"“{curie}” makes no IRI: {prefixes[prefix]}{rest}"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _entity(curie: str, prefixes: Mapping[str, str]) -> Entity:
    prefix, _, rest = curie.partition(":")
    return Entity(curie, prefixes[prefix] + rest, prefixes[prefix])


def _said_twice(link: Link, before: Link) -> str:
    where = _place(before, link)
    if (link.subject, link.object) != (before.subject, before.object):
        return f"This link and the one on {where} differ in capitals or signs only: mend one of the two."
    if link.predicate != before.predicate:
        return (
            f"{link.subject.curie} is linked to {link.object.curie} by {link.predicate} here "
            f"and by {before.predicate} ({where}): keep one of the two."
        )
    return f"The same link stands on {where}: keep one of the two."


def _place(link: Link, seen_from: Link) -> str:
    return (
        f"line {link.line}" if link.file == seen_from.file else f"line {link.line} of {Path(link.file).name}"
    )


def _problem(link: Link, message: str) -> Problem:
    return Problem(link.file, link.line, message)
