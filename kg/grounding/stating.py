"""Stating: what an entry states, once its phrases are found, understood and beyond doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from kg.faults import DataFault
from kg.grounding.finding import Located
from kg.grounding.keys import KEYS, SHARED_KEYS
from kg.readers import (
    Change,
    Comparator,
    Period,
    Quantity,
    Unit,
)
from kg.statements import Evidence, Figure, PolicyNote, Reading, Relation, Statement, Time
from kg.wording import say


def _figures(located: Located, meanings: Mapping[str, Any]) -> Iterator[Figure]:
    common = partial(
        Figure,
        city=_city(located, meanings),
        industry=meanings.get("industry"),
        metric=meanings["metric"],
        reported_by=meanings.get("reported by"),
    )
    time = _time(located, meanings)
    level = None
    if "value" in meanings:
        level = common("Level", quantity=meanings["value"], time=time, **_said(located, meanings, "value"))
        yield level
    if "growth" in meanings:
        change: Change = meanings["growth"]
        said = _said(located, meanings, "growth")
        yield common(
            "Growth",
            quantity=change.quantity,
            year_on_year=change.year_on_year,
            of=level,
            time=time,
            **said,
        )
    if "share" in meanings:
        said = _said(located, meanings, "share", "share of")
        yield common(
            "Share",
            quantity=meanings["share"],
            whole=meanings["share of"],
            of=level,
            time=time,
            **said,
        )
    if "rank" in meanings:
        said = _said(located, meanings, "rank", "among")
        yield common("Rank", quantity=_counted(meanings["rank"]), among=meanings["among"], time=time, **said)
    if "converted" in meanings:
        yield common(
            "Converted",
            quantity=meanings["converted"],
            of=level,
            time=time,
            **_said(located, meanings, "converted"),
        )
    if "target" in meanings:
        yield _target(located, meanings, common, level)


def _target(
    located: Located,
    meanings: Mapping[str, Any],
    common: Callable[..., Figure],
    level: Figure | None,
) -> Figure:
    """A target is a floor; its own year is what the level's year and the lead say, not the entry's period."""
    said = _said(located, meanings, "target", "ahead")
    unstated = Time(_before(located), "Unstated", None)
    return common(
        "Target",
        quantity=_floor(meanings["target"]),
        of=level,
        ahead=meanings.get("ahead"),
        time=unstated,
        **said,
    )


def _policy(located: Located, meanings: Mapping[str, Any]) -> Iterator[PolicyNote]:
    yield PolicyNote(
        meanings["policy"],
        _city(located, meanings),
        meanings.get("kind"),
        meanings.get("status"),
        meanings.get("recognised as"),
        _time(located, meanings),
        _evidence(located, meanings, *located.spans),
    )


def _membership(located: Located, meanings: Mapping[str, Any]) -> Iterator[Relation]:
    city = _city(located, meanings)
    whole = _evidence(located, meanings, "city", "group", "system")
    yield Relation(meanings["group"], "partOf", meanings["system"], city, whole)
    for iri, span in zip(meanings["members"], located.members, strict=True):
        part = Reading(KEYS["member"].role, span, span.of(located.source.text), iri)
        rest = _evidence(located, meanings, "city", "group")
        yield Relation(iri, "partOf", meanings["group"], city, replace(rest, readings=(*rest.readings, part)))


def _capital(located: Located, meanings: Mapping[str, Any]) -> Iterator[Relation]:
    city = _city(located, meanings)
    yield Relation(
        city,
        "capitalOf",
        meanings["capital of"],
        city,
        _evidence(located, meanings, *located.spans),
    )


def _within(located: Located, meanings: Mapping[str, Any]) -> Iterator[Relation]:
    yield Relation(
        meanings["place"],
        "within",
        meanings["within"],
        None,
        _evidence(located, meanings, *located.spans),
    )


STATE: Mapping[str, Callable[[Located, Mapping[str, Any]], Iterator[Statement]]] = {
    "metric": _figures,
    "policy": _policy,
    "system": _membership,
    "capital of": _capital,
    "within": _within,
}


def _city(located: Located, meanings: Mapping[str, Any]) -> str:
    if "city" not in meanings:
        raise DataFault([located.problem("quote", "Which city? Add “city”, here or at the top of the file.")])
    return str(meanings["city"])


def _time(located: Located, meanings: Mapping[str, Any]) -> Time:
    if "period" not in meanings:
        return Time(_before(located), "Unstated", None)
    period: Period = meanings["period"]
    words = located.entry.phrases["period"].text
    if not located.sentence.holds(located.spans["period"]):
        return Time(period, "FromContext", words)
    return Time(period, "Relative" if period.relative else "Printed", words)


def _before(located: Located) -> Period:
    return Period(None, None, located.source.published, relative=False)


def _said(located: Located, meanings: Mapping[str, Any], key: str, *more: str) -> dict[str, Any]:
    shared = (k for k in SHARED_KEYS if k != "period" or key != "target")
    keys = [k for k in (*shared, key, *more) if k in located.spans]
    return {
        "words": located.entry.phrases[key].text,
        "evidence": _evidence(located, meanings, *keys),
    }


def _evidence(located: Located, meanings: Mapping[str, Any], *keys: str) -> Evidence:
    return Evidence(
        located.source,
        located.quote,
        tuple(
            Reading(KEYS[key].role, span, span.of(located.source.text), say(meanings[key]))
            for key, span in ((key, located.spans[key]) for key in keys)
        ),
    )


def _counted(rank: int) -> Quantity:
    return Quantity(Decimal(rank), None, None, Comparator.EXACT, Unit.NUM)


def _floor(quantity: Quantity) -> Quantity:
    """Return a printed target as the bound that a result has to reach."""
    if quantity.comparator is not Comparator.EXACT:
        return quantity
    return replace(quantity, value=None, lower=quantity.value, comparator=Comparator.AT_LEAST)
