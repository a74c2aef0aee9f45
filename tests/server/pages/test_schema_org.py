"""What pages say in schema.org: data blocks that hold, and that no text can end."""

import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from rdflib import Graph, Literal, Namespace, URIRef

from kg import names
from kg.distributions import DISTRIBUTIONS
from server.pages import schema_org
from server.pages.language import choose

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # in rdflib's own parser

GROWTH = "/obs/harbin-green-agriculture-output-value-2020-growth-9-3-percent"
SOURCE = "/source/e-my399-2021-03-30"
S = Namespace(names.SCHEMA)


class Blocks(HTMLParser):
    """The data blocks of a page, read as a browser reads them."""

    def __init__(self, text):
        super().__init__()
        self.blocks, self._is_inside = [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self._is_inside = tag == "script" and dict(attributes).get("type") == "application/ld+json"

    def handle_data(self, data):
        if self._is_inside:
            self.blocks.append(json.loads(data))
            self._is_inside = False


def blocks(client, address):
    return {each["@type"]: each for each in Blocks(client.get(address).text).blocks}


def graph_of(document):
    """Read a document with schema.org as the vocabulary, without asking schema.org for its context."""
    local = {**document, "@context": {"@vocab": names.SCHEMA}}
    return Graph().parse(data=json.dumps(local), format="json-ld")


def test_the_front_page_describes_the_data_set_as_search_engines_want_it(client, built):
    found = blocks(client, "/")["Dataset"]
    assert found["@context"] == "https://schema.org"
    assert found["@id"] == names.DATASET
    assert 50 <= len(found["description"]) <= 5000
    assert found["license"] == names.CC_BY
    assert found["creator"]["name"] == "City Economy Knowledge Graph authors"
    assert found["version"] == built.id
    assert found["temporalCoverage"] == "2020"
    assert [each["name"] for each in found["spatialCoverage"]] == ["Harbin"]
    assert "output value" in {each["name"] for each in found["variableMeasured"]}
    for each in found["distribution"]:
        there = client.get(each["contentUrl"].removeprefix("http://localhost"), buffered=True)
        assert there.status_code == 200
        assert there.mimetype == each["encodingFormat"][-1]
        assert each["contentSize"] == f"{len(there.data)} B"
        assert each["sha256"] == hashlib.sha256(there.data).hexdigest()
    assert [each["@id"] for each in found["distribution"]] == [each.iri for each in DISTRIBUTIONS]
    assert found["includedInDataCatalog"]["url"] == "http://localhost/catalog"


def test_the_front_page_says_how_to_search_it(client):
    site = blocks(client, "/")["WebSite"]
    action = site["potentialAction"]
    assert "{search_term_string}" in action["target"]["urlTemplate"]
    assert action["query-input"] == "required name=search_term_string"


def test_a_fact_says_its_number_what_of_and_the_sentence_it_is_based_on(client):
    found = blocks(client, f"{GROWTH}.html")["Observation"]
    assert (found["value"], found["observationDate"]) == (9.3, "2020")
    assert found["unitCode"] == "http://qudt.org/vocab/unit/PERCENT"
    assert found["measuredProperty"]["name"] == "output value"
    assert {each["@type"] for each in found["observationAbout"]} == {"City", "DefinedTerm"}
    (quote,) = found["isBasedOn"]
    assert "a year-on-year increase of 9.3 percent" in quote["text"]
    assert quote["isPartOf"]["url"] == "http://e.my399.com/business/industries/2021-03-30/5554.html"


def test_a_bound_is_never_a_value(client, app):
    (share,) = [
        each
        for each in app.catalog.things()
        if each.endswith("share-of-key-industrial-project-investment-more-than-40-percent")
    ][:1]
    found = blocks(client, f"{share.removeprefix(names.BASE[:-1])}.html")["Observation"]
    assert found["minValue"] == 40
    assert "value" not in found
    assert "maxValue" not in found


def test_an_article_is_what_its_publisher_published(client):
    found = blocks(client, f"{SOURCE}.html")["NewsArticle"]
    assert found["headline"] == "Harbin’s modern industrial system sees rapid growth in 2020"
    assert found["dateModified"] == "2021-03-30"  # the page calls its date "Updated"
    assert found["publisher"]["name"] == "e.my399.com"
    assert found["inLanguage"] == "en"
    assert found["mainEntityOfPage"] == f"http://localhost{SOURCE}.html"


def test_a_city_has_its_names_and_is_the_same_as_elsewhere(client):
    found = blocks(client, "/city/harbin.html?lang=zh-Hans")["City"]
    assert (found["name"], found["alternateName"]) == ("哈尔滨", ["Harbin"])
    assert found["sameAs"] == ["http://www.wikidata.org/entity/Q42956"]


@pytest.mark.parametrize(
    ("address", "names_"),
    [
        (f"{GROWTH}.html", ["Harbin"]),
        ("/industry/finance.html", None),
        (
            "/quote/e-my399-2021-03-30-1075-1289.html",
            ["Harbin’s modern industrial system sees rapid growth in 2020"],
        ),
    ],
)
def test_the_way_to_a_page_begins_at_the_front_and_each_step_answers(client, address, names_):
    steps = blocks(client, address)["BreadcrumbList"]["itemListElement"]
    assert [each["position"] for each in steps] == list(range(1, len(steps) + 1))
    assert steps[0]["item"] == "http://localhost/"
    assert steps[-1]["item"] == f"http://localhost{address}"
    assert len(steps) > 2
    if names_:
        assert [each["name"] for each in steps[1:-1]] == names_
    for step in steps:
        assert client.get(step["item"].removeprefix("http://localhost")).status_code == 200


@pytest.mark.parametrize(
    "address", ["/", f"{GROWTH}.html", f"{SOURCE}.html", "/city/harbin.html", "/ont.html"]
)
def test_each_block_is_json_ld_whose_names_are_the_published_ones(client, address):
    found = Blocks(client.get(address).text).blocks
    assert found
    for document in found:
        graph = graph_of(document)
        assert len(graph) >= 3
        assert all(each.startswith(names.SCHEMA) for each in graph.predicates() if "schema" in each)
    if address.startswith("/obs"):
        graph = graph_of(found[0])
        assert (URIRef(names.BASE + GROWTH[1:]), S.value, Literal(9.3)) in graph


def test_no_text_of_the_data_ends_a_block(sample_app):
    client = sample_app.test_client()
    for address in ("/source/northport-news.html", "/industry/shipbuilding.html"):
        page = client.get(address).text
        inside = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert len(inside) == len(Blocks(page).blocks) > 0
        assert all("<" not in each and ">" not in each and "&" not in each for each in inside)
    assert (
        blocks(client, "/source/northport-news.html")["NewsArticle"]["headline"]
        == "News <script>alert(1)</script>"
    )


def test_a_link_that_nobody_should_follow_is_left_out(sample_app):
    assert "javascript:" not in json.dumps(
        Blocks(sample_app.test_client().get("/city/northport.html").text).blocks
    )


def test_a_snapshot_without_descriptions_still_has_a_name(sample_app):
    found = blocks(sample_app.test_client(), "/")["Dataset"]
    assert found["name"] == "City Economy Knowledge Graph"
    assert len(found["description"]) > 50
    assert found["temporalCoverage"] == "2023"


def test_blocks_are_in_the_language_of_the_page(app):
    chinese = choose("zh")
    (site, dataset) = schema_org.of_front(app.catalog, chinese, "http://x.example")
    assert (site["name"], dataset["name"]) == ("城市经济知识图谱", "城市经济知识图谱")
