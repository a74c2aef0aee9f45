"""Why? A fact leads to its sentence, says how each word of it was read, and hides no other figure."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import names, snapshot
from kg.facts import REASONS
from server.app import create_app
from server.pages import article, fact, quote, reasoning, relatives, statements
from server.pages.catalog import Catalog
from server.pages.language import ENGLISH, choose
from tests.server.conftest import settings_for

HERE = Path(__file__).parent
CHINESE = choose("zh")
OBS = "/obs/harbin-"
AGRICULTURE = OBS + "green-agriculture-output-value-"
SHARE = OBS + "4-plus-4-total-investment-2020-share-of-key-industrial-project-investment-more-than-40-percent"
TOTAL = OBS + "4-plus-4-total-scale-2020-level-621370000000-cny"


class Words(HTMLParser):
    """What a page says, without its markup; ``outside`` of links alone where that is wanted."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.said, self.silent = [], 0
        self.feed(text)

    def handle_starttag(self, tag, _):
        self.silent += tag in {"script", "style"}

    def handle_endtag(self, tag):
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data):
        if not self.silent:
            self.said.append(data)

    def __str__(self):
        return re.sub(r"\s+", " ", "".join(self.said)).replace("\N{NARROW NO-BREAK SPACE}", " ")


def words(client, address, language="en"):
    answer = client.get(f"{address}.html?lang={language}")
    assert answer.status_code == 200, address
    return str(Words(answer.text))


@pytest.fixture(scope="module")
def facts(app):
    """Every fact of the real graph, by its IRI."""
    sources = [row.text("source") for row in app.catalog.select("sources")]
    found = {row.text("fact") for each in sources for row in app.catalog.select("facts", of=each)}
    return statements.read(app.catalog.said_of(found))


@pytest.fixture(scope="module")
def rivals(tmp_path_factory):
    """A client over the graph of the harbour."""
    quads = ox.parse((HERE / "rivals.trig").read_bytes(), format=ox.RdfFormat.TRIG)
    lines = ox.serialize(quads, format=ox.RdfFormat.N_QUADS).splitlines(keepends=True)
    root = tmp_path_factory.mktemp("rivals")
    snapshot.publish(root, nquads=b"".join(sorted(lines)), files={}, about={})
    app = create_app(settings_for(root, workers=1))
    yield app.test_client()
    app.close()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (
            AGRICULTURE + "2020-growth-9-3-percent",
            [
                "Harbin · deep processing of green agricultural products · growth of output value · 2020",
                "+9.3 %",
                "A growth rate: the change against 2019, the year before.",
                "“In the past year” in an article of 30 March 2021 means 2020.",
                "Stands one sentence before.",
                "“Year-on-year”: against 2019.",
                "The level that grew 101.95 billion yuan",
                "Updated 30 March 2021",
                "No other source in the graph states this figure.",
            ],
        ),
        (
            AGRICULTURE + "2020-level-101950000000-cny",
            [
                "value 101.95 billion yuan 101,950,000,000 yuan",
                "A level: the amount or the count itself.",
                "Its growth +9.3 %",
                "The target that it met at least 100 billion yuan",
                "1.95 % above the target",
                "The total that it contributes to 621.37 billion yuan",
                "it is 16.4 % of this, computed",
            ],
        ),
        (
            AGRICULTURE + "undated-target-at-least-100000000000-cny",
            [
                "target for output value · due by 2021",
                "A target for 2021: what was to be reached, not what was measured.",
                "Met in 2020, so it was due by 2021. That follows by arithmetic and is not printed.",
                "The article states no period. What it says was known on its date, 30 March 2021.",
                "The result that met it 101.95 billion yuan",
            ],
        ),
        (
            SHARE,
            [
                "total investment as a share of investment in key industrial projects",
                "A share: how much of investment in key industrial projects.",
                "more than 40 percent more than 40 % A bound: the article gives no exact value.",
                "The amount that is the share 12.93 billion yuan",
            ],
        ),
        (
            OBS + "outside-capital-used-2020-growth-36-7-percent",
            [
                "A growth rate; the article does not say against which year.",
                "The base year is not stated.",
                "“Last year” in an article of 4 August 2021 means 2020.",
            ],
        ),
        (
            OBS + "online-government-service-capacity-undated-rank-1-in-northeast-china",
            [
                "rank by online government service capacity in Northeast China",
                "ranked first rank 1",
                "“A few days ago” names no day.",
                "What it says was known on the date of the article, 4 August 2021.",
            ],
        ),
        (
            OBS + "contracted-value-2020-converted-58750000000-usd",
            [
                "total contracted value, converted",
                "$58.75 billion 58,750,000,000 US dollars",
                "Printed by the article; nothing was converted here.",
                "The amount before it was converted 391.54 billion yuan",
                "6.665 CNY for 1 USD, computed from the two",
            ],
        ),
        (
            TOTAL,
            [
                "The sentence names who says so: Harbin Development and Reform Commission.",
                "2 articles state it, all of one publisher, so they count as one voice.",
                "What contributes to it 136.26 billion yuan characteristic culture and tourism",
                "21.9 % of it, computed",
                "Together 621.37 billion yuan: the stated total, to the last digit.",
            ],
        ),
        (
            "/relation/finance-part-of-harbin-advantageous-four",
            ["financial industry · part of · Harbin's four advantageous industries", "member finance"],
        ),
        (
            "/recognition/construction-project-approval-reform-national-model",
            ["approval reform of construction projects · national model", "recognised as a national model"],
        ),
    ],
)
def test_a_fact_says_how_it_was_read_and_what_it_hangs_together_with(client, address, said):
    page = words(client, address)
    for text in said:
        assert text in page, text


def test_the_value_is_marked_and_the_sentence_leads_to_its_place_in_the_article(client):
    page = client.get(TOTAL + ".html?lang=en").text
    assert "<title>Harbin&#39;s “4+4” modern industrial system · total scale · 2020: 621.37" in page
    assert page.count("<mark>621.37 billion yuan</mark>") == 2
    assert page.count("<mark>") == 2
    assert 'href="/source/e-my399-2021-03-30.html#q-103-214"' in page
    assert 'href="/source/e-my399-2021-03-30.html#p-246-288"' not in page  # the same sentence
    page = client.get(AGRICULTURE + "2020-growth-9-3-percent.html").text
    assert 'href="/source/e-my399-2021-03-30.html#p-870-886"' in page  # another one


def test_a_title_is_in_the_language_of_the_page_and_the_sentence_in_its_own(client):
    answer = client.get(AGRICULTURE + "2020-growth-9-3-percent.html?lang=zh")
    assert "哈尔滨 · 绿色农产品深加工 · 产值增长率 · 2020年" in str(Words(answer.text))
    assert '<blockquote lang="en">' in answer.text
    assert "+9.3" in answer.text


def test_other_figures_for_the_same_thing_are_shown_with_whether_they_agree(rivals):
    page = rivals.get("/obs/own.html").text
    said = str(Words(page))
    assert "210 million yuan fishing · turnover · 2023 5 % higher · Two News, 1 March 2024" in said
    assert "more than 150 million yuan fishing · turnover · 2023 does not contradict it" in said
    assert "No other source" not in said
    for other in (
        "other-year",
        "undated",
        "half-year",
        "other-city",
        "other-metric",
        "no-industry",
        "other-unit",
    ):
        assert f"/obs/{other}.html" not in page
    assert "/obs/other-kind.html" not in page
    assert "4.76 % lower" in str(Words(rivals.get("/obs/higher.html").text))


def test_what_the_editors_doubt_is_said(rivals):
    assert "Whether eels count is not said." in rivals.get("/obs/own.html").text


def test_a_fact_without_a_sentence_has_a_page(rivals):
    page = str(Words(rivals.get("/obs/other-year.html").text))
    assert "Northport · fishing · turnover · 2022" in page
    assert "How each part was read" not in page


def test_hostile_labels_and_titles_come_out_as_text(sample_app):
    client = sample_app.test_client()
    for address in (
        "/obs/northport-ships",
        "/obs/northport-size",
        "/source/northport-news",
        "/quote/northport-news-0-40",
    ):
        page = client.get(f"{address}.html").text
        assert "<script>alert" not in page
        assert "<b onclick" not in page
        assert "javascript:" not in page
        assert client.get(f"{address}.html?lang=zh").status_code == 200
    assert client.get("/obs/northport-ships.bib").status_code == 200
    assert client.get("/reading/northport-news-125-141-value.html").status_code == 200


class Counting(Catalog):
    """A catalogue that counts what it is asked."""

    asked = 0

    def select(self, name, **bound):
        self.asked += 1
        return super().select(name, **bound)


@pytest.mark.parametrize(
    ("view", "addresses", "most"),
    [
        (
            fact.page,
            [TOTAL, AGRICULTURE + "2020-growth-9-3-percent", OBS + "data-centers-undated-level-8"],
            1,
        ),
        (article.page, ["/source/e-my399-2021-03-30", "/source/e-my399-2021-08-04"], 2),
        (quote.quote_page, ["/quote/e-my399-2021-03-30-600-770", "/quote/e-my399-2021-03-30-291-493"], 1),
        (quote.reading_page, ["/reading/e-my399-2021-03-30-870-886-period"], 1),
    ],
)
def test_a_page_asks_as_many_queries_whatever_it_shows(built, view, addresses, most):
    for address in addresses:
        catalog = Counting(built)
        view(catalog, names.BASE + address[1:], ENGLISH, CHINESE)
        assert catalog.asked == most, address


class Missing(dict):
    """The messages of a language; those that it lacks are kept."""

    def __init__(self, messages):
        super().__init__(messages)
        self.lacked = set()

    def get(self, message, default=None):
        if message not in self:
            self.lacked.add(message)
        return super().get(message, default)


def test_everything_on_these_pages_is_said_in_chinese(app, facts):
    messages = Missing(CHINESE.messages)
    language = replace(CHINESE, messages=messages)
    catalog = app.catalog
    for iri, statement in facts.items():
        fact.page(catalog, iri, language, ENGLISH)
        for each in statement.readings:
            quote.reading_page(catalog, each, language, ENGLISH)
        for each in statement.quotes:
            quote.quote_page(catalog, each, language, ENGLISH)
        for each in statement.sources[:1]:
            article.page(catalog, each, language, ENGLISH)
    tables = (
        reasoning.ROLES.values(),
        statements.MEASURES.values(),
        relatives.TITLES,
        *((name, because) for name, because in REASONS.items()),
    )
    for message in {each for table in tables for each in table}:
        language.say(message)
    assert messages.lacked == set()


def test_each_fact_of_the_graph_has_its_page(client, facts):
    assert len(facts) > 40
    for iri, statement in facts.items():
        if statement.kind != "Policy":
            page = client.get(statements.address(iri)).text
            assert "<mark>" in page, iri


def test_roles_are_words_that_need_no_explanation(client):
    query = "SELECT ?role { ?role a cekg:ReadingRole }"
    answer = client.get("/sparql", query_string={"query": query, "format": "csv"})
    assert {names.local(each) for each in answer.text.split()[1:]} == set(reasoning.ROLES)
