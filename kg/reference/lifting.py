"""Reference data as triples: what no article says, in a graph of its own, so that nobody takes it for stated.

A place that ``ontology/concepts/`` describes gets its codes and coordinates; any other becomes a place, with
labels, a definition and the class that its id says. The link to GeoNames is a mapping with its evidence, as
links are (``kg.links``): a city's municipality is not the populated place that GeoNames has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS, SKOS, XSD

from kg import names
from kg.faults import Problem, Problems
from kg.lexicon import fold
from kg.links import IDENTITIES, Entity, Link, LinkSet, lift_links
from kg.reference.tables import KINDS, Currency, Place, Reference

Triple = tuple[URIRef, URIRef, URIRef | Literal]
GEONAMES: Final = "https://sws.geonames.org/"
GRAPH: Final = names.graph("reference")


def lift(reference: Reference, concepts: Graph) -> Iterator[Triple]:
    """Return what the tables say of places and currencies, links apart.

    ``concepts`` are the places of the ontology. Raises DataFault for lines that contradict them.
    """
    Problems(_against_concepts(reference, concepts)).settle()
    places = {each.id: each for each in reference.places}
    for place in reference.places:
        it = URIRef(place.iri)
        if (it, RDF.type, None) not in concepts:
            yield from _description(place, places)
        yield from _position(place, places)
    things: tuple[Place | Currency, ...] = (*reference.places, *reference.currencies)
    for each in things:
        for code in each.codes:
            yield (
                URIRef(each.iri),
                SKOS.notation,
                Literal(code.text, datatype=URIRef(names.term(code.system))),
            )


def lift_mappings(reference: Reference, links: Collection[Link]) -> Iterator[Triple]:
    """Return the links to GeoNames that ``links`` do not have.

    Raises DataFault for lines that contradict these.
    """
    Problems(_against_links(reference, links)).settle()
    known = {(link.subject.iri, link.object.iri) for link in links}
    new = tuple(
        _link(place)
        for place in reference.places
        if place.geonames and (place.iri, _feature(place)) not in known
    )
    if new:
        yield from lift_links([LinkSet(GRAPH, _TITLE, _SAID, names.CC_BY, new)])


def terms(reference: Reference) -> Iterator[Triple]:
    """Return on which terms the tables may be used and where they come from, as the graph says of itself."""
    it = URIRef(GRAPH)
    for each in reference.terms:
        yield it, DCTERMS.license, URIRef(each.license)
        yield it, DCTERMS.rights, Literal(each.attribution, lang="en")
        for name, address in each.sources:
            yield it, DCTERMS.source, URIRef(address)
            yield URIRef(address), RDFS.label, Literal(name, lang="en")


def labels(place: Place) -> dict[URIRef, tuple[tuple[str, str], ...]]:
    """Return what a place is called, with languages: its names, and those with the word for its kind."""
    preferred = ((place.name, "en"), (place.name_zh, "zh-Hans"))
    if place.kind != "city":
        return {SKOS.prefLabel: preferred}
    longer = (
        (place.name if fold(place.name).endswith(" city") else f"{place.name} city", "en"),
        (place.name_zh if place.name_zh.endswith("市") else f"{place.name_zh}市", "zh-Hans"),
    )
    return {
        SKOS.prefLabel: preferred,
        SKOS.altLabel: tuple(each for each in longer if each not in preferred),
    }


def _description(place: Place, places: Mapping[str, Place]) -> Iterator[Triple]:
    """Make a place of a line, as ``ontology/concepts/places.ttl`` does by hand."""
    it, called = URIRef(place.iri), labels(place)
    for name in (KINDS[place.kind], "Place"):
        yield it, RDF.type, URIRef(names.term(name))
    called[RDFS.label] = called[SKOS.prefLabel]
    called[SKOS.definition] = _definition(place, places)
    for property_, texts in called.items():
        for text, language in texts:
            yield it, property_, Literal(text, lang=language)


def _definition(place: Place, places: Mapping[str, Place]) -> tuple[tuple[str, str], ...]:
    around = [places[each] for each in (place.region, place.country) if each]
    within = "".join(f", {each.name}" for each in around)
    outer = "".join(each.name_zh for each in reversed(around))
    kind, kind_zh = _CALLED[place.kind]
    return (
        (f"The {kind} of {place.name}{within}, as sources speak of it.", "en"),
        (f"来源文本所称的{outer}{place.name_zh}这一{kind_zh}。", "zh-Hans"),
    )


def _position(place: Place, places: Mapping[str, Place]) -> Iterator[Triple]:
    it = URIRef(place.iri)
    if place.coordinates:
        for property_, degrees in zip(_AXES, place.coordinates, strict=True):
            yield it, property_, _decimal(degrees)
    for property_, id_ in ((_IN_COUNTRY, place.country), (_IN_REGION, place.region)):
        if id_:
            yield it, property_, URIRef(places[id_].iri)


def _decimal(number: Decimal) -> Literal:
    return Literal(f"{number:f}", datatype=XSD.decimal)


def _link(place: Place) -> Link:
    predicate, confidence, evidence = _LINKED[place.kind]
    return Link(
        Entity(place.id, place.iri, names.PREFIXES[place.kind]),
        place.name,
        predicate,
        Entity(f"geonames:{place.geonames}/", _feature(place), GEONAMES),
        place.name,
        names.SEMAPV + "LexicalMatching",
        Decimal(confidence),
        place.checked,
        names.AUTHORS,
        "",
        evidence.format(number=place.geonames, name=place.name),
        *place.where,
    )


def _feature(place: Place) -> str:
    return f"{GEONAMES}{place.geonames}/"


_TITLE: Final = "Reference data"
_SAID: Final = "Places, found by name, and what GeoNames has of them"
_CALLED: Final = {"city": ("city", "城市"), "region": ("region", "地区"), "country": ("country", "国家")}
_AXES: Final = (URIRef(names.WGS84 + "lat"), URIRef(names.WGS84 + "long"))
_IN_COUNTRY: Final = URIRef(names.term("inCountry"))
_IN_REGION: Final = URIRef(names.term("inRegion"))
_LINKED: Final = {
    "city": (
        "skos:closeMatch",
        "0.9",
        "GeoNames {number} is the populated place {name}; the city that sources speak of may reach further.",
    ),
    "region": ("owl:sameAs", "0.9", "GeoNames {number} is the administrative division {name}."),
    "country": ("owl:sameAs", "1", "GeoNames {number} is the country {name}."),
}


# What a line and the rest of the graph cannot both say


def _against_concepts(reference: Reference, concepts: Graph) -> Iterator[Problem]:
    bearers = _bearers(concepts)
    for place in reference.places:
        it = URIRef(place.iri)
        called = {str(text) for text in concepts.objects(it, SKOS.prefLabel)}
        if called and called != {place.name, place.name_zh}:
            said = (
                f"ontology/concepts/ calls {place.id} {' and '.join(f'“{each}”' for each in sorted(called))}"
            )
            yield Problem(*place.where, f"{said}: write these names, or mend them there.")
        elif not called:
            yield from _names_of_others(place, bearers)
    for currency in reference.currencies:
        if (URIRef(currency.iri), RDFS.label, Literal(currency.name, lang="en")) not in concepts:
            said = f"ontology/concepts/ has no unit {currency.id} that is called “{currency.name}”."
            yield Problem(*currency.where, said)


def _bearers(concepts: Graph) -> dict[tuple[str, str], str]:
    """Return which place has a name, by its kind and the name as the lexicon compares it."""
    return {
        (kind, fold(str(text))): str(it)
        for kind, class_ in KINDS.items()
        for it in concepts.subjects(RDF.type, URIRef(names.term(class_)))
        for property_ in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
        for text in concepts.objects(it, property_)
    }


def _names_of_others(place: Place, bearers: dict[tuple[str, str], str]) -> Iterator[Problem]:
    """Yield each name of a new place that another has already: a phrase should lead to one place."""
    for text in (text for texts in labels(place).values() for text, _ in texts):
        other = bearers.setdefault((place.kind, fold(text)), place.iri)
        if other != place.iri:
            said = f"“{text}” names {names.compact(other)} already: give one of the two a longer name."
            yield Problem(*place.where, said)


def _against_links(reference: Reference, links: Iterable[Link]) -> Iterator[Problem]:
    ours = {each.iri: each for each in reference.places if each.geonames}
    theirs = {_feature(each): each for each in ours.values()}
    for link in links:
        place = ours.get(link.subject.iri)
        if place and link.object.iri.startswith(GEONAMES) and link.object.iri != _feature(place):
            said = f"{place.id} is linked to {link.object.curie} on line {link.line} of {link.file}"
            yield Problem(*place.where, f"{said}, and not to {place.geonames}: mend one of the two.")
        other = theirs.get(link.object.iri)
        if other and other.iri != link.subject.iri and link.predicate in IDENTITIES:
            said = f"GeoNames {other.geonames} is {link.subject.curie} on line {link.line} of {link.file}"
            yield Problem(*other.where, f"{said}, and not {other.id}: mend one of the two.")
