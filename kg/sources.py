"""The articles: a text kept exactly as it came, and what its page says about it.

``sources/<slug>.txt`` is the text, ``sources/<slug>.yaml`` its metadata; ``sources/README.md`` describes
both.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from kg import names, yamlfile
from kg.faults import DataFault, Problem
from kg.spans import Span, find
from kg.yamlfile import Phrase

_REQUIRED = ("title", "dateline", "publisher", "address", "sha256")
_OPTIONAL = ("section", "byline")
_PRINTED = ("title", "dateline", "section", "byline")
_DATELINE = re.compile(r"(?P<label>[^:]*?)\s*:?\s*(?P<date>\d{4}-\d{2}-\d{2})")
_SENTENCE_END = re.compile(r"""[.!?]["”’)\]]*(?=\s+["“‘(\[]?[A-Z0-9])""")
_ABBREVIATION = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Gov|St|Mt|No|Nos|Inc|Ltd|Co|Corp|e\.g|i\.e|vs|approx|[A-Z](?:\.[A-Z])*"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)


@dataclass(frozen=True, slots=True)
class Source:
    """One article: its text, and what the page around it says."""

    slug: str
    file: str
    text: str
    title: str
    publisher: Phrase
    published: date
    date_label: str
    address: str
    sha256: str
    sentences: tuple[Span, ...]
    metadata: tuple[Span, ...]

    @property
    def iri(self) -> str:
        """The IRI of the source."""
        return names.thing("source", self.slug)

    @property
    def page_lines(self) -> tuple[Span, ...]:
        """The lines that speak of the page and not of the city: all metadata but the headline."""
        return self.metadata[1:]

    def sentences_of(self, span: Span) -> Span:
        """Return the whole sentences that a stretch lies in."""
        touched = [sentence for sentence in self.sentences if sentence.touches(span)]
        return Span(min(s.start for s in touched), max(s.end for s in touched))


def read_source(path: Path) -> Source:
    """Read an article by the path of its metadata.

    Raises DataFault: no such text, a text that changed, metadata that are missing or not on the page.
    """
    fields = yamlfile.read_mapping(path, required=_REQUIRED, optional=_OPTIONAL)
    text = _text(path, fields["sha256"])
    problems = [
        Problem(
            str(path),
            fields[key].line,
            f"“{fields[key].text}” ({key}) is not on the page {path.stem}.txt.",
        )
        for key in _PRINTED
        if key in fields and not find(fields[key].text, text)
    ]
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", fields["address"].text):
        problems.append(
            Problem(
                str(path),
                fields["address"].line,
                "The address should be the http(s) IRI of the page.",
            )
        )
    if problems:
        raise DataFault(problems)
    label, published = _dateline(path, fields["dateline"])
    return Source(
        slug=path.stem,
        file=str(path),
        text=text,
        title=fields["title"].text,
        publisher=fields["publisher"],
        published=published,
        date_label=label,
        address=fields["address"].text,
        sha256=fields["sha256"].text,
        sentences=tuple(split_sentences(text)),
        metadata=tuple(find(fields[key].text, text)[0] for key in _PRINTED if key in fields),
    )


def split_sentences(text: str) -> list[Span]:
    """Return the sentences of a text; a line is a paragraph, and a headline is a sentence.

    >>> text = "It rose. Mr. Li said 9.3 percent."
    >>> [span.of(text) for span in split_sentences(text)]
    ['It rose.', 'Mr. Li said 9.3 percent.']
    """
    return [span for line in re.finditer(r"[^\r\n]+", text) for span in _split(text, *line.span())]


def _split(text: str, start: int, end: int) -> list[Span]:
    ends = [
        m.end()
        for m in _SENTENCE_END.finditer(text, start, end)
        if not _ABBREVIATION.search(text, start, m.end())
    ]
    cuts = [start, *ends, end]
    return [span for a, b in pairwise(cuts) if (span := _strip(text, a, b)).start < span.end]


def _strip(text: str, start: int, end: int) -> Span:
    inner = text[start:end]
    return Span(start + len(inner) - len(inner.lstrip()), end - (len(inner) - len(inner.rstrip())))


def _text(path: Path, stated: Phrase) -> str:
    article = path.with_suffix(".txt")
    try:
        content = article.read_bytes()
    except OSError as error:
        advice = f"The text of the article cannot be read: {error.strerror}. Put it beside {path.name}."
        raise DataFault.at(article, 0, advice) from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != stated.text:
        advice = "Restore it; if another text is meant, check every quote against it first."
        raise DataFault.at(path, stated.line, f"The text changed: its SHA-256 is {digest}. {advice}")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataFault.at(article, 0, f"The text is not UTF-8: byte {error.start}.") from error


def _dateline(path: Path, phrase: Phrase) -> tuple[str, date]:
    match = _DATELINE.fullmatch(phrase.text)
    try:
        return match["label"], date.fromisoformat(match["date"])  # type: ignore[index]  # None is caught below
    except (TypeError, ValueError) as error:
        advice = "The dateline should be the page's label and date, as in “Updated : 2021-03-30”."
        raise DataFault.at(path, phrase.line, advice) from error
