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
