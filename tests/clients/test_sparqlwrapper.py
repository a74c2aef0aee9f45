"""SPARQLWrapper: its three ways of sending, and every format that it asks for."""

import pytest
from rdflib import Graph
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDF,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
    SPARQLWrapper2,
)

from tests.clients.answers import of_csv, of_graph, of_json, of_text, written

pytestmark = pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated"
)  # in its code, and in rdflib's

WAYS = [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]


@pytest.fixture(params=WAYS, ids=" ".join)
def wrapper(endpoint, request):
    method, way = request.param
    made = SPARQLWrapper(endpoint)
    made.setMethod(method)
    made.setRequestMethod(way)
    made.setOnlyConneg(False)  # as it is by default: format=…&output=…&results=… go with every query
    return made


def read_table(found, form):
    if form == JSON:
        return of_json(found)
    return of_text(found.toxml().encode(), "srx") if form == XML else of_text(found, "tsv")


def read_graph(found):
    return of_graph(found if isinstance(found, Graph) else Graph().parse(data=found, format="turtle"))


@pytest.mark.parametrize("form", [JSON, XML, TSV])
def test_sparqlwrapper_reads_tables(wrapper, figures, form):
    wrapper.setQuery(figures.text)
    wrapper.setReturnFormat(form)
    assert read_table(wrapper.queryAndConvert(), form) == figures.answer


def test_sparqlwrapper_reads_csv(wrapper, figures):
    wrapper.setQuery(figures.text)
    wrapper.setReturnFormat(CSV)
    assert of_csv(wrapper.queryAndConvert()) == written(figures.answer)


@pytest.mark.parametrize("form", [JSON, XML])
@pytest.mark.parametrize("name", ["yes", "no"])
def test_sparqlwrapper_reads_booleans(wrapper, question, name, form):
    asked = question(name)
    wrapper.setQuery(asked.text)
    wrapper.setReturnFormat(form)
    assert read_table(wrapper.queryAndConvert(), form) is asked.answer


@pytest.mark.parametrize("form", [TURTLE, N3, RDFXML, XML, JSONLD])
@pytest.mark.parametrize("name", ["names", "harbin"])
def test_sparqlwrapper_reads_graphs(wrapper, question, name, form):
    asked = question(name)
    wrapper.setQuery(asked.text)
    wrapper.setReturnFormat(form)
    assert read_graph(wrapper.queryAndConvert()) == asked.answer


@pytest.mark.filterwarnings("ignore:Sending Accept header")  # it has no media types for the format RDF
def test_sparqlwrapper_reads_what_it_asks_for_by_parameter_alone(wrapper, question):
    asked = question("names")
    wrapper.setQuery(asked.text)
    wrapper.setReturnFormat(RDF)
    found = wrapper.query()
    assert found.info()["content-type"] == "application/rdf+xml"
    assert of_text(found.response.read(), "rdf") == asked.answer


def test_sparqlwrapper_reads_ntriples_where_the_field_is_set_by_hand(wrapper, question):
    asked = question("names")
    wrapper.setQuery(asked.text)
    wrapper.setOnlyConneg(True)
    wrapper.addCustomHttpHeader("Accept", "application/n-triples")
    found = wrapper.query()
    assert found.info()["content-type"] == "application/n-triples"
    assert of_text(found.response.read(), "nt") == asked.answer


def test_sparqlwrapper2_reads_bindings(endpoint, figures):
    wrapper = SPARQLWrapper2(endpoint)
    wrapper.setQuery(figures.text)
    assert of_json(wrapper.query().fullResult) == figures.answer


def test_sparqlwrapper_says_what_is_wrong_with_a_query(wrapper):
    from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

    wrapper.setQuery("SELECT * WHERE { ?s ?p }")
    with pytest.raises(QueryBadFormed, match="The query is not valid SPARQL"):
        wrapper.query()
