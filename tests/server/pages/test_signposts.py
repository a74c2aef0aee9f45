"""The Link field: from a thing to its page and data, and back (RFC 8288, Signposting)."""

import re

import pytest

from kg import names
from server import formats
from server.pages import links

HARBIN = "https://w3id.org/cekg/city/harbin"
LARGEST = 4_000
"""Bytes of one field that every server and proxy lets pass."""


def field(answer):
    """Read the field: for each relation, what it leads to and of what type that is."""
    found = {}
    assert len(answer.headers["Link"]) < LARGEST
    for href, rels, type_ in re.findall(
        r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?', answer.headers["Link"]
    ):
        for rel in rels.split():
            found.setdefault(rel, {})[href] = type_
    return found


def test_a_thing_says_where_all_its_forms_are(client):
    found = field(client.get("/city/harbin"))
    expected = {
        f"/city/harbin.{form.suffix}": form.media_type for form in (formats.PAGE, *links.forms(HARBIN))
    }
    assert found == {"cite-as": {HARBIN: ""}, "alternate": expected}


def test_a_page_says_what_describes_it_what_to_cite_and_what_it_is(client):
    found = field(client.get("/city/harbin.html"))
    assert list(found["cite-as"]) == [HARBIN]
    assert found["describedby"]["/city/harbin.jsonld"] == "application/ld+json"
    assert found["item"] == {"/city/harbin.csv": "text/csv"}
    assert list(found["license"]) == [names.CC_BY]
    assert set(found["type"]) == {"https://schema.org/AboutPage", "https://schema.org/City"}
    assert set(found["alternate"]) == {f"/city/harbin.{suffix}" for suffix in formats.THING_SUFFIXES}
    assert list(found["canonical"]) == ["http://localhost/city/harbin.html?lang=en"]


@pytest.mark.parametrize(
    ("address", "back"),
    [
        ("/city/harbin.ttl", "describes"),
        ("/city/harbin.jsonld", "describes"),
        ("/city/harbin.csv", "collection"),
        ("/graph/base.ttl", "describes"),
        ("/graph/base.trig", "collection"),
        ("/ont.ttl", "describes"),
        ("/dataset/cekg.nq", "collection"),
        ("/shape/quote-start.ttl", "describes"),
    ],
)
def test_data_lead_back_to_their_page_which_leads_to_them(client, address, back):
    found = field(client.get(address, buffered=True))
    (page,) = found[back]
    assert found[back][page] == "text/html"
    assert list(found["canonical"]) == [address]
    there = field(client.get(page, headers={"Accept": "text/html"}, follow_redirects=True))
    forth = {"describes": "describedby", "collection": "item"}[back]
    if not address.startswith("/shape/"):  # all rules share one page
        assert address in there[forth]
        assert there["cite-as"] == found["cite-as"]


def test_every_address_in_the_field_answers(client):
    for address in (
        "/",
        "/city/harbin.html",
        "/source/e-my399-2021-03-30.html",
        "/graph/base.html",
        "/shape.html",
    ):
        for rel, targets in field(client.get(address)).items():
            for href, type_ in targets.items():
                if href.startswith("/"):
                    answer = client.get(href, headers={"Accept": type_}, buffered=True)
                    assert (answer.status_code, answer.mimetype) == (200, type_), (rel, href)


@pytest.mark.parametrize(
    "address", ["/source/e-my399-2021-03-30.html", "/quote/e-my399-2021-03-30-1075-1289.ttl"]
)
def test_the_words_of_others_are_not_licensed_by_us(client, address):
    assert "license" not in field(client.get(address))


def test_the_front_page_leads_programs_to_the_descriptions(client):
    found = field(client.get("/"))
    assert found["describedby"] == {
        "/.well-known/void": "text/turtle",
        "/catalog": "text/turtle",
        "/croissant.json": "application/ld+json",
    }
    assert found["service-desc"] == {"/sparql": "text/turtle"}
    assert found["sitemap"] == {"/sitemap.xml": "application/xml"}
    assert "/dataset/cekg.nq" in found["item"]
    assert list(found["cite-as"]) == [names.DATASET]


def test_other_sites_may_read_the_field(client):
    assert "Link" in client.get("/city/harbin.ttl").headers["Access-Control-Expose-Headers"]
