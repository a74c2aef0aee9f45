"""The fact file: what a person says a source states, in the source's own words; no RDF, no values.

``facts/README.md`` describes the format. Every phrase keeps its line, so that a fault can point there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from kg import yamlfile
from kg.faults import Problems
from kg.yamlfile import Node, Phrase, close_to, nearest

FIGURE_KEYS = ("value", "growth", "share", "rank", "target")
"""The keys that state a number; an entry about a metric has at least one of them."""

KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = MappingProxyType(
    {
        "metric": (
            ("metric",),
            (
                *("city", "industry", "period", "reported by"),
                *(
                    "value",
                    "converted",
                    "growth",
                    "share",
                    "share of",
                    "rank",
                    "among",
                    "target",
                    "ahead",
                ),
            ),
        ),
        "policy": (("policy",), ("city", "kind", "status", "recognised as", "period")),
        "system": (("system", "group", "members"), ("city",)),
        "capital of": (("city", "capital of"), ()),
        "within": (("place", "within"), ()),
    }
)
"""What an entry is about, told by its key → the keys it must have and may have besides ``quote``."""

TOGETHER = (
    ("converted", "value"),
    ("share", "share of"),
    ("rank", "among"),
    ("ahead", "target"),
    ("ahead", "value"),
)
"""The first key of each pair needs the second."""

NO_FIGURE = "no figure"
"""The reason for words without a number."""

REASONS: Mapping[str, str] = MappingProxyType(
    {
        NO_FIGURE: "A trend, an aim or a judgement: it has no number and names no measure.",
        "no rank": "A place among the best is not a rank.",
        "ambiguous": "It can be read in more than one way, or not exactly enough.",
        "outlook": "What is planned or expected, and had not come about.",
        "another subject": "It is about another place, or about something that no metric measures.",
        "geography": "A fact of geography, not of the economy.",
        "page furniture": "It stands on the page but belongs to another article.",
    }
)
"""Why words of an article are not loaded."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement of a source: what it is about, the quote, and the phrases by key."""

    file: str
    line: int
    kind: str
    quote: Phrase
    phrases: Mapping[str, Phrase]
    members: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Words that are not loaded, and one of the REASONS."""

    phrase: Phrase
    reason: str


@dataclass(frozen=True, slots=True)
class FactFile:
    """All that a person says of one source."""

    file: str
    source: str
    city: Phrase | None
    entries: tuple[Entry, ...]
    exclusions: tuple[Exclusion, ...]


def read_facts(path: Path) -> FactFile:
    """Read a fact file.

    Raises DataFault with every problem of form in it: not YAML, unknown or missing keys, unknown reasons.
    """
    fields = yamlfile.read(path).fields(required=("source", "facts"), optional=("city", "not loaded"))
    problems = Problems()
    with problems.noting():
        _same_name(fields["source"], path.stem)
    entries = []
    for node in fields["facts"].items():
        with problems.noting():
            entries.append(_entry(node))
    exclusions: list[Exclusion] = []
    for reason, node in fields["not loaded"].entries().items() if "not loaded" in fields else ():
        with problems.noting():
            exclusions.extend(_exclusions(reason, node))
    problems.settle()
    city = fields["city"].phrase() if "city" in fields else None
    return FactFile(str(path), path.stem, city, tuple(entries), tuple(exclusions))


def _same_name(node: Node, stem: str) -> None:
    if node.phrase().text != stem:
        node.refuse(f"The source should be “{stem}”, as the file is named.")


def _entry(node: Node) -> Entry:
    kind = _kind(node)
    required, optional = KINDS[kind]
    fields = node.fields(required=("quote", *required), optional=optional)
    members = (
        tuple(member.phrase() for member in fields.pop("members").items()) if "members" in fields else ()
    )
    phrases = {key: value.phrase() for key, value in fields.items()}
    _check_together(node, kind, phrases)
    return Entry(node.file, node.line, kind, phrases.pop("quote"), MappingProxyType(phrases), members)


def _kind(node: Node) -> str:
    keys = {key.text for key in node.entries()}
    kind = next((kind for kind in KINDS if kind in keys), None)
    if kind is None:
        near = [nearest(key, KINDS) for key in sorted(keys) if close_to(key, KINDS)]
        node.refuse(" ".join([f"An entry should have one of the keys {', '.join(KINDS)}.", *near]))
    return kind


def _check_together(node: Node, kind: str, phrases: Mapping[str, Phrase]) -> None:
    if kind == "metric" and not any(key in phrases for key in FIGURE_KEYS):
        node.refuse(
            f"An entry about a metric should state a number: one of the keys {', '.join(FIGURE_KEYS)}."
        )
    for key, needed in TOGETHER:
        if key in phrases and needed not in phrases:
            node.refuse(f"“{key}” needs “{needed}” in the same entry.")


def _exclusions(reason: Phrase, node: Node) -> list[Exclusion]:
    if reason.text not in REASONS:
        node.refuse(f"“{reason.text}” is no reason here. {nearest(reason.text, REASONS)}")
    return [Exclusion(child.phrase(), reason.text) for child in node.items()]
