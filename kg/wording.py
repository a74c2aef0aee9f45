"""The words for what was read: one wording for a value, however its sources print it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from kg.readers import Change, Comparator, Period, Quantity


@dataclass(frozen=True, slots=True)
class _Words:
    """How a language says a quantity; ``scales`` are the powers of ten that have a word, largest first."""

    scales: tuple[tuple[int, str], ...]
    comparators: Mapping[Comparator, str]
    units: Mapping[str, str]
    between: str
    space: str


_WORDS: Final = {
    "en": _Words(
        scales=((12, "trillion"), (9, "billion"), (6, "million")),
        comparators={
            Comparator.ABOUT: "about ",
            Comparator.MORE_THAN: "more than ",
            Comparator.AT_LEAST: "at least ",
            Comparator.LESS_THAN: "less than ",
            Comparator.AT_MOST: "at most ",
        },
        units={
            "CCY_CNY": "yuan",
            "CCY_USD": "US dollars",
            "PERCENT": "percent",
            "PercentagePoint": "percentage points",
            "NUM": "",
        },
        between=" to ",
        space=" ",
    ),
    "zh-Hans": _Words(
        scales=((12, "万亿"), (8, "亿"), (4, "万")),
        comparators={
            Comparator.ABOUT: "约",
            Comparator.MORE_THAN: "超过",
            Comparator.AT_LEAST: "至少",
            Comparator.LESS_THAN: "不到",
            Comparator.AT_MOST: "至多",
        },
        units={"CCY_CNY": "元", "CCY_USD": "美元", "PERCENT": "%", "PercentagePoint": "个百分点", "NUM": ""},
        between="至",
        space="",
    ),
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


def say_quantity(quantity: Quantity, *, signed: bool = False, language: str = "en") -> str:
    """Return a quantity with its comparator, scale and unit, as in ``more than 40 percent``."""
    words = _WORDS[language]
    numbers = [number for number in (quantity.value, quantity.lower, quantity.upper) if number is not None]
    scales = words.scales if quantity.unit.startswith("CCY_") else ()
    said = words.between.join(_say_number(number, scales, words.space, signed=signed) for number in numbers)
    unit = words.units.get(quantity.unit, quantity.unit.removeprefix("CCY_"))
    return f"{words.comparators.get(quantity.comparator, '')}{said}{words.space}{unit}".strip()


def say_when(period: Period, language: str = "en") -> str:
    """Return a period by its key, which is language enough in English; empty where there is none.

    >>> keys = ("2020", "2021-h1", "2021-q3", "2021-06", "2021-06-30", "2016-to-2020")
    >>> [_in_chinese(key) for key in keys]
    ['2020年', '2021年上半年', '2021年第三季度', '2021年6月', '2021年6月30日', '2016年至2020年']
    """
    if period.key == "undated":
        return ""
    return _in_chinese(period.key) if language == "zh-Hans" else period.key


def _in_chinese(key: str) -> str:
    return "至".join(_DAY.sub(_chinese_day, day) for day in key.split("-to-"))


_DAY: Final = re.compile(r"(\d{4})(?:-([hq]\d))?(?:-(\d\d))?(?:-(\d\d))?")
_PARTS: Final = {
    "h1": "上半年",
    "h2": "下半年",
    "q1": "第一季度",
    "q2": "第二季度",
    "q3": "第三季度",
    "q4": "第四季度",
}


def _chinese_day(day: re.Match[str]) -> str:
    year, part, month, number = day.groups()
    return (
        f"{year}年"
        + (_PARTS[part] if part else "")
        + (f"{int(month)}月" if month else "")
        + (f"{int(number)}日" if number else "")
    )


def plain(number: Decimal) -> str:
    """Return a number in the one form that stores keep: no exponent, no trailing zeros.

    >>> plain(Decimal("1.0195E+11")), plain(Decimal("2.50"))
    ('101950000000', '2.5')
    """
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _say_number(number: Decimal, scales: tuple[tuple[int, str], ...], space: str, *, signed: bool) -> str:
    size = abs(number)
    sign = "-" if number < 0 else "+" if signed and number > 0 else ""
    for power, word in scales:
        if size >= 10**power:
            return f"{sign}{size.scaleb(-power).normalize():,f}{space}{word}"
    return f"{sign}{Decimal(plain(size)):,f}"


def _say_period(period: Period) -> str:
    if period.start and period.end:
        return str(period.year) if period.year else f"{period.start} to {period.end}"
    return f"not after {period.not_after}" if period.not_after else period.key
