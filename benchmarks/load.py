"""Load, and what came of it: wrk drives a server, so that the client is not what is measured."""

from __future__ import annotations

import csv
import http.client
import json
import math
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.mix import Query

PATIENCE = 60
"""Seconds after which a server counts as giving no answer."""


@dataclass(frozen=True, slots=True)
class Run:
    """What wrk counted: answers, those a second, failures, latencies in seconds, its own part of a core."""

    requests: int
    rate: float
    failed: int
    p50: float
    p99: float
    client: float


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer, asked for alone: its rows, triples or truths, the seconds that it took, and its ETag."""

    count: int
    seconds: float
    etag: str | None


class NoAnswer(Exception):
    """The server answered with a fault, too late, or in a form that cannot be read."""


def require_wrk() -> None:
    """End the program with what to do when there is no wrk."""
    if not shutil.which("wrk"):
        sys.exit("The load comes from wrk, which is not installed. Debian and Ubuntu: apt-get install wrk.")


def drive(
    endpoint: str,
    query: Query,
    texts: Sequence[str],
    *,
    connections: int,
    seconds: float,
    etag: str | None = None,
) -> Run:
    """Send the texts in turn over some connections for some whole seconds, with ``etag`` as If-None-Match."""
    with tempfile.NamedTemporaryFile("w", suffix=".paths") as file:
        file.writelines(f"{query.path(endpoint, text)}\n" for text in texts)
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{math.ceil(seconds)}s", f"--timeout={PATIENCE}s"]
        script = ["-s", str(Path(__file__).with_suffix(".lua")), endpoint, "--", file.name, query.accept]
        before = _processor()
        done = subprocess.run(
            [*command, *script, *([etag] if etag else [])], check=True, capture_output=True, text=True
        )
        spent = _processor() - before
    result = json.loads(done.stdout.partition("RESULT ")[2])
    answered, took = result["requests"] - result["refused"], result["micros"] / 1e6
    failed = result["refused"] + result["broken"]
    return Run(answered, answered / took, failed, result["p50"] / 1e6, result["p99"] / 1e6, spent / took)


def _processor() -> float:
    """Return the processor time of the children that have ended: wrk, since servers run on."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def median(runs: Sequence[Run]) -> Run:
    """Return the medians of the rounds, and the sums of what was counted."""
    return Run(
        sum(run.requests for run in runs),
        statistics.median(run.rate for run in runs),
        sum(run.failed for run in runs),
        statistics.median(run.p50 for run in runs),
        statistics.median(run.p99 for run in runs),
        max(run.client for run in runs),
    )


def ask(endpoint: str, query: Query, text: str) -> Sample:
    """Ask once over a connection of its own; raises NoAnswer."""
    address = urlsplit(endpoint)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=PATIENCE)
    start = time.perf_counter()
    try:
        connection.request("GET", query.path(endpoint, text), headers={"Accept": query.accept})
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer(str(error)) from error
    finally:
        connection.close()
    seconds = time.perf_counter() - start
    if response.status != 200:
        raise NoAnswer(f"status {response.status}")
    media_type = response.headers.get_content_type()
    return Sample(_count(body, media_type), seconds, response.headers["ETag"])


def _count(body: bytes, media_type: str) -> int:
    """Count rows, different triples, or truth, so that two servers can be held against each other."""
    try:
        if media_type == "text/csv":
            return sum(1 for _ in csv.reader(body.decode().splitlines(keepends=True))) - 1
        if form := ox.RdfFormat.from_media_type(media_type):
            return len({quad.triple for quad in ox.parse(body, format=form)})
        results = ox.parse_query_results(body, format=ox.QueryResultsFormat.from_media_type(media_type))
        return int(bool(results)) if isinstance(results, ox.QueryBoolean) else sum(1 for _ in results)
    except (SyntaxError, ValueError, TypeError) as error:
        raise NoAnswer(f"{media_type} that is none") from error
