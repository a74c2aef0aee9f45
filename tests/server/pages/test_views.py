"""Views: finished strings from what the catalogue found."""

from decimal import Decimal

import pytest

from server.pages.views import Segment, day, sections, segments, total_view


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2021-08-04", "4 August 2021"), ("2024-02-29", "29 February 2024"), ("soon", "soon"), ("", "")],
)
def test_a_day_in_words(text, expected):
    assert day(text) == expected


def test_the_total_of_the_real_graph_adds_up(app):
    (total,) = app.catalog.totals
    view = total_view(total, 1)
    assert (view.city.text, view.year, view.unit, view.words) == (
        "Harbin",
        2020,
        "billion yuan",
        "621.37 billion yuan",
    )
    assert (view.sum, view.stated.text, view.agrees) == ("621.37", "621.37", True)
    assert [(len(group.rows), group.subtotal, group.share) for group in view.groups] == [
        (4, "396.21", "63.8\u202f%"),
        (4, "225.16", "36.2\u202f%"),
    ]
    rows = [row for group in view.groups for row in group.rows]
    values = [Decimal(row.value.text) for row in rows]
    assert sum(values) == Decimal("621.37")
    assert values[:4] == sorted(values[:4], reverse=True)
    assert {row.measure for row in rows} == {"output value", "revenue"}
    assert {row.name.text: [rate.text for rate in row.growth] for row in rows if not row.growth}.keys() == {
        "characteristic culture and tourism",
        "modern logistics",
    }
    assert sorted(row.growth[0].text for row in rows if row.growth)[-1] == "+9.3\u202f%"


def test_every_number_of_the_total_has_its_sentence_with_the_number_marked(app):
    view = total_view(app.catalog.totals[0], 1)
    anchors = {quote.anchor: quote for quote in view.quotes}
    cited = [view.stated] + [each for g in view.groups for row in g.rows for each in (row.value, *row.growth)]
    for number in cited:
        assert number.quotes
        for _, anchor in number.quotes:
            marked = [each.text for each in anchors[anchor].segments if each.marked]
            assert any(number.text.strip("+").split("\u202f")[0] in text for text in marked)
    assert [quote.number for quote in view.quotes] == list(range(1, len(view.quotes) + 1))


def test_a_total_that_does_not_add_up_says_by_how_much(sample_app):
    (total,) = sample_app.catalog.totals
    view = total_view(total, 1)
    assert (view.city.text, view.unit, view.words) == ("Northport", "million yuan", "3.5 million yuan")
    assert (view.sum, view.agrees, view.difference) == ("3.25", False, "250,000 yuan")
    (salt,) = [row for group in view.groups for row in group.rows if row.name.text == "salt"]
    assert (salt.value, salt.share, salt.growth) == (None, "", ())
    (marked,) = [each for each in view.quotes[0].segments if each.marked]
    assert marked == Segment("3.5 million yuan", marked=True)


def test_every_term_of_the_ontology_has_a_place_with_its_name(app):
    found = sections(app.catalog.terms)
    assert [section.title for section in found] == ["Classes", "Properties", "Values"]
    anchors = [term.anchor for section in found for term in section.terms]
    assert len(anchors) == len(set(anchors)) > 100
    assert all(term.label and term.chinese and term.definition for section in found for term in section.terms)
