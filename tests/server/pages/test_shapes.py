"""The shapes as things: every rule is there, with its sentence and its triples."""

import pytest
from rdflib import RDF, Graph, Namespace, URIRef

from kg import names, resources
from server.pages import shapes
from server.pages.language import ENGLISH

SH = Namespace(names.SH)


@pytest.fixture(scope="module")
def whole():
    graph = Graph()
    for file in resources.shapes().glob("*.ttl"):
        graph.parse(file)
    return graph


def test_the_page_shows_every_rule_once_with_its_sentence(whole, client):
    messages = {str(shape): str(text) for shape, text in whole.subject_objects(SH.message)}
    shown = [rule for section in shapes.page(ENGLISH).sections for rule in section.rules]
    assert {names.SHAPE + rule.anchor: rule.message.text for rule in shown if rule.message} == messages
    assert len({rule.anchor for rule in shown}) == len(shown)
    page = client.get("/shape.html").text
    assert all(f'id="{rule.anchor}"' in page for rule in shown)


def test_every_shape_leads_to_its_place_on_the_page_and_to_its_triples(whole, client):
    for shape in {each for each in whole.subjects() if str(each).startswith(names.SHAPE)} - {
        URIRef(names.SHAPE)
    }:
        name = names.local(str(shape))
        assert client.get(f"/shape/{name}.html").headers["Location"] == f"/shape.html#{name}"
        graph = Graph().parse(data=client.get(f"/shape/{name}.ttl").data, format="turtle")
        assert set(graph.predicates(shape)) == set(whole.predicates(shape))


def test_a_shape_brings_along_the_query_and_the_list_that_only_it_has(client):
    rule = Graph().parse(data=client.get("/shape/unit-is-expected.ttl").data)
    (query,) = rule.objects(None, SH.select)
    assert "cekg:expectedUnit" in query
    choice = Graph().parse(data=client.get("/shape/is-kind-of-observation.ttl").data)
    assert len(list(choice.objects(None, RDF.first))) == 6


def test_all_shapes_together_are_what_the_files_hold(whole, client):
    served = Graph().parse(data=client.get("/shape.ttl").data, format="turtle")
    assert len(served) == len(whole)
    assert (URIRef(names.SHAPE), None, None) in served


def test_a_shape_that_there_is_not_is_404(client):
    for address in ("/shape/nothing", "/shape/nothing.ttl", "/shape/nothing.html", "/shape/Quote-Start"):
        assert client.get(address).status_code == 404


def test_a_rule_about_the_graph_says_so(client):
    assert 'looks at <a href="/ont">the whole graph</a>' in client.get("/shape.html").text
