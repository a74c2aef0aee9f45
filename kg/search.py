"""The search index: what things are called, in every spelling that a reader may type, and all sentences.

An SQLite file in the snapshot; ``search-tables.sql`` says what is in it, ``kg.folding`` how words compare.
Chinese names are also there as they sound (*pinyin*): ``haerbin`` and ``ha er bin`` find 哈尔滨, and so does
哈爾濱, whose characters sound the same. That is all that is done about traditional characters.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from itertools import groupby, islice, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Final

import pyoxigraph as ox

from kg import folding, names, quads
from kg.faults import SystemFault

THINGS: Final = (
    *("city", "region", "country", "organization"),
    *("industry", "group", "system", "scheme", "metric", "policy", "recognition"),
    *("source", "query", "ont"),
)
"""Kinds whose names are looked for, in the order in which a reader wants them: the address says the kind."""
FACTS: Final = "obs"
QUOTES: Final = "quote"
KINDS: Final = (*THINGS, FACTS, QUOTES)


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a thing: its key is its letters alone, and its role says what kind of name it is.

    Of the graph's names ``preferred``, ``alternative``, ``hidden`` or ``code``; of Chinese its ``sound``;
    of the IRI its ``slug``.
    """

    role: str
    text: str
    language: str
    key: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What the index needs to know of a thing: by property, its values, each with its language if any."""

    iri: str
    values: Mapping[str, list[tuple[str, str]]]

    def of(self, *properties: str) -> list[tuple[str, str]]:
        """Return the values of some properties, in their order."""
        return [value for each in properties for value in self.values.get(each, ())]

    def first(self, property_: str, default: str = "") -> str:
        """Return one value without its language."""
        return next((text for text, _ in self.of(property_)), default)


def index(nquads: bytes | Path) -> bytes:
    """Return the index of a graph as the bytes of an SQLite file: the same quads, the same bytes.

    The lines are sorted, as ``data.nq`` has them; of a file never more than one thing is in memory. Raises
    SystemFault where there is no room to write the index.
    """
    try:
        with TemporaryDirectory(prefix="cekg-") as folder:
            path = Path(folder) / folding.FILE
            _write(path, nquads)
            return _by_any_library(path.read_bytes())
    except (OSError, sqlite3.OperationalError) as error:
        raise SystemFault(f"The search index cannot be written in {gettempdir()}: {error}.") from error


def names_of(subject: Subject) -> tuple[Name, ...]:
    """Return what a thing is called, each spelling once: preferred names first, English before Chinese."""
    written = [
        _name(role, text, language)
        for role, properties in _WRITTEN.items()
        for text, language in sorted(set(subject.of(*properties)), key=_english_first)
    ]
    found: dict[str, Name] = {}
    for each in (*written, *_sounding(written), *_coded(subject)):
        if each.key:
            found.setdefault(each.key, each)
    return tuple(found.values())


@lru_cache(maxsize=10_000)
def readings(text: str) -> tuple[tuple[str, ...], ...]:
    """Return how Chinese is read aloud, in syllables without tones: as a phrase, and character by character.

    >>> readings("重庆市")
    (('chong', 'qing', 'shi'), ('zhong', 'qing', 'shi'))
    >>> readings("绿色")
    (('lu', 'se'), ('lv', 'se'))
    """
    phrase, single = _spoken_as(text), [syllable for each in text for syllable in _spoken_as(each)]
    typed = [[each.replace("v", "u") for each in found] for found in (phrase, single)]  # ü is typed u or v
    found = (*typed, phrase, single)
    return tuple(dict.fromkeys(tuple(map(folding.fold, each)) for each in found))


@lru_cache(maxsize=10_000)
def _spoken_as(text: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin  # 4 MB of dictionaries, which only a build needs

    return tuple(lazy_pinyin(text))


def _write(path: Path, nquads: bytes | Path) -> None:
    connection = sqlite3.connect(f"{path}.unsorted", isolation_level=None)
    try:
        connection.executescript(f"PRAGMA secure_delete = ON; PRAGMA journal_mode = OFF; {_stamp()}")
        connection.executescript(_script("search-tables"))
        connection.execute("BEGIN")
        _collect(connection, nquads)
        connection.execute("COMMIT")
        connection.executescript(f"BEGIN; {_script('search-order')} COMMIT;")
        connection.execute("BEGIN")
        _prepare_for_slips(connection)
        connection.executemany("INSERT INTO sound VALUES (?, ?)", _sounds())
        connection.execute("COMMIT")
        connection.execute("VACUUM INTO ?", (str(path),))  # the pages in order, and nothing between them
    finally:
        connection.close()


def _by_any_library(content: bytes) -> bytes:
    """Return a database without the version of the library that wrote it (SQLite's File Format, 1.3.16)."""
    return content[:96] + bytes(4) + content[100:]


def _stamp() -> str:
    return f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {folding.FORMAT};"


_APPLICATION: Final = int.from_bytes(b"cekg")


@cache
def _script(name: str) -> str:
    return (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")


def _collect(connection: sqlite3.Connection, nquads: bytes | Path) -> None:
    """Write down what is there, with a rank in its kind: what is used most, or newest, has the lowest."""
    kinds = [(number, kind, kind in THINGS) for number, kind in enumerate(KINDS)]
    connection.executemany("INSERT INTO kinds VALUES (?, ?, ?)", kinds)
    uses = _uses(nquads)
    called: dict[str, set[str]] = {}
    dates: dict[str, str] = {}
    for subject in _subjects(nquads, THINGS, _NAMING):
        found = names_of(subject)
        words = {word for each in found for word in _words_of(each)}
        _note(connection, subject, -uses[subject.iri], found[0], words)
        _note_names(connection, subject, found)
        preferred = (each for each in found if each.role == "preferred")
        called[subject.iri] = {word for each in preferred for word in folding.words(each.text)}
        dates[subject.iri] = subject.first(_DATE)
    _collect_facts(connection, nquads, called)
    _collect_quotes(connection, nquads, dates)


def _collect_facts(
    connection: sqlite3.Connection, nquads: bytes | Path, called: Mapping[str, set[str]]
) -> None:
    """Note the facts, the newest first and the undated last: by their label and by what they are about."""
    for subject in _subjects(nquads, [FACTS], _STATING):
        labels = [_name("preferred", *each) for each in sorted(subject.of(_LABEL), key=_english_first)]
        texts = [*(each.text for each in labels), names.local(subject.iri)]
        words = {word for text in texts for word in folding.words(text)}
        words.update(*(called.get(about, ()) for about, _ in subject.of(*_ABOUT)))
        year = max((text for text, _ in subject.of(*_WHEN)), default="0")
        if labels:
            _note(connection, subject, -int(year[:4]), labels[0], words)


def _collect_quotes(connection: sqlite3.Connection, nquads: bytes | Path, dates: Mapping[str, str]) -> None:
    """Note the sentences, those of the newest source first, in the order in which they stand there."""
    for subject in _subjects(nquads, [QUOTES], _QUOTING):
        sentences = [_name("preferred", *each) for each in subject.of(_EXACT)]
        source = subject.first(_SOURCE)
        newest = int(dates.get(source, "").replace("-", "") or 0)
        rank = int(subject.first(_START, "0")) - newest * _LONGEST
        if sentences:
            _note(connection, subject, rank, sentences[0], set(folding.words(sentences[0].text)))
            connection.execute("INSERT INTO taken VALUES (?, ?)", (_local(subject.iri), _local(source)))


def _note(connection: sqlite3.Connection, subject: Subject, rank: int, name: Name, words: set[str]) -> None:
    local = _local(subject.iri)
    row = KINDS.index(_kind(local)), rank, local, name.text, name.language, " ".join(sorted(words))
    connection.execute("INSERT INTO found VALUES (?, ?, ?, ?, ?, ?)", row)
    stated = sorted({(local, _local(quote)) for quote, _ in subject.of(_EVIDENCE)})
    connection.executemany("INSERT INTO stated VALUES (?, ?)", stated)


def _note_names(connection: sqlite3.Connection, subject: Subject, found: Iterable[Name]) -> None:
    local = _local(subject.iri)
    rows = [(local, place, each.key, each.text, each.language, each.role) for place, each in enumerate(found)]
    connection.executemany("INSERT INTO called VALUES (?, ?, ?, ?, ?, ?)", rows)


def _name(role: str, text: str, language: str = "") -> Name:
    return Name(role, text, language, folding.key(text))


def _english_first(value: tuple[str, str]) -> tuple[bool, str, str]:
    text, language = value
    return not language.startswith("en"), language, text


def _sounding(written: Iterable[Name]) -> Iterator[Name]:
    """Yield the Chinese names once more, to be found by their sound."""
    for each in written:
        if each.language.startswith("zh"):
            for sound in _spoken(each.text):
                yield Name("sound", each.text, each.language, folding.key(sound))


def _spoken(text: str) -> Iterator[str]:
    """Yield a name with what is Chinese in it read aloud, in each way that there is."""
    parts = folding.chinese(text)
    ways = [readings(part) if place % 2 else ((part,),) for place, part in enumerate(parts)]
    for way in range(max(map(len, ways))):
        yield "".join("".join(found[min(way, len(found) - 1)]) for found in ways)


def _coded(subject: Subject) -> Iterator[Name]:
    """Yield the names of the same thing elsewhere, such as Q42956, and the end of its own IRI."""
    for same, _ in sorted(subject.of(*_SAME)):
        yield _name("code", names.local(same.rstrip("/")))
    yield _name("slug", names.local(subject.iri))


def _words_of(name: Name) -> Iterator[str]:
    if name.role != "sound":
        yield from folding.words(name.text)
        return
    for place, part in enumerate(folding.chinese(name.text)):
        if place % 2:
            yield from _syllables(part)


def _syllables(text: str) -> Iterator[str]:
    """Yield the words to find Chinese by its sound: the syllables, two of them as one word, all as one."""
    for found in readings(text):
        yield from found
        yield from map("".join, pairwise(found))
        yield "".join(found)


def _prepare_for_slips(connection: sqlite3.Connection) -> None:
    known = connection.execute("SELECT number, text FROM word ORDER BY number").fetchall()
    rows = (
        (remainder, number)
        for number, text in known
        if folding.slips(text)
        for remainder in folding.remains(text, folding.slips(text))
    )
    connection.execute("CREATE TEMP TABLE remainders (text TEXT, word INTEGER)")
    connection.executemany("INSERT INTO remainders VALUES (?, ?)", rows)
    connection.execute("INSERT INTO remainder SELECT text, word FROM remainders ORDER BY text, word")


def _sounds() -> Iterator[tuple[str, str]]:
    """Yield each common Chinese character and how it is read most often."""
    from pypinyin.constants import PINYIN_DICT

    for code in range(0x4E00, 0xA000):
        if code in PINYIN_DICT:
            yield chr(code), folding.fold(PINYIN_DICT[code].partition(",")[0])


# The graph, line by line: only the lines that the index needs are parsed


def _subjects(nquads: bytes | Path, kinds: Iterable[str], properties: Iterable[str]) -> Iterator[Subject]:
    """Yield the things of some kinds, by name, with what some properties say of them in any graph."""
    starts = tuple(f"<{names.BASE}{kind}{_ends(kind)}".encode() for kind in kinds)
    wanted = {f"<{each}>".encode() for each in properties}
    lines = (
        quads.triple(line)
        for line in _lines(nquads)
        if line.startswith(starts) and line.split(b" ", 2)[1] in wanted
    )
    once = (line for line, _ in groupby(lines))
    for iri, triples in groupby(_parsed(once), key=lambda triple: triple.subject):
        values: dict[str, list[tuple[str, str]]] = {}
        for triple in triples:
            values.setdefault(triple.predicate.value, []).append(_value(triple.object))
        yield Subject(_value(iri)[0], values)


def _lines(nquads: bytes | Path) -> Iterator[bytes]:
    with BytesIO(nquads) if isinstance(nquads, bytes) else nquads.open("rb") as file:
        yield from file


def _parsed(lines: Iterable[bytes]) -> Iterator[ox.Triple]:
    rest = iter(lines)
    while some := b"".join(islice(rest, _AT_ONCE)):
        for quad in ox.parse(some, format=ox.RdfFormat.N_TRIPLES):
            yield quad.triple


def _value(term: object) -> tuple[str, str]:
    if isinstance(term, ox.Literal):
        return term.value, term.language or ""
    return getattr(term, "value", ""), ""


def _uses(nquads: bytes | Path) -> Counter[str]:
    """Count how often each thing is spoken of, and each term of the ontology used."""
    starts = tuple(f"<{names.BASE}{kind}{_ends(kind)}".encode() for kind in THINGS)
    found: Counter[bytes] = Counter()
    for line in _lines(nquads):
        _, predicate, value, _ = line.split(b" ", 3)
        found[predicate] += 1
        if value.startswith(starts):
            found[value] += 1
    return Counter({iri[1:-1].decode(): count for iri, count in found.items()})


def _ends(kind: str) -> str:
    """Return what stands between a kind and a name in our IRIs."""
    return "#" if kind == "ont" else "/"


def _local(iri: str) -> str:
    return iri.removeprefix(names.BASE)


def _kind(local: str) -> str:
    return local.replace("#", "/").partition("/")[0]


_LABEL: Final = names.RDFS + "label"
_DATE: Final = names.DCTERMS + "date"
_EVIDENCE: Final = names.term("evidence")
_EXACT: Final = names.OA + "exact"
_START: Final = names.OA + "start"
_SOURCE: Final = names.term("quotedFrom")
_SAME: Final = (names.OWL + "sameAs", names.SKOS + "exactMatch")
_ABOUT: Final = tuple(names.term(each) for each in ("ofCity", "ofIndustry", "ofMetric"))
_WHEN: Final = tuple(names.term(each) for each in ("year", "targetYear"))
_WRITTEN: Final = {
    "preferred": (names.SKOS + "prefLabel", _LABEL, names.DCTERMS + "title"),
    "alternative": (names.SKOS + "altLabel",),
    "hidden": (names.SKOS + "hiddenLabel",),
    "code": (names.SKOS + "notation",),
}
"""Roles of names, and the properties that say them."""

_NAMING: Final = {*(each for some in _WRITTEN.values() for each in some), *_SAME, _DATE, _EVIDENCE}
_STATING: Final = {_LABEL, _EVIDENCE, *_ABOUT, *_WHEN}
_QUOTING: Final = {_EXACT, _START, _SOURCE}
_LONGEST: Final = 100_000_000
"""More characters than a source has."""
_AT_ONCE: Final = 10_000
"""Lines that are parsed in one go."""
