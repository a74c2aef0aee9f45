"""What is new is told fact by fact, and the record of it is whole or not there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from kg import names
from kg.changes import changes, compare
from kg.snapshot import Snapshot, open_current, publish

README = (Path(__file__).parents[2] / "kg" / "README.md").read_text(encoding="utf-8")
LOGISTICS = names.thing("obs", "harbin-logistics-revenue-2020-level-89470000000-cny")
ONE = b'<http://a.example/s> <http://a.example/p> "1" <http://a.example/g> .\n'
TWO, THREE = ONE.replace(b'"1"', b'"2"'), ONE.replace(b'"1"', b'"3"')


@pytest.fixture(scope="module")
def lines(built) -> list[bytes]:
    return built.read("data.nq").splitlines(keepends=True)


def about(lines: list[bytes], iri: str) -> list[bytes]:
    return [line for line in lines if line.startswith(f"<{iri}> ".encode())]


def nothing() -> dict[str, Any]:
    none = {"added": [], "removed": [], "changed": []}
    return {"sources": none, "facts": none, "others": {}}


def test_the_same_graph_has_no_changes(lines):
    assert compare(lines, lines) == nothing()


def test_another_city_is_new_facts_new_sources_and_counts_of_the_rest(built, world_snapshot):
    found = changes(built, world_snapshot)
    assert (found["from"], found["to"]) == (built.id, world_snapshot.id)
    assert [names.local(source["iri"]) for source in found["sources"]["added"]] == [
        "coast-news-2022-03-01",
        "southland-daily-2022-02-10",
    ]
    before, after = (each.statistics()["counts"]["facts"] for each in (built, world_snapshot))
    assert len(found["facts"]["added"]) == after - before
    assert found["facts"]["removed"] == found["facts"]["changed"] == []
    assert found["others"][names.term("City")] == {"added": 2, "removed": 0, "changed": 0}
    assert found["others"][names.term("Quote")]["added"] == 9
    (ships,) = (fact for fact in found["facts"]["added"] if fact["iri"].endswith("level-12500000000-cny"))
    assert ships["kind"] == names.term("Level")
    assert ships["labels"]["en"].startswith("Seaford, shipbuilding")
    assert list(map(names.local, ships["sources"])) == ["coast-news-2022-03-01", "southland-daily-2022-02-10"]


def test_the_other_way_round_the_same_is_removed(built, world_snapshot):
    there, back = changes(built, world_snapshot), changes(world_snapshot, built)
    for name in ("facts", "sources"):
        assert back[name]["removed"] == there[name]["added"]
        assert back[name]["added"] == there[name]["removed"] == []


def test_a_fact_that_says_something_else_is_changed_with_what_it_gained_and_lost(lines):
    value = next(line for line in about(lines, LOGISTICS) if b"/ont#value>" in line)
    other = value.replace(b'"89470000000', b'"90000000000')
    found = compare(lines, sorted({*lines, other} - {value}))
    assert found["facts"]["added"] == found["facts"]["removed"] == []
    (fact,) = found["facts"]["changed"]
    assert (fact["iri"], fact["kind"]) == (LOGISTICS, names.term("Level"))
    decimal = {"type": "literal", "datatype": names.XSD + "decimal"}
    property_ = names.term("value")
    assert fact["lost"] == [{"property": property_, "value": {**decimal, "value": "89470000000"}}]
    assert fact["gained"] == [{"property": property_, "value": {**decimal, "value": "90000000000"}}]
    assert found["others"] == {}


def test_a_fact_that_goes_is_removed_with_the_labels_that_it_had(lines):
    gone = about(lines, LOGISTICS)
    (fact,) = compare(lines, sorted(set(lines) - set(gone)))["facts"]["removed"]
    assert fact["iri"] == LOGISTICS
    assert "89.47 billion" in fact["labels"]["en"]


def test_a_new_term_of_the_ontology_is_counted_by_its_kind(lines):
    graph = names.graph("ontology")
    term = f"<{names.term('New')}> <{names.RDF}type> <{names.RDFS}Class> <{graph}> .\n".encode()
    assert compare(lines, sorted([*lines, term]))["others"] == {
        names.RDFS + "Class": {"added": 1, "removed": 0, "changed": 0}
    }


def test_a_triple_that_another_graph_has_too_is_no_change(lines):
    again = [line.rsplit(b" ", 2)[0] + f" <{names.graph('again')}> .\n".encode() for line in lines[:50]]
    assert compare(lines, sorted({*lines, *again})) == nothing()


def test_what_the_build_says_of_itself_is_no_change(lines):
    without = [line for line in lines if not line.endswith(f"<{names.graph('meta')}> .\n".encode())]
    assert len(without) < len(lines)
    assert compare(lines, without) == nothing()


def put(root: Path, nquads: bytes, keep: int = 5) -> Snapshot:
    return publish(root, nquads=nquads, files={}, about={}, keep=keep)


def test_the_first_snapshot_has_none_and_each_next_one_says_from_which_it_came(tmp_path):
    one = put(tmp_path, ONE)
    assert one.changes() is None
    two = put(tmp_path, TWO)
    told = two.changes()
    assert (told["from"], told["to"]) == (one.id, two.id)
    assert told["others"] == {names.RDFS + "Resource": {"added": 0, "removed": 0, "changed": 1}}
    assert open_current(tmp_path).changes() == told


def test_publishing_the_same_again_keeps_what_was_said(tmp_path):
    put(tmp_path, ONE)
    told = put(tmp_path, TWO).changes()
    path = tmp_path / "changes" / f"{open_current(tmp_path).id}.json"
    before = path.stat().st_mtime_ns
    assert put(tmp_path, TWO).changes() == told
    assert path.stat().st_mtime_ns == before


def test_an_old_snapshot_that_comes_back_says_what_it_changed_this_time(tmp_path):
    one, two = put(tmp_path, ONE), put(tmp_path, TWO)
    back = put(tmp_path, ONE)
    assert back == one
    assert back.changes()["from"] == two.id


def test_a_damaged_snapshot_that_is_mended_leaves_no_word_of_changes(tmp_path):
    (put(tmp_path, ONE).folder / "data.nq").unlink()
    assert put(tmp_path, TWO).changes() is None


def test_the_changes_of_a_snapshot_go_with_it(tmp_path):
    put(tmp_path, ONE)
    two = put(tmp_path, TWO)
    three = put(tmp_path, THREE, keep=1)
    assert [path.stem for path in (tmp_path / "changes").iterdir()] == [three.id]
    assert three.changes()["from"] == two.id


def test_the_manifest_knows_nothing_of_what_came_before(tmp_path):
    put(tmp_path / "a", ONE)
    assert put(tmp_path / "a", TWO).manifest == put(tmp_path / "b", TWO).manifest


def test_the_readme_shows_the_fields_that_there_are(lines):
    _, shown = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", README, re.DOTALL))
    value = next(line for line in about(lines, LOGISTICS) if b"/ont#value>" in line)
    real = compare(lines, sorted({*lines} - {value}))
    assert shown.keys() == real.keys() | {"from", "to"}
    assert shown["facts"]["changed"][0].keys() == real["facts"]["changed"][0].keys()
    assert shown["facts"]["added"][0].keys() | {"gained", "lost"} == shown["facts"]["changed"][0].keys()
