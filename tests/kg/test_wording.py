"""One wording for a value, however its sources print it."""

import datetime

import pytest

from kg.readers import read_change, read_period, read_quantity
from kg.wording import say, say_quantity

PUBLISHED = datetime.date(2021, 8, 4)


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("101.95 billion yuan", "101.95 billion yuan"),
        ("RMB 101,950 million", "101.95 billion yuan"),
        ("$58.75 billion", "58.75 billion US dollars"),
        ("2 trillion yuan", "2 trillion yuan"),
        ("500 yuan", "500 yuan"),
        ("7,030", "7,030"),
        ("Eight", "8"),
        ("1.2 million", "1,200,000"),
        ("more than 40 percent", "more than 40 percent"),
        ("nearly 40 percent", "less than 40 percent"),
        ("5 to 10 percent", "5 to 10 percent"),
        ("3 percentage points", "3 percentage points"),
        ("5 million euros", "5 million EUR"),
    ],
)
def test_a_quantity_is_said_with_its_comparator_scale_and_unit(phrase, said):
    assert say(read_quantity(phrase)) == said


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("101.95 billion yuan", "1,019.5亿元"),
        ("2 trillion yuan", "2万亿元"),
        ("RMB 120,000", "12万元"),
        ("500 yuan", "500元"),
        ("1.2 million", "1,200,000"),
        ("nearly 40 percent", "不到40%"),
        ("5 to 10 percent", "5至10%"),
        ("3 percentage points", "3个百分点"),
        ("5 million euros", "500万EUR"),
    ],
)
def test_a_quantity_is_said_in_chinese_with_the_scales_of_chinese(phrase, said):
    assert say_quantity(read_quantity(phrase), language="zh-Hans") == said


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("a year-on-year increase of 9.3 percent", "+9.3 percent on the year before"),
        ("increased by 36.7 percent", "+36.7 percent"),
        ("fell by 0.3 percentage points", "-0.3 percentage points"),
        ("fell 3 percent", "-3 percent"),
    ],
)
def test_a_change_is_said_with_its_sign(phrase, said):
    assert say(read_change(phrase)) == said


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("Last year", "2020"),
        ("the first half of 2021", "2021-01-01 to 2021-06-30"),
        ("A few days ago", "not after 2021-08-04"),
    ],
)
def test_a_period_is_said_by_its_days(phrase, said):
    assert say(read_period(phrase, published=PUBLISHED)) == said


def test_what_is_neither_is_said_as_it_is():
    assert say("https://w3id.org/cekg/city/harbin") == "https://w3id.org/cekg/city/harbin"
    assert say(1) == "1"
