"""What every example query must be, whatever it asks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import Graph
from rdflib.term import Literal, URIRef

from kg import names, resources

FILES = sorted((resources.data() / "queries").glob("*.rq"))
EXAMPLES = resources.examples()
NUMBERS = {names.XSD + name for name in ("decimal", "integer")}

# A list of faults is empty while there is none; test_changes.py holds the row that it gives otherwise.
EMPTY = {"conflicts"}

for_each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
for_each = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.slug)


@pytest.fixture(scope="module")
def merged(quads: list[ox.Quad]) -> Graph:
    """The union of all named graphs, each triple once, in another engine."""
    triples = {quad.triple for quad in quads}
    graph = Graph()
    graph.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")
    return graph


@for_each_file
def test_a_name_is_a_number_and_a_slug(path: Path) -> None:
    assert re.fullmatch(r"\d\d(-[a-z0-9]+)+", path.stem)


def test_the_numbers_have_no_gap() -> None:
    assert [int(path.stem[:2]) for path in FILES] == list(range(1, len(FILES) + 1))


@pytest.mark.parametrize("part", ["slug", "title", "query"])
def test_no_two_queries_have_the_same(part: str) -> None:
    counts = Counter(getattr(example, part) for example in EXAMPLES)
    assert [what for what, count in counts.items() if count > 1] == []


@for_each_file
def test_a_file_is_a_title_perhaps_more_about_it_and_a_query(path: Path) -> None:
    head, blank, body = path.read_text(encoding="utf-8").partition("\n\n")
    assert blank
    assert re.fullmatch(
        r"# title: \S.*\n# title@zh: \S.*"
        r"(\n# description: \S.*\.\n# description@zh: \S.*。)?"
        r"(\n# parameter: [a-z]+ cekg:\w+)*"
        r"(\n# chart: (bars|ranking|shares|series)( [a-z]+=[a-z_,]+)+)?",
        head,
    )
    assert body.endswith("\n")
    assert not body.endswith("\n\n")


@for_each_file
def test_no_line_is_too_long_for_a_page(path: Path) -> None:
    long = [line for line in path.read_text(encoding="utf-8").splitlines() if len(line) > 120]
    assert long == []


@for_each
def test_prefixes_are_left_to_the_reader(example: resources.Example) -> None:
    assert "PREFIX" not in example.query
    assert "://" not in example.query


@for_each
def test_only_declared_terms_are_used(example: resources.Example, merged: Graph) -> None:
    used = {names.term(term) for term in re.findall(r"\bcekg:(\w+)", example.query)}
    declared = {str(subject) for subject in merged.subjects(URIRef(names.RDFS + "isDefinedBy"))}
    assert used - declared == set()


@for_each
def test_rows_come_in_an_order(example: resources.Example) -> None:
    assert re.search(r"^ORDER BY .+\Z", example.query.rstrip(), re.MULTILINE)


@for_each
def test_columns_are_words(example: resources.Example, ask: Callable[[str], Any]) -> None:
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in ask(example.slug).head)


@for_each
def test_there_is_an_answer(example: resources.Example, ask: Callable[[str], Any]) -> None:
    assert bool(ask(example.slug).rows) != (example.slug in EMPTY)


@for_each
def test_no_row_stands_twice(example: resources.Example, ask: Callable[[str], Any]) -> None:
    rows = ask(example.slug).rows
    assert len(rows) == len(set(rows))


@for_each
def test_another_engine_gives_the_same_rows_in_the_same_order(
    example: resources.Example, ask: Callable[[str], Any], merged: Graph
) -> None:
    answer: Any = merged.query(example.query, initNs=names.PREFIXES)
    assert [tuple(map(shown, row)) for row in answer] == ask(example.slug).rows


def shown(term: Any) -> str:
    if term is None:
        return ""
    if isinstance(term, Literal) and str(term.datatype) in NUMBERS:
        number = Decimal(str(term))
        return f"{number.normalize() if number % 1 else number.quantize(Decimal(1)):f}"
    return names.compact(str(term)) if isinstance(term, URIRef) else str(term)
