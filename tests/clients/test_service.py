"""SERVICE from Comunica and Jena to our endpoint, and the federated examples as their pages have them."""

import json

import pytest

from kg import questions, resources
from tests.clients.answers import of_json, of_store
from tests.kg.queries.test_federated import ROWS, calling
from tests.kg.queries.test_federated import stand_in as stand_in
from tests.server.federation.conftest import endpoint as serve
from tests.server.federation.conftest import filled

pytestmark = pytest.mark.slow

NOTES = """
    PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX metric: <https://w3id.org/cekg/metric/>
    <https://data.example/note/1> dcterms:subject metric:revenue .
    <https://data.example/note/2> dcterms:subject metric:output-value .
"""
HEAD = """
    PREFIX cekg: <https://w3id.org/cekg/ont#>
    PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX metric: <https://w3id.org/cekg/metric/>
    SELECT ?metric ?figure ?value WHERE
"""
JOIN = f"""{HEAD} {{{{
    ?note dcterms:subject ?metric .
    SERVICE <{{}}> {{{{ ?figure cekg:ofMetric ?metric ; cekg:value ?value }}}}
}}}}"""
ALONE = f"""{HEAD} {{
    VALUES ?metric {{ metric:revenue metric:output-value }}
    ?figure cekg:ofMetric ?metric ; cekg:value ?value
}}"""
TABLE = "application/sparql-results+json"


@pytest.fixture(scope="module")
def answer(store):
    found = of_store(store.query(ALONE))
    assert len(found) > 5
    return found


@pytest.fixture(scope="module")
def notes(tmp_path_factory):
    path = tmp_path_factory.mktemp("notes") / "notes.ttl"
    path.write_text(NOTES)
    return path


def test_jena_joins_its_own_data_with_ours_by_service(arq, endpoint, notes, answer):
    query = JOIN.format(endpoint).replace(" WHERE", f" FROM <{notes.as_uri()}> WHERE")
    found = arq("--results=json", query)
    assert of_json(json.loads(found)) == answer


def test_comunica_joins_data_elsewhere_with_ours_by_service(comunica, endpoint, notes, answer, tmp_path):
    with serve(filled(tmp_path / "notes", notes)) as elsewhere:
        found = comunica(f"sparql@{elsewhere}", JOIN.format(endpoint), "-t", TABLE)
    assert of_json(json.loads(found)) == answer


@pytest.mark.parametrize("example", resources.federated(), ids=lambda example: example.slug)
def test_comunica_runs_a_federated_example_over_the_dump(comunica, address, stand_in, example, tmp_path):
    """Over the endpoint it would hand the whole query on, SERVICE included."""
    file = tmp_path / "query.rq"
    file.write_text(questions.with_prefixes(calling(example, stand_in)))
    dump = f"{address}/dataset/cekg.nq"
    found = json.loads(comunica(dump, "--unionDefaultGraph", "--file", str(file), "-t", TABLE))
    rows = [
        tuple(row[name]["value"] for name in found["head"]["vars"]) for row in found["results"]["bindings"]
    ]
    assert rows == ROWS[example.slug]
