"""Applications over snapshots with and without an index."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from kg import folding, search, snapshot
from server.app import Server, create_app
from server.search.index import Index, index_of
from tests.server.conftest import HERE, settings_for


@pytest.fixture(scope="session")
def index(built: snapshot.Snapshot) -> Iterator[Index]:
    """The index of the real graph."""
    index = index_of(built)
    yield index
    index.close()


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with the small graph that has markup where texts belong, and its index."""
    quads = ox.parse((HERE / "sample.trig").read_bytes(), format=ox.RdfFormat.TRIG)
    lines = ox.serialize(quads, format=ox.RdfFormat.N_QUADS).splitlines(keepends=True)
    nquads = b"".join(sorted(lines))
    root = tmp_path_factory.mktemp("hostile")
    snapshot.publish(root, nquads=nquads, files={folding.FILE: search.index(nquads)}, about={})
    return root


@pytest.fixture(scope="session")
def hostile_app(hostile: Path) -> Iterator[Server]:
    app = create_app(settings_for(hostile, workers=1))
    yield app
    app.close()


@pytest.fixture
def hostile_client(hostile_app: Server) -> FlaskClient:
    return hostile_app.test_client()


@pytest.fixture
def bare_client(sample_app: Server) -> FlaskClient:
    """A client of a server whose snapshot has no index."""
    return sample_app.test_client()
