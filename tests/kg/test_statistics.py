"""What is counted once is what a query would count, and who agrees with whom is told by publishers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg import names, quads
from kg.agreement import Figure, Number, groups
from kg.snapshot import publish
from kg.statistics import Tally

README = (Path(__file__).parents[2] / "kg" / "README.md").read_text(encoding="utf-8")
COUNTS = {
    "sources": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a cekg:Source }",
    "facts": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s cekg:statedIn ?o }",
    "observations": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a cekg:Observation }",
    "industries": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a cekg:Industry }",
    "cities": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s cekg:ofCity ?o }",
}


@pytest.fixture(scope="module")
def told(world_snapshot) -> dict[str, Any]:
    return world_snapshot.statistics()


@pytest.mark.parametrize("name", COUNTS)
def test_a_count_is_what_a_query_counts(world_snapshot, name):
    (row,) = ox.Store.read_only(str(world_snapshot.store)).query(COUNTS[name], prefixes=names.PREFIXES)
    assert world_snapshot.statistics()["counts"][name] == int(row["n"].value) > 0


def shown(one: dict[str, Any]) -> tuple[list[str], list[str], bool, bool]:
    slugs = [names.local(figure["iri"]) for figure in one["figures"]]
    return slugs, list(map(names.local, one["publishers"])), one["agrees"], one["corroborated"]


def test_what_two_publishers_state_is_corroborated_and_what_one_states_twice_is_not(told):
    assert list(map(shown, told["corroboration"])) == [
        (["harbin-4-plus-4-total-scale-2020-level-621370000000-cny"], ["e-my399"], True, False),
        (
            ["seaford-shipbuilding-output-value-2021-level-12500000000-cny"],
            ["coast-news", "southland-daily"],
            True,
            True,
        ),
        (
            ["seaford-exports-2021-q3-level-1200000000-usd", "seaford-exports-2021-q3-level-1300000000-usd"],
            ["coast-news", "southland-daily"],
            False,
            False,
        ),
    ]


def test_a_conflict_has_the_key_and_both_figures_with_their_sources(told):
    (conflict,) = told["conflicts"]
    assert (conflict["ofCity"], conflict["ofMetric"], conflict["kind"], conflict["unit"]) == (
        names.thing("city", "seaford"),
        names.thing("metric", "exports"),
        names.term("Level"),
        names.unit("CCY_USD"),
    )
    assert (conflict["periodStart"], conflict["periodEnd"], conflict["notAfter"]) == (
        "2021-07-01",
        "2021-09-30",
        [],
    )
    assert conflict["ofIndustry"] is None
    assert [
        (figure["value"], list(map(names.local, figure["sources"]))) for figure in conflict["figures"]
    ] == [
        ("1200000000", ["southland-daily-2022-02-10"]),
        ("1300000000", ["coast-news-2022-03-01"]),
    ]


def test_the_conflicts_are_what_the_shape_warns_of(told):
    (warning,) = told["validation"]["warnings"]
    assert warning["shape"] == names.SHAPE + "sources-agree"
    assert warning["value"] == told["conflicts"][0]["figures"][0]["iri"]
    assert "should agree" in warning["message"]


def test_each_publisher_has_its_account(told):
    assert {names.local(one["publisher"]): {**one, "publisher": 1} for one in told["publishers"]} == {
        "coast-news": {"publisher": 1, "sources": 1, "facts": 2, "corroborated": 1},
        "e-my399": {"publisher": 1, "sources": 2, "facts": 49, "corroborated": 0},
        "southland-daily": {"publisher": 1, "sources": 1, "facts": 11, "corroborated": 1},
    }


def test_every_sentence_and_number_of_a_source_is_in_one_place(told, built, assembly):
    assert told["validation"]["rules"] == built.statistics()["validation"]["rules"] > 100
    texts = {item.source.iri: item for item in assembly.coverage}
    for account in built.statistics()["coverage"]:
        item = texts[account["source"]]
        assert account["sentences"]["all"] == len(item.source.sentences)
        assert account["numbers"]["all"] == len(item.numbers)
        for counts in (account["sentences"], account["numbers"]):
            assert counts["missing"] == 0
            assert counts["all"] == counts["stated"] + counts["left"] + counts["metadata"]
        assert sum(one["passages"] for one in account["left"]) == len(item.left)
        assert sum(one["sentences"] for one in account["left"]) == account["sentences"]["left"]


def test_an_undated_statement_of_two_articles_is_one_figure_and_another_number_is_in_conflict_on_its_day():
    march, august = (("notAfter", "2021-03-30"),), (("notAfter", "2021-08-04"),)
    about = (("kind", "Level"), ("ofCity", "c"))
    both = Figure("a", about, (march, august), Number("Exact", 7030), ("one", "two"))
    (alone,) = groups([both])
    assert (alone.times, alone.sources, alone.agrees) == ((march, august), ("one", "two"), True)
    other = Figure("b", about, (august,), Number("Exact", 9000), ("three",))
    assert [(group.times, group.agrees) for group in groups([other, both])] == [
        ((march,), True),
        ((august,), False),
    ]


def test_a_converted_amount_is_no_voice(world_snapshot):
    content = world_snapshot.read("data.nq").splitlines(keepends=True)
    other = [
        line.replace(b"converted-93230000000-usd", b"converted-94000000000-usd").replace(b'"93230', b'"94000')
        for line in content
        if b"converted-93230000000-usd> <" in line[:200]
    ]
    assert len(other) > 10
    tally = Tally()
    for subject, lines in quads.by_subject(sorted({*content, *other})):
        tally.add(subject, lines)
    counted = tally.result()
    assert counted["counts"]["observations"] == world_snapshot.statistics()["counts"]["observations"] + 1
    assert len(counted["conflicts"]) == 1


def test_without_the_build_there_is_no_word_on_validation(tmp_path):
    empty = publish(tmp_path, nquads=b"", files={}, about={}).statistics()
    assert (empty["validation"], empty["coverage"], empty["counts"]["facts"]) == (None, [], 0)


def test_the_readme_shows_the_fields_that_there_are(built):
    statistics, _ = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", README, re.DOTALL))
    real = built.statistics()
    assert statistics["corroboration"] == real["corroboration"]
    assert {**fields(statistics), **fields(real)} == fields(statistics)


def fields(value: Any, path: str = "") -> dict[str, bool]:
    """Every path of names that leads to a value."""
    if isinstance(value, dict):
        inner = [fields(each, f"{path}/{name}") for name, each in value.items()]
    elif isinstance(value, list) and value:
        inner = [fields(each, f"{path}[]") for each in value]
    else:
        return {path: True}
    return {key: True for each in inner for key in each}
