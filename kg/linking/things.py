"""The things of ours that a link may lead from: their names, where they lie, and where they are linked to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SKOS

from kg import names
from kg.faults import Fault
from kg.linking.kinds import KINDS
from kg.links import PREDICATES
from kg.yamlfile import nearest

_RANKS: Final = {SKOS.prefLabel: 1.0, RDFS.label: 1.0, SKOS.altLabel: 0.95, SKOS.hiddenLabel: 0.7}
_LYING: Final = tuple(URIRef(names.term(name)) for name in ("within", "capitalOf", "ofCity"))
"""A capital lies in what it is the capital of, and a policy of a city where the city lies."""


class UnknownThing(Fault):
    """There is nothing of ours by that name, or nothing that may be linked."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a thing, here or there; ``weight`` is 1 for its label and less for its other names."""

    text: str
    language: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing of ours; ``links`` are all that it is linked to.

    ``places`` are the links of what it lies in, each with our label of that.
    """

    iri: str
    kind: str
    label: str
    names: tuple[Name, ...]
    links: frozenset[str] = frozenset()
    places: frozenset[tuple[str, str]] = frozenset()

    @property
    def curie(self) -> str:
        """The name by which the command and the tables call it."""
        return names.compact(self.iri)


def read_things(graph: Graph) -> dict[str, Thing]:
    """Return all that may be linked by their curies, in the order of kinds and names."""
    found = [
        _thing(graph, thing, kind)
        for kind, of_class in KINDS.items()
        for thing in sorted(graph.subjects(RDF.type, URIRef(of_class), unique=True), key=str)
        if isinstance(thing, URIRef)
    ]
    return {thing.curie: thing for thing in found}


def chosen(
    things: Mapping[str, Thing], curies: Iterable[str], kinds: Collection[str], space: str
) -> tuple[Thing, ...]:
    """Return the things that are named; else those of some kinds without a link into a namespace.

    Raises UnknownThing for a name that is none of ours.
    """
    named = [_named(things, curie) for curie in curies]
    if named:
        return tuple(dict.fromkeys(named))
    return tuple(
        thing
        for thing in things.values()
        if thing.kind in kinds and not any(link.startswith(space) for link in thing.links)
    )


def _named(things: Mapping[str, Thing], curie: str) -> Thing:
    found = things.get(names.compact(curie))
    if found is None:
        raise UnknownThing(f"“{curie}” is nothing that can be linked. {nearest(curie, things)}")
    return found


def _thing(graph: Graph, thing: URIRef, kind: str) -> Thing:
    known = tuple(_names(graph, thing))
    places = frozenset(
        (link, _label(place, _names(graph, place)))
        for place in _around(graph, thing)
        for link in _links(graph, place)
    )
    return Thing(str(thing), kind, _label(thing, known), known, frozenset(_links(graph, thing)), places)


def _label(thing: URIRef, known: Iterable[Name]) -> str:
    return next((name.text for name in known if name.language == "en"), names.local(thing))


def _names(graph: Graph, thing: URIRef) -> Iterator[Name]:
    """Yield each name once, in each language the preferred one first."""
    seen = set()
    for predicate, weight in _RANKS.items():
        for text in sorted(graph.objects(thing, predicate), key=str):
            if isinstance(text, Literal) and (text.value, text.language) not in seen:
                seen.add((text.value, text.language))
                yield Name(str(text), (text.language or "").lower(), weight)


def _links(graph: Graph, thing: URIRef) -> Iterator[str]:
    for predicate in PREDICATES.values():
        yield from map(str, graph.objects(thing, predicate))


def _around(graph: Graph, thing: URIRef) -> set[URIRef]:
    """Return all that a thing lies in, however far out."""
    found: set[URIRef] = set()
    ahead = {thing}
    while ahead:
        near = {place for each in ahead for step in _LYING for place in graph.objects(each, step)}
        ahead = {place for place in near if isinstance(place, URIRef)} - found
        found |= ahead
    return found - {thing}
