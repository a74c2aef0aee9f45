"""What is read as a number, a place in a ranking, or years ahead; and what is refused, and why."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.readers import Unreadable, read_ahead, read_number, read_rank

NUMBERS = {
    "7,030": "7030",
    "101.95": "101.95",
    "1,200": "1200",
    "1,234,567.89": "1234567.89",
    "1234567": "1234567",
    "0": "0",
    "0.5": "0.5",
    "2.50": "2.5",
    "1.234": "1.234",
    "-0.3": "-0.3",
    "\u22120.3": "-0.3",
    "minus two": "-2",
    "Eight": "8",
    "zero": "0",
    "one": "1",
    "twenty-one": "21",
    "twenty\u2011one": "21",
    "Twenty One": "21",
    "ninety": "90",
    "two hundred and five": "205",
    "two hundred five": "205",
    "twelve hundred": "1200",
    "a hundred": "100",
    "one hundred and one": "101",
    "a thousand": "1000",
    "three hundred thousand": "300000",
    "two thousand and twenty": "2020",
    "five million three thousand two hundred and one": "5003201",
    "a million": "1000000",
    "1.5 million": "1500000",
    "1.5\u00a0million": "1500000",
    "1.5-million": "1500000",
    "1,500 million": "1500000000",
    "12.93 billion": "12930000000",
    "12.93  Billion": "12930000000",
    "12.93\nbillion": "12930000000",
    "2 trillion": "2000000000000",
    "two trillion": "2000000000000",
    "5bn": "5000000000",
    "5 bn": "5000000000",
    "3.2 mn": "3200000",
    "3.2 mln": "3200000",
    "1.1 tn": "1100000000000",
    "10 thousand": "10000",
    "2 hundred": "200",
    "half a million": "500000",
    "half a billion": "500000000",
    "two and a half million": "2500000",
    "two and a half": "2.5",
    " 8 ": "8",
}

NO_NUMBERS = {
    "1,20": "separators",
    "10,00": "separators",
    "1.234.5": "separators",
    "1,234,56": "separators",
    "1234,567": "separators",
    "0,123": "separators",
    "1,2345": "separators",
    "5.": "separators",
    ".5": "separators",
    "007": "separators",
    "1 234": "space between digits",
    "1 234 567": "space between digits",
    "5m": "One letter",
    "5 m": "One letter",
    "5k": "One letter",
    "5 b": "One letter",
    "5G": "number alone",
    "4+4": "number alone",
    "5-10": "number alone",
    "+5": "number alone",
    "1e5": "number alone",
    "million": "number alone",
    "millions": "rough amount",
    "thousands": "rough amount",
    "hundreds of thousands": "rough amount",
    "a dozen": "rough amount",
    "dozens": "rough amount",
    "a few": "rough amount",
    "several": "rough amount",
    "half": "fraction",
    "two-thirds": "fraction",
    "a quarter": "fraction",
    "twenty twelve": "number alone",
    "two million three billion": "number alone",
    "five five": "number alone",
    "two and five": "number alone",
    "two hundred and": "number alone",
    "and five": "number alone",
    "fourty": "number alone",
    "two point five": "number alone",
    "first": "number alone",
    "1.5 million billion": "number alone",
    "5 quadrillion": "number alone",
    "8 data centers": "number alone",
    "minus": "number alone",
    "--5": "number alone",
    "one two": "number alone",
    "": "empty",
    "  ": "empty",
    "٣": "ARABIC-INDIC DIGIT THREE",
    "\uff11\uff12": "FULLWIDTH DIGIT ONE",
    "10²": "SUPERSCRIPT TWO",
    "½": "VULGAR FRACTION",
    "8\x00": "U+0000",
    "8\u200b": "ZERO WIDTH SPACE",
    "八": "CJK",
    "five\n\nmillion": "end of a paragraph",
    "one hundred hundred": "number alone",
    "one hundred and five hundred": "number alone",
    "9" * 10_000: "longer than",
    "one " * 3_000: "longer than",
}

RANKS = {
    "ranked first": 1,
    "Ranked First": 1,
    "ranking second": 2,
    "ranks third": 3,
    "first": 1,
    "the third": 3,
    "1st": 1,
    "22nd": 22,
    "No. 3": 3,
    "ranked No. 1": 1,
    "ranked No.1": 1,
    "number two": 2,
    "the third largest": 3,
    "third-largest": 3,
    "the second highest": 2,
    "ranked 5th": 5,
    "came third": 3,
    "coming in second": 2,
    "second place": 2,
    "in second place": 2,
    "was ranked twenty-first": 21,
    "ranked eleventh": 11,
    "ranked in the twelfth place": 12,
}

NO_RANKS = {
    "among the best": "group of the best",
    "ranked among the top 10": "group of the best",
    "one of the top": "group of the best",
    "top three": "group of the best",
    "top 10": "group of the best",
    "leading position": "group of the best",
    "second last": "from the bottom",
    "third lowest": "from the bottom",
    "second to none": "no single place",
    "ranked": "no single place",
    "ranked 5": "no single place",
    "the largest": "no single place",
    "first half": "no single place",
    "first and second": "no single place",
    "No. 0": "no single place",
    "No. 1.5": "no single place",
    "No. many": "no single place",
    "1th": "no single place",
    "2st": "no single place",
    "eight": "no single place",
    "at first": "no single place",
    "two million third": "no single place",
    "once": "no single place",
}

AHEAD = {
    "one year ahead of schedule": 1,
    "a year ahead of schedule": 1,
    "One Year ahead of schedule": 1,
    "two years early": 2,
    "two years ahead of time": 2,
    "2 years ahead of plan": 2,
    "two years ahead of the plan": 2,
    "three years in advance": 3,
    "a year earlier than planned": 1,
}

NOT_AHEAD = {
    "ahead of schedule": "how many years",
    "well ahead of schedule": "how many years",
    "early": "how many years",
    "six months ahead of schedule": "Only whole years",
    "one quarter ahead of schedule": "Only whole years",
    "ten days early": "Only whole years",
    "one year behind schedule": "late",
    "two years late": "late",
    "1.5 years ahead of schedule": "whole number of years",
    "half a year ahead of schedule": "not like",
    "zero years early": "whole number of years",
    "more than one year ahead of schedule": "not like",
    "several years ahead of schedule": "whole number of years",
    "two years ahead": "not like",
    "two years": "not like",
    "two year early": "not like",
}


@pytest.mark.parametrize("phrase", NUMBERS)
def test_a_number_is_exact_and_in_normal_form(phrase):
    assert str(read_number(phrase)) == NUMBERS[phrase]


@pytest.mark.parametrize("phrase", NO_NUMBERS)
def test_what_is_no_single_number_is_refused_with_its_reason(phrase):
    with pytest.raises(Unreadable) as refused:
        read_number(phrase)
    assert NO_NUMBERS[phrase] in refused.value.why
    assert refused.value.phrase == phrase
    assert refused.value.why.endswith(".")
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("phrase", RANKS)
def test_a_rank_is_the_place_that_the_words_name(phrase):
    assert read_rank(phrase) == RANKS[phrase]


@pytest.mark.parametrize("phrase", NO_RANKS)
def test_praise_without_a_place_is_no_rank(phrase):
    with pytest.raises(Unreadable, match=NO_RANKS[phrase]):
        read_rank(phrase)


@pytest.mark.parametrize("phrase", AHEAD)
def test_years_ahead_are_whole(phrase):
    assert read_ahead(phrase) == AHEAD[phrase]


@pytest.mark.parametrize("phrase", NOT_AHEAD)
def test_ahead_without_whole_years_is_refused(phrase):
    with pytest.raises(Unreadable, match=NOT_AHEAD[phrase]):
        read_ahead(phrase)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**40), max_value=10**40))
def test_any_number_with_separators_reads_back(number):
    assert read_number(f"{number:,f}") == number


@given(st.integers(1, 999), st.sampled_from(["thousand", "million", "billion", "trillion"]))
def test_a_scale_multiplies_by_its_power_of_a_thousand(count, scale):
    power = 3 * (1 + ["thousand", "million", "billion", "trillion"].index(scale))
    assert read_number(f"{count} {scale}") == Decimal(count) * 10**power
