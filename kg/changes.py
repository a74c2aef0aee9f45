"""What changed from one snapshot to the next: which facts came, went or say something else now.

Two files of sorted quads are read side by side, so that memory grows with what changed, not with the graph. A
thing has changed when its triples have; in which graph they stand is no matter. What the build says of itself
(``graph:meta``) is left out: it is another with each build.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from kg import names, quads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.snapshot import Snapshot

LISTED: Final = {"facts": names.term("statedIn"), "sources": names.term("sha256")}
"""What is listed one by one, by a property that nothing else has; the rest is counted by kind."""

FATES: Final = ("added", "removed", "changed")


def changes(old: Snapshot, new: Snapshot) -> dict[str, Any]:
    """Return what ``new`` has and ``old`` has not, and the other way round, as ``kg/README.md`` says."""
    with (old.folder / "data.nq").open("rb") as before, (new.folder / "data.nq").open("rb") as after:
        return {"from": old.id, "to": new.id, **compare(before, after)}


def compare(before: Iterable[bytes], after: Iterable[bytes]) -> dict[str, Any]:
    """Compare sorted quads, line by line."""
    parents: defaultdict[str, set[str]] = defaultdict(set)
    found = [thing for thing in map(_compared, _paired(before, after, parents)) if thing]
    listed: dict[str, Any] = {name: {fate: [] for fate in FATES} for name in LISTED}
    others: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for thing in sorted(found, key=lambda thing: thing.iri):
        kind = _narrowest(thing.kinds, parents)
        name = next((name for name, mark in LISTED.items() if mark in thing.properties), None)
        if name:
            listed[name][thing.fate].append(_told(thing, kind))
        else:
            others[kind][thing.fate] += 1
    return {
        **listed,
        "others": {kind: {fate: others[kind][fate] for fate in FATES} for kind in sorted(others)},
    }


@dataclass(frozen=True, slots=True)
class _Thing:
    """A thing that is not as it was; ``triples`` are those that it has now, or had when it went."""

    iri: str
    fate: str
    triples: tuple[ox.Triple, ...]
    gained: tuple[ox.Triple, ...] = ()
    lost: tuple[ox.Triple, ...] = ()

    @property
    def kinds(self) -> set[str]:
        return {_text(each.object) for each in self.triples if each.predicate.value == _TYPE}

    @property
    def properties(self) -> set[str]:
        return {each.predicate.value for each in (*self.triples, *self.lost)}


def _paired(
    before: Iterable[bytes], after: Iterable[bytes], parents: defaultdict[str, set[str]]
) -> Iterator[tuple[list[bytes], list[bytes]]]:
    """Return what is said of each thing before and after, and note on the way which class is under which."""
    old, new = (quads.by_subject(filter(_is_told, lines)) for lines in (before, after))
    left, right = next(old, _END), next(new, _END)
    while left[1] or right[1]:
        first = min(side[0] for side in (left, right) if side[1])
        was, now = ([], [])
        if left[0] == first:
            was, left = left[1], next(old, _END)
        if right[0] == first:
            now, right = right[1], next(new, _END)
        if first.startswith(_OURS):
            _note(parents, *was, *now)
        yield was, now


_END: Final[tuple[bytes, list[bytes]]] = (b"", [])
_OURS: Final = f"<{names.CEKG}".encode()
_SUBCLASS: Final = f" <{names.RDFS}subClassOf> ".encode()
_META: Final = f" <{names.graph('meta')}> .\n".encode()
_TYPE: Final = names.RDF + "type"


def _is_told(line: bytes) -> bool:
    return not line.endswith(_META)


def _note(parents: defaultdict[str, set[str]], *lines: bytes) -> None:
    for each in _parsed(line for line in lines if _SUBCLASS in line):
        parents[_text(each.subject)].add(_text(each.object))


def _compared(sides: tuple[list[bytes], list[bytes]]) -> _Thing | None:
    if sides[0] == sides[1]:
        return None
    was, now = ({quads.triple(line) for line in side} for side in sides)
    if was == now:
        return None
    iri = next(iter(now or was)).partition(b" ")[0].decode().strip("<>")
    if not was or not now:
        return _Thing(iri, "added" if now else "removed", _parsed(now or was))
    return _Thing(iri, "changed", _parsed(now), gained=_parsed(now - was), lost=_parsed(was - now))


def _parsed(lines: Iterable[bytes]) -> tuple[ox.Triple, ...]:
    content = b"".join(sorted(lines))
    return tuple(quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_QUADS))


def _narrowest(kinds: set[str], parents: defaultdict[str, set[str]]) -> str:
    """Return the class that no other is under; of several, one of ours."""
    above = {above for kind in kinds for above in _ancestors(kind, parents)}
    left = kinds - above or {names.RDFS + "Resource"}
    return min(left, key=lambda kind: (not kind.startswith(names.CEKG), kind))


def _ancestors(kind: str, parents: defaultdict[str, set[str]]) -> set[str]:
    todo, found = [kind], set[str]()
    while todo:
        more = parents[todo.pop()] - found - {kind}
        found |= more
        todo += more
    return found


def _told(thing: _Thing, kind: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "iri": thing.iri,
        "kind": kind,
        "labels": dict(sorted(_labels(thing))),
        "sources": sorted(
            _text(each.object) for each in thing.triples if each.predicate.value == LISTED["facts"]
        ),
    }
    if thing.fate == "changed":
        told |= {"gained": list(map(_statement, thing.gained)), "lost": list(map(_statement, thing.lost))}
    return told


def _labels(thing: _Thing) -> Iterator[tuple[str, str]]:
    for each in thing.triples:
        if each.predicate.value == names.RDFS + "label" and isinstance(each.object, ox.Literal):
            yield each.object.language or "", each.object.value


def _statement(triple: ox.Triple) -> dict[str, Any]:
    """Return a property and its value, in the form of SPARQL's JSON results (3.2.2)."""
    value = {"type": "uri", "value": _text(triple.object)}
    if isinstance(triple.object, ox.Literal):
        value = {"type": "literal", "value": triple.object.value}
        if triple.object.language:
            value["xml:lang"] = triple.object.language
        elif triple.object.datatype.value != names.XSD + "string":
            value["datatype"] = triple.object.datatype.value
    return {"property": triple.predicate.value, "value": value}


def _text(term: Any) -> str:
    return str(term.value)
