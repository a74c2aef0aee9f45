"""The graphs that the rules are held against, read once."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

from kg import resources

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def vocabulary() -> Graph:
    """``cekg.ttl`` alone."""
    return Graph().parse(resources.ontology() / "cekg.ttl")


@pytest.fixture(scope="session")
def alignments() -> Graph:
    return Graph().parse(resources.ontology() / "alignments.ttl")


@pytest.fixture(scope="session")
def concepts() -> Graph:
    return _read(sorted((resources.ontology() / "concepts").glob("*.ttl")))


@pytest.fixture(scope="session")
def ontology(vocabulary: Graph, concepts: Graph) -> Graph:
    """All that is ours to describe: the vocabulary and the things that sources name."""
    return vocabulary + concepts


@pytest.fixture(scope="session")
def sample() -> Graph:
    """One of each kind of thing that the build makes."""
    return Graph().parse(HERE / "sample.ttl")


@pytest.fixture(scope="session")
def surroundings(ontology: Graph, alignments: Graph) -> Graph:
    """What data are read against: ours, the alignments, and what others say of their terms."""
    return ontology + alignments + Graph().parse(HERE / "neighbours.ttl")


def _read(paths: list[Path]) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph
