"""The page of a city: what an economist looks for, each number one click from its sentence."""

import re
from html.parser import HTMLParser
from urllib.parse import urldefrag

import pytest

from kg import names
from server.pages import city, evidence
from server.pages.catalog import texts
from server.pages.language import ENGLISH, choose

FIREFOX = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
HARBIN = names.thing("city", "harbin")


class Page(HTMLParser):
    """The texts of links by address, the headings, and every cell of the tables."""

    def __init__(self, text):
        super().__init__()
        self.links, self.headings, self.tags = {}, [], set()
        self._inside, self._href = [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self._inside.append(tag)
        if tag == "a":
            self._href = dict(attributes).get("href")

    def handle_endtag(self, tag):
        if tag in self._inside:
            del self._inside[len(self._inside) - 1 - self._inside[::-1].index(tag) :]
        if tag == "a":
            self._href = None

    def handle_data(self, data):
        if self._href:
            self.links.setdefault(self._href, []).append(data.strip())
        if {"h1", "h2"} & set(self._inside):
            self.headings.append(data.strip())


@pytest.fixture(scope="module")
def pages(app):
    client = app.test_client()
    return {
        tag: client.get(f"/city/harbin.html?lang={tag}", headers=FIREFOX).text for tag in ("en", "zh-Hans")
    }


@pytest.fixture(scope="module")
def view(app):
    return city.page(app.catalog, HARBIN, ENGLISH, choose("zh"))


def test_it_says_its_name_in_both_languages_and_where_it_lies(pages):
    for text in ("Harbin", "哈尔滨", "capital of", 'href="/region/heilongjiang"'):
        assert text in pages["en"]
    for text in ("哈尔滨", "Harbin", "首府"):
        assert text in pages["zh-Hans"]


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        ("en", "32 figures, 14 metrics, 10 industries, 4 policies, and 2 sources; years: 2020"),
        ("zh-Hans", "32个数据、14项指标、10个产业、4项政策和2个来源；年份：2020年"),
    ],
)
def test_one_sentence_counts_what_is_stated(pages, tag, told):
    assert told in pages[tag]


def test_the_total_has_its_industries_in_two_groups_and_every_number_leads_to_its_page(view):
    (total,) = view.totals
    assert (total.year, total.words, total.agrees) == (2020, "621.37 billion yuan", True)
    assert [len(group.rows) for group in total.groups] == [4, 4]
    cited = [total.stated, *(row.value for group in total.groups for row in group.rows)]
    assert {number.href.split("/")[1] for number in cited} == {"obs"}
    assert not any(number.quotes for number in cited)


def test_charts_show_values_by_group_growth_with_what_has_no_rate_and_shares(view):
    values, growth, shares = view.charts
    assert [(row["group"], str(row["value"])) for row in values.rows][0::4] == [
        ("Harbin's four leading industries", "136.26"),
        ("Harbin's four advantageous industries", "89.47"),
    ]
    assert [str(row["value"]) for row in growth.rows] == [
        "11.6",
        "9.3",
        "7.5",
        "6.4",
        "2.9",
        "2.6",
        "None",
        "None",
    ]
    assert "no rate stated" in str(growth.spec)
    assert str(shares.rows[-1]["end"]).startswith("100")


def test_a_chart_can_be_taken_away(client, view):
    for chart in view.charts:
        assert client.get(chart.spec_href).json["data"]["values"]
        assert client.get(chart.csv_href).text.startswith("name,")


def test_a_target_stands_beside_its_result(view):
    (target,) = view.targets
    assert (target.target.text, target.due) == ("at least 100 billion yuan", "2021")
    assert (target.result.text, target.achieved, target.ahead) == (
        "101.95 billion yuan",
        "2020",
        "1 year ahead",
    )
    assert target.worked_out


def test_ranks_policies_and_recognitions_are_there_with_their_status(view):
    (rank,) = view.ranks
    assert (rank.rank.text, rank.among.text) == ("rank 1", "Northeast China")
    status = {policy.name.text: policy.status.text for policy in view.policies}
    assert len(status) == 4
    assert "in progress" in status.values()
    assert [
        [each.text for each in policy.recognitions] for policy in view.policies if policy.recognitions
    ] == [["national model"]]


def test_every_figure_of_the_city_is_on_its_page_once(app, view):
    shown = [row.amount.href for metric in view.metrics for row in metric.rows]
    shown += [
        number.href for t in view.totals for g in t.groups for r in g.rows for number in (r.value, *r.growth)
    ]
    shown += [total.stated.href for total in view.totals]
    shown += [target.target.href for target in view.targets] + [rank.rank.href for rank in view.ranks]
    stated = app.catalog.pointing(HARBIN, names.term("ofCity"))
    assert sorted(shown) == sorted(iri.removeprefix(names.BASE[:-1]) for iri in stated if "/obs/" in iri)


def test_a_period_that_no_source_states_is_told_as_such_in_both_languages(pages):
    assert "not stated; known on 4 August 2021" in pages["en"]
    assert "未注明；不晚于2021年8月4日" in pages["zh-Hans"]


def test_figures_come_newest_first(view):
    periods = [metric.rows[0].period for metric in view.metrics]
    assert periods.index("2020") > periods.index("not stated; known on 4 August 2021")
    assert view.metrics[-1].rows[0].period == "2020"


@pytest.mark.parametrize("tag", ["en", "zh-Hans"])
def test_every_link_answers_and_the_sections_are_headed(app, pages, tag):
    client = app.test_client()
    page = Page(pages[tag])
    assert len(page.headings) > 7
    for href in page.links:
        address = urldefrag(href).url
        if address.startswith("/"):
            answer = client.get(address, headers=FIREFOX, follow_redirects=True, buffered=True)
            assert answer.status_code == 200, href


def test_links_elsewhere_and_its_own_data_are_at_the_foot(pages):
    foot = pages["en"][pages["en"].index('id="elsewhere"') :]
    for text in (
        "Wikidata",
        "Q42956",
        "The item is the prefecture-level city, capital of Heilongjiang, as in the articles.",
        "matched by hand, 21 November 2026",
        "/mapping/city-harbin-wikidata-q42956",
        "GeoNames",
        "Harbin city",
        "哈尔滨市",
        names.BASE + "city/harbin",
        ".ttl",
    ):
        assert text in foot


def test_hostile_names_are_text(sample_app):
    page = sample_app.test_client().get("/city/northport.html", headers=FIREFOX)
    assert page.status_code == 200
    assert "<b onclick" not in page.text
    assert 'href="javascript:' not in page.text
    assert "&lt;b onclick=" in page.text
    assert "differs by 250,000 yuan" in page.text


def test_a_city_of_which_nothing_is_stated_has_a_page_too(years_app):
    page = years_app.test_client().get("/city/still-town.html", headers=FIREFOX)
    assert page.status_code == 200
    assert "Nothing is stated of it." in page.text
    assert "/series/" not in page.text


def test_the_page_of_a_large_city_is_light_and_reads_no_more_than_it_shows(large):
    answer = large().get("/city/bababa.html", headers=FIREFOX)
    assert answer.status_code == 200
    assert len(answer.data) < 150_000
    assert len(re.findall(r'<td class="number">', answer.text)) <= 90
    assert "210 more figures" in answer.text
    assert "?metric=output-value" in answer.text


def test_the_words_of_each_number_are_marked_in_its_sentences(app):
    facts = [iri for iri in app.catalog.pointing(HARBIN, names.term("ofCity")) if "/obs/" in iri]
    found = evidence.marked(app.catalog, facts)
    for fact in facts:
        assert {each.iri for each in found[fact]} == set(
            texts(app.catalog.about(fact), names.term("evidence"))
        )
        said = [each.text[start:end] for each in found[fact] for start, end in each.marks]
        assert set(said) == set(texts(app.catalog.about(fact), names.term("valueText")))
