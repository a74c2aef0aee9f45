"""The engine: hands strangers' queries to workers, and stops those that take too much.

Whatever has the methods of ``Engine`` is one; an endpoint elsewhere can stand in for ours.
"""

from __future__ import annotations

import json
import logging
import queue
import signal
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final, NoReturn, Protocol

from server import errors, formats
from server.sparql import frames, neighbours
from server.sparql.process import GLANCE, Dead, Late, WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from server.formats import Kind, Offer
    from server.sparql.neighbours import Neighbour
    from server.sparql.protocol import Query

    Offers = Mapping[Kind, Offer | None]
    """How to write each kind of answer; None where the client takes none of ours."""


_LOG: Final = logging.getLogger(__name__)


def stays() -> bool:
    """Say that the client has not left, where nobody can tell."""
    return False


class Engine(Protocol):
    """Whatever answers queries."""

    def ask(self, query: Query, offers: Offers, gone: Callable[[], bool] = stays) -> Answer:
        """Begin to answer; ``gone`` tells whether the client has left, which ends it.

        Raises a RequestFault as long as nothing was sent. Whoever asks closes the answer.
        """

    def begin(self, query: Query, offers: Offers) -> Begun | None:
        """Begin to answer, and wait for nothing; None where no worker is free, or others stand in line.

        Whoever begins takes the answer, or closes what was begun.
        """

    def in_line(self) -> AbstractContextManager[None]:
        """Hold a place in line without a question of one's own; raises Busy where there is none."""

    def workforce(self) -> Workforce:
        """Return the state of the workers."""

    def close(self) -> None:
        """Stop everything, also what is being answered."""


class Begun(Protocol):
    """A question on its way: look for its answer now and then, or wait for it."""

    def fileno(self) -> int:
        """Return the descriptor on which something stirs when it is time to look."""

    def look(self) -> Answer | None:
        """Take what has come, and wait for nothing more; raises a RequestFault.

        To be called when something stirs on the descriptor.
        """

    def wait(self, gone: Callable[[], bool]) -> Answer:
        """Wait for the answer to begin; see Engine.ask."""

    def close(self) -> None:
        """Give up the question; a second call, or one after the answer came, does nothing."""


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
        cache: str = "",
    ) -> None:
        self.kind = kind
        self.offer = offer
        self.whole = whole
        """All of the answer, where it was ready at once; None where it streams."""
        self.close = close
        """Give back what the answer holds, and stop what still comes. A second call does nothing."""
        self.cache = cache
        """``hit`` or ``miss``; empty where no cache was asked."""
        self._parts = parts

    def __iter__(self) -> Iterator[bytes]:
        """Yield the parts; raises Broken when the rest cannot be had."""
        return self._parts


@dataclass(frozen=True, slots=True)
class Workforce:
    """The workers at one moment, and what became of those before them."""

    workers: int
    busy: int
    waiting: int
    """Queries that wait for a worker."""
    pids: tuple[int, ...]
    kills: Mapping[str, int]
    """How many were stopped or died, by reason: one of KILLS."""
    rejected: int
    """Queries for which no worker came free."""


KILLS: Final = ("client", "timeout", "memory", "depth", "service", "size", "crash")


CALLS: Final = ("answered", "failed", "late", "barred")
"""What a call of another endpoint comes to."""


@dataclass(slots=True)
class Record:
    """What is counted for as long as the server runs, from one snapshot to the next."""

    kills: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(KILLS, 0)))
    rejected: int = 0
    hits: int = 0
    misses: int = 0
    calls: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(CALLS, 0)))


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take."""

    timeout: float
    """Seconds."""
    memory: int
    """Megabytes."""
    wait: float
    """Seconds in line."""
    largest: int = 0
    """Bytes of an answer; 0 sets no limit."""


_START: Final = 30.0
"""Seconds in which a worker has to start."""
_AGAIN: Final = 1.0
"""Seconds after which a worker that could not be started is tried again."""
_GRACE: Final = 0.15
"""Seconds that a query may go on when its client has left: about what it costs to replace the worker."""


class WorkerPool:
    """Some processes over one read-only store; as many queries run at once.

    Where there are ``services``, queries may call these; such a pool has no worker until it is first asked.
    """

    def __init__(
        self,
        store: Path,
        *,
        workers: int,
        limits: Limits,
        prefixes: Mapping[str, str],
        record: Record | None = None,
        services: Sequence[Neighbour] = (),
    ) -> None:
        self._store, self._prefixes = store, dict(prefixes)
        self.services, self._to_come = tuple(services), workers if services else 0
        self.limits = limits
        self._record = record or Record()
        self._idle: queue.LifoQueue[WorkerProcess] = queue.LifoQueue()
        self._seats = threading.BoundedSemaphore(2 * workers)  # those at work, and as many in line
        self._lock = threading.Lock()
        self._alive: set[WorkerProcess] = set()
        self._closed = False
        self._busy = self._waiting = 0
        try:
            for _ in range(workers - self._to_come):
                self._hire()
        except BaseException:
            self.close()
            raise

    def ask(self, query: Query, offers: Offers, gone: Callable[[], bool] = stays) -> Answer:
        """Begin to answer with the next free worker; see Engine."""
        return self._turn(self._take(gone), query, offers).wait(gone)

    def begin(self, query: Query, offers: Offers) -> Begun | None:
        """Begin to answer with a worker that is free at this moment; see Engine."""
        if self._waiting or not self._seats.acquire(blocking=False):
            return None
        try:
            worker = self._idle.get_nowait()
        except queue.Empty:
            self._seats.release()
            return None
        with self._lock:
            self._busy += 1
        return self._turn(worker, query, offers)

    def _turn(self, worker: WorkerProcess, query: Query, offers: Offers) -> _Turn:
        seconds = min(query.timeout or self.limits.timeout, self.limits.timeout)
        job = _job(query, offers, seconds, [each.iri for each in self.services])
        return _Turn(self, worker, job, offers, seconds)

    @contextmanager
    def in_line(self) -> Iterator[None]:
        """Hold a place in line; see Engine."""
        if not self._seats.acquire(blocking=False):
            self._reject()
        try:
            with self._counted_as_waiting():
                yield
        finally:
            self._seats.release()

    def close(self) -> None:
        """Kill every worker; a query that is being answered breaks off."""
        with self._lock:
            self._closed = True
            alive, self._alive = self._alive, set()
        for worker in alive:
            worker.kill()

    def workforce(self) -> Workforce:
        """Return the state of the workers."""
        with self._lock:
            pids = tuple(worker.pid for worker in self._alive)
            record = self._record
            return Workforce(len(pids), self._busy, self._waiting, pids, dict(record.kills), record.rejected)

    def note_call(self, found: Mapping[str, object]) -> None:
        """Count a call of another endpoint, by what it came to."""
        outcome = next((each for each in ("barred", "late", "failed") if found.get(each)), "answered")
        with self._lock:
            self._record.calls[outcome] += 1

    def leave(self) -> None:
        """Give up a seat, which whoever asked had from the line to the end of the answer."""
        self._seats.release()

    def give_back(self, worker: WorkerProcess, *, spent: str) -> None:
        """Take a worker back; one that is spent is replaced, and ``spent`` says why (one of KILLS)."""
        with self._lock:
            self._busy -= 1
            if spent:
                self._record.kills[spent] += 1
                self._alive.discard(worker)
        if spent:
            worker.kill()
        if spent and not self._closed:
            threading.Thread(target=self._replace, name="hire").start()  # who gives back need not wait for it
        elif not spent:
            self._idle.put(worker)

    def _take(self, gone: Callable[[], bool]) -> WorkerProcess:
        if not self._seats.acquire(blocking=False):
            self._reject()
        try:
            self._hire_late()
            worker = self._next_idle(gone)
        except BaseException:
            self._seats.release()
            raise
        with self._lock:
            self._busy += 1
        return worker

    def _next_idle(self, gone: Callable[[], bool]) -> WorkerProcess:
        with suppress(queue.Empty):
            return self._idle.get_nowait()
        until = time.monotonic() + self.limits.wait
        with self._counted_as_waiting():
            while (left := until - time.monotonic()) > 0:
                worker = None
                with suppress(queue.Empty):
                    worker = self._idle.get(timeout=min(left, GLANCE))
                if gone():
                    if worker:
                        self._idle.put(worker)
                    raise errors.Gone
                if worker:
                    return worker
        return self._reject()

    @contextmanager
    def _counted_as_waiting(self) -> Iterator[None]:
        with self._lock:
            self._waiting += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1

    def _reject(self) -> NoReturn:
        with self._lock:
            self._record.rejected += 1
        raise errors.Busy

    def _replace(self) -> None:
        while not self._closed:
            try:
                self._hire()
                break
            except OSError as error:  # too many files, or processes: another moment may have room
                _LOG.error("A worker cannot be started, and will be tried again: %s", error)
                time.sleep(_AGAIN)

    def _hire_late(self) -> None:
        """Start what was not started at once; raises Busy where the system has no room for it."""
        with self._lock:
            count, self._to_come = self._to_come, 0
        for left in range(count, 0, -1):
            try:
                self._hire()
            except OSError as error:
                self._to_come = left
                _LOG.error("A worker cannot be started: %s", error)
                self._reject()

    def _hire(self) -> None:
        worker = WorkerProcess(self._store, self.limits.memory, self._prefixes)
        with self._lock:
            is_late = self._closed
            if not is_late:
                self._alive.add(worker)
        if is_late:
            worker.kill()
        else:
            self._idle.put(worker)


def _job(query: Query, offers: Offers, seconds: float, services: list[str]) -> bytes:
    job = {
        "query": query.text,
        "base": query.base,
        "dataset": asdict(query.dataset) if query.dataset else None,
        "formats": {kind: offer.format.engine if offer else None for kind, offer in offers.items()},
        "seconds": seconds,
        "services": services,
    }
    return _packed(job)


def _packed(message: Mapping[str, object]) -> bytes:
    content = json.dumps(message).encode()
    return frames.LENGTH.pack(len(content)) + content


class _Turn:
    """One query at one worker: from the job to the last frame, with an end that comes exactly once.

    The time of a query runs from when its worker is ready: one that was just replaced has to start first.
    """

    def __init__(
        self, pool: WorkerPool, worker: WorkerProcess, job: bytes, offers: Offers, seconds: float
    ) -> None:
        self._pool, self._worker, self._offers, self._seconds = pool, worker, offers, seconds
        self._gone: Callable[[], bool] = stays
        self._deadline = time.monotonic() + seconds + (0 if worker.is_ready else _START)
        self._size = 0
        self._kind: Kind | None = None
        self._answer: Answer | None = None
        self._finished = self._ended = False
        self._why = "client"  # whoever ends a turn early, if nothing else did
        try:
            worker.send(job)
        except Dead:
            fault = self._explain()
            self.close()
            raise fault from None

    def fileno(self) -> int:
        """Return the worker's pipe; see Begun."""
        return self._worker.pipe

    def look(self) -> Answer | None:
        """Take what has come; see Begun."""
        try:
            self._worker.read()
            return self._progress()
        except Dead:
            fault = self._explain()
            self.close()
            raise fault from None
        except BaseException:
            self.close()
            raise

    def wait(self, gone: Callable[[], bool]) -> Answer:
        """Wait until the first part of the answer is there; see Begun."""
        self._gone = gone
        try:
            while (answer := self._progress()) is None:
                self._read_on()
        except BaseException:
            self.close()
            raise
        return answer

    def close(self) -> None:
        """Give the worker back, once."""
        if self._ended:
            return
        self._ended = True
        if self._finished:
            self._pool.give_back(self._worker, spent="")
            self._pool.leave()
        else:
            self._pool.leave()  # first: the next may stand in line while this one goes
            is_over = self._why == "client" and self._comes_to_its_end()
            self._pool.give_back(self._worker, spent="" if is_over else self._why)

    def _progress(self) -> Answer | None:
        """Return the answer once its first part has been read; raises a RequestFault."""
        while self._answer is None and (found := self._next()) is not None:
            frame, content = found
            if frame == frames.KIND:
                self._kind = content.decode()  # type: ignore[assignment]  # one of the three
            elif self._kind is None:
                raise errors.EngineFault("The engine answered out of turn. The server goes on; try again.")
            else:
                self._answer = self._begun(self._kind, frame, content)
        if self._kind and not self._offers[self._kind]:
            self._finished = True
            raise errors.NotAcceptable([each.media_type for each in formats.formats_of(self._kind)])
        return self._answer

    def _begun(self, kind: Kind, frame: bytes, part: bytes) -> Answer:
        offer = self._offers[kind]
        assert offer  # noqa: S101  # a worker asks before it begins, and says only the kind otherwise
        if frame == frames.LAST:
            self._finish()
            return Answer(kind, offer, iter((part,)), whole=part, close=self.close)
        return Answer(kind, offer, self._stream(part), whole=None, close=self.close)

    def _stream(self, part: bytes) -> Iterator[bytes]:
        try:
            frame = frames.DATA
            while frame != frames.LAST:
                yield part
                while (found := self._next()) is None:
                    self._read_on()
                frame, part = found
            self._finish()
            yield part
        except errors.RequestFault as fault:
            raise errors.Broken(f"An answer broke off. {fault.detail}") from fault
        finally:
            self.close()

    def _finish(self) -> None:
        self._finished = True
        self.close()

    def _next(self) -> tuple[bytes, bytes] | None:
        """Return the next frame, if it has been read; raises what it says of a fault."""
        while (found := self._worker.take()) and found[0] == frames.READY:
            self._worker.is_ready = True
            self._deadline = time.monotonic() + self._seconds
        if not found:
            return None
        frame, content = found
        if frame == frames.FAULT:
            self._finished = True
            raise _fault([each.iri for each in self._pool.services], **json.loads(content))
        if frame == frames.CALL:
            self._call(json.loads(content))
            return self._next()
        self._size += len(content)
        if 0 < self._pool.limits.largest < self._size:
            self._why = "size"
            raise errors.TooLarge(self._pool.limits.largest)
        return frame, content

    def _call(self, asked: Mapping[str, str]) -> None:
        """Ask another endpoint for the worker, which waits for it."""
        found = neighbours.call(self._pool.services, asked, deadline=self._deadline, gone=self._gone)
        self._pool.note_call(found)
        try:
            self._worker.send(_packed(found))
        except Dead:
            raise self._explain() from None

    def _read_on(self) -> None:
        """Wait for more of the answer, and read it."""
        try:
            self._worker.wait(self._deadline, self._gone)
            self._worker.read()
        except Dead:
            raise self._explain() from None
        except Late:
            raise self._late() from None

    def _comes_to_its_end(self) -> bool:
        """Tell whether a query that nobody waits for any more ends by itself, shortly.

        A new worker costs as much time, and has to read again what this one knows of the store.
        """
        until = time.monotonic() + _GRACE
        try:
            while True:
                while found := self._worker.take():
                    if found[0] in (frames.LAST, frames.FAULT):
                        return True
                    if found[0] == frames.KIND and not self._offers[found[1].decode()]:  # type: ignore[index]
                        return True
                self._worker.wait(until, stays)
                self._worker.read()
        except (Dead, Late):
            return False

    def _explain(self) -> errors.RequestFault:
        """Say why the worker died."""
        code, words = self._worker.kill()
        fault: errors.RequestFault
        if (
            code == -signal.SIGSYS or "oxhttp" in words
        ):  # it called out, or found no certificates to call with
            allowed = [each.iri for each in self._pool.services]
            self._why, fault = "service", errors.ServiceRefused("", allowed)
        elif code == -signal.SIGSEGV:
            self._why, fault = "depth", errors.TooDeep()
        elif "memory allocation of" in words or "MemoryError" in words:
            self._why, fault = "memory", errors.OutOfMemory(self._pool.limits.memory)
        elif code == -signal.SIGALRM:
            fault = self._late()
        else:
            self._why = "crash"
            fault = errors.EngineFault(
                f"The engine stopped (exit code {code}). The server goes on; try again."
            )
        return fault

    def _late(self) -> errors.TimedOut:
        self._why = "timeout"
        return errors.TimedOut(self._seconds)


def _fault(allowed: list[str], *, fault: str, message: str, **where: Any) -> errors.RequestFault:
    """Turn what the worker said into one of our faults."""
    if fault == "syntax":
        if not where:
            return errors.SyntaxFault(message)
        place = {"line": where["line"], "column": where["column"]}
        return errors.SyntaxFault(
            "Line %(line)s, column %(column)s: %(message)s", {**place, "message": message}, **where
        )
    if fault in {"service", "refused"}:
        return errors.ServiceRefused(message if fault == "refused" else "", allowed)
    if fault in _REMOTE:
        return _REMOTE[fault](where["endpoint"], message)
    if fault == "query":
        return errors.BadRequest("The query cannot be answered: %(message)s.", {"message": message})
    if fault == "merge":
        return errors.BadRequest(
            "The graphs that the request names hold more than %(most)s triples, and are not merged "
            "for one query. Name fewer or smaller ones; or none, which asks the merge of all graphs.",
            {"most": f"{int(message):,}"},
        )
    return errors.EngineFault(f"The store cannot be read: {message}.")


_REMOTE: Final = {
    "remote": errors.RemoteFault,
    "barred": errors.RemoteBarred,
    "late": errors.RemoteLate,
}
