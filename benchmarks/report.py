"""What was measured, as tables in Markdown."""

from __future__ import annotations

import os
import platform
import statistics
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from benchmarks import load
from benchmarks.engines import ENGINES, OURS, OXIGRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.engines import Engine
    from benchmarks.generate import Size
    from benchmarks.load import Run
    from benchmarks.operation import Loading, Memory, Rest

AIMS: Final = ((10e-3, 0.95), (0.25e-3, 0.75), (0.0, 0.3))
"""A query that takes oxigraph so many seconds or more should reach this share of its throughput."""

REPEATED: Final = 5
"""Queries of about a millisecond should reach so many times its throughput, once their answer is kept."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to measure, and the servers that are there."""

    size: Size
    connections: int
    seconds: int
    rounds: int
    engines: tuple[Engine, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One query at one server: rows and seconds of an answer alone, then the load; or why there is none."""

    count: float | None = None
    seconds: float | None = None
    run: Run | None = None
    fault: str = ""

    def under(self, runs: Sequence[Run]) -> Cell:
        """Return the cell with the median of the rounds."""
        return replace(self, run=load.median(runs)) if runs else self


@dataclass(frozen=True, slots=True)
class Row:
    """One query at all servers; ``single`` is oxigraph's median latency on one connection, in seconds."""

    cells: dict[Engine, Cell]
    single: float | None

    @property
    def aim(self) -> float | None:
        """The share of oxigraph's throughput to reach."""
        if self.single is None:
            return None
        return next(share for least, share in AIMS if self.single >= least)

    def run(self, engine: Engine) -> Run | None:
        """Return what a server did under load, None where it answered nothing."""
        cell = self.cells.get(engine)
        return cell.run if cell and cell.run and cell.run.rate else None


@dataclass(frozen=True, slots=True)
class Again:
    """One text over and over; ``unchanged`` is the median latency of a 304 in seconds."""

    ours: Run
    peer: Run | None
    unchanged: float | None


def print_head(plan: Plan) -> None:
    """Print on what is measured, and with what."""
    size = plan.size
    print(
        f"{size.cities:,} cities, {size.articles:,} articles, {size.figures:,} figures: {size.quads:,} quads."
    )
    print(f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, ", end="")
    print(f"load before the run {os.getloadavg()[0]:.1f}; {plan.connections} connections, ", end="")
    print(f"medians of {plan.rounds} rounds of {plan.seconds} s or more.")
    print(", ".join(f"{engine.name} {engine.version()}".strip() for engine in plan.engines), end=".\n")
    for engine in ENGINES:
        if engine not in plan.engines:
            print(f"Without {engine.name}: {engine.missing() or 'left out by --only'}.")


def print_mix(rows: dict[str, Row], plan: Plan) -> None:
    """Print throughput, the sums over all queries, and latencies."""
    _print_throughput(rows, plan)
    _print_whole(rows, plan)
    _print_latencies(rows, plan)
    busiest = max(
        (run.client, title) for title, row in rows.items() for each in plan.engines if (run := row.run(each))
    )
    print(f"\nThe client took up to {busiest[0]:.0%} of one core ({busiest[1]}).")


def print_again_head(*, cached: bool) -> None:
    """Open the table of repeated questions."""
    ours = "runs with the cache that it has by default" if cached else "has no cache"
    print(f"\n### The same question again\n\nOne text of each query over and over; our server {ours}.\n")
    print("| query | ours (n) | oxigraph (n) | ratio | aim | 304, one connection, median |")
    print("|---|--:|--:|--:|--:|--:|", flush=True)


def print_again(title: str, again: Again, row: Row) -> None:
    """Print one line of it."""
    aim = str(REPEATED) if row.aim == AIMS[1][1] else ""
    unchanged = f"{again.unchanged * 1000:.2f} ms" if again.unchanged is not None else "no ETag"
    cells = (title, _rate(again.ours), _rate(again.peer), _ratio(again.ours, again.peer), aim, unchanged)
    print(f"| {' | '.join(cells)} |", flush=True)


def print_operation(loading: Loading, resting: Sequence[Rest], after: Memory) -> None:
    """Print loading, starting and resting."""
    ours = statistics.median(loading.ours)
    print("\n### Loading, starting, resting\n\n| what | median | aim |\n|---|--:|--:|")
    print(f"| publish a snapshot of {loading.quads:,} quads and their merge | {ours:.1f} s | |")
    if loading.peer:
        peer = statistics.median(loading.peer)
        print(f"| `oxigraph load` of the same files, and `optimize` | {peer:.1f} s | |")
        print(f"| ours / oxigraph | {ours / peer:.2f} | 1.1 |")
    print(
        f"| start to the first answer | {statistics.median(each.seconds for each in resting):.2f} s | 2 s |"
    )
    print(f"| memory of the parent at rest | {_megabytes(each.memory.parent for each in resting)} | 150 MB |")
    print(f"| memory of a worker at rest | {_megabytes(each.memory.worker for each in resting)} | 300 MB |")
    print(f"| memory of the parent after the mix | {_megabytes([after.parent])} | |")
    print(f"| memory of a worker after the mix | {_megabytes([after.worker])} | |")


def _print_throughput(rows: dict[str, Row], plan: Plan) -> None:
    print("\n### Throughput: answers in a second (n)\n")
    print(f"| query | rows | oxigraph, one at a time | {_names(plan)} | ours / oxigraph | aim |")
    print(f"|---|{'--:|' * (len(plan.engines) + 4)}")
    for title, row in rows.items():
        count = row.cells[OURS].count
        cells = (
            title,
            "" if count is None else f"{count:,.0f}",
            "" if row.single is None else f"{row.single * 1000:.2f} ms",
            *(_throughput(row.cells[engine], count) for engine in plan.engines),
            f"**{_ratio(row.run(OURS), row.run(OXIGRAPH))}**",
            "" if row.aim is None else f"{row.aim:g}",
        )
        print(f"| {' | '.join(cells)} |")


def _print_whole(rows: dict[str, Row], plan: Plan) -> None:
    """Print how ours stands to each peer over all queries that both answer."""
    print("\n### The mix as a whole\n")
    print("| ours / peer | queries | throughput, geometric mean | throughput, one of each query in turn |")
    print("|---|--:|--:|--:|")
    for engine in plan.engines:
        runs = [(row.run(OURS), row.run(engine)) for row in rows.values()]
        both = [(ours, peer) for ours, peer in runs if ours and peer]
        if engine is not OURS and both:
            mean = statistics.geometric_mean(ours.rate / peer.rate for ours, peer in both)
            turn = sum(1 / peer.rate for _, peer in both) / sum(1 / ours.rate for ours, _ in both)
            print(f"| {engine.name} | {len(both)} of {len(rows)} | {mean:.2f} | {turn:.2f} |")


def _print_latencies(rows: dict[str, Row], plan: Plan) -> None:
    print("\n### Latency under that load: median / p99 in ms\n")
    print(f"| query | {_names(plan)} | p99, ours / oxigraph | aim |")
    print(f"|---|{'--:|' * (len(plan.engines) + 2)}")
    for title, row in rows.items():
        ours, peer = row.run(OURS), row.run(OXIGRAPH)
        ratio = f"**{ours.p99 / peer.p99:.2f}**" if ours and peer and peer.p99 else ""
        print(
            f"| {title} | {' | '.join(_latency(row.run(engine)) for engine in plan.engines)} | {ratio} | 2 |"
        )


def _names(plan: Plan) -> str:
    return " | ".join(engine.name for engine in plan.engines)


def _throughput(cell: Cell, expected: float | None) -> str:
    if cell.run is None or cell.count is None or cell.seconds is None:
        return f"— ({cell.fault})"
    if not cell.run.rate:
        return f"— ({cell.seconds:.1f} s alone)"
    rows = "" if cell.count == expected else f", {cell.count:,.0f} rows"
    return f"{_rate(cell.run)}{rows}"


def _rate(run: Run | None) -> str:
    if run is None:
        return ""
    shown = f"{run.rate:,.0f}" if run.rate >= 10 else f"{run.rate:.1f}"
    failed = f", {run.failed:,} failed" if run.failed else ""
    return f"{shown} ({run.requests:,}{failed})"


def _ratio(ours: Run | None, peer: Run | None) -> str:
    return f"{ours.rate / peer.rate:.2f}" if ours and peer and peer.rate else ""


def _latency(run: Run | None) -> str:
    return f"{run.p50 * 1000:,.1f} / {run.p99 * 1000:,.1f}" if run else "—"


def _megabytes(sizes: Iterable[int]) -> str:
    return f"{statistics.median(sizes) / 1e6:.0f} MB"
