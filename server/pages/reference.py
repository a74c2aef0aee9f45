"""What reference data say of a place: its codes, where it lies, and on which terms these data may be used."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg import names
from server.pages import links
from server.pages.catalog import first, texts
from server.pages.concept import Property
from server.pages.parts import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.pages.catalog import About, Catalog
    from server.pages.language import Language
    from server.pages.parts import Naming


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """Codes, coordinates, country and region; whose data they are, and where more is said of that."""

    properties: tuple[Property, ...]
    attribution: Link
    license: str
    graph: str


def iris(about: About) -> Iterator[str]:
    """Yield what has a name in the reference data of a place."""
    yield from _PLACES
    yield from (system for system, _ in _codes(about))


def view(catalog: Catalog, about: About, naming: Naming) -> ReferenceView | None:
    """Lay out the reference data among the statements of a place; None where there are none."""
    properties = (*_coded(about, naming), *_lying(about, naming), *_point(about, naming.language))
    if not properties:
        return None
    graph = catalog.about(_GRAPH)
    attribution, license_ = " ".join(texts(graph, names.DCTERMS + "rights")), first(graph, _LICENSE)
    language = naming.language.other("en")
    return ReferenceView(
        properties, Link(attribution, language=language), license_, links.href(_GRAPH) or _GRAPH
    )


def _codes(about: About) -> set[tuple[str, str]]:
    """Return the codes of a place, each with the system that it is in."""
    return {
        (each.datatype.value, each.value) for each in about.get(_CODE, ()) if isinstance(each, ox.Literal)
    }


def _coded(about: About, naming: Naming) -> Iterator[Property]:
    for system, code in sorted(_codes(about), key=lambda each: (naming.text(each[0]), each[1])):
        yield Property(naming.link(system), (Link(code),))


def _lying(about: About, naming: Naming) -> Iterator[Property]:
    for property_ in _PLACES:
        found = tuple(map(naming.link, texts(about, property_)))
        if found:
            yield Property(naming.link(property_), found)


def _point(about: About, language: Language) -> Iterator[Property]:
    axes = [first(about, names.WGS84 + each) for each in ("lat", "long")]
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


_GRAPH: Final = names.graph("reference")
_LICENSE: Final = names.DCTERMS + "license"
_CODE: Final = names.SKOS + "notation"
_PLACES: Final = (names.term("inRegion"), names.term("inCountry"))
