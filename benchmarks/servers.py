"""Which HTTP server to stand behind: the same application behind each, driven by ``wrk``.

    pip install gunicorn granian cheroot && apt-get install wrk
    python -m benchmarks.servers [--rounds 3] [--seconds 1]

Prints requests a second (medians), and whether an answer that fails in its middle looks broken to the client.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from wsgiref.types import StartResponse, WSGIApplication

SERVERS = ("waitress", "gunicorn", "granian", "cheroot")
PATHS = {"ASK {}": "/sparql?query=ASK%7B%7D", "front page": "/", "1 kB without Flask": "/bare"}
CLIENTS = (1, 8, 32)
THREADS = 4
"""As many as queries find a place in line before two workers: a 503 would count as a fast answer."""


def application() -> WSGIApplication:
    """Return the server's application, and beside it one answer that costs nothing and one that fails."""
    from server.app import create_app
    from server.settings import read_settings

    inner = create_app(read_settings(["--workers=2", "--access-log=off", "--cache=0"], os.environ))

    def routed(environ: dict[str, Any], start_response: StartResponse) -> Any:
        if environ["PATH_INFO"] == "/bare":
            start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "1000")])
            return [b"x" * 1000]
        if environ["PATH_INFO"] == "/broken":
            start_response("200 OK", [("Content-Type", "text/plain")])
            return broken()
        return inner(environ, start_response)

    return routed


def broken() -> Iterator[bytes]:
    """Yield half an answer."""
    yield b"x" * 1000
    raise ConnectionError


def serve(name: str, port: int) -> None:
    """Serve with one of the servers until the process is ended."""
    if name == "waitress":
        import waitress

        waitress.serve(application(), host="127.0.0.1", port=port, threads=THREADS, connection_limit=1000)
    elif name == "cheroot":
        from cheroot.wsgi import Server

        Server(("127.0.0.1", port), application(), numthreads=THREADS).start()
    elif name == "gunicorn":
        command = [
            "-k",
            "gthread",
            "--threads",
            str(THREADS),
            "--keep-alive",
            "10",
            "--log-level",
            "critical",
        ]
        target = "benchmarks.servers:application()"
        os.execv(
            sys.executable, [sys.executable, "-m", "gunicorn", *command, "-b", f"127.0.0.1:{port}", target]
        )
    else:
        from granian import Granian
        from granian.constants import Interfaces

        Granian(
            "benchmarks.servers:application",
            factory=True,
            address="127.0.0.1",
            port=port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=THREADS,
            log_level="critical",
        ).serve()


def started(name: str) -> tuple[subprocess.Popen[bytes], int]:
    """Start a server on a free port, and wait until it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.servers", "--serve", name, str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health").close()
        except OSError:
            time.sleep(0.05)
        else:
            return process, port
    sys.exit(f"{name} did not start. Is it installed, and is there a snapshot (`kg build`)?")


def rate(port: int, path: str, clients: int, seconds: int) -> float:
    """Return the requests a second that wrk counts."""
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", f"http://127.0.0.1:{port}{path}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    return float(found[1]) if found else 0.0


def looks_broken(port: int) -> bool:
    """Tell whether half an answer comes without the chunk that ends a whole one."""
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.sendall(b"GET /broken HTTP/1.1\r\nHost: x\r\n\r\n")
        content = b""
        try:
            while part := connection.recv(65536):
                content += part
        except (TimeoutError, ConnectionError):
            pass
    return not content.endswith(b"\r\n0\r\n\r\n")


def main() -> None:
    """Measure in rounds, one server after the other, so that what else the machine does meets them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--serve", nargs=2, metavar=("SERVER", "PORT"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        return serve(given.serve[0], int(given.serve[1]))
    rates: dict[tuple[str, int, str], list[float]] = {}
    breaks = {}
    for _ in range(given.rounds):
        for name in SERVERS:
            process, port = started(name)
            try:
                breaks[name] = looks_broken(port)
                for title, path in PATHS.items():
                    for clients in CLIENTS:
                        found = rate(port, path, clients, given.seconds)
                        rates.setdefault((title, clients, name), []).append(found)
            finally:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    print(f"| | clients | {' | '.join(SERVERS)} |")
    print(f"| --- | --- {'| --- ' * len(SERVERS)}|")
    for title in PATHS:
        for clients in CLIENTS:
            row = " | ".join(f"{statistics.median(rates[title, clients, name]):,.0f}" for name in SERVERS)
            print(f"| {title} | {clients} | {row} |")
    print(f"| half an answer looks broken | | {' | '.join('yes' if breaks[n] else 'no' for n in SERVERS)} |")
    return None


if __name__ == "__main__":
    main()
