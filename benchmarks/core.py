"""How long the main job takes: build, start, pages and queries, on the graph of both articles.

Run from a checkout in which ``make build`` has run::

    .venv/bin/python -m benchmarks.core

Prints medians; nothing is asserted, since machines differ and are noisy.
"""

from __future__ import annotations

import http.client
import os
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from kg import resources

ROUNDS = 5
REQUESTS = 50
PAGES = ["/", "/city/harbin.html", "/system/harbin-4-plus-4.html", "/city/harbin.ttl", "/queries"]


def main() -> None:
    """Measure and print a table in Markdown."""
    print("| what | median | limit |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        _row("build of both articles, CPU", _median(ROUNDS, lambda: _cpu(_build, folder)), "3 s")
        _row("`kg serve` to the first answer, wall", _median(ROUNDS, lambda: _first_answer(folder)), "1.5 s")
        _served(folder)
    _row("`import server.app`, wall", _median(ROUNDS, _import_server), "")


def _row(what: str, seconds: float, limit: str) -> None:
    shown = f"{seconds:.2f} s" if seconds >= 0.1 else f"{seconds * 1000:.1f} ms"
    print(f"| {what} | {shown} | {limit} |", flush=True)


def _median(rounds: int, measure: Callable[[], float]) -> float:
    return statistics.median(measure() for _ in range(rounds))


def _cpu(work: Callable[[str], None], folder: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work(folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _build(folder: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(
        [sys.executable, "-m", "kg", "build", "--snapshots", folder], check=True, capture_output=True
    )


def _first_answer(folder: str) -> float:
    start = time.perf_counter()
    process, port = _serve(folder)
    try:
        _ask(port, "/city/harbin.ttl")
        return time.perf_counter() - start
    finally:
        _stop(process)


def _served(folder: str) -> None:
    """Print the median over all requests, and the slowest path by its median."""
    process, port = _serve(folder)
    try:
        _ask(port, "/")
        for name, paths in (("page", PAGES), ("example query", _queries())):
            medians = {path: _median(REQUESTS, partial(_timed, port, path)) for path in paths}
            slowest = max(medians, key=lambda path: medians[path])
            _row(f"{name}, median of {len(paths)}, over HTTP", statistics.median(medians.values()), "10 ms")
            _row(f"{name}, the slowest ({_label(slowest)})", medians[slowest], "10 ms")
    finally:
        _stop(process)


def _queries() -> list[str]:
    return [f"/sparql?{urlencode({'query': example.query})}" for example in resources.examples()]


def _label(path: str) -> str:
    slugs = {
        f"/sparql?{urlencode({'query': example.query})}": example.slug for example in resources.examples()
    }
    return slugs.get(path, path)


def _timed(port: int, path: str) -> float:
    start = time.perf_counter()
    _ask(port, path)
    return time.perf_counter() - start


def _ask(port: int, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Accept": "*/*"})
    response = connection.getresponse()
    response.read()
    connection.close()
    if response.status != 200:
        sys.exit(f"{path} answered {response.status}")


def _serve(folder: str) -> tuple[subprocess.Popen[bytes], int]:
    """Start the server on a free port and wait until it takes connections."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "kg", "serve", "--snapshots", folder, "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return process, port
    sys.exit("the server did not start")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)


def _import_server() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import server.app"], check=True, cwd=Path(__file__).parent.parent)
    return time.perf_counter() - start


if __name__ == "__main__":
    os.environ.pop("CEKG_SNAPSHOTS", None)
    main()
