"""The lift: statements become triples. Pure: the same statements give the same triples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS, XSD

from kg import names, titles
from kg.lexicon import Lexicon
from kg.readers import Quantity
from kg.sources import Source
from kg.spans import Span
from kg.statements import Evidence, Figure, PolicyNote, Reading, Relation, Statement, Time
from kg.wording import plain

Node = URIRef | Literal
Triple = tuple[URIRef, URIRef, Node]

_BOUND_WORDS = {
    "MoreThan": "more-than",
    "AtLeast": "at-least",
    "LessThan": "less-than",
    "AtMost": "at-most",
    "About": "about",
}


def lift(
    source: Source, publisher: str, statements: Iterable[Statement], lexicon: Lexicon
) -> Iterator[Triple]:
    """Return the triples of a source's named graph; ``publisher`` is the IRI of an organisation."""
    yield from _source(source, publisher)
    for statement in statements:
        match statement:
            case Figure():
                yield from _figure(statement, lexicon)
            case PolicyNote():
                yield from _policy(statement, lexicon)
            case Relation():
                yield from _relation(statement, lexicon)


def observation(figure: Figure) -> URIRef:
    """Return the IRI of an observation, derived from its key and value.

    The same statement from a second source is the same node; another value is another node.
    """
    parts = [
        *_subject(figure),
        names.local(figure.metric),
        "undated" if figure.kind == "Target" else figure.time.period.key,
        names.slugify(figure.kind),
        *(["of", names.local(figure.whole)] if figure.whole else []),
        _slug(figure.quantity),
        *(["in", names.local(figure.among)] if figure.among else []),
    ]
    return URIRef(names.thing("obs", "-".join(parts)))


def quote(evidence: Evidence) -> URIRef:
    """Return the IRI of a quote: its source, start and end."""
    return URIRef(names.thing("quote", f"{evidence.source.slug}-{evidence.quote.start}-{evidence.quote.end}"))


# What is stated


def _figure(figure: Figure, lexicon: Lexicon) -> Iterator[Triple]:
    it = observation(figure)
    yield it, RDF.type, _term("Observation")
    yield it, RDF.type, _term(figure.kind)
    yield from _named(it, titles.of_figure(figure, lexicon))
    yield it, _term("ofCity"), URIRef(figure.city)
    yield it, _term("ofMetric"), URIRef(figure.metric)
    if figure.industry:
        yield it, _term("ofIndustry"), URIRef(figure.industry)
    yield from _quantity(it, figure.quantity)
    yield it, _term("valueText"), Literal(figure.words)
    if figure.reported_by:
        yield it, _term("reportedBy"), URIRef(figure.reported_by)
    yield from _time(it, figure.time)
    yield from _by_kind(it, figure)
    yield from _sourced(it, figure.evidence)


def _by_kind(it: URIRef, figure: Figure) -> Iterator[Triple]:
    year = figure.time.period.year
    if figure.year_on_year and year is not None:
        yield it, _term("baseYear"), Literal(year - 1)
    if figure.whole:
        yield it, _term("shareOf"), URIRef(figure.whole)
    if figure.among:
        yield it, _term("rankedAmong"), URIRef(figure.among)
    if figure.of:
        yield it, _term(_REFERENCE[figure.kind]), observation(figure.of)
    if figure.ahead is not None:
        yield from _lead(it, figure.ahead, figure)


_REFERENCE = {
    "Growth": "growthOf",
    "Share": "numerator",
    "Target": "achievedBy",
    "Converted": "convertedFrom",
}


def _lead(it: URIRef, ahead: int, figure: Figure) -> Iterator[Triple]:
    yield it, _term("yearsAhead"), Literal(ahead)
    year = figure.of.time.period.year if figure.of else None
    if figure.of and year is not None:
        yield it, _term("targetYear"), Literal(year + ahead)
        yield it, PROV.wasDerivedFrom, observation(figure.of)
        words = f"The target year follows by arithmetic: met in {year}, {ahead} year(s) ahead of schedule."
        yield it, RDFS.comment, _english(words)


def _policy(note: PolicyNote, lexicon: Lexicon) -> Iterator[Triple]:
    policy = URIRef(note.policy)
    yield policy, RDF.type, _term("Policy")
    if note.kind:
        yield policy, _term("policyKind"), URIRef(note.kind)
    if note.status:
        yield policy, _term("policyStatus"), URIRef(note.status)
    yield policy, _term("ofCity"), URIRef(note.city)
    yield from _time(policy, note.time)
    yield from _sourced(policy, note.evidence)
    if note.distinction:
        yield from _recognition(note, note.distinction, lexicon)


def _recognition(note: PolicyNote, distinction: str, lexicon: Lexicon) -> Iterator[Triple]:
    slug = f"{names.local(note.policy)}-{_kebab(names.local(distinction))}"
    it = URIRef(names.thing("recognition", slug))
    yield it, RDF.type, _term("Recognition")
    yield from _named(it, titles.of_recognition(note, lexicon))
    yield it, _term("recognises"), URIRef(note.policy)
    yield it, _term("recognisedAs"), URIRef(distinction)
    yield it, _term("ofCity"), URIRef(note.city)
    yield from _time(it, note.time)
    yield from _sourced(it, note.evidence)


def _relation(relation: Relation, lexicon: Lexicon) -> Iterator[Triple]:
    subject, predicate, thing = (
        URIRef(relation.subject),
        _term(relation.predicate),
        URIRef(relation.object),
    )
    yield subject, predicate, thing
    slug = f"{names.local(subject)}-{_kebab(relation.predicate)}-{names.local(thing)}"
    it = URIRef(names.thing("relation", slug))
    yield it, RDF.type, _term("RelationStatement")
    yield from _named(it, titles.of_relation(relation, lexicon))
    yield it, RDF.subject, subject
    yield it, RDF.predicate, predicate
    yield it, RDF.object, thing
    if relation.city:
        yield it, _term("ofCity"), URIRef(relation.city)
    yield from _sourced(it, relation.evidence)


# Where it is stated


def _source(source: Source, publisher: str) -> Iterator[Triple]:
    it = URIRef(source.iri)
    yield it, RDF.type, _term("Source")
    yield it, RDF.type, _term("NewsArticle")
    yield it, RDFS.label, _english(source.title)
    yield it, DCTERMS.title, _english(source.title)
    yield it, DCTERMS.publisher, URIRef(publisher)
    yield it, DCTERMS.date, Literal(source.published)
    yield it, URIRef(names.SCHEMA + "url"), URIRef(source.address)
    if source.date_label:
        yield it, _term("dateLabel"), Literal(source.date_label)
    yield it, _term("sha256"), Literal(source.sha256)


def _sourced(it: URIRef, evidence: Evidence) -> Iterator[Triple]:
    yield it, _term("evidence"), quote(evidence)
    yield it, _term("statedIn"), URIRef(evidence.source.iri)
    yield from _quote(evidence)
    for reading in evidence.readings:
        iri = _reading_iri(reading, evidence.source)
        yield it, _term("hasReading"), iri
        yield from _reading(iri, reading, evidence.source)


def _quote(evidence: Evidence) -> Iterator[Triple]:
    it, text = quote(evidence), evidence.quote.of(evidence.source.text)
    yield it, RDF.type, _term("Quote")
    yield it, RDFS.label, _english(_shortened(text))
    yield it, _term("quotedFrom"), URIRef(evidence.source.iri)
    yield from _selector(it, text, evidence.quote)


def _reading(it: URIRef, reading: Reading, source: Source) -> Iterator[Triple]:
    thing = reading.read_as.startswith("http")
    yield it, RDF.type, _term("Reading")
    yield it, RDFS.label, _english(_shortened(reading.phrase))
    yield it, _term("readFrom"), URIRef(source.iri)
    yield it, _term("role"), _term(reading.role)
    yield it, _term("readAs"), URIRef(reading.read_as) if thing else Literal(reading.read_as)
    yield from _selector(it, reading.phrase, reading.span)


def _selector(it: URIRef, text: str, span: Span) -> Iterator[Triple]:
    yield it, _oa("exact"), Literal(text)
    yield it, _oa("start"), Literal(span.start)
    yield it, _oa("end"), Literal(span.end)


def _reading_iri(reading: Reading, source: Source) -> URIRef:
    role = _kebab(reading.role.removesuffix("Role"))
    return URIRef(names.thing("reading", f"{source.slug}-{reading.span.start}-{reading.span.end}-{role}"))


# Values


def _quantity(it: URIRef, quantity: Quantity) -> Iterator[Triple]:
    parts = {"value": quantity.value, "lowerBound": quantity.lower, "upperBound": quantity.upper}
    for name, number in parts.items():
        if number is not None:
            yield it, _term(name), Literal(plain(number), datatype=XSD.decimal)
    yield it, _term("comparator"), _term(quantity.comparator)
    yield it, _term("unit"), URIRef(names.unit(quantity.unit))


def _time(it: URIRef, time: Time) -> Iterator[Triple]:
    period = time.period
    yield it, _term("periodBasis"), _term(time.basis)
    if time.words:
        yield it, _term("periodText"), Literal(time.words)
    if period.year is not None:
        yield it, _term("year"), Literal(period.year)
    for name, day in {
        "periodStart": period.start,
        "periodEnd": period.end,
        "notAfter": period.not_after,
    }.items():
        if day is not None:
            yield it, _term(name), Literal(day)


def _slug(quantity: Quantity) -> str:
    bounds = [number for number in (quantity.value, quantity.lower, quantity.upper) if number is not None]
    words = [
        _BOUND_WORDS.get(quantity.comparator, ""),
        "-to-".join(map(_number_slug, bounds)),
        _unit_slug(quantity.unit),
    ]
    return "-".join(filter(None, words))


def _number_slug(number: Decimal) -> str:
    return ("minus-" if number < 0 else "") + names.slugify(plain(abs(number)))


def _unit_slug(code: str) -> str:
    return "" if code == "NUM" else _kebab(code.removeprefix("CCY_"))


# Words


def _named(it: URIRef, labels: Iterable[Literal]) -> Iterator[Triple]:
    return ((it, RDFS.label, label) for label in labels)


def _subject(figure: Figure) -> list[str]:
    city = names.local(figure.city)
    industry = names.local(figure.industry) if figure.industry else ""
    return [industry] if industry.startswith(f"{city}-") else [city, *filter(None, [industry])]


def _shortened(text: str, length: int = 80) -> str:
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"


def _kebab(name: str) -> str:
    """Return ``partOf`` as ``part-of``; ``CNY`` stays one word."""
    return names.slugify(
        "".join(f"-{c}" if c.isupper() and i and name[i - 1].islower() else c for i, c in enumerate(name))
    )


def _english(text: str) -> Literal:
    return Literal(text, lang="en")


def _term(name: str) -> URIRef:
    return URIRef(names.term(name))


def _oa(name: str) -> URIRef:
    return URIRef(names.OA + name)
