"""Charts in a browser: drawn from this server alone, by day and by night, and absent without harm."""

import pytest

BACKGROUND = "document.querySelector('figure.chart svg').style.backgroundColor"
CHARTS = ("growth", "figures-by-industry", "shares-of-the-total", "one-measure")


@pytest.mark.parametrize("slug", CHARTS)
def test_a_question_is_answered_with_a_drawn_chart(open_page, brought, slug):
    page = open_page(f"/queries/{slug}")
    drawing = page.locator("figure.chart svg")
    drawing.wait_for()
    assert "advanced equipment manufacturing" in drawing.text_content()
    assert drawing.locator(".mark-rect path").count() > 1


def test_a_chart_says_its_numbers_to_those_who_hear_it(open_page, brought):
    page = open_page("/queries/growth")
    page.locator("figure.chart svg").wait_for()
    told = page.locator("figure.chart .drawing").get_attribute("aria-label")
    assert "advanced equipment manufacturing: +11.6" in told
    assert "modern logistics: no rate stated" in told
    assert (
        page.locator("svg [aria-roledescription=bar]")
        .first.get_attribute("aria-label")
        .startswith("advanced equipment manufacturing: +11.6")
    )


def test_an_industry_without_a_rate_says_so_in_the_chart(open_page, brought):
    page = open_page("/queries/growth")
    page.locator("figure.chart svg").wait_for()
    assert page.locator("figure.chart svg text", has_text="no rate stated").count() == 2


def test_a_chart_is_as_wide_as_a_phone_and_no_wider(open_page, brought):
    page = open_page("/queries/growth", width=390)
    page.locator("figure.chart svg").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("figure.chart svg").bounding_box()["width"] > 300


def test_a_chart_follows_the_light(open_page, brought):
    page = open_page("/queries/growth", color_scheme="light")
    page.locator("figure.chart svg").wait_for()
    by_day = page.evaluate(BACKGROUND)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"day => {BACKGROUND} !== day", arg=by_day)


def test_a_bar_leads_to_the_observation_here(open_page, brought, address):
    page = open_page("/queries/one-measure")
    page.locator("figure.chart svg .mark-rect path").first.click()
    page.wait_for_url(f"{address}/obs/*")


def test_a_page_without_a_chart_loads_no_package(open_page, brought):
    page = open_page("/queries")
    loaded = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert loaded
    assert not [each for each in loaded if "/packages/" in each]


def test_without_scripts_the_table_stands_and_the_chart_has_no_place(open_page):
    page = open_page("/queries/growth", java_script_enabled=False)
    assert page.locator("table.result tbody tr").count() == 8
    assert page.locator("figure.chart svg").count() == 0
    assert page.locator("figure.chart").bounding_box()["height"] < 120
