"""The text of an article, cut where phrases, quotes and exclusions begin and end.

They may overlap and lie in one another, and the text may be known in parts only. Pure: places and words in,
pieces to show out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Final

from server.pages.account import touches
from server.pages.evidence import anchor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from server.pages.account import Account, Left, Place


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that were read: where they lead, what they are, and whether they are the number itself."""

    place: Place
    href: str | None
    note: str
    is_value: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is shown in one way; ``reason`` ends a stretch that is left out."""

    is_hole: ClassVar = False
    text: str
    anchors: tuple[str, ...] = ()
    phrase: Phrase | None = None
    is_quoted: bool = False
    is_left: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """What is not shown: whole sentences, or a part of one where it is 0; and why that is left out."""

    sentences: int = 0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of pieces and gaps."""

    place: Place
    pieces: tuple[Piece | Gap, ...]

    @property
    def is_hidden(self) -> bool:
        """Whether none of it is shown."""
        return not any(isinstance(each, Piece) for each in self.pieces)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand together; ``is_page`` where they speak of the page and not of its subject."""

    sentences: tuple[Sentence, ...]
    is_page: bool = False

    @property
    def place(self) -> Place:
        """Where it stands in the article."""
        return self.sentences[0].place[0], self.sentences[-1].place[1]

    @property
    def gap(self) -> Gap | None:
        """What to show where none of it is known; None where some is."""
        if not all(each.is_hidden for each in self.sentences):
            return None
        return Gap(len(self.sentences), _reasons(self.sentences))


@dataclass(frozen=True, slots=True)
class Article:
    """What is known of a text, and what was found in it. ``known`` are words by their first code point."""

    known: tuple[tuple[int, str], ...]
    account: Account
    quotes: tuple[tuple[Place, str], ...]
    """Where each quote stands, and its slug."""
    phrases: tuple[Phrase, ...]


def paragraphs(article: Article) -> tuple[Paragraph, ...]:
    """Cut an article into paragraphs of sentences of pieces.

    >>> from server.pages.account import Account
    >>> article = Article(((0, "It rose. "), (20, "By 9.")), Account(((0, 8), (9, 19), (20, 25))), (), ())
    >>> [[each.text if isinstance(each, Piece) else each for each in sentence.pieces]
    ...  for paragraph in paragraphs(article) for sentence in paragraph.sentences]
    [['It rose.'], [Gap(sentences=1, reasons=())], ['By 9.']]
    """
    return _Cutter(article).paragraphs()


def merged(known: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """Put together the words that overlap or touch.

    >>> merged([(14, "four"), (0, "one two"), (4, "two three")])
    [(0, 'one two three'), (14, 'four')]
    """
    found: list[tuple[int, str]] = []
    for start, text in sorted(known, key=lambda each: (each[0], -len(each[1]))):
        first, last = found[-1] if found else (0, "")
        end = first + len(last)
        if found and start <= end:
            found[-1] = (first, last + text[end - start :])
        else:
            found.append((start, text))
    return found


PAGE_LINE: Final = "about the page itself"
"""The reason for lines such as the date and the author."""


class _Cutter:
    """One article while it is cut."""

    def __init__(self, article: Article) -> None:
        self.islands = merged(article.known)
        self.account, self.quotes = article.account, article.quotes
        self.phrases = sorted(article.phrases, key=_nearest)
        places = (
            *(place for place, _ in self.quotes),
            *((start, start + len(text)) for start, text in self.islands),
            *(each.place for each in self.phrases),
            *(each.place for each in self.account.left),
        )
        self.cuts = sorted({edge for place in places for edge in place})
        self.anchors: dict[int, list[str]] = {}
        for place, slug in self.quotes:
            self.anchors.setdefault(place[0], []).extend((anchor("q", *place), slug))
        for place in dict.fromkeys(each.place for each in self.phrases):
            self.anchors.setdefault(place[0], []).append(anchor("p", *place))

    def paragraphs(self) -> tuple[Paragraph, ...]:
        sentences = [Sentence(place, self._pieces(place)) for place in self._places()]
        groups: list[list[Sentence]] = []
        for sentence in sentences:
            if groups and self._stand_together(groups[-1][-1].place, sentence.place):
                groups[-1].append(sentence)
            else:
                groups.append([sentence])
        found = (Paragraph(tuple(group), self._is_page(group[0].place)) for group in groups)
        return tuple(_with_hidden_joined(found))

    def _places(self) -> list[Place]:
        """Return the sentences; without an account, the lines of what is known."""
        lines = [
            (start + first, start + first + len(line.rstrip()))
            for start, text in self.islands
            for first, line in _lines(text)
        ]
        known = self.account.sentences
        return sorted([*known, *(each for each in lines if not any(touches(each, other) for other in known))])

    def _stand_together(self, one: Place, two: Place) -> bool:
        between = self._text(one[1], two[0])
        return bool(self.account.sentences) and two[0] - one[1] <= 1 and "\n" not in (between or "")

    def _is_page(self, place: Place) -> bool:
        return any(touches(place, each) for each in self.account.metadata)

    def _pieces(self, place: Place) -> tuple[Piece | Gap, ...]:
        first, last = bisect_right(self.cuts, place[0]), bisect_left(self.cuts, place[1])
        edges = [place[0], *self.cuts[first:last], place[1]]
        phrases = [each for each in self.phrases if touches(each.place, place)]
        quotes = [each for each, _ in self.quotes if touches(each, place)]
        left = [each for each in self.account.left if touches(each.place, place)]
        found: list[Piece | Gap] = []
        for start, end in pairwise(edges):
            _add(
                found,
                self._piece(start, end, phrases, quotes, left),
                is_end=start == place[0] or end == place[1],
                length=end - start,
            )
        if not any(isinstance(each, Piece) for each in found):
            return (Gap(1, (PAGE_LINE,) if self._is_page(place) else self._reasons(place)),)
        return tuple(found)

    def _piece(
        self,
        start: int,
        end: int,
        phrases: Iterable[Phrase],
        quotes: Iterable[Place],
        all_left: Iterable[Left],
    ) -> Piece | Gap:
        text, here = self._text(start, end), (start, end)
        left = next((each for each in all_left if touches(each.place, here)), None)
        if text is None:
            return Gap(0, (left.reason,) if left else ())
        return Piece(
            text,
            tuple(self.anchors.get(start, ())),
            next((each for each in phrases if touches(each.place, here)), None),
            is_quoted=any(touches(each, here) for each in quotes),
            is_left=left is not None,
            reason=left.reason if left and left.place[1] == end else "",
        )

    def _text(self, start: int, end: int) -> str | None:
        """Return the words of a stretch, None where they are not known."""
        for first, text in self.islands:
            if first <= start and end <= first + len(text):
                return text[start - first : end - first]
        return None

    def _reasons(self, place: Place) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.reason for each in self.account.left if touches(each.place, place)))


def _nearest(phrase: Phrase) -> tuple[bool, int, Place]:
    """Of the phrases around a word, the number comes first, then the shortest."""
    start, end = phrase.place
    return not phrase.is_value, end - start, phrase.place


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that hold something, each with its first code point."""
    first = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            inner = line.lstrip()
            yield first + len(line) - len(inner), inner
        first += len(line)


def _add(found: list[Piece | Gap], piece: Piece | Gap, *, is_end: bool, length: int) -> None:
    """Add a piece, one with its neighbour where the two look the same; a full stop alone is no gap."""
    last = found[-1] if found else None
    if isinstance(piece, Gap):
        if isinstance(last, Gap):
            found[-1] = Gap(0, tuple(dict.fromkeys((*last.reasons, *piece.reasons))))
        elif not is_end or length > 1:
            found.append(piece)
    elif isinstance(last, Piece) and not piece.anchors and not last.reason and _alike(last, piece):
        found[-1] = replace(last, text=last.text + piece.text, reason=piece.reason)
    else:
        found.append(piece)


def _alike(one: Piece, two: Piece) -> bool:
    return (one.phrase, one.is_quoted, one.is_left) == (two.phrase, two.is_quoted, two.is_left)


def _with_hidden_joined(found: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Yield the paragraphs, with those that are hidden put together where they follow each other."""
    hidden: list[Sentence] = []
    for paragraph in found:
        if paragraph.gap:
            hidden.extend(paragraph.sentences)
            continue
        if hidden:
            yield Paragraph(tuple(hidden))
            hidden = []
        yield paragraph
    if hidden:
        yield Paragraph(tuple(hidden))


def _reasons(sentences: Sequence[Sentence]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            reason
            for sentence in sentences
            for each in sentence.pieces
            if isinstance(each, Gap)
            for reason in each.reasons
        )
    )
