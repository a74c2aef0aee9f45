"""Changes: what came, went or says something else since the snapshot before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from server.pages.parts import Link, Naming

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from server.pages.catalog import Catalog
    from server.pages.language import Language

MOST: Final = 200
"""How many things of each fate a page lists."""

FATES: Final = ("added", "changed", "removed")


@dataclass(frozen=True, slots=True)
class Changed:
    """A thing that is not as it was, with the words that it gained and lost."""

    thing: Link
    kind: Link
    gained: tuple[tuple[Link, Link], ...]
    lost: tuple[tuple[Link, Link], ...]


@dataclass(frozen=True, slots=True)
class Fate:
    """What happened to some things: its title, they, and how many there are in all."""

    name: str
    title: str
    things: tuple[Changed, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Other:
    """How many things of a kind came, changed and went."""

    kind: Link
    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What changed between two snapshots; ``old`` is empty where this is the first."""

    old: str
    new: str
    sources: tuple[Fate, ...]
    facts: tuple[Fate, ...]
    others: tuple[Other, ...]
    most: int

    @property
    def is_quiet(self) -> bool:
        """Tell whether nothing changed at all."""
        return not (self.sources or self.facts or self.others)


def page(catalog: Catalog, language: Language) -> ChangesPage:
    """Lay out what the build noted when it published the snapshot that is served."""
    told: Mapping[str, Any] = catalog.snapshot.changes() or {"from": "", "others": {}}
    listed = {name: told.get(name, {}) for name in ("sources", "facts")}
    naming = Naming(catalog, set(_named(told, listed.values())), language)
    return ChangesPage(
        told["from"],
        catalog.snapshot.id,
        _fates(listed["sources"], naming),
        _fates(listed["facts"], naming),
        tuple(Other(naming.link(kind), **counts) for kind, counts in told["others"].items()),
        MOST,
    )


def _named(told: Mapping[str, Any], listed: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield from told["others"]
    for fate in (fate for things in listed for fate in things.values()):
        for thing in fate[:MOST]:
            yield from (thing["iri"], thing["kind"])
            for each in (*thing.get("gained", ()), *thing.get("lost", ())):
                yield each["property"]
                if each["value"]["type"] == "uri":
                    yield each["value"]["value"]


def _fates(told: Mapping[str, list[dict[str, Any]]], naming: Naming) -> tuple[Fate, ...]:
    language = naming.language
    titles = {
        "added": language.say("Added"),
        "changed": language.say("Changed"),
        "removed": language.say("Removed"),
    }
    return tuple(
        Fate(fate, titles[fate], tuple(_changed(each, naming) for each in told[fate][:MOST]), len(told[fate]))
        for fate in FATES
        if told.get(fate)
    )


def _changed(told: Mapping[str, Any], naming: Naming) -> Changed:
    return Changed(
        _thing(told, naming),
        naming.link(told["kind"]),
        _statements(told.get("gained", ()), naming),
        _statements(told.get("lost", ()), naming),
    )


def _thing(told: Mapping[str, Any], naming: Naming) -> Link:
    """Return a link to a thing; one that went has only the label that it had, and no page any more."""
    if naming.label(told["iri"]):
        return naming.link(told["iri"])
    labels = told["labels"]
    tag = naming.language.tag if naming.language.tag in labels else next(iter(labels), "")
    return Link(labels.get(tag, told["iri"]), language=naming.language.other(tag), note=told["iri"])


def _statements(told: Iterable[Mapping[str, Any]], naming: Naming) -> tuple[tuple[Link, Link], ...]:
    return tuple((naming.link(each["property"]), _value(each["value"], naming)) for each in told)


def _value(value: Mapping[str, str], naming: Naming) -> Link:
    if value["type"] == "uri":
        return naming.link(value["value"])
    return Link(value["value"], language=naming.language.other(value.get("xml:lang", "")))
