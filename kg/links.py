"""The links: mappings to other data sets as an SSSOM table, each with its evidence.

``links/README.md`` describes the columns (https://mapping-commons.github.io/sssom/).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib import Literal, URIRef
from rdflib.namespace import OWL, SKOS

from kg import names
from kg.faults import DataFault, Problem, Problems
from kg.yamlfile import nearest

COLUMNS = (
    "subject_id",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "comment",
)
"""The columns, in order; ``comment`` is the evidence."""

PREDICATES = {
    "owl:sameAs": OWL.sameAs,
    "skos:exactMatch": SKOS.exactMatch,
    "skos:closeMatch": SKOS.closeMatch,
    "skos:broadMatch": SKOS.broadMatch,
    "skos:relatedMatch": SKOS.relatedMatch,
}
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


@dataclass(frozen=True, slots=True)
class Link:
    """One mapping; ``evidence`` says how we know."""

    subject: str
    predicate: str
    object: str
    label: str
    evidence: str


def read_links(path: Path) -> list[Link]:
    """Read an SSSOM table.

    Raises DataFault for wrong columns, unknown predicates, malformed IRIs, duplicates, missing evidence.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataFault.at(path, 0, f"The table of links cannot be read: {error}.") from error
    head = next((number for number, line in enumerate(lines) if not line.startswith("#")), 0)
    if not lines or tuple(lines[head].split("\t")) != COLUMNS:
        raise DataFault.at(
            path,
            head + 1,
            f"The columns should be {', '.join(COLUMNS)}, parted by tabs.",
        )
    problems, links = Problems(), dict[Link, int]()
    for number, row in enumerate(
        csv.reader(lines[head + 1 :], delimiter="\t", quoting=csv.QUOTE_NONE), head + 2
    ):
        with problems.noting():
            link = _link(row, str(path), number)
            if link in links:
                raise DataFault.at(path, number, f"The same link stands on line {links[link]}.")
            links[link] = number
    problems.settle()
    return list(links)


def lift_links(links: list[Link]) -> Iterator[tuple[URIRef, URIRef, URIRef | Literal]]:
    """Return the triples of the graph of links."""
    for link in links:
        yield URIRef(link.subject), PREDICATES[link.predicate], URIRef(link.object)
        if link.label:
            yield URIRef(link.object), URIRef(names.RDFS + "label"), Literal(link.label, lang="en")


def _link(row: list[str], file: str, line: int) -> Link:
    problems = Problems(Problem(file, line, message) for message in _faults(row))
    problems.settle()
    subject, predicate, thing, label, _, evidence = row
    return Link(_expand(subject), predicate, _expand(thing), label, evidence)


def _faults(row: list[str]) -> Iterator[str]:
    if len(row) != len(COLUMNS):
        yield f"A row should have {len(COLUMNS)} cells parted by tabs; this one has {len(row)}."
        return
    subject, predicate, thing, _, justification, evidence = row
    for iri in (subject, thing):
        if not _IRI.fullmatch(_expand(iri)):
            yield f"“{iri}” should be an IRI, or a name with one of our prefixes."
    if predicate not in PREDICATES:
        yield f"“{predicate}” is no predicate for links. {nearest(predicate, PREDICATES)}"
    if not justification.startswith("semapv:"):
        yield "mapping_justification should be a term of semapv, as in “semapv:ManualMappingCuration”."
    if not evidence.strip():
        yield "A link needs its evidence, in the column “comment”."


def _expand(name: str) -> str:
    prefix, colon, rest = name.partition(":")
    return names.PREFIXES[prefix] + rest if colon and prefix in names.PREFIXES else name
