"""Readers without scripts do all that matters: search, ask, read the numbers, and change the language."""

import pytest


@pytest.fixture
def plain(open_page):
    return lambda path, **options: open_page(path, java_script_enabled=False, **options)


def test_the_search_form_finds(plain):
    page = plain("/")
    page.get_by_role("searchbox").fill("Harbin")
    page.keyboard.press("Enter")
    assert page.locator(".hits a").first.inner_text() == "Harbin"


def test_a_question_takes_its_values_from_a_form(plain):
    page = plain("/queries/one-measure")
    page.locator("select[name=metric]").select_option(label="output value")
    page.locator("main form:has(select) button").click()
    assert "metric=metric" in page.url
    assert page.locator("table.result tbody tr").count() == 3


@pytest.mark.parametrize("path", ["/", "/city/harbin.html", "/queries/growth"])
def test_tables_say_what_the_charts_do(plain, path):
    page = plain(path)
    assert page.locator("main table tbody tr").count() >= 8
    assert page.locator("figure.chart svg").count() == 0


def test_a_number_leads_to_its_sentence(plain):
    page = plain("/city/harbin.html")
    page.locator("main a.figure[href^='/obs/']").first.click()
    assert page.locator("blockquote mark").count() > 0
    assert page.locator("details.copy[open] pre").inner_text()


def test_the_language_switch_is_a_link(plain):
    page = plain("/quality")
    page.locator("header a.language").click()
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
