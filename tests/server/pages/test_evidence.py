"""Sentences: cut at their marks with nothing lost, and led to where they stand."""

from dataclasses import replace

import pytest

from kg import names
from server.pages import evidence
from server.pages.evidence import Quotation, segments

SENTENCE = Quotation(
    names.thing("quote", "news-3-40"),
    "The harbour, north-west of the town, made 3.5 million yuan, “or so”",
    "en",
    3,
    (),
    names.thing("source", "news"),
    "News",
    "",
    "2021-03-30",
    "http://news.example/1",
)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([], [("abcdefgh", False)]),
        ([(2, 4)], [("ab", False), ("cd", True), ("efgh", False)]),
        ([(0, 8)], [("abcdefgh", True)]),
        ([(5, 6), (0, 1)], [("a", True), ("bcde", False), ("f", True), ("gh", False)]),
        ([(1, 4), (2, 6)], [("a", False), ("bcd", True), ("ef", True), ("gh", False)]),
        ([(1, 6), (2, 4)], [("a", False), ("bcdef", True), ("gh", False)]),
    ],
)
def test_a_sentence_is_cut_at_its_marks_and_loses_nothing(marks, expected):
    cut = segments("abcdefgh", marks)
    assert [(each.text, each.marked) for each in cut] == expected


def test_a_sentence_leads_to_its_place_in_the_reader():
    assert evidence.reader(SENTENCE) == f"/source/news.html#q-3-{3 + len(SENTENCE.text)}"


@pytest.mark.parametrize(
    ("text", "url", "expected"),
    [
        ("made it", "http://news.example/1", "http://news.example/1#:~:text=made%20it"),
        ("made it", "http://news.example/1#top", "http://news.example/1#top:~:text=made%20it"),
        ("a-b, c & d", "http://news.example/1", "http://news.example/1#:~:text=a%2Db%2C%20c%20%26%20d"),
        (
            "one two three four five six seven eight nine ten eleven",
            "http://news.example/1",
            "http://news.example/1#:~:text=one%20two%20three%20four%20five,seven%20eight%20nine%20ten%20eleven",
        ),
        ("made it", "javascript:alert(1)", None),
        ("made it", "", None),
    ],
)
def test_a_sentence_leads_to_its_place_on_the_publishers_page(text, url, expected):
    assert evidence.there(replace(SENTENCE, text=text, url=url)) == expected


def test_a_quote_without_a_language_is_in_that_of_its_article(client):
    page = client.get("/obs/harbin-data-centers-undated-level-8.html?lang=zh").text
    assert '<blockquote lang="en">' in page
