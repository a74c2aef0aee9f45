"""Meaning: each phrase that was found, read as a value or a name; never one cut out of a longer phrase."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from kg.faults import DataFault, Problems
from kg.grounding.finding import Located, named, readable
from kg.grounding.keys import KEYS, NUMBER_KEYS, Reader
from kg.lexicon import UnknownName
from kg.readers import (
    Unreadable,
    read_ahead,
    read_change,
    read_period,
    read_rank,
)
from kg.spans import Span
from kg.yamlfile import Phrase


def understand(located: Located) -> dict[str, Any]:
    """Return the meaning of each phrase by its key; raises DataFault with all that have none, or two."""
    problems = Problems()
    meanings: dict[str, Any] = {}
    for key, phrase in located.entry.phrases.items():
        with problems.noting():
            meanings[key] = _read(located, key, phrase, located.spans[key])
    meanings["members"] = []
    for phrase, span in zip(located.entry.members, located.members, strict=True):
        with problems.noting():
            meanings["members"].append(_read(located, "member", phrase, span))
    problems.settle()
    return meanings


def _read(located: Located, key: str, phrase: Phrase, span: Span) -> Any:
    """Return the IRI that a phrase names, or the value that it says."""
    try:
        meaning = (
            located.lexicon.resolve(phrase.text, KEYS[key].kind)
            if KEYS[key].kind
            else _reader(located, KEYS[key].reader)(phrase.text)
        )
    except (UnknownName, Unreadable) as error:
        raise DataFault.at(located.entry.file, phrase.line, str(error)) from error
    advice = _cut_from(located, key, span, meaning)
    if advice:
        raise DataFault.at(located.entry.file, phrase.line, advice)
    return meaning


def _reader(located: Located, reader: Reader) -> Reader:
    return partial(reader, published=located.source.published) if reader is read_period else reader


def _cut_from(located: Located, key: str, span: Span, meaning: Any) -> str:
    """Return what is wrong with a phrase that was cut out of a longer one that says something else."""
    sentence = located.source.sentences_of(span)
    longer = _longer_names if KEYS[key].kind else _longer_readings
    for other, sense in longer(located, key, sentence):
        if other.touches(span) and not span.holds(other) and sense != meaning:
            return f"The article says “{other.of(located.source.text)}” here. Quote the whole phrase."
    for reader in _OTHER_SENSES if key in NUMBER_KEYS else ():
        for other, _ in readable(located, reader, sentence) if reader is not KEYS[key].reader else ():
            if other.holds(span) and not _MADE_UP.search(located.source.text, 0, other.start + 2):
                words = other.of(located.source.text)
                return f"The article says “{words}” here, which is {_OTHER_SENSES[reader]} and no {key}."
    return ""


_OTHER_SENSES: Mapping[Reader, str] = {
    read_change: "a change",
    read_period: "a period",
    read_rank: "a rank",
    read_ahead: "a lead over a schedule",
}


_MADE_UP = re.compile(r"\bma(?:de|kes?|king) up\Z")


def _longer_readings(located: Located, key: str, stretch: Span) -> list[tuple[Span, Any]]:
    return readable(located, KEYS[key].reader, stretch)


def _longer_names(located: Located, key: str, stretch: Span) -> list[tuple[Span, Any]]:
    return named(located, _FAMILIES.get(KEYS[key].kind, KEYS[key].kind), stretch, hidden=True)


_FAMILIES = {
    **dict.fromkeys(("city", "region", "city or region", "region or country"), "place"),
    **dict.fromkeys(("industry", "group", "system"), "activity"),
}
"""Kinds → the wider kind that holds the names that theirs may be a part of."""
