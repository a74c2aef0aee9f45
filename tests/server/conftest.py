"""Servers over real snapshots: the application in this process, and ``python -m server`` on its own port."""

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from benchmarks import generate
from kg import snapshot
from server.app import Server, create_app
from server.settings import Settings, read_settings

HERE = Path(__file__).parent


def settings_for(root: Path, **others: object) -> Settings:
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in others.items()]
    return read_settings([f"--snapshots={root}", *flags], {})


@pytest.fixture(scope="session")
def app(snapshots: Path) -> Iterator[Server]:
    app = create_app(settings_for(snapshots, workers=2))
    yield app
    app.close()


@pytest.fixture
def client(app: Server) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with a small graph of another city, and with markup where texts belong."""
    return published(HERE / "sample.trig", tmp_path_factory.mktemp("sample"))


def published(graphs: Path, root: Path) -> Path:
    """Publish the graphs of a TriG file, as they are, and return the root of the snapshots."""
    quads = ox.parse(graphs.read_bytes(), format=ox.RdfFormat.TRIG)
    lines = ox.serialize(quads, format=ox.RdfFormat.N_QUADS).splitlines(keepends=True)
    snapshot.publish(root, nquads=b"".join(sorted(lines)), files={}, about={})
    return root


@pytest.fixture(scope="session")
def sample_app(sample: Path) -> Iterator[Server]:
    app = create_app(settings_for(sample, workers=1))
    yield app
    app.close()


@pytest.fixture(scope="session")
def years_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over a city whose series have gaps, bounds, conflicts and figures of every kind."""
    root = published(HERE / "years.trig", tmp_path_factory.mktemp("years"))
    app = create_app(settings_for(root, workers=1))
    yield app
    app.close()


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], FlaskClient]]:
    """Clients of a server over a city with thirty years of figures of eight industries, and another city."""
    root = tmp_path_factory.mktemp("large")
    size = generate.Size(cities=2, years=30, industries=8, metrics=3)
    snapshot.publish(root, nquads=b"".join(generate.quads(size)), files={}, about={})
    app = create_app(settings_for(root, workers=1))
    yield app.test_client
    app.close()


@contextmanager
def serving(root: Path, **others: object) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start the real server on a free port; give its address and its process; stop it in order."""
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in {"port": 0, **others}.items()]
    process = subprocess.Popen(
        [sys.executable, "-m", "server", f"--snapshots={root}", *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=HERE.parent.parent,
    )
    try:
        greeting = process.stdout.readline()
        address = re.search(r"http://\S+?(?=/ )", greeting)
        assert address, process.stderr.read()
        yield address[0], process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


@pytest.fixture(scope="session")
def start(snapshots: Path) -> Callable[..., object]:
    """Start further servers over the real snapshot, with settings of their own."""
    return lambda **others: serving(snapshots, **others)


@pytest.fixture(scope="session")
def live(snapshots: Path) -> Iterator[str]:
    """The address of the real server over the real snapshot."""
    with serving(snapshots, workers=2, timeout=20) as (address, _):
        yield address
