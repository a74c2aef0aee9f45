"""What is counted of a graph once, by the build, so that no visit has to count: how much, and how sure.

Counted in one pass over the sorted quads. Figures are held until the end: 40 MB for a million quads.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from kg import names
from kg.agreement import Figure, Group, Key, Number, groups

if TYPE_CHECKING:
    from collections.abc import Iterable

ABOUT: Final = (
    "ofCity",
    "ofIndustry",
    "ofMetric",
    "kind",
    "unit",
    "shareOf",
    "rankedAmong",
    "targetYear",
)
"""What a figure is about, by the local names of our properties; the kind is its class."""

PERIOD: Final = ("periodStart", "periodEnd")

Properties = dict[bytes, list[bytes]]


class Tally:
    """Counts a graph subject by subject; ``result`` is what it has come to."""

    def __init__(self) -> None:
        self._things: Counter[str] = Counter()
        self._cities: set[bytes] = set()
        self._stated: Counter[tuple[str, ...]] = Counter()
        self._publishers: dict[str, list[str]] = {}
        self._figures: list[Figure] = []
        self._words: dict[bytes, str] = {}
        self._keys: dict[Key, Key] = {}

    def add(self, subject: bytes, lines: list[bytes]) -> None:
        """Count a subject; ``lines`` are all of its quads."""
        block = b"".join(lines)
        if not any(mark in block for mark in _MARKS):
            return
        found = _properties(subject, lines)
        kinds = {self._text(kind) for kind in found.get(_TYPE, ())}
        self._things.update(_COUNTED[kind] for kind in kinds & _COUNTED.keys())
        self._cities.update(found.get(_term("ofCity"), ()))
        sources = self._all(found, _term("statedIn"))
        if sources:
            self._stated[sources] += 1
        if names.term("Source") in kinds:
            self._publishers[self._text(subject.strip())] = list(self._all(found, _PUBLISHER))
        if sources and (kinds & _KINDS):
            self._figures.append(self._figure(subject, found, min(kinds & _KINDS), sources))

    def result(self) -> dict[str, Any]:
        """Return the counts, what is corroborated, what is in conflict, and the account of each publisher."""
        told = [self._told(group) for group in groups(self._figures) if _is_told(group)]
        return {
            "counts": {
                **{name: self._things[name] for name in _COUNTED.values()},
                "facts": self._stated.total(),
                "cities": len(self._cities),
            },
            "corroboration": [one for one in told if len(one["sources"]) > 1],
            "conflicts": [one for one in told if not one["agrees"]],
            "publishers": self._by_publisher(told),
        }

    def _figure(self, subject: bytes, found: Properties, kind: str, sources: tuple[str, ...]) -> Figure:
        about = [(name, self._all(found, _term(name))) for name in ABOUT if name != "kind"]
        key = [(name, values[0]) for name, values in about if values]
        return Figure(
            self._text(subject.strip()),
            tuple(sorted([*key, ("kind", kind)])),
            tuple(self._keys.setdefault(time, time) for time in self._times(found)),
            self._number(found),
            sources,
        )

    def _times(self, found: Properties) -> tuple[Key, ...]:
        period = [(name, value) for name in PERIOD for value in self._all(found, _term(name))]
        if period:
            return (tuple(period),)
        return tuple((("notAfter", day),) for day in self._all(found, _term("notAfter"))) or ((),)

    def _number(self, found: Properties) -> Number:
        comparator = self._all(found, _term("comparator"))
        value, lower, upper = (
            next(map(Decimal, self._all(found, _term(name))), None)
            for name in ("value", "lowerBound", "upperBound")
        )
        return Number(names.local(comparator[0]) if comparator else "Exact", value, lower, upper)

    def _told(self, group: Group) -> dict[str, Any]:
        publishers = self._publishers_of(group.sources)
        times = [dict(time) for time in group.times]
        return {
            **dict.fromkeys(ABOUT),
            **dict(group.about),
            **{name: times[0].get(name) for name in PERIOD},
            "notAfter": [time["notAfter"] for time in times if "notAfter" in time],
            "figures": [_told(figure) for figure in group.figures],
            "sources": list(group.sources),
            "publishers": publishers,
            "agrees": group.agrees,
            "corroborated": group.agrees and len(publishers) > 1,
        }

    def _by_publisher(self, told: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for publishers in self._publishers.values():
            for publisher in publishers:
                counts[publisher]["sources"] += 1
        for sources, facts in self._stated.items():
            for publisher in self._publishers_of(sources):
                counts[publisher]["facts"] += facts
        for one in told:
            for publisher in one["publishers"] if one["corroborated"] else ():
                counts[publisher]["corroborated"] += 1
        return [
            {"publisher": publisher, **{name: count[name] for name in ("sources", "facts", "corroborated")}}
            for publisher, count in sorted(counts.items())
        ]

    def _publishers_of(self, sources: Iterable[str]) -> list[str]:
        """Return whose the sources are: two articles of one publisher are one voice."""
        return sorted({publisher for source in sources for publisher in self._publishers.get(source, ())})

    def _all(self, found: Properties, predicate: bytes) -> tuple[str, ...]:
        return tuple(sorted(map(self._text, found.get(predicate, ()))))

    def _text(self, term: bytes) -> str:
        """Return an IRI, or the words of a number or date; each is kept once."""
        if term not in self._words:
            self._words[term] = term.split(b'"')[1].decode() if term[:1] == b'"' else term[1:-1].decode()
        return self._words[term]


def _properties(subject: bytes, lines: Iterable[bytes]) -> Properties:
    """Return the objects of each predicate, each once, as they are written."""
    found: Properties = {}
    for line in lines:
        predicate, rest = line[len(subject) :].split(b" ", 1)
        values = found.setdefault(predicate, [])
        value = rest.rsplit(b" ", 2)[0]
        if value not in values:
            values.append(value)
    return found


def _is_told(group: Group) -> bool:
    """Return whether there is something to hold side by side."""
    return len(group.sources) > 1 or (len(group.figures) > 1 and not group.agrees)


def _told(figure: Figure) -> dict[str, Any]:
    number = figure.number
    return {
        "iri": figure.iri,
        "comparator": names.term(number.comparator),
        **{
            name: None if value is None else f"{value:f}"
            for name, value in (
                ("value", number.value),
                ("lowerBound", number.lower),
                ("upperBound", number.upper),
            )
        },
        "sources": list(figure.sources),
    }


def _term(name: str) -> bytes:
    return f"<{names.term(name)}>".encode()


_TYPE: Final = f"<{names.RDF}type>".encode()
_PUBLISHER: Final = f"<{names.DCTERMS}publisher>".encode()
_COUNTED: Final = {
    names.term("Source"): "sources",
    names.term("Observation"): "observations",
    names.term("Industry"): "industries",
}
_KINDS: Final = {names.term(kind) for kind in ("Level", "Growth", "Share", "Rank", "Target")}
"""A converted amount has no key."""
_MARKS: Final = (_term("statedIn"), _term("ofCity"), *(f"<{kind}>".encode() for kind in _COUNTED))
