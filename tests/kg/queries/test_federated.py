"""The example queries that call other endpoints: what each must be, and its rows where a stand-in answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import clauses, names, query, questions, resources
from tests.kg.queries.conftest import shown
from tests.server.federation.conftest import endpoint, filled

HERE = Path(__file__).parent
FILES = sorted((resources.data() / "queries" / "federated").glob("*.rq"))
EXAMPLES = resources.federated()
ROWS = {
    "population": [("Harbin", "1000001", "Point(126.5 45.5)", "32", "http://www.wikidata.org/entity/Q42956")],
    "abstracts": [("Harbin", "A city.", "http://dbpedia.org/resource/Harbin")],
}


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with endpoint(filled(tmp_path_factory.mktemp("neighbours"), HERE / "neighbours.ttl")) as address:
        yield address


def calling(example: questions.Example, address: str) -> str:
    """Return the query with a stand-in for the endpoint that it calls."""
    (service,) = example.calls
    assert example.query.count(service) == 1
    return example.query.replace(service, address)


def test_there_are_some_and_their_numbers_have_no_gap() -> None:
    assert [int(path.stem[:2]) for path in FILES] == list(range(1, len(FILES) + 1))
    assert {example.slug for example in EXAMPLES} == set(ROWS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_a_title_more_about_it_and_a_query(path: Path) -> None:
    head, blank, body = path.read_text(encoding="utf-8").partition("\n\n")
    assert blank
    assert re.fullmatch(
        r"# title: \S.*\n# title@zh: \S.*\n# description: \S.*\.\n# description@zh: \S.*。", head
    )
    assert re.search(r"^ORDER BY .+\n\Z", body, re.MULTILINE)
    assert max(map(len, path.read_text(encoding="utf-8").splitlines())) <= 110


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.slug)
def test_only_the_prefixes_of_others_are_declared(example: questions.Example) -> None:
    declared = set(re.findall(r"^PREFIX (\w+):", example.query, re.MULTILINE))
    assert not declared & names.PREFIXES.keys()
    ox.Store().query(clauses.masked(questions.with_prefixes(example.query)))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.slug)
def test_each_calls_one_endpoint_by_https_and_no_other_example_calls_any(example: questions.Example) -> None:
    assert [each.partition(":")[0] for each in example.calls] == ["https"]
    assert not any(other.calls for other in resources.examples())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.slug)
def test_the_rows_are(example: questions.Example, stand_in: str, snapshots: Path) -> None:
    answer = query.ask_snapshot(calling(example, stand_in), snapshots)
    assert isinstance(answer, ox.QuerySolutions)
    assert [tuple(map(shown, row)) for row in answer] == ROWS[example.slug]


def test_an_endpoint_that_does_not_answer_is_named(snapshots: Path) -> None:
    with pytest.raises(query.QueryFault, match=r"http://127\.0\.0\.1:9/ did not answer"):
        query.ask_snapshot(calling(EXAMPLES[0], "http://127.0.0.1:9/"), snapshots)


def test_a_file_is_no_endpoint(snapshots: Path) -> None:
    with pytest.raises(query.QueryFault, match="is no address that can be called"):
        query.ask_snapshot(calling(EXAMPLES[0], "file:///etc/hostname"), snapshots)


def test_what_is_no_sparql_is_told_before_anybody_is_called(snapshots: Path) -> None:
    with pytest.raises(query.QueryFault, match="is not SPARQL"):
        query.ask_snapshot("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p } }", snapshots)


def test_an_endpoint_that_is_not_there_is_named_with_the_reason(snapshots: Path) -> None:
    with pytest.raises(query.QueryFault) as fault:
        query.ask_snapshot("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", snapshots)
    assert str(fault.value) == (
        "http://127.0.0.1:9/ did not answer: Connection refused. Without it, the query has no answer."
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.slug)
def test_each_is_found_by_its_name(example: questions.Example) -> None:
    assert query.find_query(example.slug) == example.query
