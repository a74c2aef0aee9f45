"""Grounding: each phrase of a fact is found in its article, and read as a value or a name.

A phrase that is absent, cut short, readable in two ways, or farther from its number than a rival is refused;
so is a number that two entries state, or that the article only expects.
"""

from __future__ import annotations

from dataclasses import replace

from kg.facts import Entry, FactFile
from kg.faults import Problems
from kg.grounding.doubts import check_nearest, check_new, check_sense
from kg.grounding.finding import Located, find_once, locate
from kg.grounding.meaning import understand
from kg.grounding.stating import STATE
from kg.lexicon import Lexicon
from kg.sources import Source
from kg.statements import Statement
from kg.yamlfile import Phrase

__all__ = ["find_once", "ground"]


def ground(facts: FactFile, source: Source, lexicon: Lexicon) -> list[Statement]:
    """Return what a fact file states.

    Raises DataFault with every phrase that is not in the article or cannot be understood, and with entries
    that state the same.
    """
    problems = Problems()
    statements: list[Statement] = []
    stated: list[Located] = []
    for entry in facts.entries:
        with problems.noting():
            located = locate(with_city(entry, facts.city), source, lexicon)
            check_new(located, stated)
            stated.append(located)
            statements.extend(_state(located))
    problems.settle()
    return statements


def _state(located: Located) -> list[Statement]:
    meanings = understand(located)
    check_sense(located, meanings)
    check_nearest(located, meanings)
    return list(STATE[located.entry.kind](located, meanings))


def with_city(entry: Entry, city: Phrase | None) -> Entry:
    if city is None or entry.kind == "within" or "city" in entry.phrases:
        return entry
    return replace(entry, phrases={"city": city, **entry.phrases})
