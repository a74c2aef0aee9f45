"""A pool that may call another endpoint, and that endpoint: a server of its own, of another make."""

import gzip
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from server.sparql.engine import Limits, Record, WorkerPool
from server.sparql.neighbours import LARGEST, read_neighbours

HERE = Path(__file__).parent
OXIGRAPH = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
PREFIXES = {"e": "http://e/"}
RECORD = Record()
RESULTS = "application/sparql-results+json"
TABLE = json.dumps(
    {
        "head": {"vars": ["q", "p"]},
        "results": {
            "bindings": [
                {"q": {"type": "uri", "value": "http://e/Q1"}, "p": {"type": "literal", "value": "10"}}
            ]
        },
    }
).encode()


def filled(folder: Path, *files: Path) -> Path:
    """Make a store of some files."""
    store = ox.Store(folder)
    for file in files:
        store.load(path=file, format=ox.RdfFormat.TRIG)
    store.flush()
    return folder


@contextmanager
def endpoint(folder: Path) -> Iterator[str]:
    """Let Oxigraph's own server answer for a store, and give the address of its endpoint."""
    assert OXIGRAPH, "pip install oxigraph"
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = free.getsockname()
    host = f"127.0.0.1:{place[1]}"
    command = [OXIGRAPH, "serve-read-only", "--location", str(folder), "--bind", host]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(place)
            yield f"http://{host}/query"
        finally:
            process.kill()


def _wait_for(place: tuple[str, int]) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(place).close()
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.02)
        else:
            return


@pytest.fixture(scope="session")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of another endpoint."""
    with endpoint(filled(tmp_path_factory.mktemp("remote"), HERE / "remote.ttl")) as address:
        yield address


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("local"), HERE / "local.trig")


@pytest.fixture(scope="session")
def pools(local: Path) -> Iterator[Callable[..., WorkerPool]]:
    """Make pools whose queries may call some endpoints."""
    made: list[WorkerPool] = []

    def make(services: str, record: Record | None = None, timeout: float = 10) -> WorkerPool:
        limits = Limits(timeout, 512, 1)
        made.append(
            WorkerPool(
                local,
                workers=1,
                limits=limits,
                prefixes=PREFIXES,
                record=record,
                services=read_neighbours(services),
            )
        )
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture(scope="session")
def pool(pools: Callable[..., WorkerPool], remote: str) -> WorkerPool:
    return pools(remote, RECORD)


@pytest.fixture
def calls() -> Counter[str]:
    """What became of the calls of the pool in a test."""
    RECORD.calls.clear()
    return RECORD.calls


class _Rude(BaseHTTPRequestHandler):
    """An endpoint that answers as no endpoint should, each path in its own way."""

    asked: ClassVar[list[Message]] = []
    queries: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.asked.append(self.headers)
        self.close_connection = True
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.queries += parse_qs(body.decode())["query"]
        with suppress(OSError):  # nobody listens any more
            getattr(self, self.path.strip("/").partition("?")[0])()

    def good(self) -> None:
        self._send(TABLE)

    def redirect(self) -> None:
        self._send(b"", status=307, location=self.path.partition("?")[2])

    def html(self) -> None:
        self._send(b"<!doctype html><p>Welcome</p>", kind="text/html; charset=utf-8")

    def gzipped(self) -> None:
        self._send(gzip.compress(TABLE), content_encoding="gzip")

    def broken(self) -> None:
        self._send(TABLE[:-20])

    def short(self) -> None:
        self._send(TABLE, content_length=str(len(TABLE) + 1))

    def yes(self) -> None:
        self._send(b'{"head":{},"boolean":true}')

    def nonsense(self) -> None:
        self._send(b"\xff\xfe", content_length="2")

    def quoted(self) -> None:
        self._send(TABLE.replace(b"http://e/Q1", b"http://e/> } SERVICE <http://x/"))

    def huge(self) -> None:
        self._send(b" " * (LARGEST + 1))

    def endless(self) -> None:
        self._head(200, RESULTS)
        while True:
            self.wfile.write(b" " * 65536)

    def failing(self) -> None:
        self._send(b"{}", status=500)

    def silent(self) -> None:
        time.sleep(5)

    def slow(self) -> None:
        self._head(200, RESULTS)
        for _ in range(100):
            self.wfile.write(b" ")
            time.sleep(0.05)

    def _send(self, body: bytes, *, status: int = 200, kind: str = RESULTS, **fields: str) -> None:
        self._head(status, kind, **{"content_length": str(len(body)), **fields})
        self.wfile.write(body)

    def _head(self, status: int, kind: str, **fields: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def rude() -> Iterator[str]:
    """The address of the rude one; its paths are the names of the methods of ``_Rude``."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Rude) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def asked() -> list[Message]:
    """The fields of what the rude one is asked in a test."""
    _Rude.asked.clear()
    return _Rude.asked


@pytest.fixture
def queries() -> list[str]:
    """What the rude one is asked in a test."""
    _Rude.queries.clear()
    return _Rude.queries
