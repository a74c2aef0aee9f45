"""The code systems that reference data may use, and how their codes are spelled: the one table of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from kg.yamlfile import nearest


class Code(NamedTuple):
    """A code; the system is the name of a datatype of the ontology."""

    system: str
    text: str


class System(NamedTuple):
    """How the codes of a system are spelled, and the kinds of things that have one."""

    pattern: str
    kinds: tuple[str, ...]
    example: str


SYSTEMS: Final[Mapping[str, System]] = {
    "Iso3166Alpha2": System("[A-Z]{2}", ("country",), "CN"),
    "Iso3166Alpha3": System("[A-Z]{3}", ("country",), "CHN"),
    "Iso3166Numeric": System("[0-9]{3}", ("country",), "156"),
    "Iso3166Subdivision": System("[A-Z]{2}-[A-Z0-9]{1,3}", ("city", "region"), "CN-HL"),
    "Gbt2260": System("[1-9][0-9]{5}", ("city", "region"), "230100"),
    "GeonamesAdmin1": System("[A-Z]{2}\\.[A-Z0-9]{1,6}", ("region",), "CN.08"),
    "Iso4217": System("[A-Z]{3}", ("unit",), "CNY"),
}


def parse(text: str, kind: str) -> tuple[Code, ...]:
    """Read a cell such as ``Iso3166Alpha2:CN Iso3166Alpha3:CHN``; raises ValueError with a sentence.

    >>> parse("Iso3166Alpha2:CN", "country")
    (Code(system='Iso3166Alpha2', text='CN'),)
    """
    codes = tuple(_code(part, kind) for part in text.split(" ")) if text else ()
    twice = next((each.system for place, each in enumerate(codes) if each in codes[:place]), None)
    if twice:
        raise ValueError(f"The code of {twice} stands twice in one cell.")
    return codes


def write(codes: tuple[Code, ...]) -> str:
    """Return codes as they stand in a cell.

    >>> write((Code("Iso3166Alpha2", "CN"),))
    'Iso3166Alpha2:CN'
    """
    return " ".join(f"{each.system}:{each.text}" for each in codes)


def _code(part: str, kind: str) -> Code:
    name, colon, text = part.partition(":")
    if not colon:
        raise ValueError(f"“{part}” should be a code system and a code, as in “Iso3166Alpha2:CN”.")
    if name not in SYSTEMS:
        raise ValueError(f"“{name}” is no code system that is known. {nearest(name, SYSTEMS)}")
    system = SYSTEMS[name]
    if kind not in system.kinds:
        raise ValueError(f"A {kind} has no code of {name}; that is for a {' or a '.join(system.kinds)}.")
    if not re.fullmatch(system.pattern, text):
        raise ValueError(f"“{text}” is no code of {name}, as “{system.example}” is.")
    return Code(name, text)
