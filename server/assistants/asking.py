"""Queries that an assistant wrote or chose: held against what the graph knows, and run within limits.

An answer comes whole or not at all: what has more than the most rows is refused, with what to ask instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rapidfuzz import fuzz, process

from kg import names, outline
from server import errors, formats
from server.assistants import known
from server.pages.language import ENGLISH
from server.questions import parameters
from server.questions.results import NUMBERS, lines_of, read_term
from server.sparql.protocol import Dataset, Query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.questions import Example
    from server.assistants.ground import Ground
    from server.questions.results import Term
    from server.sparql.engine import Answer

Cell = str | int | float | bool | None
"""A value: a number where it is one, a short name or an IRI, a text, null where there is none."""


@dataclass(frozen=True)
class Rows:
    """The answer to a SELECT; ``labels`` are what the things in it are called."""

    columns: list[str]
    rows: list[list[Cell]]
    labels: dict[str, str]


@dataclass(frozen=True)
class Answered:
    """The answer to a query: rows, or yes or no, or triples in Turtle; the query that was run."""

    kind: str
    rows: Rows | None
    boolean: bool | None
    turtle: str | None
    query: str


@dataclass(frozen=True)
class Unknown:
    """A name in a query that the graph does not know, and what comes near to it."""

    name: str
    near: list[str]


@dataclass(frozen=True)
class Validated:
    """What is known of a query without running it; line and column are where it stops being SPARQL."""

    valid: bool
    kind: str | None
    problem: str | None
    line: int | None
    column: int | None
    unknown: list[Unknown]
    calls_out: bool


@dataclass(frozen=True)
class Choice:
    """What may be chosen in a question: a thing of a class, or a value of a property."""

    name: str
    of: str
    default: str


@dataclass(frozen=True)
class Question:
    """An example query: what it answers, and what can be chosen in it."""

    slug: str
    question: str
    description: str
    parameters: list[Choice]


@dataclass(frozen=True)
class Questions:
    """The example queries, in their order."""

    questions: list[Question]


def questions(examples: Iterable[Example]) -> Questions:
    """List the example queries."""
    return Questions(
        [
            Question(
                each.slug,
                each.title,
                each.description,
                [Choice(one.name, names.compact(one.of), one.default) for one in each.parameters],
            )
            for each in examples
        ]
    )


_TSV: Final = formats.Offer(formats.by_name("tsv"), "text/tab-separated-values")
OFFERS: Final[Mapping[formats.Kind, formats.Offer | None]] = {
    "bindings": _TSV,
    "boolean": _TSV,
    "graph": formats.Offer(formats.by_name("turtle"), "text/turtle"),
}
"""How the engine is to write what it finds: line by line, and small."""


def run(ground: Ground, text: str) -> Answered:
    """Run a query within the limits; raises a RequestFault that says what to ask instead."""
    answer = ground.engine.ask(Query(text, timeout=ground.most.timeout), OFFERS)
    try:
        return _READERS[answer.kind](ground, answer, text)
    except errors.Broken as broken:
        raise broken.__cause__ or broken from None
    finally:
        answer.close()


def run_example(
    ground: Ground, examples: Iterable[Example], slug: str, chosen: Mapping[str, str]
) -> Answered:
    """Run an example query with some of its parameters chosen: things by their names, or values."""
    by_slug = {each.slug: each for each in examples}
    example = by_slug.get(slug)
    if example is None:
        near = process.extract(slug, list(by_slug), scorer=fuzz.WRatio, limit=3)
        like = ", ".join(each for each, _, _ in near)
        raise errors.NotFound(
            f"There is no question {slug!r}. Like it: {like}. list_queries has all of them."
        )
    own = {each.name: each for each in example.parameters}
    for name in chosen:
        if name not in own:
            there = ", ".join(own) or "none"
            raise errors.BadRequest(f"{slug} has no parameter {name!r}. Its parameters: {there}.")
    given = {name: [_meant(ground, own[name].default, text)] for name, text in chosen.items()}
    values = parameters.chosen(ground.catalog, example, given, ENGLISH)
    return run(ground, example.asking(values))


def _meant(ground: Ground, default: str, text: str) -> str:
    """Return a value as it is given, and a thing that is given by its label by its IRI."""
    is_thing = ":" in default and not default.startswith('"')
    return known.meant(ground, text) if is_thing and ":" not in text else text


def validate(ground: Ground, text: str) -> Validated:
    """Say whether a text is SPARQL, what kind of answer it asks for, and which of its names are unknown."""
    named = outline.named(text)
    unknown = [*_unknown_prefixes(named), *_unknown_names(ground, named)]

    def found(**what: Any) -> Validated:
        return Validated(**{**_BLANK, **what}, unknown=unknown, calls_out=named.calls)

    try:
        answer = ground.engine.ask(Query(text, _NOTHING, timeout=ground.most.timeout), OFFERS)
    except errors.SyntaxFault as fault:
        where = {name: fault.members.get(name) for name in ("line", "column")}
        return found(valid=False, problem=_brief(fault.detail), **where)
    except errors.RequestFault as fault:
        if fault.status not in _OF_QUERY:
            raise
        return found(valid=False, problem=fault.detail)
    answer.close()
    return found(valid=True, kind=_KINDS[answer.kind])


_NOTHING: Final = Dataset(("https://w3id.org/cekg/graph/nothing",), ())
"""A graph that there is not, and so is empty: the query is read, and then there is nothing to do."""
_BLANK: Final[dict[str, Any]] = {"kind": None, "problem": None, "line": None, "column": None}
_OF_QUERY: Final = (400, 503)
"""Statuses of what is wrong with a query: it is none, or takes too much even over nothing."""
_KINDS: Final = {"bindings": "rows", "boolean": "yes or no", "graph": "triples"}


def _brief(detail: str) -> str:
    """Return what the engine says of a fault, without all the letters that it could go on with.

    >>> _brief("Line 1, column 2: expected " + "A" * 1000)[-3:]
    'A …'
    """
    text = " ".join(detail.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


_LONGEST: Final = 300


def _unknown_prefixes(named: outline.Named) -> Iterator[Unknown]:
    used = dict.fromkeys(each.partition(":")[0] for each in named.short)
    for prefix in used:
        if prefix not in named.prefixes and prefix not in names.PREFIXES:
            yield Unknown(f"{prefix}:", [f"{each}:" for each in _near(prefix, names.PREFIXES)])


def _unknown_names(ground: Ground, named: outline.Named) -> Iterator[Unknown]:
    """Yield the names of ours, and of vocabularies that are in use, that the graph does not know."""
    spaces = {**names.PREFIXES, **named.prefixes}
    full = {
        f"{spaces[prefix]}{local}": each
        for each in named.short
        for prefix, _, local in [each.partition(":")]
        if prefix in spaces and local
    } | {iri: f"<{iri}>" for iri in named.iris}
    terms = {row.text("term") for row in ground.catalog.kept("terms")}
    vocabularies = {_namespace(each) for each in terms} - _NOT_COUNTED
    asked = [iri for iri in full if iri.startswith(names.BASE) or _namespace(iri) in vocabularies]
    there = ground.catalog.said_of(asked).keys() | terms
    for place, iri in enumerate(each for each in asked if each not in there):
        yield Unknown(full[iri], _near_names(ground, iri, terms) if place < _MOST_LOOKED_FOR else [])


_MOST_LOOKED_FOR: Final = 20
"""Unknown names of a query for which something near is looked for."""
_NOT_COUNTED: Final = {names.XSD, names.SH, names.SD, names.VOID}
"""Vocabularies of types, and of the description of the data set, which is not counted in itself."""


def _near_names(ground: Ground, iri: str, terms: Iterable[str]) -> list[str]:
    if iri.startswith(names.BASE) and not iri.startswith(names.CEKG):
        return known.near(ground, names.local(iri).replace("-", " "), known.kind_of(iri))
    own = {each: names.local(each) for each in terms if _namespace(each) == _namespace(iri)}
    found = process.extract(names.local(iri), own, scorer=fuzz.ratio, score_cutoff=50, limit=3)
    return [names.compact(each) for _, _, each in found]


def _near(text: str, known_: Iterable[str]) -> list[str]:
    return [
        each
        for each, _, _ in process.extract(text, list(known_), scorer=fuzz.ratio, score_cutoff=50, limit=3)
    ]


def _namespace(iri: str) -> str:
    return iri.removesuffix(names.local(iri))


# Answers, read as they come


def _rows(ground: Ground, answer: Answer, text: str) -> Answered:
    lines = lines_of(answer)
    columns = [name.removeprefix("?") for name in next(lines, "").split("\t") if name]
    rows: list[list[Term | None]] = []
    for line in lines:
        if len(rows) == ground.most.rows:
            raise errors.TooManyRows(ground.most.rows)
        rows.append([read_term(each) for each in line.split("\t")] if columns else [])
    labels = ground.catalog.labels({term.text for row in rows for term in row if term and term.kind == "iri"})
    called = {names.compact(iri): labels[iri].text for iri in sorted(labels)}
    found = Rows(columns, [[_cell(term) for term in row] for row in rows], called)
    return Answered("rows", found, None, None, text)


def _truth(_: Ground, answer: Answer, text: str) -> Answered:
    return Answered("boolean", None, b"".join(answer).strip() == b"true", None, text)


def _triples(_: Ground, answer: Answer, text: str) -> Answered:
    return Answered("triples", None, None, _with_used_prefixes(b"".join(answer).decode()), text)


def _with_used_prefixes(turtle: str) -> str:
    """Leave out the prefixes that nothing uses: the engine declares all of ours."""
    lines = turtle.splitlines()
    body = [line for line in lines if not line.startswith("@prefix ")]
    used = set(re.findall(r"(?<![\w:-])([a-z]+):", "\n".join(body)))
    head = [line for line in lines if line.startswith("@prefix ") and line.split()[1].rstrip(":") in used]
    return "\n".join([*sorted(head), *body])


_READERS: Final = {"bindings": _rows, "boolean": _truth, "graph": _triples}


def _cell(term: Term | None) -> Cell:
    if term is None:
        return None
    if term.kind == "iri":
        return names.compact(term.text)
    if term.kind == "number" or term.datatype in NUMBERS:
        return number(term.text)
    return _TRUTHS.get(term.text, term.text) if term.kind == "other" else term.text


_TRUTHS: Final[dict[str, Cell]] = {"true": True, "false": False}


def number(text: str) -> int | float | str:
    """Return a number as JSON has one, and as its text where there is none, or that would round it.

    >>> number("621370000000"), number("9.30"), number("0.1234567890123456789")
    (621370000000, 9.3, '0.1234567890123456789')
    """
    exact = Decimal(text)
    if not exact.is_finite():
        return text
    if exact == exact.to_integral_value() and abs(exact) < 2**53:
        return int(exact)
    return float(text) if Decimal(repr(float(text))) == exact else text


def told(answered: Answered) -> str:
    """Write an answer to be read: a table with its labels, yes or no, or the triples."""
    if answered.rows is None:
        return answered.turtle if answered.boolean is None else ("yes" if answered.boolean else "no")  # type: ignore[return-value]  # one of the three
    found = answered.rows
    count = f"{len(found.rows):,} {'row' if len(found.rows) == 1 else 'rows'}, all there are."
    lines = ["\t".join(found.columns), *("\t".join(map(_written, row)) for row in found.rows)]
    called = [f"{name} = {label}" for name, label in found.labels.items()]
    return "\n".join([count, "", *lines, *(["", *called] if called else [])])


def _written(cell: Cell) -> str:
    return "" if cell is None else str(cell).replace("\t", " ").replace("\n", " ")


def questions_told(found: Questions) -> str:
    """Write the questions to be read."""
    return "\n".join(
        f"- {each.slug}: {each.question}"
        + "".join(f" [{one.name}: a {one.of}, by default {one.default}]" for one in each.parameters)
        for each in found.questions
    )


def validated_told(validated: Validated) -> str:
    """Write what is known of a query to be read."""
    lines = [f"This is SPARQL, and asks for {validated.kind}." if validated.valid else f"{validated.problem}"]
    for each in validated.unknown:
        near = f" Near to it: {', '.join(each.near)}." if each.near else ""
        lines.append(f"The graph does not know {each.name}.{near}")
    if validated.calls_out:
        lines.append("It calls another endpoint with SERVICE, which is refused here.")
    return "\n".join(lines)
