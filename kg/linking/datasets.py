"""The data sets that links lead to: how each names its things, and what of them is compared with ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from kg import names
from kg.faults import Fault
from kg.yamlfile import nearest

_WDT: Final = "http://www.wikidata.org/prop/direct/"
_ADDRESS: Final = re.compile(r"https?://[^\s/]+(/\S*)?")


class UnknownDataSet(Fault):
    """The data set is none that we know, or an address is none."""


class Code(NamedTuple):
    """A property there whose value is the end of each address that begins with ``start``."""

    start: str
    property: str
    name: str


@dataclass(frozen=True, slots=True)
class DataSet:
    """Another data set: its prefix, the namespace of its things, and where its endpoint is.

    ``first`` is the letter that the names of things begin with where the namespace has other names too.
    ``classes`` are what things of a kind of ours are there. ``describing`` names the query for what is said
    of things there.
    """

    prefix: str
    space: str
    endpoint: str = ""
    first: str = ""
    describing: str = "describe"
    classes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    codes: tuple[Code, ...] = ()

    def codes_of(self, iris: Iterable[str]) -> list[tuple[Code, str]]:
        """Return the codes that follow from addresses, and their values.

        >>> [(code.name, value) for code, value in WIKIDATA.codes_of(["https://sws.geonames.org/2037013/"])]
        [('GeoNames ID', '2037013')]
        """
        return [
            (code, iri.removeprefix(code.start).strip("/"))
            for code in self.codes
            for iri in sorted(iris)
            if iri.startswith(code.start) and len(iri) > len(code.start)
        ]


def _items(*numbers: int) -> frozenset[str]:
    return frozenset(f"http://www.wikidata.org/entity/Q{number}" for number in numbers)


_SETTLEMENT, _TERRITORY, _REGION, _COUNTRY, _STATE = 486972, 56061, 82794, 6256, 3624078
_SECTOR, _INDUSTRY, _ACTIVITY = 268592, 8148, 8187769
_ORGANIZATION, _UNIT, _CURRENCY = 43229, 47574, 8142
_ECONOMIC: Final = _items(_SECTOR, _INDUSTRY, _ACTIVITY)

WIKIDATA: Final = DataSet(
    prefix="wikidata",
    space="http://www.wikidata.org/entity/",
    endpoint="https://query.wikidata.org/sparql",
    first="Q",
    describing="describe-wikidata",
    classes={
        "city": _items(_SETTLEMENT, _TERRITORY),
        "region": _items(_TERRITORY, _REGION),
        "country": _items(_COUNTRY, _STATE),
        "organization": _items(_ORGANIZATION),
        "industry": _ECONOMIC,
        "group": _ECONOMIC,
        "system": _ECONOMIC,
        "unit": _items(_UNIT, _CURRENCY),
    },
    codes=(
        Code("https://sws.geonames.org/", _WDT + "P1566", "GeoNames ID"),
        Code("https://www.iso.org/obp/ui/#iso:code:3166:", _WDT + "P300", "ISO 3166-2 code"),
        Code(names.UNIT + "CCY_", _WDT + "P498", "ISO 4217 code"),
    ),
)
"""Wikidata. Metrics and policies are of no class that its editors agree on, so that none is expected."""

DATA_SETS: Final = {
    each.prefix: each
    for each in (
        WIKIDATA,
        DataSet("dbpedia", "http://dbpedia.org/resource/", "https://dbpedia.org/sparql"),
    )
}


def find_data_set(given: str, prefixes: Mapping[str, str]) -> DataSet:
    """Return a data set by its prefix, or a new one that is given as ``prefix=namespace``.

    ``prefixes`` are those that the tables of links declare. Raises UnknownDataSet.
    """
    prefix, says_space, space = given.partition("=")
    known = {**prefixes, **{name: each.space for name, each in DATA_SETS.items()}}
    if not says_space:
        if prefix not in known:
            said = f"There is no data set “{prefix}”. {nearest(prefix, known)}"
            raise UnknownDataSet(f"{said} Another is given with its namespace: {prefix or 'name'}=https://…")
        return DATA_SETS.get(prefix) or DataSet(prefix, known[prefix])
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", prefix) or not _ADDRESS.fullmatch(space):
        said = "A data set is given as prefix=namespace, as in “factbook=https://factbook.example/”"
        raise UnknownDataSet(f"{said}, and not “{given}”.")
    if known.get(prefix, space) != space:
        raise UnknownDataSet(f"The prefix “{prefix}” stands for {known[prefix]} everywhere else.")
    return DataSet(prefix, space)


def check_address(address: str) -> str:
    """Return an address that can be asked; raises UnknownDataSet for what is none."""
    if not _ADDRESS.fullmatch(address) or not address.isprintable():
        raise UnknownDataSet(f"“{address}” should be an address: https://…")
    return address
