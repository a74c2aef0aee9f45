"""A worker as its parent sees it: a process, two pipes, and how it ended."""

from __future__ import annotations

import fcntl
import json
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Protocol, cast, runtime_checkable

from server import errors
from server.sparql import frames

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


GLANCE: Final = 0.1
"""Seconds between two looks whether the client is still there, where it cannot be watched meanwhile."""

_PIPE: Final = 256 * 1024
"""Bytes that wait in the pipe, where the system lets us: a worker that fills it need not wait for us."""
_SET_PIPE_SIZE: Final = 1031  # F_SETPIPE_SZ, which Python names on Linux alone
_LEAVING: Final = getattr(select, "POLLRDHUP", 0)
_SHORT: Final = 2
"""Milliseconds within which most answers are there, and no client leaves."""
_LAST_WORDS: Final = 4 * 1024
_SOURCES: Final = str(Path(__file__).parents[2])


@runtime_checkable
class Watchable(Protocol):
    """What tells that a client has left, and has a socket on which that can be seen at once."""

    def fileno(self) -> int:
        """Return the socket's descriptor; -1 where it is closed."""


class Dead(Exception):
    """The worker's process is gone."""


class Late(Exception):
    """The time is over."""


class WorkerProcess:
    """One worker over a store; ``memory`` in MB is what a query may take beyond what it has at rest."""

    def __init__(self, store: Path, memory: int, prefixes: Mapping[str, str]) -> None:
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own module
                [sys.executable, "-P", "-m", _MODULE, str(store), str(memory), json.dumps(dict(prefixes))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                bufsize=0,
                env={**os.environ, "RUST_BACKTRACE": "0", "PYTHONPATH": _path()},
            )
        except OSError:
            self._stderr.close()
            raise
        self.pid = self._process.pid
        self._jobs = cast("IO[bytes]", self._process.stdin)
        self._frames = cast("IO[bytes]", self._process.stdout)
        self.pipe = self._frames.fileno()
        """Becomes readable when the worker says something, or is gone."""
        with suppress(OSError):  # another system, or a user with too many pipes
            fcntl.fcntl(self.pipe, _SET_PIPE_SIZE, _PIPE)
        self._poll = select.poll()  # select() knows no descriptor above 1,023
        self._poll.register(self.pipe, select.POLLIN)
        self._received = bytearray()
        self._lock = threading.Lock()
        self._end: tuple[int, str] | None = None
        self.is_ready = False
        """Whether the store is open: the first frame says so."""

    def send(self, job: bytes) -> None:
        """Write a job to the process; raises Dead."""
        rest = memoryview(job)
        try:
            while rest:
                rest = rest[self._jobs.write(rest) :]
        except (OSError, ValueError) as error:
            raise Dead from error

    def take(self) -> tuple[bytes, bytes] | None:
        """Return the next frame and its content, if all of it has been read."""
        received, head = self._received, frames.HEADER.size
        if len(received) < head:
            return None
        frame, length = frames.HEADER.unpack_from(received)
        end = head + length
        if len(received) < end:
            return None
        with memoryview(received) as view:
            content = bytes(view[head:end])
        del received[:end]
        return frame, content

    def read(self) -> None:
        """Read what the process has said, which has to be something: else this waits; raises Dead."""
        try:
            part = os.read(self._frames.fileno(), _PIPE)
        except (OSError, ValueError) as error:  # the pipe was closed from another thread
            raise Dead from error
        if not part:
            raise Dead
        self._received += part

    def wait(self, deadline: float, gone: Callable[[], bool]) -> None:
        """Wait until there is something to read; raises Dead, Late, or errors.Gone."""
        try:
            if self._poll.poll(_SHORT):
                return
            poll = self._watching(gone)
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise Late
                if any(each == self.pipe for each, _ in poll.poll(min(left, GLANCE) * 1000)):
                    return
                if gone():
                    raise errors.Gone
                if self._end:
                    raise Dead
        except (OSError, ValueError) as error:
            raise Dead from error

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

    def _watching(self, gone: Callable[[], bool]) -> select.poll:
        """Return what watches the process, and the client beside it if it has a socket to watch."""
        client = gone.fileno() if isinstance(gone, Watchable) else -1
        if client < 0 or not _LEAVING:
            return self._poll
        both = select.poll()
        both.register(self.pipe, select.POLLIN)
        both.register(client, _LEAVING)
        return both


_MODULE: Final = "server.sparql.worker"


def _path() -> str:
    """Return where the worker finds its module, wherever the server was started."""
    return os.pathsep.join(filter(None, (_SOURCES, os.environ.get("PYTHONPATH"))))
