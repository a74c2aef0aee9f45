"""A quantity is a number, or bounds on one, with its unit: what the words claim and no more.

"Nearly" and "almost" are upper bounds, since the words say that the number was not reached; "close
to" leaves the side open and is an approximation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kg.readers.faults import Unreadable, reasons, refusal
from kg.readers.numbers import HAS_SCALE, SCALED, read_number
from kg.readers.words import either, listed, reader


class Unit(StrEnum):
    """The units that readers know: QUDT's names of them, and a percentage point of our own."""

    CNY = "CCY_CNY"
    USD = "CCY_USD"
    EUR = "CCY_EUR"
    GBP = "CCY_GBP"
    JPY = "CCY_JPY"
    HKD = "CCY_HKD"
    PERCENT = "PERCENT"
    PERCENTAGE_POINT = "PercentagePoint"
    NUM = "NUM"


class Comparator(StrEnum):
    """How a stated number relates to the true one."""

    EXACT = "Exact"
    ABOUT = "About"
    MORE_THAN = "MoreThan"
    AT_LEAST = "AtLeast"
    LESS_THAN = "LessThan"
    AT_MOST = "AtMost"
    BETWEEN = "Between"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value (Exact, About) or bounds on one (all others), never both."""

    value: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    comparator: Comparator
    unit: Unit


# One line for each unit: what may stand before the number, what after it.
_UNITS = (
    (Unit.CNY, "rmb|cny|cn¥", "yuan|rmb|cny|renminbi|renminbi yuan|yuan renminbi|chinese yuan"),
    (Unit.USD, "$|us$|u.s.$|usd", "dollar|dollars|us dollars|u.s. dollars|american dollars|usd"),
    (Unit.EUR, "€|eur", "euro|euros|eur"),
    (Unit.GBP, "£|gbp", "pounds sterling|british pounds|gbp"),
    (Unit.JPY, "jpy|jp¥", "yen|japanese yen|jpy"),
    (Unit.HKD, "hk$|hkd", "hong kong dollars|hk dollars|hkd"),
    (Unit.PERCENT, "", "%|percent|per cent|pct"),
    (Unit.PERCENTAGE_POINT, "", "percentage point|percentage points|percentage-point|percentage-points"),
)
_BEFORE = {word: unit for unit, words, _ in _UNITS for word in listed(words) if word}
_AFTER = {word: unit for unit, _, words in _UNITS for word in listed(words)}

_COMPARATORS = {
    "more than|over|just over|above|exceeding|exceeded|upwards of|in excess of": Comparator.MORE_THAN,
    "at least|no less than|not less than|no fewer than|not fewer than|a minimum of": Comparator.AT_LEAST,
    "less than|fewer than|under|below|nearly|almost|just under": Comparator.LESS_THAN,
    "up to|at most|no more than|not more than|not exceeding|a maximum of": Comparator.AT_MOST,
    "about|around|approximately|roughly|some|an estimated|close to": Comparator.ABOUT,
    "exactly|a total of": Comparator.EXACT,
}
_LEADING = {word: sense for words, sense in _COMPARATORS.items() for word in listed(words)}
_TRAILING = {
    "or more": Comparator.AT_LEAST,
    "or above": Comparator.AT_LEAST,
    "or less": Comparator.AT_MOST,
    "or fewer": Comparator.AT_MOST,
    "or below": Comparator.AT_MOST,
    "or so": Comparator.ABOUT,
}

_COMPARED = re.compile(
    rf"(?P<word>{either(_LEADING)}) (?P<rest>.+)|(?P<first>.+) (?P<last>{either(_TRAILING)})"
)
_AMOUNT = re.compile(
    rf"(?P<sign>minus |-)?(?:(?P<before>{either(_BEFORE)}) ?)?(?P<number>(?!minus)[a-z0-9.].*?)"
    rf"(?:(?: |-(?=[a-z])|(?<=[0-9]))(?P<after>{either(_AFTER)}))?"
)
_RANGES = (
    ("between ", re.compile(" and ")),
    ("from ", re.compile(" to ")),
    ("", re.compile(" to |(?<=[0-9%]) ?- ?(?=[0-9$€£])")),
)
GRAMMAR = (_COMPARED, _AMOUNT, *(separator for _, separator in _RANGES))
_TRAPS = reasons(
    (r"¥", "The sign ¥ is both yuan and yen; quote a phrase that names the currency."),
    (r"\bpounds?$", "Pounds may be money or weight; quote a phrase that says which."),
    (r"[0-9]\+", "A plus sign may mean 'at least' or 'more than'; quote a phrase that says which."),
    (r"\bas (?:much|many) as\b", "'As many as' may be a bound or praise; list it as not loaded."),
    (
        r"(?:^| )(?!us\$|hk\$|u\.s\.\$)[a-z.]+\$",
        "This dollar is not in the table of units; add it to the readers' units first.",
    ),
)


@dataclass(frozen=True, slots=True)
class _Amount:
    value: Decimal
    number: str
    unit: Unit | None

    @property
    def scaled(self) -> bool:
        return HAS_SCALE.search(self.number) is not None


@reader
def read_quantity(phrase: str) -> Quantity:
    """A number, a bound or a range, with its unit; without one, a count (Unit.NUM).

    >>> read_quantity("101.95 billion yuan").value
    Decimal('101950000000')
    >>> bound = read_quantity("more than 40 percent")
    >>> bound.value, bound.lower, str(bound.comparator), str(bound.unit)
    (None, Decimal('40'), 'MoreThan', 'PERCENT')
    """
    if between := _range(phrase):
        return between
    comparator, rest = _compared(phrase)
    amount = _amount(rest)
    return _place(comparator, amount.value, amount.unit or Unit.NUM)


def _place(comparator: Comparator, number: Decimal, unit: Unit) -> Quantity:
    """The number put where its comparator says: as the value, or as a bound and never both."""
    if comparator in {Comparator.EXACT, Comparator.ABOUT}:
        return Quantity(number, None, None, comparator, unit)
    if comparator in {Comparator.MORE_THAN, Comparator.AT_LEAST}:
        return Quantity(None, number, None, comparator, unit)
    return Quantity(None, None, number, comparator, unit)


def _compared(phrase: str) -> tuple[Comparator, str]:
    compared = _COMPARED.fullmatch(phrase)
    if not compared:
        return Comparator.EXACT, phrase
    if compared["word"]:
        return _LEADING[compared["word"]], compared["rest"]
    return _TRAILING[compared["last"]], compared["first"]


def _amount(text: str) -> _Amount:
    parts = _AMOUNT.fullmatch(text)
    if not parts:
        raise refusal(text, _TRAPS, "It holds no number; quote the words that state one.")
    units = {_BEFORE.get(parts["before"]), _AFTER.get(parts["after"])} - {None}
    if len(units) > 1:
        raise Unreadable(text, "It names two units; quote one amount with one unit.")
    try:
        value = read_number(parts["number"])
    except Unreadable as fault:
        raise refusal(text, _TRAPS, fault.why) from None
    signed = value.copy_negate() if parts["sign"] else value
    return _Amount(signed, parts["number"], units.pop() if units else None)


def _range(phrase: str) -> Quantity | None:
    """The first way to part the phrase serves: when number words allow a second, neither rises."""
    pair = next(_pairs(phrase), None)
    return _between(phrase, *pair) if pair else None


def _pairs(phrase: str) -> Iterator[tuple[_Amount, _Amount]]:
    """Every way to part the phrase into two amounts ("two hundred and five" holds an "and")."""
    for opening, separator in _RANGES:
        if phrase.startswith(opening):
            for gap in separator.finditer(phrase, len(opening)):
                try:
                    yield _amount(phrase[len(opening) : gap.start()]), _amount(phrase[gap.end() :])
                except Unreadable:
                    continue


def _between(phrase: str, low: _Amount, high: _Amount) -> Quantity:
    lower = _sharing_scale(phrase, low, high)
    if low.unit and low.unit != high.unit:
        raise Unreadable(phrase, "Its two ends have different units; quote each amount alone.")
    if lower >= high.value:
        raise Unreadable(phrase, "Its first number is not below its second; a range must rise.")
    return Quantity(None, lower, high.value, Comparator.BETWEEN, high.unit or Unit.NUM)


def _sharing_scale(phrase: str, low: _Amount, high: _Amount) -> Decimal:
    """In "5 to 10 billion yuan" the scale and the unit are said once, for both ends.

    When the first end has a unit of its own ("$5 to $10 billion") or would not rise ("800 to 1
    million"), it may well be complete: the Associated Press asks for the scale at both ends.
    """
    if low.scaled or not high.scaled:
        return low.value
    scaled = SCALED.fullmatch(high.number)
    if not scaled or low.unit or low.value >= read_number(scaled["count"]):
        why = "Its first number may or may not share the scale of its second; list it as not loaded."
        raise Unreadable(phrase, why)
    return read_number(f"{low.number} {scaled['scale']}")
