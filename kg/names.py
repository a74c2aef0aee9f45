"""Every IRI that we mint or borrow, as plain strings: no other module spells one out."""

from __future__ import annotations

import re
from typing import Final

BASE: Final = "https://w3id.org/cekg/"
ONTOLOGY: Final = BASE + "ont"
CEKG: Final = ONTOLOGY + "#"
SHAPE: Final = BASE + "shape/"

THINGS: Final = (
    "city",
    "region",
    "country",
    "organization",
    "industry",
    "group",
    "system",
    "scheme",
    "metric",
    "policy",
    "source",
    "quote",
    "reading",
    "obs",
    "recognition",
    "relation",
    "mapping",
    "graph",
    "dataset",
    "query",
)
"""The types of things: each is a path segment of our IRIs and a prefix in our queries."""

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
DCAT: Final = "http://www.w3.org/ns/dcat#"
DCTERMS: Final = "http://purl.org/dc/terms/"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
OA: Final = "http://www.w3.org/ns/oa#"
ORG: Final = "http://www.w3.org/ns/org#"
PAV: Final = "http://purl.org/pav/"
PROV: Final = "http://www.w3.org/ns/prov#"
QB: Final = "http://purl.org/linked-data/cube#"
QUDT: Final = "http://qudt.org/schema/qudt/"
SCHEMA: Final = "https://schema.org/"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
SEMAPV: Final = "https://w3id.org/semapv/vocab/"
SH: Final = "http://www.w3.org/ns/shacl#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
SPDX: Final = "http://spdx.org/rdf/terms#"
SSSOM: Final = "https://w3id.org/sssom/"
UNIT: Final = "http://qudt.org/vocab/unit/"
VOID: Final = "http://rdfs.org/ns/void#"
WGS84: Final = "http://www.w3.org/2003/01/geo/wgs84_pos#"

PREFIXES: Final = {
    "cekg": CEKG,
    **{kind: f"{BASE}{kind}/" for kind in THINGS},
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "oa": OA,
    "org": ORG,
    "owl": OWL,
    "pav": PAV,
    "prov": PROV,
    "qb": QB,
    "qudt": QUDT,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "sd": SD,
    "semapv": SEMAPV,
    "sh": SH,
    "shape": SHAPE,
    "skos": SKOS,
    "spdx": SPDX,
    "sssom": SSSOM,
    "unit": UNIT,
    "void": VOID,
    "wgs84": WGS84,
    "xsd": XSD,
}
"""Prefix → namespace, for what we write and for queries that declare none."""

CC_BY: Final = "https://creativecommons.org/licenses/by/4.0/"
APACHE: Final = "https://www.apache.org/licenses/LICENSE-2.0"
DATASET: Final = BASE + "dataset/cekg"
AUTHORS: Final = BASE + "organization/cekg-authors"
DEFAULT_GRAPH: Final = BASE + "dataset/default-graph"

_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def thing(kind: str, slug: str) -> str:
    """Return the IRI of a thing; slugs are flat and without dots (SPARQL engines differ on those).

    >>> thing("city", "harbin")
    'https://w3id.org/cekg/city/harbin'
    """
    if kind not in THINGS or not _SLUG.fullmatch(slug):
        raise ValueError(f"{kind}/{slug} is no name of ours")
    return f"{BASE}{kind}/{slug}"


def term(name: str) -> str:
    """Return the IRI of a term of the ontology.

    >>> term("City")
    'https://w3id.org/cekg/ont#City'
    """
    return CEKG + name


def graph(slug: str) -> str:
    """Return the IRI of a named graph.

    It is ``base``, ``ontology``, ``reference``, ``links``, ``meta`` or the slug of a source.
    """
    return thing("graph", slug)


def unit(code: str) -> str:
    """Return the IRI of a unit by its QUDT code; percentage points, which QUDT lacks, are ours.

    >>> unit("CCY_CNY")
    'http://qudt.org/vocab/unit/CCY_CNY'
    """
    return term(code) if code == "PercentagePoint" else UNIT + code


def slugify(text: str) -> str:
    """Return the words of a text as a slug.

    >>> slugify("9.3 percent (2020)")
    '9-3-percent-2020'
    """
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))


def local(iri: str) -> str:
    """Return what follows the last ``#`` or ``/`` of an IRI.

    >>> local("https://w3id.org/cekg/ont#City")
    'City'
    """
    return iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]


def compact(iri: str) -> str:
    """Return ``prefix:local`` where a prefix of ours fits, the IRI itself otherwise.

    >>> compact("https://w3id.org/cekg/city/harbin")
    'city:harbin'
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and re.fullmatch(r"[\w-]+", iri[len(namespace) :]):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
