"""Jena's command-line client."""

import json

import pytest

from tests.clients.answers import of_json, of_text

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("way", [[], ["--post"]], ids=["get", "post"])
def test_rsparql_reads_tables(rsparql, endpoint, figures, way):
    found = rsparql(f"--service={endpoint}", *way, "--results=json", figures.text)
    assert of_json(json.loads(found)) == figures.answer


@pytest.mark.parametrize(("name", "said"), [("yes", b"Ask => Yes"), ("no", b"Ask => No")])
def test_rsparql_reads_booleans(rsparql, endpoint, question, name, said):
    assert rsparql(f"--service={endpoint}", question(name).text).strip() == said


@pytest.mark.parametrize("name", ["names", "harbin"])
def test_rsparql_reads_graphs(rsparql, endpoint, question, name):
    asked = question(name)
    assert of_text(rsparql(f"--service={endpoint}", "--results=nt", asked.text), "nt") == asked.answer


def test_rsparql_fails_where_the_endpoint_refuses(rsparql, endpoint):
    rsparql(f"--service={endpoint}", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", code=1)
