"""The lexicon: from the words of a source to the thing that they name, by the labels in ``ontology/``.

A preferred or alternative label identifies its thing wherever it stands; a hidden label names it only
where an author says so ("information" in a list of industries).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rdflib import Graph, URIRef
from rdflib.namespace import RDF, RDFS, SKOS

from kg import names
from kg.spans import Span
from kg.yamlfile import nearest

KINDS: Mapping[str, tuple[str, ...]] = {
    "city": ("City",),
    "region": ("Region",),
    "place": ("City", "Region", "Country"),
    "city or region": ("City", "Region"),
    "region or country": ("Region", "Country"),
    "industry": ("Industry",),
    "group": ("IndustryGroup",),
    "system": ("IndustrySystem",),
    "activity": ("Industry", "IndustryGroup", "IndustrySystem"),
    "metric": ("Metric",),
    "policy": ("Policy",),
    "policy type": ("PolicyType",),
    "policy state": ("PolicyState",),
    "distinction": ("Distinction",),
    "organization": ("Organization",),
}
"""What a phrase is expected to name → the local names of the classes."""

_PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " ", "‐": "-", "‑": "-", "–": "-"})
_DETERMINER = re.compile(r"\A(?:the|a|an|its|their)\s+")


class UnknownName(ValueError):
    """No label matches, or labels of two things do; the message offers the nearest."""


class Mention(NamedTuple):
    """A stretch of a text that identifies a thing."""

    span: Span
    iri: str


@dataclass(frozen=True, slots=True)
class Label:
    """One name of a thing; ``identifying`` unless it is a hidden label."""

    iri: str
    text: str
    language: str
    identifying: bool


class Lexicon:
    """All labels, by the kinds of things that they name."""

    def __init__(self, labels: Iterable[Label], classes: Mapping[str, Collection[str]]) -> None:
        self._labels = tuple(labels)
        self._classes = classes
        self._scanners: dict[tuple[str, bool], tuple[re.Pattern[str], dict[str, str]]] = {}

    def resolve(self, phrase: str, kind: str) -> str:
        """Return the IRI of the one thing of a kind that a phrase names.

        Raises UnknownName when there is none, or more than one.
        """
        known = self._named[kind]
        found = known.get(fold(phrase), set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            things = " and ".join(sorted(map(names.compact, found)))
            raise UnknownName(f"“{phrase}” names {things}. Quote a longer phrase that names one of them.")
        raise UnknownName(f"No label of a known {kind} is “{phrase}”. {nearest(fold(phrase), known)}")

    def mentions(self, text: str, kind: str, *, hidden: bool = False) -> list[Mention]:
        """Return where a text names things of a kind, the longest name first where two begin alike."""
        pattern, things = self._scanner(kind, hidden=hidden)
        return [Mention(Span(*m.span()), things[m[0]]) for m in pattern.finditer(_plain(text))]

    def label(self, iri: str, language: str = "en") -> str:
        """Return the preferred label of a thing; its local name when there is none."""
        return self._preferred.get((iri, language.lower()), names.local(iri))

    def of_kind(self, kind: str) -> list[Label]:
        """Return the labels of the things of a kind, preferred ones first."""
        wanted = set(KINDS[kind])
        return [label for label in self._labels if wanted & set(self._classes.get(label.iri, ()))]

    @cached_property
    def _preferred(self) -> dict[tuple[str, str], str]:
        return {(label.iri, label.language.lower()): label.text for label in reversed(self._labels)}

    @cached_property
    def _named(self) -> dict[str, dict[str, set[str]]]:
        return {kind: _index(self.of_kind(kind)) for kind in KINDS}

    def _scanner(self, kind: str, *, hidden: bool) -> tuple[re.Pattern[str], dict[str, str]]:
        if (kind, hidden) not in self._scanners:
            labels = (label for label in self.of_kind(kind) if hidden or label.identifying)
            self._scanners[kind, hidden] = _scanner(labels)
        return self._scanners[kind, hidden]


def from_graph(graph: Graph) -> Lexicon:
    """Collect the labels of an ontology; preferred labels come first."""
    labels = [
        Label(
            str(thing),
            str(text),
            getattr(text, "language", None) or "en",
            predicate != SKOS.hiddenLabel,
        )
        for predicate in (SKOS.prefLabel, RDFS.label, SKOS.altLabel, SKOS.hiddenLabel)
        for thing, text in sorted(graph.subject_objects(predicate))
        if isinstance(thing, URIRef)
    ]
    classes: dict[str, set[str]] = defaultdict(set)
    for thing, kind in graph.subject_objects(RDF.type):
        classes[str(thing)].add(names.local(str(kind)))
    return Lexicon(labels, classes)


def fold(phrase: str) -> str:
    """Return a phrase without what does not distinguish names: case, shape of quotes, a leading article.

    >>> fold("The “4+4” Modern Industrial System")
    '"4+4" modern industrial system'
    """
    return _DETERMINER.sub("", " ".join(_plain(phrase).split()))


def _plain(text: str) -> str:
    """Return the text in lower case with plain quotes, each character still at its place."""
    plain = text.translate(_PLAIN)
    if plain.isascii():
        return plain.lower()
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)


def _index(labels: Iterable[Label]) -> dict[str, set[str]]:
    index: dict[str, set[str]] = defaultdict(set)
    for label in labels:
        index[fold(label.text)].add(label.iri)
    return dict(index)


def _scanner(labels: Iterable[Label]) -> tuple[re.Pattern[str], dict[str, str]]:
    things = {fold(label.text): label.iri for label in labels}
    longest_first = sorted(things, key=lambda text: (-len(text), text))
    body = "|".join(map(re.escape, longest_first)) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)"), things
