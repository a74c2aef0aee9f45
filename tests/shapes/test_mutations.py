"""A rule without a mutation that it catches is a rule that may be dead."""

from __future__ import annotations

import pytest
from rdflib import Graph
from rdflib.namespace import SH

from kg import gate, names

from .conftest import alone
from .mutations import MUTATIONS, Mutation


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_changed_graph_is_found_by_the_rule_that_is_meant_to(
    mutation: Mutation, built_graph: Graph, shapes: Graph, tally: list[bool]
) -> None:
    with mutation.applied_to(built_graph) as is_another:
        assert is_another, "nothing was changed"
        tally.append(bool(gate.check(built_graph, alone(shapes, mutation.rule)).findings))
    assert tally[-1]


def test_a_mutation_is_undone(built_graph: Graph) -> None:
    before = set(built_graph)
    for mutation in MUTATIONS[:3]:
        with mutation.applied_to(built_graph):
            pass
    assert set(built_graph) == before


def test_no_two_mutations_have_one_name() -> None:
    assert len({mutation.name for mutation in MUTATIONS}) == len(MUTATIONS)


def test_each_rule_that_is_a_query_catches_a_mutation(shapes: Graph) -> None:
    queries = {names.local(rule) for rule in gate.rules(shapes) if (rule, SH.sparql, None) in shapes}
    assert queries - {mutation.rule for mutation in MUTATIONS} == set()
