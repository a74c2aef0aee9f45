"""The shapes and the real graph, read once; and the count of mutations at the end of a run."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

from kg import build, gate, names, resources
from tests.told import tell

HERE = Path(__file__).parent
CAUGHT = pytest.StashKey[list[bool]]()


@pytest.fixture(scope="session")
def shapes() -> Graph:
    return gate.load_shapes(resources.shapes().glob("*.ttl"))


@pytest.fixture(scope="session")
def vocabulary() -> Graph:
    return Graph().parse(resources.ontology() / "cekg.ttl")


@pytest.fixture(scope="session")
def context(vocabulary: Graph) -> Graph:
    """What the valid cases rest on."""
    organizations = resources.ontology() / "concepts" / "organizations.ttl"
    return vocabulary + Graph().parse(organizations) + Graph().parse(HERE / "context.ttl")


@pytest.fixture(scope="session")
def built_graph(assembly: build.Assembly) -> Graph:
    """The real graph with the full texts, as the build validates it."""
    return build.validation_graph(assembly)


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> list[bool]:
    """Whether each mutation so far was caught."""
    return request.config.stash.setdefault(CAUGHT, [])


def pytest_sessionfinish(session: pytest.Session) -> None:
    caught = session.config.stash.get(CAUGHT, [])
    if caught:
        tell(session, f"mutations of the graph: {sum(caught)} of {len(caught)} caught")


def alone(shapes: Graph, rule: str) -> Graph:
    """Return one rule with all that it refers to: rules do not depend on each other."""
    todo, done, found = [names.SHAPE + rule], set[str](), Graph()
    nodes = {str(node): node for node in shapes.subjects()}
    while todo:
        name = todo.pop()
        if name in nodes and name not in done:
            for triple in shapes.triples((nodes[name], None, None)):
                found.add(triple)
                todo.append(str(triple[2]))
        done.add(name)
    return found
