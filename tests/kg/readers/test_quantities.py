"""What is read as an amount, a bound, a range or a change; and what is refused, and why."""

from decimal import Decimal

import pytest

from kg.readers import Unreadable, read_change, read_quantity

# phrase: value, lower, upper, comparator, unit
AMOUNTS = {
    "101.95 billion yuan": ("101950000000", None, None, "Exact", "CCY_CNY"),
    "621.37 billion yuan": ("621370000000", None, None, "Exact", "CCY_CNY"),
    "RMB 3.2 billion": ("3200000000", None, None, "Exact", "CCY_CNY"),
    "RMB3.2 billion": ("3200000000", None, None, "Exact", "CCY_CNY"),
    "3.2 billion RMB": ("3200000000", None, None, "Exact", "CCY_CNY"),
    "RMB 3.2 billion yuan": ("3200000000", None, None, "Exact", "CCY_CNY"),
    "3.2 billion renminbi": ("3200000000", None, None, "Exact", "CCY_CNY"),
    "CNY 5 million": ("5000000", None, None, "Exact", "CCY_CNY"),
    "5-million-yuan": ("5000000", None, None, "Exact", "CCY_CNY"),
    "a million yuan": ("1000000", None, None, "Exact", "CCY_CNY"),
    "$58.75 billion": ("58750000000", None, None, "Exact", "CCY_USD"),
    "US$58.75 billion": ("58750000000", None, None, "Exact", "CCY_USD"),
    "USD 5": ("5", None, None, "Exact", "CCY_USD"),
    "58.75 billion US dollars": ("58750000000", None, None, "Exact", "CCY_USD"),
    "58.75 billion U.S. dollars": ("58750000000", None, None, "Exact", "CCY_USD"),
    "five dollars": ("5", None, None, "Exact", "CCY_USD"),
    "HK$5": ("5", None, None, "Exact", "CCY_HKD"),
    "5 Hong Kong dollars": ("5", None, None, "Exact", "CCY_HKD"),
    "€2.5 million": ("2500000", None, None, "Exact", "CCY_EUR"),
    "2.5 million euros": ("2500000", None, None, "Exact", "CCY_EUR"),
    "£3 bn": ("3000000000", None, None, "Exact", "CCY_GBP"),
    "3 pounds sterling": ("3", None, None, "Exact", "CCY_GBP"),
    "300 yen": ("300", None, None, "Exact", "CCY_JPY"),
    "-$5 billion": ("-5000000000", None, None, "Exact", "CCY_USD"),
    "minus 0.3 percent": ("-0.3", None, None, "Exact", "PERCENT"),
    "9.3%": ("9.3", None, None, "Exact", "PERCENT"),
    "9.3 percent": ("9.3", None, None, "Exact", "PERCENT"),
    "9.3 per cent": ("9.3", None, None, "Exact", "PERCENT"),
    "9.3\u202fpct": ("9.3", None, None, "Exact", "PERCENT"),
    "9.3-percent": ("9.3", None, None, "Exact", "PERCENT"),
    "forty percent": ("40", None, None, "Exact", "PERCENT"),
    "1.2 percentage points": ("1.2", None, None, "Exact", "PercentagePoint"),
    "one percentage point": ("1", None, None, "Exact", "PercentagePoint"),
    "213": ("213", None, None, "Exact", "NUM"),
    "Eight": ("8", None, None, "Exact", "NUM"),
    "7,030": ("7030", None, None, "Exact", "NUM"),
    "exactly 40 percent": ("40", None, None, "Exact", "PERCENT"),
    "a total of 213": ("213", None, None, "Exact", "NUM"),
    "more than 40 percent": (None, "40", None, "MoreThan", "PERCENT"),
    "MORE THAN 40 PERCENT": (None, "40", None, "MoreThan", "PERCENT"),
    "more than 10 million yuan": (None, "10000000", None, "MoreThan", "CCY_CNY"),
    "over $5 billion": (None, "5000000000", None, "MoreThan", "CCY_USD"),
    "exceeding 5": (None, "5", None, "MoreThan", "NUM"),
    "above 5%": (None, "5", None, "MoreThan", "PERCENT"),
    "upwards of 5": (None, "5", None, "MoreThan", "NUM"),
    "in excess of 5": (None, "5", None, "MoreThan", "NUM"),
    "at least five": (None, "5", None, "AtLeast", "NUM"),
    "no less than 5": (None, "5", None, "AtLeast", "NUM"),
    "not less than 5": (None, "5", None, "AtLeast", "NUM"),
    "a minimum of 5": (None, "5", None, "AtLeast", "NUM"),
    "10 million yuan or more": (None, "10000000", None, "AtLeast", "CCY_CNY"),
    "less than 5": (None, None, "5", "LessThan", "NUM"),
    "fewer than 5": (None, None, "5", "LessThan", "NUM"),
    "under 5": (None, None, "5", "LessThan", "NUM"),
    "below 5": (None, None, "5", "LessThan", "NUM"),
    "nearly 5 million yuan": (None, None, "5000000", "LessThan", "CCY_CNY"),
    "almost 5": (None, None, "5", "LessThan", "NUM"),
    "just under 5": (None, None, "5", "LessThan", "NUM"),
    "up to 5": (None, None, "5", "AtMost", "NUM"),
    "at most 5": (None, None, "5", "AtMost", "NUM"),
    "no more than 5": (None, None, "5", "AtMost", "NUM"),
    "a maximum of 5": (None, None, "5", "AtMost", "NUM"),
    "5 percent or less": (None, None, "5", "AtMost", "PERCENT"),
    "about 5": ("5", None, None, "About", "NUM"),
    "around 5": ("5", None, None, "About", "NUM"),
    "approximately 5": ("5", None, None, "About", "NUM"),
    "roughly 5": ("5", None, None, "About", "NUM"),
    "some 500": ("500", None, None, "About", "NUM"),
    "an estimated 5": ("5", None, None, "About", "NUM"),
    "5 percent or so": ("5", None, None, "About", "PERCENT"),
    "close to 5 percent": ("5", None, None, "About", "PERCENT"),
    "between 5 and 10 percent": (None, "5", "10", "Between", "PERCENT"),
    "between 5 percent and 10 percent": (None, "5", "10", "Between", "PERCENT"),
    "between one hundred and five hundred and six": (None, "100", "506", "Between", "NUM"),
    "5 to 10 percent": (None, "5", "10", "Between", "PERCENT"),
    "5% to 10%": (None, "5", "10", "Between", "PERCENT"),
    "from 5 to 10 percent": (None, "5", "10", "Between", "PERCENT"),
    "5-10 percent": (None, "5", "10", "Between", "PERCENT"),
    "5–10 percent": (None, "5", "10", "Between", "PERCENT"),
    "5 – 10 percent": (None, "5", "10", "Between", "PERCENT"),
    "5%-10%": (None, "5", "10", "Between", "PERCENT"),
    "-2 to 3 percent": (None, "-2", "3", "Between", "PERCENT"),
    "twenty-one to twenty-five": (None, "21", "25", "Between", "NUM"),
    "20-30": (None, "20", "30", "Between", "NUM"),
    "5 to 10 billion yuan": (None, "5000000000", "10000000000", "Between", "CCY_CNY"),
    "two to three million": (None, "2000000", "3000000", "Between", "NUM"),
    "800,000 yuan to 900,000 yuan": (None, "800000", "900000", "Between", "CCY_CNY"),
    "$5 million to $1.2 billion": (None, "5000000", "1200000000", "Between", "CCY_USD"),
}

NO_AMOUNTS = {
    "¥5 million": "both yuan and yen",
    "\uffe55 million": "both yuan and yen",
    "5 pounds": "money or weight",
    "NT$5": "not in the table",
    "A$5 million": "not in the table",
    "5,000+": "plus sign",
    "as many as 500": "bound or praise",
    "US$1,20": "separators",
    "1,20 yuan": "separators",
    "5m yuan": "number",
    "$5m": "One letter",
    "a dozen": "rough amount",
    "thousands of yuan": "number",
    "$5 yuan": "two units",
    "$-5": "no number",
    "more than": "number",
    "more than about 5": "number",
    "yuan": "number",
    "percent": "number",
    "first": "number",
    "9.3 percent increase": "number",
    "101.95 billion yuan ($15 billion)": "number",
    "10 to 5 percent": "must rise",
    "5 to 5": "must rise",
    "4-4": "must rise",
    "between one million and two thousand and five": "must rise",
    "between 10 and 5": "must rise",
    "5 percent to 10 yuan": "different units",
    "$5 to 10": "different units",
    "$5 to $10 billion": "share the scale",
    "$5-10 billion": "share the scale",
    "800 to 1 million": "share the scale",
    "one to two million five hundred thousand": "share the scale",
    "between 5 and 6 and 7": "number",
    "about 5 to 10": "number",
    "5 or 6": "number",
    "2021-06-30": "number",
    "5%%": "number",
    "5 percent!": "number",
    "five" * 3_000: "longer than",
}

# phrase: value, lower, upper, comparator, unit, year on year
CHANGES = {
    "a year-on-year increase of 9.3 percent": ("9.3", None, None, "Exact", "PERCENT", True),
    "a year‑on‑year increase of 9.3 percent": ("9.3", None, None, "Exact", "PERCENT", True),
    "increasing 2.6 percent year-on-year": ("2.6", None, None, "Exact", "PERCENT", True),
    "increased by 36.7 percent": ("36.7", None, None, "Exact", "PERCENT", False),
    "has increased by 16.6 percent": ("16.6", None, None, "Exact", "PERCENT", False),
    "an increase of 18.6 percent": ("18.6", None, None, "Exact", "PERCENT", False),
    "up 5 percent": ("5", None, None, "Exact", "PERCENT", False),
    "was up 5% yoy": ("5", None, None, "Exact", "PERCENT", True),
    "up 5% y/y": ("5", None, None, "Exact", "PERCENT", True),
    "rose 5% year on year": ("5", None, None, "Exact", "PERCENT", True),
    "grew by 5 per cent": ("5", None, None, "Exact", "PERCENT", False),
    "climbed 5% from a year earlier": ("5", None, None, "Exact", "PERCENT", True),
    "jumped 5% compared with the previous year": ("5", None, None, "Exact", "PERCENT", True),
    "expanded 5% over the previous year": ("5", None, None, "Exact", "PERCENT", True),
    "surged 5%": ("5", None, None, "Exact", "PERCENT", False),
    "rose year-on-year by 5%": ("5", None, None, "Exact", "PERCENT", True),
    "rose sharply by 5%": ("5", None, None, "Exact", "PERCENT", False),
    "a slight increase of 0.5 percent": ("0.5", None, None, "Exact", "PERCENT", False),
    "a steady year-on-year growth of 5%": ("5", None, None, "Exact", "PERCENT", True),
    "growth of 5 percent": ("5", None, None, "Exact", "PERCENT", False),
    "a growth rate of 5 percent": ("5", None, None, "Exact", "PERCENT", False),
    "5 percent growth": ("5", None, None, "Exact", "PERCENT", False),
    "a 5-percent increase": ("5", None, None, "Exact", "PERCENT", False),
    "a 5 percent year-on-year increase": ("5", None, None, "Exact", "PERCENT", True),
    "5 percent higher than a year earlier": ("5", None, None, "Exact", "PERCENT", True),
    "5 percent lower": ("-5", None, None, "Exact", "PERCENT", False),
    "fell 3.1 percent": ("-3.1", None, None, "Exact", "PERCENT", False),
    "dropped 3.1 percent": ("-3.1", None, None, "Exact", "PERCENT", False),
    "declined 3.1 percent": ("-3.1", None, None, "Exact", "PERCENT", False),
    "decreased by 3.1 percent": ("-3.1", None, None, "Exact", "PERCENT", False),
    "down 3.1 percent": ("-3.1", None, None, "Exact", "PERCENT", False),
    "shrank 3.1 percent": ("-3.1", None, None, "Exact", "PERCENT", False),
    "slipped about 3 percent": ("-3", None, None, "About", "PERCENT", False),
    "a decrease of 3 percent": ("-3", None, None, "Exact", "PERCENT", False),
    "a year-on-year decline of 3%": ("-3", None, None, "Exact", "PERCENT", True),
    "a drop of 3 percent": ("-3", None, None, "Exact", "PERCENT", False),
    "doubled": ("100", None, None, "Exact", "PERCENT", False),
    "has doubled year on year": ("100", None, None, "Exact", "PERCENT", True),
    "more than doubled": (None, "100", None, "MoreThan", "PERCENT", False),
    "nearly doubled": (None, None, "100", "LessThan", "PERCENT", False),
    "tripled": ("200", None, None, "Exact", "PERCENT", False),
    "quadrupled": ("300", None, None, "Exact", "PERCENT", False),
    "halved": ("-50", None, None, "Exact", "PERCENT", False),
    "more than halved": (None, None, "-50", "LessThan", "PERCENT", False),
    "grew by more than 10 percent": (None, "10", None, "MoreThan", "PERCENT", False),
    "more than 10 percent growth": (None, "10", None, "MoreThan", "PERCENT", False),
    "rose nearly 10 percent": (None, None, "10", "LessThan", "PERCENT", False),
    "grew up to 10 percent": (None, None, "10", "AtMost", "PERCENT", False),
    "fell by more than 3 percent": (None, None, "-3", "LessThan", "PERCENT", False),
    "fell by at least 3 percent": (None, None, "-3", "AtMost", "PERCENT", False),
    "fell by less than 3 percent": (None, "-3", None, "MoreThan", "PERCENT", False),
    "fell by up to 3 percent": (None, "-3", None, "AtLeast", "PERCENT", False),
    "rose 5 to 10 percent": (None, "5", "10", "Between", "PERCENT", False),
    "fell between 5 and 10 percent": (None, "-10", "-5", "Between", "PERCENT", False),
    "rose 1.2 percentage points": ("1.2", None, None, "Exact", "PercentagePoint", False),
    "up by 5 billion yuan": ("5000000000", None, None, "Exact", "CCY_CNY", False),
}

NO_CHANGES = {
    "9.3 percent": "does not say in words",
    "more than 9.3 percent": "does not say in words",
    "up to 5 percent": "does not say in words",
    "+5 percent": "does not say in words",
    "-5 percent": "does not say in words",
    "increased twofold": "to so many times",
    "increased three-fold": "to so many times",
    "rose 3 times": "to so many times",
    "grew tenfold": "to so many times",
    "rose to 5 percent": "to what level",
    "rose from 5 to 10 percent": "to what level",
    "rose from 5 percent to 10 percent": "to what level",
    "an increase of from 5 to 10 percent": "no amount",
    "rose 5 percent to 10 billion yuan": "no amount",
    "rose 5 percent from 2019": "no amount",
    "rose 5 percent month on month": "another period",
    "up 5 percent quarter-on-quarter": "another period",
    "rose 5 percent from the previous month": "another period",
    "an annual increase of 5 percent": "average of several years",
    "average annual growth of 5 percent": "average of several years",
    "some doubled": "does not say in words",
    "unchanged": "no number",
    "remained flat": "no number",
    "increased": "no amount",
    "increased sharply": "no amount",
    "an increase of": "no amount",
    "will increase 5 percent": "no amount",
    "increase 5 percent": "no amount",
    "an increase of 200": "no unit",
    "rose 5": "no unit",
    "an increase of -5 percent": "above zero",
    "fell -3 percent": "above zero",
    "fell 0 percent": "above zero",
    "a year-on-year increase of 5 percent year-on-year": "compares",
    "year-on-year": "does not say in words",
    "doubled to 5 million": "does not say in words",
    "an increase of 1,20 percent": "no amount",
    "† 5 percent": "DAGGER",
    "increase of " * 900: "longer than",
}


def numbers(quantity):
    return tuple(
        None if number is None else str(number) for number in (quantity.value, quantity.lower, quantity.upper)
    )


@pytest.mark.parametrize("phrase", AMOUNTS)
def test_an_amount_is_a_value_or_bounds_with_a_unit(phrase):
    read = read_quantity(phrase)
    assert (*numbers(read), read.comparator, read.unit) == AMOUNTS[phrase]


@pytest.mark.parametrize("phrase", NO_AMOUNTS)
def test_what_may_be_two_amounts_or_none_is_refused(phrase):
    with pytest.raises(Unreadable) as refused:
        read_quantity(phrase)
    assert NO_AMOUNTS[phrase] in refused.value.why
    assert refused.value.phrase == phrase


@pytest.mark.parametrize("phrase", CHANGES)
def test_a_change_is_signed_and_says_its_base(phrase):
    read = read_change(phrase)
    amount = read.quantity
    expected = (*numbers(amount), amount.comparator, amount.unit, read.year_on_year)
    assert expected == CHANGES[phrase]


@pytest.mark.parametrize("phrase", NO_CHANGES)
def test_a_change_without_direction_amount_or_one_meaning_is_refused(phrase):
    with pytest.raises(Unreadable) as refused:
        read_change(phrase)
    assert NO_CHANGES[phrase] in refused.value.why
    assert refused.value.phrase == phrase


def test_values_are_frozen():
    quantity = read_quantity("5 percent")
    with pytest.raises(AttributeError):
        quantity.value = Decimal(6)
