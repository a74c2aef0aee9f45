r"""What the engine does not tell of a query: the graphs it names, the order of its variables, whom it calls.

Only tokens are read (SPARQL 1.1, 19.8), so words in strings, IRIs and comments are not mistaken; whether the
query is SPARQL at all, the engine decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class Outline:
    """The parts of a query outside of all brackets; places are offsets, names are as they are written."""

    prologue: str = ""
    star: int | None = None
    """Where the ``*`` of the outermost SELECT stands."""
    default: list[str] = field(default_factory=list)
    """What stands behind FROM."""
    named: list[str] = field(default_factory=list)
    """What stands behind FROM NAMED."""
    calls: bool = False
    """Whether it calls another endpoint, and would rather fail than go without (SERVICE, not SILENT)."""
    variables: list[str] = field(default_factory=list)
    """Every variable of the text, inside brackets too, where it first stands."""

    def resolving(self) -> str:
        """Return a query whose one row holds the named graphs as absolute IRIs: the default ones first."""
        names = (*self.default, *self.named)
        columns = " ".join(f"({name} AS ?g{place})" for place, name in enumerate(names))
        return f"{self.prologue} SELECT {columns} {{}}"

    def in_order(self, text: str, variables: list[str]) -> str:
        """Return the query with its variables for the ``*``, in the order of the text.

        >>> text = "SELECT * { ?b ?a ?c . FILTER NOT EXISTS { ?d a ?c } }"
        >>> outline(text).in_order(text, ["a", "b", "c"])
        'SELECT ?b ?a ?c { ?b ?a ?c . FILTER NOT EXISTS { ?d a ?c } }'
        """
        seen = [name for name in self.variables if name in variables]
        if self.star is None or not seen or len(seen) != len(variables):
            return text
        return text[: self.star] + " ".join(f"?{name}" for name in seen) + text[self.star + 1 :]


@dataclass(frozen=True, slots=True)
class Named:
    """What a query names: the prefixes that it declares, names with a prefix as written, and IRIs."""

    prefixes: dict[str, str]
    short: tuple[str, ...]
    iris: tuple[str, ...]
    calls: bool
    """Whether the word SERVICE stands where it calls another endpoint."""


def named(text: str) -> Named:
    """Read what a query names, each once and in order; none of it is resolved.

    >>> named("PREFIX ex: <http://e.x/> SELECT * { ?s a ex:City ; cekg:of <http://e.x/y> } # city:no")
    Named(prefixes={'ex': 'http://e.x/'}, short=('ex:City', 'cekg:of'), iris=('http://e.x/y',), calls=False)
    """
    prefixes: dict[str, str] = {}
    short: dict[str, None] = {}
    iris: dict[str, None] = {}
    before, calls = ("", ""), False
    for kind, said, _ in tokens(text):
        word = said.upper() if kind == "word" else ""
        calls |= word.endswith("SERVICE")
        if kind == "iri" and before[0].startswith("PREFIX"):
            prefixes[before[1].removesuffix(":")] = said[1:-1]
        elif kind == "iri" and before[0] != "BASE":
            iris[said[1:-1]] = None
        elif kind == "name" and before[0] != "PREFIX" and not said.startswith("_:"):
            short[said] = None
        before = (f"PREFIX {said}", said) if kind == "name" and before[0] == "PREFIX" else (word, said)
    return Named(prefixes, tuple(short), tuple(iris), calls)


def is_needed(text: str) -> bool:
    """Tell cheaply whether an outline could say anything that the engine does not.

    >>> is_needed("SELECT * { ?s ?p ?o }"), is_needed("SELECT ?s FROM <a:a> { ?s ?p ?o }")
    (True, False)
    """
    loud = text.upper()
    if "SERVICE" in loud or ("*" in text and _STAR.search(text)):
        return True
    return loud.count("FROM") > 1 and len(_FROM.findall(text)) > 1


def form(text: str) -> str:
    r"""Return the kind of answer that a query plainly asks for; empty where it takes more to tell.

    >>> form("# all\nPREFIX ask: <http://example.org/construct> SELECT * {}"), form("nonsense")
    ('bindings', '')
    """
    found = _PLAIN.match(text)
    return _KINDS[found[1].upper()] if found else ""


def calls_out(text: str) -> bool:
    """Tell whether a query has a SERVICE clause, SILENT or not.

    >>> calls_out("ASK { ?s ?p ?o.service<a:b> {} }"), calls_out("ASK { ?s ?p 'SERVICE' } # SERVICE")
    (True, False)
    """
    return "SERVICE" in text.upper() and any(is_service(kind, said) for kind, said, _ in tokens(text))


def is_service(kind: str, said: str) -> bool:
    """Tell whether a token is the keyword, or ends in it: ``1SERVICE``, ``true.SERVICE`` are two."""
    return kind == "word" and said.upper().endswith(_SERVICE)


def has_escapes(text: str) -> bool:
    """Tell whether a query has a code point escape, which the engine knows in IRIs and strings alone."""
    return bool(_ESCAPED.search(text))


def makes_nodes(text: str) -> bool:
    """Tell whether a CONSTRUCT makes blank nodes, which the engine names anew each time.

    >>> makes_nodes("CONSTRUCT { ?s a _:b } { ?s a ?c }"), makes_nodes("CONSTRUCT { ?s a ?c } { ?s a _:b }")
    (True, False)
    >>> makes_nodes("CONSTRUCT WHERE { ?s ?p [] }"), makes_nodes("CONSTRUCT { ?s ?p '}[' } { ?s ?p [] }")
    (True, False)
    """
    if not any(each in text for each in ("_:", *OPENING[1:])):
        return False
    is_template = False
    for kind, said, _ in tokens(text):
        if kind == "word" and said.upper() == "CONSTRUCT":
            is_template = True
        elif is_template and (said in OPENING[1:] or (kind == "name" and said.startswith("_:"))):
            return True
        elif is_template and said == "}":
            return False
    return False


def outline(text: str) -> Outline:
    """Read a query's tokens once, from left to right.

    >>> outline("PREFIX g: <http://g/> ASK FROM g:a FROM NAMED <b:b> # FROM g:c").default
    ['g:a']
    """
    found = Outline()
    depth, before = 0, ""
    variables: dict[str, None] = {}
    for kind, said, place in tokens(text):
        word = said.upper() if kind == "word" else ""
        if is_service(kind, said):
            word = _SERVICE
        if kind == "variable":
            variables[said[1:]] = None
        elif said in OPENING:
            depth += 1
        elif said in CLOSING:
            depth -= 1
        elif depth == 0:
            _note(found, text, before, kind, said, word, place)
        found.calls |= before == _SERVICE and word != "SILENT"
        before = f"{before} NAMED" if word == "NAMED" else word
    found.variables = list(variables)
    return Outline(calls=found.calls) if has_escapes(text) else found


def _note(found: Outline, text: str, before: str, kind: str, said: str, word: str, place: int) -> None:
    """Keep what a token outside of brackets says; ``before`` is the word in front of it."""
    if word in _FORMS and not found.prologue:
        found.prologue = text[:place] or " "
    elif said == "*" and before in {"SELECT", "DISTINCT", "REDUCED"} and found.star is None:
        found.star = place
    elif kind in {"iri", "name"} and before == "FROM":
        found.default.append(said)
    elif kind in {"iri", "name"} and before == "FROM NAMED":
        found.named.append(said)


def tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield kind, text and place of each token; blanks and comments are none."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "word" and ":" in match[0]:
            yield "name", match[0].rstrip("."), match.start()
        elif kind != "blank":
            yield kind, match[0], match.start()


_STAR: Final = re.compile(r"(?i)\bselect\b[^{?$(]{0,200}\*")
_FROM: Final = re.compile(r"(?i)\bfrom\b")
_SERVICE: Final = "SERVICE"
_ESCAPED: Final = re.compile(r"\\[uU]")
_KINDS: Final = {"SELECT": "bindings", "ASK": "boolean", "CONSTRUCT": "graph", "DESCRIBE": "graph"}
_FORMS: Final = tuple(_KINDS)
_PLAIN: Final = re.compile(
    r"""
    (?: \s++ | \#[^\n\r]*+ | base \s*+ <[^<>]*+> | prefix \s++ [\w.-]*+ : \s*+ <[^<>]*+> )*+
    (select|ask|construct|describe) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
OPENING, CLOSING = ("{", "(", "["), ("}", ")", "]")

_TOKEN: Final = re.compile(
    r"""
    (?P<blank>    \s+ | \#[^\n\r]* )
  | (?P<iri>      <(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+> )
  | (?P<string>   \"{3}(?:[^"\\]|\\.|\"{1,2}(?!\"))*+\"{3} | '{3}(?:[^'\\]|\\.|'{1,2}(?!'))*+'{3}
                | "(?:[^"\\\n\r]|\\.)*+" | '(?:[^'\\\n\r]|\\.)*+' )
  | (?P<variable> [?$]\w+ )
  | (?P<language> @[A-Za-z][A-Za-z0-9-]* )
  | (?P<word>     \w[\w.-]*+(?::(?!\.)(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*+|:)?
                | :(?!\.)(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*+ | : )
  | (?P<other>    . )
    """,
    re.VERBOSE | re.DOTALL,
)
