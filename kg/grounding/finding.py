"""Finding: where each phrase of an entry stands in the article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from heapq import nlargest
from typing import Any

from kg.facts import FIGURE_KEYS, Entry
from kg.faults import DataFault, Problem, Problems
from kg.grounding.keys import KEYS, NUMBER_KEYS, Reader
from kg.lexicon import Lexicon
from kg.readers import find_readable, read_period
from kg.sources import Source
from kg.spans import Span, find
from kg.yamlfile import Phrase, close_to


@dataclass(frozen=True, slots=True)
class Located:
    """An entry whose phrases were found: where each stands, and how to speak of it."""

    entry: Entry
    source: Source
    lexicon: Lexicon
    quote: Span
    spans: Mapping[str, Span]
    members: tuple[Span, ...]

    @property
    def sentence(self) -> Span:
        """The whole sentence that the quote stands in."""
        return self.source.sentences_of(self.quote)

    @property
    def anchor(self) -> Span:
        """The first number of the entry; where it has none, the name of what it is about."""
        return next(iter(self.numbers.values()), self.spans.get(self.entry.kind, self.quote))

    @property
    def numbers(self) -> dict[str, Span]:
        """Where the entry's numbers stand, by key."""
        return {key: self.spans[key] for key in NUMBER_KEYS if key in self.spans}

    def scope(self, name: str) -> Span:
        """Return a stretch by its name: the quote, its sentence, or the whole article."""
        if name == "quote":
            return self.quote
        return self.sentence if name == "sentence" else Span(0, len(self.source.text))

    def problem(self, key: str, message: str) -> Problem:
        """Return a problem with the phrase of a key; with the quote, where the entry lacks the key."""
        phrase = self.entry.phrases.get(key, self.entry.quote)
        return Problem(self.entry.file, phrase.line, message)


def locate(entry: Entry, source: Source, lexicon: Lexicon) -> Located:
    """Find every phrase of an entry; raises DataFault with all that are not where they should be."""
    quote = find_once(entry.quote, source.text, entry.file)
    located = Located(entry, source, lexicon, quote, {}, ())
    if sum(sentence.touches(quote) for sentence in source.sentences) > 1:
        raise DataFault([located.problem("quote", "The quote runs over the end of a sentence. Quote one.")])
    problems = Problems()
    spans: dict[str, Span] = {}
    for key in sorted(entry.phrases, key=_figures_first):
        with problems.noting():
            spans[key] = _place(replace(located, spans=spans), key, entry.phrases[key])
    members = []
    for member in entry.members:
        with problems.noting():
            members.append(_place(located, "member", member))
    problems.settle()
    return replace(located, spans=spans, members=tuple(members))


def find_once(phrase: Phrase, text: str, file: str) -> Span:
    """Return the one place of a phrase in a text; raises DataFault when there is none, or more than one."""
    found = find(phrase.text, text)
    if len(found) == 1:
        return found[0]
    raise DataFault.at(
        file,
        phrase.line,
        _absent(phrase.text, text) if not found else _repeated(phrase.text, found),
    )


def readable(located: Located, reader: Reader, stretch: Span) -> list[tuple[Span, Any]]:
    """Return what a reader can read in a stretch of the article, the longest phrases."""
    found = _phrases(stretch.of(located.source.text), reader, located.source.published)
    return [(span.shifted(stretch.start), meaning) for span, meaning in found]


@lru_cache(maxsize=1024)
def _phrases(text: str, reader: Reader, published: date) -> tuple[tuple[Span, Any], ...]:
    """The same sentence is read for each of its phrases."""
    read = partial(reader, published=published) if reader is read_period else reader
    return tuple(find_readable(text, read))


def named(located: Located, kind: str, stretch: Span, *, hidden: bool = False) -> list[tuple[Span, Any]]:
    """Return what a stretch of the article names, the longest names."""
    found = located.lexicon.mentions(stretch.of(located.source.text), kind, hidden=hidden)
    return [(span.shifted(stretch.start), iri) for span, iri in found]


def _figures_first(key: str) -> int:
    return FIGURE_KEYS.index(key) if key in FIGURE_KEYS else len(FIGURE_KEYS)


def _place(located: Located, key: str, phrase: Phrase) -> Span:
    """Return where the phrase of a key stands: in its scope, else before the quote, as near as can be."""
    text, scope = located.source.text, KEYS[key].scope
    stretch, sentence = located.scope(scope), located.sentence
    everywhere = find(phrase.text, text)
    near = [span for span in everywhere if stretch.holds(span)]
    if scope == "quote" and len(near) > 1:
        raise DataFault.at(located.entry.file, phrase.line, _repeated(phrase.text, near))
    inside = [span for span in near if sentence.holds(span)]
    before = [span for span in near if span.end <= located.quote.start and not _of_page(located, span)]
    if inside:
        return min(inside, key=lambda span: (not located.quote.holds(span), span.gap(located.anchor)))
    if before:
        return before[-1]
    message = (
        f"“{phrase.text}” ({key}) stands in the article, but not in the {_SCOPES[scope]}."
        if everywhere
        else ""
    )
    raise DataFault.at(located.entry.file, phrase.line, message or _absent(phrase.text, text))


def _of_page(located: Located, span: Span) -> bool:
    """Whether words stand in a line on the page itself, such as its date, which says nothing on the city."""
    return any(line.holds(span) for line in located.source.page_lines)


_SCOPES = {"quote": "quote", "sentence": "sentence of the quote", "article": "quote or before it"}


def _absent(phrase: str, text: str) -> str:
    """Say that a phrase is not in the article, and what in it is spelled alike."""
    words, wanted = text.split(), phrase.split()
    windows = [words[i : i + len(wanted)] for i in range(max(len(words) - len(wanted) + 1, 0))]
    likely = nlargest(_COMPARED, windows, key=lambda window: len({*window} & {*wanted}))
    candidates = likely if len(wanted) > _FEW else windows
    near = close_to(phrase, map(" ".join, candidates))[:1] if len(phrase) < _LONG else []
    return f"The article does not say “{phrase}”." + (f" It says “{near[0]}”." if near else "")


# To compare spelling is slow: only short phrases are held against every stretch of the article.
_FEW, _COMPARED, _LONG = 2, 5, 1000


def _repeated(phrase: str, found: list[Span]) -> str:
    return f"“{phrase}” stands there {len(found)} times. Quote more words, so that one place is meant."
