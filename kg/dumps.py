"""The dumps: a snapshot as files to take away, made once by the build.

Each is a function of ``data.nq``: the same quads give the same bytes (compressed ones where zlib is the same
too). All of them are made in parts, so that a graph of any size needs the memory of a part of it.
"""

from __future__ import annotations

import gzip
import io
import json
import tempfile
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import pyoxigraph as ox

from kg import figures, jsonld, names, quads, resources
from kg.distributions import BY_NAME, DISTRIBUTIONS, FOLDER, Distribution

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


def write(folder: Path) -> Iterator[str]:
    """Write every distribution beside the quads and the store of a snapshot; yield the name of each."""
    (folder / FOLDER).mkdir()
    content = Content(folder)
    for each in DISTRIBUTIONS:
        with (folder / each.path).open("wb") as file:
            file.writelines(_made(each, content, packed=True))
        yield each.path


def made(it: Distribution, folder: Path, *, packed: bool) -> Iterator[bytes]:
    """Yield a distribution of the snapshot in a folder, in parts; ``packed``: compressed, if it is to be."""
    return _made(it, Content(folder), packed=packed)


@dataclass(frozen=True)
class Content:
    """What a snapshot holds; the store is opened once for all that is made of it."""

    folder: Path

    def lines(self) -> BinaryIO:
        """Open the quads, a line each."""
        return (self.folder / "data.nq").open("rb")

    @cached_property
    def store(self) -> ox.Store:
        """The same quads, to be asked."""
        return ox.Store.read_only(str(self.folder / "store"))


def _made(it: Distribution, content: Content, *, packed: bool) -> Iterator[bytes]:
    parts = MAKERS[it.name](content)
    return compressed(parts) if packed and it.is_compressed else parts


def compressed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Compress without name and clock, which would differ from build to build (RFC 1952, 2.3.1)."""
    waiting = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=waiting, mtime=0, compresslevel=_LEVEL) as out:
        for part in parts:
            out.write(part)
            yield _taken(waiting)
    yield _taken(waiting)


def _taken(waiting: io.BytesIO) -> bytes:
    content = waiting.getvalue()
    waiting.seek(0)
    waiting.truncate()
    return content


_LEVEL: Final = 6
"""9 takes twice the time for a hundredth of the size."""
_AT_ONCE: Final = 2_000


def _aside() -> Path:
    """Return where what has to be sorted waits, in files without a name."""
    return Path(tempfile.gettempdir())


def _nquads(content: Content) -> Iterator[bytes]:
    with content.lines() as file:
        while part := file.read(1_000_000):
            yield part


def _trig(content: Content) -> Iterator[bytes]:
    """Yield graph by graph, which asks for another order than that of the file."""
    with content.lines() as lines:
        by_graph = quads.sort((quads.graph(line) + b" " + line for line in lines), _aside())
        yield from _written((line.partition(b" ")[2] for line in by_graph), ox.RdfFormat.TRIG)


def _turtle(content: Content) -> Iterator[bytes]:
    with content.lines() as lines:
        yield from _written(_merged(lines), ox.RdfFormat.TURTLE)


def _jsonld(content: Content) -> Iterator[bytes]:
    with content.lines() as lines:
        yield from jsonld.stream(_triples(_merged(lines)))


def _csv(content: Content) -> Iterator[bytes]:
    observations = content.store.quads_for_pattern(None, _TYPE, _OBSERVATION, ox.DefaultGraph())
    found = sorted(quad.subject.value for quad in observations if isinstance(quad.subject, ox.NamedNode))
    about = _about(content.store)
    return figures.written(figures.COLUMNS, figures.rows(found, about, _names(about)))


def _csvw(_content: Content) -> Iterator[bytes]:
    told = figures.metadata(
        figures.COLUMNS, url=BY_NAME["csv"].file, title="The figures of the City Economy Knowledge Graph"
    )
    yield f"{json.dumps(told, ensure_ascii=False, indent=2)}\n".encode()


def _cube(content: Content) -> Iterator[bytes]:
    """Yield what ``cube.rq`` finds, and the structures of the sets that are not empty (``cube.ttl``)."""
    with tempfile.TemporaryFile() as kept:
        sets, slices = set(), set()
        for line in _without(_constructed(content, "cube"), _rivals(content)):
            kept.write(line)
            subject, property_, value = line.split(b" ", 2)
            sets |= {value.split(b" ")[0]} if property_ == _IN_SET else set()
            slices |= {subject} if property_ == _HAS else set()
        kept.seek(0)
        structure = _serialized(_structure(sets), ox.RdfFormat.N_TRIPLES)
        found = quads.sort(chain(_in_slices(kept, slices), [structure]), _aside())
        yield from _written(found, ox.RdfFormat.TURTLE)


def _rivals(content: Content) -> set[bytes]:
    found = content.store.query(_own("cube-rivals.rq"), prefixes=names.PREFIXES)
    if not isinstance(found, ox.QuerySolutions):
        raise TypeError("cube-rivals.rq is no SELECT")
    lists = (row[0].value for row in found if isinstance(row[0], ox.Literal))
    return {f"<{iri}>".encode() for each in lists for iri in each.split()}


def _without(lines: Iterable[bytes], gone: set[bytes]) -> Iterator[bytes]:
    """Return the triples in which none of these things is subject or value."""
    for line in lines:
        subject, _, value = line.split(b" ", 2)
        if subject not in gone and value.split(b" ")[0] not in gone:
            yield line


def _in_slices(lines: Iterable[bytes], filled: set[bytes]) -> Iterator[bytes]:
    """Return the triples of slices that have observations, and all that are of no slice."""
    for line in lines:
        subject, property_, value = line.split(b" ", 2)
        its = value.split(b" ")[0] if property_ == _SLICE else subject
        if its in filled or not (property_ == _SLICE or _is_slice(subject)):
            yield line


def _is_slice(subject: bytes) -> bool:
    return subject.startswith(f"<{_SETS}".encode()) and b"-slice-" in subject


def _schema(content: Content) -> Iterator[bytes]:
    context = jsonld.read(json.loads(_own("schema-context.jsonld"))["@context"])
    yield from jsonld.stream(_triples(_constructed(content, "schema")), context)


MAKERS: Final[Mapping[str, Callable[[Content], Iterator[bytes]]]] = {
    "nquads": _nquads,
    "trig": _trig,
    "turtle": _turtle,
    "jsonld": _jsonld,
    "csv": _csv,
    "csvw": _csvw,
    "cube": _cube,
    "schema": _schema,
}
"""How each distribution is made, by its name: from the content of the snapshot, in parts, unpacked."""


def _constructed(content: Content, name: str) -> Iterator[bytes]:
    """Return the triples of ``exports/<name>.rq`` as lines in order, each once."""
    found = content.store.query(_own(f"{name}.rq"), prefixes=names.PREFIXES)
    if not isinstance(found, ox.QueryTriples):
        raise TypeError(f"{name}.rq is no CONSTRUCT")
    return quads.sort((_serialized(part, ox.RdfFormat.N_TRIPLES) for part in _parts(found)), _aside())


def _merged(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Return each triple once, whatever graphs state it."""
    return (line for line, _ in groupby(map(quads.triple, lines)))


def _triples(lines: Iterable[bytes]) -> Iterator[ox.Triple]:
    for part in _parts(lines):
        for quad in ox.parse(b"".join(part), format=ox.RdfFormat.N_TRIPLES):
            yield quad.triple


def _written(lines: Iterable[bytes], form: ox.RdfFormat) -> Iterator[bytes]:
    """Yield sorted lines in a format for people to read: all prefixes, then subject by subject."""
    yield b"".join(sorted(b"@prefix %s: <%s> .\n" % each for each in _PREFIXES))
    block: list[bytes] = []
    for _, its in quads.by_subject(lines):
        block += sorted(its, key=_as_read)
        if len(block) >= _AT_ONCE:
            yield _block(block, form)
            block = []
    yield _block(block, form)


def _as_read(line: bytes) -> int:
    """Place what a thing is and what it is called before the rest."""
    return _FIRST.get(line.split(b" ", 2)[1], len(_FIRST))


_FIRST: Final = {f"<{names.RDF}type>".encode(): 0, f"<{names.RDFS}label>".encode(): 1}


def _block(lines: list[bytes], form: ox.RdfFormat) -> bytes:
    found = ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS)
    statements = found if form.supports_datasets else (quad.triple for quad in found)
    written = _serialized(statements, form, prefixes=names.PREFIXES).splitlines(keepends=True)
    return b"".join(line for line in written if not line.startswith(b"@prefix "))


def _serialized(statements: Iterable[Any], form: ox.RdfFormat, **how: Any) -> bytes:
    return ox.serialize(statements, format=form, **how) or b""


def _parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(items)
    for first in iterator:
        yield [first, *islice(iterator, _AT_ONCE - 1)]


_PREFIXES: Final = tuple((prefix.encode(), iri.encode()) for prefix, iri in names.PREFIXES.items())
_TYPE: Final = ox.NamedNode(names.RDF + "type")
_OBSERVATION: Final = ox.NamedNode(names.term("Observation"))


def _about(store: ox.Store) -> Callable[[str], dict[str, list[object]]]:
    def about(iri: str) -> dict[str, list[object]]:
        found: dict[str, list[object]] = {}
        for quad in store.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph()):
            found.setdefault(quad.predicate.value, []).append(quad.object)
        return {each: sorted(found[each], key=str) for each in found}

    return about


def _names(about: Callable[[str], Mapping[str, list[object]]]) -> Callable[[str], str]:
    """Return what calls a thing by its English label, else by any, else by the end of its IRI."""

    @lru_cache(maxsize=_MOST_NAMES)
    def name(iri: str) -> str:
        labels = [each for each in about(iri).get(names.RDFS + "label", ()) if isinstance(each, ox.Literal)]
        best = min(labels, key=lambda each: (each.language != "en", each.value), default=None)
        return best.value if best else names.local(iri)

    return name


_MOST_NAMES: Final = 10_000
_IN_SET, _HAS, _SLICE = (f"<{names.QB}{name}>".encode() for name in ("dataSet", "observation", "slice"))


def _structure(sets: set[bytes]) -> list[ox.Triple]:
    """Return the structures of data sets, which each have the name of their set at the start of theirs."""
    used = tuple(each.decode().strip("<>") for each in sets)
    found = ox.parse(_own("cube.ttl"), format=ox.RdfFormat.TURTLE)
    return [
        quad.triple
        for quad in found
        if isinstance(quad.subject, ox.NamedNode)
        and (not quad.subject.value.startswith(_SETS) or quad.subject.value.startswith(used))
    ]


_SETS: Final = names.thing("dataset", "cube") + "-"


def _own(name: str) -> str:
    return (resources.data() / "exports" / name).read_text(encoding="utf-8")
