"""Each rule finds what it is for, and nothing in data that are as they should be."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

from kg import gate, names, resources

from .conftest import HERE, alone

VALID = sorted(HERE.glob("*/valid.*.ttl"))
INVALID = sorted(HERE.glob("*/invalid.*.ttl"))


def name_of(case: Path) -> str:
    return f"{case.parent.name}/{case.stem}"


@pytest.mark.parametrize("case", VALID, ids=name_of)
def test_a_valid_case_gives_no_finding(case: Path, context: Graph, shapes: Graph) -> None:
    assert gate.check(context + Graph().parse(case), shapes).findings == ()


@pytest.mark.parametrize("case", INVALID, ids=name_of)
def test_an_invalid_case_is_found_by_the_rule_that_it_is_named_after(
    case: Path, vocabulary: Graph, shapes: Graph
) -> None:
    rule = case.stem.removeprefix("invalid.")
    findings = gate.check(vocabulary + Graph().parse(case), alone(shapes, rule)).findings
    assert {finding.rule for finding in findings} == {rule}
    assert all("{" not in finding.message for finding in findings), "a variable of the message is not bound"
    assert all(finding.culprit.startswith("http") for finding in findings), "a culprit is no thing"


@pytest.mark.parametrize("file", sorted(resources.shapes().glob("*.ttl")), ids=lambda file: file.stem)
def test_each_rule_of_a_file_has_its_invalid_case_in_the_folder_of_that_name(file: Path) -> None:
    rules = [names.local(rule) for rule in gate.rules(Graph().parse(file))]
    cases = [case.stem.removeprefix("invalid.") for case in INVALID if case.parent.name == file.stem]
    assert sorted(cases) == sorted(rules)


def test_each_file_with_rules_has_a_valid_case() -> None:
    with_rules = {file.stem for file in resources.shapes().glob("*.ttl") if gate.rules(Graph().parse(file))}
    assert {case.parent.name for case in VALID} == with_rules


def test_the_built_graph_conforms_without_a_warning(built_graph: Graph, shapes: Graph) -> None:
    assert gate.check(built_graph, shapes).findings == ()


@pytest.mark.parametrize(
    ("year", "end", "date", "rule"),
    [
        ("2020", "2020-12-31", "2020-12-28", "year-is-over"),
        ("2020", "2020-12-31", "2020-11-30", "not-later-than-source"),
        ("2020", "2020-12-31", "2019-12-28", "not-later-than-source"),
        (None, "2020-12-31", "2020-12-28", "not-later-than-source"),
        ("2020", "2020-12-31", "2020-12-31", None),
        ("2020", "2020-12-31", "2021-01-01", None),
    ],
)
def test_a_year_may_be_summed_up_in_its_december_with_a_warning(
    year: str | None, end: str, date: str, rule: str | None, shapes: Graph
) -> None:
    graph = Graph().parse(HERE / "crosschecks-time" / "invalid.year-is-over.ttl")
    graph.update(
        f"""DELETE {{ ?o cekg:year ?y ; cekg:periodEnd ?e . ?s dcterms:date ?d }}
            INSERT {{ {f"?o cekg:year {year} ." if year else ""} ?o cekg:periodEnd "{end}"^^xsd:date .
                      ?s dcterms:date "{date}"^^xsd:date }}
            WHERE {{ ?o cekg:year ?y ; cekg:periodEnd ?e . ?s dcterms:date ?d }}""",
        initNs=names.PREFIXES,
    )
    rules = [alone(shapes, name) for name in ("year-is-over", "not-later-than-source")]
    report = gate.check(graph, rules[0] + rules[1])
    assert [finding.rule for finding in report.findings] == ([rule] if rule else [])
    assert report.conforms is (rule != "not-later-than-source")


def test_a_second_answer_is_a_warning_and_holds_nothing_back(built_graph: Graph, shapes: Graph) -> None:
    """Different sources may differ: both answers stand side by side, and the sum is left alone."""
    first = f"{names.BASE}obs/harbin-finance-revenue-2020-level-85810000000-cny"
    disputed = Graph() + built_graph
    disputed.update(
        f"""INSERT {{ ?second ?p ?new }} WHERE {{
            <{first}> ?p ?o
            BIND (IRI(REPLACE(STR(<{first}>), "8581", "8591")) AS ?second)
            BIND (IF(?p = <{names.term("value")}>, 85910000000.0, ?o) AS ?new)
        }}"""
    )
    report = gate.check(disputed, shapes)
    assert report.conforms
    assert [(warning.rule, warning.culprit) for warning in report.warnings] == [("sources-agree", first)]
