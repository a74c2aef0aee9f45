"""What the endpoint says of itself: service description, VoID, example queries, prefixes."""

import pytest
from rdflib import RDF, Graph, Namespace, URIRef

from kg import names, resources
from tests.protocol.wire import asking

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
COUNT = "SELECT (COUNT(*) AS ?n) {{ {} }}"

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # in rdflib's own parser


@pytest.fixture(scope="module")
def description(live):
    return Graph().parse(data=live.send().body, format="turtle")


@pytest.fixture(scope="module")
def void(live):
    answer = live.send(target="/.well-known/void", fields=[("Accept", "text/turtle")])
    assert (answer.status, answer.type) == (200, "text/turtle")
    return Graph().parse(data=answer.body, format="turtle")


def number(live, pattern):
    return int(live.ask(COUNT.format(pattern)).json()["results"]["bindings"][0]["n"]["value"])


def counted(live, query):
    """Return the numbers that a query gives, by what they are of."""
    return {row["it"]: int(row["n"]) for row in rows(live, query)}


def rows(live, query):
    return [
        {name: term["value"] for name, term in row.items()}
        for row in live.ask(query).json()["results"]["bindings"]
    ]


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
    ],
)
def test_the_description_is_the_same_in_every_format(live, description, accept, form):
    answer = live.send(fields=[("Accept", accept)])
    assert (answer.status, answer.type) == (200, accept)
    assert len(Graph().parse(data=answer.body, format=form)) == len(description)


def test_the_description_says_where_in_what_language_and_in_which_formats(live, description):
    service = description.value(predicate=RDF.type, object=SD.Service)
    assert description.value(service, SD.endpoint) == URIRef(f"{live.address}/sparql")
    assert set(description.objects(service, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert set(description.objects(service, SD.resultFormat)) >= {
        FORMATS.SPARQL_Results_JSON,
        FORMATS.SPARQL_Results_XML,
        FORMATS.SPARQL_Results_CSV,
        FORMATS.SPARQL_Results_TSV,
        FORMATS.Turtle,
        FORMATS["N-Triples"],
        FORMATS.RDF_XML,
        FORMATS["JSON-LD"],
    }
    features = set(description.objects(service, SD.feature))
    assert SD.UnionDefaultGraph in features
    assert not features & {SD.DereferencesURIs, SD.BasicFederatedQuery}  # what is refused is not claimed


def test_the_description_says_what_can_be_sent_in(description):
    service = description.value(predicate=RDF.type, object=SD.Service)
    assert not set(description.objects(service, SD.inputFormat))  # nothing can be loaded


def test_every_named_graph_is_described_with_its_true_count(live, description):
    dataset = next(description.objects(None, SD.defaultDataset))
    described = {
        str(description.value(node, SD.name)): _count(description, description.value(node, SD.graph))
        for node in description.objects(dataset, SD.namedGraph)
    }
    assert described == counted(
        live, "SELECT (?g AS ?it) (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    )


def test_the_default_graph_is_described_with_its_true_count(live, description):
    dataset = next(description.objects(None, SD.defaultDataset))
    assert _count(description, description.value(dataset, SD.defaultGraph)) == number(live, "?s ?p ?o")


def _count(graph, node):
    (count,) = graph.objects(node, VOID.triples)
    return int(count)


def test_the_default_graph_is_the_merge_of_all_the_others(live):
    merged = "SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } } }"
    assert int(rows(live, merged)[0]["n"]) == number(live, "?s ?p ?o")


DATA = """{ SELECT DISTINCT ?s ?p ?o { GRAPH ?graph { ?s ?p ?o } FILTER (?graph != graph:meta) } }"""
"""What VoID counts: every triple once, without the counts themselves."""


def test_void_counts_what_there_is(live, void):
    dataset = URIRef(names.DATASET)
    assert URIRef(f"{live.address}/sparql") in set(void.objects(dataset, VOID.sparqlEndpoint))
    assert _count(void, dataset) == number(live, DATA)


def test_void_has_every_class_with_its_true_number(live, void):
    described = {
        str(void.value(part, VOID["class"])): int(void.value(part, VOID.entities))
        for part in void.objects(URIRef(names.DATASET), VOID.classPartition)
    }
    query = f"SELECT (?o AS ?it) (COUNT(DISTINCT ?s) AS ?n) {{ {DATA} FILTER (?p = rdf:type) }} GROUP BY ?o"
    assert described == counted(live, query)
    assert f"{names.CEKG}City" in described


def test_void_has_every_property_with_its_true_number(live, void):
    described = {
        str(void.value(part, VOID.property)): _count(void, part)
        for part in void.objects(URIRef(names.DATASET), VOID.propertyPartition)
    }
    assert described == counted(live, f"SELECT (?p AS ?it) (COUNT(*) AS ?n) {{ {DATA} }} GROUP BY ?p")
    assert f"{names.CEKG}ofCity" in described


def test_void_is_found_without_a_wish_and_in_the_graph_itself(live):
    for accept in (None, "*/*"):
        answer = live.send(target="/.well-known/void", fields=[("Accept", accept)] if accept else [])
        assert (answer.status, answer.type) == (200, "text/turtle")
    for part in (
        "?set void:classPartition [ void:class cekg:City ; void:entities ?n ]",
        "?set void:propertyPartition [ void:property cekg:ofCity ; void:triples ?n ]",
    ):
        assert number(live, part) >= 1


def test_every_example_is_in_the_graph_and_can_be_asked_as_it_stands(live):
    found = rows(
        live,
        """PREFIX sh: <http://www.w3.org/ns/shacl#>
        SELECT ?example ?text {
          ?example a sh:SPARQLExecutable ; sh:select|sh:ask|sh:construct ?text ; rdfs:comment ?comment
        }""",
    )
    texts = {row["example"]: row["text"] for row in found}
    assert len(texts) == len(resources.examples())
    for text in texts.values():
        assert live.post(text).status == 200


def test_every_prefix_is_declared_in_the_graph(live):
    found = rows(
        live,
        """PREFIX sh: <http://www.w3.org/ns/shacl#>
        SELECT ?prefix ?namespace { ?graph sh:declare [ sh:prefix ?prefix ; sh:namespace ?namespace ] }""",
    )
    declared = {row["prefix"]: row["namespace"] for row in found}
    assert declared.items() >= dict(names.PREFIXES).items()


def test_a_query_with_our_prefixes_needs_no_prologue(live):
    for prefix in names.PREFIXES:
        assert live.send(target=asking(f"SELECT ({prefix}:x AS ?x) {{}}")).status == 200
