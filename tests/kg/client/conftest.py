"""The same graph twice: in its snapshot, and behind the address of a real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import kg
from tests.server.conftest import serving


@pytest.fixture(scope="session")
def near(snapshots: Path) -> kg.Graph:
    """The graph in its snapshot."""
    return kg.open(snapshots)


@pytest.fixture(scope="session")
def address(snapshots: Path) -> Iterator[str]:
    with serving(snapshots, workers=1, timeout=5) as (address, _):
        yield address


@pytest.fixture(scope="session")
def far(address: str) -> kg.Graph:
    """The graph behind an address."""
    return kg.open(address)


@pytest.fixture(params=["near", "far"])
def graph(request: pytest.FixtureRequest) -> kg.Graph:
    """Each of both."""
    return request.getfixturevalue(request.param)
