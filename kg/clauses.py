"""Where a query calls other endpoints: its SERVICE clauses, and what of its text stands before each.

As in ``outline``, tokens are read, whose brackets the engine has found in order. No safety rests on it: a
call that was overlooked is left to the engine, and the kernel refuses it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from kg import outline

if TYPE_CHECKING:
    from collections.abc import Iterator

Span: TypeAlias = tuple[int, int]
"""A piece of a query's text, from one place to before another."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A SERVICE clause that stands in no other one."""

    span: Span
    endpoint: str
    """As it is written: an IRI, a name, or a variable."""
    is_silent: bool
    body: Span
    """The pattern, with its brackets."""
    nested: tuple[str, ...]
    """The endpoints of the clauses inside, which the other endpoint would call."""
    before: tuple[str | Span, ...]
    """A pattern with which this clause is joined, so that nothing else of its answer is needed."""


def masked(text: str) -> str:
    """Return a query that calls nobody, and is SPARQL where this one is, with everything in its place.

    The grammar has the same behind GRAPH as behind SERVICE, and the same variables are in scope.

    >>> masked("ASK { SERVICE SILENT <a:b> { ?s ?p ?o } }")
    'ASK { GRAPH          <a:b> { ?s ?p ?o } }'
    """
    found = list(text)
    is_keyword = False
    for kind, said, place in outline.tokens(text):
        end = place + len(said)
        if is_keyword and kind == "word" and said.upper() == _SILENT:
            found[place:end] = " " * len(said)
        is_keyword = outline.is_service(kind, said)
        if is_keyword:
            found[end - len(_SERVICE) : end] = "GRAPH".ljust(len(_SERVICE))
    return "".join(found)


def find(text: str) -> list[Clause]:
    """Return the clauses of a query that is known to be SPARQL, in the order of its text.

    >>> [found] = find("SELECT * { ?s <x:a> ?n FILTER (?m > 1) SERVICE <x:there> { ?n <x:b> ?m } }")
    >>> found.endpoint, written("SELECT * { ?s <x:a> ?n FILTER (?m > 1) SERVICE", found.before)
    ('<x:there>', ' ?s <x:a> ?n  ')
    """
    reading = _Reading(text)
    found = []
    place = 0
    while place < len(reading.tokens):
        kind, said, _ = reading.tokens[place]
        body = reading.body(place) if outline.is_service(kind, said) else None
        if body is None:
            reading.note(place)
            place += 1
        else:
            found.append(reading.clause(place, body))
            place = reading.partner[body] + 1
    return found


def written(text: str, parts: tuple[str | Span, ...]) -> str:
    """Return a pattern, given the text that its spans are pieces of."""
    return "".join([part if isinstance(part, str) else text[slice(*part)] for part in parts])


_SERVICE: Final = "SERVICE"
_SILENT: Final = "SILENT"
_OPENERS: Final = frozenset({"OPTIONAL", "UNION", "MINUS", "EXISTS"})
_ALONE: Final = frozenset({"MINUS", "EXISTS"})
"""What stands before these is not joined with what is inside."""


@dataclass(slots=True)
class _Group:
    """A pair of curly brackets that is open; places are those of tokens."""

    open: int
    opener: str
    """What the bracket stands behind: one of _OPENERS, GRAPH, or nothing of note."""
    begin: int
    """Where the pattern begins to which the group belongs: that of its UNION, or its own keyword."""
    graph: str = ""
    is_select: bool = False
    filters: list[tuple[int, int]] = field(default_factory=list)


class _Reading:
    """The tokens of a query, their brackets in pairs, and the groups that are open where the reader is."""

    def __init__(self, text: str) -> None:
        self.tokens = list(outline.tokens(text))
        self.partner = dict(self._pairs())
        self._groups: list[_Group] = []

    def note(self, place: int) -> None:
        """Take in a token that begins no clause."""
        kind, said, _ = self.tokens[place]
        if said == "{":
            self._groups.append(self._group(place))
        elif said == "}":
            self._groups.pop()
        elif kind == "word" and self._groups:
            self._note_word(place, said.upper())

    def body(self, place: int) -> int | None:
        """Return where the body of a clause opens whose keyword stands here; None where none does."""
        place += 2 if self._word(place + 1) != _SILENT else 3
        return place if place in self.partner and self.tokens[place][1] == "{" else None

    def clause(self, place: int, body: int) -> Clause:
        """Return the clause of a keyword; ``body`` is where its own bracket opens."""
        close = self.partner[body]
        _, said, start = self.tokens[place]
        start += len(said) - len(_SERVICE)
        end = self.tokens[close][2] + 1
        return Clause(
            span=(start, end),
            endpoint=self.tokens[body - 1][1],
            is_silent=body - place == 3,
            body=(self.tokens[body][2], end),
            nested=tuple(self._nested(body, close)),
            before=self._before(start, close),
        )

    def _pairs(self) -> Iterator[tuple[int, int]]:
        waiting = []
        for place, (_, said, _) in enumerate(self.tokens):
            if said in outline.OPENING:
                waiting.append(place)
            elif said in outline.CLOSING and waiting:
                opening = waiting.pop()
                yield opening, place
                yield place, opening

    def _note_word(self, place: int, word: str) -> None:
        if word == "SELECT":
            self._groups[-1].is_select = True
        elif word == "FILTER":
            self._groups[-1].filters.append((place, self._end_of_filter(place)))

    def _group(self, place: int) -> _Group:
        word = self._word(place - 1)
        if word in _OPENERS:
            return _Group(place, word, self._chain(place) if word == "UNION" else place - 1)
        if self._word(place - 2) == "GRAPH":
            return _Group(place, "GRAPH", place - 2, self.tokens[place - 1][1])
        return _Group(place, "", place)

    def _chain(self, place: int) -> int:
        """Return where the first of the groups opens that UNION puts together, of which this is one."""
        while self._word(place - 1) == "UNION":
            place = self.partner[place - 2]
        return place

    def _word(self, place: int) -> str:
        kind, said, _ = self.tokens[place] if 0 <= place < len(self.tokens) else ("", "", 0)
        return said.upper() if kind == "word" else ""

    def _nested(self, body: int, close: int) -> Iterator[str]:
        for place in range(body, close):
            if outline.is_service(*self.tokens[place][:2]):
                inner = self.body(place)
                yield self.tokens[inner - 1][1] if inner else ""

    def _before(self, end: int, last: int) -> tuple[str | Span, ...]:
        """Return the pattern with which a clause is joined, from the groups around it, outermost first.

        It leaves out filters, so that it has more solutions and never fewer. A group around the clause's own
        counts as long as the answer stays the same if what is joined there is joined before: as long as the
        clause is the last in its group, up to the first OPTIONAL.
        """
        inner: tuple[str | Span, ...] = ()
        is_joined, is_optional = True, False
        for depth in range(len(self._groups) - 1, -1, -1):
            group = self._groups[depth]
            if is_joined:
                inner = (*self._pieces(group, end), *inner)
                is_joined = self._goes_on(depth, last) and not is_optional
                is_optional = group.opener == "OPTIONAL"
            if group.opener == "GRAPH":
                inner = (f" GRAPH {group.graph} {{", *inner, "}")
            elif is_joined:
                inner = ("{", *inner, "}")
            end, last = self.tokens[group.begin][2], self.partner[group.open]
        return inner

    def _pieces(self, group: _Group, end: int) -> Iterator[Span]:
        """Yield what stands in a group up to a place, without its filters."""
        start = self.tokens[group.open][2] + 1
        for opening, closing in group.filters:
            if start <= self.tokens[opening][2] < end:
                yield start, self.tokens[opening][2]
                start = self.tokens[closing][2] + 1
        if start < end:
            yield start, end

    def _goes_on(self, depth: int, last: int) -> bool:
        """Tell whether what stands before a group is joined with what ends inside it at a token."""
        group = self._groups[depth]
        if depth == 0 or group.opener in _ALONE or self._groups[depth - 1].is_select:
            return False
        return self._is_last(group, last) and not (group.filters and group.opener != "OPTIONAL")

    def _is_last(self, group: _Group, place: int) -> bool:
        """Tell whether nothing follows on a token in its group, but filters in an OPTIONAL."""
        close = self.partner[group.open]
        while (place := place + 1) < close:
            if self._word(place) == "FILTER" and group.opener == "OPTIONAL":
                place = self._end_of_filter(place)
            elif self.tokens[place][1] != ".":
                return False
        return True

    def _end_of_filter(self, place: int) -> int:
        opening = next(i for i in range(place, len(self.tokens)) if self.tokens[i][1] in outline.OPENING)
        return self.partner[opening]
