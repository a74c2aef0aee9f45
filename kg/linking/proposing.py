"""Proposing: each thing is asked for and its candidates are ranked; one that was not answered ends it all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.build import Progress
from kg.linking.asking import NotAnswered, NotCached
from kg.linking.candidates import Finder
from kg.linking.datasets import DataSet
from kg.linking.ranking import Proposal, rank
from kg.linking.things import Thing


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: proposals, the things that nothing was found for, and of how many candidates each.

    ``crowded`` are the things of whose candidates only the likeliest were looked at, and how many there were.
    """

    proposals: tuple[Proposal, ...]
    alone: tuple[Thing, ...]
    crowded: tuple[tuple[Thing, int], ...]


def propose(
    things: Iterable[Thing],
    find: Finder,
    data_set: DataSet,
    *,
    most: int,
    progress: Progress = lambda _: None,
) -> Outcome:
    """Ask for each of the things, and return the best candidates of each.

    Raises NotAnswered, or NotCached with all things whose answers are missing.
    """
    proposals, alone, crowded, missing = (
        list[Proposal](),
        list[Thing](),
        list[tuple[Thing, int]](),
        list[Thing](),
    )
    reason = ""
    for thing in things:
        progress(f"Asking for {thing.curie}")
        try:
            found = find(thing)
        except NotCached as fault:
            missing.append(thing)
            reason = str(fault)
            continue
        except NotAnswered as fault:
            raise NotAnswered(f"{thing.curie}: {fault} All answers so far are kept: run it again.") from fault
        ranked = rank(thing, found.candidates, data_set, most)
        proposals += ranked
        if not ranked:
            alone.append(thing)
        if found.of > len(found.candidates):
            crowded.append((thing, found.of))
    if missing:
        unknown = ", ".join(thing.curie for thing in missing)
        raise NotCached(f"{reason} Ask once without --offline for {unknown}.")
    return Outcome(tuple(proposals), tuple(alone), tuple(crowded))
