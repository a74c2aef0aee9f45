"""One server with small limits for everything hostile, and an ordinary client that never stops asking."""

import ctypes
import os
import resource
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.protocol.wire import Live, serving
from tests.told import tell

TIMEOUT, WORKERS, MEMORY = 1, 2, 256
"""Seconds, processes, and megabytes of each."""

PATIENCE = TIMEOUT + 5
"""Seconds within which the ordinary query must be answered: its turn may come after one that is stopped."""


@dataclass
class Tally:
    """What was sent, and how the ordinary client fared, for the summary of the run."""

    queries: int = 0
    answers: int = 0
    times: list[float] = field(default_factory=list)


TALLY = Tally()


@pytest.fixture(scope="session")
def server(snapshots: Path) -> Iterator[Live]:
    limits = {"timeout": TIMEOUT, "workers": WORKERS, "memory": MEMORY, "wait": PATIENCE}
    with serving(snapshots, **limits) as server:
        for number in range(20):
            assert _ordinary(server, number)
        yield server
        assert not server.stumbled()


@pytest.fixture
def unharmed(server: Live) -> Iterator[Live]:
    """The server, which must be the same process, with its memory and its files, after the test as before."""
    before = _weight(server)
    yield server
    assert server.process.poll() is None
    until = time.monotonic() + 10
    while (after := _weight(server)).exceeds(before) and time.monotonic() < until:
        time.sleep(0.2)
    assert not after.exceeds(before), f"before: {before}, after: {after}"


@dataclass(frozen=True)
class _Weight:
    """Megabytes that the server and its workers hold, its open files, and its threads."""

    server: int
    workers: int
    files: int

    def exceeds(self, other: "_Weight") -> bool:
        return (
            self.server > other.server + 40
            or self.workers > other.workers + 40
            or self.files > other.files + 10
        )


def _weight(server: Live) -> _Weight:
    pid = server.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for task in Path(f"/proc/{pid}/task").iterdir():  # a worker is the child of the thread that started it
        children += task.joinpath("children").read_text().split()
    workers = sum(_resident(int(child)) for child in set(children))
    return _Weight(_resident(pid), workers, len(list(Path(f"/proc/{pid}/fd").iterdir())))


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize() // 2**20
    except (FileNotFoundError, ProcessLookupError):
        return 0


@contextmanager
def ordinary_client(server: Live) -> Iterator[list[tuple[bool, float]]]:
    """Ask an ordinary query all the while; give whether each was answered, and in how many seconds."""
    found: list[tuple[bool, float]] = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.wait(0.02) or len(found) < _LEAST:
            begun = time.monotonic()
            answered = _ordinary(server, len(TALLY.times) + len(found))
            found.append((answered, time.monotonic() - begun))

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield found
    finally:
        ended.set()
        asking.join()
        TALLY.times += [seconds for _, seconds in found]


_LEAST = 5
"""So often the ordinary client asks, however soon it is over."""


def _ordinary(server: Live, number: int) -> bool:
    """Ask what a cache has not seen; tell whether the answer is right."""
    try:
        answer = server.ask(
            f"SELECT ?label {{ city:harbin rdfs:label ?label }} # {number} {time.monotonic()}"
        )
    except OSError:
        return False
    return answer.status == 200 and len(answer.json()["results"]["bindings"]) == 2


@pytest.fixture(scope="session")
def trap() -> Iterator[socket.socket]:
    """A socket that waits for a call that must not come."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        listener.setblocking(False)
        yield listener


@dataclass(frozen=True)
class Watched:
    """A file, and the kernel's word on whether anybody opened it."""

    path: Path
    _descriptor: int

    def was_opened(self) -> bool:
        try:
            return bool(os.read(self._descriptor, 4096))
        except BlockingIOError:
            return False


@pytest.fixture(scope="session")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A file of RDF that must not be opened."""
    path = tmp_path_factory.mktemp("secret") / "secret.ttl"
    path.write_text('<x:secret> <x:is> "told" .\n')
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "inotify_init1"):
        pytest.skip("This system does not tell who opens a file (inotify).")
    descriptor = libc.inotify_init1(os.O_NONBLOCK)
    assert libc.inotify_add_watch(descriptor, str(path).encode(), _OPENED) >= 0
    yield Watched(path, descriptor)
    os.close(descriptor)


_OPENED = 0x20 | 0x01
"""IN_OPEN, IN_ACCESS (inotify(7))."""


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not TALLY.times:
        return
    median, most = statistics.median(TALLY.times), max(TALLY.times)
    tell(
        session,
        f"hostile: {TALLY.queries} queries, {TALLY.answers} answers, the ordinary query took at most "
        f"{most * 1000:.0f} ms (median {median * 1000:.0f} ms, asked {len(TALLY.times)} times)",
    )
