"""What a candidate is worth, and why: its names in all languages, its type, where it lies, its codes.

A machine is never certain: the highest score is 0.95. The weights are a judgement; what counts is the order
that they give, and that each reason is said in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from rapidfuzz import fuzz

from kg import folding, names
from kg.linking.candidates import Candidate
from kg.linking.datasets import DataSet
from kg.linking.kinds import BORDERED, identity
from kg.linking.things import Name, Thing

LEAST: Final = 0.2
"""Who is worth less is not proposed."""

_BEST_NAME, _OTHER_NAME = 0.55, 0.15
_CLASS, _PLACE, _CODE = 0.1, 0.15, 0.25
_WRONG_CLASS, _WRONG_PLACE, _WRONG_CODE = -0.2, -0.3, -0.3
_SERVICE, _SERVICE_ALONE = 0.15, 0.4
_LOWEST, _HIGHEST = 0.01, 0.95
_LONGEST: Final = 200
"""How much of a description is repeated."""
_ALIKE: Final = 85
"""How alike two names have to be, of 100, to be compared at all."""
_IDENTIFYING: Final = 0.85
"""The least worth of a match by which two things may be the same: not of what is merely alike."""


@dataclass(frozen=True, slots=True)
class Match:
    """A name of ours and one of theirs; ``worth`` is 1 where both are what the things are called."""

    ours: Name
    theirs: Name
    worth: float


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that speaks for a candidate, or against it, in a sentence."""

    worth: float
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate for a thing: how sure we are, which predicate may fit, and why, in words."""

    thing: Thing
    candidate: Candidate
    predicate: str
    justification: str
    score: float
    reasons: tuple[str, ...]

    @property
    def confidence(self) -> Decimal:
        """The score as a table has it."""
        return Decimal(f"{self.score:.2f}").normalize()


def rank(thing: Thing, candidates: Iterable[Candidate], data_set: DataSet, most: int) -> list[Proposal]:
    """Return the proposals for a thing, the best first, as many as are wanted."""
    judged = [_judge(thing, each, data_set) for each in candidates]
    return sorted((each for each in judged if each.score >= LEAST), key=_order)[:most]


def _order(proposal: Proposal) -> tuple[float, int, str]:
    return -proposal.score, len(proposal.candidate.iri), proposal.candidate.iri


def _judge(thing: Thing, candidate: Candidate, data_set: DataSet) -> Proposal:
    matches = _matches(thing.names, candidate.names)
    others = [
        *_class(thing, candidate, data_set),
        *_place(thing, candidate),
        *_codes(thing, candidate, data_set),
    ]
    parts = [*_called(matches), *_scored(candidate, is_called=bool(matches)), *others]
    score = min(_HIGHEST, max(_LOWEST, sum(part.worth for part in parts)))
    has_code = any(part.worth >= _CODE for part in others)
    is_same = has_code or any(match.worth >= _IDENTIFYING for match in matches)
    reasons = [part.reason for part in parts]
    reasons += ["It is a link of ours already."] if candidate.iri in thing.links else []
    reasons += [f"There it is “{_brief(candidate.description)}”."] if candidate.description else []
    return Proposal(
        thing,
        candidate,
        identity(thing.kind) if is_same and thing.kind not in BORDERED else "skos:closeMatch",
        _justification(matches, others),
        score,
        tuple(reasons),
    )


def _justification(matches: list[Match], others: list[Part]) -> str:
    """Return the term of semapv for how this was found."""
    if others:
        return "semapv:CompositeMatching"
    is_exact = any(folding.key(each.ours.text) == folding.key(each.theirs.text) for each in matches)
    return "semapv:LexicalMatching" if is_exact else "semapv:LexicalSimilarityThresholdMatching"


def _matches(ours: Iterable[Name], theirs: Iterable[Name]) -> list[Match]:
    """Return the best match of each of our languages, the best first."""
    theirs, best = list(theirs), dict[str, Match]()
    for name in ours:
        for other in theirs:
            match = Match(name, other, _alike(name, other) * name.weight * other.weight)
            language = name.language[:2]
            if match.worth > max(best[language].worth if language in best else 0.0, 0.0):
                best[language] = match
    return sorted(best.values(), key=lambda match: -match.worth)


def _alike(ours: Name, theirs: Name) -> float:
    """Return how alike two names are: 1 for the same, 0 for names of different languages."""
    if theirs.language not in {"", "mul"} and theirs.language[:2] != ours.language[:2]:
        return 0.0
    one, other = folding.key(ours.text), folding.key(theirs.text)
    if one == other:
        return 1.0 if one else 0.0
    alike = fuzz.ratio(one, other)
    return 0.8 * alike / 100 if alike >= _ALIKE else 0.0


def _called(matches: list[Match]) -> Iterator[Part]:
    for match, most in zip(matches, (_BEST_NAME, _OTHER_NAME), strict=False):
        yield Part(most * match.worth, _said_of_names(match))


def _said_of_names(match: Match) -> str:
    ours, theirs = match.ours, match.theirs
    what = "Its name" if theirs.weight == 1 else "One of its other names"
    tag = f" ({theirs.language})" if theirs.language else ""
    is_same = folding.key(ours.text) == folding.key(theirs.text)
    how = {1.0: "our label", 0.95: "another name of ours"}.get(
        ours.weight, "a word that ours goes by in context"
    )
    like = "is" if is_same else f"is like “{ours.text}”,"
    return f"{what} “{theirs.text}”{tag} {like} {how}."


def _scored(candidate: Candidate, *, is_called: bool) -> Iterator[Part]:
    """Yield what a service thinks; it may know names that it does not tell."""
    if candidate.score is not None:
        most = _SERVICE if is_called else _SERVICE_ALONE
        what = " and calls it a match" if candidate.is_match else ""
        yield Part(most * candidate.score / 100, f"The service gives it {candidate.score:g} of 100{what}.")


def _class(thing: Thing, candidate: Candidate, data_set: DataSet) -> Iterator[Part]:
    if candidate.classes is None:
        if candidate.types:
            yield Part(0.0, f"It is of the type {_listed(candidate.types)}.")
    elif candidate.classes & data_set.classes[thing.kind]:
        fits = f"{_article(thing.kind)} can be"
        yield Part(
            _CLASS,
            f"It is of the type {_listed(candidate.types)}, which {fits}."
            if candidate.types
            else f"Its type is one that {fits}.",
        )
    else:
        what = f"Its type is {_listed(candidate.types)}" if candidate.types else "It has no type"
        yield Part(_WRONG_CLASS, f"{what}, and not one that {_article(thing.kind)} has.")


def _place(thing: Thing, candidate: Candidate) -> Iterator[Part]:
    if not (thing.places and candidate.places):
        return
    ours = {link: label for link, label in sorted(thing.places) if _space(link) == _space(candidate.iri)}
    shared = [label for link, label in ours.items() if link in candidate.places]
    other = [label for link, label in ours.items() if link not in candidate.places]
    if shared:
        yield Part(_PLACE * len(shared) / len(ours), f"It lies in {_listed(shared)}, as ours does.")
    if other:
        worth = _WRONG_PLACE * len(other) / len(ours)
        yield Part(worth, f"That it lies in {_listed(other)}, as ours does, is not said.")


def _codes(thing: Thing, candidate: Candidate, data_set: DataSet) -> Iterator[Part]:
    for code, ours in data_set.codes_of(thing.links | {thing.iri}):
        theirs = sorted(value for term, value in candidate.codes if term == code.property)
        if ours in theirs:
            yield Part(_CODE, f"Its {code.name} is {ours}, as is ours.")
        elif theirs:
            yield Part(_WRONG_CODE, f"Its {code.name} is {_listed(theirs)}, ours is {ours}.")
    shared = sorted(candidate.same & (thing.links | {thing.iri}))
    if shared:
        yield Part(_CODE, f"It is linked to {_listed(shared)}, as ours is.")


def _space(iri: str) -> str:
    return iri.removesuffix(names.local(iri))


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeio' else 'a'} {kind}"


def _brief(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…"


def _listed(words: Iterable[str]) -> str:
    """Return words as an English list.

    >>> _listed(["a", "b", "c"])
    'a, b and c'
    """
    *most, last = list(words)[:5]
    return f"{', '.join(most)} and {last}" if most else last
