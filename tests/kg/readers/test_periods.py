"""What is read as a period by one who reads on the day of publication; and what is refused, and why."""

from datetime import date

import pytest

from kg.readers import Period, Unreadable, read_period

SPRING = date(2021, 3, 30)
SUMMER = date(2021, 8, 4)

# phrase: key, relative, for an article of 4 August 2021
PERIODS = {
    "2020": ("2020", False),
    "in 2020": ("2020", False),
    "In\u00a02020": ("2020", False),
    "the year 2020": ("2020", False),
    "during the calendar year 2020": ("2020", False),
    "Last year": ("2020", True),
    "last year": ("2020", True),
    "in the past year": ("2020", True),
    "In the past year": ("2020", True),
    "over the past year": ("2020", True),
    "the first half of 2021": ("2021-h1", False),
    "in the first half of 2021": ("2021-h1", False),
    "first half of the year": ("2021-h1", True),
    "the first half": ("2021-h1", True),
    "the second half of last year": ("2020-h2", True),
    "H1 2021": ("2021-h1", False),
    "2021 H1": ("2021-h1", False),
    "the first quarter of 2021": ("2021-q1", False),
    "Q1 2021": ("2021-q1", False),
    "2021 Q1": ("2021-q1", False),
    "2021Q2": ("2021-q2", False),
    "the second quarter": ("2021-q2", True),
    "the fourth quarter of 2020": ("2020-q4", False),
    "the first seven months of 2021": ("2021-01-to-2021-07", False),
    "in the first seven months": ("2021-01-to-2021-07", True),
    "the first three months of 2021": ("2021-q1", False),
    "the first 12 months of 2020": ("2020", False),
    "June 2021": ("2021-06", False),
    "in June, 2021": ("2021-06", False),
    "Sept. 2020": ("2020-09", False),
    "Jan 2021": ("2021-01", False),
    "in June": ("2021-06", True),
    "in December": ("2020-12", True),
    "June last year": ("2020-06", True),
    "June of last year": ("2020-06", True),
    "last month": ("2021-07", True),
    "from January to June 2021": ("2021-h1", False),
    "January-June 2021": ("2021-h1", False),
    "January–June": ("2021-h1", True),
    "from January to May": ("2021-01-to-2021-05", True),
    "between January and March 2021": ("2021-q1", False),
    "from November 2020 to February 2021": ("2020-11-to-2021-02", False),
    "by the end of June": ("2021-06-30", True),
    "by the end of June 2021": ("2021-06-30", False),
    "at the end of 2020": ("2020-12-31", False),
    "the end of 2020": ("2020-12-31", False),
    "by the end of last year": ("2020-12-31", True),
    "by the end of last month": ("2021-07-31", True),
    "by the end of the first half": ("2021-06-30", True),
    "as of June 30, 2021": ("2021-06-30", False),
    "by June 30": ("2021-06-30", True),
    "on June 30": ("2021-06-30", True),
    "on August 4": ("2021-08-04", True),
    "on August 5": ("2020-08-05", True),
    "June 30, 2021": ("2021-06-30", False),
    "June 30th, 2021": ("2021-06-30", False),
    "June 30 2021": ("2021-06-30", False),
    "30 June 2021": ("2021-06-30", False),
    "the 30th of June, 2021": ("2021-06-30", False),
    "2021-06-30": ("2021-06-30", False),
    "2021/06/30": ("2021-06-30", False),
    "February 29, 2020": ("2020-02-29", False),
    "from June 1 to June 15, 2021": ("2021-06-01-to-2021-06-15", False),
    "the past five years": ("2016-to-2020", True),
    "over the past five years": ("2016-to-2020", True),
    "the last 5 years": ("2016-to-2020", True),
    "from 2016 to 2020": ("2016-to-2020", False),
    "between 2016 and 2020": ("2016-to-2020", False),
    "2016-2020": ("2016-to-2020", False),
    "2016–2020": ("2016-to-2020", False),
    "during 2016-2020": ("2016-to-2020", False),
    "the 13th Five-Year Plan period": ("2016-to-2020", False),
    "during the thirteenth Five-Year Plan": ("2016-to-2020", False),
    "the 10th Five\u2011Year Plan": ("2001-to-2005", False),
    "A few days ago": ("undated", True),
    "a few weeks ago": ("undated", True),
    "recently": ("undated", True),
    "in recent years": ("undated", True),
}

NO_PERIODS = {
    "2021": "not over",
    "this year": "not over",
    "by the end of the year": "not over",
    "2025": "not over",
    "the third quarter": "not over",
    "the second half of the year": "not over",
    "the third quarter of 2021": "not over",
    "August 5, 2021": "not over",
    "in August": "not over",
    "the 14th Five-Year Plan period": "not over",
    "from 2020 to 2022": "not over",
    "FY2020": "fiscal year",
    "fiscal 2020": "fiscal year",
    "the 2020 fiscal year": "fiscal year",
    "the financial year 2020": "fiscal year",
    "the previous year": "another date",
    "the same period": "another date",
    "the following year": "another date",
    "2020 and 2021": "more than one period",
    "2019, 2020": "more than one period",
    "06/07/2021": "exchanged",
    "13.07.2021": "exchanged",
    "6/7/21": "exchanged",
    "June '21": "two digits",
    "2016-20": "two digits",
    "2019/20": "two digits",
    "2010-12": "two digits",
    "1H21": "calendar period",
    "the 2020": "calendar period",
    "21": "calendar period",
    "2,020": "calendar period",
    "7,030": "calendar period",
    "7,030 5G": "calendar period",
    "1500": "calendar period",
    "2020 companies": "calendar period",
    "20200": "calendar period",
    "2020.": "calendar period",
    "over 2020": "calendar period",
    "until June 30": "one end",
    "since 2016": "one end",
    "before 2020": "one end",
    "after June 2020": "one end",
    "by 2020": "beginning or the end",
    "as of June 2021": "beginning or the end",
    "early 2020": "not exact",
    "mid-2020": "not exact",
    "late 2020": "not exact",
    "the 1990s": "not exact",
    "the past decade": "not exact",
    "the past 12 months": "counts back",
    "the past three months": "counts back",
    "two years ago": "counts back",
    "the year to date": "counts back",
    "last June": "latest such month",
    "in June 30": "calendar period",
    "on 2020": "calendar period",
    "June 31, 2021": "no such day",
    "2021-02-29": "no such day",
    "2021-13-01": "no such day",
    "2021-06/30": "calendar period",
    "the first thirteen months of 2020": "calendar period",
    "the fifth quarter of 2020": "calendar period",
    "Q5 2020": "calendar period",
    "2020 H3": "calendar period",
    "the past one years": "calendar period",
    "the second Five-Year Plan": "calendar period",
    "the past few years": "calendar period",
    "from June to June 2021": "not before",
    "from 2020 to 2016": "not before",
    "June to January 2021": "not before",
    "from 2016 to June 2020": "calendar period",
    "yesterday": "calendar period",
    "meanwhile": "calendar period",
    "June. 2021": "calendar period",
    "٢٠٢٠": "ARABIC-INDIC",
    "in " * 5_000: "longer than",
    "end of " * 25: "calendar period",
}

# An article of 30 March 2021: its months and quarters lie elsewhere.
IN_SPRING = {
    "in June": "2020-06",
    "in February": "2021-02",
    "last month": "2021-02",
    "by the end of June": "2020-06-30",
    "Last year": "2020",
    "in 2020": "2020",
}


@pytest.mark.parametrize("phrase", PERIODS)
def test_a_period_is_what_the_words_meant_on_the_day_of_publication(phrase):
    period = read_period(phrase, published=SUMMER)
    assert (period.key, period.relative) == PERIODS[phrase]


@pytest.mark.parametrize("phrase", NO_PERIODS)
def test_a_period_that_is_open_vague_or_to_come_is_refused(phrase):
    with pytest.raises(Unreadable) as refused:
        read_period(phrase, published=SUMMER)
    assert NO_PERIODS[phrase] in refused.value.why
    assert refused.value.phrase == phrase


@pytest.mark.parametrize("phrase", IN_SPRING)
def test_a_month_without_a_year_is_the_latest_that_was_over(phrase):
    assert read_period(phrase, published=SPRING).key == IN_SPRING[phrase]


@pytest.mark.parametrize("phrase", ["in March", "the first quarter", "from January to March"])
def test_a_month_or_quarter_still_running_is_refused(phrase):
    with pytest.raises(Unreadable, match="not over"):
        read_period(phrase, published=SPRING)
    assert read_period(phrase, published=date(2021, 3, 31)).end == date(2021, 3, 31)


@pytest.mark.parametrize("day", [date(2020, 12, 1), date(2020, 12, 28), date(2020, 12, 31)])
def test_a_year_is_summed_up_in_its_december(day):
    assert read_period("in 2020", published=day).end == date(2020, 12, 31)


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("in 2020", date(2020, 11, 30)),
        ("in 2020", date(2019, 12, 28)),
        ("in December 2020", date(2020, 12, 28)),
        ("the second half of 2020", date(2020, 12, 28)),
        ("by the end of 2020", date(2020, 12, 28)),
        ("from 2016 to 2020", date(2020, 12, 28)),
    ],
)
def test_nothing_else_may_lie_ahead_of_the_article(phrase, day):
    with pytest.raises(Unreadable, match="not over"):
        read_period(phrase, published=day)


def test_last_month_of_january_lies_in_the_year_before():
    assert read_period("last month", published=date(2021, 1, 5)).key == "2020-12"


def test_only_a_whole_calendar_year_has_a_year():
    assert read_period("Last year", published=SUMMER).year == 2020
    assert read_period("from January to December 2020", published=SUMMER).year == 2020
    for phrase in ("the first half of 2021", "June 2021", "from 2016 to 2020", "recently"):
        assert read_period(phrase, published=SUMMER).year is None


def test_a_whole_year_runs_from_its_first_day_to_its_last():
    whole = Period(date(2020, 1, 1), date(2020, 12, 31), None, relative=True)
    assert read_period("Last year", published=SUMMER) == whole


def test_a_few_days_ago_says_only_not_after_the_article():
    assert read_period("A few days ago", published=SUMMER) == Period(None, None, SUMMER, True)
