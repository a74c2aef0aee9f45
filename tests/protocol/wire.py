"""A server as a stranger sees it: a process, an address, and bytes that nothing puts right on their way."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).parent.parent.parent
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
JSON_TABLE = "application/sparql-results+json"

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """One response, as it came."""

    status: int
    fields: http.client.HTTPMessage
    body: bytes

    @property
    def type(self) -> str:
        """The media type without its parameters."""
        return self.fields.get_content_type() if "Content-Type" in self.fields else ""

    def json(self) -> Any:
        return json.loads(self.body)

    def named(self, name: str) -> set[str]:
        """The members of a field that is a list, in lower case."""
        members = ",".join(self.fields.get_all(name, [])).split(",")
        return {member.strip().lower() for member in members if member.strip()}


@dataclass(frozen=True)
class Live:
    """A running server."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def place(self) -> tuple[str, int]:
        host, _, port = self.address.removeprefix("http://").rpartition(":")
        return host, int(port)

    def send(
        self,
        method: str = "GET",
        target: str = "/sparql",
        body: bytes | Iterator[bytes] | None = None,
        fields: Fields = (),
        *,
        timeout: float = 20,
    ) -> Answer:
        """Send exactly these fields, and Host and the length; nothing is added, joined or encoded."""
        connection = http.client.HTTPConnection(*self.place, timeout=timeout)
        try:
            connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in fields:
                connection.putheader(name, value)
            if isinstance(body, bytes):
                connection.putheader("Content-Length", str(len(body)))
                connection.endheaders(body)
            elif body is None:
                connection.endheaders()
            else:
                connection.putheader("Transfer-Encoding", "chunked")
                connection.endheaders(body, encode_chunked=True)
            return _read(connection.getresponse())
        finally:
            connection.close()

    def ask(self, query: str, accept: str | None = None, **parameters: str) -> Answer:
        """Ask a query with GET."""
        return self.send("GET", asking(query, **parameters), fields=[("Accept", accept)] if accept else ())

    def post(self, query: str, accept: str | None = None, **parameters: str) -> Answer:
        """Ask a query by posting it as it is."""
        target = f"/sparql?{urlencode(parameters)}" if parameters else "/sparql"
        fields = [("Content-Type", DIRECT), *([("Accept", accept)] if accept else [])]
        return self.send("POST", target, query.encode(), fields)

    def raw(self, message: bytes, *, method: str = "GET", timeout: float = 10) -> Answer:
        """Write bytes to the socket, and read one response."""
        with socket.create_connection(self.place, timeout=timeout) as client:
            client.sendall(message)
            response = http.client.HTTPResponse(client, method=method)
            response.begin()
            try:
                return _read(response)
            finally:
                response.close()

    def lives(self) -> bool:
        """Tell whether it runs and answers, though it may first replace the workers that it stopped."""
        until = time.monotonic() + 20
        while (answer := self.ask("ASK {}")).status == 503 and time.monotonic() < until:
            time.sleep(0.1)
        return self.process.poll() is None and answer.json()["boolean"] is True

    def stumbled(self) -> str:
        """What it wrote around the first traceback; empty when it wrote none."""
        said = self.log.read_text(errors="replace")
        place = said.find("Traceback")
        return said[max(place - 500, 0) : place + 4_000] if place >= 0 else ""


def asking(query: str, **parameters: str) -> str:
    """Return the target of a GET request for a query."""
    return "/sparql?" + urlencode({"query": query, **parameters})


@contextmanager
def serving(snapshots: Path, **settings: object) -> Iterator[Live]:
    """Start ``python -m server`` on a free port, and stop it in order.

    What it writes goes to a file: a pipe that nobody empties would stop it after 64 kB.
    """
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in {"port": 0, **settings}.items()]
    with TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "server", f"--snapshots={snapshots}", *flags],
                stdout=file,
                stderr=file,
                cwd=ROOT,
            )
        try:
            yield Live(_address(process, log), process, log)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        greeting = re.search(r"http://\S+?(?=/ )", log.read_text(errors="replace"))
        if greeting:
            return greeting[0]
        time.sleep(0.02)
    raise AssertionError(f"The server did not start: {log.read_text(errors='replace')}")


def _read(response: http.client.HTTPResponse) -> Answer:
    return Answer(response.status, response.headers, response.read())
