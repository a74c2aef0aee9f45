"""What names are reconciled with: the types of things and their properties, the one table of each.

An entity's id is its IRI without the base (``city/harbin``), that of a type or property the name of its term.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from kg import names
from server import errors
from server.search import page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.pages.language import Language


class Type(NamedTuple):
    """A type of things: the kinds in their addresses, and the id of the type that is broader."""

    id: str
    kinds: tuple[str, ...]
    broader: str = ""


class Property(NamedTuple):
    """A property: the terms that state it, the kinds of things that have it, whether it is followed on."""

    id: str
    iris: tuple[str, ...]
    kinds: frozenset[str]
    is_transitive: bool = False
    only: str = ""
    """The one kind of things that a value may be, empty where it may be anything."""


TYPES: Final = {
    each.id: each
    for each in (
        Type("City", ("city",), "Place"),
        Type("Industry", ("industry",), "EconomicActivity"),
        Type("IndustryGroup", ("group",), "EconomicActivity"),
        Type("IndustrySystem", ("system",), "EconomicActivity"),
        Type("Metric", ("metric",)),
        Type("Region", ("region",), "Place"),
        Type("Country", ("country",), "Place"),
        Type("Organization", ("organization",)),
        Type("Policy", ("policy",)),
        Type("Source", ("source",)),
        Type("Place", ("city", "region", "country")),
        Type("EconomicActivity", ("industry", "group", "system")),
    )
}
KINDS: Final = tuple(dict.fromkeys(kind for each in TYPES.values() for kind in each.kinds))
"""Of the things that a name can mean."""

_ALL: Final = frozenset(KINDS)
_PLACES: Final = frozenset(TYPES["Place"].kinds)
_ACTIVITIES: Final = frozenset(TYPES["EconomicActivity"].kinds)
_LYING: Final = tuple(names.term(each) for each in ("within", "capitalOf", "inRegion", "inCountry"))
"""A capital lies in what it is the capital of; reference data say where a place lies too."""

PROPERTIES: Final = {
    each.id: each
    for each in (
        Property("within", _LYING, _PLACES, is_transitive=True),
        Property("country", _LYING, _PLACES - {"country"}, is_transitive=True, only="country"),
        Property("capitalOf", (names.term("capitalOf"),), frozenset({"city"})),
        Property("partOf", (names.term("partOf"),), _ACTIVITIES, is_transitive=True),
        Property("inScheme", (names.SKOS + "inScheme",), _ACTIVITIES | {"metric"}),
        Property("expectedUnit", (names.term("expectedUnit"),), frozenset({"metric"})),
        Property("ofCity", (names.term("ofCity"),), frozenset({"policy"})),
        Property("issuedBy", (names.term("issuedBy"),), frozenset({"policy"})),
        Property(
            "publisher", (names.DCTERMS + "publisher", names.SCHEMA + "publisher"), frozenset({"source"})
        ),
        Property("date", (names.DCTERMS + "date",), frozenset({"source"})),
        Property("url", (names.SCHEMA + "url",), frozenset({"source"})),
        Property("code", (names.SKOS + "notation",), _PLACES),
        Property("latitude", (names.WGS84 + "lat",), _PLACES),
        Property("longitude", (names.WGS84 + "long",), _PLACES),
        Property("altLabel", (names.SKOS + "altLabel",), _ALL),
        Property("definition", (names.SKOS + "definition",), _ALL),
        Property("sameAs", (names.OWL + "sameAs",), _ALL),
        Property("exactMatch", (names.SKOS + "exactMatch",), _ALL),
        Property("closeMatch", (names.SKOS + "closeMatch",), _ALL),
    )
}
ELSEWHERE: Final = ("sameAs", "exactMatch", "closeMatch")
"""The properties whose values are names in other data sets, which lead to the thing by themselves."""


def type_of(id_: str) -> Type:
    """Return a type; raises BadRequest where there is none of that id, which may be the whole IRI."""
    found = TYPES.get(id_.removeprefix(names.CEKG))
    if found is None:
        raise errors.BadRequest(f"There is no type {shown(id_)}. There is {', '.join(TYPES)}.")
    return found


def property_of(id_: str) -> Property:
    """Return a property; raises BadRequest where there is none of that id."""
    found = PROPERTIES.get(id_.removeprefix(names.CEKG))
    if found is None:
        raise errors.BadRequest(f"There is no property {shown(id_)}. There is {', '.join(PROPERTIES)}.")
    return found


def kinds_of(types: Iterable[Type]) -> tuple[str, ...]:
    """Return the kinds of some types, all kinds where there are none."""
    return tuple(dict.fromkeys(kind for each in types for kind in each.kinds)) or KINDS


def entity(text: str) -> str | None:
    """Return the IRI that an entity's id, or its IRI, stands for; None where it is neither.

    >>> entity("city/harbin"), entity("Harbin"), entity("obs/x")
    ('https://w3id.org/cekg/city/harbin', None, None)
    """
    found = _ENTITY.fullmatch(text.removeprefix(names.BASE))
    return names.BASE + found[0] if found else None


_ENTITY: Final = re.compile(rf"(?:{'|'.join(KINDS)})/[a-z0-9]+(?:-[a-z0-9]+)*")


def id_of(iri: str) -> str:
    """Return the id of an entity."""
    return iri.removeprefix(names.BASE)


def kind_of(iri: str) -> str:
    """Return the kind of an entity of ours, empty for anything else.

    >>> kind_of("https://w3id.org/cekg/city/harbin"), kind_of("http://www.wikidata.org/entity/Q42956")
    ('city', '')
    """
    return id_of(iri).partition("/")[0] if entity(iri) else ""


def type_of_kind(kind: str) -> Type:
    """Return the narrowest type of a kind of things.

    >>> type_of_kind("group").id
    'IndustryGroup'
    """
    return _NARROWEST[kind]


_NARROWEST: Final = {each.kinds[0]: each for each in TYPES.values() if len(each.kinds) == 1}


def type_names(language: Language) -> dict[str, str]:
    """Return what each type is called."""
    kinds = page.kind(language)
    broad = {"Place": language.say("Place"), "EconomicActivity": language.say("Economic activity")}
    return {each.id: broad.get(each.id) or kinds[each.kinds[0]] for each in TYPES.values()}


def property_names(language: Language) -> dict[str, str]:
    """Return what each property is called."""
    return {
        "within": language.say("lies in"),
        "country": language.say("country"),
        "capitalOf": language.say("capital of"),
        "partOf": language.say("part of"),
        "inScheme": language.say("in the scheme"),
        "expectedUnit": language.say("unit"),
        "ofCity": language.say("of the city"),
        "issuedBy": language.say("issued by"),
        "publisher": language.say("publisher"),
        "date": language.say("date"),
        "url": language.say("address"),
        "code": language.say("code"),
        "latitude": language.say("latitude"),
        "longitude": language.say("longitude"),
        "altLabel": language.say("other name"),
        "definition": language.say("definition"),
        "sameAs": language.say("the same, in other data sets"),
        "exactMatch": language.say("exact match, in other data sets"),
        "closeMatch": language.say("close match, in other data sets"),
    }


def shown(text: str) -> str:
    """Return a stranger's text as it is shown to him: not all of a long one."""
    return repr(text[:_MOST_SHOWN])


_MOST_SHOWN: Final = 40
