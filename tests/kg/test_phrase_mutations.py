"""Every phrase of the two real fact files is changed in many ways; `kg check` refuses each change.

A change that leaves what is stated as it was ("the past year" for "last year", a quote that ends one word
later) is no mutation: such are told by their triples, not by a list. Most mutations are refused while the
phrase is read; the few that are not go through the whole of `kg check`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest
import yaml

from kg import build, names
from kg.coverage import account
from kg.facts import Entry, Exclusion, FactFile, read_facts
from kg.faults import DataFault
from kg.grounding import ground
from kg.grounding.keys import KEYS
from kg.lexicon import KINDS, Lexicon
from kg.lift import lift
from kg.readers import (
    find_numbers,
    find_readable,
    read_ahead,
    read_change,
    read_period,
    read_quantity,
    read_rank,
)
from kg.sources import Source, read_source
from kg.statements import Statement
from kg.yamlfile import Phrase

Meaning = set[tuple[str, str, str]]
SLUGS = ("e-my399-2021-03-30", "e-my399-2021-08-04")
EXCHANGED = (
    ("billion", "million"),
    ("million", "billion"),
    ("percent", "percentage points"),
    ("yuan", "dollars"),
    ("yuan", "yen"),
    ("$", "€"),
    ("more than ", ""),
    ("more than", "less than"),
    ("increas", "decreas"),
    ("year-on-year", "month-on-month"),
    ("first", "second"),
    ("Eight", "Nine"),
    ("eight", "nine"),
    ("four", "five"),
    ("one year", "two years"),
    ("Last year", "This year"),
    ("past year", "past two years"),
    ("reached", "did not reach"),
    ("Harbin", "Northport"),
)


@dataclass(frozen=True)
class Place:
    """One scalar of a fact file: the way to it, where it stands in the file, its key, and its text."""

    path: tuple[str | int, ...]
    key: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Original:
    """A real fact file, its article, and what it states."""

    raw: str
    facts: FactFile
    source: Source
    lexicon: Lexicon
    statements: dict[str, list[Statement]]
    meanings: dict[str, Meaning]
    meanings_of_keys: dict[str, list[str]] = field(default_factory=dict)

    def places(self) -> Iterator[Place]:
        for path, node in _scalars(yaml.compose(self.raw)):
            inner = {"members": "member", "not loaded": "exclusion"}
            key = next((inner[step] for step in path if step in inner), str(path[-1]))
            yield Place(path, key, node.value, node.start_mark.index, node.end_mark.index)

    def changed(self, place: Place, text: str) -> str:
        return self.raw[: place.start] + json.dumps(text, ensure_ascii=False) + self.raw[place.end :]

    def changed_facts(self, place: Place, text: str) -> FactFile | None:
        """What reading the changed file gives, without reading it; None where reading itself refuses."""
        match place.path:
            case ("city",):
                return replace(self.facts, city=Phrase(text.strip(), 0))
            case ("facts", int(index), *way):
                entries = list(self.facts.entries)
                entries[index] = _with_phrase(entries[index], way, Phrase(text.strip(), 0))
                return replace(self.facts, entries=tuple(entries))
            case ("not loaded", str(reason), int(index)):
                exclusions = list(self.facts.exclusions)
                (first, *_) = (i for i, each in enumerate(exclusions) if each.reason == reason)
                exclusions[first + index] = Exclusion(Phrase(text.strip(), 0), reason)
                return replace(self.facts, exclusions=tuple(exclusions))
        return None

    def others(self, key: str) -> list[str]:
        """Whatever else the article says of the kind of a key; asked for each of its places."""
        if key not in self.meanings_of_keys:
            self.meanings_of_keys[key] = list(dict.fromkeys(_other_meanings(self, key)))
        return self.meanings_of_keys[key]


def _with_phrase(entry: Entry, way: list[str | int], phrase: Phrase) -> Entry:
    match way:
        case ("members", int(index)):
            members = list(entry.members)
            members[index] = phrase
            return replace(entry, members=tuple(members))
        case ("quote",):
            return replace(entry, quote=phrase)
        case (str(key),):
            return replace(entry, phrases={**entry.phrases, key: phrase})
    raise AssertionError(way)


@pytest.fixture(scope="module", params=SLUGS)
def original(request, folders, real_lexicon) -> Original:
    path = folders.data / "facts" / f"{request.param}.yaml"
    source = read_source(folders.data / "sources" / path.name)
    facts = read_facts(path)
    statements = {
        _identity(entry, facts): ground(replace(facts, entries=(entry,)), source, real_lexicon)
        for entry in facts.entries
    }
    meanings = {key: _meaning(source, group, real_lexicon) for key, group in statements.items()}
    raw = path.read_text(encoding="utf-8")
    return Original(raw, facts, source, real_lexicon, statements, meanings)


@pytest.fixture
def folder(tmp_path: Path, folders: build.Folders) -> build.Folders:
    """The real inputs, but for a folder of facts that is written anew for each mutation."""
    data = tmp_path / "data"
    (data / "facts").mkdir(parents=True)
    for name in ("sources", "links", "reference"):
        (data / name).symlink_to(folders.data / name)
    for slug in SLUGS:
        (data / "facts" / f"{slug}.yaml").write_bytes((folders.data / "facts" / f"{slug}.yaml").read_bytes())
    return build.Folders(folders.ontology, folders.shapes, data)


def test_every_changed_phrase_is_refused(original, folder, refusals):
    passed = [
        f"{place.key}: {place.text!r} → {text!r}"
        for place in original.places()
        for text in dict.fromkeys(_changes(original, place))
        if text.strip() and text != place.text and not _refused(original, folder, refusals, place, text)
    ]
    assert passed == []
    assert len(refusals) > 500


def test_a_file_that_is_changed_reads_as_the_facts_that_are_changed(original, folder):
    """So most changed files need not be written and read."""
    for place in original.places():
        path = _write(original, folder, original.changed(place, f" “{place.text}”: \t#\n "))
        facts = original.changed_facts(place, f" “{place.text}”: \t#\n ")
        if facts is None:
            with pytest.raises(DataFault, match="The source should be"):
                read_facts(path)
        else:
            assert _said(read_facts(path)) == _said(facts) != _said(original.facts)


def _said(facts: FactFile) -> tuple[object, ...]:
    entries = [(_identity(entry, facts), sorted(entry.phrases)) for entry in facts.entries]
    return facts.city and facts.city.text, entries, [(x.phrase.text, x.reason) for x in facts.exclusions]


def test_every_key_that_is_left_out_though_its_words_stand_there_is_refused(original, folder, refusals):
    """Without its key a number is unaccounted for; other phrases are told from the rest of the sentence."""
    keys = "value|growth|share|rank|target|converted|ahead|reported by|share of|among|metric|group|members"
    passed = [
        line[0]
        for line in re.finditer(rf"^    (?:{keys}):.*\n", original.raw, re.MULTILINE)
        if not _refuses(original, folder, refusals, original.raw[: line.start()] + original.raw[line.end() :])
    ]
    assert passed == []


def _changes(original: Original, place: Place) -> Iterator[str]:
    yield from _digits(place.text)
    yield from (place.text.replace(old, new) for old, new in EXCHANGED)
    yield from _misspelt(place.text)
    yield from _shortened(place.text)
    yield from _lengthened(place.text, original.source.text)
    yield from _others_of_the_key(original, place)
    if place.key in KEYS:
        yield from original.others(place.key)
    if place.key in ("source", "city"):
        yield from (*SLUGS, "Heilongjiang province", "China", "Beijing")
    if place.key == "quote":
        yield from (sentence.of(original.source.text) for sentence in original.source.sentences)


def _digits(text: str) -> Iterator[str]:
    for digit in re.finditer(r"\d", text):
        yield f"{text[: digit.start()]}{(int(digit[0]) + 1) % 10}{text[digit.end() :]}"


def _misspelt(text: str) -> Iterator[str]:
    letter = re.search(r"[a-z]", text)
    if letter:
        yield text[: letter.start()] + text[letter.end() :]
    yield f"{text} indeed"
    yield text.swapcase()


def _shortened(text: str) -> Iterator[str]:
    """Every beginning and every end of a phrase: without its unit, its “more than”, its “year-on-year” …"""
    words = list(re.finditer(r"\S+", text))
    yield from (text[word.start() :] for word in words[1:])
    yield from (text[: word.end()] for word in words[:-1])


def _lengthened(text: str, article: str) -> Iterator[str]:
    for found in re.finditer(re.escape(text), article):
        if before := re.search(r"\S+\s+\Z", article[: found.start()]):
            yield before[0] + text
        if after := re.match(r"\S*\s+\S+", article[found.end() :]):
            yield text + after[0]


def _others_of_the_key(original: Original, place: Place) -> Iterator[str]:
    """The phrase of another entry: its quote, its value, its industry …"""
    entries = original.facts.entries
    yield from (entry.phrases[place.key].text for entry in entries if place.key in entry.phrases)
    if place.key in ("quote", "exclusion"):
        yield from (entry.quote.text for entry in entries)
    if place.key == "exclusion":
        yield from (entry.phrases[key].text for entry in entries for key in entry.phrases)


def _other_meanings(original: Original, key: str) -> Iterator[str]:
    """Whatever else the article says of the kind, and names of the kind that it does not have at all."""
    text, published = original.source.text, original.source.published
    if kind := KEYS[key].kind:
        yield from (mention.span.of(text) for mention in original.lexicon.mentions(text, kind, hidden=True))
        absent = [label for label in _labels(original.lexicon, kind) if label not in text]
        yield from absent[:3]
        yield from (label for label in _labels(original.lexicon, kind) if label in text)
    else:
        for read in (read_quantity, read_change, read_rank, read_ahead):
            yield from (span.of(text) for span, _ in find_readable(text, read))
        yield from (
            span.of(text) for span, _ in find_readable(text, partial(read_period, published=published))
        )
        yield from (span.of(text) for span in find_numbers(text))


def _labels(lexicon: Lexicon, kind: str) -> list[str]:
    assert kind in KINDS
    return [label.text for label in lexicon.of_kind(kind) if label.language == "en"]


def _refused(
    original: Original, folder: build.Folders, refusals: list[bool], place: Place, text: str
) -> bool:
    facts, raw = original.changed_facts(place, text), original.changed(place, text)
    return _refuses(original, folder, refusals, raw, facts)


def _refuses(
    original: Original, folder: build.Folders, refusals: list[bool], raw: str, facts: FactFile | None = None
) -> bool:
    """Whether `kg check` refuses a changed fact file; True also where nothing else is stated than before."""
    verdict = _verdict(original, facts or _write(original, folder, raw))
    if verdict is None:
        return True
    if not verdict:
        _write(original, folder, raw)
    refusals.append(verdict or _refused_by_check(folder))
    return refusals[-1]


def _write(original: Original, folder: build.Folders, raw: str) -> Path:
    path = folder.data / "facts" / f"{original.source.slug}.yaml"
    path.write_text(raw, encoding="utf-8")
    return path


def _verdict(original: Original, given: FactFile | Path) -> bool | None:
    """Whether the facts are refused as they are read; None where they state the same as before."""
    try:
        facts = read_facts(given) if isinstance(given, Path) else given
        entries = {_identity(entry, facts): entry for entry in facts.entries}
        stated = original.statements | {
            key: ground(replace(facts, entries=(entry,)), original.source, original.lexicon)
            for key, entry in entries.items()
            if key not in original.statements
        }
        account(facts, original.source, [item for key in entries for item in stated[key]])
    except DataFault:
        return True
    meanings = [
        original.meanings.get(key) or _meaning(original.source, stated[key], original.lexicon)
        for key in entries
    ]
    if len(entries) < len(facts.entries) or set().union(*meanings) != set().union(
        *original.meanings.values()
    ):
        return False
    return None


def _refused_by_check(folder: build.Folders) -> bool:
    try:
        build.check(folder)
    except (DataFault, build.NotConforming):
        return True
    return False


def _identity(entry: Entry, facts: FactFile) -> str:
    phrases = sorted((key, phrase.text) for key, phrase in entry.phrases.items())
    members = [member.text for member in entry.members]
    return repr((facts.city and facts.city.text, entry.quote.text, phrases, members))


def _meaning(source: Source, statements: Iterable[Statement], lexicon: Lexicon) -> Meaning:
    """The triples, apart from which words were read: quotes, readings, and the words of value and period."""
    words = {names.term("valueText"), names.term("periodText")}
    triples = lift(source, names.thing("organization", "any"), statements, lexicon)
    return {
        (str(s), str(p), str(o))
        for s, p, o in triples
        if str(p) not in words and not any("/reading/" in x or "/quote/" in x for x in (str(s), str(o)))
    }


def _scalars(
    node: yaml.Node, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], yaml.Node]]:
    if isinstance(node, yaml.ScalarNode):
        yield path, node
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            yield from _scalars(child, (*path, index))
    else:
        for key, child in node.value:
            yield from _scalars(child, (*path, key.value))
