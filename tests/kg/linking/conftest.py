"""Whom the tests ask: a real SPARQL server over a small Wikidata, and one that fails in every way."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import urlopen

import pyoxigraph as ox
import pytest

from kg import build, links
from kg.linking.asking import Asker, Manners
from kg.linking.things import Thing, read_things

HERE = Path(__file__).parent
OXIGRAPH = Path(sys.executable).parent / "oxigraph"
HURRIED = Manners(pause=0, timeout=5, tries=3, first_wait=0.01, longest_wait=0.5)


@pytest.fixture(scope="session")
def wikidata(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `oxigraph serve-read-only` over the small Wikidata."""
    with oxigraph(HERE / "wikidata.ttl", tmp_path_factory.mktemp("wikidata")) as address:
        yield address


@pytest.fixture(scope="session")
def things(assembly: build.Assembly) -> dict[str, Thing]:
    return read_things(build.validation_graph(assembly))


@pytest.fixture
def asker(tmp_path: Path) -> Asker:
    return Asker(tmp_path / "cache", HURRIED)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tables of links."""
    copy = tmp_path / "data" / "links"
    copy.mkdir(parents=True)
    real = build.Folders().data / "links" / "links.sssom.tsv"
    (copy / real.name).write_bytes(real.read_bytes())
    assert links.read_folder(copy)
    return copy


@contextmanager
def oxigraph(file: Path, folder: Path) -> Iterator[str]:
    """Run Oxigraph over a file of Turtle, and give the address of its endpoint."""
    store = ox.Store(str(folder))
    store.load(path=str(file))
    store.flush()
    del store
    port = free_port()
    command = [OXIGRAPH, "serve-read-only", "--location", folder, "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until_it_listens(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}/query"
        process.terminate()


def free_port() -> int:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        return server.server_port


def until_it_listens(address: str) -> None:
    for _ in range(200):
        try:
            urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"{address} does not listen")


@dataclass
class Stranger:
    """A server whose answers a test writes: one for each request, the last one for all that follow."""

    address: str = ""
    answers: list[Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=list)
    seen: list[BaseHTTPRequestHandler] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    told = Stranger()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
            self.do_GET()

        def do_GET(self) -> None:
            told.seen.append(self)
            told.times.append(time.monotonic())
            answer = told.answers.pop(0) if len(told.answers) > 1 else told.answers[0]
            with suppress(BrokenPipeError, ConnectionResetError):
                answer(self)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = False
        threading.Thread(target=server.serve_forever, args=(0.02,)).start()
        told.address = f"http://127.0.0.1:{server.server_port}/sparql"
        yield told
        told.closing.set()
        server.shutdown()


def says(
    body: str | bytes = "",
    status: int = 200,
    kind: str = "application/sparql-results+json",
    length: int | None = None,
    **headers: str,
) -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer; with a length that is not that of the body, it breaks off."""
    content = body.encode() if isinstance(body, str) else body

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(content) if length is None else length))
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(content)

    return answer
