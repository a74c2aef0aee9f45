"""The pages over the real graph: every address answers, in every form it promises."""

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urlsplit

import pytest
from rdflib import Graph

from kg import names, resources
from server.pages import front

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
GROWTH = "/obs/harbin-green-agriculture-output-value-2020-growth-9-3-percent"


class Page(HTMLParser):
    """The links and the anchors of a page."""

    def __init__(self, text):
        super().__init__()
        self.hrefs, self.ids = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.hrefs += [found["href"]] if tag in {"a", "link"} else []
        self.ids += [found["id"]] if "id" in found else []


def test_every_link_of_every_page_answers_and_every_anchor_is_there(client):
    """Every page is read, and of what comes with each (data, charts, languages) as much as tells."""
    beginnings = ["/", "/search?q=industry"]  # to a search no link leads, but a form
    pages, waiting, seen = {}, [*beginnings], {*beginnings}
    targets, alike = set(), Counter()
    while waiting:
        address = waiting.pop()
        answer = client.get(address, headers={"Accept": FIREFOX}, follow_redirects=True, buffered=True)
        assert answer.status_code == 200, address
        if answer.mimetype != "text/html":
            continue
        pages[same(address)] = page = Page(answer.text)
        assert len(page.ids) == len(set(page.ids)), address
        for href in page.hrefs:
            there, anchor = urldefrag(href)
            if anchor and (not there or there.startswith("/")):
                targets.add((same(there or address), anchor))
            if there.startswith("/") and same(there) not in seen:
                seen.add(same(there))
                alike[pattern(there)] += 1
                if is_page(there) or alike[pattern(there)] <= ENOUGH:
                    waiting.append(there)
    assert len(pages) > 300
    missing = {
        (there, anchor) for there, anchor in targets if there in pages and anchor not in pages[there].ids
    }
    assert not missing


ENOUGH = 3
"""Of the same form of alike things, of alike pages in another language or with the same parameters."""


def same(address):
    """The address of a thing and that of its page, to which it leads, are one for this."""
    return address.removesuffix(".html")


def is_page(address):
    return "?" not in address and "." not in same(address)


def pattern(address):
    """What is alike of addresses: all but the name of the thing and the values of parameters."""
    parts = urlsplit(address)
    path = re.sub(r"(?<=/)[a-z0-9-]+(?=\.|/|$)", "*", parts.path)
    parameters = sorted(name + value * (name == "lang") for name, value in parse_qsl(parts.query))
    return parts.path.split("/")[1], path, *parameters


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        (FIREFOX, "html"),
        (None, "html"),
        ("*/*", "html"),
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "rdf"),
        ("text/csv", "csv"),
        ("text/turtle;q=0.8, application/ld+json;q=0.9", "jsonld"),
    ],
)
@pytest.mark.parametrize("address", ["/city/harbin", "/ont", GROWTH])
def test_a_thing_leads_to_the_form_that_the_client_likes(client, address, accept, suffix):
    answer = client.get(address, headers={"Accept": accept} if accept is not None else {})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{address}.{suffix}")
    assert "Accept" in answer.headers["Vary"]


def test_a_form_that_there_is_not_is_406_or_404(client):
    refused = client.get("/city/harbin", headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "text/turtle" in refused.json["formats"]
    assert client.get("/city/harbin.png").status_code == 404
    assert client.get("/city/Harbin.html").status_code == 404
    assert client.get("/city/harbin.tar.ttl").status_code == 404


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # in rdflib's own parser
@pytest.mark.parametrize(("suffix", "form"), [("ttl", "turtle"), ("nt", "nt"), ("jsonld", "json-ld")])
@pytest.mark.parametrize("address", ["/city/harbin", "/ont", GROWTH])
def test_each_form_speaks_of_the_published_name(client, address, suffix, form):
    answer = client.get(f"{address}.{suffix}")
    graph = Graph().parse(data=answer.data, format=form)
    subjects = {str(each) for each in graph.subjects()}
    assert names.BASE + address[1:] in subjects
    assert len(graph) == len(Graph().parse(data=client.get(f"{address}.nt").data, format="nt"))


def test_the_triples_of_a_fact_bring_its_sentence_along(client):
    graph = Graph().parse(data=client.get(f"{GROWTH}.ttl").data, format="turtle")
    assert any("a year-on-year increase of 9.3 percent" in str(text) for text in graph.objects())
    assert any(str(each) == names.term("GrowthRole") for each in graph.objects())


def test_turtle_is_the_same_to_the_byte_each_time(client):
    assert client.get(f"{GROWTH}.ttl").data == client.get(f"{GROWTH}.ttl").data


def test_an_observation_shows_its_number_its_sentence_and_how_it_was_read(client):
    page = client.get(f"{GROWTH}.html").text
    assert "+9.3\u202f%" in page
    assert "<mark>a year-on-year increase of 9.3 percent</mark>" in page
    assert 'href="http://e.my399.com/business/industries/2021-03-30/5554.html#:~:text=' in page
    assert "30 March 2021" in page
    assert "In the past year" in page


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/city/harbin", ["Harbin", "哈尔滨", "capital of", "Heilongjiang"]),
        ("/industry/finance", ["金融", "financial industry"]),
        ("/policy/construction-project-approval-reform", ["policy", "How each part was read"]),
        ("/metric/total-scale", ["total scale", "总规模"]),
        ("/source/e-my399-2021-03-30", ["Harbin’s modern industrial system", "are accounted for"]),
        ("/quote/e-my399-2021-03-30-1075-1289", ["101.95 billion yuan"]),
        ("/dataset/cekg", ["every number leads to the sentence"]),
    ],
)
def test_every_kind_of_thing_has_a_page_in_words(client, address, shown):
    page = client.get(f"{address}.html").text
    for text in shown:
        assert text in page


def test_a_page_links_its_own_triples(client):
    page = client.get("/city/harbin.html").text
    for suffix, media_type in (
        ("ttl", "text/turtle"),
        ("jsonld", "application/ld+json"),
        ("nt", "application/n-triples"),
        ("rdf", "application/rdf+xml"),
        ("csv", "text/csv"),
    ):
        assert f'<link rel="alternate" type="{media_type}" href="/city/harbin.{suffix}">' in page


def test_the_front_page_shows_the_total_with_everything_that_makes_it_up(client):
    page = client.get("/").text
    for text in (
        "621.37",
        "396.21",
        "225.16",
        "136.26",
        "agrees to the last digit",
        "no rate stated",
        "not GDP",
    ):
        assert text in page
    assert page.count('<span class="none">no rate stated</span>') == 2
    assert page.count("<blockquote>") == 10
    assert 'scope="col"' in page
    assert 'scope="row"' in page
    assert "<caption>" in page


def test_the_front_page_counts_what_is_there(client, app):
    found = front.counts(app.catalog)
    assert (found.sources, found.cities) == (2, 1)
    assert found.facts > found.observations > found.industries > 8
    page = client.get("/").text
    assert f"<dd>{found.observations}</dd>" in page


@pytest.mark.parametrize("example", resources.examples(), ids=lambda example: example.slug)
def test_every_example_runs_and_can_be_taken_away(client, example):
    page = client.get(f"/queries/{example.slug}")
    assert page.status_code == 200
    assert example.title in page.text.replace("&#39;", "'").replace("&amp;", "&")
    assert 'role="alert"' not in page.text
    assert f'href="/queries/{example.slug}.csv' in page.text


def test_a_browser_runs_a_query_and_gets_a_page_with_the_form(client):
    answer = client.get("/sparql", query_string={"query": "SELECT (1 AS ?x) {}"}, headers={"Accept": FIREFOX})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "1 row" in answer.text
    assert "SELECT (1 AS ?x) {}</textarea>" in answer.text


def test_a_browser_sees_where_its_query_is_wrong_and_can_mend_it(client):
    answer = client.get(
        "/sparql", query_string={"query": "SELECT * {\n ?s ?p }"}, headers={"Accept": FIREFOX}
    )
    assert answer.status_code == 400
    assert "Line 2, column" in answer.text
    assert " ?s ?p }\n" in answer.text
    assert "?s ?p }</textarea>" in answer.text


def test_the_sparql_page_runs_without_script(client):
    page = client.get("/sparql", headers={"Accept": FIREFOX}).text
    assert '<form class="query" action="/sparql" method="get">' in page
