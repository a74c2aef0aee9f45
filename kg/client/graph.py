"""The graph as a Python object: ask it, and get figures with their sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from itertools import product
from operator import attrgetter, index, itemgetter
from typing import TYPE_CHECKING, Final, SupportsIndex, TypeAlias

import pyoxigraph as ox

from kg import names
from kg.client import observation as observing
from kg.client.naming import NAMED, RANKS, ROLES, Called, Names, best, full, kind_of
from kg.client.observation import COLUMNS, KINDS, Kind, Observation, Sentence
from kg.client.table import Column, Table
from kg.client.table import kind_of as type_of
from kg.client.values import IRI, Text, Value, term, value
from kg.faults import NameFault, QueryFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kg.query import Answer

    Ask: TypeAlias = Callable[[str], Answer]
    Said: TypeAlias = dict[str, dict[str, tuple[Value, ...]]]
    """What is stated of things: by their IRIs, then by property."""

Row: TypeAlias = dict[str, Value]
"""One solution of a query: every variable with its value, None where it is not bound."""
Some: TypeAlias = "str | Iterable[str] | None"
"""A name, several of which any will do, or None for whatever there is."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that figures are of, or that sources speak of; ``names`` has the preferred ones first."""

    iri: IRI
    kind: str
    """The type that its IRI says: city, industry, group, system, metric, policy, source, …"""
    label: str
    names: tuple[Text, ...]
    definition: str | None


class Graph:
    """A published graph, in a snapshot or behind an address; ``kg.open`` opens one.

    Names of things are given as sources and people write them, in English or Chinese, or as ``city:harbin``,
    or as a whole IRI. Labels come in ``language``, in English where there is none in it.
    """

    def __init__(self, ask: Ask, where: str, language: str = "en") -> None:
        self.where = where
        self.language = language
        self._ask = ask

    def __repr__(self) -> str:
        return f"<the graph at {self.where}>"

    def query(self, text: str) -> Table[Row]:
        """Answer a SELECT query; in a snapshot and at `kg serve` our prefixes need no declaration.

        Raises QueryFault for what is no such query, EndpointFault where an address does not answer.
        """
        answer = self._solutions(text)
        variables = [each.value for each in answer.variables]
        rows = [dict(zip(variables, map(value, solution), strict=True)) for solution in answer]
        return Table(rows, (_column(name, rows) for name in variables))

    def ask(self, text: str) -> bool:
        """Answer an ASK query; raises as ``query`` does."""
        answer = self._ask(text)
        if not isinstance(answer, ox.QueryBoolean):
            raise QueryFault(
                "This is no ASK query. Graph.query takes a SELECT, Graph.construct gives triples."
            )
        return bool(answer)

    def construct(self, text: str) -> str:
        """Answer a CONSTRUCT or DESCRIBE query by its triples in Turtle; raises as ``query`` does."""
        answer = self._ask(text)
        if not isinstance(answer, ox.QueryTriples):
            raise QueryFault("This query gives no triples. Graph.query takes a SELECT, Graph.ask an ASK.")
        triples = sorted(set(answer), key=str)
        turtle = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=_used(triples)) or b""
        lines = turtle.decode().splitlines(keepends=True)
        prefixes = [line for line in lines if line.startswith("@prefix")]  # in an order left to chance
        return "".join([*sorted(prefixes), *lines[len(prefixes) :]])

    def observations(
        self,
        *,
        city: Some = None,
        industry: Some = None,
        metric: Some = None,
        year: SupportsIndex | Iterable[SupportsIndex] | None = None,
        kind: Kind | Iterable[Kind] | None = None,
    ) -> Table[Observation]:
        """Return the figures that have what is given, by city, metric, industry, kind and period.

        Each can be one value or several, of which any will do. An industry may be a group or a system too.
        Raises NameFault for a name that means nothing or several things, and says what is near.
        """
        wanted: dict[str, list[ox.NamedNode | ox.Literal]] = {}
        for role, given in (("city", city), ("industry", industry), ("metric", metric)):
            if given is not None:
                wanted[role] = [term(self._names.find(each, ROLES[role])) for each in _several(given)]
        if year is not None:
            wanted["year"] = [term(each) for each in _years(year)]
        if kind is not None:
            wanted["kind"] = [term(_class_of(each)) for each in _several(kind)]
        answer = self._solutions(_with_values(_text_of_query("observations"), wanted))
        found = [IRI(observation.value) for (observation,) in answer]
        return Table(sorted(self._observed(found), key=_order), COLUMNS)

    def things(self, kind: str | None = None) -> Table[Thing]:
        """Return all that has a name, or all of one kind: city, industry, group, system, metric, policy, …"""
        found = self._names.things([kind] if kind else NAMED)
        if kind and not found:
            there = ", ".join(sorted({kind_of(each) for each in self._names.things()}))
            raise NameFault(f"There are no things of the kind “{kind}”. There is {there}.")
        said = self._said(found)
        return Table((self._thing(each, said) for each in found), _OF_THING)

    def thing(self, name: str) -> Thing:
        """Return the one thing that a name means; raises NameFault, which says what is near."""
        iri = self._names.find(name)
        return self._thing(iri, self._said([iri]))

    def about(self, name: str) -> dict[IRI, tuple[Value, ...]]:
        """Return all that is stated of a thing, also of one without names, such as a figure: by property."""
        iri = full(name) or self._names.find(name)
        said = self._said([iri]).get(iri)
        if said is None:
            raise NameFault(f"The graph states nothing of {iri}.")
        return {IRI(each): values for each, values in sorted(said.items())}

    def sentences(self, name: str) -> tuple[Sentence, ...]:
        """Return the sentences that state a figure, a policy, or what else sources state, by age."""
        about = self.about(name)
        quotes = [each for each in about.get(_EVIDENCE, ()) if isinstance(each, IRI)]
        return _by_age(self._quoted(quotes).values())

    @cached_property
    def _names(self) -> Names:
        """All names, read once: they are few beside what is stated."""
        rows = self.query(_text_of_query("named"))
        return Names(
            Called(thing, Text(str(row["name"]), _language(row["name"])), RANKS[str(row["property"])])
            for row in rows
            if isinstance(thing := row["thing"], IRI)
        )

    def _label(self, iri: str) -> str:
        return self._names.label(iri, self.language)

    def _thing(self, iri: IRI, said: Said) -> Thing:
        definitions = [each for each in said[iri].get(_DEFINITION, ()) if isinstance(each, Text)]
        return Thing(
            iri, kind_of(iri), self._label(iri), self._names.names_of(iri), best(definitions, self.language)
        )

    def _observed(self, iris: Sequence[IRI]) -> Iterable[Observation]:
        """Read figures and what they rest on: three rounds of look-ups, however many there are."""
        said = self._said(iris)
        quotes = {
            iri: [each for each in said[iri].get(_EVIDENCE, ()) if isinstance(each, IRI)] for iri in iris
        }
        quoted = self._quoted({each for some in quotes.values() for each in some})
        for iri in iris:
            sentences = _by_age(quoted[each] for each in quotes[iri] if each in quoted)
            yield observing.observation(iri, said[iri], sentences, self._label, self.language)

    def _quoted(self, quotes: Iterable[IRI]) -> dict[str, Sentence]:
        said = self._said(quotes)
        source_of = {iri: observing.first(about, observing.QUOTED_FROM, IRI) for iri, about in said.items()}
        sources = self._said(filter(None, source_of.values()))
        return {
            iri: observing.sentence(IRI(iri), about, sources.get(source_of[iri] or "", {}), self._label)
            for iri, about in said.items()
        }

    def _said(self, iris: Iterable[str]) -> Said:
        """Return what is stated of some things, a part of them at a time: a request has its limits."""
        found: defaultdict[str, defaultdict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
        ordered = sorted(set(iris))
        for start in range(0, len(ordered), _AT_ONCE):
            some = [term(IRI(each)) for each in ordered[start : start + _AT_ONCE]]
            answer = self._solutions(_with_values(_text_of_query("said"), {"thing": some}))
            for thing, property_, stated in answer:
                found[thing.value][property_.value].append(value(stated))
        return {
            iri: {each: tuple(sorted(set(values), key=_least)) for each, values in about.items()}
            for iri, about in found.items()
        }

    def _solutions(self, text: str) -> ox.QuerySolutions:
        answer = self._ask(text)
        if not isinstance(answer, ox.QuerySolutions):
            raise QueryFault(
                "This is no SELECT query. Graph.ask takes an ASK, Graph.construct gives triples."
            )
        return answer


_EVIDENCE: Final = IRI(names.term("evidence"))
_DEFINITION: Final = names.SKOS + "definition"
_AT_ONCE: Final = 1_000
"""Things that are looked up by one query, of some 100 kB."""

_OF_THING: Final[tuple[Column[Thing], ...]] = (
    *(Column(name, str, attrgetter(name)) for name in ("kind", "label", "definition", "iri")),
    Column("names", str, lambda thing: "; ".join(thing.names)),
)


def _with_values(text: str, values: Mapping[str, Sequence[ox.NamedNode | ox.Literal]]) -> str:
    r"""Return a query with values for some of its variables, in every combination (SPARQL 1.1, 10.2.2).

    A line that asks for another of the values that can be given is left out.

    >>> print(_with_values("SELECT ?s WHERE {\n  ?s a ?kind .\n  ?s ?p ?city .\n}", {"city": [term("x")]}))
    SELECT ?s WHERE {
      ?s ?p ?city .
    }
    VALUES (?city) { ("x") }
    """
    dropped = [f"?{name} ." for name in _GIVEN if name not in values]
    lines = [line for line in text.splitlines() if not line.endswith(tuple(dropped))]
    if values:
        variables = " ".join(f"?{name}" for name in values)
        rows = " ".join(f"({' '.join(map(str, each))})" for each in product(*values.values()))
        lines.append(f"VALUES ({variables}) {{ {rows} }}")
    return "\n".join(lines)


_GIVEN: Final = ("kind", *ROLES, "year")


def _text_of_query(name: str) -> str:
    return (resources.files("kg.client") / "queries" / f"{name}.rq").read_text(encoding="utf-8").rstrip()


def _years(given: SupportsIndex | Iterable[SupportsIndex]) -> list[int]:
    """Return whole numbers, those of data frames too; a text is none, and would silently be no year's."""
    several = given if isinstance(given, Iterable) and not isinstance(given, str) else [given]
    years = []
    for each in several:
        try:
            years.append(index(each))
        except TypeError as error:
            raise NameFault(f"{each!r} is no year. A year is a whole number, such as 2020.") from error
    return years


def _several(given: str | Iterable[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _class_of(kind: str) -> IRI:
    found = next((each for each in KINDS if each.lower() == kind.lower()), None)
    if found is None:
        raise NameFault(f"There are no figures of the kind “{kind}”. There is {', '.join(KINDS)}.")
    return IRI(names.term(found))


def _column(name: str, rows: Sequence[Row]) -> Column[Row]:
    return Column(name, type_of(row[name] for row in rows), itemgetter(name))


def _order(each: Observation) -> tuple[str, ...]:
    period = each.period_end or each.not_after
    subject = (str(each.city_iri), str(each.metric_iri), str(each.industry_iri))
    return (*subject, str(KINDS.index(each.kind)), str(period), each.iri)


def _by_age(sentences: Iterable[Sentence]) -> tuple[Sentence, ...]:
    return tuple(sorted(sentences, key=lambda each: (each.date, each.iri)))


def _least(each: Value) -> tuple[str, str]:
    return str(each), _language(each)


def _language(each: Value) -> str:
    return each.language if isinstance(each, Text) else ""


def _used(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """Return the prefixes that the names in some triples begin with."""
    named = {
        each.value
        for triple in triples
        for each in (triple.subject, triple.predicate, triple.object)
        if isinstance(each, ox.NamedNode)
    }
    return {
        prefix: start
        for prefix, start in names.PREFIXES.items()
        if any(iri.startswith(start) for iri in named)
    }
