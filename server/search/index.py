"""The search index of a snapshot, as pages ask it: what is called so, or nearly so, and what says so.

A stranger's text is only ever bound, and only what ``matching`` leaves of it: letters and digits. So it
can be no query of its own, and nothing in it has to be refused.

What is found is in the order of how well it matches (``Level``); what matches alike is in the order of the
index: things before facts and these before sentences, and in each kind what is used most, or newest, first.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kg import folding, names
from kg.faults import SnapshotFault
from server.search import matching
from server.search.matching import LONGEST, Level, Name, Query

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import TypeAlias

    from kg.snapshot import Snapshot

    Groups: TypeAlias = Sequence[Sequence[str]]
    """For each word asked for, the words that will do."""
    Step: TypeAlias = "tuple[_Match, Iterable[int]]"
    """How some entries match, and their numbers."""

MOST: Final = 1000
"""Matches of a kind that can be had; where there are more, one has to ask for less."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found, and its number in the index.

    ``text`` is its label or its sentence, ``name`` the name of it that matches best, ``score`` how alike that
    is to what was asked for (0 to 100); ``words`` and the beginning ``begun`` are what to mark in it.
    """

    number: int
    iri: str
    kind: str
    text: str
    language: str
    level: Level
    score: float
    name: str
    name_language: str
    by_sound: bool
    words: frozenset[str]
    begun: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits; how many there are in all and of each kind; the kinds that have more than ``MOST``."""

    hits: tuple[Hit, ...]
    total: int
    counts: dict[str, int]
    more: frozenset[str]


class Evidence(NamedTuple):
    """The source of a sentence, and the facts that it states."""

    source: str
    facts: tuple[str, ...]


class _Kind(NamedTuple):
    """A kind of things, the first and last number of its entries, and whether the index has their names."""

    name: str
    first: int
    last: int
    is_named: int


class _Span(NamedTuple):
    """Kinds that stand together; ``parts`` are looked at one by one where a look at all is cut short."""

    first: int
    last: int
    is_named: int
    parts: tuple[_Kind, ...] = ()


class _Entry(NamedTuple):
    """What stands in the index under a number; the IRI has no base."""

    number: int
    iri: str
    text: str
    language: str


class _Known(NamedTuple):
    """The words that one word may stand for, and how many entries have any of them, at most."""

    group: list[str]
    entries: int
    has_slip: bool


class _Connection(NamedTuple):
    """The connection of one thread; closing it in the middle of a query would end the process."""

    connection: sqlite3.Connection
    in_use: threading.Lock


class _Match(NamedTuple):
    """How an entry matches, and which query it was that found it, with the words that will do."""

    level: Level
    query: Query
    words: frozenset[str]
    begun: str = ""


class Index:
    """The index of one snapshot, which never changes; any thread may ask it."""

    is_there = True

    def __init__(self, path: Path) -> None:
        """Open the file; raises SnapshotFault where it is none of ours."""
        self._address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        self._of_thread = threading.local()
        self._connections: list[_Connection] = []
        self._lock = threading.Lock()
        self._is_closed = False
        try:
            self._kinds = tuple(_Kind(*row) for row in self._ask("kinds"))
            self._lasts = [each.last for each in self._kinds]
        except sqlite3.Error as error:
            self.close()
            raise _damaged(path, str(error)) from error

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of things that there are, in the order of the index."""
        return tuple(each.name for each in self._kinds)

    def find(
        self, text: str, *, kinds: Collection[str] | None = None, limit: int = 20, offset: int = 0
    ) -> list[Hit]:
        """Return the best matches, and look no further than for those."""
        spans = self._spans_of(self.kinds if kinds is None else kinds)
        matches = self._matches(matching.asked(text), spans, offset + limit, enough=offset + limit)
        return self._hits(_in_order(matches)[offset : offset + limit])

    def called(self, text: str, *, kinds: Collection[str], limit: int) -> list[Hit]:
        """Return what is called exactly so."""
        query, spans = matching.asked(text), self._spans_of(kinds)
        steps = islice(self._exact(query, spans, limit), 1) if query.key else ()
        return self._hits(_in_order(_first(steps, limit))[:limit])

    def spelled_well(self, text: str, *, kinds: Collection[str], limit: int) -> list[Hit]:
        """Return the best matches without a slip of the pen."""
        query, spans = matching.asked(text), self._spans_of(kinds)
        steps = self._exact(query, spans, limit) if query.key else ()
        return self._hits(_in_order(_first(steps, limit))[:limit])

    def spelled_ill(self, text: str, *, kinds: Collection[str], limit: int) -> list[Hit]:
        """Return what ``spelled_well`` does not: with slips, by sound, or with some of the words."""
        query, spans = matching.asked(text), self._spans_of(kinds)
        found: dict[int, _Match] = {}
        steps = self._inexact(query, spans, limit, found) if query.key else ()
        return self._hits(_in_order(_first(steps, limit, found))[:limit])

    def search(
        self, text: str, *, kinds: Collection[str] | None = None, limit: int = 20, offset: int = 0
    ) -> Found:
        """Return some of the matches, and how many there are of each kind, wanted or not."""
        spans = _spans(self._kinds, in_parts=True)
        counts = dict.fromkeys(self.kinds, 0)
        shown, more = [], set()
        for number, match in _in_order(self._matches(matching.asked(text), spans, MOST + 1)):
            kind = self._kind_of(number)
            if counts[kind] == MOST:
                more.add(kind)
                continue
            counts[kind] += 1
            if kinds is None or kind in kinds:
                shown.append((number, match))
        return Found(
            tuple(self._hits(shown[offset : offset + limit])),
            len(shown),
            {kind: count for kind, count in counts.items() if count},
            frozenset(more),
        )

    def browse(self, kind: str = "", *, limit: int = 20, offset: int = 0) -> Found:
        """Return some of what there is of a kind, in the order of the index, and how much there is of each.

        Without a kind nothing is returned but that.
        """
        counts = {each.name: each.last - each.first + 1 for each in self._kinds}
        first = next((each.first for each in self._kinds if each.name == kind), 0)
        numbers = range(first, first + counts.get(kind, 0))[offset : offset + limit]
        shown = [(number, _match(Level.KIND, matching.asked(""), ())) for number in numbers]
        return Found(tuple(self._hits(shown)), counts.get(kind, 0), counts, frozenset())

    def suggest(self, start: str, limit: int = 8) -> list[Hit]:
        """Return what a reader may be about to type: things that have a name."""
        return self.find(start, kinds=self._named, limit=limit)

    def nearest(self, kind: str, slug: str, limit: int = 5) -> list[Hit]:
        """Return what may be meant by an address that leads nowhere.

        A thing of that very name first, of whichever kind; then what is alike, that of the same kind first.
        """
        text = slug[:LONGEST].replace("-", " ")
        found = [
            hit for kinds in ([kind], self._named) for hit in self.find(text, kinds=kinds, limit=_MOST_NEAR)
        ]
        ordered = sorted(found, key=lambda hit: (hit.level, hit.kind != kind, -hit.score))
        return list({hit.iri: hit for hit in ordered}.values())[:limit]

    def evidence(self, hits: Iterable[Hit]) -> dict[str, Evidence]:
        """Return source and facts of each sentence that was found, by the sentence's IRI."""
        rows = self._ask("evidence", json.dumps([hit.number for hit in hits]))
        return {
            names.BASE + sentence: Evidence(
                names.BASE + source, tuple(names.BASE + fact for fact in json.loads(facts))
            )
            for sentence, source, facts in rows
        }

    def close(self) -> None:
        """Let go of the file in every thread, as soon as each has its rows; nothing can be asked any more."""
        with self._lock:
            self._is_closed = True
            for each in self._connections:
                with each.in_use:
                    each.connection.close()

    # Which entries match, by their numbers

    def _matches(
        self, query: Query, spans: Sequence[_Span], most: int, enough: int | None = None
    ) -> dict[int, _Match]:
        """Return how each entry matches: at each level ``most`` of each span, until there are ``enough``."""
        found: dict[int, _Match] = {}
        steps = self._steps(query, spans, most, found) if query.key and spans else ()
        return _first(steps, enough, found)

    def _steps(
        self, query: Query, spans: Sequence[_Span], most: int, found: dict[int, _Match]
    ) -> Iterator[Step]:
        """Yield what matches, the best first; ``found`` is what has been found until then."""
        yield from self._exact(query, spans, most)
        yield from self._inexact(query, spans, most, found)

    def _inexact(
        self, query: Query, spans: Sequence[_Span], most: int, found: dict[int, _Match]
    ) -> Iterator[Step]:
        """Yield what comes near: with slips where little is found, with fewer words where nothing is."""
        sharing = cache(self._sharing)
        for slips, level in ((1, Level.SLIP), (2, Level.SLIPS)):
            if len(found) < _FEW and len(query.words) <= _MOST_WITH_SLIPS:
                groups = [_alike(word, slips, sharing(word)) for word in query.words]
                if any(len(group) > 1 for group in groups):
                    yield _match(level, query, groups), self._having(groups, spans, most)
        if not found and folding.is_chinese(query.key):
            sounds = dict(self._ask("sounds", json.dumps(sorted(set(query.key)))))
            for match, numbers in self._exact(matching.spoken(query, sounds), spans, most):
                yield match._replace(level=Level.SOUND), numbers
        if not found and len(query.words) > 1:
            yield from self._partly(query, spans, most)

    def _exact(self, query: Query, spans: Sequence[_Span], most: int) -> Iterator[Step]:
        """Yield what is called so, what has a name that begins so, and what has all the words."""
        groups = [[word] for word in query.words]
        yield _match(Level.NAME, query, groups), self._called("named", spans, most, query.key)
        end = query.key + _LAST
        yield (
            _match(Level.START, query, groups, query.last),
            self._called("starting", spans, most, query.key, end),
        )
        yield _match(Level.WORDS, query, groups), self._having(groups, spans, most)
        begun = self._begun(query)
        if len(begun) > 1:
            groups = [*groups[:-1], begun]
            yield _match(Level.BEGUN, query, groups, query.last), self._having(groups, spans, most)

    def _partly(self, query: Query, spans: Sequence[_Span], most: int) -> Iterator[Step]:
        """Yield what has some of the words, those that are spelled well before those with slips.

        There are two ways to choose: the rarest word first, or the first one first, and then each other word
        that something has as well. The way that keeps more words is taken.
        """
        slips = 2 if len(query.words) <= _MOST_WITH_SLIPS else 0
        known = [each for word in query.words if (each := self._known(word, slips)).entries]
        rarest = sorted(known, key=lambda each: (each.has_slip, each.entries))
        ways = (rarest, sorted(known, key=lambda each: each.has_slip))
        kept = max((self._together([each.group for each in way], spans) for way in ways), key=len)
        yield _match(Level.SOME, query, kept), self._having(kept, spans, most)

    def _known(self, word: str, slips: int) -> _Known:
        """Return the word itself where something has it, else the words that it may be with slips."""
        entries = self._frequency([word])
        if entries:
            return _Known([word], entries, has_slip=False)
        group = _alike(word, slips, self._sharing(word) if slips else ())
        return _Known(group, self._frequency(group), has_slip=True)

    def _together(self, groups: Groups, spans: Sequence[_Span]) -> list[Sequence[str]]:
        """Return the first group, and each other one of which something has a word with those before."""
        kept: list[Sequence[str]] = []
        for group in groups[:_MOST_TRIES]:
            if any(True for _ in self._having([*kept, group], spans, 1)):
                kept.append(group)
        return kept

    def _called(self, name: str, spans: Iterable[_Span], most: int, *values: str) -> Iterator[int]:
        """Yield what has a name; the query says how it compares with the values."""
        for span in spans:
            if span.is_named:
                most_in_all = most * max(len(span.parts), 1)
                found = self._ask(name, *values, span.first, span.last, most_in_all)
                yield from (number for (number,) in found)

    def _having(self, groups: Groups, spans: Iterable[_Span], most: int) -> Iterator[int]:
        """Yield what has a word of each group."""
        if not groups:
            return
        expression = " AND ".join(f"({' OR '.join(map(_quoted, group))})" for group in groups)
        for span in spans:
            found = self._ask("having", expression, span.first, span.last, most)
            if len(found) == most:
                for part in span.parts:
                    found += self._ask("having", expression, part.first, part.last, most)
            yield from (number for (number,) in found)

    # Which words will do

    def _begun(self, query: Query) -> list[str]:
        """Return the last word and those that begin like it, the commonest first; none for numbers."""
        last = query.last
        if len(last) < 2 or not last.isalpha() or folding.is_chinese(last):
            return []
        if query.words[-1] not in folding.asked(last):  # it tells nothing, and was passed over
            return []
        found = (word for (word,) in self._ask("beginning", last, last + _LAST, _MOST_WORDS))
        return list(dict.fromkeys([query.words[-1], *found]))

    def _sharing(self, word: str) -> list[str]:
        """Return the words that some slips may lead to, the commonest first."""
        remains = folding.remains(word, folding.slips(word)) if folding.slips(word) else ()
        return [text for (text,) in self._ask("sharing", json.dumps(sorted(remains)))] if remains else []

    def _frequency(self, group: Sequence[str]) -> int:
        ((entries,),) = self._ask("frequency", json.dumps(group))
        return int(entries)

    # What they are

    def _hits(self, matches: Sequence[tuple[int, _Match]]) -> list[Hit]:
        if not matches:
            return []
        numbers = json.dumps([number for number, _ in matches])
        entries = {row[0]: _Entry(*row) for row in self._ask("entries", numbers)}
        called: dict[int, list[Name]] = {}
        for name in map(Name._make, self._ask("names", numbers)):
            called.setdefault(name.entry, []).append(name)
        return [self._hit(entries[number], match, called.get(number, [])) for number, match in matches]

    def _hit(self, entry: _Entry, match: _Match, called: list[Name]) -> Hit:
        itself = Name(
            entry.number, folding.key(entry.text) if not called else "", entry.text, entry.language, ""
        )
        name, score = matching.nearest_name(match.query, match.words, called or [itself])
        shown = itself if name.role == "slug" else name
        return Hit(
            number=entry.number,
            iri=names.BASE + entry.iri,
            kind=self._kind_of(entry.number),
            text=entry.text,
            language=entry.language,
            level=match.level,
            score=score,
            name=shown.text,
            name_language=shown.language,
            by_sound=name.role == "sound",
            words=match.words,
            begun=match.begun,
        )

    def _spans_of(self, kinds: Collection[str]) -> list[_Span]:
        return _spans(each for each in self._kinds if each.name in kinds)

    def _kind_of(self, number: int) -> str:
        return self._kinds[bisect_left(self._lasts, number)].name

    @property
    def _named(self) -> list[str]:
        return [each.name for each in self._kinds if each.is_named]

    # The file

    def _ask(self, name: str, *values: str | int) -> list[tuple[Any, ...]]:
        """Return the rows of ``queries/<name>.sql``, with values bound."""
        own: _Connection = getattr(self._of_thread, "own", None) or self._connect()
        with own.in_use:
            return own.connection.execute(_text_of_query(name), values).fetchall()

    def _connect(self) -> _Connection:
        """Open the file for this thread."""
        with self._lock:
            if self._is_closed:
                raise sqlite3.ProgrammingError("The search index is closed.")
            connection = sqlite3.connect(
                self._address, uri=True, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA mmap_size = 1000000000")
            own = self._of_thread.own = _Connection(connection, threading.Lock())
            self._connections.append(own)
            return own


class NoIndex(Index):
    """What stands for the index of a snapshot that has none: nothing is found in it."""

    is_there = False

    def __init__(self) -> None:
        self._kinds, self._lasts = (), []

    def evidence(self, hits: Iterable[Hit]) -> dict[str, Evidence]:  # noqa: ARG002  # there are no hits
        """Return nothing."""
        return {}

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""


def index_of(snapshot: Snapshot) -> Index:
    """Open the index of a snapshot; raises SnapshotFault where it is not as it was written.

    An older snapshot may have none, or one that only another version can read: then nothing can be found.
    """
    stated = snapshot.manifest["files"].get(folding.FILE)
    if stated is None:
        return NoIndex()
    path = snapshot.folder / folding.FILE
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            version = _version(path)
    except OSError as error:
        raise _damaged(path, error.strerror or str(error)) from error
    if digest != stated["sha256"]:
        raise _damaged(path, "it is not what the manifest says")
    return Index(path) if version == folding.FORMAT else NoIndex()


def _version(path: Path) -> int:
    """Return the version of an index: SQLite's user version (File Format, 1.3)."""
    with path.open("rb") as file:
        file.seek(60)
        return int.from_bytes(file.read(4))


def _damaged(path: Path, why: str) -> SnapshotFault:
    return SnapshotFault(
        f"The search index {path} cannot be opened: {why.rstrip('.')}. Run `kg build` to publish it anew."
    )


def _alike(word: str, slips: int, candidates: Sequence[str]) -> list[str]:
    """Return a word and the candidates that lead to it by so many slips, the nearest first."""
    slips = min(slips, folding.slips(word))
    found = process.extract(word, candidates, scorer=OSA.distance, score_cutoff=slips, limit=_MOST_ALIKE)
    return list(dict.fromkeys([word, *(text for text, _, _ in found)]))


def _match(level: Level, query: Query, groups: Groups, begun: str = "") -> _Match:
    return _Match(level, query, frozenset(word for group in groups for word in group), begun)


def _first(
    steps: Iterable[Step], enough: int | None, found: dict[int, _Match] | None = None
) -> dict[int, _Match]:
    """Take step after step until there are ``enough``; what ``found`` has stays, as the better match."""
    found = {} if found is None else found
    for match, numbers in steps:
        for number in numbers:
            found.setdefault(number, match)
        if enough is not None and len(found) >= enough:
            break
    return found


def _in_order(matches: dict[int, _Match]) -> list[tuple[int, _Match]]:
    return sorted(matches.items(), key=lambda each: (each[1].level, each[0]))


def _spans(kinds: Iterable[_Kind], *, in_parts: bool = False) -> list[_Span]:
    """Put together the kinds that stand together, those with names and those without."""
    spans: list[_Span] = []
    for each in kinds:
        last = spans[-1] if spans else None
        if last and (last.last + 1, last.is_named) == (each.first, each.is_named):
            spans[-1] = _Span(last.first, each.last, each.is_named, (*last.parts, each))
        else:
            spans.append(_Span(each.first, each.last, each.is_named, (each,)))
    return spans if in_parts else [each._replace(parts=()) for each in spans]


def _quoted(word: str) -> str:
    """Return a word as FTS5 writes one; there are no quotes in it."""
    return f'"{word}"'


@cache
def _text_of_query(name: str) -> str:
    return (resources.files("server.search") / "queries" / f"{name}.sql").read_text(encoding="utf-8")


_FEW: Final = 3
"""Hits below which words with slips in them are looked for."""
_MOST_WORDS: Final = 64
"""Words that the beginning of one may stand for."""
_MOST_ALIKE: Final = 24
"""Words that a word with slips may stand for."""
_MOST_WITH_SLIPS: Final = 6
"""Words in a text of which slips are looked for; in a longer one, some words are enough."""
_MOST_TRIES: Final = 8
"""Words that are tried together."""
_MOST_NEAR: Final = 20
_LAST: Final = "\U0010ffff"
"""A character after all that a name or a word has."""
