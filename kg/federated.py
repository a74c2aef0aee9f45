"""Federated queries: what other endpoints answer takes the place of the clauses that call them.

A SERVICE clause is a table that stands elsewhere, so the same table as VALUES leaves a query that the engine
answers as any other. What stands before a clause in its group is sent along, so that only what can be joined
comes back; the engine's own SERVICE would ask for everything. Whoever uses this does the calling.

Inside EXISTS a clause is asked once, as it stands, and not for each row with the row's values put into it.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pyoxigraph as ox

from kg import clauses, outline

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from kg.clauses import Clause

    Term: TypeAlias = ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple
    Row: TypeAlias = tuple[Term | None, ...]
    Call: TypeAlias = Callable[[str, str], Mapping[str, Any]]
    """Ask an endpoint: ``body`` is its answer as JSON, or ``failed`` says why there is none (``Failed``)."""

MOST_CALLS: Final = 20
"""Requests that one query may send to others."""
BATCH: Final = 100
"""Rows that go along with one request: some servers take no query of more than 8 kB or so."""
MOST_ROWS: Final = 100_000
"""Rows that others may give to one query; to read them takes about 2 s and 150 MB."""


class Refused(Exception):
    """The query calls an endpoint that is not allowed; ``str`` is its address."""


class Failed(Exception):
    """Another endpoint did not answer as it should; ``is_barred`` where we would not call its address."""

    def __init__(self, endpoint: str, reason: str, *, is_late: bool = False, is_barred: bool = False) -> None:
        super().__init__(reason)
        self.endpoint, self.is_late, self.is_barred = endpoint, is_late, is_barred


class Unanswerable(ValueError):
    """The query asks more of other endpoints than one may."""


def settled(
    store: ox.Store,
    text: str,
    call: Call,
    *,
    prefixes: Mapping[str, str],
    services: Container[str] | None = None,
    base: str | None = None,
    dataset: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """Return a query with the answers of other endpoints in the place of its SERVICE clauses.

    ``services`` are those that it may call, None for all; ``dataset`` has the graphs that the request names,
    as ``default`` and ``named``. Raises SyntaxError, Refused, Failed, or Unanswerable. Whoever is refused is
    so before anybody is called, unless its address is the value of a variable.
    """
    if outline.has_escapes(text):
        raise Unanswerable("it has SERVICE, and an escape such as \\u0041: write the character itself")
    asking = _Asking(store, text, call, prefixes, services, base, dataset or {})
    settled = _Settled(text)
    for clause, endpoint in asking.allowed():
        settled.put(clause, asking.table(clause, endpoint, settled))
    return settled.piece((0, len(text)))


@dataclass(slots=True)
class _Settled:
    """A query's text, in which some clauses have been settled, from left to right."""

    text: str
    done: list[tuple[Clause, str]] = field(default_factory=list)

    def put(self, clause: Clause, table: str) -> None:
        self.done.append((clause, table))

    def piece(self, span: clauses.Span) -> str:
        """Return a piece of the text as it is now."""
        place, end = span
        found: list[str] = []
        for clause, table in self.done:
            if place <= clause.span[0] < end:
                found += self.text[place : clause.span[0]], table
                place = clause.span[1]
        return "".join([*found, self.text[place:end]])

    def pattern(self, parts: Iterable[str | clauses.Span]) -> str:
        return "".join([part if isinstance(part, str) else self.piece(part) for part in parts])


class _Asking:
    """One query on its way to others."""

    def __init__(
        self,
        store: ox.Store,
        text: str,
        call: Call,
        prefixes: Mapping[str, str],
        services: Container[str] | None,
        base: str | None,
        dataset: Mapping[str, Sequence[str]],
    ) -> None:
        self._store, self._text, self._call, self._services = store, text, call, services
        self._prefixes, self._base, self._dataset = dict(prefixes), base, dataset
        self._masked = clauses.masked(text)
        self._nothing(self._masked)  # the engine reads the query as if it called nobody
        self._outline = outline.outline(self._masked)
        self._calls = self._rows = 0
        self._mark = os.urandom(8).hex()

    def allowed(self) -> list[tuple[Clause, str | None]]:
        """Return the clauses, each with its endpoint, None where that is a variable; raises Refused."""
        found = clauses.find(self._text)
        written = dict.fromkeys(name for each in found for name in (each.endpoint, *each.nested))
        constant = [name for name in written if name[:1] not in {"?", "$"}]
        addresses = dict(zip(constant, self._resolved(constant), strict=True))
        for each in found:
            for name in each.nested:
                self._check(addresses.get(name, name))
            if each.endpoint in addresses:
                self._check(addresses[each.endpoint])
        return [(each, addresses.get(each.endpoint)) for each in found]

    def table(self, clause: Clause, endpoint: str | None, settled: _Settled) -> str:
        """Return what an endpoint answers, or several do, as VALUES."""
        body = self._masked[slice(*clause.body)]
        inside = self._variables(body)
        before = clauses.written(self._masked, clause.before)
        outside = set(self._variables(f"{{{before}}}"))
        shared = [name for name in inside if name in outside]
        pattern = settled.pattern(clause.before)
        try:
            if endpoint is not None:
                rows = self._bindings(pattern, shared) if shared else []
                return _values(inside, self._answers(endpoint, clause, inside, shared, rows))
            return self._of_each(clause, inside, shared, pattern, is_bound=clause.endpoint[1:] in outside)
        except Failed as failed:
            if failed.is_barred or not clause.is_silent:
                raise
            return _values(inside, [(None,) * len(inside)])  # the standard's: one solution that binds nothing

    def _of_each(
        self, clause: Clause, inside: list[str], shared: list[str], pattern: str, *, is_bound: bool
    ) -> str:
        """Ask each of the endpoints that a variable has for its values."""
        place = clause.endpoint[1:]
        if not is_bound:
            raise Unanswerable(_NO_VALUE.format(place))
        others = [name for name in shared if name != place]
        rows = self._bindings(pattern, [place, *others])
        addresses = {row[0]: _address(row[0], place) for row in rows}
        for address in addresses.values():
            self._check(address)
        names = [name for name in inside if name != place]
        found: list[Row] = []
        for term, address in addresses.items():
            own = [row[1:] for row in rows if row[0] == term]
            for answer in self._answers(address, clause, inside, others, own):
                row = dict(zip(inside, answer, strict=True))
                if row.get(place) in {None, term}:
                    found.append((*(row[name] for name in names), term))
        return _values([*names, place], found)

    def _bindings(self, pattern: str, names: list[str]) -> list[Row]:
        """Return what a pattern of ours has for some variables, each combination once."""
        self._hold()
        chosen: dict[str, Any] = {
            key: [ox.NamedNode(iri) for iri in self._dataset[own]]
            for key, own in (("default_graph", "default"), ("named_graphs", "named"))
            if self._dataset
        }
        clause = "".join(
            [f"FROM {each} " for each in self._outline.default]
            + [f"FROM NAMED {each} " for each in self._outline.named]
        )
        found: Any = self._store.query(
            f"{self._prologue()} SELECT DISTINCT {_variables(names)} {clause}{{{pattern}}}",
            base_iri=self._base,
            prefixes=self._prefixes,
            **chosen,
        )
        most = (MOST_CALLS - self._calls) * BATCH
        rows = [tuple(row[name] for name in names) for row in islice(found, most + 1)]
        if len(rows) > most:
            raise Unanswerable(
                f"what stands before SERVICE has more than the {most:,} combinations of "
                f"{_variables(names)} that others may be asked for: narrow it down, or put SERVICE first"
            )
        return rows

    def _answers(
        self, endpoint: str, clause: Clause, inside: list[str], shared: list[str], rows: list[Row]
    ) -> list[Row]:
        """Return an endpoint's answer; it is asked for all of it, or for what goes with some rows."""
        kept = [place for place in range(len(shared)) if all(_is_sent(row[place]) for row in rows)]
        names = [shared[place] for place in kept]
        body = self._text[slice(*clause.body)]
        if not shared or (rows and not kept):
            return self._ask(endpoint, f"{_chosen(inside)} {body}", inside)
        distinct = list(dict.fromkeys(tuple(row[place] for place in kept) for row in rows))
        found: list[Row] = []
        for start in range(0, len(distinct), BATCH):
            with_rows = f"{{ {_values(names, distinct[start : start + BATCH])} {body} }}"
            found += self._ask(endpoint, f"{_chosen(inside)} {with_rows}", inside)
        return found

    def _ask(self, endpoint: str, query: str, names: list[str]) -> list[Row]:
        self._hold()
        self._calls += 1
        text = f"{self._declared(query)}{self._prologue()} {query}"
        reply = self._call(endpoint, text)
        if "failed" in reply:
            raise Failed(
                endpoint,
                reply["failed"],
                is_late=reply.get("late", False),
                is_barred=reply.get("barred", False),
            )
        try:
            found = list(islice(self._rows_of(reply["body"], names), MOST_ROWS + 1 - self._rows))
        except (SyntaxError, ValueError, KeyError) as error:
            raise Failed(endpoint, f"answered what is no table of results ({str(error)[:200]})") from None
        self._rows += len(found)
        if self._rows > MOST_ROWS:
            raise Unanswerable(
                f"other endpoints have more than {MOST_ROWS:,} rows for it: put more conditions, or "
                "a sub-query with LIMIT, into SERVICE"
            )
        return found

    def _hold(self) -> None:
        """Raise Unanswerable where others have been called as often as they may."""
        if self._calls == MOST_CALLS:
            raise Unanswerable(f"it would call others more than {MOST_CALLS} times: ask it in parts")

    def _rows_of(self, body: str, names: list[str]) -> Iterator[Row]:
        solutions = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        if not isinstance(solutions, ox.QuerySolutions):
            raise ValueError("a yes or no")  # noqa: TRY004  # the type is that of what somebody else sent
        known = [name for name in names if name in {each.value for each in solutions.variables}]
        for solution in solutions:
            row = {name: self._named(solution[name]) for name in known}
            yield tuple(row.get(name) for name in names)

    def _named(self, term: Term | None) -> Term | None:
        """Return a term that VALUES can hold: a blank node gets a name (RDF 1.1, 3.5)."""
        if isinstance(term, ox.Triple):
            raise ValueError("a triple for a value")  # noqa: TRY004  # as above
        if not isinstance(term, ox.BlankNode):
            return term
        site = (self._base or "urn:x").partition("/sparql")[0]
        return ox.NamedNode(f"{site}/.well-known/genid/{self._mark}-{self._calls}-{term.value}")

    def _check(self, endpoint: str) -> None:
        if self._services is not None and endpoint not in self._services:
            raise Refused(endpoint)

    def _resolved(self, names: list[str]) -> list[str]:
        """Return IRIs as the engine reads them: with prefixes and base."""
        if not names:
            return []
        columns = " ".join(f"({name} AS ?g{place})" for place, name in enumerate(names))
        rows: Any = self._nothing(f"{self._prologue()} SELECT {columns} {{}}")
        row = next(rows)
        return [row[place].value for place in range(len(names))]

    def _variables(self, group: str) -> list[str]:
        """Return the variables that a pattern gives to its surroundings, in the order of its text."""
        results: Any = self._nothing(f"{self._prologue()} SELECT * {group}")
        known = {each.value for each in results.variables}
        return [name for name in outline.outline(group).variables if name in known]

    def _nothing(self, text: str) -> object:
        """Ask an empty store, which has to read the query."""
        return ox.Store().query(text, base_iri=self._base, prefixes=self._prefixes)

    def _prologue(self) -> str:
        return self._outline.prologue.rstrip() + "\n"

    def _declared(self, query: str) -> str:
        """Return base and prefixes that need no declaration here, and do elsewhere.

        What the query declares itself is left out: some parsers take no prefix twice.
        """
        tokens = list(outline.tokens(self._prologue() + query))
        names = {said for kind, said, _ in tokens if kind == "name"}
        used = {name.partition(":")[0] for name in names} - _declares(tokens)
        is_relative = any(kind == "iri" and not _ABSOLUTE.match(said) for kind, said, _ in tokens)
        base = f"BASE <{self._base}>\n" if self._base and is_relative else ""
        known = self._prefixes.items()
        return base + "".join([f"PREFIX {name}: <{iri}>\n" for name, iri in known if name in used])


def _declares(tokens: list[tuple[str, str, int]]) -> set[str]:
    """Return the prefixes that a query declares."""
    return {
        said.partition(":")[0]
        for (_, before, _), (kind, said, _) in pairwise(tokens)
        if kind == "name" and before.upper() == "PREFIX"
    }


_ABSOLUTE: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")


def _is_sent(term: Term | None) -> bool:
    """Tell whether a term means the same elsewhere; a blank node does not."""
    return isinstance(term, ox.NamedNode | ox.Literal)


def _address(term: Term | None, name: str) -> str:
    if term is None:
        raise Unanswerable(_NO_VALUE.format(name))
    return term.value if isinstance(term, ox.NamedNode) else str(term)


_NO_VALUE: Final = "?{0} has no value where SERVICE ?{0} stands: give it one before, by VALUES or BIND"


def _chosen(names: list[str]) -> str:
    """Return the head of a query for some variables; one for none has to choose something all the same."""
    return f"SELECT {_variables(names)}" if names else "SELECT (1 AS ?one)"


def _variables(names: Iterable[str]) -> str:
    return " ".join(f"?{name}" for name in names)


def _values(names: list[str], rows: Iterable[Row]) -> str:
    """Write a table.

    >>> _values(["a", "b"], [(ox.Literal("x"), None)])
    ' VALUES (?a ?b) { ("x" UNDEF) } '
    """
    lines = " ".join(f"({' '.join('UNDEF' if term is None else str(term) for term in row)})" for row in rows)
    return f" VALUES ({_variables(names)}) {{ {lines} }} "
