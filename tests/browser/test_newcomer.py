"""What a newcomer does: from the front page to a sentence, by search, in Chinese, and away with data."""

import pytest

from kg import resources
from tests.protocol.wire import serving

TOTAL = "/obs/harbin-4-plus-4-total-scale-2020-level-621370000000-cny.html"
ARTICLE = "/source/e-my399-2021-03-30.html"


@pytest.fixture(scope="session")
def with_texts(snapshots):
    """Where a server stands that may show the articles as a whole."""
    with serving(snapshots, workers=1, articles=resources.data() / "sources") as live:
        yield live.address


def test_the_front_page_shows_the_picture_and_the_counts(open_page):
    page = open_page("/")
    assert page.locator("figure.strip svg rect").count() == 8
    counts = {each: int(page.locator(f".counts dt:text-is('{each}') + dd").inner_text()) for each in COUNTED}
    assert counts["facts"] > counts["figures"] > counts["industries"] > counts["sources"] == 2


COUNTED = ("sources", "facts", "figures", "industries")


def test_two_clicks_lead_from_the_front_page_to_the_sentence_of_a_number(open_page):
    page = open_page("/")
    page.locator("table.total a.figure", has_text="101.95").click()
    sentence = page.locator(":target")
    assert "101.95 billion yuan" in sentence.locator("mark").all_inner_texts()
    assert sentence.bounding_box()["y"] < 900, "it stands before the reader's eyes"
    sentence.get_by_role("link", name="101.95 billion yuan").click()
    assert page.locator("p.headline").inner_text() == "101.95 billion yuan"
    assert "101.95 billion yuan" in page.locator("blockquote mark").all_inner_texts()


def test_why_shows_the_value_in_its_sentence_and_a_citation_to_copy(open_page):
    page = open_page(TOTAL, permissions=["clipboard-read", "clipboard-write"])
    assert "621.37 billion yuan" in page.locator("blockquote mark").all_inner_texts()
    page.locator("details.copy[open] button.copier").click()
    page.locator("button.copier", has_text="Copied").wait_for()
    cited = page.locator("details.copy[open] pre").inner_text()
    assert "621.37 billion yuan" in cited
    assert page.evaluate("navigator.clipboard.readText()") == cited


def test_the_charts_of_a_city_are_drawn_beside_their_tables(open_page, brought):
    page = open_page("/city/harbin.html")
    charts = page.locator("figure.chart")
    assert charts.count() == 3
    for place in range(3):
        charts.nth(place).scroll_into_view_if_needed()
        charts.nth(place).locator("svg .mark-rect path").first.wait_for()


@pytest.mark.parametrize("is_whole", [False, True], ids=["quotes", "the whole text"])
def test_what_the_reader_marks_leads_to_its_fact(open_page, request, is_whole):
    where = {"address": request.getfixturevalue("with_texts")} if is_whole else {}
    page = open_page(ARTICLE, **where)
    assert ("This is the whole text" in page.locator("p.note").inner_text()) is is_whole
    assert (page.locator("p.text .gap").count() == 0) is is_whole
    page.locator("p.text a.says", has_text="101.95 billion yuan").click()
    page.wait_for_url("**/obs/**")
    assert "101.95 billion yuan" in page.locator("blockquote mark").all_inner_texts()


def test_search_offers_what_is_meant_and_the_keyboard_suffices(open_page):
    page = open_page("/")
    box = page.get_by_role("combobox")
    box.focus()
    page.keyboard.type("financ")
    page.get_by_role("option", name="financial industry").first.wait_for()
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url("**/industry/finance*")
    assert page.locator("h1").inner_text().startswith("Financial industry")


def test_the_language_that_a_reader_chooses_lasts(open_page):
    page = open_page("/")
    page.locator("header a.language").click()
    page.locator("header nav a[href='/queries']").click()
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    page.goto(page.url.partition("/queries")[0] + "/city/harbin")
    assert page.locator("h1").inner_text().startswith("哈尔滨")
    page.locator("header a.language").click()
    assert page.locator("h1").inner_text().startswith("Harbin")


def test_a_reader_takes_csv_and_turtle_away(open_page):
    page = open_page("/city/harbin.html")
    for name, media_type, begins in (
        ("CSV", "text/csv", "figure,label,kind,city"),
        ("Turtle", "text/turtle", "@prefix"),
    ):
        link = page.locator(f"p.formats a[type='{media_type}']")
        assert link.inner_text() == name
        answer = page.request.get(page.evaluate("link => link.href", link.element_handle()))
        assert answer.headers["content-type"].startswith(media_type)
        assert answer.text().startswith(begins)


def test_a_query_for_another_tool_is_copied_from_the_front_page(open_page):
    page = open_page("/", permissions=["clipboard-read", "clipboard-write"])
    page.locator(".samples summary", has_text="Python").click()
    page.locator(".samples details[open] button.copier").click()
    page.locator("button.copier", has_text="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#sample-python").text_content()


def test_a_question_is_answered_in_chinese_for_who_reads_it(open_page, brought):
    page = open_page("/queries/growth", locale="zh-CN")
    page.locator("figure.chart svg text", has_text="先进装备制造").wait_for()
    page.locator("table.result a", has_text="先进装备制造").click()
    assert page.locator("h1").inner_text().startswith("先进装备制造")
