"""Candidates from a SPARQL endpoint: first what is called as ours is, then all that is said of those."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from kg import names
from kg.linking.asking import Asker, Misread, Question
from kg.linking.candidates import MOST, Candidate, Found
from kg.linking.datasets import DataSet
from kg.linking.things import Name, Thing

QUERIES: Final = Path(__file__).parent / "queries"
_LANGUAGES: Final = {
    "en": ("en", "en-gb", "en-us", "mul", ""),
    "zh-hans": ("zh", "zh-hans", "zh-cn", "mul", ""),
}
"""What our languages are called elsewhere; some have names of no language, or of all."""
_ALIAS: Final = 0.9
_EQUAL: Final = (names.OWL + "sameAs", names.SKOS + "exactMatch")

_Term = ox.NamedNode | ox.Literal
"""What goes into a query."""


class _Cell(NamedTuple):
    """What comes out of an answer: an address, or a text and its language."""

    value: str
    language: str
    is_iri: bool


_Row = Mapping[str, _Cell]


def find(thing: Thing, data_set: DataSet, endpoint: str, asker: Asker) -> Found:
    """Ask an endpoint for the candidates for a thing.

    Raises NotAnswered, or NotCached.
    """
    named = _ask("find", _described(thing, data_set), endpoint, asker)
    known = Counter(node.value for node in _nodes(row["item"].value for row in named if "item" in row))
    likely = sorted(known, key=lambda iri: (-known[iri], len(iri), iri))[:MOST]
    if not likely:
        return Found((), 0)
    asked: dict[str, Sequence[tuple[_Term, ...]]] = {
        "?item": [(ox.NamedNode(iri),) for iri in likely],
        "?language": [(ox.Literal(each),) for each in _ranges(thing)],
        "?class": [(ox.NamedNode(iri),) for iri in sorted(data_set.classes.get(thing.kind, ()))],
        "?property": [(ox.NamedNode(code.property),) for code in data_set.codes],
    }
    told = defaultdict[str, list[_Row]](list)
    for row in _ask(data_set.describing, asked, endpoint, asker):
        if row.keys() >= {"item", "says", "value"}:
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


def _ranges(thing: Thing) -> list[str]:
    """Return the ranges of languages in which names are of use: ours, and that of all."""
    return sorted({name.language.partition("-")[0] for name in thing.names} | {"mul"})


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
    """Read the rows of an answer (SPARQL 1.1 results in JSON); raises Misread for anything else."""
    try:
        said = json.loads(body)
        if "boolean" in said:
            raise Misread("it is a yes or no")
        if "item" not in said["head"]["vars"]:
            raise Misread(f"its columns are {', '.join(said['head']['vars']) or 'none'}")
        return [{name: _cell(cell) for name, cell in row.items()} for row in said["results"]["bindings"]]
    except (ValueError, RecursionError) as error:
        raise Misread(f"it is not JSON ({error})") from error
    except (AttributeError, KeyError, TypeError) as error:
        raise Misread("it is JSON, but not of the form that SPARQL results have") from error


def _cell(given: Mapping[str, Any]) -> _Cell:
    value, language = given["value"], given.get("xml:lang", "")
    if not isinstance(value, str) or not isinstance(language, str):
        raise TypeError
    return _Cell(value, language.lower(), is_iri=given["type"] == "uri")


def _nodes(iris: Iterable[str]) -> Iterator[ox.NamedNode]:
    """Yield addresses as nodes; what is none, and so no link could lead to, is passed over."""
    for iri in iris:
        with suppress(ValueError):
            yield ox.NamedNode(iri)


def _candidate(iri: str, rows: Iterable[_Row], *, expects_class: bool) -> Candidate:
    said = defaultdict[str, list[_Cell]](list)
    for row in rows:
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


def _named(cells: Iterable[_Cell], weight: float) -> Iterator[Name]:
    for cell in sorted(cells):
        if not cell.is_iri:
            yield Name(cell.value, cell.language, weight)


def _iris(cells: Iterable[_Cell]) -> frozenset[str]:
    return frozenset(cell.value for cell in cells if cell.is_iri)
