"""The shapes as things: the rules that data are held to, each with its page and its triples."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg import names, resources
from server.pages import links, parts
from server.pages.language import language as spoken
from server.pages.parts import Alternate, Link

if TYPE_CHECKING:
    from pathlib import Path

    from server.pages.catalog import Term
    from server.pages.language import Language


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its anchor, its short name, the sentence that says what should be, what it looks at.

    What is only a part of other rules has no sentence.
    """

    anchor: str
    name: str
    message: Link | None
    is_warning: bool
    targets: tuple[Link, ...]
    data: Link


@dataclass(frozen=True, slots=True)
class Section:
    """The rules of one file."""

    anchor: str
    title: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class ShapesPage:
    """All rules."""

    iri: str
    sections: tuple[Section, ...]
    alternates: tuple[Alternate, ...]

    @property
    def count(self) -> int:
        """How many rules there are."""
        return sum(rule.message is not None for section in self.sections for rule in section.rules)


def page(language: Language) -> ShapesPage:
    """Lay out all rules, file by file."""
    return ShapesPage(names.SHAPE, _sections(language.tag), parts.alternates(names.SHAPE))


def statements(iri: str) -> list[ox.Triple]:
    """Return the triples of a shape with all that only it holds, or of all; none where it is unknown."""
    if iri == names.SHAPE:
        return [triple for file in _files() for triple in _triples(file)]
    return next((found for file in _files() if (found := _closure(_triples(file), iri))), [])


def like(name: str) -> list[str]:
    """Return the shapes with a name like one that there is not, the nearest first.

    >>> like("quote-strat")[0]
    'https://w3id.org/cekg/shape/quote-start'
    """
    known = [names.local(iri) for file in _files() for iri in _rules(file)]
    return [names.SHAPE + each for each in get_close_matches(name, known)]


_MESSAGE: Final = ox.NamedNode(names.SH + "message")
_SEVERITY: Final = ox.NamedNode(names.SH + "severity")
_WARNING: Final = ox.NamedNode(names.SH + "Warning")
_TARGETS: Final = frozenset(
    ox.NamedNode(names.SH + name)
    for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
)


def _files() -> list[Path]:
    return sorted(resources.shapes().glob("*.ttl"))


@cache
def _triples(file: Path) -> tuple[ox.Triple, ...]:
    """Read one file, its nameless nodes numbered in their order: the same file, the same triples."""
    numbers: dict[str, ox.BlankNode] = {}
    return tuple(
        ox.Triple(_subject(quad.subject, numbers, file), quad.predicate, _object(quad.object, numbers, file))
        for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE)
    )


def _subject(
    term: ox.NamedNode | ox.BlankNode | ox.Triple, numbers: dict[str, ox.BlankNode], file: Path
) -> ox.NamedNode | ox.BlankNode:
    if isinstance(term, ox.NamedNode):
        return term
    name = f"{file.stem}{len(numbers) + 1}".replace("-", "")
    return numbers.setdefault(str(term), ox.BlankNode(name))


def _object(term: Term, numbers: dict[str, ox.BlankNode], file: Path) -> Term:
    return term if isinstance(term, ox.Literal) else _subject(term, numbers, file)


def _closure(triples: tuple[ox.Triple, ...], iri: str) -> list[ox.Triple]:
    """Return the triples of a node, and of the nameless nodes that it leads to."""
    found: list[ox.Triple] = []
    wanted: set[object] = {ox.NamedNode(iri)}
    while new := [each for each in triples if each.subject in wanted]:
        found += new
        wanted = {each.object for each in new if isinstance(each.object, ox.BlankNode)}
    return found


@cache
def _rules(file: Path) -> dict[str, list[ox.Triple]]:
    """Return the shapes in the order of the file, rules and what they are made of, with their triples."""
    found: defaultdict[str, list[ox.Triple]] = defaultdict(list)
    for each in _triples(file):
        if _text(each.subject).startswith(names.SHAPE) and _text(each.subject) != names.SHAPE:
            found[_text(each.subject)].append(each)
    return dict(found)


@cache
def _sections(tag: str) -> tuple[Section, ...]:
    return tuple(_section(file, spoken(tag)) for file in _files() if _rules(file))


def _section(file: Path, language: Language) -> Section:
    rules = tuple(_rule(iri, about, language) for iri, about in _rules(file).items())
    return Section(f"file-{file.stem}", file.name, rules)


def _rule(iri: str, about: list[ox.Triple], language: Language) -> Rule:
    message = next((_text(each.object) for each in about if each.predicate == _MESSAGE), "")
    targets = [_text(each.object) for each in about if each.predicate in _TARGETS]
    return Rule(
        names.local(iri),
        names.compact(iri),
        Link(message, language=language.other("en")) if message else None,  # the gate reports in English
        any(each.predicate == _SEVERITY and each.object == _WARNING for each in about),
        tuple(_target(each, language) for each in targets),
        Link("Turtle", links.representation(iri, "ttl")),
    )


def _target(iri: str, language: Language) -> Link:
    """Name what a rule looks at: the ontology stands for the graph, looked at once and as a whole."""
    name = language.say("the whole graph") if iri == names.ONTOLOGY else names.compact(iri)
    return Link(name, links.href(iri))


def _text(term: Term) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value
