"""Citations: what a stranger's program reads is what the article says, whatever characters that has."""

import json

import pytest

from server.pages import citation
from server.pages.citation import Citation
from server.pages.language import ENGLISH, choose

FIGURE = "/obs/harbin-green-agriculture-output-value-2020-growth-9-3-percent"
HOSTILE = "Rates {of 5 %} & $9_8 #1 ~ ^ \\ “é” 哈尔滨 “\N{RIGHT-TO-LEFT OVERRIDE}x”\nnext"


def cited(**others):
    given = {
        "key": "news-2021:x",
        "title": "Up",
        "publisher": "News",
        "date": "2021-03-30",
        "label": "Updated",
        "address": "http://news.example/1",
        "language": "en",
        "fact": "Rum · 2020: 5",
        "page": "https://w3id.org/cekg/obs/rum",
        "snapshot": "3f2a",
    }
    return Citation(**{**given, **others})


def test_words_name_the_article_the_figure_its_page_and_the_snapshot():
    assert citation.words(cited(), ENGLISH) == (
        "News (Updated 30 March 2021): “Up”. http://news.example/1. Cited for: Rum · 2020: 5. "
        "Read and checked in: City Economy Knowledge Graph, snapshot 3f2a. https://w3id.org/cekg/obs/rum"
    )
    assert citation.words(cited(), choose("zh")).startswith("News（更新于2021年3月30日）：“Up”")


def test_csl_is_json_with_the_words_as_they_are():
    (item,) = json.loads(citation.csl([cited(title='A "b" \\ {c}')], ENGLISH))
    assert item["title"] == 'A "b" \\ {c}'
    assert item["issued"] == {"date-parts": [[2021, 3, 30]]}
    assert item["archive_location"] == "https://w3id.org/cekg/obs/rum"
    assert "snapshot 3f2a" in item["note"]


def test_what_nobody_sees_is_left_out():
    title = "Up \N{RIGHT-TO-LEFT OVERRIDE}and\N{ZERO WIDTH SPACE}\r\n  down\x00"
    (item,) = json.loads(citation.csl([cited(title=title)], ENGLISH))
    assert item["title"] == "Up and down"
    assert "“Up and down”" in citation.words(cited(title=title), ENGLISH)


@pytest.mark.parametrize("date", ["", "2021", "2021-13-01", "yesterday", "2021-03-30T00:00:00Z"])
def test_what_is_no_date_is_left_out(date):
    (item,) = json.loads(citation.csl([cited(date=date)], ENGLISH))
    assert "issued" not in item
    assert "year" not in citation.bibtex([cited(date=date)], ENGLISH)


@pytest.mark.parametrize("text", [HOSTILE, "{", "}", "}}{{", "\\", "\\}", "%", "@misc{x,", '"', "a,\n}"])
def test_braces_stay_in_balance(text):
    entry = citation.bibtex([cited(title=text, publisher=text, fact=text, label=text)], ENGLISH)
    depth = 0
    for character in entry:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert entry.count("\n@") == 0


@pytest.mark.parametrize("address", ["http://n.example/a{b}c\\d e", "http://n.example/?q=é%20&x_y=1#z~"])
def test_an_address_ends_no_field_and_stays_readable(address):
    (line,) = (
        each for each in citation.bibtex([cited(address=address)], ENGLISH).splitlines() if "url =" in each
    )
    value = line.removeprefix("  url = {").removesuffix("},")
    assert not set("{}\\ ") & set(value)
    assert value.startswith("http://n.example/")
    assert "\\" not in value


def test_a_parser_of_bibtex_reads_the_title_as_it_was():
    bibtexparser = pytest.importorskip("bibtexparser")
    from bibtexparser.middlewares import LatexDecodingMiddleware

    title = "Rates of 5 % & $9_8 #1 ~ \\ “é” 哈尔滨"
    text = citation.bibtex([cited(title=title), cited(key="other", title=HOSTILE)], ENGLISH)
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert not library.failed_blocks
    assert [each.key for each in library.entries] == ["news-2021:x", "other"]
    fields = library.entries[0].fields_dict
    assert fields["title"].value == title
    assert fields["author"].value == "News"
    assert fields["year"].value == "2021"
    assert "snapshot 3f2a" in fields["note"].value


@pytest.mark.parametrize(
    ("suffix", "media_type", "said"),
    [
        ("bib", "application/x-bibtex; charset=utf-8", "@misc{e-my399-2021-03-30:harbin-green-agriculture-"),
        ("csl.json", "application/vnd.citationstyles.csl+json", '"type": "article-newspaper"'),
    ],
)
def test_a_figure_has_its_citation_as_a_file(client, suffix, media_type, said):
    answer = client.get(f"{FIGURE}.{suffix}")
    assert (answer.status_code, answer.content_type) == (200, media_type)
    assert said in answer.text
    assert "https://w3id.org/cekg" + FIGURE in answer.text
    assert answer.headers["Content-Language"] == "en"


def test_a_citation_is_in_the_language_that_is_asked_for(client):
    answer = client.get(f"{FIGURE}.csl.json?lang=zh", headers={"Accept-Language": "en"})
    assert "产值增长率" in answer.text
    assert (
        client.get(f"{FIGURE}.csl.json", headers={"Accept-Language": "zh"}).headers["Content-Language"]
        == "en"
    )


@pytest.mark.parametrize("address", ["/city/harbin.bib", "/obs/nothing.bib", "/quote/x.csl.json"])
def test_what_is_no_fact_has_no_citation(client, address):
    assert client.get(address).status_code == 404


def test_a_figure_of_two_articles_cites_both(client):
    address = "/obs/harbin-4-plus-4-total-scale-2020-level-621370000000-cny.csl.json"
    keys = [each["id"].partition(":")[0] for each in client.get(address).get_json(force=True)]
    assert keys == ["e-my399-2021-03-30", "e-my399-2021-08-04"]
