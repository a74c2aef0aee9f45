"""What ``kg link`` does: the one place where things, an address, the ranking and the table meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from rdflib import Graph

from kg import build, links
from kg.build import Progress
from kg.linking import datasets, endpoint, proposals, proposing, service
from kg.linking.asking import Asker, Manners, cache_folder
from kg.linking.candidates import Finder
from kg.linking.kinds import USUAL
from kg.linking.things import Thing, chosen, read_things

Reader = Callable[[], Mapping[str, Thing]]
"""Reads all that may be linked, by curies: it takes a second or two, and some faults are seen before."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the options of the command say."""

    out: Path
    kinds: tuple[str, ...]
    data_set: str
    endpoint: str | None
    reconcile: str | None
    most: int
    offline: bool
    refresh: bool
    timeout: float
    pause: float


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it; without an outcome, there was nothing to ask for."""

    wish: Wish
    data_set: datasets.DataSet
    outcome: proposing.Outcome | None = None
    rows: tuple[links.Link, ...] = ()


def propose(
    curies: Sequence[str],
    wish: Wish,
    folder: Path,
    things: Reader,
    progress: Progress = lambda _: None,
) -> Result:
    """Ask for candidates and write the table of proposals; ``folder`` holds the tables of links.

    Raises Fault before anything is written.
    """
    proposals.check_place(wish.out, folder)
    tables = links.read_folder(folder)
    prefixes = {prefix: space for table in tables for prefix, space in table.prefixes.items()}
    data_set = datasets.find_data_set(wish.data_set, prefixes)
    find = _finder(wish, data_set, progress)
    wanted = chosen(things(), curies, wish.kinds or USUAL, data_set.space)
    if not wanted:
        return Result(wish, data_set)
    outcome = proposing.propose(wanted, find, data_set, most=wish.most, progress=progress)
    if not outcome.proposals:
        return Result(wish, data_set, outcome)
    today = datetime.now(UTC).date()
    return Result(wish, data_set, outcome, proposals.write(wish.out, outcome.proposals, data_set, today))


def things_of(folders: build.Folders, progress: Progress = lambda _: None) -> dict[str, Thing]:
    """Return all that may be linked; where things lie is known from the facts."""
    everything = Graph()
    for graph in build.assemble(folders, progress).graphs.values():
        everything += graph
    return read_things(everything)


def _finder(wish: Wish, data_set: datasets.DataSet, progress: Progress) -> Finder:
    manners = replace(Manners(), timeout=wish.timeout, pause=wish.pause)
    asker = Asker(cache_folder(), manners, offline=wish.offline, refresh=wish.refresh, progress=progress)
    if wish.reconcile:
        at = datasets.check_address(wish.reconcile)
        return partial(service.find, data_set=data_set, address=at, asker=asker)
    address = wish.endpoint or data_set.endpoint
    if not address:
        said = f"Nobody knows an endpoint of {data_set.prefix}. Give one by --endpoint, or a service by"
        raise datasets.UnknownDataSet(f"{said} --reconcile.")
    return partial(endpoint.find, data_set=data_set, endpoint=datasets.check_address(address), asker=asker)
