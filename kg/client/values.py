"""Terms as Python values: what an answer holds, in the types that people compute with."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Self, TypeAlias

import pyoxigraph as ox

from kg import names

if TYPE_CHECKING:
    from collections.abc import Callable


class IRI(str):
    """The name of a thing."""

    __slots__ = ()

    @property
    def short(self) -> str:
        """The name with a prefix of ours, where one fits.

        >>> IRI("https://w3id.org/cekg/city/harbin").short
        'city:harbin'
        """
        return names.compact(self)


class Text(str):
    """A text, and the language that it is in (a tag of RFC 5646, in small letters)."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str = "") -> Self:
        """Return the text with its language."""
        made = super().__new__(cls, text)
        made.language = language
        return made


Value: TypeAlias = IRI | Text | str | int | Decimal | float | bool | date | datetime | None
"""What a variable is bound to; None where it is not bound."""


def value(term: object) -> Value:
    """Return a term of an answer as a Python value; a literal of any other type as its text.

    >>> value(ox.Literal("9.30", datatype=ox.NamedNode(names.XSD + "decimal")))
    Decimal('9.30')
    >>> text = value(ox.Literal("哈尔滨", language="zh-Hans"))
    >>> text, text.language
    ('哈尔滨', 'zh-hans')
    """
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return IRI(term.value)
    if not isinstance(term, ox.Literal):
        return str(term)
    if term.language:
        return Text(term.value, term.language)
    read = _READERS.get(term.datatype.value)
    try:
        return read(term.value) if read else term.value
    except (ValueError, ArithmeticError):  # a number that is none, or a date with a time zone
        return term.value


def term(given: str | int) -> ox.NamedNode | ox.Literal:
    """Return a value as a term to bind: an IRI, a whole number or a text."""
    if isinstance(given, IRI):
        return ox.NamedNode(given)
    return ox.Literal(given)


_INTEGERS: Final = (
    *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"),
    *(
        "nonPositiveInteger",
        "negativeInteger",
        "unsignedLong",
        "unsignedInt",
        "unsignedShort",
        "unsignedByte",
    ),
)
_READERS: Final[dict[str, Callable[[str], Value]]] = {
    **{names.XSD + name: int for name in _INTEGERS},
    names.XSD + "decimal": Decimal,
    names.XSD + "double": float,
    names.XSD + "float": float,
    names.XSD + "boolean": lambda text: text in {"true", "1"},
    names.XSD + "date": date.fromisoformat,
    names.XSD + "dateTime": datetime.fromisoformat,
}
