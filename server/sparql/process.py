"""A worker as its parent sees it: a process, two pipes, and how it ended."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

from server import errors
from server.sparql import frames

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


GLANCE: Final = 0.25
"""Seconds between two looks whether the client is still there."""

_CHUNK: Final = 128 * 1024
_LAST_WORDS: Final = 4 * 1024
_SOURCES: Final = str(Path(__file__).parents[2])


class Dead(Exception):
    """The worker's process is gone."""


class Late(Exception):
    """The time is over."""


class WorkerProcess:
    """One worker over a store; ``memory`` in MB is what a query may take beyond what it has at rest."""

    def __init__(self, store: Path, memory: int, prefixes: Mapping[str, str]) -> None:
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        self._process = subprocess.Popen(  # noqa: S603  # our own module
            [sys.executable, "-P", "-m", _MODULE, str(store), str(memory), json.dumps(dict(prefixes))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            bufsize=0,
            env={**os.environ, "RUST_BACKTRACE": "0", "PYTHONPATH": _path()},
        )
        self.pid = self._process.pid
        self._jobs = cast("IO[bytes]", self._process.stdin)
        self._frames = cast("IO[bytes]", self._process.stdout)
        self._poll = select.poll()  # select() knows no descriptor above 1,023
        self._poll.register(self._frames, select.POLLIN)
        self._received = bytearray()
        self._lock = threading.Lock()
        self._end: tuple[int, str] | None = None

    def send(self, job: bytes) -> None:
        """Write a job to the process; raises Dead."""
        rest = memoryview(job)
        try:
            while rest:
                rest = rest[self._jobs.write(rest) :]
        except (OSError, ValueError) as error:
            raise Dead from error

    def receive(self, deadline: float, gone: Callable[[], bool]) -> tuple[bytes, bytes]:
        """Return the next frame and its content; raises Dead, Late, or errors.Gone."""
        received, head = self._received, frames.HEADER.size
        while len(received) < head:
            received += self._read(deadline, gone)
        frame, length = frames.HEADER.unpack_from(received)
        while len(received) < head + length:
            received += self._read(deadline, gone)
        content = bytes(memoryview(received)[head : head + length])
        self._received = received[head + length :]
        return frame, content

    def kill(self) -> tuple[int, str]:
        """End the process, if it lives; return its exit code and its last words."""
        with self._lock:
            if self._end is None:
                self._process.kill()
                code = self._process.wait()
                self._end = code, os.pread(self._stderr.fileno(), _LAST_WORDS, 0).decode(errors="replace")
                for pipe in (self._jobs, self._frames, self._stderr):
                    pipe.close()
            return self._end

    def _read(self, deadline: float, gone: Callable[[], bool]) -> bytes:
        try:
            while True:
                pipe = self._frames.fileno()
                left = deadline - time.monotonic()
                if left <= 0:
                    raise Late
                if self._poll.poll(min(left, GLANCE) * 1000):
                    break
                if gone():
                    raise errors.Gone
            part = os.read(pipe, _CHUNK)
        except (OSError, ValueError) as error:  # the pipe was closed from another thread
            raise Dead from error
        if not part:
            raise Dead
        return part


_MODULE: Final = "server.sparql.worker"


def _path() -> str:
    """Return where the worker finds its module, wherever the server was started."""
    return os.pathsep.join(filter(None, (_SOURCES, os.environ.get("PYTHONPATH"))))
