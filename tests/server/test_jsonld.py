"""JSON-LD: shorter, and still the same triples."""

import json

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from kg import names
from server import jsonld

THINGS = [
    names.thing("city", "harbin"),
    names.thing("obs", "harbin-green-agriculture-output-value-2020-growth-9-3-percent"),
    names.thing("source", "e-my399-2021-03-30"),
    names.ONTOLOGY,
]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # in rdflib's own parser
@pytest.mark.parametrize("iri", THINGS)
def test_the_compact_form_holds_the_same_triples(iri, app):
    plain = Graph().parse(data=app.catalog.triples(iri, "N_TRIPLES"), format="nt")
    compact = Graph().parse(data=jsonld.compact(app.catalog.triples(iri, "JSON_LD")), format="json-ld")
    assert len(plain) > 3
    assert isomorphic(plain, compact)


def test_it_reads_like_json(app):
    document = json.loads(jsonld.compact(app.catalog.triples(THINGS[0], "JSON_LD")))
    city = document["@graph"][0]
    assert city["@id"] == "city:harbin"
    assert "cekg:City" in city["@type"]
    assert city["cekg:capitalOf"] == {"@id": "region:heilongjiang"}
    assert document["@context"]["city"] == "https://w3id.org/cekg/city/"
