"""The engine: hands strangers' queries to workers, and stops those that take too much.

Anything with ``ask`` and ``close`` is an engine; an endpoint elsewhere can stand in for ours.
"""

from __future__ import annotations

import json
import os
import queue
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict
from typing import IO, TYPE_CHECKING, Final, Protocol, cast

from server import errors, formats
from server.sparql import worker as frames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from server.formats import Kind, Offer
    from server.sparql.protocol import Query

_CHUNK: Final = 128 * 1024
_LAST_WORDS: Final = 4 * 1024


class Engine(Protocol):
    """Whatever answers queries."""

    def ask(self, query: Query, offers: Mapping[Kind, Offer | None]) -> Answer:
        """Begin to answer; ``offers`` says how to write each kind of answer.

        Raises a RequestFault as long as nothing was sent. Whoever asks closes the answer.
        """

    def close(self) -> None:
        """Stop everything, also what is being answered."""


class Answer:
    """An answer that has begun: iterate over its parts, and close it however that ends."""

    def __init__(
        self,
        kind: Kind,
        offer: Offer,
        parts: Iterator[bytes],
        *,
        whole: bytes | None,
        close: Callable[[], None],
    ) -> None:
        self.kind = kind
        self.offer = offer
        self.whole = whole
        """All of the answer, where it was ready at once; None where it streams."""
        self.close = close
        """Give back what the answer holds, and stop what still comes. A second call does nothing."""
        self._parts = parts

    def __iter__(self) -> Iterator[bytes]:
        """Yield the parts; raises Broken when the rest cannot be had."""
        return self._parts


class WorkerPool:
    """Some processes over one read-only store; as many queries run at once."""

    def __init__(
        self,
        store: Path,
        *,
        workers: int,
        timeout: float,
        memory: int,
        wait: float,
        prefixes: Mapping[str, str],
    ) -> None:
        self._command = [sys.executable, "-P", frames.__file__, str(store), str(memory)]
        self._timeout, self._memory, self._wait = timeout, memory, wait
        self._prefixes = dict(prefixes)
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        self._seats = threading.BoundedSemaphore(2 * workers)  # those at work, and as many in line
        self._lock = threading.Lock()
        self._alive: set[_Worker] = set()
        self._closed = False
        for _ in range(workers):
            self._hire()

    def ask(self, query: Query, offers: Mapping[Kind, Offer | None]) -> Answer:
        """Begin to answer with the next free worker; see Engine."""
        if not self._seats.acquire(blocking=False):
            raise errors.Busy
        try:
            worker = self._idle.get(timeout=self._wait)
        except queue.Empty:
            self._seats.release()
            raise errors.Busy from None
        turn = _Turn(self, worker, time.monotonic() + self._timeout)
        try:
            return turn.begin(self._job(query, offers), offers)
        except BaseException:
            turn.end()
            raise

    def close(self) -> None:
        """Kill every worker; a query that is being answered breaks off."""
        with self._lock:
            self._closed = True
            alive, self._alive = self._alive, set()
        for worker in alive:
            worker.kill()

    def give_back(self, worker: _Worker, *, spent: bool) -> None:
        """Take a worker back; one that is spent (killed, dead, in the middle of something) is replaced."""
        if spent:
            with self._lock:
                self._alive.discard(worker)
            worker.kill()
            self._hire()
        else:
            self._idle.put(worker)
        self._seats.release()

    def explain(self, worker: _Worker) -> errors.RequestFault:
        """Say why a worker that died did so."""
        code, words = worker.kill()
        if "oxhttp" in words:  # the engine's HTTP client gives up where it finds no certificates
            return errors.ServiceRefused()
        if code == -signal.SIGSEGV:
            return errors.TooDeep()
        if "memory allocation of" in words or "MemoryError" in words:
            return errors.OutOfMemory(self._memory)
        if code == -signal.SIGALRM:
            return self.late()
        return errors.EngineFault(f"The engine stopped (exit code {code}). The server goes on; try again.")

    def late(self) -> errors.TimedOut:
        """Say that the time is over."""
        return errors.TimedOut(self._timeout)

    def _hire(self) -> None:
        with self._lock:
            if self._closed:
                return
            worker = _Worker(self._command)
            self._alive.add(worker)
        self._idle.put(worker)

    def _job(self, query: Query, offers: Mapping[Kind, Offer | None]) -> bytes:
        job = {
            "query": query.text,
            "dataset": asdict(query.dataset) if query.dataset else None,
            "formats": {kind: offer.format.engine if offer else None for kind, offer in offers.items()},
            "prefixes": self._prefixes,
            "seconds": self._timeout,
        }
        content = json.dumps(job).encode()
        return frames.LENGTH.pack(len(content)) + content


class _Turn:
    """One query at one worker: from the job to the last frame, with an end that comes exactly once."""

    def __init__(self, pool: WorkerPool, worker: _Worker, deadline: float) -> None:
        self._pool, self._worker, self._deadline = pool, worker, deadline
        self._finished = self._ended = False

    def begin(self, job: bytes, offers: Mapping[Kind, Offer | None]) -> Answer:
        """Send the job, and wait until the first part of the answer is there."""
        try:
            self._worker.send(job)
            kind: Kind = self._expect(frames.KIND).decode()  # type: ignore[assignment]  # one of the three
            offer = offers[kind]
            if not offer:
                self._finished = True
                raise errors.NotAcceptable([each.media_type for each in formats.formats_of(kind)])
            frame, part = self._next()
        except _Dead:
            raise self._pool.explain(self._worker) from None
        except _Late:
            raise self._pool.late() from None
        if frame == frames.LAST:
            self._finish()
            return Answer(kind, offer, iter((part,)), whole=part, close=self.end)
        return Answer(kind, offer, self._stream(part), whole=None, close=self.end)

    def end(self) -> None:
        """Give the worker back, once."""
        if not self._ended:
            self._ended = True
            self._pool.give_back(self._worker, spent=not self._finished)

    def _stream(self, part: bytes) -> Iterator[bytes]:
        try:
            frame = frames.DATA
            while frame != frames.LAST:
                yield part
                frame, part = self._next()
            self._finish()
            yield part
        except (_Dead, _Late, errors.RequestFault) as error:
            raise errors.Broken("The answer broke off: the query failed or took too long.") from error
        finally:
            self.end()

    def _finish(self) -> None:
        self._finished = True
        self.end()

    def _expect(self, wanted: bytes) -> bytes:
        frame, content = self._next()
        while frame == frames.READY:
            frame, content = self._next()
        if frame != wanted:
            raise errors.EngineFault("The engine answered out of turn. The server goes on; try again.")
        return content

    def _next(self) -> tuple[bytes, bytes]:
        frame, content = self._worker.receive(self._deadline)
        if frame == frames.FAULT:
            self._finished = True
            raise _fault(**json.loads(content))
        return frame, content


def _fault(*, fault: str, message: str, **where: int) -> errors.RequestFault:
    """Turn what the worker said into one of our faults."""
    if fault == "syntax":
        place = f"Line {where['line']}, column {where['column']}: " if where else ""
        return errors.SyntaxFault(f"{place}{message}.", **where)
    if fault == "service":
        return errors.ServiceRefused()
    if fault == "query":
        return errors.BadRequest(f"The query cannot be answered: {message}.")
    return errors.EngineFault(f"The store cannot be read: {message}.")


class _Dead(Exception):
    """The worker's process is gone."""


class _Late(Exception):
    """The time is over."""


class _Worker:
    """A process and its pipes."""

    def __init__(self, command: list[str]) -> None:
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        self._process = subprocess.Popen(  # noqa: S603  # our own file
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            bufsize=0,
            env={**os.environ, "RUST_BACKTRACE": "0"},
        )
        self.pid = self._process.pid
        self._jobs = cast("IO[bytes]", self._process.stdin)
        self._frames = cast("IO[bytes]", self._process.stdout)
        self._received = bytearray()
        self._lock = threading.Lock()
        self._end: tuple[int, str] | None = None

    def send(self, job: bytes) -> None:
        """Write a job to the process; raises _Dead."""
        rest = memoryview(job)
        try:
            while rest:
                rest = rest[self._jobs.write(rest) :]
        except (OSError, ValueError) as error:
            raise _Dead from error

    def receive(self, deadline: float) -> tuple[bytes, bytes]:
        """Return the next frame and its content; raises _Dead or _Late."""
        header = self._take(frames.HEADER.size, deadline)
        frame, length = frames.HEADER.unpack(header)
        return frame, self._take(length, deadline)

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

    def _take(self, count: int, deadline: float) -> bytes:
        while len(self._received) < count:
            self._received += self._read(deadline)
        content = bytes(self._received[:count])
        del self._received[:count]
        return content

    def _read(self, deadline: float) -> bytes:
        left = deadline - time.monotonic()
        try:
            pipe = self._frames.fileno()
            poll = select.poll()  # select() knows no descriptor above 1,023
            poll.register(pipe, select.POLLIN)
            if left <= 0 or not poll.poll(left * 1000):
                raise _Late
            part = os.read(pipe, _CHUNK)
        except (OSError, ValueError) as error:  # the pipe was closed from another thread
            raise _Dead from error
        if not part:
            raise _Dead
        return part
