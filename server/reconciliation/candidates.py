"""Which things a name may mean, how alike they are to it, and whether one of them is clearly the one.

The score is 0 to 100: how alike the name is, and, where values of properties are given, a quarter for
these. A candidate is a match when its name is exactly that, or but for one slip of the pen in a long name,
when it has every value that was given, and when no other candidate comes as near.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from rapidfuzz.distance import OSA

from kg import folding, names
from server.pages import resolve
from server.reconciliation import vocabulary
from server.search.matching import LONGEST, Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from server.pages.catalog import Catalog
    from server.reconciliation.reading import Condition, Query
    from server.reconciliation.stated import Stated
    from server.search.index import Hit, Index


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that may be meant: how alike its name is, how many slips there are, and which properties fit.

    ``fitting`` says of each property that was asked for whether the thing has the values, ``is_label``
    whether the name is the one that the thing is shown by: it goes before what is also called so.
    """

    iri: str
    alike: float
    slips: int
    fitting: tuple[tuple[str, bool], ...] = ()
    is_label: bool = False

    @property
    def fit(self) -> float:
        """The part of the properties that fit; 1 where none was asked for."""
        return sum(fits for _, fits in self.fitting) / len(self.fitting) if self.fitting else 1.0

    @property
    def score(self) -> float:
        """How likely this is meant: 0 to 100.

        >>> Candidate("", 100, 0).score, Candidate("", 80, 2, (("within", True),)).score
        (100, 85.0)
        >>> Candidate("", 100, 0, (("within", False),)).score
        75.0
        """
        if not self.fitting:
            return self.alike
        return round(self.alike * (1 - _OF_PROPERTIES) + 100 * self.fit * _OF_PROPERTIES, 1)


def candidates(query: Query, catalog: Catalog, index: Index, stated: Stated) -> list[Candidate]:
    """Return the candidates for a query, the likeliest first, as many as it wants."""
    wanted = vocabulary.kinds_of(query.types)
    found: dict[str, Candidate] = {}
    for each in (*_identified(query, catalog), *_named(query, index, wanted, stated)):
        found[each.iri] = max(each, found.get(each.iri, each), key=lambda candidate: candidate.alike)
    of_type = [each for each in found.values() if vocabulary.kind_of(each.iri) in wanted]
    possible = [each for each in of_type if _is_possible(each, query, stated)]
    held = [_held(each, query.conditions, stated) for each in _within_reach(possible, query.conditions)]
    return sorted(held, key=lambda each: (-each.score, each.slips, not each.is_label))[:_MOST_LOOKED_AT]


def matches(ranked: list[Candidate]) -> bool:
    """Tell whether the first of the ranked candidates is clearly the one."""
    if not ranked or ranked[0].fit < 1 or ranked[0].slips > 1:
        return False
    best, *others = ranked
    return not any(each.slips <= best.slips and each.fit == best.fit for each in others)


def _identified(query: Query, catalog: Catalog) -> Iterator[Candidate]:
    """Yield what is meant by a name of ours, or by one of another data set."""
    others = [
        value
        for each in query.conditions
        if each.property.id in vocabulary.ELSEWHERE and not query.name
        for value in each.values
    ]
    for text in (*query.ids, query.name, *others):
        iri = _identity(text.strip(), catalog)
        if iri:
            yield Candidate(iri, 100.0, 0)


def _identity(text: str, catalog: Catalog) -> str | None:
    if len(text) > LONGEST or not text.isascii() or not text.isprintable():
        return None
    if _WIKIDATA.fullmatch(text):
        text = f"http://www.wikidata.org/entity/{text}"
    iri = vocabulary.entity(text)
    if iri:
        return iri if catalog.knows(iri) else None
    return resolve.find(catalog, text, names.BASE.rstrip("/")) if "://" in text else None


def _named(query: Query, index: Index, kinds: tuple[str, ...], stated: Stated) -> Iterator[Candidate]:
    """Yield what is called so; and, as long as that has not the values that were given, what comes near.

    A name with a slip in it may be the right name of something else: of another country, say.
    """
    for look in (_spelled_well, _without_its_kind, _spelled_ill):
        is_found = False
        for each in look(query, index, kinds):
            yield each
            is_found |= each.slips == 0 and all(_has(each.iri, one, stated) for one in query.conditions)
        if is_found:
            return


def _spelled_well(query: Query, index: Index, kinds: tuple[str, ...]) -> Iterator[Candidate]:
    """Yield what is called so, and a few behind it; where there are many of one name, any may be meant."""
    few = max(query.limit, _FEW)
    hits = index.spelled_well(query.name, kinds=kinds, limit=few)
    if len(hits) >= few and hits[-1].level is Level.NAME:
        hits = index.called(query.name, kinds=kinds, limit=_MOST_LOOKED_AT)
    yield from (_candidate(query.name, hit) for hit in hits)


def _without_its_kind(query: Query, index: Index, kinds: tuple[str, ...]) -> Iterator[Candidate]:
    bare = _bare(query.name)
    for hit in index.called(bare, kinds=kinds, limit=_MOST_LOOKED_AT) if bare else ():
        yield Candidate(hit.iri, _LESS_ITS_KIND, 0, is_label=hit.name == hit.text)


def _spelled_ill(query: Query, index: Index, kinds: tuple[str, ...]) -> Iterator[Candidate]:
    hits = index.spelled_ill(query.name, kinds=kinds, limit=_MOST_LOOKED_AT)
    yield from (_candidate(query.name, hit) for hit in hits)


def _candidate(asked: str, hit: Hit) -> Candidate:
    is_label = hit.name == hit.text
    if hit.level is Level.NAME:
        return Candidate(hit.iri, 100.0, 0, is_label=is_label)
    if hit.by_sound or hit.level is Level.SOUND:
        return Candidate(hit.iri, min(hit.score, _BY_SOUND), _MANY, is_label=is_label)
    slips = _slips(asked[:LONGEST], hit.name)
    return Candidate(hit.iri, min(hit.score, _NOT_EXACT), slips, is_label=is_label)


def _slips(asked: str, name: str) -> int:
    """Return how many slips lead from one to the other, but ``_MANY`` where a short name has any.

    >>> _slips("Habrin", "Harbin"), _slips("Wuhen", "Wuhan")
    (1, 3)
    """
    key = folding.key(name)
    if len(key) < _LONG:
        return _MANY
    return max(OSA.distance(folding.key(asked), key, score_cutoff=_MANY - 1), 1)


def _bare(name: str) -> str:
    """Return a name without the word for its kind, empty where it has none.

    >>> _bare("Harbin City"), _bare("city of Harbin"), _bare("哈尔滨市"), _bare("Harbin")
    ('Harbin', 'Harbin', '哈尔滨', '')
    """
    bare = _KIND_OF_THING.sub("", name[:LONGEST].strip())
    return bare if bare != name.strip() and len(bare) > 1 else ""


def _within_reach(found: list[Candidate], conditions: Sequence[Condition]) -> list[Candidate]:
    """Leave out what is not alike, and what no property could put before the one that is most alike."""
    best = max((each.alike for each in found), default=0.0)
    least = best - 100 * _OF_PROPERTIES / (1 - _OF_PROPERTIES) if conditions else 0.0
    return [each for each in found if each.alike >= max(least, _LEAST_ALIKE)]


def _is_possible(candidate: Candidate, query: Query, stated: Stated) -> bool:
    return all(_has(candidate.iri, each, stated) for each in query.conditions if each.is_required)


def _held(candidate: Candidate, conditions: Iterable[Condition], stated: Stated) -> Candidate:
    """Hold a candidate against the properties that were asked for."""
    fitting: dict[str, bool] = {}
    for each in conditions:
        fitting[each.property.id] = fitting.get(each.property.id, True) and _has(candidate.iri, each, stated)
    return replace(candidate, fitting=tuple(fitting.items()))


def _has(iri: str, condition: Condition, stated: Stated) -> bool:
    keys = stated.keys(iri, condition.property)
    found = [bool({value, folding.key(value)} & keys) for value in condition.values]
    if condition.quantifier == "none":
        return not any(found)
    return all(found) if condition.quantifier == "all" else any(found)


_OF_PROPERTIES: Final = 0.25
"""The part of the score that properties have."""
_FEW: Final = 6
_MOST_LOOKED_AT: Final = 50
_LEAST_ALIKE: Final = 45.0
_LESS_ITS_KIND: Final = 98.0
_NOT_EXACT: Final = 97.0
_BY_SOUND: Final = 90.0
"""Many names sound the same, so a person has to look."""
_MANY: Final = 3
_LONG: Final = 6
"""Letters of a name that one slip leaves recognisable: shorter ones are often other names as well."""
_WIKIDATA: Final = re.compile(r"Q[1-9][0-9]{0,11}")
_KIND_OF_THING: Final = re.compile(
    r"^(?:the )?(?:city|municipality|province) of "
    r"|(?:[ -](?:city|municipality|province|prefecture|shi|sheng)|[市省])$",
    re.IGNORECASE,
)
