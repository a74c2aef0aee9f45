"""Why? A fact with its sentences, how each word was read, what others state, and how to cite it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from kg import names
from server import errors
from server.assistants import known
from server.pages import fact, links
from server.pages.language import ENGLISH, language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.assistants.ground import Ground
    from server.pages.evidence import QuoteView
    from server.pages.reasoning import Step
    from server.pages.relatives import Group, Rival
    from server.pages.statements import StatementView


@dataclass(frozen=True)
class Sentence:
    """A sentence of a source, to the letter; ``says`` are the words in it that state the fact."""

    text: str
    says: list[str]
    title: str
    publisher: str | None
    date: str
    url: str | None


@dataclass(frozen=True)
class Reading:
    """A phrase of a source (null where it is silent), what it was read as, and why."""

    source: str
    role: str
    words: str | None
    read_as: str
    notes: list[str]


@dataclass(frozen=True)
class Other:
    """Another figure: how the two hang together, what it says, and what can be said of both."""

    relation: str
    name: str
    number: str
    note: str
    sources: list[str]


@dataclass(frozen=True)
class Explained:
    """A fact and all that it rests on; ``number`` is null for a fact that has none."""

    name: str
    iri: str
    fact: str
    number: str | None
    kind: str | None
    reported_by: str | None
    sentences: list[Sentence]
    readings: list[Reading]
    voices: str | None
    others: list[Other]
    doubts: list[str]
    citation: str
    bibtex: str


def explain(ground: Ground, name: str) -> Explained:
    """Explain a figure, a recognition or a relation; raises BadRequest for a thing that is no such fact."""
    iri = known.meant(ground, name)
    if known.kind_of(iri) not in _FACTS:
        raise errors.BadRequest(
            f"{names.compact(iri)} is a {known.kind_of(iri)} and no fact with a sentence of its own. "
            "search with kind=obs finds figures; describe_thing tells what points to it."
        )
    page = fact.page(ground.catalog, iri, ENGLISH, language("zh-Hans"))
    return Explained(
        name=names.compact(iri),
        iri=iri,
        fact=page.line,
        number=page.number or None,
        kind=page.kind or None,
        reported_by=page.reporter.text if page.reporter else None,
        sentences=[_sentence(each) for each in page.grounds.quotes],
        readings=[_reading(some.source.text, each) for some in page.grounds.steps for each in some.steps],
        voices=page.grounds.voices or page.alone or None,
        others=[*map(_rival, page.rivals), *(each for group in page.groups for each in _related(group))],
        doubts=[each.text for each in page.doubts],
        citation=page.citing.text,
        bibtex=page.citing.bibtex,
    )


_FACTS: Final = ("obs", "recognition", "relation")


def _sentence(view: QuoteView) -> Sentence:
    return Sentence(
        "".join(each.text for each in view.segments),
        [each.text for each in view.segments if each.marked],
        view.source.text,
        view.publisher.text if view.publisher else None,
        view.date,
        view.url,
    )


def _reading(source: str, step: Step) -> Reading:
    words = step.words.text if step.words else None
    return Reading(source, step.role, words, step.read_as.text, [each.text for each in step.notes])


def _rival(rival: Rival) -> Other:
    sources = [each.text for each in rival.sources]
    return Other("also stated of the same", _name(rival.figure), rival.figure.number, rival.verdict, sources)


def _related(group: Group) -> Iterator[Other]:
    for each in group.figures:
        yield Other(group.title, _name(each.figure), each.figure.number, each.note, [])


def _name(view: StatementView) -> str:
    return names.compact(links.published(view.href))


def told(explained: Explained) -> str:
    """Write an explanation to be read, the sentence first."""
    head = ": ".join(filter(None, [explained.fact, explained.number]))
    lines = [f"{head} ({explained.name})", *filter(None, [explained.kind])]
    for each in explained.sentences:
        where = ", ".join(filter(None, [each.title, each.publisher, each.date, each.url]))
        lines += [f"Sentence: “{each.text}”", f"  in: {where}"]
        lines += [f"  it says: “{words}”" for words in each.says]
    lines += [f"Reported by: {explained.reported_by}"] if explained.reported_by else []
    for source, readings in groupby(explained.readings, key=lambda each: each.source):
        lines += [f"How it was read in “{source}”:", *map(_reading_told, readings)]
    lines += filter(None, [explained.voices])
    lines += [_other_told(each) for each in explained.others]
    lines += [f"A doubt of the editors: {each}" for each in explained.doubts]
    return "\n".join([*lines, f"Cite it as: {explained.citation}"])


def _reading_told(each: Reading) -> str:
    words = f"“{each.words}”" if each.words else "nothing in the text"
    return " ".join([f"- {each.role}: {words} was read as {each.read_as}.", *each.notes])


def _other_told(each: Other) -> str:
    sources = f" ({', '.join(each.sources)})" if each.sources else ""
    return f"{each.relation}: {each.number} ({each.name}){sources}. {each.note}".strip()
