"""The state of the running server, read when somebody asks: workers, cache, snapshot, process."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from server.operation.metrics import Family, counter, counters, gauge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.app import Server
    from server.sparql.engine import Workforce

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


def health(server: Server) -> tuple[dict[str, Any], int]:
    """Return what /health says, and the status: 503 where no query can be answered, now or soon.

    Busy is not unready: a server that is taken out because it has work passes the work on to the next.
    """
    snapshot = server.catalog.snapshot
    ready = server.engine.workforce().workers > 0
    state = {"status": "ok" if ready else "no worker"}
    return {**state, "snapshot": snapshot.id, "quads": snapshot.manifest["quads"]}, 200 if ready else 503


def families(server: Server) -> list[Family]:
    """Return every metric of the server."""
    return [
        *server.traffic.families(),
        *_of_workers(server.engine.workforce()),
        *_of_calls(server),
        *_of_cache(server),
        *_of_snapshot(server),
        *_of_process(server),
    ]


def _of_workers(force: Workforce) -> Iterable[Family]:
    yield gauge("cekg_workers", "Worker processes that live.", force.workers)
    yield gauge("cekg_workers_busy", "Workers with a query.", force.busy)
    yield gauge("cekg_queries_waiting", "Queries that wait for a worker.", force.waiting)
    yield gauge("cekg_workers_resident_bytes", "Memory of all workers.", sum(map(_resident, force.pids)))
    yield counters("cekg_kills_total", "Workers that were stopped or died, by reason.", "reason", force.kills)
    yield counter("cekg_queries_rejected_total", "Queries for which no worker came free.", force.rejected)


def _of_calls(server: Server) -> Iterable[Family]:
    said = "Calls of other endpoints, by what they came to."
    yield counters("cekg_calls_total", said, "outcome", server.record.calls)


def _of_cache(server: Server) -> Iterable[Family]:
    cache = server.engine.cache
    yield counter("cekg_cache_hits_total", "Queries that were answered from memory.", server.record.hits)
    yield counter("cekg_cache_misses_total", "Queries that had to be computed.", server.record.misses)
    yield gauge("cekg_cache_answers", "Answers in memory.", len(cache))
    yield gauge("cekg_cache_bytes", "Memory of these.", cache.size)


def _of_snapshot(server: Server) -> Iterable[Family]:
    snapshot = server.catalog.snapshot
    version = str(snapshot.manifest.get("version", ""))
    yield gauge("cekg_snapshot_info", "The snapshot that is served.", 1, id=snapshot.id, version=version)
    yield gauge("cekg_snapshot_quads", "Quads of the snapshot.", snapshot.manifest["quads"])


def _of_process(server: Server) -> Iterable[Family]:
    yield gauge(
        "cekg_build_info",
        "What runs.",
        1,
        version=_version("city-economy-kg"),
        pyoxigraph=_version("pyoxigraph"),
        python=platform.python_version(),
    )
    if server.log:
        yield counter("cekg_log_dropped_total", "Lines of the log that nobody took.", server.log.dropped)
    yield counter(
        "process_cpu_seconds_total", "Processor time of the server, without workers.", sum(os.times()[:2])
    )
    yield gauge(
        "process_resident_memory_bytes", "Memory of the server, without workers.", _resident(os.getpid())
    )


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:  # a checkout that is not installed
        return "unknown"


def _resident(pid: int) -> int:
    """Return the bytes of memory that a process holds; 0 where it is gone, or the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0
