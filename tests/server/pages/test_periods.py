"""Periods in words: as exact as the source, in both languages."""

import pytest

from kg import names
from server.pages.language import ENGLISH, choose
from server.pages.periods import Period, cell, words

UNSTATED, RELATIVE = names.term("Unstated"), names.term("Relative")


@pytest.mark.parametrize(
    ("period", "english", "chinese"),
    [
        (Period(2020, "2020-01-01", "2020-12-31", basis=names.term("Printed")), "2020", "2020年"),
        (Period(None, "2020-01-01", "2020-12-31"), "2020", "2020年"),
        (Period(None, "2016-01-01", "2020-12-31"), "2016 to 2020", "2016年至2020年"),
        (Period(None, "2021-01-01", "2021-03-31"), "first quarter of 2021", "2021年第一季度"),
        (Period(None, "2021-10-01", "2021-12-31"), "fourth quarter of 2021", "2021年第四季度"),
        (Period(None, "2021-07-01", "2021-12-31"), "second half of 2021", "2021年下半年"),
        (Period(None, "2021-02-01", "2021-02-28"), "February 2021", "2021年2月"),
        (
            Period(None, "2020-02-01", "2020-02-28"),
            "1 February 2020 to 28 February 2020",
            "2020年2月1日至2020年2月28日",
        ),
        (Period(None, "2021-01-01", "2021-09-30"), "January to September 2021", "2021年1月至9月"),
        (Period(None, "2020-11-01", "2021-02-28"), "November 2020 to February 2021", "2020年11月至2021年2月"),
        (Period(None, "2021-06-30", "2021-06-30"), "30 June 2021", "2021年6月30日"),
        (Period(None, "", "2021-06-30"), "until 30 June 2021", "截至2021年6月30日"),
        (Period(None, "2021-06-30"), "from 30 June 2021", "自2021年6月30日起"),
        (
            Period(not_after="2021-08-04", basis=UNSTATED),
            "the period is not stated; known on 4 August 2021",
            "未注明时期；不晚于2021年8月4日",
        ),
        (
            Period(not_after="2021-08-04", basis=RELATIVE),
            "the period is not exact; known on 4 August 2021",
            "时期不确切；不晚于2021年8月4日",
        ),
    ],
)
def test_a_period_is_said_in_both_languages(period, english, chinese):
    assert (words(period, ENGLISH), words(period, choose("zh"))) == (english, chinese)


def test_a_column_that_is_headed_period_does_not_say_so_again():
    period = Period(not_after="2021-08-04", basis=UNSTATED)
    assert cell(period, ENGLISH) == "not stated; known on 4 August 2021"
    assert cell(Period(2020), ENGLISH) == "2020"


def test_newer_is_greater():
    found = [Period(2019), Period(not_after="2021-08-04"), Period(None, "2021-01-01", "2021-06-30"), Period()]
    assert [each.last for each in sorted(found, key=lambda each: each.last)] == [
        "",
        "2019-12-31",
        "2021-06-30",
        "2021-08-04",
    ]
