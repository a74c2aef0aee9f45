"""Queries that mean harm or ask too much: each is refused in a sentence, and the tools go on."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from server.assistants.ground import OfSnapshots
from tests.server.assistants.conftest import MOST, beside

NESTED = "SELECT * {" + "{" * 4000 + "}" * 4000 + "}"
SUBSELECTS = "SELECT * {" * 4000 + "}" * 4000
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
DOUBLING = " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(30))

HOSTILE = [
    (NESTED, "nested more deeply than the engine can follow"),
    (SUBSELECTS, "nested more deeply"),
    ("SELECT ?o { ?s ?p ?o.SERVICE<http://127.0.0.1:9/>{} }", "SERVICE"),
    ("SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }", None),
    (ENDLESS, "took longer than 2 s and was stopped"),
    (f"SELECT (STRLEN(?x30) AS ?n) {{ BIND('aaaaaaaa' AS ?x0) {DOUBLING} }}", "MB that one query may take"),
    ("SELECT * { ?s ?p ?o }", "more than the 100 rows"),
    ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "that one may have"),
    ("CONSTRUCT WHERE { ?s ?p ?o }", "larger than the 100,000 bytes"),
    ("DELETE WHERE { ?s ?p ?o }", "Line 1, column 1: DELETE begins an update"),
    ("", "Line 1, column 1: The query is missing"),
    ("\x00", "Line 1, column 1"),
]


@pytest.mark.parametrize(("query", "message"), HOSTILE, ids=lambda each: (each or "")[:30])
def test_a_hostile_query_is_refused_and_the_tools_go_on(here, query, message):
    if message is None:
        assert here.call("run_query", query=query)["rows"]["rows"] == []
    else:
        assert message in here.fault("run_query", query=query)
    assert here.told("run_query", query="ASK { city:harbin a cekg:City }") == "yes"


@pytest.mark.parametrize("query", [NESTED, SUBSELECTS, ENDLESS, HOSTILE[6][0]], ids=lambda each: each[:30])
def test_a_hostile_query_can_be_checked_too(here, query):
    here.call("validate_query", query=query)
    assert here.told("run_query", query="ASK { city:harbin a cekg:City }") == "yes"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (NESTED, "nested more deeply"),
        (ENDLESS, "took longer than 2 s"),
        ("SELECT * { ?s ?p ?o }", "that one may have"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "larger than the 100,000 bytes"),
        ("", "query is empty"),
    ],
    ids=lambda each: each[:30],
)
def test_a_server_s_refusal_is_told_as_it_says_it(there, query, message):
    assert message in there.fault("run_query", query=query)
    assert there.told("run_query", query="ASK { city:harbin a cekg:City }") == "yes"


def test_tools_are_called_side_by_side(here):
    with ThreadPoolExecutor(4) as threads:
        calls = [threads.submit(here.call, "run_query", query=f"SELECT ({n} AS ?n) {{}}") for n in range(8)]
        assert [call.result()["rows"]["rows"] for call in calls] == [[[n]] for n in range(8)]


def test_names_that_are_no_names_are_refused_in_a_sentence(here):
    for name in (
        "x:" + "y" * 400,
        "city:harbin> } DROP ALL #",
        "https://w3id.org/cekg/city/../../etc",
        "\ud800"[:0] + "a:\n",
    ):
        assert "The graph knows nothing by the name" in here.fault("describe_thing", name=name)
        assert "The graph knows nothing by the name" in here.fault("explain_fact", fact=name)


def test_a_snapshot_without_index_and_counts_says_so_and_the_rest_is_served(sample):
    with beside(OfSnapshots(sample, MOST)) as other:
        assert "has no search index" in other.fault("search", text="port")
        assert "has no search index" in other.fault("describe_thing", name="Northport")
        assert "holds no counts" in other.fault("describe_class")
        assert "The graph knows nothing by the name “city:north”" in other.fault(
            "describe_thing", name="city:north"
        )
        found = other.call("describe_thing", name="industry:shipbuilding")
        assert found["label"] == "<b onclick='x'>ships</b> & \"boats\""  # a text, and for a page to escape
        unknown = other.call("validate_query", query="ASK { city:north ?p ?o }")["unknown"]
        assert unknown == [{"name": "city:north", "near": []}]
