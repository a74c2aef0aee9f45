"""What Prometheus reads: numbers that we count, numbers that others keep, and the text format (0.0.4)."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from server.operation.visits import Visit

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Labels = tuple[tuple[str, str], ...]
Sample = tuple[str, Labels, float]
"""What follows the family's name (``_bucket``), the labels and the value."""


@dataclass(frozen=True, slots=True)
class Family:
    """One metric with all its samples."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    samples: tuple[Sample, ...]


def gauge(name: str, explained: str, value: float, **labels: str) -> Family:
    """Return a metric of one sample that goes up and down."""
    return Family(name, "gauge", explained, (("", tuple(labels.items()), value),))


def counter(name: str, explained: str, value: float, **labels: str) -> Family:
    """Return a metric of one sample that only grows."""
    return Family(name, "counter", explained, (("", tuple(labels.items()), value),))


def counters(name: str, explained: str, label: str, values: Mapping[str, float]) -> Family:
    """Return a metric that only grows, with a sample for each value of a label."""
    samples = (("", ((label, key),), value) for key, value in sorted(values.items()))
    return Family(name, "counter", explained, tuple(samples))


def text(families: Iterable[Family]) -> str:
    r"""Write the families as Prometheus reads them.

    >>> print(text([counter("hits_total", "Answers from the cache.", 3, of='a "b"')]), end="")
    # HELP hits_total Answers from the cache.
    # TYPE hits_total counter
    hits_total{of="a \"b\""} 3
    """
    lines = []
    for family in families:
        lines += [f"# HELP {family.name} {_escaped(family.help)}", f"# TYPE {family.name} {family.kind}"]
        lines += [
            f"{family.name}{suffix}{_braced(labels)} {_number(value)}"
            for suffix, labels, value in family.samples
        ]
    return "\n".join(lines) + "\n"


def _braced(labels: Labels) -> str:
    inner = ",".join(f'{name}="{_escaped(value, quotes=True)}"' for name, value in labels)
    return f"{{{inner}}}" if inner else ""


def _escaped(value: str, *, quotes: bool = False) -> str:
    value = value.replace("\\", r"\\").replace("\n", r"\n")
    return value.replace('"', r"\"") if quotes else value


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "QUERY", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"})
"""Every other is counted as one: a stranger may not make us keep as many numbers as he can think of words."""

_BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper bounds of the histograms, in seconds."""


class Traffic:
    """The requests that were answered, counted as they end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        self._seconds: defaultdict[str, _Histogram] = defaultdict(_Histogram)
        self._queries: defaultdict[str, _Histogram] = defaultdict(_Histogram)
        self._broken: defaultdict[str, int] = defaultdict(int, client=0, server=0)
        self._sent = 0
        self._limited = 0
        self._running = 0

    def begin(self) -> None:
        """Count a request that has come."""
        with self._lock:
            self._running += 1

    def end(self, visit: Visit) -> None:
        """Count a request that is over."""
        note, method = visit.note, visit.method if visit.method in _METHODS else "other"
        route = note.route or "none"
        with self._lock:
            self._running -= 1
            self._requests[route, method, str(visit.status)] += 1
            self._seconds[route].observe(visit.seconds)
            if note.query and note.cache != "hit" and visit.status != 304:
                self._queries[note.kind or "none"].observe(visit.seconds)
            if visit.broken:
                self._broken[visit.broken] += 1
            self._limited += visit.status == 429
            self._sent += visit.sent

    def families(self) -> list[Family]:
        """Return what was counted until now."""
        with self._lock:
            requests = tuple(
                ("", (("route", route), ("method", method), ("status", status)), number)
                for (route, method, status), number in sorted(self._requests.items())
            )
            return [
                Family("cekg_requests_total", "counter", "Requests that are over.", requests),
                gauge("cekg_requests_running", "Requests that are being answered.", self._running),
                _timed(
                    "cekg_request_seconds",
                    "From the request to the end of its answer.",
                    "route",
                    self._seconds,
                ),
                _timed(
                    "cekg_query_seconds", "The same, of queries that were computed.", "kind", self._queries
                ),
                counter("cekg_sent_bytes_total", "Bytes of bodies that were sent.", self._sent),
                counters("cekg_broken_total", "Answers that broke off, by whose doing.", "by", self._broken),
                counter("cekg_limited_total", "Requests refused by the rate limit.", self._limited),
            ]


class _Histogram:
    """How many durations fell below each bound, and their sum."""

    def __init__(self) -> None:
        self._counts = [0] * (len(_BOUNDS) + 1)
        self._sum = 0.0

    def observe(self, seconds: float) -> None:
        self._counts[bisect_left(_BOUNDS, seconds)] += 1
        self._sum += seconds

    def samples(self, labels: Labels) -> Iterable[Sample]:
        sums = list(accumulate(self._counts))
        for bound, number in zip((*map(_number, _BOUNDS), "+Inf"), sums, strict=True):
            yield "_bucket", (*labels, ("le", bound)), number
        yield "_sum", labels, self._sum
        yield "_count", labels, sums[-1]


def _timed(name: str, explained: str, label: str, histograms: Mapping[str, _Histogram]) -> Family:
    samples = (sample for key, each in sorted(histograms.items()) for sample in each.samples(((label, key),)))
    return Family(name, "histogram", explained, tuple(samples))
