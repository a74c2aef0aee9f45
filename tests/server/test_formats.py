"""Negotiation: what each Accept gets, for each kind of answer (RFC 9110, 12.5.1)."""

import pytest

from server import formats
from server.formats import FORMATS, KINDS, PAGE, choose, wants_page

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
JSON, XML, CSV = "application/sparql-results+json", "application/sparql-results+xml", "text/csv"


def chosen(kind, accept, names=()):
    offer = choose(kind, accept, names)
    return offer and offer.media_type


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("  ", JSON),
        ("*/*", JSON),
        ("no media range", JSON),
        ("application/json", "application/json"),
        ("APPLICATION/JSON", "application/json"),
        ("application/json;charset=UTF-8", "application/json"),
        ("text/csv;charset=iso-8859-1", None),
        ("text/csv;charset=iso-8859-1, text/csv", CSV),
        ("text/csv;q=abc, text/xml", "text/xml"),
        ("text/csv;q=2, text/xml", "text/xml"),
        ("text/csv, application/sparql-results+xml", XML),
        ("text/csv;q=0.9, application/sparql-results+xml;q=0.8", CSV),
        ("text/*", CSV),
        ("text/*;q=0.5, text/csv", CSV),
        ("text/*, text/json;q=0, text/xml;q=0, text/html;q=0", CSV),
        ("*/*, application/sparql-results+json;q=0", XML),
        ("*/*;q=0.1, text/tab-separated-values;q=0.2", "text/tab-separated-values"),
        ("text/turtle", None),
        ("image/png", None),
        ("*/*;q=0", None),
        ("application/json;q=0", None),
        ('text/csv;header="a,b", text/xml;q=0.5', CSV),
        (FIREFOX, "text/html"),
        ("text/html, application/sparql-results+json", JSON),
    ],
)
def test_a_table_is_written_as_the_client_likes_best(accept, expected):
    assert chosen("bindings", accept) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "text/turtle"),
        ("*/*", "text/turtle"),
        ("application/rdf+xml, text/turtle;q=0.9", "application/rdf+xml"),
        ("application/x-turtle", "application/x-turtle"),
        ("text/n3", "text/n3"),
        ("application/json", "application/json"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
        ("text/plain", "text/plain"),
        ("text/*", "text/turtle"),
        ("application/*", "application/ld+json"),
        ("application/*, application/ld+json;q=0", "application/n-triples"),
        ("*/*;q=0.5, text/turtle;q=0, application/x-turtle", "application/x-turtle"),
        (JSON, None),
        (FIREFOX, "text/html"),
    ],
)
def test_a_graph_is_written_as_the_client_likes_best(accept, expected):
    assert chosen("graph", accept) == expected


@pytest.mark.parametrize(
    ("kind", "names", "expected"),
    [
        ("bindings", ["json"], JSON),
        ("graph", ["json"], "application/ld+json"),
        ("bindings", ["xml"], XML),
        ("graph", ["xml"], "application/rdf+xml"),
        ("bindings", ["CSV"], CSV),
        ("bindings", ["text/csv"], CSV),
        ("graph", ["csv"], "text/turtle"),
        ("bindings", ["nonsense"], JSON),
        ("bindings", ["nonsense", "tsv", "tsv"], "text/tab-separated-values"),
        ("graph", ["html"], "text/html"),
    ],
)
def test_a_known_name_wins_and_an_unknown_one_leaves_it_to_accept(kind, names, expected):
    assert chosen(kind, "*/*", names) == expected


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        (FIREFOX, True),
        ("text/html", True),
        ("*/*", False),
        (None, False),
        ("text/*", False),
        ("application/json, text/html;q=0.9", False),
        ("application/problem+json;q=0.5, text/html", True),
    ],
)
def test_only_a_browser_wants_a_page(accept, page):
    assert wants_page(accept) is page


def test_text_says_its_charset_and_nothing_else_does():
    assert choose("bindings", "text/csv").content_type == "text/csv; charset=utf-8"
    assert choose("bindings", None).content_type == JSON


@pytest.mark.parametrize("kind", KINDS)
def test_each_media_type_and_name_means_one_format_for_a_kind(kind):
    for words in ("media_types", "parameters"):
        found = [word for each in formats.formats_of(kind) for word in getattr(each, words)]
        assert len(found) == len(set(found))


def test_each_format_has_its_own_suffix_and_name():
    every = (*FORMATS, PAGE)
    assert len({each.suffix for each in every}) == len({each.name for each in every}) == len(every)
    assert [formats.by_suffix(each.suffix) for each in every] == list(every)
