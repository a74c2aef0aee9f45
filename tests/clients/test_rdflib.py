"""rdflib: our endpoint as the store of a graph, and called by SERVICE from a graph of its own."""

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from tests.clients.answers import of_csv, of_graph, of_rdflib, of_store, written

HARBIN = rdflib.URIRef("https://w3id.org/cekg/city/harbin")
METHODS = ["GET", "POST", "POST_FORM"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("form", ["json", "xml", "tsv"])
def test_a_sparqlstore_reads_tables(endpoint, figures, method, form):
    store = SPARQLStore(endpoint, method=method, returnFormat=form)
    assert of_rdflib(rdflib.Graph(store).query(figures.text)) == figures.answer


@pytest.mark.parametrize("method", METHODS)
def test_a_sparqlstore_reads_csv(endpoint, figures, method):
    store = SPARQLStore(endpoint, method=method, returnFormat="csv")
    found = rdflib.Graph(store).query(figures.text).serialize(format="csv")
    assert of_csv(found) == written(figures.answer)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", ["yes", "no", "names", "harbin"])
def test_a_sparqlstore_reads_booleans_and_graphs(endpoint, question, method, name):
    asked = question(name)
    found = rdflib.Graph(SPARQLStore(endpoint, method=method)).query(asked.text)
    assert of_rdflib(found) == asked.answer


def test_a_sparqlstore_is_a_graph(endpoint, question):
    graph = rdflib.Graph(SPARQLStore(endpoint))
    assert of_graph(graph.triples((HARBIN, None, None))) == question("harbin").answer
    assert (HARBIN, rdflib.RDF.type, rdflib.URIRef("https://w3id.org/cekg/ont#City")) in graph


@pytest.mark.parametrize("padding", ["", " " * 600], ids=["by GET", "too long for its GET"])
def test_rdflib_joins_its_own_data_with_ours_by_service(endpoint, store, padding):
    own = rdflib.Graph()
    for name in ("revenue", "output-value"):
        note = rdflib.URIRef(
            f"https://data.example/note/{name}"
        )  # rdflib would send blank nodes on in VALUES
        own.add((note, rdflib.DCTERMS.subject, rdflib.URIRef(f"https://w3id.org/cekg/metric/{name}")))
    # rdflib takes what follows "#" for a comment where prefix and query stand on one line
    query = f"""
        PREFIX cekg: <https://w3id.org/cekg/ont#>
        PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT ?metric ?figure ?value WHERE {{
          ?note dcterms:subject ?metric .
          SERVICE <{endpoint}> {{ ?figure cekg:ofMetric ?metric ; cekg:value ?value .{padding} }}
        }}
    """
    said = store.query("""
        PREFIX cekg: <https://w3id.org/cekg/ont#>
        PREFIX metric: <https://w3id.org/cekg/metric/>
        SELECT ?metric ?figure ?value WHERE {
          VALUES ?metric { metric:revenue metric:output-value }
          ?figure cekg:ofMetric ?metric ; cekg:value ?value .
        }
    """)
    answer = of_store(said)
    assert len(answer) > 5
    assert of_rdflib(own.query(query)) == answer
