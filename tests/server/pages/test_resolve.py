"""From any name to the thing here, and from a wrong one to what is near."""

from dataclasses import dataclass

import pytest

from kg import names
from server.pages import resolve
from server.pages.language import ENGLISH


@pytest.mark.parametrize(
    ("iri", "there"),
    [
        ("https://w3id.org/cekg/city/harbin", "/city/harbin"),
        ("http://w3id.org/cekg/city/harbin", "/city/harbin"),
        ("  https://w3id.org/cekg/city/harbin ", "/city/harbin"),
        ("https://w3id.org/cekg/city/harbin.ttl", "/city/harbin"),
        ("city:harbin", "/city/harbin"),
        ("/city/harbin.html", "/city/harbin"),
        ("http://localhost/city/harbin.html", "/city/harbin"),
        ("https://w3id.org/cekg/ont#City", "/ont#City"),
        ("cekg:City", "/ont#City"),
        ("https://w3id.org/cekg/ont", "/ont"),
        ("https://w3id.org/cekg/shape/quote-start", "/shape/quote-start"),
        ("shape:quote-start", "/shape/quote-start"),
        ("https://w3id.org/cekg/graph/base", "/graph/base"),
        ("http://www.wikidata.org/entity/Q42956", "/city/harbin"),
        ("https://www.wikidata.org/wiki/Q42956", "/city/harbin"),
        ("https://sws.geonames.org/2037013/", "/city/harbin"),
        ("http://sws.geonames.org/2037013", "/city/harbin"),
        ("http://www.wikidata.org/entity/Q837171", "/industry/finance"),
        ("http://e.my399.com/business/industries/2021-03-30/5554.html", "/source/e-my399-2021-03-30"),
    ],
)
def test_a_name_leads_to_the_thing_here(client, iri, there):
    answer = client.get("/resolve", query_string={"iri": iri})
    assert (answer.status_code, answer.headers["Location"]) == (303, there)
    assert client.get(there, follow_redirects=True).status_code == 200


@pytest.mark.parametrize(
    "iri",
    [
        "https://w3id.org/cekg/city/nowhere",
        "http://www.wikidata.org/entity/Q1",
        "http://www.w3.org/2001/XMLSchema#date",
        "https://w3id.org/cekg/ont#Nothing",
        "javascript:alert(1)",
        "not a name",
        "http://[",
        "https://w3id.org/cekg/city/<script>",
        "x" * 10_000,
        "https://x.example/" + "y" * 10_000,
        "\u202e\0",
        "https://w3id.org/cekg/../../etc/passwd",
    ],
)
def test_an_unknown_name_is_404(client, iri):
    answer = client.get("/resolve", query_string={"iri": iri})
    assert answer.status_code == 404
    assert len(answer.data) < 2_000
    assert "suggestions" in answer.json


@pytest.mark.parametrize("query", ["", "iri=", "iri=%20", "other=x"])
def test_no_name_is_400_with_an_example(client, query):
    answer = client.get("/resolve", query_string=query)
    assert answer.status_code == 400
    assert "/resolve?iri=city:harbin" in answer.json["detail"]


@pytest.mark.parametrize(
    "name",
    [
        "https://w3id.org/cekg/city/harbin",
        "http://www.wikidata.org/entity/Q42956",
        "http://localhost/city/harbin.ttl",
    ],
)
def test_a_whole_name_typed_into_the_search_leads_to_the_thing(client, name):
    answer = client.get("/search", query_string={"q": f" {name} "}, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/city/harbin")
    other = client.get("/search", query_string={"q": "https://x.example/1"}, headers={"Accept": "text/html"})
    assert other.status_code == 200


@dataclass
class Found:
    iri: str


class Index:
    """An index of three things, one of them of no address here."""

    def nearest(self, kind, slug):
        yield from map(Found, ("urn:x", names.thing("city", "harbin"), names.thing("industry", "finance")))


def test_what_is_near_has_a_label_a_name_and_an_address(app):
    found = resolve.suggestions(app.catalog, Index(), "city", "harbn", ENGLISH)
    assert found == [
        {"label": "Harbin", "iri": "https://w3id.org/cekg/city/harbin", "address": "/city/harbin"},
        {
            "label": "financial industry",
            "iri": names.thing("industry", "finance"),
            "address": "/industry/finance",
        },
    ]
    assert resolve.suggestions(app.catalog, Index(), "city", "x" * 10_000, ENGLISH) == []
