"""What operating costs: publishing a snapshot, starting on it, resting."""

from __future__ import annotations

import re
import shutil
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import engines
from benchmarks.engines import Data
from kg import quads, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from benchmarks.engines import Engine


@dataclass(frozen=True, slots=True)
class Loading:
    """Seconds to publish a snapshot, and for oxigraph to load the same files, of each round."""

    quads: int
    ours: tuple[float, ...]
    peer: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory in bytes: of the server with all that is no worker, and of its largest worker."""

    parent: int
    worker: int


@dataclass(frozen=True, slots=True)
class Rest:
    """A server that has just started: the seconds until its first answer, and its memory then."""

    seconds: float
    memory: Memory


def load_in_turn(nquads: Iterable[bytes], work: Path, *, rounds: int, peer: bool) -> tuple[Data, Loading]:
    """Publish a snapshot, and let the peer load the same files into a store of its own, in turn."""
    root, data, triples = work / "snapshots", work / "data" / "sorted.nq", work / "data" / "merged.nt"
    triples.parent.mkdir()
    with data.open("wb") as file:
        file.writelines(quads.sort(nquads, data.parent))
    _write_merged(data, triples)
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(rounds):
        sys.stderr.write(f"loading, round {number + 1}\n")
        shutil.rmtree(root, ignore_errors=True)
        with _timing(ours), data.open("rb") as lines:
            current = snapshot.publish(root, nquads=lines, files={}, about={})
        if peer:
            with _timing(theirs):
                engines.load_by_oxigraph(work / "peer", current.folder / "data.nq", triples)
            shutil.rmtree(work / "peer")
    loading = Loading(current.manifest["quads"], tuple(ours), tuple(theirs))
    return Data(root, current.store, triples, work), loading


def rest(engine: Engine, data: Data) -> Rest:
    """Start a server, and look at it when it has answered once and done nothing for a second."""
    start = time.perf_counter()
    with engine.running(data) as server:
        seconds = time.perf_counter() - start
        time.sleep(1)
        return Rest(seconds, memory(server.pid))


def memory(pid: int) -> Memory:
    """Return what a server and its workers hold; zero where the system has no /proc to tell."""
    processes = {each: _resident(each) for each in _family(pid)}
    workers = {each for each in processes if re.search(r"\bworker\b", _command(each))}
    return Memory(
        parent=sum(size for each, size in processes.items() if each not in workers),
        worker=max((processes[each] for each in workers), default=0),
    )


def _write_merged(data: Path, path: Path) -> None:
    """Write the triples of all graphs once, which is what our default graph holds."""
    with data.open("rb") as lines, path.open("wb") as file:
        file.writelines(triple for triple, _ in groupby(map(quads.triple, lines)))


@contextmanager
def _timing(seconds: list[float]) -> Iterator[None]:
    """Add how long something takes."""
    start = time.perf_counter()
    yield
    seconds.append(time.perf_counter() - start)


def _family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(each) for file in threads for each in file.read_text().split()]
    return [pid, *(each for child in children for each in _family(child))]


def _resident(pid: int) -> int:
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")), 0)


def _command(pid: int) -> str:
    path = Path(f"/proc/{pid}/cmdline")
    return path.read_text() if path.exists() else ""
