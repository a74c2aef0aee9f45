"""How fast the endpoint is, beside its peers: the same triples, the same queries, the same load, in one run.

    python -m benchmarks.engines      installs the peers, once
    python -m benchmarks.endpoint     measures, and prints tables in Markdown

The servers are asked in turn, query by query and round by round, so that what else the machine does falls on
all alike. Nothing is asserted, since machines differ and are noisy.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import engines, load, operation, report
from benchmarks.engines import OURS, OXIGRAPH, Engine, Running
from benchmarks.generate import Size, quads
from benchmarks.load import NoAnswer, Run
from benchmarks.mix import mix
from benchmarks.report import Again, Cell, Plan, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.mix import Query

_SAMPLES = 3
_SLOW = 1.0
"""A server that takes longer for one answer, in seconds, is driven for one round only."""
_LONGEST = 30
"""Seconds of that round at most."""


def main() -> None:
    """Measure everything and print it."""
    plan = _plan()
    load.require_wrk()
    os.environ.pop("CEKG_SNAPSHOTS", None)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        _measure(plan, Path(folder))
    print(f"\nThe run took {(time.monotonic() - began) / 60:.0f} minutes.")


def _plan() -> Plan:
    names = [engine.name for engine in engines.ENGINES]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.endpoint", description="Measure the endpoint."
    )
    parser.add_argument("--cities", type=int, default=1_000, help="a thousand triples each [%(default)s]")
    parser.add_argument("--connections", type=int, default=4, help="requests at once [%(default)s]")
    parser.add_argument("--seconds", type=int, default=1, help="of load in each round [%(default)s]")
    parser.add_argument("--rounds", type=int, default=3, help="whose median is taken [%(default)s]")
    parser.add_argument("--only", default=",".join(names), help="servers, with commas between [%(default)s]")
    given = parser.parse_args()
    only = {OURS.name, *given.only.split(",")}
    if only - set(names):
        parser.error(f"--only: there is no {', '.join(sorted(only - set(names)))}.")
    present = tuple(engine for engine in engines.ENGINES if engine.name in only and not engine.missing())
    return Plan(Size(given.cities), given.connections, given.seconds, given.rounds, present)


def _measure(plan: Plan, work: Path) -> None:
    report.print_head(plan)
    _say("generating")
    data, loading = operation.load_in_turn(
        quads(plan.size), work, rounds=plan.rounds, peer=OXIGRAPH in plan.engines
    )
    resting = [operation.rest(OURS, data) for _ in range(plan.rounds)]
    queries = mix(plan.size)
    with ExitStack() as stack:
        running = {engine: stack.enter_context(_started(engine, data)) for engine in plan.engines}
        _warm(queries, running, plan)
        rows = {query.title: _row(query, running, plan) for query in queries}
        after = operation.memory(running[OURS].pid)
    report.print_mix(rows, plan)
    _again(queries, data, plan, rows)
    report.print_operation(loading, resting, after)


def _started(engine: Engine, data: engines.Data) -> engines.Lifetime:
    _say(f"starting {engine.name}")
    return engine.running(data)


# The mix


def _warm(queries: Sequence[Query], running: dict[Engine, Running], plan: Plan) -> None:
    """Load those that need it with the queries of the mix, the export left out."""
    for engine, server in running.items():
        for query in queries[:-1] if engine.warm else ():
            seconds = engine.warm / (len(queries) - 1)
            load.drive(server.endpoint, query, query.texts, connections=plan.connections, seconds=seconds)


def _row(query: Query, running: dict[Engine, Running], plan: Plan) -> Row:
    """Ask every server alone, then load one after the other, round by round; the first round warms up."""
    _say(query.title)
    cells = {engine: _alone(query, server) for engine, server in running.items()}
    runs: dict[Engine, list[Run]] = {engine: [] for engine in running}
    for number in range(plan.rounds + 1):
        for engine, server in running.items():
            if length := _length(cells[engine], plan, number):
                run = load.drive(
                    server.endpoint, query, query.texts, connections=plan.connections, seconds=length
                )
                runs[engine].append(run)
                _settle(cells[engine])
    rows = {engine: cell.under(runs[engine][1:] or runs[engine]) for engine, cell in cells.items()}
    return Row(rows, _single(query, running.get(OXIGRAPH), cells.get(OXIGRAPH)))


def _settle(cell: Cell) -> None:
    """Let a server finish what it was asked when the load ended: not every one notices that nobody waits."""
    time.sleep(0.1 + 2 * (cell.seconds or 0))


def _length(cell: Cell, plan: Plan, number: int) -> float:
    """Return for how many seconds to drive a server in a round; 0 not at all.

    Long enough for some dozens of answers; who takes seconds for one is driven once, and longer.
    """
    if cell.seconds is None:
        return 0
    if cell.seconds > _SLOW:
        return 0 if number else min(3 * plan.connections * cell.seconds, _LONGEST)
    if number == 0:
        return 1
    enough, most = 20 * cell.seconds, max(3 * plan.seconds, 2 * plan.connections * cell.seconds)
    return min(max(plan.seconds, enough), most)


def _single(query: Query, peer: Running | None, cell: Cell | None) -> float | None:
    """Return the median latency on one connection that stays open, which is the time of the engine."""
    if not peer or not cell or cell.seconds is None:
        return None
    length = min(max(1, 4 * cell.seconds), _LONGEST)
    return load.drive(peer.endpoint, query, query.texts, connections=1, seconds=length).p50 or cell.seconds


def _alone(query: Query, server: Running) -> Cell:
    texts = [query.texts[number % len(query.texts)] for number in range(_SAMPLES)]
    try:
        samples = [load.ask(server.endpoint, query, text) for text in texts]
    except NoAnswer as fault:
        return Cell(fault=str(fault))
    return Cell(
        count=sum(sample.count for sample in samples) / _SAMPLES,
        seconds=min(sample.seconds for sample in samples),
    )


# The same question again


def _again(queries: Sequence[Query], data: engines.Data, plan: Plan, rows: dict[str, Row]) -> None:
    """Ask one text over and over, of ours as it is by default, and whether the answer is still the same."""
    report.print_again_head(cached=engines.caches())
    with ExitStack() as stack:
        ours = stack.enter_context(engines.AS_IT_IS.running(data))
        peer = stack.enter_context(OXIGRAPH.running(data)) if OXIGRAPH in plan.engines else None
        for query in queries:
            _say(f"again: {query.title}")
            report.print_again(query.title, _repeated(query, ours, peer, plan), rows[query.title])


def _repeated(query: Query, ours: Running, peer: Running | None, plan: Plan) -> Again:
    text = query.texts[:1]
    first = load.ask(ours.endpoint, query, *text)
    seconds = min(max(1, 4 * first.seconds), _LONGEST)
    at_ours, at_peer = [], []
    for _ in range(plan.rounds):
        at_ours.append(load.drive(ours.endpoint, query, text, connections=plan.connections, seconds=seconds))
        if peer:
            at_peer.append(
                load.drive(peer.endpoint, query, text, connections=plan.connections, seconds=seconds)
            )
    unchanged = None
    time.sleep(1)
    if first.etag:
        unchanged = load.drive(ours.endpoint, query, text, connections=1, seconds=1, etag=first.etag).p50
    return Again(load.median(at_ours), load.median(at_peer) if at_peer else None, unchanged)


def _say(what: str) -> None:
    sys.stderr.write(f"{what}\n")


if __name__ == "__main__":
    main()
