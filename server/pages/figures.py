"""Numbers for people: from a value and its unit, always by the same rules.

The words of the source stand in its sentence; what is written here is derived from ``cekg:value``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kg import names

_SCALES: Final = ((12, "trillion"), (9, "billion"), (6, "million"))
_CURRENCIES: Final = {
    names.unit("CCY_CNY"): "yuan",
    names.unit("CCY_EUR"): "euros",
    names.unit("CCY_GBP"): "pounds sterling",
    names.unit("CCY_HKD"): "Hong Kong dollars",
    names.unit("CCY_JPY"): "yen",
    names.unit("CCY_USD"): "US dollars",
}
_COMPARATORS: Final = {
    names.term("About"): "about ",
    names.term("MoreThan"): "more than ",
    names.term("AtLeast"): "at least ",
    names.term("LessThan"): "less than ",
    names.term("AtMost"): "at most ",
}
_MINUS: Final = "\N{MINUS SIGN}"
_NARROW: Final = "\N{NARROW NO-BREAK SPACE}"
_FIGURE_SPACE: Final = "\N{FIGURE SPACE}"
_PUNCTUATION_SPACE: Final = "\N{PUNCTUATION SPACE}"


@dataclass(frozen=True, slots=True)
class Figure:
    """What an observation says, as numbers: a value, or bounds, in a unit."""

    value: Decimal | None
    unit: str
    unit_label: str = ""
    lower: Decimal | None = None
    upper: Decimal | None = None
    comparator: str = ""
    kind: str = ""


def words(figure: Figure) -> str:
    """Write a figure as people read it.

    >>> words(Figure(Decimal(101950000000), names.unit("CCY_CNY")))
    '101.95 billion yuan'
    """
    if figure.lower is not None and figure.upper is not None:
        return f"from {_amount(figure.lower, figure)} to {_amount(figure.upper, figure)}"
    number = next((each for each in (figure.value, figure.lower, figure.upper) if each is not None), None)
    if number is None:
        return "no number"
    if figure.kind == names.term("Rank"):
        return f"rank {number:f}"
    sign = "+" if figure.kind == names.term("Growth") and number > 0 else ""
    return f"{_COMPARATORS.get(figure.comparator, '')}{sign}{_amount(number, figure)}"


def scale_of(unit: str, largest: Decimal) -> tuple[Decimal, str]:
    """Return what to divide a column by, and the words of its heading, from its largest value.

    >>> scale_of(names.unit("CCY_CNY"), Decimal(621370000000))
    (Decimal('1000000000'), 'billion yuan')
    """
    name = _CURRENCIES.get(unit, "")
    for power, scale in _SCALES:
        if abs(largest) >= Decimal(10) ** power:
            return Decimal(10**power), f"{scale} {name}".strip()
    return Decimal(1), name


def column(numbers: list[Decimal | None]) -> list[str]:
    """Write numbers so that, set to the right in figures of one width, their points stand in line.

    >>> [text.replace(_FIGURE_SPACE, "_").replace(_PUNCTUATION_SPACE, "~") for text in
    ...  column([Decimal("101.95"), Decimal("77.3"), None, Decimal(8)])]
    ['101.95', '77.3_', '', '8~__']
    """
    texts = ["" if number is None else plain(number) for number in numbers]
    most = max((len(text.partition(".")[2]) for text in texts), default=0)
    return [_padded(text, most) for text in texts]


def plain(number: Decimal) -> str:
    """Write a number with separators, a true minus and no zeros at its end.

    >>> plain(Decimal("7030.50"))
    '7,030.5'
    """
    text = f"{number:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", _MINUS)


def percent(number: Decimal, *, signed: bool = False) -> str:
    r"""Write a percentage.

    >>> percent(Decimal("9.3"), signed=True)
    '+9.3\u202f%'
    """
    return f"{'+' if signed and number > 0 else ''}{plain(number)}{_NARROW}%"


def share(part: Decimal, whole: Decimal) -> Decimal:
    """Return a part in percent of the whole, to one decimal."""
    return (part * 100 / whole).quantize(Decimal("0.1"))


def _amount(number: Decimal, figure: Figure) -> str:
    if figure.unit == names.unit("PERCENT"):
        return percent(number)
    if figure.unit == names.unit("NUM"):
        return plain(number)
    if figure.unit in _CURRENCIES:
        divisor, scale = scale_of(figure.unit, number)
        return f"{plain(number / divisor)} {scale}"
    return f"{plain(number)} {figure.unit_label or names.local(figure.unit)}"


def _padded(text: str, most: int) -> str:
    """Fill up the places that are not printed; the space of the point is narrower than that of a digit."""
    if not text:
        return ""
    places = len(text.partition(".")[2])
    point = _PUNCTUATION_SPACE if most and not places else ""
    return text + point + _FIGURE_SPACE * (most - places)
