"""The real server over the real snapshot, the clients that ask it, and what the store itself answers."""

import os
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.snapshot import Snapshot
from tests.clients.answers import Graph, Table, of_store
from tests.clients.clients import CLIENTS, COMUNICA, HERE, JARS
from tests.server.conftest import serving

Run = Callable[..., bytes]
"""Runs a client with these arguments, expects ``code`` (0) of it, and returns its output."""


@dataclass(frozen=True)
class Question:
    """A query, and the answer that the store gives to it."""

    text: str
    answer: Table | Graph | bool


@pytest.fixture(scope="session")
def address(snapshots: Path) -> Iterator[str]:
    with serving(snapshots, workers=2) as (address, _):
        yield address


@pytest.fixture(scope="session")
def endpoint(address: str) -> str:
    return f"{address}/sparql"


@pytest.fixture(scope="session")
def store(built: Snapshot) -> ox.Store:
    return ox.Store.read_only(str(built.store))


@pytest.fixture(scope="session")
def question(store: ox.Store) -> Callable[[str], Question]:
    """Return a question by the name of its file in ``queries/``."""

    def read(name: str) -> Question:
        text = (HERE / "queries" / f"{name}.rq").read_text(encoding="utf-8")
        return Question(text, of_store(store.query(text)))

    return read


@pytest.fixture(scope="session")
def figures(question: Callable[[str], Question]) -> Question:
    """The question whose answer has every kind of term in it."""
    return question("figures")


@pytest.fixture(scope="session")
def curl() -> Run:
    return _runner("curl", "curl", "--silent", "--show-error", "--fail-with-body", "--max-time", "30")


@pytest.fixture(scope="session")
def comunica() -> Run:
    return _runner("comunica", str(COMUNICA))


@pytest.fixture(scope="session")
def jena(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    """Jena's command-line programs, by the name of their class."""
    _need("jena")
    messages = tmp_path_factory.mktemp("jena")
    _take_messages(JARS / "jena-core.jar", messages)
    jars = (*sorted(JARS.glob("jena-*.jar")), *(JARS / f"{name}.jar" for name in _NEEDS))
    path = os.pathsep.join(map(str, (messages, *jars)))
    java = ("java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", path)
    return lambda name: _runner("jena", *java, name)


@pytest.fixture(scope="session")
def rsparql(jena: Callable[[str], Run]) -> Run:
    """Jena's client for remote endpoints."""
    return jena("arq.rsparql")


@pytest.fixture(scope="session")
def arq(jena: Callable[[str], Run]) -> Run:
    """Jena's query engine, over files of its own."""
    return jena("arq.arq")


_NEEDS = (
    "commons-compress",
    "commons-io",
    "commons-lang3",
    "gson",
    "guava",
    "jsonld-java",
    "slf4j-api",
    "slf4j-nop",
    "thrift",
)
"""What Jena loads of others, with a logger that is silent."""


def _take_messages(jar: Path, folder: Path) -> None:
    """Put the messages of Jena's Xerces where it looks for them.

    Debian's Jena 4.5.0 has the classes in ``xerces`` and the messages in ``org/apache/jena/ext/xerces``;
    without them it does not start.
    """
    with zipfile.ZipFile(jar) as content:
        for name in content.namelist():
            if name.startswith(_LEFT) and name.endswith(".properties"):
                target = folder / name.removeprefix(_LEFT)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read(name))


_LEFT = "org/apache/jena/ext/"


def _need(name: str) -> None:
    client = CLIENTS[name]
    if not client.is_here():
        pytest.skip(f"{name} is not here: {client.install}")


def _runner(name: str, *command: str) -> Run:
    _need(name)

    def run(*arguments: str, code: int = 0) -> bytes:
        done = subprocess.run(
            [*command, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=60
        )
        assert done.returncode == code, (done.stderr or done.stdout).decode(errors="replace")
        return done.stdout

    return run
