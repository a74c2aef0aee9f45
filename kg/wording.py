"""The words for what was read: one wording for a value, however its sources print it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from kg.readers import Change, Comparator, Period, Quantity

_SCALES = ((Decimal(10**12), "trillion"), (Decimal(10**9), "billion"), (Decimal(10**6), "million"))
_BEFORE = {
    Comparator.ABOUT: "about ",
    Comparator.MORE_THAN: "more than ",
    Comparator.AT_LEAST: "at least ",
    Comparator.LESS_THAN: "less than ",
    Comparator.AT_MOST: "at most ",
}
_UNITS = {
    "CCY_CNY": "yuan",
    "CCY_USD": "US dollars",
    "PERCENT": "percent",
    "PercentagePoint": "percentage points",
    "NUM": "",
}


def say(meaning: Any) -> str:
    """Return what a phrase was read as.

    >>> say(Period(None, None, None, relative=False))
    'undated'
    """
    match meaning:
        case Quantity():
            return say_quantity(meaning)
        case Change():
            base = " on the year before" if meaning.year_on_year else ""
            return f"{say_quantity(meaning.quantity, signed=True)}{base}"
        case Period():
            return _say_period(meaning)
    return str(meaning)


def say_quantity(quantity: Quantity, *, signed: bool = False) -> str:
    """Return a quantity with its comparator, scale and unit, as in ``more than 40 percent``."""
    numbers = [number for number in (quantity.value, quantity.lower, quantity.upper) if number is not None]
    said = " to ".join(_say_number(number, signed=signed, scaled=_is_money(quantity)) for number in numbers)
    unit = _UNITS.get(quantity.unit, quantity.unit.removeprefix("CCY_"))
    return f"{_BEFORE.get(quantity.comparator, '')}{said} {unit}".strip()


def plain(number: Decimal) -> str:
    """Return a number in the one form that stores keep: no exponent, no trailing zeros.

    >>> plain(Decimal("1.0195E+11")), plain(Decimal("2.50"))
    ('101950000000', '2.5')
    """
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _is_money(quantity: Quantity) -> bool:
    return quantity.unit.startswith("CCY_")


def _say_number(number: Decimal, *, signed: bool, scaled: bool) -> str:
    size = abs(number)
    sign = "-" if number < 0 else "+" if signed and number > 0 else ""
    for scale, word in _SCALES if scaled else ():
        if size >= scale:
            return f"{sign}{plain(size / scale)} {word}"
    whole, _, decimals = plain(size).partition(".")
    return f"{sign}{int(whole):,}" + (f".{decimals}" if decimals else "")


def _say_period(period: Period) -> str:
    if period.start and period.end:
        return str(period.year) if period.year else f"{period.start} to {period.end}"
    return f"not after {period.not_after}" if period.not_after else period.key
