"""Addresses: our IRIs here, others out, and nothing that a browser should not follow."""

import pytest

from kg import names
from server.pages import links


@pytest.mark.parametrize(
    ("iri", "local", "href"),
    [
        ("https://w3id.org/cekg/city/harbin", "/city/harbin", "/city/harbin"),
        ("https://w3id.org/cekg/ont", "/ont", "/ont"),
        ("https://w3id.org/cekg/ont#City", "/ont#City", "/ont#City"),
        ("https://w3id.org/cekg/dataset/cekg", "/dataset/cekg", "/dataset/cekg"),
        ("https://w3id.org/cekg/shape/quote-start", "/shape/quote-start", "/shape/quote-start"),
        ("https://w3id.org/cekg/shape/", "/shape", "/shape"),
        ("https://w3id.org/cekg/shape/a b", None, "https://w3id.org/cekg/shape/a b"),
        ("https://w3id.org/cekg/shape/../city", None, "https://w3id.org/cekg/shape/../city"),
        ("https://w3id.org/cekg/city/Harbin", None, "https://w3id.org/cekg/city/Harbin"),
        ("https://w3id.org/cekg/nothing/x", None, "https://w3id.org/cekg/nothing/x"),
        ("https://w3id.org/cekg/ontology", None, "https://w3id.org/cekg/ontology"),
        ("http://www.wikidata.org/entity/Q42956", None, "http://www.wikidata.org/entity/Q42956"),
        ("javascript:alert(1)", None, None),
        ("data:text/html,x", None, None),
        ("urn:x:y", None, None),
        ("", None, None),
    ],
)
def test_where_a_name_leads(iri, local, href):
    assert links.local(iri) == local
    assert links.href(iri) == href


@pytest.mark.parametrize("kind", names.THINGS)
def test_every_kind_of_thing_has_an_address(kind):
    iri = names.thing(kind, "a-1")
    assert links.local(iri) == f"/{kind}/a-1"
    assert links.representation(iri, "ttl") == f"/{kind}/a-1.ttl"


@pytest.mark.parametrize(
    "iri", [names.thing("city", "a-1"), names.ONTOLOGY, names.SHAPE + "a-1", names.DATASET]
)
def test_an_address_says_which_published_name_it_is_of(iri):
    assert links.published(links.local(iri)) == iri
    for form in links.forms(iri):
        assert links.published(links.representation(iri, form.suffix)) == iri


@pytest.mark.parametrize("path", ["//evil.example/x", "///evil.example", "/city/harbin.html", "", "/"])
def test_a_page_in_another_language_is_on_the_same_host(path):
    address = links.in_language(path, [], "en")
    assert address.startswith("/")
    assert not address.startswith("//")
