"""What the service says of itself, as the W3C's tests, Comunica, editors and assistants read it."""

import hashlib

import pytest
from rdflib import RDF, RDFS, VOID, Graph, Namespace, URIRef
from rdflib.namespace import FOAF, SH
from rdflib.plugins.sparql import prepareQuery

from kg import names, resources
from server import formats

# rdflib's own JSON-LD parser makes the graph that rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

SD = Namespace(names.SD)
FORMATS = Namespace("http://www.w3.org/ns/formats/")
HERE = "http://localhost"
ENDPOINT = URIRef(f"{HERE}/sparql")
DATASET, EVERYTHING = URIRef(names.DATASET), URIRef(names.DEFAULT_GRAPH)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
DOCUMENTS = ["/sparql", "/.well-known/void", "/.well-known/sparql-examples"]

DOMAINS = {
    SD.Service: (
        *(SD.endpoint, SD.feature, SD.defaultEntailmentRegime, SD.defaultSupportedEntailmentProfile),
        *(SD.extensionFunction, SD.extensionAggregate, SD.languageExtension, SD.supportedLanguage),
        *(SD.propertyFeature, SD.defaultDataset, SD.availableGraphs, SD.resultFormat, SD.inputFormat),
    ),
    SD.Dataset: (SD.defaultGraph,),
    SD.GraphCollection: (SD.namedGraph,),
    SD.NamedGraph: (SD.name, SD.graph, SD.entailmentRegime, SD.supportedEntailmentProfile),
}
RANGES = {
    SD.Dataset: (SD.defaultDataset,),
    SD.GraphCollection: (SD.availableGraphs,),
    SD.NamedGraph: (SD.namedGraph,),
    SD.Graph: (SD.defaultGraph, SD.graph),
}
CLASSES = {*DOMAINS, *RANGES}
INSTANCES = {
    SD.supportedLanguage: {SD.SPARQL10Query, SD.SPARQL11Query, SD.SPARQL11Update},
    SD.feature: {
        *(SD.DereferencesURIs, SD.UnionDefaultGraph, SD.RequiresDataset, SD.EmptyGraphs),
        SD.BasicFederatedQuery,
    },
}
"""The vocabulary of SPARQL 1.1 Service Description, 3.2 to 3.4."""


def read(client, address, accept="text/turtle"):
    answer = client.get(address, headers={"Accept": accept})
    assert answer.status_code == 200
    return Graph().parse(data=answer.data, format=answer.mimetype)


@pytest.fixture(scope="module")
def service(app):
    return read(app.test_client(), "/sparql")


@pytest.fixture(scope="module")
def bare_service(sample_app):
    """The description over a snapshot that has none of its own."""
    return read(sample_app.test_client(), "/sparql")


# The three tests of the W3C's service-description suite, by their names.


@pytest.mark.parametrize("accept", [None, "*/*", "text/turtle", "application/rdf+xml", "application/ld+json"])
def test_returns_rdf(client, accept):
    answer = client.get("/sparql", headers={"Accept": accept} if accept else {})
    assert answer.status_code == 200
    assert len(Graph().parse(data=answer.data, format=answer.mimetype)) > 100


def test_has_endpoint_triple(service):
    assert list(service.subject_objects(SD.endpoint)) == [(ENDPOINT, ENDPOINT)]
    assert (ENDPOINT, RDF.type, SD.Service) in service


@pytest.mark.parametrize("snapshot", ["service", "bare_service"])
def test_conforms_to_schema(snapshot, request):
    service = request.getfixturevalue(snapshot)
    for kind, properties in DOMAINS.items():
        for property_ in properties:
            assert all((each, RDF.type, kind) in service for each in service.subjects(property_))
    for kind, properties in RANGES.items():
        for property_ in properties:
            assert all((each, RDF.type, kind) in service for each in service.objects(None, property_))
    for property_, known in INSTANCES.items():
        assert set(service.objects(None, property_)) <= known
    known = {term for properties in (*DOMAINS.values(), *RANGES.values()) for term in properties}
    assert {each for each in service.predicates() if each.startswith(SD)} <= known
    assert {each for each in service.objects(None, RDF.type) if each.startswith(SD)} <= {SD.Service, *CLASSES}
    for graph in service.subjects(RDF.type, SD.NamedGraph):
        assert len(list(service.objects(graph, SD.name))) == 1


def test_what_is_claimed_is_what_there_is(client, service):
    """No update, no SERVICE, and a default graph that is the union of the named ones."""
    assert set(service.objects(ENDPOINT, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert set(service.objects(ENDPOINT, SD.feature)) == {SD.UnionDefaultGraph}
    assert not list(service.objects(ENDPOINT, SD.inputFormat))
    assert client.post("/sparql", data={"update": "CLEAR ALL"}).status_code == 403
    assert (
        client.get("/sparql", query_string={"query": "ASK { SERVICE <x:y> { ?s ?p ?o } }"}).status_code == 400
    )


def test_every_result_format_is_one_that_we_speak(client, service):
    claimed = set(service.objects(ENDPOINT, SD.resultFormat))
    assert claimed == {URIRef(each.iri) for each in formats.FORMATS}
    assert {FORMATS.SPARQL_Results_JSON, FORMATS.Turtle} <= claimed
    for each in formats.FORMATS:
        query = "ASK {}" if "boolean" in each.kinds else "CONSTRUCT WHERE { ?s a cekg:City }"
        answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": each.media_type})
        assert answer.mimetype == each.media_type


def count(app, where):
    (row,) = app.catalog._store.query(f"SELECT (COUNT(*) AS ?n) {where}", prefixes=names.PREFIXES)
    return int(row["n"].value)


def counts_of_graphs(service):
    (collection,) = service.objects(ENDPOINT, SD.defaultDataset)
    assert list(service.objects(ENDPOINT, SD.availableGraphs)) == [collection]
    return {
        str(name): [int(triples) for triples in service.objects(graph, VOID.triples)]
        for named in service.objects(collection, SD.namedGraph)
        for name in service.objects(named, SD.name)
        for graph in service.objects(named, SD.graph)
    }


def test_each_graph_is_there_with_its_true_count(app, service):
    found = counts_of_graphs(service)
    assert found == {graph: [n] for graph, n in app.catalog.snapshot.manifest["graphs"].items()}
    assert found[names.graph("meta")] == [count(app, "{ GRAPH graph:meta { ?s ?p ?o } }")]
    (merged,) = service.objects(None, SD.defaultGraph)
    assert [int(each) for each in service.objects(merged, VOID.triples)] == [count(app, "{ ?s ?p ?o }")]


def test_the_way_leads_on_to_data_set_and_examples(client, service):
    assert service.value(DATASET, VOID.sparqlEndpoint) == ENDPOINT
    for address in service.objects(ENDPOINT, RDFS.seeAlso):
        assert read(client, str(address).removeprefix(HERE))


def test_nothing_in_it_is_a_blank_node(client):
    for address in DOCUMENTS:
        assert b"_:" not in client.get(address, headers={"Accept": "application/n-triples"}).data


def test_comunica_finds_the_estimates_that_it_plans_by(service):
    """It reads the counts of a data set and of its parts, and asks for no property of other vocabularies."""
    assert int(service.value(DATASET, VOID.triples)) > 1000
    classes = list(service.objects(DATASET, VOID.classPartition))
    assert all(service.value(part, VOID.entities) for part in classes)
    assert URIRef(names.term("City")) in {service.value(part, VOID["class"]) for part in classes}
    properties = list(service.objects(DATASET, VOID.propertyPartition))
    for each in (VOID.property, VOID.triples, VOID.distinctSubjects, VOID.distinctObjects):
        assert all(service.value(part, each) for part in properties)
    vocabularies = tuple(map(str, service.objects(DATASET, VOID.vocabulary)))
    assert all(str(service.value(part, VOID.property)).startswith(vocabularies) for part in properties)


def test_well_known_void_describes_the_data_set(client):
    found = read(client, "/.well-known/void")
    assert (URIRef(f"{HERE}/.well-known/void"), RDF.type, VOID.DatasetDescription) in found
    assert found.value(URIRef(f"{HERE}/.well-known/void"), FOAF.primaryTopic) == DATASET
    assert found.value(DATASET, VOID.sparqlEndpoint) == ENDPOINT
    assert int(found.value(DATASET, VOID.triples)) > 1000
    city = URIRef(names.term("City"))
    (part,) = found.subjects(VOID["class"], city)
    assert {found.value(each, VOID.property) for each in found.objects(part, VOID.propertyPartition)} >= {
        RDFS.label
    }


def test_the_dump_is_every_quad(client, app):
    found = read(client, "/.well-known/void")
    dumps = {str(each).removeprefix(HERE) for each in found.objects(DATASET, VOID.dataDump)}
    address = "/dataset/cekg.nq"
    assert dumps == {address, *(f"/dumps/cekg.{form}.gz" for form in ("nq", "trig", "ttl", "jsonld"))}
    answer = client.get(address, buffered=True)
    assert answer.mimetype == "application/n-quads"
    digest = hashlib.sha256(answer.data).hexdigest()
    assert digest == app.catalog.snapshot.manifest["files"]["data.nq"]["sha256"]
    assert answer.headers["ETag"] == f'"{digest}"'
    assert "max-age=0" in answer.headers["Cache-Control"]
    again = client.get(address, headers={"If-None-Match": f'"{digest}"'}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")


def test_void_names_the_formats_and_the_catalogue(client):
    found = read(client, "/.well-known/void")
    assert {FORMATS.Turtle, FORMATS["JSON-LD"], FORMATS["N-Triples"], FORMATS.RDF_XML} == set(
        found.objects(DATASET, VOID.feature)
    )
    assert found.value(DATASET, RDFS.seeAlso) == URIRef(f"{HERE}/catalog")


def test_well_known_examples_say_where_they_are_answered(client):
    found = read(client, "/.well-known/sparql-examples")
    examples = {URIRef(names.thing("query", each.slug)) for each in resources.examples()}
    assert set(found.subjects(RDF.type, SH.SPARQLExecutable)) == examples
    assert set(found.subjects(URIRef(names.SCHEMA + "target"), ENDPOINT)) == examples
    assert {str(each) for each in found.objects(None, SH.prefix)} == set(names.PREFIXES)


@pytest.mark.parametrize("address", DOCUMENTS)
def test_a_description_answers_as_all_else_does(client, address):
    plain = client.get(address, headers={"Accept": "text/turtle"})
    head = client.head(address, headers={"Accept": "text/turtle"})
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(plain.data))
    assert plain.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in plain.headers["Vary"]
    assert "no-cache" in plain.headers["Cache-Control"]
    assert client.options(address).status_code == 204
    assert client.delete(address).status_code == 405
    again = client.get(address, headers={"Accept": "text/turtle", "If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(
        address, headers={"Accept": "application/n-triples", "If-None-Match": plain.headers["ETag"]}
    )
    assert other.status_code == 200
    refused = client.get(address, headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "text/turtle" in refused.json["formats"]


@pytest.mark.parametrize("address", DOCUMENTS)
@pytest.mark.parametrize("each", formats.formats_of("graph")[:-1], ids=lambda each: each.name)
def test_each_form_of_a_description_says_the_same(client, address, each):
    assert set(read(client, address, each.media_type)) == set(read(client, address))


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("/.well-known/void", "/dataset/cekg.html"),
        ("/.well-known/sparql-examples", "/queries"),
        ("/query/total.html", "/queries/total"),
    ],
)
def test_a_browser_is_led_to_the_page(client, address, there):
    answer = client.get(address, headers={"Accept": FIREFOX})
    assert (answer.status_code, answer.headers["Location"]) == (303, there)
    assert client.get(there, headers={"Accept": FIREFOX}).status_code == 200


def test_a_query_is_a_thing_with_triples(client):
    assert (
        client.get("/query/total", headers={"Accept": "text/turtle"}).headers["Location"]
        == "/query/total.ttl"
    )
    found = read(client, "/query/total.ttl")
    assert (URIRef(names.thing("query", "total")), RDF.type, SH.SPARQLSelectExecutable) in found
    assert client.get("/query/nothing.html").status_code == 404


def test_a_description_follows_the_address_that_it_is_asked_at(client):
    for address in DOCUMENTS:
        there = client.get(address, headers={"Accept": "text/turtle", "Host": "data.example"}).text
        assert "http://data.example/sparql" in there
        assert HERE not in there


def test_a_snapshot_without_descriptions_still_describes_the_service(sample_app, bare_service):
    graphs = sample_app.catalog.snapshot.manifest["graphs"]
    assert (ENDPOINT, SD.endpoint, ENDPOINT) in bare_service
    assert counts_of_graphs(bare_service) == {graph: [n] for graph, n in graphs.items()}
    for address in DOCUMENTS[1:]:
        answer = sample_app.test_client().get(address, headers={"Accept": "text/turtle"})
        assert answer.status_code == 404


# What tools ask the endpoint itself, over HTTP and without a GRAPH clause.


def ask(client, query):
    answer = client.get("/sparql", query_string={"query": query, "format": "json"})
    assert answer.status_code == 200, answer.text
    rows = answer.json["results"]["bindings"]
    return [
        tuple(row[name]["value"] if name in row else None for name in answer.json["head"]["vars"])
        for row in rows
    ]


def test_an_editor_finds_the_prefixes(client):
    """Sparql-editor and YASGUI with it; every value stands once, or they would show it twice."""
    found = ask(
        client,
        "PREFIX sh: <http://www.w3.org/ns/shacl#>\n"
        "SELECT ?prefix ?namespace { [] sh:prefix ?prefix ; sh:namespace ?namespace } ORDER BY ?prefix",
    )
    assert len(found) == len(names.PREFIXES)
    assert dict(found) == names.PREFIXES


def test_an_assistant_finds_questions_with_queries_that_another_engine_reads(client):
    """It learns from the comment and parses the text with rdflib, with no prefix but those in it."""
    found = ask(
        client,
        "PREFIX sh: <http://www.w3.org/ns/shacl#>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        "SELECT DISTINCT ?example ?question ?text { ?example a sh:SPARQLExecutable ; rdfs:comment ?question ;"
        " sh:select|sh:ask|sh:construct|sh:describe ?text } ORDER BY ?example",
    )
    titles = {names.thing("query", each.slug): each.title for each in resources.examples()}
    assert {iri for iri, _, _ in found} == set(titles)
    for iri, question, text in found:
        assert question.startswith(titles[iri])
        prepareQuery(text)


def test_an_editor_completes_by_class(client):
    """Classes with their counts, and the properties that each has, counted the long way beside it."""
    void = "PREFIX void: <http://rdfs.org/ns/void#>\n"
    classes = ask(client, f"{void}SELECT ?class ?n {{ ?part void:class ?class ; void:entities ?n }}")
    assert classes
    data = "FILTER NOT EXISTS { GRAPH graph:meta { ?thing a ?class } }"
    real = ask(
        client, f"SELECT ?class (COUNT(DISTINCT ?thing) AS ?n) {{ ?thing a ?class {data} }} GROUP BY ?class"
    )
    assert sorted(classes) == sorted(real)
    shown = ask(
        client,
        f"{void}SELECT DISTINCT ?property ?triples {{ ?class_ void:class <{names.term('Growth')}> ;"
        " void:propertyPartition ?part . ?part void:property ?property ; void:triples ?triples }",
    )
    stated = ask(
        client,
        "SELECT ?p (COUNT(*) AS ?n) { ?growth a cekg:Growth ; ?p ?o FILTER (?p != rdf:type) } GROUP BY ?p",
    )
    assert len(shown) > 10
    assert sorted(shown) == sorted(stated)


def test_an_overview_counts_graphs_as_a_service_names_them(client, app):
    found = ask(
        client,
        "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>\nPREFIX void: <http://rdfs.org/ns/void#>\n"
        "SELECT ?name ?triples { ?named sd:name ?name ; sd:graph/void:triples ?triples }",
    )
    assert {name: int(triples) for name, triples in found} == app.catalog.snapshot.manifest["graphs"]
