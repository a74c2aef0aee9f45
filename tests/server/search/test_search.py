"""The pages of search: what is found by kind, for people and for programs, in both languages."""

import json
import re
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

from kg import names
from server.search.matching import LONGEST

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
JSON = {"Accept": "application/json"}


def page(client, text, status=200, **others):
    answer = client.get("/search", query_string={"q": text, **others}, headers=BROWSER)
    assert answer.status_code == status
    return answer.text


def data(client, text, **others):
    answer = client.get("/search", query_string={"q": text, **others}, headers=JSON)
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    return answer.json


def sections(html):
    """The titles of the kinds on a page, each with the addresses that its results lead to."""
    found = re.findall(r'<section class="found">\s*<h2>(.*?)</h2>(.*?)</section>', html, re.DOTALL)
    return {title: re.findall(r'<a href="([^"]*)"', body) for title, body in found}


def test_results_stand_by_kind_and_lead_to_their_pages(client):
    found = sections(page(client, "finance"))
    assert list(found) == ["Industries", "Figures", "Sentences"]
    assert found["Industries"] == ["/industry/finance"]
    assert all(address.startswith("/obs/harbin-finance-") for address in found["Figures"])


def test_every_result_leads_somewhere(client):
    for text in ("harbin", "industry", "City", "2020"):
        for address in (each for found in sections(page(client, text)).values() for each in found):
            assert client.get(address).status_code in {200, 303}, address


def test_the_words_are_marked_and_a_sentence_leads_to_its_source_and_facts(client):
    html = page(client, "revenue 80.7", kind="quote")
    assert "with total annual <mark>revenue</mark> of <mark>80.7</mark> billion yuan" in html
    (addresses,) = sections(html).values()
    assert addresses[0] == "/source/e-my399-2021-03-30"
    assert "/quote/e-my399-2021-03-30-1454-1591" in addresses
    assert "/obs/harbin-biomedicine-revenue-2020-level-80700000000-cny" in addresses


def test_the_other_name_that_matches_is_shown(client):
    assert re.search(r"also called <span>\s*<mark>finance</mark></span>", page(client, "finance"))
    assert re.search(
        r'also called <span lang="zh-[Hh]ans">哈尔滨</span> \(by its sound\)', page(client, "haerbin")
    )
    assert "also called" not in page(client, "Harbin", kind="city")


def test_a_chinese_reader_gets_chinese_names_and_titles(client):
    html = page(client, "finance", lang="zh-Hans")
    assert list(sections(html)) == ["产业", "数字", "语句"]
    assert '<a href="/industry/finance">金融</a>' in html
    client.delete_cookie("lang")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Habrin", "Nothing is spelled “Habrin”. This comes close."),
        ("哈爾濱", "Nothing is written “哈爾濱”. This sounds the same."),
        ("harbin qwzx", "Nothing has all the words of “harbin qwzx”. This has some of them."),
        ("qwzxqwzx", "Nothing is found for “qwzxqwzx”, and nothing that comes close."),
        ("!!!", "Nothing is found for “!!!”, and nothing that comes close."),
    ],
)
def test_where_nothing_matches_as_it_is_written_the_page_says_so(client, text, said):
    assert f'<p role="status">{said}</p>' in page(client, text)


def test_where_nothing_is_found_the_page_leads_to_what_there_is(client):
    assert '<a href="/search">Everything, by kind</a>' in page(client, "qwzxqwzx")
    assert "Everything, by kind" not in page(client, "Harbin")


@pytest.mark.parametrize("address", ["/search", "/search?q=", "/search?q=&kind=&page="])
def test_without_a_text_there_is_the_form_and_how_much_there_is_of_each_kind(client, address):
    answer = client.get(address, headers=BROWSER)
    assert answer.status_code == 200
    assert answer.text.count('<form class="search"') == 1
    assert "<h2>" not in answer.text
    assert re.findall('<a href="([^"]*)">Metrics <span class="tally">15</span>', answer.text) == [
        "/search?kind=metric"
    ]


def test_a_kind_is_chosen_with_its_count_and_kept_in_the_form(client):
    html = page(client, "harbin", kind="obs")
    filters = re.findall(
        r'<a href="([^"]*)"( aria-current="true")?>(\S+?) <span class="tally">(.*?)</span>', html
    )
    assert ("/search?q=harbin&amp;kind=obs", ' aria-current="true"', "Figures", "32") in filters
    assert filters[0][0] == "/search?q=harbin"
    assert '<input type="hidden" name="kind" value="obs">' in html
    assert list(sections(html)) == ["Figures"]


def test_pages_of_twenty_follow_each_other(client):
    total = data(client, "harbin")["total"]
    seen, address = [], "/search?q=harbin"
    while address:
        html = client.get(address, headers=BROWSER).text
        seen.append(html.count("<li>"))
        following = re.search(r'<a href="([^"]*)" rel="next"', html)
        address = following and following[1].replace("&amp;", "&")
    assert (sum(seen), set(seen[:-1])) == (total, {20})
    assert f"Page {len(seen)} of {len(seen)}" in html


def test_a_program_gets_the_same_as_data(client):
    found = data(client, "Habrin")
    assert (found["q"], found["kind"], found["page"], found["more"]) == ("Habrin", None, 1, [])
    assert found["total"] == sum(found["counts"].values())
    assert found["pages"] == -(-found["total"] // 20)
    assert found["hits"][0] == {
        "iri": names.thing("city", "harbin"),
        "address": "http://localhost/city/harbin",
        "kind": "city",
        "label": "Harbin",
        "language": "en",
        "matched": "Harbin",
        "match": "slip",
        "score": 83.3,
    }
    assert len(found["hits"]) == 20
    assert len({hit["iri"] for hit in found["hits"]}) == 20


def test_a_program_gets_the_labels_of_its_language(client):
    answer = client.get("/search?q=harbin", headers={**JSON, "Accept-Language": "zh-CN"})
    assert answer.json["hits"][0]["label"] == "哈尔滨"
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))


@pytest.mark.parametrize(
    ("accept", "form", "content_type"),
    [
        (None, None, "application/json"),
        ("*/*", None, "application/json"),
        (BROWSER["Accept"], None, "text/html; charset=utf-8"),
        (BROWSER["Accept"], "json", "application/json"),
        ("application/json", "html", "text/html; charset=utf-8"),
        ("application/json", "text/html", "text/html; charset=utf-8"),
    ],
)
def test_the_format_is_that_asked_for_by_name_then_by_accept(client, accept, form, content_type):
    parameters = {"q": "harbin", **({"format": form} if form else {})}
    answer = client.get("/search", query_string=parameters, headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.content_type) == (200, content_type)


def test_a_format_that_there_is_not_is_406_by_accept(client):
    assert client.get("/search?q=a", headers={"Accept": "text/turtle"}).status_code == 406


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"q": "a" * (LONGEST + 1)}, "201 characters"),
        ({"q": "哈" * 10_000}, "10,000 characters"),
        ({"q": "a", "kind": "person"}, "There is city, region"),
        ({"q": "a", "kind": "<script>"}, "There is no kind"),
        ({"q": "a", "page": "0"}, "pages are numbered from 1"),
        ({"q": "a", "page": "-1"}, "pages are numbered from 1"),
        ({"q": "a", "page": "1.5"}, "pages are numbered from 1"),
        ({"q": "a", "page": "²"}, "pages are numbered from 1"),
        ({"q": "a", "page": "9" * 5_000}, "pages are numbered from 1"),
        ({"q": "harbin", "page": "99"}, "There is no page 99"),
        ({"q": "a", "format": "xml"}, "There is format=json"),
        ({"q": "a", "format": ""}, "There is format=json"),
        ({"q": "a", "lang": "tlh"}, "do not speak"),
    ],
)
@pytest.mark.parametrize("headers", [BROWSER, JSON], ids=["page", "problem"])
def test_what_there_is_not_is_400_and_says_what_there_is(client, parameters, said, headers):
    answer = client.get("/search", query_string=parameters, headers=headers)
    assert answer.status_code == 400
    assert said in answer.text
    if headers is JSON:
        assert (len(answer.data) < 1_000, answer.mimetype) == (True, "application/problem+json")
    else:
        assert "<script>" not in answer.text


@pytest.mark.parametrize(
    "text",
    [
        '"><script>alert(1)</script>',
        "' onfocus='alert(1)",
        "</title><b>",
        "\u202egnp.exe",
        "%00",
        "\0",
        "{{ 7*7 }}",
    ],
)
def test_markup_in_what_is_asked_for_is_text(client, text):
    html = page(client, text)
    for mark in ("<script>alert", "<b>", "' onfocus"):
        assert mark not in html
    assert "49" not in re.findall(r"<h1>.*?</h1>|<title>.*?</title>", html)
    assert data(client, text)["q"] == text


def test_bytes_that_are_no_text_come_out_as_text(client):
    answer = client.get("/search?q=%ED%A0%80%FF%00harbin&q=other", headers=BROWSER)
    assert answer.status_code == 200
    assert "/city/harbin" in answer.text


def test_markup_in_labels_and_sentences_is_text(hostile_client):
    html = page(hostile_client, "ships & boats")
    assert "&lt;b onclick=&#39;x&#39;&gt;<mark>ships</mark>&lt;/b&gt;" in html
    assert "&lt;script&gt;<mark>alert</mark>(1)&lt;/script&gt;" in page(hostile_client, "alert")
    for html in (page(hostile_client, "ships"), page(hostile_client, "alert")):
        assert "<script>alert" not in html
        assert "<b onclick" not in html
    (label,) = hostile_client.get("/search/suggest?q=ships").json[1]
    assert label == "<b onclick='x'>ships</b> & \"boats\""


def test_a_page_may_be_asked_for_again_by_its_etag(client):
    answer = client.get("/search?q=harbin", headers=BROWSER)
    again = client.get("/search?q=harbin", headers={**BROWSER, "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/search?q=finance", headers=BROWSER).headers["ETag"] != answer.headers["ETag"]


def test_suggestions_are_what_browsers_take(client):
    answer = client.get("/search/suggest?q=harb")
    assert answer.content_type == "application/x-suggestions+json"
    text, labels, descriptions, addresses = json.loads(answer.text)
    assert (text, labels[0], descriptions[0]) == ("harb", "Harbin", "City")
    assert addresses[0] == "http://localhost/city/harbin"
    assert len(labels) == len(descriptions) == len(addresses) == 8


def test_a_suggestion_says_by_which_name_it_came(client):
    assert client.get("/search/suggest?q=wuliu").json[1:3] == [["modern logistics"], ["Industry · 物流"]]
    found = client.get("/search/suggest?q=wuliu", headers={"Accept-Language": "zh"}).json
    assert found[1:3] == [["现代物流"], ["产业 · 物流"]]


@pytest.mark.parametrize("text", ["", " ", "!!!", "qwzxqwzx"])
def test_where_there_is_nothing_to_suggest_there_are_no_suggestions(client, text):
    assert client.get("/search/suggest", query_string={"q": text}).json == [text, [], [], []]


def test_a_text_too_long_for_suggestions_is_400(client):
    assert client.get("/search/suggest", query_string={"q": "a" * 201}).status_code == 400


def test_browsers_are_told_of_the_search(client):
    html = client.get("/", headers=BROWSER).text
    link = re.search(r'<link rel="search" type="([^"]*)" href="([^"]*)"', html)
    answer = client.get(link[2])
    assert (answer.status_code, answer.mimetype) == (200, link[1])
    root = ElementTree.fromstring(answer.text)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert len(root.findtext(f"{space}ShortName")) <= 16
    for url in root.findall(f"{space}Url"):
        address = urlsplit(
            url.get("template").replace("{searchTerms}", "harbin").replace("{startPage?}", "1")
        )
        assert address.netloc == "localhost"
        found = client.get(f"{address.path}?{address.query}", headers={"Accept": url.get("type")})
        assert (found.status_code, found.mimetype) == (200, url.get("type"))


def test_the_box_stands_on_every_page_and_needs_no_script(client):
    for address in ("/", "/city/harbin.html", "/queries", "/ont.html", "/city/nowhere"):
        html = client.get(address, headers=BROWSER).text
        form = re.search(r'<form class="search" action="([^"]*)" role="search">.*?</form>', html, re.DOTALL)
        assert form[1] == "/search", address
        assert 'name="q"' in form[0]
        assert "role=" not in form[0].partition("<input")[2], "a combobox only where there is a script for it"


def test_no_script_writes_markup(client):
    with client.get("/static/search.js") as answer:
        script = answer.text
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|\.style\b", script)


def test_an_address_that_leads_nowhere_shows_what_is_near(client):
    answer = client.get("/city/Harbn", headers=BROWSER)
    assert answer.status_code == 404
    assert '<a href="/city/harbin">Harbin</a>' in answer.text


def test_a_snapshot_without_an_index_says_so_and_serves_everything_else(bare_client):
    for headers in (BROWSER, JSON):
        answer = bare_client.get("/search?q=northport", headers=headers)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3600")
        assert "has no search index" in answer.text
    assert bare_client.get("/search/suggest?q=north").json == ["north", [], [], []]
    assert bare_client.get("/city/northport.html").status_code == 200
    assert bare_client.get("/city/northprt", headers=BROWSER).status_code == 404
    assert bare_client.get("/").status_code == 200


def test_a_page_asks_as_many_queries_whatever_it_shows(app, client, monkeypatch):
    asked = []
    catalog = app.catalog
    monkeypatch.setattr(
        catalog, "labels", lambda iris, tag, known=catalog.labels: asked.append(tag) or known(iris, tag)
    )
    monkeypatch.setattr(catalog, "select", lambda *_, **__: pytest.fail("a page of search asks the index"))
    for text in ("harbin", "wuliu", "qwzxqwzx"):
        page(client, text)
    assert asked == ["en", "zh-Hans"] * 3


def test_the_address_of_a_search_keeps_what_was_asked_for(client):
    html = page(client, "a&b=c #industry", kind="")
    for address in re.findall(r'<a href="(/search\?[^"]*)"', html):
        assert parse_qs(urlsplit(address.replace("&amp;", "&")).query)["q"] == ["a&b=c #industry"]


def test_all_of_a_kind_are_found_without_a_text_page_by_page(client):
    listed = data(client, "", kind="obs", page="2")
    assert (listed["total"], listed["pages"], len(listed["hits"])) == (32, 2, 12)
    assert {hit["match"] for hit in listed["hits"]} == {"kind"}
    first = data(client, "", kind="obs")["hits"]
    assert len({hit["iri"] for hit in (*first, *listed["hits"])}) == 32
    assert list(sections(page(client, "", kind="industry"))) == ["Industries"]


@pytest.mark.parametrize("address", ["/industry", "/industry/"])
def test_an_address_cut_short_leads_to_all_of_its_kind(client, address):
    answer = client.get(address, headers=BROWSER)
    assert (answer.status_code, answer.location) == (303, "/search?kind=industry")
    answer = client.get(f"{address}?lang=zh-Hans", headers=BROWSER)
    assert answer.location == "/search?kind=industry&lang=zh-Hans"


def test_facts_are_listed_by_their_names_in_the_language_of_the_reader_alone(client):
    html = page(client, "", kind="obs", lang="zh-Hans")
    assert ">哈尔滨 · 绿色农产品深加工 · 产值目标：至少1,000亿元</a>" in html
    assert "deep processing" not in html
    assert "哈尔滨" not in page(client, "", kind="obs", lang="en")


def test_of_what_nobody_looks_for_there_is_no_list(client):
    assert client.get("/mapping", headers=BROWSER).status_code == 404
