"""The keys of a fact file, once: what the phrase of each is, how near it stands, what it names or says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from kg.facts import FIGURE_KEYS
from kg.readers import (
    read_ahead,
    read_change,
    read_period,
    read_quantity,
    read_rank,
)

Reader = Callable[..., Any]


class Key(NamedTuple):
    """How the phrase of a key is understood: its role, how near it stands, and what it names or says."""

    role: str
    scope: str
    kind: str = ""
    reader: Reader = str


KEYS: Mapping[str, Key] = {
    "city": Key("CityRole", "article", kind="city"),
    "industry": Key("IndustryRole", "article", kind="activity"),
    "metric": Key("MetricRole", "article", kind="metric"),
    "period": Key("PeriodRole", "article", reader=read_period),
    "reported by": Key("ReporterRole", "sentence", kind="organization"),
    "value": Key("ValueRole", "quote", reader=read_quantity),
    "converted": Key("ConvertedRole", "quote", reader=read_quantity),
    "growth": Key("GrowthRole", "quote", reader=read_change),
    "share": Key("ShareRole", "quote", reader=read_quantity),
    "share of": Key("WholeRole", "sentence", kind="metric"),
    "rank": Key("RankRole", "quote", reader=read_rank),
    "among": Key("AmongRole", "sentence", kind="place"),
    "target": Key("TargetRole", "quote", reader=read_quantity),
    "ahead": Key("AheadRole", "quote", reader=read_ahead),
    "policy": Key("PolicyRole", "quote", kind="policy"),
    "kind": Key("KindRole", "sentence", kind="policy type"),
    "status": Key("StatusRole", "sentence", kind="policy state"),
    "recognised as": Key("DistinctionRole", "sentence", kind="distinction"),
    "system": Key("SystemRole", "article", kind="system"),
    "group": Key("GroupRole", "quote", kind="group"),
    "member": Key("PartRole", "quote", kind="industry"),
    "capital of": Key("PlaceRole", "quote", kind="region"),
    "place": Key("PlaceRole", "quote", kind="city or region"),
    "within": Key("PlaceRole", "quote", kind="region or country"),
}
"""The one table of keys: ``scope`` is the stretch around the quote in which the phrase must stand.

A phrase of scope ``article`` that is not in the sentence must be the nearest of its kind before it.
"""

SHARED_KEYS = ("city", "industry", "metric", "period", "reported by")
"""The keys whose phrases hold for every number of an entry."""

NUMBER_KEYS = (*FIGURE_KEYS, "converted")
"""The keys whose phrase is a number of the article, which no other entry may state again."""
