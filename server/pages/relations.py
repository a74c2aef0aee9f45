"""What a thing is part of and what it consists of, each step with the sentences that say so."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from kg import names
from server.pages import evidence, links
from server.pages.parts import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.pages.catalog import Catalog, Row
    from server.pages.evidence import QuoteView
    from server.pages.parts import Naming


class Step(NamedTuple):
    """One relation between two things."""

    part: str
    relation: str
    whole: str


@dataclass(frozen=True, slots=True)
class Relations:
    """The relations around a thing, with the rows of the sentences that state them."""

    iri: str
    steps: tuple[Step, ...]
    rows: dict[Step, list[Row]]
    complete: bool

    @property
    def iris(self) -> Iterator[str]:
        """Everything that has a name in the relations."""
        for step in self.steps:
            yield from (step.part, step.whole)
        for rows in self.rows.values():
            yield from (row.text("publisher") for row in rows if row.text("publisher"))


@dataclass(frozen=True, slots=True)
class Node:
    """A thing that another one is part of, or consists of, with the numbers and anchors of its sentences."""

    name: Link
    other: Link | None
    cites: tuple[tuple[int, str], ...]
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Kinship:
    """The things that stand in one relation to a thing."""

    title: str
    upward: bool
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class RelationsView:
    """What a thing is part of and what it consists of, and the numbered sentences below."""

    kinships: tuple[Kinship, ...]
    quotes: tuple[QuoteView, ...]
    complete: bool


def around(catalog: Catalog, iri: str) -> Relations:
    """Return the relations of a thing, two steps up and down; nothing is asked where it has none."""
    rows: defaultdict[Step, list[Row]] = defaultdict(list)
    for row in catalog.kept("relations", thing=iri) if _is_related(catalog, iri) else ():
        rows[Step(row.text("part"), row.text("relation"), row.text("whole"))].append(row)
    complete = len(rows) <= _MOST
    return Relations(iri, tuple(sorted(rows)[:_MOST]), dict(rows), complete)


def view(relations: Relations, naming: Naming, second: Naming | None = None) -> RelationsView | None:
    """Lay out relations; None where there are none. ``second`` gives the names in the other language."""
    if not relations.steps:
        return None
    return _Tree(relations, naming, second).view()


def _is_related(catalog: Catalog, iri: str) -> bool:
    return any(
        property_ in catalog.about(iri) or catalog.instance(property_=property_, value=iri)
        for property_ in dict.fromkeys(property_ for property_, _ in _TITLES)
    )


_MOST: Final = 100
_TITLES: Final = {
    (names.term("partOf"), True): "Part of",
    (names.term("partOf"), False): "Consists of",
    (names.term("capitalOf"), True): "Capital of",
    (names.term("capitalOf"), False): "Capital",
    (names.term("within"), True): "Lies in",
    (names.term("within"), False): "Places in it",
}
"""What a relation is called, seen upward from the part or downward from the whole."""


class _Tree:
    """The relations of a thing while they are laid out."""

    def __init__(self, relations: Relations, naming: Naming, second: Naming | None) -> None:
        self._relations, self._naming, self._second = relations, naming, second
        self._quotes: dict[str, tuple[evidence.Quotation, dict[Link, tuple[evidence.Mark, ...]]]] = {}

    def view(self) -> RelationsView:
        kinships = tuple(
            Kinship(self._naming.language.say(title), upward, nodes)
            for (relation, upward), title in _TITLES.items()
            if (nodes := self._nodes(self._relations.iri, relation, upward=upward))
        )
        return RelationsView(kinships, self._sentences(), self._relations.complete)

    def _nodes(self, iri: str, relation: str, *, upward: bool, deep: bool = True) -> tuple[Node, ...]:
        steps = [
            step
            for step in self._relations.steps
            if step.relation == relation and (step.part if upward else step.whole) == iri
        ]
        return tuple(self._node(step, upward=upward, deep=deep) for step in sorted(steps, key=self._order))

    def _node(self, step: Step, *, upward: bool, deep: bool) -> Node:
        iri = step.whole if upward else step.part
        cites = self._cites(step)
        below = self._nodes(iri, step.relation, upward=upward, deep=False) if deep else ()
        return Node(self._naming.link(iri), self._alias(iri), cites, below)

    def _order(self, step: Step) -> tuple[str, str]:
        return self._naming.text(step.part), self._naming.text(step.whole)

    def _alias(self, iri: str) -> Link | None:
        label = self._second.label(iri) if self._second else None
        if label is None or label == self._naming.label(iri):
            return None
        return Link(label.text, language=self._naming.language.other(label.language))

    def _cites(self, step: Step) -> tuple[tuple[int, str], ...]:
        rows = [row for row in self._relations.rows[step] if "quote" in row]
        facts = {row.text("quote"): row.text("fact") for row in rows}
        return tuple(
            self._cite(each, Link(self._naming.text(step.part), links.href(facts[each.iri])))
            for each in evidence.gathered(rows)
        )

    def _cite(self, quotation: evidence.Quotation, fact: Link) -> tuple[int, str]:
        _, facts = self._quotes.setdefault(quotation.iri, (quotation, {}))
        facts[fact] = quotation.marks
        number = list(self._quotes).index(quotation.iri) + 1
        return number, f"{_PREFIX}{number}"

    def _sentences(self) -> tuple[QuoteView, ...]:
        return tuple(
            evidence.view(
                quotation,
                self._naming,
                number=number,
                prefix=_PREFIX,
                marks={mark for marks in facts.values() for mark in marks},
                facts=tuple(facts),
            )
            for number, (quotation, facts) in enumerate(self._quotes.values(), 1)
        )


_PREFIX: Final = "part-q"
