"""What people call things: from a name in either language, or an IRI, to the one thing that is meant."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, process

from kg import folding, names
from kg.client.values import IRI, Text
from kg.faults import NameFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "city": ("city",),
    "industry": ("industry", "group", "system"),
    "metric": ("metric",),
}
"""The kinds of things that a figure can be of."""

NAMED: Final = (
    *("city", "region", "country", "organization", "industry", "group", "system", "scheme"),
    *("metric", "policy", "recognition", "source"),
)
"""The kinds of things that people have names for."""


class Rank(IntEnum):
    """How well a name stands for a thing, the best first."""

    PREFERRED = 0
    """It is shown by this name."""
    OTHER = 1
    HIDDEN = 2
    """Only where nothing else is called so: a word of a context, such as “finance” for an industry."""


RANKS: Final[Mapping[str, Rank]] = {
    names.SKOS + "prefLabel": Rank.PREFERRED,
    names.DCTERMS + "title": Rank.PREFERRED,
    names.SKOS + "altLabel": Rank.OTHER,
    names.SKOS + "hiddenLabel": Rank.HIDDEN,
}
"""The properties that name things."""


@dataclass(frozen=True, slots=True)
class Called:
    """One name of a thing."""

    iri: IRI
    text: Text
    rank: Rank


class Names:
    """All names of all things that have any, as they were when they were read."""

    def __init__(self, called: Iterable[Called]) -> None:
        self._by_key: defaultdict[str, list[Called]] = defaultdict(list)
        self._by_iri: defaultdict[str, list[Called]] = defaultdict(list)
        for each in called:
            self._by_key[folding.key(each.text)].append(each)
            self._by_iri[each.iri].append(each)

    def find(self, asked: str, kinds: Sequence[str] = NAMED) -> IRI:
        """Return the thing of some kinds that is meant; raises NameFault where it is none, or one of several.

        What is called so by a better rank goes before the others.
        """
        iri = full(asked)
        if iri:
            if iri in self._by_iri and _is_of(iri, kinds):
                return iri
            raise self._unknown(asked, names.local(iri).replace("-", " "), kinds)
        found = [each for each in self._by_key.get(folding.key(asked), ()) if _is_of(each.iri, kinds)]
        if not found:
            raise self._unknown(asked, asked, kinds)
        rank = min(each.rank for each in found)
        meant = {each.iri for each in found if each.rank == rank}
        if len(meant) > 1:
            raise NameFault(
                f"“{asked}” may mean {self._listed(sorted(meant))}. Give one of them by its short name.",
                tuple(sorted(meant)),
            )
        return meant.pop()

    def label(self, iri: str, language: str) -> str:
        """Return the preferred name of a thing, in a language if there is one in it; else its short name."""
        preferred = [each.text for each in self._by_iri.get(iri, ()) if each.rank is Rank.PREFERRED]
        return best(preferred, language) or names.compact(iri)

    def things(self, kinds: Sequence[str] = NAMED) -> list[IRI]:
        """Return the things of some kinds, by name."""
        return sorted(IRI(each) for each in self._by_iri if _is_of(each, kinds))

    def names_of(self, iri: str) -> tuple[Text, ...]:
        """Return what a thing is called, preferred names first, and without what is hidden."""
        found = [each for each in self._by_iri.get(iri, ()) if each.rank is not Rank.HIDDEN]
        ordered = sorted(found, key=lambda each: (each.rank, each.text.language, each.text))
        return tuple(each.text for each in ordered)

    def _unknown(self, asked: str, text: str, kinds: Sequence[str]) -> NameFault:
        near = tuple(self._near(text, kinds))
        what = "Nothing" if kinds is NAMED else f"No {kinds[0]}"
        more = f" Near to it: {self._listed(near)}." if near else ""
        return NameFault(f"{what} is called “{asked}”.{more}", near)

    def _near(self, text: str, kinds: Sequence[str]) -> list[IRI]:
        keys = [key for key, called in self._by_key.items() if any(_is_of(one.iri, kinds) for one in called)]
        found = process.extract(
            folding.key(text), keys, scorer=fuzz.WRatio, score_cutoff=_LEAST_ALIKE, limit=_MOST
        )
        near = [one.iri for key, _, _ in found for one in self._by_key[key] if _is_of(one.iri, kinds)]
        return list(dict.fromkeys(near))[:_MOST]

    def _listed(self, iris: Iterable[str]) -> str:
        return ", ".join(f"{self.label(each, 'en')} ({names.compact(each)})" for each in iris)


def full(asked: str) -> IRI | None:
    """Return the IRI that a text writes in full or with a prefix of ours; None where it is a name.

    >>> full("city:harbin"), full("Harbin: the city")
    ('https://w3id.org/cekg/city/harbin', None)
    """
    prefix, colon, local = asked.partition(":")
    if colon and prefix in names.PREFIXES and local and not local[0].isspace():
        return IRI(names.PREFIXES[prefix] + local)
    return IRI(asked) if asked.startswith(("http://", "https://")) else None


def best(texts: Iterable[Text], language: str) -> Text | None:
    """Return the text in a language, else in its primary language, else in English, else any."""
    return min(texts, key=lambda text: (_distance(text.language, language.lower()), text), default=None)


def kind_of(iri: str) -> str:
    """Return the kind of a thing of ours, which its name says; empty for all others.

    >>> kind_of("https://w3id.org/cekg/city/harbin"), kind_of("http://example.org/city/x")
    ('city', '')
    """
    kind = iri.removeprefix(names.BASE).partition("/")[0] if iri.startswith(names.BASE) else ""
    return kind if kind in names.THINGS else ""


_LEAST_ALIKE: Final = 60
_MOST: Final = 5


def _is_of(iri: str, kinds: Sequence[str]) -> bool:
    return kind_of(iri) in kinds


def _distance(tag: str, wanted: str) -> int:
    if tag == wanted:
        return 0
    primary = tag.partition("-")[0]
    if primary == wanted.partition("-")[0]:
        return 1
    return 2 if primary == "en" else 3
