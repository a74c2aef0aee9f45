"""Pages on the smallest screen, on a phone, and on paper."""

import pytest

TOTAL = "/obs/harbin-4-plus-4-total-scale-2020-level-621370000000-cny.html"
PAGES = ["/coverage/harbin", TOTAL]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_scrolls_sideways_at_four_times_the_size(open_page, path):
    page = open_page(path, width=320)  # what 1280 pixels are then (WCAG 2.2, 1.4.10)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_on_a_phone_each_source_of_a_fact_is_named_in_a_line(open_page):
    page = open_page(TOTAL, width=390)
    names = page.locator("table.steps caption")
    assert [names.nth(place).bounding_box()["width"] > 300 for place in range(names.count())] == [True, True]


def test_on_a_phone_every_column_of_figures_has_its_name(open_page):
    page = open_page("/industry/finance.html", width=390)
    assert page.locator("table.listing thead th").last.bounding_box()["height"] > 0
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.listing thead th:last-child')).fontSize")
        != "0px"
    )


@pytest.mark.parametrize("path", ["/queries/growth", "/city/harbin.html"])
def test_on_paper_nothing_waits_for_a_click(open_page, path):
    page = open_page(path)
    page.emulate_media(media="print", color_scheme="dark")
    for waiting in ("header input", "form", "nav", "#ask"):
        for each in page.locator(waiting).all():
            assert not each.is_visible(), waiting
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--mark')") == "#ffe7a0"
