"""How many of what the graph holds, as VoID: counted once, by the build, so that no visit has to count.

The data set is counted as the merge of its graphs without ``graph:meta``, in which the counts stand. A
partition is a part of it, by class or by property (VoID, 4.4 and 4.5). It is named after the class or the
property, so that there are no blank nodes and the same data give the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, VOID

from kg import names
from kg.lift import Node, Triple

_DATASET = URIRef(names.DATASET)
_TYPE = RDF.type  # rdflib looks a term up at each use
_OF_ALL = (str(_TYPE), names.SKOS)
"""What things of all classes have, types and words: to count it for each class again would tell little."""


@dataclass(slots=True)
class _Tally:
    """What is counted of some triples; several graphs may state one triple, so these are sets."""

    subjects: set[Node] = field(default_factory=set)
    objects: set[Node] = field(default_factory=set)
    triples: int = 0


def statistics(graphs: Mapping[str, Collection[Triple]]) -> Iterator[Triple]:
    """Return the counts of the data set, by class and by property too, and those of each graph.

    ``graphs`` are the triples of each graph by its slug, without ``meta``.
    """
    merged: set[Triple] = set().union(*graphs.values())
    yield from _counts(_DATASET, merged)
    yield from _entities(merged)
    yield from _partitions(merged, _classes_of_things(graphs))
    yield from _vocabularies(merged)
    yield from _samples(merged)
    for slug, graph in graphs.items():
        yield from _counts(URIRef(names.graph(slug)), graph)


def _counts(part: URIRef, triples: Collection[Triple]) -> Iterator[Triple]:
    yield part, _TYPE, VOID.Dataset
    yield part, VOID.triples, Literal(len(triples))
    yield part, VOID.classes, _number_of(o for _, p, o in triples if p == _TYPE)
    yield part, VOID.properties, _number_of(p for _, p, _ in triples)
    yield part, VOID.distinctSubjects, _number_of(s for s, _, _ in triples)
    yield part, VOID.distinctObjects, _number_of(o for _, _, o in triples)


def _entities(merged: Iterable[Triple]) -> Iterator[Triple]:
    """Count the things that are named in our void:uriSpace (VoID, 4.3), and so not the units of QUDT."""
    yield _DATASET, VOID.entities, _number_of(s for s, _, _ in merged if s.startswith(names.BASE))


def _classes_of_things(graphs: Mapping[str, Collection[Triple]]) -> set[Node]:
    """Return the classes that data use, and not only the ontology for its own terms."""
    data = (graph for slug, graph in graphs.items() if slug != "ontology")
    return {kind for graph in data for _, predicate, kind in graph if predicate == _TYPE}


def _partitions(merged: Iterable[Triple], of_things: set[Node]) -> Iterator[Triple]:
    classes, properties, both = _tallied(merged)
    class_, property_ = _parts("class", classes), _parts("property", properties)
    for each, tally in properties.items():
        yield _DATASET, VOID.propertyPartition, property_[each]
        yield from _of_property(property_[each], each, tally.triples)
        yield property_[each], VOID.distinctSubjects, Literal(len(tally.subjects))
        yield property_[each], VOID.distinctObjects, Literal(len(tally.objects))
    for each, entities in classes.items():
        yield _DATASET, VOID.classPartition, class_[each]
        yield class_[each], _TYPE, VOID.Dataset
        yield class_[each], VOID["class"], each
        yield class_[each], VOID.entities, Literal(len(entities))
    for (kind, each), triples in both.items():
        if kind in of_things and not str(each).startswith(_OF_ALL):
            yield from _within(class_[kind], property_[each], each, triples, properties[each])


def _within(
    class_: URIRef, property_: URIRef, it: URIRef, triples: int, everywhere: _Tally
) -> Iterator[Triple]:
    """Return the part of a class that has a property: where nothing else has it, that is one partition."""
    if triples == everywhere.triples:
        yield class_, VOID.propertyPartition, property_
        return
    part = URIRef(f"{class_}-{names.local(property_)}")
    yield class_, VOID.propertyPartition, part
    yield from _of_property(part, it, triples)


def _of_property(part: URIRef, it: URIRef, triples: int) -> Iterator[Triple]:
    yield part, _TYPE, VOID.Dataset
    yield part, VOID.property, it
    yield part, VOID.triples, Literal(triples)


def _tallied(
    merged: Iterable[Triple],
) -> tuple[dict[URIRef, set[Node]], dict[URIRef, _Tally], Counter[tuple[URIRef, URIRef]]]:
    """Return the entities of each class, the tally of each property, the triples of each of both."""
    entities: defaultdict[URIRef, set[Node]] = defaultdict(set)
    kinds: defaultdict[Node, list[URIRef]] = defaultdict(list)
    for subject, predicate, kind in merged:
        if predicate == _TYPE and isinstance(kind, URIRef):
            entities[kind].add(subject)
            kinds[subject].append(kind)
    tallies: defaultdict[URIRef, _Tally] = defaultdict(_Tally)
    both: Counter[tuple[URIRef, URIRef]] = Counter()
    for subject, predicate, value in merged:
        tally = tallies[predicate]
        tally.triples += 1
        tally.subjects.add(subject)
        tally.objects.add(value)
        both.update((kind, predicate) for kind in kinds[subject])
    return entities, tallies, both


def _vocabularies(merged: Iterable[Triple]) -> Iterator[Triple]:
    """Name every vocabulary in use: Comunica asks a source only for properties of those that it names."""
    used = {str(o) for _, p, o in merged if p == _TYPE} | {str(p) for _, p, _ in merged}
    for vocabulary in {names.ONTOLOGY if term.startswith(names.CEKG) else _namespace(term) for term in used}:
        yield _DATASET, VOID.vocabulary, URIRef(vocabulary)


def _namespace(term: str) -> str:
    return term.removesuffix(names.local(term))


def _samples(merged: Iterable[Triple]) -> Iterator[Triple]:
    """Name a thing of each kind that a visitor may want to see first."""
    members: defaultdict[Node, list[URIRef]] = defaultdict(list)
    for subject, predicate, kind in merged:
        if predicate == _TYPE:
            members[kind].append(subject)
    for name in ("City", "Industry", "Observation", "Source"):
        for first in sorted(members[URIRef(names.term(name))])[:1]:
            yield _DATASET, VOID.exampleResource, first


def _parts(by: str, terms: Iterable[URIRef]) -> dict[URIRef, URIRef]:
    """Name the partition of each class or property; two terms never share a name."""
    slugs = {term: _slug(term) for term in terms}
    taken = Counter(slugs.values())
    return {
        term: URIRef(names.thing("dataset", f"{by}-{slug if taken[slug] == 1 and slug else _digest(term)}"))
        for term, slug in slugs.items()
    }


def _slug(term: str) -> str:
    """Return ``cekg:ofMetric`` as a slug.

    >>> _slug("https://w3id.org/cekg/ont#ofMetric"), _slug("http://purl.org/ontology/bibo/status")
    ('cekg-of-metric', 'purl-org-ontology-bibo-status')
    """
    name = names.compact(term).split("//")[-1]
    return names.slugify(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name))


def _digest(term: str) -> str:
    return hashlib.sha256(term.encode()).hexdigest()[:16]


def _number_of(found: Iterable[Node]) -> Literal:
    return Literal(len(set(found)))
