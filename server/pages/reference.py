"""What reference data say of a place: its codes, where it lies, and on which terms these data may be used."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg import names
from server.pages import concept, links
from server.pages.concept import Property
from server.pages.parts import Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from server.pages.catalog import Catalog, Row, Term
    from server.pages.language import Language
    from server.pages.parts import Naming


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """Codes, coordinates, country and region; whose data they are, and where more is said of that."""

    properties: tuple[Property, ...]
    attribution: Link
    license: str
    graph: str


def iris(rows: Iterable[Row]) -> Iterator[str]:
    """Yield what has a name in the reference data of a place."""
    yield from _PLACES
    yield from (row.datatype("value") for row in rows if row.text("property") == _CODE)


def view(catalog: Catalog, rows: Iterable[Row], naming: Naming) -> ReferenceView | None:
    """Lay out the reference data among the statements of a place; None where there are none."""
    rows = list(rows)
    properties = (*_codes(rows, naming), *_lying(rows, naming), *_point(rows, naming.language))
    if not properties:
        return None
    about = catalog.about(_GRAPH)
    attribution = " ".join(_texts(about.get(names.DCTERMS + "rights", ())))
    license_ = next(iter(_texts(about.get(names.DCTERMS + "license", ()))), "")
    language = naming.language.other("en")
    return ReferenceView(
        properties, Link(attribution, language=language), license_, links.href(_GRAPH) or _GRAPH
    )


def _codes(rows: list[Row], naming: Naming) -> Iterator[Property]:
    found = {(row.datatype("value"), row.text("value")) for row in rows if row.text("property") == _CODE}
    for system, code in sorted(found, key=lambda each: (naming.text(each[0]), each[1])):
        yield Property(naming.link(system), (Link(code),))


def _lying(rows: list[Row], naming: Naming) -> Iterator[Property]:
    for property_ in _PLACES:
        found = tuple(map(naming.link, concept.values(rows, property_)))
        if found:
            yield Property(naming.link(property_), found)


def _point(rows: list[Row], language: Language) -> Iterator[Property]:
    axes = [next(iter(concept.values(rows, names.WGS84 + each)), "") for each in ("lat", "long")]
    if all(axes):
        text = language.say(
            "%(latitude)s, %(longitude)s",
            latitude=_degrees(axes[0], "%(degrees)s° N", "%(degrees)s° S", language),
            longitude=_degrees(axes[1], "%(degrees)s° E", "%(degrees)s° W", language),
        )
        yield Property(Link(language.say("Coordinates")), (Link(text, note="WGS 84"),))


def _degrees(text: str, positive: str, negative: str, language: Language) -> str:
    number = Decimal(text)
    return language.say(negative if number < 0 else positive, degrees=f"{abs(number):f}")


def _texts(terms: Iterable[Term]) -> Iterator[str]:
    yield from (each.value for each in terms if isinstance(each, ox.Literal | ox.NamedNode))


_GRAPH: Final = names.graph("reference")
_CODE: Final = names.SKOS + "notation"
_PLACES: Final = (names.term("inRegion"), names.term("inCountry"))
