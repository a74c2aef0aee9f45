"""Every IRI of ours leads to a page and to data, in each form, with all that HTTP has for it."""

import csv
import io
import re

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef

from kg import names
from server import formats
from server.pages import links

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # in rdflib's own parser

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}
QUADS = {"trig": ox.RdfFormat.TRIG, "nq": ox.RdfFormat.N_QUADS}
RULE = names.SHAPE + "quote-start"


@pytest.fixture(scope="module")
def things(app):
    """One thing of each kind that the real graph has, the ontology, a shape and all shapes."""
    found = {links.kind_of(iri): iri for iri in sorted(app.catalog.things(), reverse=True)}
    found.pop("", None)
    return {**found, "ont": names.ONTOLOGY, "shape": RULE, "dataset": names.DATASET, "all": names.SHAPE}


KINDS = [*names.THINGS, "ont", "shape", "all"]


def test_there_is_a_thing_of_every_kind(things):
    assert set(things) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_thing_sends_on_to_each_of_its_forms_and_each_is_there(client, things, kind):
    iri = things[kind]
    address = links.local(iri)
    for form in links.forms(iri):
        sent_on = client.get(address, headers={"Accept": form.media_type})
        assert (sent_on.status_code, sent_on.headers["Location"]) == (303, f"{address}.{form.suffix}")
        assert client.get(address, query_string={"format": form.suffix}).headers["Location"] == (
            f"{address}.{form.suffix}"
        )
        answer = client.get(f"{address}.{form.suffix}", buffered=True)
        assert (answer.status_code, answer.mimetype) == (200, form.media_type)
        assert answer.data
    page = client.get(address, headers={"Accept": FIREFOX}, follow_redirects=True)
    assert (page.status_code, page.mimetype) == (200, "text/html")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "graph"])
def test_all_forms_say_the_same_of_the_published_name(client, things, kind):
    iri = things[kind]
    graphs = [
        Graph().parse(data=client.get(links.representation(iri, suffix)).data, format=parser)
        for suffix, parser in PARSERS.items()
    ]
    assert URIRef(iri) in set(graphs[0].subjects())
    assert len({len(graph) for graph in graphs}) == 1
    named = [{triple for triple in graph if all(map(is_named, triple))} for graph in graphs]
    assert all(each == named[0] for each in named)


def is_named(term):
    return isinstance(term, URIRef)


@pytest.mark.parametrize("graph", ["base", "meta", "e-my399-2021-08-04"])
def test_a_graph_is_sent_whole_in_each_form(client, app, graph):
    count = app.catalog.snapshot.manifest["graphs"][names.graph(graph)]
    for suffix, parser in {"ttl": "turtle", "nt": "nt"}.items():
        answer = client.get(f"/graph/{graph}.{suffix}", buffered=True)
        assert len(Graph().parse(data=answer.data, format=parser)) == count
    for suffix, parser in QUADS.items():
        quads = list(ox.parse(client.get(f"/graph/{graph}.{suffix}", buffered=True).data, format=parser))
        assert {quad.graph_name.value for quad in quads} == {names.graph(graph)}
        assert len(quads) == count
    rows = list(csv.reader(io.StringIO(client.get(f"/graph/{graph}.csv", buffered=True).text)))
    assert len(rows) == count + 1


def test_a_graph_that_nothing_describes_is_sent_all_the_same(sample_app):
    client = sample_app.test_client()
    assert client.get("/graph/base.html").status_code == 200
    assert len(Graph().parse(data=client.get("/graph/base.ttl").data)) > 10


@pytest.mark.parametrize("kind", KINDS)
def test_each_form_is_kept_asked_for_and_taken_without_its_body(client, things, kind):
    iri = things[kind]
    for form in (formats.PAGE, *links.forms(iri)):
        address = links.representation(iri, form.suffix)
        if client.head(address, buffered=True).status_code == 303:
            continue  # a query and a shape are shown on pages that are not theirs alone
        whole = client.get(address, buffered=True)
        head = client.head(address, buffered=True)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Length"] == str(len(whole.data)), address
        again = client.get(address, headers={"If-None-Match": whole.headers["ETag"]}, buffered=True)
        assert (again.status_code, again.data) == (304, b""), address
        assert whole.headers["Cache-Control"] == "public, no-cache" or form.suffix == "nq"
        assert whole.headers["Access-Control-Allow-Origin"] == "*"
        options = client.options(address)
        assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")


def test_the_form_chosen_depends_on_accept_and_a_page_on_the_reader_too(client):
    assert "Accept" in client.get("/city/harbin").headers["Vary"].split(", ")
    page = set(client.get("/city/harbin.html").headers["Vary"].split(", "))
    assert {"Accept-Language", "Cookie"} <= page
    assert not {"Accept-Language", "Cookie"} & set(client.get("/city/harbin.ttl").headers["Vary"].split(", "))


def test_two_forms_and_two_languages_never_share_an_etag(client):
    addresses = [f"/city/harbin.{suffix}" for suffix in ("html", *formats.THING_SUFFIXES)]
    addresses += [
        "/city/harbin.html?lang=zh-Hans",
        "/city/harbin.csv?lang=zh-Hans",
        "/region/heilongjiang.csv",
    ]
    tags = [client.get(each).headers["ETag"] for each in addresses]
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize(
    ("asked", "suffix"),
    [
        ("turtle", "ttl"),
        ("text/turtle", "ttl"),
        ("json", "jsonld"),
        ("HTML", "html"),
        ("rdf", "rdf"),
        ("csv", "csv"),
    ],
)
def test_a_format_can_be_asked_for_by_name_whatever_accept_says(client, asked, suffix):
    answer = client.get("/city/harbin", query_string={"format": asked}, headers={"Accept": "image/png"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/city/harbin.{suffix}")


def test_the_language_asked_for_is_taken_along(client):
    answer = client.get("/city/harbin?lang=zh-Hans", headers={"Accept": FIREFOX})
    assert answer.headers["Location"] == "/city/harbin.html?lang=zh-Hans"


@pytest.mark.parametrize(
    ("address", "status", "listed"),
    [
        ("/city/harbin.png", 404, "csv"),
        ("/city/harbin.trig", 404, "csv"),
        ("/ont.nothing", 404, "ttl"),
        ("/shape.doc", 404, "ttl"),
        ("/shape/quote-start.x", 404, "ttl"),
        ("/graph/base.jsonld", 404, "trig"),
        ("/city/harbin?format=png", 400, "csv"),
        ("/city/harbin?format=", 400, "csv"),
    ],
)
def test_a_form_that_there_is_not_is_refused_with_a_list_of_those_there_are(client, address, status, listed):
    answer = client.get(address)
    assert answer.status_code == status
    assert listed in answer.json["formats"]
    assert listed in answer.json["detail"]


@pytest.mark.parametrize("address", ["/city/harbin", "/ont", "/shape", "/shape/quote-start", "/graph/base"])
def test_nothing_acceptable_is_406_with_a_list(client, address):
    answer = client.get(address, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json["formats"]


def test_turtle_and_rdf_xml_are_the_same_to_the_byte_each_time(client):
    for address in ("/city/harbin.rdf", "/shape.ttl", "/shape.rdf", "/graph/base.ttl"):
        assert len({client.get(address, buffered=True).data for _ in range(4)}) == 1


def test_the_table_of_a_city_has_a_row_for_each_of_its_figures_with_its_sentence(client, app):
    rows = list(csv.DictReader(io.StringIO(client.get("/city/harbin.csv").text)))
    (counted,) = app.catalog.select("counts")
    assert len(rows) == counted.whole("observations")
    growth = next(row for row in rows if row["value"] == "9.3")
    assert (growth["kind"], growth["city"], growth["year"], growth["unit"]) == (
        "Growth",
        "Harbin",
        "2020",
        "percent",
    )
    assert growth["value_text"] in growth["sentences"]
    bound = next(row for row in rows if row["comparator"] == "more than")
    assert bound["value"] == ""
    assert bound["lower_bound"]


def test_a_part_s_figures_are_figures_of_the_whole_and_names_follow_the_language(client):
    text = client.get("/system/harbin-4-plus-4.csv?lang=zh-Hans").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert "https://w3id.org/cekg/industry/finance" in {row["industry_iri"] for row in rows}
    assert {row["city"] for row in rows} == {"哈尔滨"}


def test_the_table_of_the_data_set_has_every_figure(client):
    assert client.get("/dataset/cekg.csv").data == client.get("/city/harbin.csv").data


def test_a_thing_without_figures_is_a_table_of_what_is_stated_of_it(client):
    rows = list(csv.DictReader(io.StringIO(client.get("/country/china.csv").text)))
    chinese = {row["value"] for row in rows if row["language"] == "zh-hans"}
    assert "中国" in chinese or "中华人民共和国" in chinese
    assert {row["subject"] for row in rows} == {"https://w3id.org/cekg/country/china"}


@pytest.mark.parametrize("address", ["/city/harbin", "/country/china", "/ont"])
def test_a_document_beside_a_table_says_what_its_columns_mean(client, address):
    table = client.get(f"{address}.csv")
    where = re.search(r'<([^>]*)>; rel="describedby"; type="application/csvm\+json"', table.headers["Link"])[
        1
    ]
    meaning = client.get(where)
    assert meaning.mimetype == "application/csvm+json"
    assert meaning.json["url"] == f"{address}.csv".rpartition("/")[2]
    columns = meaning.json["tableSchema"]["columns"]
    assert [each["name"] for each in columns] == next(csv.reader(io.StringIO(table.text)))
    assert all(each["dc:description"] for each in columns)


def test_the_columns_that_make_triples_make_those_of_the_graph(client):
    """As a converter of CSV on the Web would read the table, by its metadata."""
    columns = client.get("/city/harbin.csv-metadata.json").json["tableSchema"]["columns"]
    graph = Graph()
    for row in csv.DictReader(io.StringIO(client.get("/city/harbin.csv").text)):
        graph.parse(data=client.get(f"/obs/{names.local(row['figure'])}.nt").data, format="nt")
        for column in columns:
            value = row[column["name"]]
            if value and not column.get("suppressOutput"):
                stated = set(map(str, graph.objects(URIRef(row["figure"]), URIRef(column["propertyUrl"]))))
                assert value in stated, column["name"]
    assert sum("propertyUrl" in column for column in columns) > 10


def test_long_files_come_in_parts_and_break_rather_than_end_early(app, monkeypatch):
    from server.pages import routes

    monkeypatch.setattr(routes, "_AT_ONCE", 100)
    client = app.test_client()
    streamed = client.get("/graph/base.nt")
    assert streamed.is_streamed
    assert "Content-Length" not in streamed.headers
    assert len(Graph().parse(data=streamed.data, format="nt")) > 500
    table = client.get("/city/harbin.csv")
    assert table.is_streamed
    assert len(list(csv.reader(io.StringIO(table.text)))) > 20
    held = client.get("/graph/base.nt", headers={"If-None-Match": streamed.headers["ETag"]})
    assert (held.status_code, held.data) == (304, b"")
    without_chunks = client.get("/graph/base.nt", environ_overrides={"SERVER_PROTOCOL": "HTTP/1.0"})
    assert int(without_chunks.headers["Content-Length"]) == len(without_chunks.data) == len(streamed.data)


@pytest.mark.parametrize(
    "address",
    [
        "/charts/city/harbin/growth.csv",
        "/charts/city/harbin/growth.vl.json",
        "/queries/growth.vl.json",
        "/search?q=harbin&format=json",
        "/search/suggest?q=harb",
        "/city/harbin.csv",
        "/city/harbin.ttl",
        "/series/harbin",
        "/obs/harbin-green-agriculture-output-value-2020-growth-9-3-percent.bib",
        "/quality/report.ttl",
        "/sitemap-1.xml",
        "/llms.txt",
    ],
)
def test_what_differs_between_readers_says_so_to_caches(client, address):
    english, chinese = (
        client.get(address, headers={"Accept-Language": tag}, follow_redirects=True, buffered=True)
        for tag in ("en", "zh")
    )
    assert english.status_code == 200
    assert english.data == chinese.data or "Accept-Language" in english.headers["Vary"].split(", ")
