"""Quotes and readings: a sentence with the facts that rest on it, a phrase with what it was read as."""

import pytest

PERIOD = "/reading/e-my399-2021-03-30-870-886-period.html"
VALUE = "/reading/e-my399-2021-03-30-667-685-value.html"


@pytest.mark.parametrize(
    "said",
    [
        "sentence 7 of 19",
        "characters 600 to 770",
        'total-investment-2020-level-12930000000-cny.html" title="value">12.93 billion yuan</a>',
        'href="/source/e-my399-2021-03-30.html#q-600-770"',
        "2 facts rest on it",
        "more than 40",
    ],
)
def test_a_quote_says_where_it_stands_and_what_rests_on_it(client, said):
    assert said in client.get("/quote/e-my399-2021-03-30-600-770.html?lang=en").text


def test_a_quote_marks_its_own_words_alone(client):
    page = client.get("/quote/e-my399-2021-03-30-600-770.html?lang=en").text
    assert "Last year" not in page  # it is of the same fact, and stands before the quote
    assert page.count('class="says"') == 2


def test_a_quote_stays_in_its_language(client):
    page = client.get("/quote/e-my399-2021-03-30-600-770.html?lang=zh").text
    assert '<h1 class="statement quotation" lang="en">' in page
    assert "第7句（共19句）" in page


@pytest.mark.parametrize(
    "said",
    [
        ">In the past year</span>",
        "“In the past year” in an article of 30 March 2021 means 2020.",
        'href="/source/e-my399-2021-03-30.html#p-870-886"',
        "14 facts rest on it",
        "101.95 billion yuan",
    ],
)
def test_a_reading_says_what_a_phrase_means_and_which_facts_use_it(client, said):
    assert said in client.get(PERIOD).text


def test_a_reading_stands_marked_in_its_sentence(client):
    page = client.get(VALUE).text
    assert "12,930,000,000 yuan" in page
    assert "amount of <mark>12.93 billion yuan</mark>, accounting" in page
    assert "1 fact rests on it" in page
    assert "<mark>" not in client.get(PERIOD).text  # it stands outside of every quote


def test_a_quote_and_a_reading_that_nothing_uses_have_their_pages(sample_app):
    client = sample_app.test_client()
    page = client.get("/reading/northport-news-125-141-value.html").text
    assert "3,500,000" in page
    assert client.get("/quote/northport-news-0-40.html").status_code == 200
