"""The servers that are measured: ours and its peers, each started over the same triples and stopped again.

A peer that is not installed is left out, with a sentence on how to install it.
``python -m benchmarks.engines`` installs those that need no administrator, in an environment of their own.
"""

from __future__ import annotations

import argparse
import http.client
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from server.settings import TABLE

ROOT: Final = Path(__file__).parent.parent
PEERS: Final = Path("~/.cache/cekg-benchmarks").expanduser()
FUSEKI: Final = "5.6.0"
"""The last version that runs on Java 17."""

_PATIENCE: Final = 300
"""Seconds that a server may take to load and to answer for the first time."""
_GRACE: Final = 10
"""Seconds in which one that answers, but with a fault, should come to itself."""


@dataclass(frozen=True, slots=True)
class Data:
    """The triples to serve: a root with a snapshot, its store, the same as N-Triples, a folder to work in."""

    root: Path
    store: Path
    triples: Path
    work: Path


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers at an endpoint."""

    endpoint: str
    pid: int


Lifetime = AbstractContextManager[Running]


@dataclass(frozen=True, slots=True)
class Engine:
    """A kind of server; ``missing`` says how to install what is not there, and is empty otherwise.

    ``warm`` are seconds of load that it needs before it is as fast as it will be.
    """

    name: str
    start: Callable[[Data], Iterator[Running]]
    missing: Callable[[], str]
    version: Callable[[], str]
    warm: int = 0

    @contextmanager
    def running(self, data: Data) -> Iterator[Running]:
        """Start over the data, and stop in the end."""
        yield from self.start(data)


def caches() -> bool:
    """Tell whether our server keeps finished answers, and can be told not to."""
    return any(setting.name == "cache" for setting in TABLE)


def _start_ours(data: Data, *flags: str) -> Iterator[Running]:
    port = _free_port()
    command = [sys.executable, "-m", "server", f"--snapshots={data.root}", f"--port={port}", *flags]
    yield from _started(command, f"http://127.0.0.1:{port}/sparql", data)


def _start_uncached(data: Data) -> Iterator[Running]:
    yield from _start_ours(data, *(["--cache=0"] if caches() else []))


def _start_oxigraph(data: Data) -> Iterator[Running]:
    port = _free_port()
    command = [
        str(_oxigraph()),
        "serve-read-only",
        "--location",
        str(data.store),
        "--bind",
        f"127.0.0.1:{port}",
    ]
    yield from _started(command, f"http://127.0.0.1:{port}/query", data)


def _start_rdflib(data: Data) -> Iterator[Running]:
    port = _free_port()
    command = [str(_in_peers("rdflib-endpoint")), "serve", "--host", "127.0.0.1", "--port", str(port)]
    # with its own store, the faster of its two here: rdflib evaluates the query over either
    yield from _started([*command, str(data.triples)], f"http://127.0.0.1:{port}/", data)


def _start_fuseki(data: Data) -> Iterator[Running]:
    port, jar, folder = _free_port(), str(_fuseki()), data.work / "fuseki"
    load = ["java", "-cp", jar, "tdb2.tdbloader", "--loc", str(folder), str(data.triples)]
    subprocess.run(load, check=True, capture_output=True)
    serve = ["java", "-Xmx4G", "-jar", jar, f"--port={port}", "--localhost", f"--loc={folder}", "/ds"]
    # it writes a folder where it stands
    yield from _started(serve, f"http://127.0.0.1:{port}/ds/query", data, data.work)


def _start_virtuoso(data: Data) -> Iterator[Running]:
    sql, port, folder = _free_port(), _free_port(), data.work / "virtuoso"
    folder.mkdir()
    settings = (Path(__file__).parent / "virtuoso.ini").read_text(encoding="utf-8")
    places = {"SQL_PORT": str(sql), "HTTP_PORT": str(port), "DATA": str(data.triples.parent)}
    for name, value in places.items():
        settings = settings.replace(name, value)
    (folder / "virtuoso.ini").write_text(settings, encoding="utf-8")
    endpoint = f"http://127.0.0.1:{port}/sparql?default-graph-uri=urn:benchmark"
    for running in _started(["virtuoso-t", "+foreground"], endpoint, data, folder):
        for statement in (
            f"ld_dir('{data.triples.parent}', '{data.triples.name}', 'urn:benchmark');",
            "rdf_loader_run();",
            "checkpoint;",
        ):
            subprocess.run(
                ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={statement}"],
                check=True,
                capture_output=True,
            )
        yield running


def _started(command: list[str], endpoint: str, data: Data, folder: Path = ROOT) -> Iterator[Running]:
    """Start a server, wait until it answers, hand it out, and stop it."""
    log = data.work / "servers.log"
    with log.open("ab") as file:
        process = subprocess.Popen(command, cwd=folder, stdout=file, stderr=file)
    try:
        _wait(endpoint, process, log)
        yield Running(endpoint, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(endpoint: str, process: subprocess.Popen[bytes], log: Path) -> None:
    address = urlsplit(endpoint)
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
        try:
            connection.request("GET", f"{address.path}?query=ASK%20%7B%7D", headers={"Accept": "*/*"})
            if connection.getresponse().status == 200:
                return
            until = min(until, time.monotonic() + _GRACE)
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.005)
    sys.exit(f"{endpoint} does not answer: {log.read_text(errors='replace')[-1000:]}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


# What is installed, and how


def _in_peers(program: str) -> Path:
    return PEERS / "bin" / program


def _oxigraph() -> Path:
    return _in_peers("oxigraph")


def _fuseki() -> Path:
    return PEERS / f"jena-fuseki-server-{FUSEKI}.jar"


_INSTALL: Final = "`python -m benchmarks.engines` installs it"


def _needs(path: Callable[[], Path]) -> Callable[[], str]:
    return lambda: "" if path().exists() else _INSTALL


def _needs_program(name: str, how: str) -> str:
    return "" if shutil.which(name) else how


def _first_number(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"\d+(\.\d+)+", done.stdout + done.stderr)
    return found[0] if found else ""


def _of_package(package: str) -> Callable[[], str]:
    code = f"from importlib.metadata import version; print(version('{package}'))"
    return lambda: _first_number(str(_in_peers("python")), "-c", code)


OURS: Final = Engine("ours", _start_uncached, lambda: "", lambda: "")
AS_IT_IS: Final = Engine("ours, as it is by default", _start_ours, lambda: "", lambda: "")
OXIGRAPH: Final = Engine("oxigraph", _start_oxigraph, _needs(_oxigraph), _of_package("oxigraph"))
ENGINES: Final = (
    OURS,
    OXIGRAPH,
    Engine(
        "rdflib-endpoint",
        _start_rdflib,
        _needs(lambda: _in_peers("rdflib-endpoint")),
        _of_package("rdflib-endpoint"),
    ),
    Engine(
        "Fuseki",
        _start_fuseki,
        lambda: (
            _needs(_fuseki)()
            or _needs_program("java", "needs Java 17: `apt-get install default-jre-headless`")
        ),
        lambda: FUSEKI,
        warm=24,  # until its Java code is compiled, it is ten times as slow
    ),
    Engine(
        "Virtuoso",
        _start_virtuoso,
        lambda: _needs_program("virtuoso-t", "`apt-get install virtuoso-opensource-7-bin`"),
        lambda: _first_number("virtuoso-t", "--version"),
    ),
)


def load_by_oxigraph(store: Path, *files: Path) -> None:
    """Do with the peer's program what publishing a snapshot does with the store: load all files, optimise."""
    program = str(_oxigraph())
    load = [program, "load", "--location", str(store), "--file", *map(str, files)]
    subprocess.run(load, check=True, capture_output=True)
    subprocess.run([program, "optimize", "--location", str(store)], check=True, capture_output=True)


def main() -> None:
    """Install the peers that need no administrator; say how the others are installed."""
    argparse.ArgumentParser(
        prog="python -m benchmarks.engines", description="Install the peers."
    ).parse_args()
    venv.create(PEERS, with_pip=True)
    pip = [str(_in_peers("python")), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "oxigraph", "rdflib-endpoint[web]", "uvicorn"], check=True)
    if shutil.which("mvn"):
        artifact = f"-Dartifact=org.apache.jena:jena-fuseki-server:{FUSEKI}"
        subprocess.run(
            ["mvn", "-q", "-B", "dependency:copy", artifact, f"-DoutputDirectory={PEERS}"], check=True
        )
    else:
        print("Fuseki comes by Maven: `apt-get install maven`, then this command again.")
    for engine in ENGINES:
        print(f"{engine.name}: {engine.missing() or f'ready {engine.version()}'}")


if __name__ == "__main__":
    main()
