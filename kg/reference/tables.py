"""Reading the tables of reference data: places and currencies, each line with all that is known of one.

``kg/data/reference/README.md`` describes the columns. What two lines cannot both say is refused here; what a
line and the rest of the graph cannot both say, in ``kg.reference.lifting``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from kg import names, tables
from kg.faults import Problem, Problems
from kg.reference import codes
from kg.reference.codes import Code
from kg.yamlfile import Node, nearest

PLACES: Final = (
    *("id", "name", "name_zh", "country", "region"),
    *("latitude", "longitude", "geonames", "codes", "checked"),
)
"""The columns of ``places.tsv``, in order."""
CURRENCIES: Final = ("id", "name", "codes", "checked")
"""The columns of ``currencies.tsv``, in order."""
HEAD: Final = ("title", "description", "license", "attribution", "sources")
KINDS: Final = {"city": "City", "region": "Region", "country": "Country"}
"""Kinds of places, and the classes that they are."""


class Where(NamedTuple):
    """A line of a file."""

    file: str
    line: int

    def seen_from(self, other: Where) -> str:
        """Say where this is, to one who stands at another line."""
        return (
            f"line {self.line}" if self.file == other.file else f"line {self.line} of {Path(self.file).name}"
        )


class Coordinates(NamedTuple):
    """A point in degrees of WGS 84, north and east positive."""

    latitude: Decimal
    longitude: Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """One line of ``places.tsv``; country and region are ids of other lines, empty where there is none.

    ``geonames`` is the number of the feature at GeoNames, ``checked`` the day on which that was looked up.
    """

    id: str
    name: str
    name_zh: str
    country: str
    region: str
    coordinates: Coordinates | None
    geonames: str
    codes: tuple[Code, ...]
    checked: date
    where: Where

    @property
    def kind(self) -> str:
        """``city``, ``region`` or ``country``."""
        return self.id.partition(":")[0]

    @property
    def iri(self) -> str:
        """The name of the place in the graph."""
        return names.thing(*self.id.split(":"))


@dataclass(frozen=True, slots=True)
class Currency:
    """One line of ``currencies.tsv``."""

    id: str
    name: str
    codes: tuple[Code, ...]
    checked: date
    where: Where

    @property
    def iri(self) -> str:
        """The name of the unit, which is QUDT's."""
        return names.unit(self.id.partition(":")[2])


@dataclass(frozen=True, slots=True)
class Terms:
    """What the head of a table says of it: licence, attribution, and where the data come from, by name."""

    title: str
    description: str
    license: str
    attribution: str
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """All reference data."""

    places: tuple[Place, ...] = ()
    currencies: tuple[Currency, ...] = ()
    terms: tuple[Terms, ...] = ()


def read_folder(folder: Path) -> Reference:
    """Read the tables of a folder; where there is none, there are no reference data.

    Raises DataFault with every problem of every table.
    """
    problems, terms = Problems(), list[Terms]()
    places, currencies = list[Place](), list[Currency]()
    for name, columns, lines in (
        ("places.tsv", PLACES, lambda cells, where: places.append(_place(cells, where))),
        ("currencies.tsv", CURRENCIES, lambda cells, where: currencies.append(_currency(cells, where))),
    ):
        if (folder / name).exists():
            with problems.noting():
                terms.append(_read(folder / name, columns, lines))
    problems.extend(_stray(folder))
    problems.settle()
    Problems(_contradictions(places, currencies)).settle()
    return Reference(tuple(places), tuple(currencies), tuple(terms))


def _read(path: Path, columns: tuple[str, ...], take: Callable[[Mapping[str, str], Where], Any]) -> Terms:
    table = tables.read(path, head=HEAD, columns=columns)
    problems = Problems()
    for line, row in table.rows:
        with problems.noting():
            take(table.cells(line, row), Where(str(path), line))
    problems.settle()
    return _terms(table.head)


def _stray(folder: Path) -> Iterator[Problem]:
    """Refuse a table that nothing would read."""
    for path in sorted(folder.glob("*.tsv")):
        if path.name not in {"places.tsv", "currencies.tsv"}:
            yield Problem(str(path), 0, "Only places.tsv and currencies.tsv are read here.")


def _terms(head: Mapping[str, Node]) -> Terms:
    title, description, terms, attribution = (head[key].phrase().text for key in HEAD[:-1])
    sources = tuple((key.text, _web(node)) for key, node in head["sources"].entries().items())
    _web(head["license"])
    return Terms(title, description, terms, attribution, sources)


def _web(node: Node) -> str:
    text = node.phrase().text
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`/]+[^\s<>\"{}|\\^`]*", text):
        node.refuse(f"“{text}” should be an address: https://…")
    return text


# One line


def _place(cells: Mapping[str, str], where: Where) -> Place:
    may_be_empty = set(PLACES) - {"id", "name", "name_zh", "checked"}
    _settle(where, tables.untidy(cells, may_be_empty=may_be_empty))
    kind = cells["id"].partition(":")[0]
    _settle(where, _faults_of_place(cells, kind))
    return Place(
        cells["id"],
        cells["name"],
        cells["name_zh"],
        cells["country"],
        cells["region"],
        _coordinates(cells),
        cells["geonames"],
        codes.parse(cells["codes"], kind),
        date.fromisoformat(cells["checked"]),
        where,
    )


def _currency(cells: Mapping[str, str], where: Where) -> Currency:
    _settle(where, tables.untidy(cells, may_be_empty=()))
    _settle(where, _faults_of_currency(cells))
    return Currency(
        cells["id"],
        cells["name"],
        codes.parse(cells["codes"], "unit"),
        date.fromisoformat(cells["checked"]),
        where,
    )


def _settle(where: Where, messages: Iterable[str]) -> None:
    Problems(Problem(*where, message) for message in messages).settle()


def _faults_of_place(cells: Mapping[str, str], kind: str) -> Iterator[str]:
    if kind not in KINDS or not re.fullmatch(r"[a-z]+:[a-z0-9]+(-[a-z0-9]+)*", cells["id"]):
        yield f"id should be city:, region: or country: and a-z, 0-9, hyphens, and not “{cells['id']}”."
        return
    if kind != "country" and not cells["country"]:
        yield f"A {kind} should have its country, as in “country:china”."
    if kind == "country" and (cells["country"] or cells["region"]):
        yield "A country lies in no country and no region: leave these cells empty."
    if kind == "region" and cells["region"]:
        yield "A region lies in no other region here: leave the cell empty."
    yield from _bad_coordinates(cells)
    if cells["geonames"] and not re.fullmatch(r"[1-9][0-9]{0,9}", cells["geonames"]):
        yield f"geonames should be a number of GeoNames, as in “2037013”, and not “{cells['geonames']}”."
    yield from _bad_codes(cells["codes"], kind)
    yield from _bad_day(cells["checked"])


def _faults_of_currency(cells: Mapping[str, str]) -> Iterator[str]:
    yield from _bad_codes(cells["codes"], "unit")
    if not re.fullmatch(r"unit:CCY_[A-Z]{3}", cells["id"]):
        yield f"id should be a currency of QUDT, as in “unit:CCY_CNY”, and not “{cells['id']}”."
    elif f"Iso4217:{cells['id'][-3:]}" not in cells["codes"].split(" "):
        yield f"{cells['id']} should have the code of its name, “Iso4217:{cells['id'][-3:]}”."
    yield from _bad_day(cells["checked"])


def _bad_codes(text: str, kind: str) -> Iterator[str]:
    try:
        codes.parse(text, kind)
    except ValueError as error:
        yield str(error)


def _bad_day(text: str) -> Iterator[str]:
    try:
        good = date.fromisoformat(text).isoformat() == text
    except ValueError:
        good = False
    if not good:
        yield f"checked should be a date, as in “2021-03-30”, and not “{text}”."


def _bad_coordinates(cells: Mapping[str, str]) -> Iterator[str]:
    given = [name for name in _FARTHEST if cells[name]]
    if len(given) == 1:
        yield "A point needs latitude and longitude, or neither."
    elif given and not cells["geonames"]:
        yield "Coordinates come from GeoNames, so the number of the feature should stand beside them."
    for name in given:
        if not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,7})?", cells[name]):
            yield f"{name} should be in degrees, as in “126.65”, and not “{cells[name]}”."
        elif abs(Decimal(cells[name])) > _FARTHEST[name]:
            yield f"{name} should be from -{_FARTHEST[name]} to {_FARTHEST[name]}, and not {cells[name]}."


def _coordinates(cells: Mapping[str, str]) -> Coordinates | None:
    if not cells["latitude"]:
        return None
    return Coordinates(*(Decimal(cells[name]).normalize() for name in _FARTHEST))


_FARTHEST: Final = {"latitude": 90, "longitude": 180}


# Two lines


def _contradictions(places: Iterable[Place], currencies: Iterable[Currency]) -> Iterator[Problem]:
    """Yield what two lines cannot both say, at the later of the two."""
    places, currencies = list(places), list(currencies)
    things: list[Place | Currency] = [*places, *currencies]
    yield from _shared(((each.id, each) for each in things), "{key} has a line already: {where}.")
    yield from _shared(
        ((each.geonames, each) for each in places if each.geonames),
        "GeoNames {key} is {other} already ({where}): one of the two is another feature.",
    )
    yield from _shared(
        ((f"{code.system}:{code.text}", each) for each in things for code in each.codes),
        "{key} is the code of {other} already ({where}): one thing has a code.",
    )
    yield from _astray(places)


def _shared(keys: Iterable[tuple[str, Place | Currency]], said: str) -> Iterator[Problem]:
    first: dict[str, Place | Currency] = {}
    for key, each in keys:
        other = first.setdefault(key, each)
        if other is not each:
            where = other.where.seen_from(each.where)
            yield Problem(*each.where, said.format(key=key, other=other.id, where=where))


def _astray(places: list[Place]) -> Iterator[Problem]:
    """Yield what lies in a place that there is not, or not in its region's country."""
    known = {each.id: each for each in places}
    for each in places:
        for kind, id_ in (("country", each.country), ("region", each.region)):
            if id_ and (id_ not in known or known[id_].kind != kind):
                some = [one.id for one in places if one.kind == kind]
                said = f"No line is of the {kind} “{id_}”. {nearest(id_, some) if some else 'Add it.'}"
                yield Problem(*each.where, said)
        region = known.get(each.region)
        if region is not None and region.country != each.country:
            said = f"{each.id} is in {each.country}, and its region {region.id} in {region.country}"
            yield Problem(*each.where, f"{said} ({region.where.seen_from(each.where)}).")
