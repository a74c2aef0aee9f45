"""The catalogue: our own small queries over the snapshot, with values bound, and finished records out.

No text of a stranger comes in here: only names of things, as bound values. Each method asks a fixed number of
queries, whatever the number of rows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg import names
from kg.faults import SnapshotFault
from server import jsonld
from server.pages.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.snapshot import Snapshot

Row = dict[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]


@dataclass(frozen=True, slots=True)
class Value:
    """What stands at the end of a statement: a name with its label, or a text."""

    text: str
    is_iri: bool = False
    label: str = ""
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One property of a thing and all its values."""

    property: str
    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One property by which other things point here, and those things."""

    property: str
    label: str
    subjects: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence of a source; ``marks`` are the places, in code points of its text, that say the value."""

    quote: str
    text: str
    marks: tuple[tuple[int, int], ...]
    source: str
    title: str
    publisher: str
    date: str
    url: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A phrase of a source, the role it plays, and what it was read as."""

    reading: str
    phrase: str
    role: Value
    read_as: Value
    source: str


@dataclass(frozen=True, slots=True)
class Thing:
    """All that the graph says of one thing, as far as a page shows it."""

    iri: str
    statements: tuple[Statement, ...]
    incoming: tuple[Incoming, ...]
    more_incoming: bool
    quotations: tuple[Quotation, ...]
    readings: tuple[Reading, ...]

    def values(self, property_: str) -> tuple[Value, ...]:
        """Return the values of one property, none when it is not stated."""
        return next((each.values for each in self.statements if each.property == property_), ())

    def label(self, language: str = "en") -> str:
        """Return the label in a language, empty when there is none."""
        labels = self.values(names.RDFS + "label")
        return next((each.text for each in labels if each.language.startswith(language)), "")


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is in the graph."""

    sources: int
    facts: int
    observations: int
    industries: int
    cities: int


@dataclass(frozen=True, slots=True)
class Source:
    """An article, as a list shows it."""

    iri: str
    title: str
    date: str
    publisher: str


@dataclass(frozen=True, slots=True)
class Growth:
    """A rate in percent, and the observation that states it."""

    iri: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """One industry of a total: its level, where one is stated, and the growth rates that go with it."""

    industry: Value
    chinese: str
    metric: str
    level: str
    value: Decimal | None
    growth: tuple[Growth, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of industries."""

    group: Value
    chinese: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """A stated total of a system of industries, with the parts that should add up to it."""

    iri: str
    value: Decimal
    unit: str
    year: int
    city: Value
    system: Value
    metric: Value
    groups: tuple[Group, ...]
    quotations: dict[str, tuple[Quotation, ...]]
    """For each observation in here, the sentences that say it."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the ontology."""

    iri: str
    types: tuple[str, ...]
    label: str
    chinese: str
    definition: str
    domain: str
    range: str
    parents: tuple[str, ...]


class Catalog:
    """The fixed questions of our pages, over one snapshot that never changes."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        try:
            self._store = ox.Store.read_only(str(snapshot.store))
        except (OSError, RuntimeError) as error:  # RuntimeError is how pyoxigraph tells corruption
            raise SnapshotFault(
                f"The store of the snapshot {snapshot.folder} cannot be opened: {str(error).rstrip('.')}. "
                "Run `kg build` to publish it anew."
            ) from error
        self._descriptions: dict[tuple[object, ...], bytes] = {}

    @cached_property
    def counts(self) -> Counts:
        """How much is in the graph."""
        row = self._one("counts")
        return Counts(**{key: int(_text(value)) for key, value in row.items()})

    @cached_property
    def newest_sources(self) -> tuple[Source, ...]:
        """The newest sources first, at most five."""
        return tuple(
            Source(_text(row["source"]), _text(row["title"]), _text(row["date"]), _text(row.get("publisher")))
            for row in self._select("sources")
        )

    @cached_property
    def totals(self) -> tuple[Total, ...]:
        """The totals that sources state of whole systems, the newest first, at most three."""
        return tuple(self._total(row) for row in self._select("totals"))

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The terms of the ontology, by name."""
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self._select("ontology"):
            found[_text(row["term"])].append(row)
        return tuple(_term(iri, found[iri]) for iri in sorted(found) if iri != names.ONTOLOGY)

    def thing(self, iri: str) -> Thing | None:
        """Return what the graph says of a thing, None when it says nothing."""
        node = ox.NamedNode(iri)
        statements = _statements(self._select("thing", thing=node))
        if not statements:
            return None
        incoming = list(self._select("incoming", thing=node))
        sourced = any(each.property == names.term("evidence") for each in statements)
        return Thing(
            iri,
            statements,
            _incoming(incoming[:_MOST_INCOMING]),
            more_incoming=len(incoming) > _MOST_INCOMING,
            quotations=_quotations(self._select("evidence", fact=node)) if sourced else (),
            readings=_readings(self._select("readings", fact=node)) if sourced else (),
        )

    def knows(self, iri: str) -> bool:
        """Tell whether the graph says anything of a thing."""
        return _any(self._store.quads_for_pattern(ox.NamedNode(iri), None, None))

    def figure(self, thing: Thing) -> Figure | None:
        """Return the number of an observation, None when the thing is none or states none."""
        numbers = {name: _decimal(thing, name) for name in ("value", "lowerBound", "upperBound")}
        units = thing.values(names.term("unit"))
        if not units or not any(each is not None for each in numbers.values()):
            return None
        types = {each.text for each in thing.values(names.RDF + "type")}
        kinds = [names.term(name) for name in ("Rank", "Growth") if names.term(name) in types]
        comparators = thing.values(names.term("comparator"))
        return Figure(
            numbers["value"],
            units[0].text,
            units[0].label,
            numbers["lowerBound"],
            numbers["upperBound"],
            comparators[0].text if comparators else "",
            kinds[0] if kinds else "",
        )

    def triples(self, iri: str, form: str) -> bytes | None:
        """Return the triples of a thing, or of the whole ontology for its IRI, in a format of pyoxigraph."""
        if iri == names.ONTOLOGY:
            found = self._construct("ontology-triples")
        else:
            found = self._construct("triples", thing=ox.NamedNode(iri))
        return _serialized(found, form) if found else None

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """Return the English label of each IRI that has one: an index look-up for each, and no query."""
        found = {}
        for iri in iris:
            for quad in self._store.quads_for_pattern(ox.NamedNode(iri), _LABEL, None):
                if isinstance(quad.object, ox.Literal) and (quad.object.language or "").startswith("en"):
                    found[iri] = quad.object.value
        return found

    def description(self, name: str, form: str, turtle: str = "", **addresses: str) -> bytes | None:
        """Say what ``graph:meta`` holds for a document, with addresses bound and Turtle of our own added.

        The bytes are kept, since a snapshot never changes. None when there is nothing to say.
        """
        key = (name, form, turtle, *sorted(addresses.items()))
        content = self._descriptions.get(key) or self._describe(name, form, turtle, addresses)
        if len(self._descriptions) >= _MOST_DESCRIPTIONS:  # the address in them is any that clients come by
            self._descriptions.clear()
        if content:
            self._descriptions[key] = content
        return content

    def _describe(self, name: str, form: str, turtle: str, addresses: dict[str, str]) -> bytes | None:
        stored = self._construct(name, **{key: ox.NamedNode(each) for key, each in addresses.items()})
        added = (quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE))
        found = sorted({*stored, *added}, key=str)
        content = _serialized(found, form) if found else None
        return jsonld.compact(content) if content and form == "JSON_LD" else content

    def _total(self, row: Row) -> Total:
        total = row["total"]
        evidence: defaultdict[str, list[Row]] = defaultdict(list)
        for each in self._select("part-evidence", total=total):
            evidence[_text(each["fact"])].append(each)
        return Total(
            _text(total),
            Decimal(_text(row["value"])),
            _text(row["unit"]),
            int(_text(row["year"])),
            _labelled(row, "city"),
            _labelled(row, "system"),
            _labelled(row, "metric"),
            groups=_groups(self._select("parts", total=total)),
            quotations={fact: _quotations(rows) for fact, rows in evidence.items()},
        )

    def _one(self, name: str) -> Row:
        return next(iter(self._select(name)))

    def _select(self, name: str, **bound: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> list[Row]:
        solutions = self._query(name, bound)
        if not isinstance(solutions, ox.QuerySolutions):
            raise TypeError(f"{name}.rq is no SELECT")
        variables = solutions.variables
        return [
            {each.value: value for each in variables if (value := solution[each]) is not None}
            for solution in solutions
        ]

    def _construct(self, name: str, **bound: ox.NamedNode) -> list[ox.Triple]:
        triples = self._query(name, dict(bound))
        if not isinstance(triples, ox.QueryTriples):
            raise TypeError(f"{name}.rq is no CONSTRUCT")
        return sorted(set(triples), key=str)

    def _query(
        self, name: str, bound: dict[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        return self._store.query(
            _text_of_query(name),
            prefixes=names.PREFIXES,
            substitutions={ox.Variable(key): value for key, value in bound.items()},
        )


_LABEL: Final = ox.NamedNode(names.RDFS + "label")
_MOST_INCOMING: Final = 100
_MOST_DESCRIPTIONS: Final = 32


@cache
def _text_of_query(name: str) -> str:
    return (resources.files("server.pages") / "queries" / f"{name}.rq").read_text(encoding="utf-8")


def _text(term: object) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal | ox.BlankNode) else str(term)


def _labelled(row: Row, name: str) -> Value:
    return Value(_text(row[name]), is_iri=True, label=_text(row[f"{name}_label"]))


def _value(term: object, label: object = None) -> Value:
    if isinstance(term, ox.NamedNode):
        return Value(term.value, is_iri=True, label=_text(label))
    if isinstance(term, ox.Literal):
        return Value(term.value, language=term.language or "", datatype=term.datatype.value)
    return Value(_text(term))


def _statements(rows: list[Row]) -> tuple[Statement, ...]:
    values: defaultdict[str, dict[str, Value]] = defaultdict(dict)
    labels = {}
    for row in rows:
        property_ = _text(row["property"])
        labels[property_] = _text(row.get("property_label"))
        values[property_].setdefault(str(row["value"]), _value(row["value"], row.get("value_label")))
    return tuple(
        Statement(each, labels[each], tuple(sorted(values[each].values(), key=_by_label)))
        for each in sorted(values)
    )


def _by_label(value: Value) -> tuple[str, str]:
    return value.language, value.label or value.text


def _incoming(rows: list[Row]) -> tuple[Incoming, ...]:
    subjects: defaultdict[str, dict[str, Value]] = defaultdict(dict)
    labels = {}
    for row in rows:
        property_ = _text(row["property"])
        labels[property_] = _text(row.get("property_label"))
        subjects[property_].setdefault(
            _text(row["subject"]), _value(row["subject"], row.get("subject_label"))
        )
    return tuple(Incoming(each, labels[each], tuple(subjects[each].values())) for each in sorted(subjects))


def _quotations(rows: list[Row]) -> tuple[Quotation, ...]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[_text(row["quote"])].append(row)
    quotations = [_quotation(iri, found[iri]) for iri in found]
    return tuple(sorted(quotations, key=lambda each: (each.date, each.quote)))


def _quotation(iri: str, rows: list[Row]) -> Quotation:
    row = rows[0]
    start, text = int(_text(row["start"])), _text(row["exact"])
    marks = {(_place(each, "mark_start") - start, _place(each, "mark_end") - start) for each in rows}
    return Quotation(
        iri,
        text,
        tuple(sorted((first, last) for first, last in marks if 0 <= first < last <= len(text))),
        source=_text(row["source"]),
        title=_text(row["title"]),
        publisher=_text(row.get("publisher")),
        date=_text(row["date"]),
        url=_text(row.get("url")),
    )


def _place(row: Row, name: str) -> int:
    return int(_text(row[name])) if name in row else -1


def _readings(rows: list[Row]) -> tuple[Reading, ...]:
    return tuple(
        Reading(
            _text(row["reading"]),
            _text(row["phrase"]),
            _value(row["role"], row.get("role_label")),
            _value(row["read_as"], row.get("read_as_label")),
            _text(row["source"]),
        )
        for row in rows
    )


def _groups(rows: list[Row]) -> tuple[Group, ...]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[_text(row["group"])].append(row)
    groups = [
        Group(
            _labelled(members[0], "group"),
            _text(members[0].get("group_zh")),
            tuple(sorted(_parts(members), key=_largest_first)),
        )
        for members in found.values()
    ]
    return tuple(sorted(groups, key=lambda each: (-_sum(each.parts), each.group.text)))


def _parts(rows: list[Row]) -> Iterator[Part]:
    found: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[_text(row["industry"]), _text(row.get("level"))].append(row)
    for (_, level), members in found.items():
        row = members[0]
        rates = {_text(each["growth"]): Decimal(_text(each["rate"])) for each in members if "rate" in each}
        yield Part(
            _labelled(row, "industry"),
            _text(row.get("industry_zh")),
            _text(row.get("metric_label")),
            level,
            Decimal(_text(row["value"])) if "value" in row else None,
            tuple(Growth(iri, rate) for iri, rate in sorted(rates.items())),
        )


def _largest_first(part: Part) -> tuple[Decimal, str]:
    return -(part.value or Decimal(0)), part.industry.text


def _sum(parts: tuple[Part, ...]) -> Decimal:
    return sum((part.value for part in parts if part.value is not None), Decimal(0))


def _decimal(thing: Thing, name: str) -> Decimal | None:
    values = thing.values(names.term(name))
    return Decimal(values[0].text) if values else None


def _term(iri: str, rows: list[Row]) -> Term:
    row = rows[0]
    types = sorted({_text(each["type"]) for each in rows})
    parents = sorted({_text(each["parent"]) for each in rows if "parent" in each})
    return Term(
        iri,
        tuple(types),
        label=_text(row.get("label")),
        chinese=_text(row.get("label_zh")),
        definition=_text(row.get("definition")),
        domain=_text(row.get("domain")),
        range=_text(row.get("range")),
        parents=tuple(parents),
    )


def _serialized(triples: list[ox.Triple], form: str) -> bytes:
    used = {term.value for triple in triples for term in _named(triple)}
    prefixes = {
        prefix: namespace
        for prefix, namespace in names.PREFIXES.items()
        if any(iri.startswith(namespace) for iri in used)
    }
    return _in_order(ox.serialize(triples, format=getattr(ox.RdfFormat, form), prefixes=prefixes) or b"")


def _in_order(content: bytes) -> bytes:
    """Sort the prefixes, whose order the engine leaves to chance: the same triples, the same bytes."""
    lines = content.splitlines(keepends=True)
    head = [line for line in lines if line.startswith(b"@prefix")]
    return b"".join([*sorted(head), *lines[len(head) :]])


def _named(triple: ox.Triple) -> Iterator[ox.NamedNode]:
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, ox.NamedNode):
            yield term
        elif isinstance(term, ox.Literal):
            yield term.datatype


def _any(found: Iterable[object]) -> bool:
    return next(iter(found), None) is not None
