"""A stated total beside its parts: sums, shares, and a sentence for every number."""

from decimal import Decimal

import pytest

from kg import names
from server.pages import totals
from server.pages.evidence import Segment
from server.pages.figures import Figure
from server.pages.language import ENGLISH, choose
from server.pages.parts import Naming

BOUND = Figure(None, names.unit("CCY_CNY"), lower=Decimal(3), comparator=names.term("MoreThan"))


def view_of(app, language=ENGLISH):
    (total,) = totals.newest(app.catalog)
    other = choose("zh" if language is ENGLISH else "en")
    return totals.view(
        total, 1, Naming(app.catalog, total.iris, language), Naming(app.catalog, total.iris, other)
    )


@pytest.mark.parametrize(
    ("tag", "unit", "words", "sum_", "name", "other"),
    [
        ("en", "billion yuan", "621.37 billion yuan", "621.37", "Harbin", "information industry"),
        ("zh", "亿元", "6,213.7亿元", "6,213.7", "哈尔滨", "信息"),
    ],
)
def test_the_total_adds_up_in_each_language(app, tag, unit, words, sum_, name, other):
    view = view_of(app, choose(tag))
    assert (view.city.text, view.year, view.unit, view.words, view.sum) == (name, 2020, unit, words, sum_)
    assert any(row.name.text == other for group in view.groups for row in group.rows)


def test_the_total_of_the_real_graph_adds_up(app):
    view = view_of(app)
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
    assert {row.measure.text for row in rows} == {"output value", "revenue"}
    assert {row.name.text: [rate.text for rate in row.growth] for row in rows if not row.growth}.keys() == {
        "characteristic culture and tourism",
        "modern logistics",
    }
    assert sorted(row.growth[0].text for row in rows if row.growth)[-1] == "+9.3\u202f%"


def test_every_number_of_the_total_has_its_sentence_with_the_number_marked(app):
    view = view_of(app)
    anchors = {quote.anchor: quote for quote in view.quotes}
    cited = [view.stated] + [each for g in view.groups for row in g.rows for each in (row.value, *row.growth)]
    for number in cited:
        assert number.quotes
        for _, anchor in number.quotes:
            marked = [each.text for each in anchors[anchor].segments if each.marked]
            assert any(number.text.strip("+").split("\u202f")[0] in text for text in marked)
    assert [quote.number for quote in view.quotes] == list(range(1, len(view.quotes) + 1))


def test_a_total_that_does_not_add_up_says_by_how_much(sample_app):
    view = view_of(sample_app)
    assert (view.city.text, view.unit, view.words) == ("Northport", "million yuan", "3.5 million yuan")
    assert (view.sum, view.agrees, view.difference) == ("3.25", False, "250,000 yuan")
    (salt,) = [row for group in view.groups for row in group.rows if row.name.text == "salt"]
    assert (salt.value, salt.share, salt.growth) == (None, "", ())
    (marked,) = [each for each in view.quotes[0].segments if each.marked]
    assert marked == Segment("3.5 million yuan", marked=True)


def test_a_part_of_which_only_a_bound_is_stated_says_so_and_is_in_no_sum(app):
    total = totals.Total(
        "",
        Decimal(10),
        names.unit("CCY_CNY"),
        2020,
        names.thing("city", "harbin"),
        names.thing("system", "x"),
        names.thing("metric", "total-scale"),
        groups=(
            totals.Group(
                names.thing("group", "x"),
                (
                    totals.Part(names.thing("industry", "a"), "", names.thing("obs", "a"), Decimal(4), ()),
                    totals.Part(
                        names.thing("industry", "b"), "", names.thing("obs", "b"), None, (), bound=BOUND
                    ),
                ),
            ),
        ),
        quotations={},
    )
    naming = Naming(app.catalog, total.iris, ENGLISH)
    (group,) = totals.view(total, 1, naming, naming).groups
    assert [row.value.text for row in group.rows] == ["4", "more than 3 yuan"]
    assert (group.subtotal, [row.share for row in group.rows][1]) == ("4", "")


def test_a_long_group_shows_its_largest_industries_and_sums_up_the_rest():
    parts = tuple(totals.Part(f"i{n}", "", f"l{n}", Decimal(n), ()) for n in range(30, 0, -1))
    group = totals.Group("g", parts)
    assert [part.value for part in group.shown] == [Decimal(n) for n in range(30, 18, -1)]
    assert sum(part.value for part in group.rest) == sum(range(1, 19))
    assert totals.Group("g", parts[:13]).rest == ()
