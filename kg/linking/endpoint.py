"""Candidates from a SPARQL endpoint: first what is called as ours is, then all that is said of those."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg import names
from kg.linking.asking import Asker, Misread, Question
from kg.linking.candidates import MOST, Candidate, Found
from kg.linking.datasets import OWL_SAME_AS, DataSet
from kg.linking.things import Name, Thing

QUERIES: Final = Path(__file__).parent / "queries"
_LANGUAGES: Final = {
    "en": ("en", "en-gb", "en-us", "mul", ""),
    "zh-hans": ("zh", "zh-hans", "zh-cn", "mul", ""),
}
"""What our languages are called elsewhere; some have names of no language, or of all."""
_RANGES: Final = ("en", "zh", "mul")
_ALIAS: Final = 0.9
_EQUAL: Final = (OWL_SAME_AS, names.SKOS + "exactMatch")

_Term = ox.NamedNode | ox.Literal
_Row = Mapping[str, _Term]


def find(thing: Thing, data_set: DataSet, endpoint: str, asker: Asker) -> Found:
    """Ask an endpoint for the candidates for a thing.

    Raises NotAnswered, or NotCached.
    """
    named = _ask("find", _described(thing, data_set), endpoint, asker)
    known = Counter(row["item"].value for row in named if _is_iri(row["item"]))
    likely = sorted(known, key=lambda iri: (-known[iri], len(iri), iri))[:MOST]
    if not likely:
        return Found((), 0)
    asked: dict[str, Sequence[tuple[_Term, ...]]] = {
        "?item": [(ox.NamedNode(iri),) for iri in likely],
        "?language": [(ox.Literal(each),) for each in _RANGES],
        "?class": [(ox.NamedNode(iri),) for iri in sorted(data_set.classes.get(thing.kind, ()))],
        "?property": [(ox.NamedNode(code.property),) for code in data_set.codes],
    }
    told = defaultdict[str, list[_Row]](list)
    for row in _ask(data_set.describing, asked, endpoint, asker):
        told[row["item"].value].append(row)
    expects = thing.kind in data_set.classes
    return Found(tuple(_candidate(iri, told[iri], expects_class=expects) for iri in likely), len(known))


def _described(thing: Thing, data_set: DataSet) -> dict[str, list[tuple[_Term, ...]]]:
    """Return what a thing is to be found by: its names as they may be spelled, and its codes."""
    known = thing.links | {thing.iri}
    codes: list[tuple[str, _Term]] = [
        *((code.property, ox.Literal(value)) for code, value in data_set.codes_of(known)),
        *((term, ox.NamedNode(iri)) for term in _EQUAL for iri in sorted(known)),
    ]
    return {
        "?name": [(literal,) for name in thing.names for literal in _spellings(name)],
        "(?property ?code)": [(ox.NamedNode(term), code) for term, code in codes],
        "?start": [(ox.Literal(data_set.space + data_set.first),)],
    }


def _spellings(name: Name) -> Iterator[ox.Literal]:
    """Yield a name in each language tag that it may have there, with a small and a capital letter first."""
    text = name.text
    for spelled in dict.fromkeys((text, text[:1].upper() + text[1:], text[:1].lower() + text[1:])):
        for tag in _LANGUAGES.get(name.language, (name.language,)):
            yield ox.Literal(spelled, language=tag) if tag else ox.Literal(spelled)


def filled(text: str, values: Mapping[str, Sequence[tuple[_Term, ...]]]) -> str:
    r"""Return a query with its empty ``VALUES`` filled in; terms are written as N-Triples has them.

    >>> filled("VALUES ?name {}", {"?name": [(ox.Literal('a "quoted" } word', language="en"),)]})
    'VALUES ?name { "a \\"quoted\\" } word"@en }'
    """

    def block(empty: re.Match[str]) -> str:
        variables = empty[1]
        rows = (" ".join(map(str, row)) for row in values[variables])
        shown = (f"({row})" for row in rows) if variables.startswith("(") else rows
        return f"VALUES {variables} {{ {' '.join(shown)} }}"

    return re.sub(r"VALUES (\?\w+|\([^)]*\)) \{\}", block, text)


def _ask(
    name: str, values: Mapping[str, Sequence[tuple[_Term, ...]]], endpoint: str, asker: Asker
) -> list[_Row]:
    text = (QUERIES / f"{name}.rq").read_text(encoding="utf-8")
    question = Question(endpoint, {"query": filled(text, values)}, is_sparql=True)
    return asker.ask(question, _rows)


def _rows(body: bytes) -> list[_Row]:
    """Read the rows of an answer; raises Misread for anything else."""
    try:
        answer = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        if not isinstance(answer, ox.QuerySolutions):
            raise Misread("it is a yes or no")
        variables = [variable.value for variable in answer.variables]
        rows = [dict(zip(variables, solution, strict=True)) for solution in answer]
    except (SyntaxError, ValueError, OSError) as error:
        raise Misread(str(error)) from error
    if "item" not in variables:
        raise Misread(f"its columns are {', '.join(variables) or 'none'}")
    return [{name: term for name, term in row.items() if isinstance(term, _Term)} for row in rows]


def _is_iri(term: _Term) -> bool:
    return isinstance(term, ox.NamedNode)


def _candidate(iri: str, rows: Iterable[_Row], *, expects_class: bool) -> Candidate:
    said = defaultdict[str, list[_Term]](list)
    for row in rows:
        if {"says", "value"} <= row.keys():
            said[row["says"].value].append(row["value"])
    called = [*_named(said["label"], 1.0), *_named(said["alias"], _ALIAS)]
    return Candidate(
        iri,
        tuple(called),
        description=min((term.value for term in said["description"]), key=len, default=""),
        types=tuple(sorted({term.value for term in said["type"]})),
        classes=_iris(said["class"]) if expects_class else None,
        places=_iris(said["place"]),
        codes=frozenset(
            (says, term.value) for says, terms in said.items() if "://" in says for term in terms
        ),
        same=_iris(said["same"]),
    )


def _named(terms: Iterable[_Term], weight: float) -> Iterator[Name]:
    for term in sorted(terms, key=str):
        if isinstance(term, ox.Literal):
            yield Name(term.value, (term.language or "").lower(), weight)


def _iris(terms: Iterable[_Term]) -> frozenset[str]:
    return frozenset(term.value for term in terms if isinstance(term, ox.NamedNode))
