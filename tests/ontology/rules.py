"""The rules that the ontology is held to: each a pure function from a graph to its faults.

Most are pitfalls of the OOPS! catalogue (P02, P04, P06, P08, P10, P11, P19, P22, P32, P34, P38,
P40, P41) and tests of FOOPS! (OM1, OM2, OM4.1, OM5, VOC3, VOC4) that a program can check.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Final

import owlrl
from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, VANN, BNode, Graph, Literal, Namespace, URIRef

from kg import names
from kg.lexicon import fold

if TYPE_CHECKING:
    from rdflib.term import Node

Rule = Callable[[Graph], list[str]]

CEKG: Final = Namespace(names.CEKG)
ONTOLOGY: Final = URIRef(names.ONTOLOGY)
LANGUAGES: Final = ("en", "zh-Hans")

PROPERTY_KINDS: Final = (OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property)
LABELS: Final = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
PROSE: Final = (
    RDFS.label,
    *LABELS,
    SKOS.definition,
    SKOS.editorialNote,
    SKOS.scopeNote,
    DCTERMS.title,
    DCTERMS.description,
)
HEADER: Final = (
    DCTERMS.title,
    DCTERMS.description,
    DCTERMS.license,
    DCTERMS.creator,
    DCTERMS.contributor,
    DCTERMS.publisher,
    DCTERMS.created,
    DCTERMS.issued,
    DCTERMS.bibliographicCitation,
    OWL.versionIRI,
    OWL.versionInfo,
    VANN.preferredNamespacePrefix,
    VANN.preferredNamespaceUri,
)
KINDS: Final = (
    CEKG.City,
    CEKG.Region,
    CEKG.Country,
    CEKG.EconomicActivity,
    CEKG.Metric,
    CEKG.Policy,
    CEKG.PolicyType,
    CEKG.PolicyState,
    CEKG.Distinction,
    URIRef(names.ORG + "Organization"),
)
"""Among things of one of these kinds, a name names one thing."""

QUERIES: Final = (SH.select, SH.ask, SH.construct)
NEEDS_EVIDENCE: Final = (CEKG.partOf, CEKG.capitalOf, CEKG.within, OWL.sameAs)


# Every term and thing


def without_labels(graph: Graph) -> list[str]:
    """Each thing has exactly one rdfs:label in each language (P08, VOC3)."""
    return list(_not_once_in_each_language(graph, RDFS.label, "label"))


def without_definitions(graph: Graph) -> list[str]:
    """Each thing has exactly one definition in each language (P08, VOC4)."""
    headers = set(graph.subjects(RDF.type, OWL.Ontology))  # these have a dcterms:description
    return list(_not_once_in_each_language(graph, SKOS.definition, "definition", but=headers))


def definitions_that_are_no_sentence(graph: Graph) -> list[str]:
    """A definition is one sentence, from a capital to its only full stop."""
    sentence = {
        "en": re.compile(r"(?:[A-Z“]|\d)(?:(?![.!?] [A-Z]).)*\."),
        "zh-Hans": re.compile(r"[^。]+。"),
    }
    return [
        f"The definition of {_short(thing)} is not one sentence: {text}"
        for thing, text in graph.subject_objects(SKOS.definition)
        if not sentence[_language(text)].fullmatch(str(text))
    ]


def preferred_labels_without_equal_label(graph: Graph) -> list[str]:
    """Beside each skos:prefLabel stands the same rdfs:label, since rdflib does not infer it."""
    return [
        f"{_short(thing)} has the preferred label “{text}” but no such label."
        for thing, text in graph.subject_objects(SKOS.prefLabel)
        if (thing, RDFS.label, text) not in graph
    ]


def prose_without_language(graph: Graph) -> list[str]:
    """What people read is tagged with a language of ours and has no space at its ends."""
    return [
        f"{_short(thing)}: “{text}” has no language of ours, or a space at an end."
        for predicate in PROSE
        for thing, text in graph.subject_objects(predicate)
        if _language(text) not in LANGUAGES or str(text) != str(text).strip()
    ]


def ambiguous_labels(graph: Graph) -> list[str]:
    """Among things of one kind, no two labels are the same to the lexicon (P02)."""
    return [fault for kind in KINDS for fault in _ambiguous(graph, kind)]


def blank_nodes(graph: Graph) -> list[str]:
    """Without blank nodes, building twice gives the same bytes."""
    return sorted({f"Blank node in: {s} {p} {o}" for s, p, o in graph if BNode in {type(s), type(o)}})


def names_that_differ_only_in_case(graph: Graph) -> list[str]:
    """People and file systems confuse cekg:City and cekg:city."""
    spellings = defaultdict(set)
    for name in set(graph.subjects()):
        spellings[str(name).lower()].add(_short(name))
    return [f"{' and '.join(sorted(s))} differ only in case." for s in spellings.values() if len(s) > 1]


def dangling_things(graph: Graph) -> list[str]:
    """Each thing of ours that is pointed to is also described."""
    known = set(graph.subjects())
    return sorted(
        f"{_short(thing)} is used by {_short(user)} but not described."
        for user, predicate, thing in graph
        if str(thing).startswith(names.BASE) and predicate != OWL.versionIRI and thing not in known
        if isinstance(thing, URIRef)
    )


def relations_without_evidence(graph: Graph) -> list[str]:
    """What is in what is stated by sources and comes from the build; ontology/ does not know it."""
    return [
        f"{_short(s)} {_short(p)} {_short(o)} needs a source."
        for p in NEEDS_EVIDENCE
        for s, o in graph.subject_objects(p)
    ]


# The vocabulary


def header_gaps(graph: Graph) -> list[str]:
    """The header says what, who, when, which version, on what terms (OM1–OM5, P38, P41)."""
    if (ONTOLOGY, RDF.type, OWL.Ontology) not in graph:
        return [f"{ONTOLOGY} is not declared as an ontology."]
    gaps = [f"The header has no {_short(p)}." for p in HEADER if (ONTOLOGY, p, None) not in graph]
    namespace = graph.value(ONTOLOGY, VANN.preferredNamespaceUri)
    if namespace is not None and str(namespace) != str(CEKG):
        gaps.append(f"The preferred namespace is {namespace}.")
    return gaps


def terms_not_defined_by_the_ontology(graph: Graph) -> list[str]:
    """Each term leads to the ontology that it belongs to."""
    return [
        f"{_short(term)} is not said to be defined by the ontology."
        for term in _terms(graph)
        if set(graph.objects(term, RDFS.isDefinedBy)) != {ONTOLOGY}
    ]


def properties_without_one_domain_and_range(graph: Graph) -> list[str]:
    """Two domains would mean both at once (P11, P19)."""
    return [
        f"{_short(term)} has {len(found)} of {_short(side)}, not one."
        for term in _properties(graph)
        for side in (RDFS.domain, RDFS.range)
        if len(found := set(graph.objects(term, side))) != 1
    ]


def terms_declared_twice(graph: Graph) -> list[str]:
    """A term is a class, one kind of property, an individual or a datatype; never two of them."""
    kinds = (OWL.Class, *PROPERTY_KINDS, OWL.NamedIndividual, RDFS.Datatype)
    return [
        f"{_short(term)} is declared as {' and '.join(sorted(map(_short, found)))}."
        for term in _terms(graph)
        if len(found := set(graph.objects(term, RDF.type)) & set(kinds)) != 1
    ]


def individuals_without_one_list(graph: Graph) -> list[str]:
    """Each individual of the vocabulary is in one closed list, or is a unit that QUDT lacks."""
    lists = {*_classes(graph), URIRef(names.QUDT + "Unit")}
    return [
        f"{_short(term)} is in {len(found)} lists, not one."
        for term in sorted(set(graph.subjects(RDF.type, OWL.NamedIndividual)))
        if len(found := set(graph.objects(term, RDF.type)) & lists) != 1
    ]


def names_against_the_conventions(graph: Graph) -> list[str]:
    """Classes, individuals and datatypes are UpperCamel, properties lowerCamel (P22)."""
    upper = dict.fromkeys(_terms(graph), r"[A-Z][A-Za-z0-9]*")
    patterns = upper | dict.fromkeys(_properties(graph), r"[a-z][A-Za-z0-9]*")
    return [
        f"{_short(term)} is not spelled as its kind is."
        for term, pattern in patterns.items()
        if not re.fullmatch(pattern, names.local(str(term)))
    ]


def terms_with_the_same_label(graph: Graph) -> list[str]:
    """Two terms with one label cannot be told apart on a page (P32)."""
    bearers = defaultdict(set)
    for term in _terms(graph):
        for text in graph.objects(term, RDFS.label):
            bearers[_language(text), str(text).casefold()].add(_short(term))
    return [
        f"{' and '.join(sorted(terms))} are both called “{text}”."
        for (_, text), terms in bearers.items()
        if len(terms) > 1
    ]


def siblings_that_may_overlap(graph: Graph) -> list[str]:
    """Classes under one class, and those at the top, are pairwise disjoint (P10)."""
    families = defaultdict(list)
    for term in _classes(graph):
        ours = [parent for parent in graph.objects(term, RDFS.subClassOf) if parent in CEKG]
        families[ours[0] if ours else None].append(term)
    return [
        f"{_short(a)} and {_short(b)} are not disjoint."
        for family in families.values()
        for a, b in combinations(family, 2)
        if not {(a, OWL.disjointWith, b), (b, OWL.disjointWith, a)} & set(graph)
    ]


def unconnected_classes(graph: Graph) -> list[str]:
    """Each class, or one above or below it, is the domain or range of a property (P04)."""
    used = set(graph.objects(None, RDFS.domain)) | set(graph.objects(None, RDFS.range))
    return [
        f"No property leads to or from {_short(term)}."
        for term in _classes(graph)
        if not used
        & (
            set(graph.transitive_objects(term, RDFS.subClassOf))
            | set(graph.transitive_subjects(RDFS.subClassOf, term))
        )
    ]


def cycles(graph: Graph) -> list[str]:
    """No class or property is, by some way round, above itself (P06)."""
    return [
        f"{_short(term)} is above itself by {_short(predicate)}."
        for predicate in (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.broader, CEKG.contributesTo)
        for term in sorted(set(graph.subjects(predicate)))
        if term in _above(graph, term, predicate)
    ]


def hijacked_terms(graph: Graph) -> list[str]:
    """We say nothing about what belongs to others (P40)."""
    ours = (str(CEKG), names.ONTOLOGY)
    return sorted(
        {
            f"{subject} is not ours to describe."
            for subject in graph.subjects()
            if not str(subject).startswith(ours)
        }
    )


# Use and consequences


def undeclared_terms(used: Iterable[str], ontology: Graph) -> list[str]:
    """Each term of ours that anything uses is declared (P34)."""
    declared = {str(term) for term in _terms(ontology)}
    return sorted(f"{names.compact(term)} is not declared." for term in set(used) - declared)


def terms_in_graph(graph: Graph) -> set[str]:
    """Return the terms of ours in a graph, at whichever place of a triple or in a shape's query."""
    nodes = {
        str(term)
        for triple in graph
        for node in triple
        if isinstance(term := node.datatype if isinstance(node, Literal) else node, URIRef) and term in CEKG
    }
    queries = [str(text) for predicate in QUERIES for text in graph.objects(None, predicate)]
    return nodes.union(*map(terms_in_query, queries))


def terms_in_query(text: str) -> set[str]:
    """Return the terms of ours in SPARQL, with the prefix or in full; comments do not count."""
    code = re.sub(r"(?m)(?<![<\w/])#(?!\w+>).*$", "", text)
    local = re.findall(rf"(?:(?<![\w:])cekg:|<{re.escape(str(CEKG))})(\w+)", code)
    return {str(CEKG) + name for name in local}


def closure(graph: Graph) -> Graph:
    """Return what follows from a graph under OWL 2 RL; prose implies nothing and is left out."""
    closed = Graph()
    for triple in graph:
        if triple[1] not in PROSE:
            closed.add(triple)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closed)
    return closed


def things_in_disjoint_classes(closed: Graph) -> list[str]:
    """In a closed graph, nothing is in two classes that exclude each other."""
    return sorted(
        f"{_short(thing)} is both {_short(a)} and {_short(b)}."
        for a, b in closed.subject_objects(OWL.disjointWith)
        for thing in set(closed.subjects(RDF.type, a)) & set(closed.subjects(RDF.type, b))
    )


def things_with_two_values(graph: Graph) -> list[str]:
    """A functional property has one value; under OWL, two values would be the same thing."""
    return [
        f"{_short(thing)} has {len(values)} of {_short(term)}, which has one value at most."
        for term in sorted(graph.subjects(RDF.type, OWL.FunctionalProperty))
        for thing in sorted(set(graph.subjects(term)))
        if len(values := set(graph.objects(thing, term))) > 1
    ]


def unused_or_unsorted_prefixes(turtle: str) -> list[str]:
    """Turtle is prose: its prefixes are sorted, and each is used."""
    prefixes = re.findall(r"(?m)^@prefix ([\w-]+):", turtle)
    body = re.sub(r"(?m)^(@prefix|#).*$", "", turtle)
    unused = [p for p in prefixes if not re.search(rf"(?<![\w-]){re.escape(p)}:", body)]
    unsorted = [] if prefixes == sorted(prefixes) else ["The prefixes are not sorted."]
    return [f"The prefix {p}: is not used." for p in unused] + unsorted


# Parts of the rules


def _not_once_in_each_language(
    graph: Graph, predicate: URIRef, what: str, but: Collection[Node] = ()
) -> Iterator[str]:
    for thing in sorted(set(graph.subjects()) - set(but)):
        languages = [_language(text) for text in graph.objects(thing, predicate)]
        for language in LANGUAGES:
            if (count := languages.count(language)) != 1:
                yield f"{_short(thing)} has {count} of {what} in {language}, not one."


def _ambiguous(graph: Graph, kind: URIRef) -> Iterator[str]:
    bearers: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for thing in graph.subjects(RDF.type, kind):
        for predicate in LABELS:
            for text in graph.objects(thing, predicate):
                bearers[fold(str(text))].append((_short(thing), _language(text)))
    for label, found in sorted(bearers.items()):
        things = sorted({thing for thing, _ in found})
        if len(things) > 1:
            yield f"“{label}” names {' and '.join(things)}, which are both {_short(kind)}."
        elif len(set(found)) < len(found):
            yield f"“{label}” is written more than once on {things[0]}."


def _above(graph: Graph, term: Node, predicate: URIRef) -> set[Node]:
    """Return all that is strictly above a term, the term itself if there is a way round."""
    return {
        higher
        for parent in graph.objects(term, predicate)
        for higher in graph.transitive_objects(parent, predicate)
    }


def _terms(graph: Graph) -> list[URIRef]:
    return sorted({s for s in graph.subjects() if isinstance(s, URIRef) and s in CEKG})


def _classes(graph: Graph) -> list[URIRef]:
    return sorted(s for s in set(graph.subjects(RDF.type, OWL.Class)) if s in CEKG)


def _properties(graph: Graph) -> list[URIRef]:
    return sorted({s for kind in PROPERTY_KINDS for s in graph.subjects(RDF.type, kind) if s in CEKG})


def _language(text: Node) -> str:
    return (text.language or "none") if isinstance(text, Literal) else "none"


def _short(node: Node) -> str:
    return names.compact(str(node))
