"""The account of an article: which of its sentences and numbers are facts, and why the rest is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kg.facts import NO_FIGURE, REASONS, Exclusion, FactFile
from kg.faults import DataFault, Problem, Problems
from kg.grounding import find_once
from kg.readers import find_numbers
from kg.sources import Source
from kg.spans import Span
from kg.statements import Evidence, Statement


@dataclass(frozen=True, slots=True)
class Left:
    """Words that are not loaded, and why."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of a source is accounted for; complete when nothing is missing."""

    source: Source
    quotes: tuple[Span, ...]
    phrases: tuple[Span, ...]
    left: tuple[Left, ...]
    numbers: tuple[Span, ...]

    @property
    def missing_sentences(self) -> list[Span]:
        """Sentences that neither a quote, nor an exclusion, nor the page's metadata touches."""
        return _untouched(self.source.sentences, [*self.quotes, *self._others])

    @property
    def missing_numbers(self) -> list[Span]:
        """Numbers, digits and spelled-out alike, that no phrase of a fact and no exclusion holds."""
        return _untouched(self.numbers, [*self.phrases, *self._others])

    @property
    def _others(self) -> list[Span]:
        return [*(left.span for left in self.left), *self.source.metadata]


def account(facts: FactFile, source: Source, statements: Iterable[Statement]) -> Coverage:
    """Return the account of a source.

    Raises DataFault for each sentence and number that is unaccounted for, and for exclusions that are not
    in the article or hold a number that a fact states.
    """
    evidence = [item.evidence for item in statements]
    phrases = {reading.span for item in evidence for reading in item.readings}
    problems = Problems()
    left = list(_exclusions(facts, source, _values(evidence), problems))
    coverage = Coverage(
        source,
        tuple(sorted({item.quote for item in evidence})),
        tuple(sorted(phrases)),
        tuple(sorted(left, key=lambda item: item.span)),
        tuple(find_numbers(source.text)),
    )
    problems.extend(_missing(facts, coverage))
    problems.settle()
    return coverage


def count(coverage: Coverage) -> dict[str, Any]:
    """Return how many sentences and numbers a fact states, are left out for a reason, or are the page's own.

    Each counts once, as the first of these that it is.
    """
    left: dict[str, list[Span]] = {}
    for each in sorted(coverage.left, key=lambda each: each.reason):
        left.setdefault(each.reason, []).append(each.span)
    sentences = _fates(coverage.source.sentences, coverage.quotes, left, coverage.source.metadata)
    numbers = _fates(coverage.numbers, coverage.phrases, left, coverage.source.metadata)
    return {
        "source": coverage.source.iri,
        "sentences": _summed(sentences, left),
        "numbers": _summed(numbers, left),
        "left": [
            {
                "reason": reason,
                "because": REASONS[reason],
                "passages": len(spans),
                "sentences": sentences[reason],
                "numbers": numbers[reason],
            }
            for reason, spans in left.items()
        ],
    }


def _fates(
    wanted: Iterable[Span], stated: Iterable[Span], left: dict[str, list[Span]], metadata: Iterable[Span]
) -> Counter[str]:
    fates = {_STATED: list(stated), **left, _METADATA: list(metadata)}
    return Counter(
        next((fate for fate, spans in fates.items() if any(span.touches(one) for span in spans)), _MISSING)
        for one in wanted
    )


def _summed(fates: Counter[str], left: Iterable[str]) -> dict[str, int]:
    return {
        "all": fates.total(),
        "left": sum(fates[reason] for reason in left),
        **{fate: fates[fate] for fate in (_STATED, _METADATA, _MISSING)},
    }


_STATED, _METADATA, _MISSING = "stated", "metadata", "missing"


def _values(evidence: list[Evidence]) -> list[Span]:
    roles = {"ValueRole", "GrowthRole", "ShareRole", "RankRole", "TargetRole", "ConvertedRole"}
    return [reading.span for item in evidence for reading in item.readings if reading.role in roles]


def _exclusions(facts: FactFile, source: Source, values: list[Span], problems: Problems) -> Iterator[Left]:
    for exclusion in facts.exclusions:
        with problems.noting():
            yield Left(_excluded(facts, exclusion, source, values), exclusion.reason)


def _excluded(facts: FactFile, exclusion: Exclusion, source: Source, values: list[Span]) -> Span:
    span = find_once(exclusion.phrase, source.text, facts.file)
    for value in values:
        if span.touches(value):
            words = value.of(source.text)
            message = f"“{words}” is loaded by a fact and also listed as not loaded. Decide for one."
            raise DataFault.at(facts.file, exclusion.phrase.line, message)
    if exclusion.reason == NO_FIGURE and (numbers := find_numbers(span.of(source.text))):
        words = numbers[0].of(span.of(source.text))
        message = f"“{words}” is a number, so the reason cannot be “{NO_FIGURE}”."
        raise DataFault.at(facts.file, exclusion.phrase.line, message)
    return span


def _missing(facts: FactFile, coverage: Coverage) -> Iterator[Problem]:
    text = coverage.source.text
    for sentence in coverage.missing_sentences:
        words = sentence.of(text)
        yield Problem(
            facts.file,
            0,
            f"The sentence “{words}” is unaccounted for: quote it in a fact, or list it under “not loaded”.",
        )
    for number in coverage.missing_numbers:
        around = Span(max(number.start - 30, 0), min(number.end + 30, len(text))).of(text).replace("\n", " ")
        yield Problem(
            facts.file,
            0,
            f"The number “{number.of(text)}” in “…{around}…” is unaccounted for: "
            "state it in a fact, or list it under “not loaded”.",
        )


def _untouched(wanted: Iterable[Span], covered: Iterable[Span]) -> list[Span]:
    known = list(covered)
    return [span for span in wanted if not any(other.touches(span) for other in known)]
