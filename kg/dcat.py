"""The data set as a catalogue describes it (DCAT 3), as far as that does not depend on where it is served.

A server adds what does: addresses, sizes and checksums (``server/distributions``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from rdflib import Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF, RDFS, XSD

from kg import names
from kg.distributions import DISTRIBUTIONS, FIGURES, Distribution
from kg.lift import Triple

_DATASET, _FIGURES = URIRef(names.DATASET), URIRef(FIGURES)
_PERIOD = URIRef(names.thing("dataset", "period"))
_FIGURES_TITLES = {
    "en": "The figures of the City Economy Knowledge Graph",
    "zh-Hans": "城市经济知识图谱的数据",
}
_FIGURES_DESCRIPTIONS = {
    "en": "Each number that a source states of a city's economy, with its sentence, without the rest.",
    "zh-Hans": "资料来源陈述的每个城市经济数字及其原句，不含图谱的其他内容。",
}
_KEYWORDS = {
    "en": ("city", "economy", "industry", "statistics", "news", "policy"),
    "zh-Hans": ("城市", "经济", "产业", "统计", "新闻", "政策"),
}
_LANGUAGES = tuple(
    URIRef("http://publications.europa.eu/resource/authority/language/" + code) for code in ("ENG", "ZHO")
)
_ECONOMY = URIRef("http://publications.europa.eu/resource/authority/data-theme/ECON")
_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"


def describe(stated: Collection[Triple]) -> Iterator[Triple]:
    """Return the description of the data set, of its figures and of the forms of both.

    ``stated`` are the triples of the graphs that it describes.
    """
    for each in (_DATASET, _FIGURES):
        yield each, RDF.type, DCAT.Dataset
        yield each, DCTERMS.publisher, URIRef(names.AUTHORS)
        yield each, DCTERMS.license, URIRef(names.CC_BY)
        yield each, DCAT.theme, _ECONOMY
        for city in _cities(stated):
            yield each, DCTERMS.spatial, city
        for language, words in _KEYWORDS.items():
            for word in words:
                yield each, DCAT.keyword, Literal(word, lang=language)
    for language in ("en", "zh-Hans"):
        for property_ in (RDFS.label, DCTERMS.title):
            yield _FIGURES, property_, Literal(_FIGURES_TITLES[language], lang=language)
        yield _FIGURES, DCTERMS.description, Literal(_FIGURES_DESCRIPTIONS[language], lang=language)
    for each in _LANGUAGES:
        yield _DATASET, DCTERMS.language, each
        yield _FIGURES, DCTERMS.language, each
    yield _FIGURES, DCTERMS.isPartOf, _DATASET
    yield _DATASET, DCTERMS.hasPart, _FIGURES
    yield from _temporal(stated)
    for it in DISTRIBUTIONS:
        yield from _distribution(it)


def media_type(name: str) -> str:
    """Return the IRI of a media type, as IANA's registry has it.

    >>> media_type("text/csv")
    'https://www.iana.org/assignments/media-types/text/csv'
    """
    return _MEDIA_TYPES + name


def _distribution(it: Distribution) -> Iterator[Triple]:
    iri = URIRef(it.iri)
    yield URIRef(it.of), DCAT.distribution, iri
    yield iri, RDF.type, DCAT.Distribution
    yield iri, RDFS.label, Literal(it.title, lang="en")
    yield iri, DCTERMS.title, Literal(it.title, lang="en")
    yield iri, DCTERMS.description, Literal(f"{it.holds}.", lang="en")
    yield iri, DCTERMS.license, URIRef(names.CC_BY)
    yield iri, DCAT.mediaType, URIRef(media_type(it.media_type))
    if it.is_compressed:
        yield iri, DCAT.compressFormat, URIRef(media_type(it.sent_as))
    for standard in it.conforms_to:
        yield iri, DCTERMS.conformsTo, URIRef(standard)


def _temporal(stated: Collection[Triple]) -> Iterator[Triple]:
    """Return the period from the first to the last day that figures are of, if any says one."""
    days = [
        sorted(str(o) for _, p, o in stated if p == URIRef(names.term(name)))
        for name in ("periodStart", "periodEnd")
    ]
    if all(days):
        yield _DATASET, DCTERMS.temporal, _PERIOD
        yield _FIGURES, DCTERMS.temporal, _PERIOD
        yield _PERIOD, RDF.type, DCTERMS.PeriodOfTime
        yield _PERIOD, RDFS.label, Literal("The period that figures are of", lang="en")
        yield _PERIOD, DCAT.startDate, Literal(days[0][0], datatype=XSD.date)
        yield _PERIOD, DCAT.endDate, Literal(days[1][-1], datatype=XSD.date)


def _cities(stated: Collection[Triple]) -> list[URIRef]:
    of_city = URIRef(names.term("ofCity"))
    return sorted({o for _, p, o in stated if p == of_city and isinstance(o, URIRef)})
