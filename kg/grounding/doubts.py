"""Doubts: what a careful reader would object to, though each phrase by itself is found and understood.

A number that stands for two facts, one that is expected rather than stated, and a name that is farther from
its number than another of its kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kg.facts import FIGURE_KEYS, Entry
from kg.faults import DataFault, Problem, Problems
from kg.grounding.finding import Located, named, readable
from kg.grounding.keys import KEYS, SHARED_KEYS
from kg.readers import (
    Unit,
)
from kg.spans import Span

_RIVALRY = {
    "city": "quote",
    "industry": "quote",
    "metric": "quote",
    "period": "sentence",
    "reported by": "sentence",
    "share of": "sentence",
    "among": "sentence",
    "status": "sentence",
    "system": "quote",
}
"""Keys whose phrase must be the nearest of its kind → the stretch in which another name is noticed."""

_RIVALS_OF = {
    "metric": ("city", "industry", "metric", "period", "reported by", "share of", "among"),
    "policy": ("city", "period", "status"),
    "system": ("city", "system"),
    "capital of": ("city",),
    "within": (),
}
"""What an entry is about → its keys that may have a rival."""


def check_new(located: Located, stated: list[Located]) -> None:
    """Refuse an entry that comes twice, and a number that stands for two facts."""
    entry, problems = located.entry, Problems()
    for other in stated:
        if _says(entry) == _says(other.entry):
            raise DataFault([located.problem("quote", f"The same entry stands on line {other.entry.line}.")])
        for key, span in located.numbers.items():
            if any(span.touches(used) for used in other.numbers.values()):
                problems.append(_stated_already(located, key, f"on line {other.entry.line}"))
    for key, span in located.numbers.items():
        if any(span.touches(used) for other, used in located.numbers.items() if other != key):
            problems.append(_stated_already(located, key, "in the same entry"))
    problems.settle()


def _stated_already(located: Located, key: str, where: str) -> Problem:
    words = located.spans[key].of(located.source.text)
    return located.problem(key, f"“{words}” is stated {where} already: one number, one fact.")


def _says(entry: Entry) -> tuple[object, ...]:
    phrases = {key: phrase.text for key, phrase in entry.phrases.items()}
    return entry.quote.text, phrases, [member.text for member in entry.members]


def check_sense(located: Located, meanings: Mapping[str, Any]) -> None:
    """Refuse a number that is expected rather than stated, or paired with names by the order of two lists."""
    problems = Problems()
    for key, span in located.numbers.items():
        ahead = _before_it(located, span)
        if key != "target" and (outlook := _OUTLOOK.search(ahead)):
            problems.append(located.problem(key, f"“{outlook[0]}”: this is no {key} that was reached."))
    if located.numbers and _BY_ORDER.search(located.sentence.of(located.source.text)):
        problems.append(located.problem("quote", "“respectively” pairs by order, which is not read."))
    if "growth" in meanings and meanings["growth"].quantity.unit not in _RATES:
        problems.append(located.problem("growth", "A growth is in percent; this is an amount."))
    for part, whole in _APART:
        if part in meanings and meanings[part] == meanings.get(whole):
            problems.append(located.problem(part, f"“{part}” and “{whole}” name the same thing."))
    problems.settle()


_RATES = (Unit.PERCENT, Unit.PERCENTAGE_POINT)
_APART = (("share of", "metric"), ("among", "city"), ("within", "place"))
_BY_ORDER = re.compile(r"\brespectively\b", re.IGNORECASE)
_OUTLOOK = re.compile(
    r"\b(?:(?:expected|projected|forecast|forecasted|predicted|planned|scheduled|estimated|likely|set) to"
    r"|(?:plan|aim|strive|hope|intend|seek|fail|failed|failing)s? to|(?:planning|aiming|striving|hoping) to"
    r"|will|would|should|could|might|(?:goal|target|aim|objective)s? of"
    r"|not(?! (?:only|more|less|fewer|exceeding)\b))\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r", (?:which|who|where)\b[^,]*,")
_NEW_CLAUSE = re.compile(
    r"[;:]|\bwhile\b|(?:\b(?:and|but)|,) (?:it |they |its )?(?:has|have|had|was|were|\w+ed|rose|fell|grew)\b"
)


def _before_it(located: Located, span: Span) -> str:
    """Return the clause of a number as far as the number, without asides."""
    words = Span(located.sentence.start, span.start).of(located.source.text)
    return _NEW_CLAUSE.split(_ASIDE.sub(",", words))[-1]


def check_nearest(located: Located, meanings: Mapping[str, Any]) -> None:
    """Refuse a name when the text has another of its kind nearer to the number, or one that was left out."""
    problems = Problems()
    for key in _RIVALS_OF[located.entry.kind]:
        with problems.noting():
            _check_rivals(located, key, meanings)
    with problems.noting():
        _check_members(located, meanings)
    with problems.noting():
        _check_kind(located, meanings)
    problems.settle()


def _check_rivals(located: Located, key: str, meanings: Mapping[str, Any]) -> None:
    scope, span = located.scope(_RIVALRY[key]), located.spans.get(key)
    if span is None:
        rivals = _mentions(located, key, scope) if key in SHARED_KEYS and key != "city" else []
        advice = f"The {_RIVALRY[key]} names {{}}: add “{key}”."
    else:
        known = (meanings[key], meanings.get("city") if key == "among" else None)
        rivals = [
            (other, meaning)
            for other, meaning in _mentions(located, key, _around(located, scope, span))
            if meaning not in known and _is_nearer(located, key, other)
        ]
        advice = f"{{}} stands nearer to the number than this {key}. Take it, or shorten the quote."
    if rivals:
        words = f"“{rivals[-1][0].of(located.source.text)}”"
        raise DataFault([located.problem(key, advice.format(words))])


def _around(located: Located, scope: Span, span: Span) -> Span:
    """Return where rivals of a name are looked for: as far as the name itself, but not behind it."""
    if scope.holds(span):
        return scope
    return located.sentence if located.sentence.holds(span) else Span(span.end, scope.end)


def _is_nearer(located: Located, key: str, other: Span) -> bool:
    """Whether a rival is as near to a number of the entry, or in the quote where the chosen name is not."""
    span, scope = located.spans[key], located.scope(_RIVALRY[key])
    if scope.holds(other) and not scope.holds(span):
        return True
    text = located.source.text
    return any(
        _distance(other, anchor, text) <= _distance(span, anchor, text) for anchor in _anchors(located, key)
    )


def _distance(name: Span, number: Span, text: str) -> int:
    """Return how far a name stands from a number; in “5 percent for the industry” they belong together."""
    joined = _JOINED.fullmatch(text, number.end, name.start) if number.end < name.start else None
    return 0 if joined else name.gap(number)


_JOINED = re.compile(r" (?:for|from|in|by|of|at) (?:the |its |a |an )?")


def _anchors(located: Located, key: str) -> list[Span]:
    """Return the numbers that a name must be near to; a target has a time of its own."""
    wanted = {"share of": ("share",), "among": ("rank",)}.get(key, FIGURE_KEYS)
    found = [located.spans[k] for k in wanted if k in located.spans and (k, key) != ("target", "period")]
    return found or [located.anchor]


def _mentions(located: Located, key: str, stretch: Span) -> list[tuple[Span, Any]]:
    """Return what else of a key's kind a stretch of the article names, outside the entry's other phrases.

    The name of a metric may hold that of its industry ("new software companies"), so it is no exception.
    """
    transparent = {key, "city", *(["metric"] if key == "industry" else [])}
    others = [span for other, span in located.spans.items() if other not in transparent]
    found = (
        named(located, KEYS[key].kind, stretch)
        if KEYS[key].kind
        else readable(located, KEYS[key].reader, stretch)
    )
    skipped = (*others, *located.source.metadata)
    return [(span, meaning) for span, meaning in found if not any(other.holds(span) for other in skipped)]


def _check_members(located: Located, meanings: Mapping[str, Any]) -> None:
    """Refuse a list of members that repeats one, leaves out one that the quote names, or mixes two groups."""
    if located.entry.kind != "system":
        return
    if len(set(meanings["members"])) < len(meanings["members"]):
        raise DataFault([located.problem("group", "A member is listed twice.")])
    for span, iri in named(located, "industry", located.quote, hidden=True):
        if iri not in meanings["members"]:
            words = span.of(located.source.text)
            message = f"The quote also names “{words}”: add it to the members."
            raise DataFault([located.problem("group", message)])
    for span, iri in named(located, "group", located.quote, hidden=True):
        if iri != meanings["group"]:
            message = f"The quote also names “{span.of(located.source.text)}”. Quote one group."
            raise DataFault([located.problem("group", message)])


def _check_kind(located: Located, meanings: Mapping[str, Any]) -> None:
    """Refuse a kind of policy where the policy's name says another: “a model city for …” is a model city."""
    if "kind" not in meanings:
        return
    span, text = located.spans["policy"], located.source.text
    head = _COMPLEMENT.split(span.of(text))[0]
    said = named(located, "policy type", Span(span.start, span.start + len(head)), hidden=True)
    if said and said[-1][1] != meanings["kind"]:
        words = said[-1][0].of(text)
        raise DataFault([located.problem("kind", f"The policy is called “{words}”. Take it as its kind.")])


_COMPLEMENT = re.compile(r"\b(?:of|for|to|in|on)\b")
