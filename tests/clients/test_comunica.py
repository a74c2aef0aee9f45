"""Comunica: it finds out by itself what an address is, an endpoint or a document."""

import json

import pytest

from tests.clients.answers import of_json, of_store, of_text

pytestmark = pytest.mark.slow

TABLE = ("-t", "application/sparql-results+json")
GRAPH = ("-t", "application/n-triples")


@pytest.mark.parametrize("source", ["", "sparql@"], ids=["that it finds out", "that it is told"])
def test_comunica_reads_tables_from_an_endpoint(comunica, endpoint, figures, source):
    assert of_json(json.loads(comunica(source + endpoint, figures.text, *TABLE))) == figures.answer


@pytest.mark.parametrize("name", ["yes", "no"])
def test_comunica_reads_booleans(comunica, endpoint, question, name):
    asked = question(name)
    assert of_json(json.loads(comunica(endpoint, asked.text, *TABLE))) is asked.answer


@pytest.mark.parametrize("name", ["names", "harbin"])
def test_comunica_reads_graphs(comunica, endpoint, question, name):
    asked = question(name)
    assert of_text(comunica(endpoint, asked.text, *GRAPH), "nt") == asked.answer


@pytest.mark.parametrize("suffix", ["", ".ttl", ".jsonld", ".nt"])
def test_comunica_queries_the_address_of_a_thing(comunica, address, question, suffix):
    about = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER (?s = <https://w3id.org/cekg/city/harbin>) }"
    assert (
        of_text(comunica(f"{address}/city/harbin{suffix}", about, *GRAPH), "nt") == question("harbin").answer
    )


def test_comunica_joins_a_document_with_the_endpoint(comunica, address, endpoint, store):
    query = """
        PREFIX cekg: <https://w3id.org/cekg/ont#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?name ?figure ?value WHERE {
          <https://w3id.org/cekg/metric/revenue> skos:prefLabel ?name .
          ?figure cekg:ofMetric <https://w3id.org/cekg/metric/revenue> ; cekg:value ?value .
        }
    """
    answer = of_store(store.query(query))
    assert len(answer) > 5
    found = comunica(f"{address}/metric/revenue.ttl", endpoint, "--query", query, *TABLE)
    assert set(of_json(json.loads(found))) == set(answer)  # the names stand in both, and join twice
