"""Numbers as people read them, from value and unit."""

from decimal import Decimal

import pytest

from kg import names
from server.pages.figures import Figure, column, percent, plain, scale_of, share, words
from server.pages.language import ENGLISH, choose

CNY, USD = names.unit("CCY_CNY"), names.unit("CCY_USD")
PERCENT, NUM, POINT = names.unit("PERCENT"), names.unit("NUM"), names.unit("PercentagePoint")
NARROW = "\u202f"


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (Figure(Decimal(101950000000), CNY), "101.95 billion yuan"),
        (Figure(Decimal("12930000000.00"), CNY), "12.93 billion yuan"),
        (Figure(Decimal(1500000000000), CNY), "1.5 trillion yuan"),
        (Figure(Decimal(10000000), CNY), "10 million yuan"),
        (Figure(Decimal(-2500000), CNY), "−2.5 million yuan"),
        (Figure(Decimal(999999), CNY), "999,999 yuan"),
        (Figure(Decimal(93230000000), USD), "93.23 billion US dollars"),
        (Figure(Decimal("9.3"), PERCENT), f"9.3{NARROW}%"),
        (Figure(Decimal("9.3"), PERCENT, kind=names.term("Growth")), f"+9.3{NARROW}%"),
        (Figure(Decimal("-2.10"), PERCENT, kind=names.term("Growth")), f"−2.1{NARROW}%"),
        (Figure(Decimal(0), PERCENT, kind=names.term("Growth")), f"0{NARROW}%"),
        (Figure(Decimal("1.2"), POINT, "percentage point"), "1.2 percentage point"),
        (Figure(Decimal(7030), NUM), "7,030"),
        (Figure(Decimal(1), NUM, kind=names.term("Rank")), "rank 1"),
        (
            Figure(None, PERCENT, lower=Decimal(40), comparator=names.term("MoreThan")),
            f"more than 40{NARROW}%",
        ),
        (
            Figure(None, CNY, lower=Decimal(10**11), comparator=names.term("AtLeast")),
            "at least 100 billion yuan",
        ),
        (Figure(None, NUM, upper=Decimal(50), comparator=names.term("LessThan")), "less than 50"),
        (Figure(None, NUM, lower=Decimal(5), upper=Decimal(8)), "from 5 to 8"),
        (Figure(Decimal(1500), NUM, comparator=names.term("About")), "about 1,500"),
        (Figure(Decimal(3), "http://example.org/unit/TON"), "3 TON"),
        (Figure(None, NUM), "no number"),
    ],
)
def test_a_figure_in_words(figure, expected):
    assert words(figure, ENGLISH) == expected


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (Figure(Decimal(101950000000), CNY), "1,019.5亿元"),
        (Figure(Decimal(1500000000000), CNY), "1.5万亿元"),
        (Figure(Decimal(250000), USD), "25万美元"),
        (Figure(None, PERCENT, lower=Decimal(40), comparator=names.term("MoreThan")), "超过40%"),
        (Figure(Decimal(1), NUM, kind=names.term("Rank")), "第1位"),
    ],
)
def test_a_figure_in_chinese_counts_in_its_own_powers_of_ten(figure, expected):
    assert words(figure, choose("zh-Hans")) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("2.50", "2.5"),
        ("1E+3", "1,000"),
        ("0.10", "0.1"),
        ("-0.5", "−0.5"),
        ("1234567.8", "1,234,567.8"),
        ("100", "100"),
    ],
)
def test_a_number_has_separators_a_true_minus_and_no_needless_zeros(number, expected):
    assert plain(Decimal(number)) == expected


def test_points_stand_in_line():
    texts = column([Decimal("101.95"), Decimal("77.3"), Decimal(8), None])
    assert [len(text) for text in texts] == [6, 5, 4, 0]
    assert texts[1] == "77.3\u2007"
    assert texts[2] == "8\u2008\u2007\u2007"
    assert column([Decimal(1), Decimal(20)]) == ["1", "20"]


def test_a_columns_scale_follows_its_largest_value():
    assert scale_of(CNY, Decimal(3500000), ENGLISH) == (Decimal(10**6), "million yuan")
    assert scale_of(NUM, Decimal(12), ENGLISH) == (Decimal(1), "")


def test_shares_have_one_decimal():
    assert share(Decimal("136.26"), Decimal("621.37")) == Decimal("21.9")
    assert percent(share(Decimal(1), Decimal(8)), ENGLISH) == f"12.5{NARROW}%"
