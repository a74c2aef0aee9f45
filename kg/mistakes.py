"""What is wrong with a query, in words: the engine names every character that would have been right.

Its parser reports the farthest place that any of its rules came to, which is often some words too far. So the
mistakes that people make most are looked for in the tokens of what it has refused, and only the rest is left
to its own words. A query that the engine takes is never judged here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg import outline

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

Token = tuple[str, str, int]
Found = tuple[str, int]
"""A sentence, and the offset of what it speaks of."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, in sentences, and where: line and column from 1, or 0 where the engine does not say."""

    what: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return the place and what is wrong there."""
        return f"Line {self.line}, column {self.column}: {self.what}" if self.line else self.what


def mistake(text: str, said: str, prefixes: Collection[str] = ()) -> Mistake:
    """Explain why the engine refused a query; ``prefixes`` are those that need no declaration.

    >>> print(mistake("SELECT ?a, ?b { ?a ?p ?b }", "error at 1:16: expected DISTINCT"))
    Line 1, column 10: There are no commas between the variables of a SELECT.
    >>> print(mistake("ASK { ?s ?p }", "error at 1:14: expected one of LATERAL, SERVICE, [_]"))
    Line 1, column 14: What stands just before this place is not SPARQL.
    """
    found = next(_found(text, list(outline.tokens(text)), prefixes), None)
    if not found:
        return _of_engine(said)
    what, place = found
    return Mistake(what, text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place))


def _found(text: str, tokens: list[Token], prefixes: Collection[str]) -> Iterator[Found]:
    start = _start_of_form(tokens)
    yield from _no_query(text, tokens[start:])
    yield from _not_closed(text, tokens)
    yield from _undeclared(tokens, prefixes)
    yield from _unbalanced(tokens)
    yield from _selected(tokens[start:])


def _start_of_form(tokens: list[Token]) -> int:
    """Return how many tokens the declarations take."""
    place = 0
    while place < len(tokens) and (size := _DECLARING.get(tokens[place][1].upper())):
        place += size
    return place


def _no_query(text: str, tokens: list[Token]) -> Iterator[Found]:
    if not tokens:
        yield f"The query is missing. {_BEGINNING}", len(text)
        return
    _, said, place = tokens[0]
    if said.upper() in _UPDATES:
        yield f"{said.upper()} begins an update, and this graph can only be asked. {_BEGINNING}", place
    elif said.upper() not in _FORMS:
        yield f"No query begins with “{said[:_LONGEST]}”. {_BEGINNING}", place


def _not_closed(text: str, tokens: list[Token]) -> Iterator[Found]:
    """Find what opens a string or an IRI, and is left over because it never becomes one."""
    for kind, said, place in tokens:
        if kind == "other" and said in {'"', "'"}:
            yield "The string that begins here does not end. One of several lines has three quotes.", place
        elif kind == "other" and said == "<" and (iri := _BROKEN_IRI.match(text, place)):
            yield (
                f"{iri[0][:_LONGEST]} is no IRI. A space or a bracket in it is written as %20 and the like.",
                place,
            )


def _undeclared(tokens: list[Token], prefixes: Collection[str]) -> Iterator[Found]:
    declared, before = set(prefixes), ""
    for kind, said, place in tokens:
        prefix, colon, _ = said.partition(":")
        if kind == "name" and before == "PREFIX":
            declared.add(prefix)
        elif kind == "name" and colon and prefix not in {*declared, "_"}:
            yield f"The prefix {prefix}: is not declared. Begin with PREFIX {prefix}: <…>", place
        before = said.upper() if kind == "word" else ""


def _unbalanced(tokens: list[Token]) -> Iterator[Found]:
    opened: list[tuple[str, int]] = []
    for kind, said, place in tokens:
        if kind != "other":
            continue
        if said in outline.OPENING:
            opened.append((said, place))
        elif said in outline.CLOSING:
            if not opened or _PAIRS[opened[-1][0]] != said:
                yield f"This “{said}” closes nothing that was opened.", place
                return
            opened.pop()
    for said, place in opened[-1:]:
        yield f"This “{said}” is never closed.", place


def _selected(tokens: list[Token]) -> Iterator[Found]:
    """Look at what stands between SELECT and its first bracket."""
    if not tokens or tokens[0][1].upper() != "SELECT":
        return
    for (kind, said, place), (_, after, _) in zip(tokens[1:], [*tokens[2:], ("", "", 0)], strict=False):
        if said in outline.OPENING or said.upper() in {"WHERE", "FROM"}:
            return
        if said == ",":
            yield "There are no commas between the variables of a SELECT.", place
        elif kind == "word" and after == "(" and said.upper() not in {"DISTINCT", "REDUCED"}:
            yield f"{said.upper()} needs brackets and a name: ({said.upper()}(…) AS ?name)", place


def _of_engine(said: str) -> Mistake:
    """Return what ``error at 2:17: expected one of …`` says, without its classes of characters."""
    placed = re.match(r"error at (\d+):(\d+): (?:expected (?:one of )?)?(.*)", said, re.DOTALL)
    if not placed:
        return Mistake(f"{said.rstrip('.')}.")
    line, column, expected = placed.groups()
    told = next((sentence for words, sentence in _SENTENCES.items() if words in expected), "")
    signs = [each for each in re.findall(r'"(\S{1,2})"(?:,|$)', expected) if each not in _NOT_OURS]
    if not told and signs:
        told = f"Here belongs {' or '.join(signs)}"
    return Mistake(told or "What stands just before this place is not SPARQL.", int(line), int(column))


_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
)
_BEGINNING: Final = "A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, after its PREFIX lines."
_DECLARING: Final = {"PREFIX": 3, "BASE": 2}
"""Tokens that a declaration takes."""
_PAIRS: Final = dict(zip(outline.OPENING, outline.CLOSING, strict=True))
_BROKEN_IRI: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://[^<>\n]*>")
_LONGEST: Final = 60
_NOT_OURS: Final = frozenset({"<<", "{|", "~", "\\\\"})
"""Signs of SPARQL 1.2, which few know."""
_SENTENCES: Final = {
    "variable that is unbound": "A SELECT that groups or counts can only name variables of its GROUP BY. "
    "Add the others to it, or take one of them, as in (SAMPLE(?x) AS ?y).",
    "Duplicated variable": "The SELECT names a variable twice.",
    "not authorized with GROUP BY": "SELECT * does not go with GROUP BY. Name the variables.",
    "IRI parsing failed": "The IRI just before this place is malformed, or relative to nothing.",
}
"""What the engine knows to say, in more words."""
