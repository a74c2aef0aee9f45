"""The W3C's tests of the SPARQL 1.1 Protocol and of the service description, as requests of our own.

Each case names the test of the W3C that it stands for; the two lists of names are complete, and EXCEPTIONS
says where we answer otherwise, and why. (Their manifests: w3c/rdf-tests, sparql/sparql11/protocol and
sparql/sparql11/service-description.)
"""

from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from rdflib import RDF, RDFS, Graph, Namespace, URIRef

from tests.protocol.conftest import w3c_data
from tests.protocol.wire import DIRECT, FORM

PROTOCOL = [
    "query_post_form", "query_dataset_default_graphs_get", "query_dataset_default_graphs_post",
    "query_dataset_named_graphs_post", "query_dataset_named_graphs_get", "query_dataset_full",
    "query_multiple_dataset", "query_get", "query_content_type_select", "query_content_type_ask",
    "query_content_type_describe", "query_content_type_construct", "update_dataset_default_graph",
    "update_dataset_default_graphs", "update_dataset_named_graphs", "update_dataset_full",
    "update_post_form", "update_post_direct", "update_base_uri", "query_post_direct", "bad_query_method",
    "bad_multiple_queries", "bad_query_wrong_media_type", "bad_query_missing_form_type",
    "bad_query_missing_direct_type", "bad_query_non_utf8", "bad_query_syntax", "bad_update_get",
    "bad_multiple_updates", "bad_update_wrong_media_type", "bad_update_missing_form_type",
    "bad_update_non_utf8", "bad_update_syntax", "bad_update_dataset_conflict",
]  # fmt: skip
"""Those of the service description are three; their names stand beside the functions below."""

READ_ONLY = "The graph is published by the build; every update is refused with 403 and an explanation."
EXCEPTIONS = {
    "update_dataset_default_graph": READ_ONLY,
    "update_dataset_default_graphs": READ_ONLY,
    "update_dataset_named_graphs": READ_ONLY,
    "update_dataset_full": READ_ONLY,
    "update_post_form": READ_ONLY,
    "update_post_direct": READ_ONLY,
    "update_base_uri": READ_ONLY,
}
"""Tests of the W3C that expect success where we refuse; all others are passed as they are."""

UPDATE = "application/sparql-update"
D0, D1, D2, D3 = (w3c_data(number) for number in range(4))
TABLES = {
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
}
TRUTHS = {"application/sparql-results+json", "application/sparql-results+xml"}
GRAPHS = {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"}


@dataclass(frozen=True)
class Case:
    """One request: the W3C's name, what is sent, and what must come back."""

    test: str
    status: range | int
    method: str = "GET"
    parameters: tuple[tuple[str, str], ...] = ()
    type: str | None = None
    body: bytes | None = None
    boolean: bool | None = None
    types: frozenset[str] = frozenset()


GOOD, BAD = range(200, 300), range(400, 500)


def default(*graphs):
    return tuple(("default-graph-uri", graph) for graph in graphs)


def named(*graphs):
    return tuple(("named-graph-uri", graph) for graph in graphs)


def get(test, query, *parameters, **expected):
    return Case(test, GOOD, parameters=(("query", query), *parameters), **expected)


def direct(test, query, *parameters, **expected):
    return Case(test, GOOD, "POST", parameters, DIRECT, query.encode(), **expected)


def form(test, fields, *parameters, **expected):
    return Case(test, GOOD, "POST", parameters, FORM, urlencode(fields).encode(), **expected)


def refused(test, body, *parameters, type_=UPDATE):
    return Case(test, 403, "POST", parameters, type_, body)


def bad(test, method="POST", parameters=(), type_=None, body=None, status=BAD):
    return Case(test, status, method, parameters, type_, body)


BOTH_DOCUMENTS = f"ASK {{ <{D1}> a ?type . <{D2}> a ?type }}"
IN_NAMED = f"ASK {{ GRAPH ?one {{ <{D1}> a ?type }} GRAPH ?other {{ <{D2}> a ?type }} }}"
IN_ALL = f"ASK {{ <{D3}> a ?type GRAPH ?one {{ <{D1}> a ?type }} GRAPH ?other {{ <{D2}> a ?type }} }}"
FROM_ONE = f"ASK FROM <{D3}> {{ GRAPH ?one {{ <{D1}> a ?type }} GRAPH ?other {{ <{D2}> a ?type }} }}"
ADD = b"INSERT { GRAPH <http://example.org/new> { ?s a <http://example.org/Thing> } } WHERE { ?s ?p ?o }"
USING = ("using-graph-uri", D1)
USING_NAMED = ("using-named-graph-uri", D2)

CASES = [
    form("query_post_form", {"query": "ASK {}"}, *default(D0), boolean=True),
    get("query_dataset_default_graphs_get", BOTH_DOCUMENTS, *default(D1, D2), boolean=True),
    direct("query_dataset_default_graphs_post", BOTH_DOCUMENTS, *default(D1, D2), boolean=True),
    direct("query_dataset_named_graphs_post", IN_NAMED, *named(D1, D2), boolean=True),
    get("query_dataset_named_graphs_get", IN_NAMED, *named(D1, D2), boolean=True),
    direct("query_dataset_full", IN_ALL, *default(D3), *named(D1, D2), boolean=True),
    direct("query_multiple_dataset", FROM_ONE, *named(D1, D2), boolean=True),
    # beyond the W3C: what is not named is not there
    get("query_dataset_default_graphs_get", BOTH_DOCUMENTS, *default(D1), boolean=False),
    direct("query_dataset_named_graphs_post", IN_NAMED, *named(D1), boolean=False),
    direct("query_dataset_full", IN_ALL, *named(D1, D2), boolean=False),
    direct("query_multiple_dataset", f"ASK FROM <{D1}> {{ <{D1}> a ?type }}", *named(D1, D2), boolean=False),
    get("query_get", "ASK {}", *default(D0), boolean=True),
    direct("query_content_type_select", "SELECT (1 AS ?value) {}", *default(D0), types=TABLES),
    direct("query_content_type_ask", "ASK {}", *default(D0), types=TRUTHS),
    direct("query_content_type_describe", "DESCRIBE <http://example.org/>", *default(D0), types=GRAPHS),
    direct("query_content_type_construct", "CONSTRUCT { <s> <p> 1 } WHERE {}", *default(D0), types=GRAPHS),
    direct("query_post_direct", "ASK {}", boolean=True),
    refused("update_dataset_default_graph", ADD, USING),
    refused("update_dataset_default_graphs", ADD, USING, ("using-graph-uri", D2)),
    refused("update_dataset_named_graphs", ADD, USING_NAMED, ("using-named-graph-uri", D1)),
    refused("update_dataset_full", ADD, USING, USING_NAMED),
    refused("update_post_form", b"update=CLEAR+ALL", type_=FORM),
    refused("update_post_direct", b"CLEAR ALL"),
    refused("update_base_uri", b"INSERT DATA { GRAPH <http://example.org/new> { <a:s> <a:p> <test> } }"),
    bad("bad_query_method", "PUT", (("query", "ASK {}"), *default(D0)), FORM, status=405),
    bad("bad_multiple_queries", "GET", (("query", "ASK {}"), ("query", "SELECT * {}")), status=400),
    bad("bad_query_wrong_media_type", type_="text/plain", body=b"ASK {}", status=415),
    bad("bad_query_missing_form_type", body=b"query=ASK%20%7B%7D", status=400),
    bad("bad_query_missing_direct_type", body=b"ASK {}", status=400),
    bad("bad_query_non_utf8", type_=f"{DIRECT}; charset=UTF-16", body="ASK {}".encode("utf-16"), status=400),
    bad("bad_query_syntax", "GET", (("query", "ASK {"),), status=400),
    bad("bad_update_get", "GET", (("update", "CLEAR ALL"),), status=403),
    bad("bad_multiple_updates", type_=FORM, body=b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT"),
    bad("bad_update_wrong_media_type", type_="text/plain", body=b"CLEAR NAMED", status=415),
    bad("bad_update_missing_form_type", body=b"update=CLEAR%20NAMED", status=400),
    bad(
        "bad_update_non_utf8",
        type_=f"{UPDATE}; charset=UTF-16",
        body="CLEAR NAMED".encode("utf-16"),
        status=400,
    ),
    bad("bad_update_syntax", type_=FORM, body=b"update=CLEAR%20XYZ"),
    bad(
        "bad_update_dataset_conflict",
        parameters=(USING_NAMED,),
        type_=UPDATE,
        body=b"WITH <http://example.org/g> DELETE { ?s ?p 1 } INSERT { ?s ?p 2 } WHERE { ?s ?p 1 }",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.test)
def test_protocol(w3c, case):
    target = "/sparql/" + (f"?{urlencode(case.parameters)}" if case.parameters else "")
    answer = w3c.send(case.method, target, case.body, [("Content-Type", case.type)] if case.type else [])
    assert answer.status == case.status if isinstance(case.status, int) else answer.status in case.status
    if case.boolean is not None:
        assert answer.json()["boolean"] is case.boolean
    if case.types:
        assert answer.type in case.types
    if answer.status == 403:
        assert "build" in answer.json()["detail"]


def test_no_test_of_the_protocol_is_left_out():
    assert {case.test for case in CASES} == set(PROTOCOL)
    assert len(PROTOCOL) == 34


def test_every_exception_is_one_that_we_answer_otherwise():
    assert {case.test for case in CASES if case.status == 403 and case.test.startswith("update_")} == set(
        EXCEPTIONS
    )


def test_nothing_that_was_refused_has_changed_anything(w3c):
    for case in CASES:
        if case.type == UPDATE:
            w3c.send(case.method, "/sparql", case.body, [("Content-Type", case.type)])
    found = w3c.ask("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }").json()["results"]["bindings"]
    assert found[0]["n"]["value"] == "3"


def test_a_relative_iri_is_resolved_against_the_endpoint(w3c):  # update_base_uri, as far as a query can tell
    found = w3c.ask("SELECT (<test> AS ?iri) {}").json()["results"]["bindings"]
    assert found[0]["iri"]["value"].endswith("/test")


SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SCHEMA = {  # property: (domain, range), from the vocabulary's own document
    SD.endpoint: (SD.Service, None),
    SD.feature: (SD.Service, SD.Feature),
    SD.defaultEntailmentRegime: (SD.Service, SD.EntailmentRegime),
    SD.entailmentRegime: (SD.NamedGraph, SD.EntailmentRegime),
    SD.defaultSupportedEntailmentProfile: (SD.Service, SD.EntailmentProfile),
    SD.supportedEntailmentProfile: (SD.NamedGraph, SD.EntailmentProfile),
    SD.extensionFunction: (SD.Service, SD.Function),
    SD.extensionAggregate: (SD.Service, SD.Aggregate),
    SD.languageExtension: (SD.Service, SD.Feature),
    SD.supportedLanguage: (SD.Service, SD.Language),
    SD.propertyFeature: (SD.Service, SD.Feature),
    SD.defaultDataset: (SD.Service, SD.Dataset),
    SD.availableGraphs: (SD.Service, SD.GraphCollection),
    SD.resultFormat: (SD.Service, None),
    SD.inputFormat: (SD.Service, None),
    SD.defaultGraph: (SD.Dataset, SD.Graph),
    SD.namedGraph: (SD.GraphCollection, SD.NamedGraph),
    SD.name: (SD.NamedGraph, None),
    SD.graph: (SD.NamedGraph, SD.Graph),
}
INDIVIDUALS = {
    SD.SPARQL10Query: SD.Language,
    SD.SPARQL11Query: SD.Language,
    SD.SPARQL11Update: SD.Language,
    SD.DereferencesURIs: SD.Feature,
    SD.UnionDefaultGraph: SD.Feature,
    SD.RequiresDataset: SD.Feature,
    SD.EmptyGraphs: SD.Feature,
    SD.BasicFederatedQuery: SD.Feature,
}
NARROWER = {SD.Dataset: {SD.GraphCollection}}


@pytest.fixture(scope="module")
def description(live):
    answer = live.send()
    assert (answer.status, answer.type) == (200, "text/turtle")  # returns-rdf: GET on endpoint returns RDF
    return Graph().parse(data=answer.body, format="turtle")


def test_description_returns_rdf(description):  # returns-rdf
    assert len(description) > 0


def test_description_has_endpoint_triple(live, description):  # has-endpoint-triple
    assert list(description.subjects(SD.endpoint, URIRef(f"{live.address}/sparql")))


def test_description_conforms_to_schema(description):  # conforms-to-schema
    for subject, predicate, object_ in description:
        if predicate not in SD:
            continue
        domain, range_ = SCHEMA[predicate]
        assert domain in _classes(description, subject), (subject, predicate)
        assert range_ is None or range_ in _classes(description, object_), (predicate, object_)
    for service in description.subjects(RDF.type, SD.Service):
        assert len(set(description.objects(service, SD.endpoint))) == 1
        assert len(set(description.objects(service, SD.defaultDataset))) <= 1
    for graph in description.subjects(RDF.type, SD.NamedGraph):
        assert len(set(description.objects(graph, SD.name))) == 1
        assert len(set(description.objects(graph, SD.graph))) == 1
    assert RDFS.Class not in set(description.objects(None, RDF.type))


def _classes(graph, node):
    stated = set(graph.objects(node, RDF.type)) | {INDIVIDUALS.get(node)}
    return stated | {broader for each in stated for broader in NARROWER.get(each, ())}
