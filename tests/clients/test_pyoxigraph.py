"""pyoxigraph: a store of its own that calls ours by SERVICE.

It reads a body without a length as empty, and gzip that it did not ask for not at all.
"""

import pyoxigraph as ox
import pytest

from tests.clients.answers import of_solutions, of_store

FIGURES = "?figure cekg:ofMetric ?metric ; cekg:value ?value . OPTIONAL { ?figure cekg:year ?year }"
PREFIXES = {"cekg": "https://w3id.org/cekg/ont#", "dcterms": "http://purl.org/dc/terms/"}
METRIC = ox.NamedNode("https://w3id.org/cekg/metric/revenue")


def test_pyoxigraph_reads_all_of_ours_by_service(endpoint, store):
    found = ox.Store().query(f"SELECT * {{ SERVICE <{endpoint}> {{ {FIGURES} }} }}", prefixes=PREFIXES)
    answer = of_store(store.query(f"SELECT * {{ {FIGURES} }}", prefixes=PREFIXES))
    assert len(answer) > 20
    assert of_solutions(found) == answer


def test_pyoxigraph_joins_its_own_data_with_ours_by_service(endpoint, store):
    own = ox.Store()
    own.add(ox.Quad(ox.BlankNode(), ox.NamedNode(f"{PREFIXES['dcterms']}subject"), METRIC))
    select = "SELECT ?metric ?figure ?value ?year"
    found = own.query(
        f"{select} {{ ?note dcterms:subject ?metric . SERVICE <{endpoint}> {{ {FIGURES} }} }}",
        prefixes=PREFIXES,
    )
    answer = of_store(
        store.query(f"{select} {{ VALUES ?metric {{ <{METRIC.value}> }} {FIGURES} }}", prefixes=PREFIXES)
    )
    assert len(answer) > 1
    assert of_solutions(found) == answer


def test_pyoxigraph_reads_a_long_answer_that_comes_in_chunks(endpoint):
    found = ox.Store().query(
        f"SELECT * {{ SERVICE <{endpoint}> {{ SELECT ?a ?d {{ ?a ?b ?c . ?d ?e ?f }} LIMIT 50000 }} }}"
    )
    assert sum(1 for _ in found) == 50_000


def test_pyoxigraph_hears_that_a_call_failed_and_may_pass_over_it(endpoint):
    broken = "SERVICE {} <" + endpoint + "> { SELECT * { ?a ?b ?c . SERVICE <http://127.0.0.1:9/> {} } }"
    with pytest.raises(OSError, match="400"):
        list(ox.Store().query(f"SELECT * {{ {broken.replace('{} <', '<', 1)} }}"))
    assert len(list(ox.Store().query(f"SELECT * {{ {broken.replace('{} <', 'SILENT <', 1)} }}"))) == 1
