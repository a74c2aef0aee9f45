"""What is told of a page is true: a text that stands out too little is found among many that do."""

import pytest

from tests.browser import looks

PAGE = """<!doctype html><html lang="en"><title>Texts</title><style>
  body { background: white; color: black }
  .pale { color: #ccc }
  .box { background: #333; color: white }
  @media (prefers-color-scheme: dark) { body { background: black; color: white } .dim { color: #222 } }
</style><main><h1>Texts</h1><p>plain</p><p>plain</p><p class="dim">by day only</p>%s</main></html>"""


@pytest.fixture
def page(browser, brought):
    context = browser.new_context(color_scheme="light")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    "text",
    [
        '<p class="pale">low</p>',
        '<p style="color: #ccc">low</p>',
        '<p><b>high</b> and <b style="opacity: 0.2">low</b></p>',
        '<div><p>high</p></div><div style="background: #222"><p>low</p></div>',
        '<p class="box">high</p><p class="box"><a href="/" style="color: #555">low</a></p>',
    ],
)
def test_one_low_text_is_found_among_many(page, text):
    page.set_content(PAGE % text)
    (found,) = looks.contrast(page)
    assert found.startswith("color-contrast: ")
    assert "low" in found


def test_a_page_that_is_well_by_day_may_not_be_by_night(page):
    page.set_content(PAGE % "")
    assert looks.contrast(page) == ()
    page.emulate_media(color_scheme="dark")
    (found,) = looks.contrast(page)
    assert "by day only" in found


def test_other_faults_are_found_and_those_of_contrast_are_not_told_twice(page):
    page.set_content(PAGE % '<p class="pale">low</p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">')
    (found,) = looks.without_contrast(page)
    assert found.startswith("image-alt: ")
