"""The catalogue (DCAT 3) and Croissant say what there is, and every address in them answers."""

import csv
import hashlib
import io

import pytest
from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef

from kg import names
from kg.distributions import DISTRIBUTIONS, FIGURES
from server import formats

# rdflib's own JSON-LD parser makes the graph that rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

HERE = "http://localhost"
SPDX = Namespace("http://spdx.org/rdf/terms#")
CATALOG, DATASET = URIRef(f"{HERE}/catalog"), URIRef(names.DATASET)
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def read(client, accept="text/turtle"):
    answer = client.get("/catalog", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, accept)
    return Graph().parse(data=answer.data, format=answer.mimetype)


@pytest.fixture(scope="module")
def catalog(app):
    return read(app.test_client())


def test_what_dcat_ap_requires_is_there(catalog):
    assert (CATALOG, RDF.type, DCAT.Catalog) in catalog
    assert set(catalog.objects(CATALOG, DCAT.dataset)) == {DATASET, URIRef(FIGURES)}
    for each in (CATALOG, DATASET, URIRef(FIGURES)):
        for property_ in (DCTERMS.title, DCTERMS.description):
            assert {text.language for text in catalog.objects(each, property_)} == {"en", "zh-hans"}
        assert catalog.value(each, DCTERMS.license) == URIRef(names.CC_BY)
        (publisher,) = catalog.objects(each, DCTERMS.publisher)
        assert (publisher, RDF.type, FOAF.Agent) in catalog
        assert catalog.value(publisher, FOAF.name)
    for each in catalog.subjects(RDF.type, DCAT.Distribution):
        assert catalog.value(each, DCAT.accessURL)
        assert catalog.value(each, DCTERMS.title)


def test_the_data_set_says_of_where_and_when_it_is(catalog, built):
    for each in (DATASET, URIRef(FIGURES)):
        assert list(catalog.objects(each, DCTERMS.spatial)) == [URIRef(names.thing("city", "harbin"))]
        (period,) = catalog.objects(each, DCTERMS.temporal)
        assert catalog.value(period, DCAT.startDate) == Literal("2020-01-01", datatype=XSD.date)
        assert catalog.value(period, DCAT.endDate) == Literal("2020-12-31", datatype=XSD.date)
        assert catalog.value(each, URIRef(names.DCAT + "version")) == Literal(built.id)


@pytest.mark.parametrize("it", DISTRIBUTIONS, ids=lambda it: it.name)
def test_a_distribution_says_where_how_large_and_what_it_is_and_it_is_so(client, catalog, it):
    iri = URIRef(it.iri)
    assert (URIRef(it.of), DCAT.distribution, iri) in catalog
    address = str(catalog.value(iri, DCAT.downloadURL))
    answer = client.get(address.removeprefix(HERE), buffered=True)
    assert answer.status_code == 200
    assert catalog.value(iri, DCAT.byteSize) == Literal(len(answer.data), datatype=XSD.nonNegativeInteger)
    assert catalog.value(iri, DCAT.mediaType) == URIRef(MEDIA_TYPES + it.media_type)
    packed = catalog.value(iri, DCAT.compressFormat)
    assert packed == (URIRef(MEDIA_TYPES + answer.mimetype) if it.is_compressed else None)
    checksum = catalog.value(iri, SPDX.checksum)
    assert catalog.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
    assert str(catalog.value(checksum, SPDX.checksumValue)) == hashlib.sha256(answer.data).hexdigest()
    assert list(catalog.objects(iri, DCTERMS.conformsTo))


def test_every_address_of_ours_in_it_answers(client, catalog):
    found = {str(term) for triple in catalog for term in triple if isinstance(term, URIRef)}
    here = {each.partition("#")[0].removeprefix(HERE) for each in found if each.startswith(HERE)}
    assert {"/", "/sparql", "/reconcile", "/catalog", "/dumps/cekg.ttl.gz"} <= here
    for address in here:
        assert client.get(address, buffered=True).status_code == 200, address
    for iri in (each for each in found if each.startswith(names.BASE)):
        there = client.get(iri.replace(names.BASE, "/").partition("#")[0], follow_redirects=True)
        assert there.status_code == 200, iri


def test_both_services_are_described(client, catalog):
    for service in (URIRef(f"{HERE}/sparql"), URIRef(f"{HERE}/reconcile")):
        assert (CATALOG, DCAT.service, service) in catalog
        assert (service, RDF.type, DCAT.DataService) in catalog
        assert catalog.value(service, DCAT.endpointURL) == service
        assert catalog.value(service, DCAT.servesDataset) == DATASET
        assert catalog.value(service, DCTERMS.title)
        assert catalog.value(service, DCTERMS.conformsTo)


def test_what_does_not_depend_on_the_host_is_in_the_graph(client):
    query = "ASK { GRAPH graph:meta { dataset:cekg dcat:distribution ?it . ?it a dcat:Distribution } }"
    answer = client.get("/sparql", query_string={"query": query, "format": "json"})
    assert answer.json["boolean"] is True
    assert HERE not in client.get("/graph/meta.nt", buffered=True).text
    page = client.get("/dataset/distribution-turtle.html").text
    assert "Every statement once" in page


def test_each_form_of_the_catalogue_says_the_same(client, catalog):
    for each in formats.formats_of("graph")[:-1]:
        assert set(read(client, each.media_type)) == set(catalog), each.name


def test_a_browser_is_led_to_the_files_and_others_are_told_what_there_is(client):
    there = client.get("/catalog", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (there.status_code, there.headers["Location"]) == (303, "/#take")
    refused = client.get("/catalog", headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "text/turtle" in refused.json["formats"]
    held = client.get("/catalog", headers={"Accept": "text/turtle"}).headers["ETag"]
    again = client.get("/catalog", headers={"Accept": "text/turtle", "If-None-Match": held})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head("/catalog", headers={"Accept": "text/turtle"})
    assert (head.status_code, head.data) == (200, b"")
    assert client.delete("/catalog").status_code == 405


def test_the_catalogue_follows_the_address_that_it_is_asked_at(client):
    text = client.get("/catalog", headers={"Accept": "text/turtle", "Host": "data.example"}).text
    assert "http://data.example/dumps/cekg.ttl.gz" in text
    assert HERE not in text


def test_a_graph_without_dumps_still_has_a_catalogue(sample_app):
    found = read(sample_app.test_client())
    assert (CATALOG, DCAT.dataset, DATASET) in found
    assert not list(found.subjects(RDF.type, DCAT.Distribution))


# Croissant.


def test_croissant_has_what_the_specification_requires(client, built):
    answer = client.get("/croissant.json")
    assert answer.mimetype == "application/ld+json"
    found = answer.json
    for key in ("name", "description", "license", "url", "creator", "datePublished", "citeAs"):
        assert found[key], key
    assert found["@type"] == "sc:Dataset"
    assert found["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert built.id in found["citeAs"]


def test_croissant_s_file_is_the_one_that_is_served_and_its_columns_are_there(client):
    found = client.get("/croissant.json").json
    (file,) = found["distribution"]
    sent = client.get(file["contentUrl"].removeprefix(HERE), buffered=True)
    assert file["sha256"] == hashlib.sha256(sent.data).hexdigest()
    assert (file["encodingFormat"], file["contentSize"]) == (sent.mimetype, f"{len(sent.data)} B")
    (records,) = found["recordSet"]
    columns = next(csv.reader(io.StringIO(sent.text)))
    assert [each["source"]["extract"]["column"] for each in records["field"]] == columns
    assert all(each["source"]["fileObject"]["@id"] == file["@id"] for each in records["field"])
    assert records["key"]["@id"] in {each["@id"] for each in records["field"]}


def test_croissant_is_the_triples_that_its_tools_look_for(client):
    graph = Graph().parse(data=client.get("/croissant.json").data, format="json-ld")
    cr = Namespace("http://mlcommons.org/croissant/")
    (dataset,) = graph.subjects(RDF.type, URIRef("https://schema.org/Dataset"))
    assert graph.value(dataset, DCTERMS.conformsTo)
    (records,) = graph.objects(dataset, cr.recordSet)
    types = {graph.value(field, cr.dataType) for field in graph.objects(records, cr.field)}
    schema = Namespace("https://schema.org/")
    assert types == {schema.Text, schema.URL, schema.Integer, schema.Float, schema.Date}
    assert not list(graph.subjects(RDFS.label, None))
