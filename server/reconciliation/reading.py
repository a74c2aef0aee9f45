"""What a client asks, read from JSON of either version into one form; what is malformed is refused here.

0.2: ``{"q0": {"query": "Harbin", "type": "City", "properties": [{"pid": "within", "v": "China"}]}}``.
1.0-draft: ``{"queries": [{"conditions": [{"matchType": "name", "propertyValue": "Harbin"}]}]}``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from server import errors
from server.reconciliation import vocabulary
from server.reconciliation.vocabulary import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from server.reconciliation.vocabulary import Property, Type

MOST_QUERIES: Final = 100
"""Queries in a batch; the manifest says so, and clients cut their tables accordingly."""
MOST_CANDIDATES: Final = 50
"""Candidates of a query; who asks for more gets these."""
MOST_CONDITIONS: Final = 16
MOST_VALUES: Final = 32
MOST_ENTITIES: Final = 500
"""Entities in a request for their values."""
USUAL_CANDIDATES: Final = 5

Wanted = TypeVar("Wanted")


class TooMany(errors.RequestFault):
    """The request has more parts than one may have."""

    status = 413
    title = "The request has too many parts"


@dataclass(frozen=True, slots=True)
class Condition:
    """Values that a property should have; a value is a text, or an entity's id."""

    property: Property
    values: tuple[str, ...]
    quantifier: str = "any"
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A name, ids or conditions; an empty cell of a table has none, and no candidates. No types means any."""

    name: str
    types: tuple[Type, ...] = ()
    limit: int = USUAL_CANDIDATES
    conditions: tuple[Condition, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extension:
    """Entities, by what the client calls them, and the properties whose values are asked for."""

    ids: tuple[str, ...]
    properties: tuple[Property, ...]


def batch(text: str) -> dict[str, Query]:
    """Read the queries of version 0.2; raises BadRequest or TooMany."""
    content = _of_type(parsed(text), dict, "The batch of queries")
    _few(content, MOST_QUERIES, "queries in a batch")
    return {name: _query(_of_type(each, dict, f"The query {shown(name)}")) for name, each in content.items()}


def batch_of_draft(content: object) -> list[Query]:
    """Read the queries of version 1.0-draft; raises BadRequest or TooMany."""
    members = _of_type(content, dict, "The batch of queries")
    queries = _of_type(members.get("queries"), list, "“queries” in the batch")
    _few(queries, MOST_QUERIES, "queries in a batch")
    return [_query_of_draft(_of_type(each, dict, "A query")) for each in queries]


def extension(content: object) -> Extension:
    """Read which values are asked for, which is the same in both versions; raises BadRequest or TooMany."""
    members = _of_type(content, dict, "The request for values")
    ids = _of_type(members.get("ids"), list, "“ids” in the request for values")
    properties = _of_type(members.get("properties"), list, "“properties” in the request for values")
    _few(ids, MOST_ENTITIES, "entities in a request")
    _few(properties, MOST_CONDITIONS, "properties in a request")
    found = [_text(_of_type(each, dict, "A property"), "id") for each in properties]
    return Extension(
        tuple(dict.fromkeys(_of_type(each, str, "An id") for each in ids)),
        tuple(dict.fromkeys(map(vocabulary.property_of, found))),
    )


def parsed(text: str | bytes) -> object:
    """Return what JSON says; raises BadRequest where it is none, or nested too deeply."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except RecursionError as error:
        raise errors.BadRequest("The JSON is nested too deeply. A query has three levels.") from error
    except ValueError as error:
        raise errors.BadRequest(f"That is not JSON: {str(error)[:200].rstrip('.')}.") from error


def whole(text: str | None, usual: int, *, least: int = 0) -> int:
    """Return a whole number from an address; raises BadRequest where it is none."""
    if text is None or text == "":
        return usual
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS and int(text) >= least):
        raise errors.BadRequest(f"{shown(text)} is no whole number from {least}.")
    return int(text)


def _no_number(name: str) -> float:
    message = f"{name} is no number in JSON"
    raise ValueError(message)


def _query(content: Mapping[str, Any]) -> Query:
    name = _text(content, "query", usual="")
    properties = _of_type(content.get("properties", []), list, "“properties” in a query")
    _few(properties, MOST_CONDITIONS, "properties in a query")
    if "query" not in content and not properties:
        raise errors.BadRequest("A query has to have a “query” or “properties”.")
    given = content.get("type") or []
    types = [given] if isinstance(given, str) else _of_type(given, list, "“type” in a query")
    _few(types, MOST_VALUES, "types in a query")
    _one_of(_text(content, "type_strict", usual="any"), ("any", "should", "all"), "type_strict")
    return Query(
        name,
        _types(types),
        _limit(content),
        _saying(_property(_of_type(each, dict, "A property")) for each in properties),
    )


def _saying(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Leave out what an empty cell asks: it says nothing of a thing, for or against."""
    return tuple(each for each in conditions if each.values)


def _property(content: Mapping[str, Any]) -> Condition:
    property_ = vocabulary.property_of(_text(content, "pid"))
    return Condition(property_, _values(content.get("v"), "v"))


def _query_of_draft(content: Mapping[str, Any]) -> Query:
    conditions = _of_type(content.get("conditions"), list, "“conditions” in a query")
    _few(conditions, MOST_CONDITIONS, "conditions in a query")
    if not conditions:
        raise errors.BadRequest("“conditions” in a query has to have one condition or more.")
    by_type: dict[str, list[Mapping[str, Any]]] = {"name": [], "id": [], "property": []}
    for each in conditions:
        condition = _of_type(each, dict, "A condition")
        by_type[_one_of(_text(condition, "matchType"), by_type, "matchType")].append(condition)
    named = [value for each in by_type["name"] for value in _values(each.get("propertyValue"))]
    given = _text(content, "type", usual="")
    return Query(
        next(iter(named), ""),
        _types([given] if given else []),
        _limit(content),
        _saying(map(_condition, by_type["property"])),
        tuple(value for each in by_type["id"] for value in _values(each.get("propertyValue"))),
    )


def _condition(content: Mapping[str, Any]) -> Condition:
    if "matchQualifier" in content:
        raise errors.BadRequest("There are no match qualifiers here. Leave “matchQualifier” out.")
    return Condition(
        vocabulary.property_of(_text(content, "propertyId")),
        _values(content.get("propertyValue")),
        _one_of(_text(content, "matchQuantifier", usual="any"), ("any", "all", "none"), "matchQuantifier"),
        _of_type(content.get("required", False), bool, "“required”"),
    )


def _types(given: Sequence[object]) -> tuple[Type, ...]:
    return tuple(vocabulary.type_of(_of_type(each, str, "A type")) for each in given)


def _limit(content: Mapping[str, Any]) -> int:
    limit = content.get("limit", USUAL_CANDIDATES)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or limit != limit // 1 or limit < 1:
        raise errors.BadRequest("“limit” is a whole number from 1.")
    return int(min(limit, MOST_CANDIDATES))


def _values(given: object, name: str = "propertyValue") -> tuple[str, ...]:
    several = given if isinstance(given, list) else [given]
    _few(several, MOST_VALUES, "values of a property")
    return tuple(value for each in several if (value := _value(each, name)).strip())


def _value(given: object, name: str) -> str:
    """Return a property value as text: an entity's id, a number in its digits."""
    if isinstance(given, dict):
        return _text(given, "id")
    if isinstance(given, str | int | float):
        return str(given)[:_LONGEST_VALUE]
    raise errors.BadRequest(
        f"“{name}” is a text, a number, a boolean, an object with an id, or a list of these."
    )


def _text(content: Mapping[str, Any], name: str, *, usual: str | None = None) -> str:
    return _of_type(content.get(name, usual), str, f"“{name}”")


def _one_of(text: str, known: Mapping[str, Any] | Sequence[str], name: str) -> str:
    if text not in known:
        raise errors.BadRequest(f"“{name}” is one of {', '.join(known)}, and not {shown(text)}.")
    return text


def _few(content: Sequence[object] | Mapping[str, object], most: int, what: str) -> None:
    if len(content) > most:
        raise TooMany(
            f"There are {len(content):,} {what}; up to {most} are answered. Send them in parts.", limit=most
        )


def _of_type(content: object, wanted: type[Wanted], what: str) -> Wanted:
    if not isinstance(content, wanted):
        raise errors.BadRequest(f"{what} has to be {_CALLED[wanted]}.")
    return content


_CALLED: Final[dict[type, str]] = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
_DIGITS: Final = 6
_LONGEST_VALUE: Final = 500
