"""The search box in a real browser: suggestions while typing, by keyboard, by pointer, and without script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """The front page, which complains of nothing in the console."""
    context = browser.new_context(base_url=address, locale="en-GB")
    context.set_default_timeout(10_000)
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/queries")
    yield page
    context.close()
    assert complaints == []


def test_what_is_typed_is_suggested_and_chosen_by_keyboard(opened):
    box, options = opened.get_by_role("combobox"), opened.get_by_role("option")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("reform comm")
    expect(options).to_have_count(1)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(options).to_contain_text("Harbin Development and Reform Commission Organisation")
    box.press("ArrowDown")
    expect(options).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.get_attribute("id"))
    expect(box).to_be_focused()
    box.press("Enter")
    opened.wait_for_url("**/organization/harbin-development-and-reform-commission.html")


def test_the_arrows_go_round_and_escape_closes(opened):
    box, options = opened.get_by_role("combobox"), opened.get_by_role("option")
    box.press_sequentially("harbin")
    expect(options.first).to_be_visible()
    count = options.count()
    box.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    for _ in range(2):
        box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert count > 3
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("harbin")
    expect(options).to_have_count(0)


def test_a_suggestion_may_be_clicked(opened):
    opened.get_by_role("combobox").press_sequentially("haerbin")
    opened.get_by_role("option").first.click()
    opened.wait_for_url("**/city/harbin.html")


def test_enter_without_a_choice_searches_for_what_is_typed(opened):
    box = opened.get_by_role("combobox")
    box.press_sequentially("Habrin")
    box.press("Enter")
    opened.wait_for_url("**/search?q=Habrin")
    expect(opened.get_by_role("status")).to_contain_text("This comes close")


def test_the_last_text_wins_over_answers_that_come_late(opened):
    opened.route("**/search/suggest?q=h", lambda route: opened.wait_for_timeout(600) or route.continue_())
    box = opened.get_by_role("combobox")
    box.fill("h")
    opened.wait_for_timeout(200)
    box.fill("wuliu")
    expect(opened.get_by_role("option")).to_have_count(1)
    opened.wait_for_timeout(700)
    expect(opened.get_by_role("option")).to_contain_text("modern logistics")


def test_without_script_the_box_is_a_form(browser, address):
    context = browser.new_context(base_url=address, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto("/queries")
    page.get_by_role("searchbox").fill("finance")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="financial industry", exact=True).click()
    page.wait_for_url("**/industry/finance.html")
    context.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_of_search_is_wider_than_the_screen(browser, address, width):
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 800}, locale="en-GB")
    page = context.new_page()
    for path in ("/search?q=harbin", "/search", "/queries"):
        page.goto(path)
        page.get_by_role("combobox").fill("harbi")
        page.get_by_role("option").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        box = page.get_by_role("listbox").bounding_box()
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
    context.close()
