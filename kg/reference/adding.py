"""Adding a place: looked up, laid out as a line, held against what is there, and only then written."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kg.faults import DataFault, SystemFault
from kg.links import read_folder as read_links
from kg.reference import gazetteer
from kg.reference.codes import write
from kg.reference.lifting import lift, lift_mappings
from kg.reference.tables import Coordinates, Place, Reference, Where, read_folder
from kg.yamlfile import read_text

if TYPE_CHECKING:
    from rdflib import Graph


@dataclass(frozen=True, slots=True)
class Wish:
    """What an author asks for; what is empty is looked up."""

    text: str
    country: str = ""
    region: str = ""
    name: str = ""
    name_zh: str = ""
    slug: str = ""


def lines_for(wish: Wish, reference: Reference, today: date) -> tuple[str, ...]:
    """Return the lines that a place takes: its own, and before it that of its country where there is none.

    Raises Unclear where the wish leads to no place or to several.
    """
    if re.fullmatch("[A-Z]{2}", wish.text):
        return (_line(_country(wish, today)),)
    if re.fullmatch("[A-Z]{2}-[A-Z0-9]{1,3}", wish.text):
        found = gazetteer.subdivision(wish.text)
        id_, before = _in_country(found.country, reference, today)
        return (*before, _line(_division("region", wish, found, today, country=id_)))
    feature = gazetteer.city(wish.text, wish.country)
    id_, before = _in_country(feature.country, reference, today)
    place = Place(
        f"city:{wish.slug or gazetteer.slug(wish.name or feature.name)}",
        wish.name or feature.name,
        wish.name_zh or gazetteer.chinese_name(feature),
        id_,
        wish.region or gazetteer.by_code(reference, "GeonamesAdmin1", feature.division),
        Coordinates(feature.latitude, feature.longitude),
        feature.number,
        (),
        today,
        _NOWHERE,
    )
    return (*before, _line(place))


def add(wish: Wish, data: Path, concepts: Graph, today: date, *, only_show: bool = False) -> tuple[str, ...]:
    """Add a place to the table in a folder of data, and return the lines.

    Nothing is written where a line would contradict another one, the ontology or a link: that is a DataFault.
    """
    path = data / "reference" / "places.tsv"
    lines = lines_for(wish, read_folder(path.parent), today)
    content = "\n".join((read_text(path).rstrip(), *lines, ""))
    _try(content, data, concepts)
    if not only_show:
        try:
            path.write_text(content, encoding="utf-8")
        except OSError as error:
            raise SystemFault(f"{path} cannot be written: {error.strerror}.") from error
    return lines


def _try(content: str, data: Path, concepts: Graph) -> None:
    """Read the table as it would be; its problems are told as those of the real one."""
    folder = data / "reference"
    with TemporaryDirectory() as scratch:
        copy = Path(shutil.copytree(folder, Path(scratch) / "reference"))
        (copy / "places.tsv").write_text(content, encoding="utf-8")
        try:
            reference = read_folder(copy)
            list(lift(reference, concepts))
            list(
                lift_mappings(reference, [link for each in read_links(data / "links") for link in each.links])
            )
        except DataFault as fault:
            moved = (replace(each, file=each.file.replace(str(copy), str(folder))) for each in fault.problems)
            raise DataFault(list(moved)) from fault


def _in_country(code: str, reference: Reference, today: date) -> tuple[str, tuple[str, ...]]:
    """Return the id of a country, and its line where it has none yet."""
    known = gazetteer.by_code(reference, "Iso3166Alpha2", code)
    if known:
        return known, ()
    new = _country(Wish(code), today)
    return new.id, (_line(new),)


def _country(wish: Wish, today: date) -> Place:
    return _division("country", wish, gazetteer.country(wish.text), today)


def _division(kind: str, wish: Wish, found: gazetteer.Division, today: date, country: str = "") -> Place:
    name, name_zh = wish.name or found.name, wish.name_zh or found.name_zh
    if not name_zh:
        raise gazetteer.Unclear(f"There is no Chinese name of {name} in CLDR or ISO. Give it with --name-zh.")
    id_ = f"{kind}:{wish.slug or gazetteer.slug(name)}"
    return Place(id_, name, name_zh, country, "", None, found.geonames, found.codes, today, _NOWHERE)


def _line(place: Place) -> str:
    """Lay a place out as a line, in the order of the columns."""
    where = (f"{each:f}" for each in place.coordinates) if place.coordinates else ("", "")
    cells = (place.id, place.name, place.name_zh, place.country, place.region, *where)
    return "\t".join((*cells, place.geonames, write(place.codes), place.checked.isoformat()))


_NOWHERE = Where("", 0)
