"""Numbers for people: from a value and its unit, always by the same rules.

The words of the source stand in its sentence; what is written here is derived from ``cekg:value``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from kg import names

if TYPE_CHECKING:
    from server.pages.language import Language

_SCALES: Final = {
    "en": ((12, "trillion"), (9, "billion"), (6, "million")),
    "zh-Hans": ((12, "万亿"), (8, "亿"), (4, "万")),
}
"""The powers of ten that have a word in each language (CLDR, compact numbers)."""
_CURRENCIES: Final = {
    names.unit("CCY_CNY"): "yuan",
    names.unit("CCY_EUR"): "euros",
    names.unit("CCY_GBP"): "pounds sterling",
    names.unit("CCY_HKD"): "Hong Kong dollars",
    names.unit("CCY_JPY"): "yen",
    names.unit("CCY_USD"): "US dollars",
}
_COMPARATORS: Final = {
    names.term("About"): "about %(amount)s",
    names.term("MoreThan"): "more than %(amount)s",
    names.term("AtLeast"): "at least %(amount)s",
    names.term("LessThan"): "less than %(amount)s",
    names.term("AtMost"): "at most %(amount)s",
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


def words(figure: Figure, language: Language, *, scaled: bool = True) -> str:
    """Write a figure as people read it; with every digit of an amount where it is not to be scaled.

    >>> from server.pages.language import ENGLISH, choose
    >>> figure = Figure(Decimal(101950000000), names.unit("CCY_CNY"))
    >>> words(figure, ENGLISH), words(figure, choose("zh"))
    ('101.95 billion yuan', '1,019.5亿元')
    >>> words(figure, ENGLISH, scaled=False)
    '101,950,000,000 yuan'
    """
    if figure.lower is not None and figure.upper is not None:
        low, high = (_amount(each, figure, language, scaled=scaled) for each in (figure.lower, figure.upper))
        return language.say("from %(low)s to %(high)s", low=low, high=high)
    number = next((each for each in (figure.value, figure.lower, figure.upper) if each is not None), None)
    if number is None:
        return language.say("no number")
    if figure.kind == names.term("Rank"):
        return language.say("rank %(rank)s", rank=f"{number:f}")
    sign = "+" if figure.kind == names.term("Growth") and number > 0 else ""
    amount = sign + _amount(number, figure, language, scaled=scaled)
    comparator = _COMPARATORS.get(figure.comparator)
    return language.say(comparator, amount=amount) if comparator else amount


def scale_of(unit: str, largest: Decimal, language: Language) -> tuple[Decimal, str]:
    """Return what to divide a column by, and the words of its heading, from its largest value.

    >>> from server.pages.language import ENGLISH
    >>> scale_of(names.unit("CCY_CNY"), Decimal(621370000000), ENGLISH)
    (Decimal('1000000000'), 'billion yuan')
    """
    name = currency(unit, language)
    for power, scale in _SCALES[language.tag]:
        if abs(largest) >= Decimal(10) ** power:
            return Decimal(10**power), _joined(scale, name, language)
    return Decimal(1), name


def currency(unit: str, language: Language) -> str:
    """Return the name of a currency, empty where a unit is none that we know."""
    return language.say(_CURRENCIES[unit]) if unit in _CURRENCIES else ""


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


def percent(number: Decimal, language: Language, *, signed: bool = False) -> str:
    r"""Write a percentage.

    >>> from server.pages.language import ENGLISH, choose
    >>> percent(Decimal("9.3"), ENGLISH, signed=True), percent(Decimal("9.3"), choose("zh"))
    ('+9.3\u202f%', '9.3%')
    """
    return f"{'+' if signed and number > 0 else ''}{plain(number)}{percent_sign(language)}"


def percent_sign(language: Language) -> str:
    """Return the sign as it stands behind a number: Chinese has no space before it."""
    return "%" if language.tag.startswith("zh") else f"{_NARROW}%"


def share(part: Decimal, whole: Decimal) -> Decimal:
    """Return a part in percent of the whole, to one decimal."""
    return (part * 100 / whole).quantize(Decimal("0.1"))


def share_in_words(part: Decimal, whole: Decimal, language: Language) -> str:
    r"""Write a share that was computed; a zero behind the point says how exactly.

    >>> from server.pages.language import ENGLISH
    >>> share_in_words(Decimal("80.7"), Decimal("621.37"), ENGLISH)
    '13.0\u202f%'
    """
    return f"{share(part, whole):f}{percent_sign(language)}"


def _amount(number: Decimal, figure: Figure, language: Language, *, scaled: bool) -> str:
    if figure.unit == names.unit("PERCENT"):
        return percent(number, language)
    if figure.unit == names.unit("NUM"):
        return plain(number)
    if figure.unit in _CURRENCIES:
        divisor, scale = scale_of(figure.unit, number if scaled else Decimal(1), language)
        return _joined(plain(number / divisor), scale, language)
    return f"{plain(number)} {figure.unit_label or names.local(figure.unit)}"


def _joined(first: str, second: str, language: Language) -> str:
    """Put two words together; Chinese has no space between them."""
    return f"{first}{second}" if language.tag.startswith("zh") else f"{first} {second}".strip()


def _padded(text: str, most: int) -> str:
    """Fill up the places that are not printed; the space of the point is narrower than that of a digit."""
    if not text:
        return ""
    places = len(text.partition(".")[2])
    point = _PUNCTUATION_SPACE if most and not places else ""
    return text + point + _FIGURE_SPACE * (most - places)
