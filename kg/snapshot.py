"""The snapshot: an immutable folder that the build publishes by one rename and a server reads.

A *root* holds one folder for each snapshot and the file ``CURRENT``, which names the one to serve::

    snapshots/CURRENT
    snapshots/3f2a…/manifest.json     what is in here, and the SHA-256 of each file
    snapshots/3f2a…/data.nq           every quad, sorted: the same commit gives the same bytes
    snapshots/3f2a…/statistics.json   what is counted once, so that no visit has to count
    snapshots/3f2a…/search.sqlite     what names, facts and sentences are found by
    snapshots/3f2a…/dumps/            the forms in which it is taken away
    snapshots/3f2a…/store/            the same as an Oxigraph store, the default graph the merge of all
    snapshots/3f2a…/…                 the SHACL report, the coverage of the articles
    snapshots/changes/3f2a….json      what was new in it, when it took the place of another

A snapshot is a function of its inputs, so what is new stands beside it. ``kg/README.md`` has the JSON files
field by field. A build that fails or is killed leaves ``CURRENT`` as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from kg import quads
from kg.changes import changes
from kg.faults import SnapshotFault, SystemFault
from kg.statistics import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

CURRENT = "CURRENT"
CHANGES = "changes"
_BUILDING = ".building-"
_LINES_AT_ONCE: Final = 300_000
"""How many lines go into the store at a time: more take more memory, fewer more work to put together."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A published folder and its manifest."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def id(self) -> str:
        """The name of the snapshot: the start of the SHA-256 over everything in it."""
        return self.folder.name

    @property
    def store(self) -> Path:
        """The folder of the Oxigraph store; open it with ``Store.read_only``."""
        return self.folder / "store"

    def read(self, name: str) -> bytes:
        """Return one of the files that the manifest lists."""
        return (self.folder / name).read_bytes()

    def statistics(self) -> dict[str, Any]:
        """Return what was counted; raises SnapshotFault where an older version published, which did not."""
        if "statistics.json" not in self.manifest["files"]:
            raise _damaged(self.folder, "it has no statistics.json")
        return dict(json.loads(self.read("statistics.json")))

    def changes(self) -> dict[str, Any] | None:
        """Return what was new when this was published; None for the first, and where that is not known."""
        try:
            return dict(json.loads(_changes_of(self.folder.parent, self.id).read_bytes()))
        except FileNotFoundError:
            return None


def publish(
    root: Path,
    *,
    nquads: bytes | Iterable[bytes],
    files: Mapping[str, bytes],
    about: Mapping[str, Any],
    statistics: Mapping[str, Any] | None = None,
    more: Callable[[Path], Iterable[str]] = lambda _: (),
    keep: int = 5,
) -> Snapshot:
    """Write a snapshot and make it the current one; older ones beyond ``keep`` are removed.

    ``nquads`` are lines, each quad in a named graph: as bytes in any order, or as a stream (a file, say) that
    is sorted. Of a stream never more than a part is in memory, 600 MB with the engine's own, and 40 MB for
    each million quads, for the figures that are held side by side. ``files`` are further contents by name,
    ``about`` goes into the manifest, ``statistics`` into statistics.json, beside what is counted here.
    ``more`` writes files that are made of the quads or the store, into the folder of both, and names them.

    Raises SystemFault when the folder cannot be written, ValueError when a stream is not sorted.
    """
    lines = sorted(set(nquads.splitlines(keepends=True))) if isinstance(nquads, bytes) else nquads
    try:
        return _publish(root, quads.in_order(lines), files, about, statistics or {}, more, keep)
    except OSError as error:
        raise SystemFault(
            f"The snapshot cannot be written to {root}: {error.strerror or error}. "
            "Choose another folder with --out, or free this one. What was published stays served."
        ) from error


def open_current(root: Path) -> Snapshot:
    """Return the snapshot that ``CURRENT`` names.

    Raises SnapshotFault when there is none, or when a file of it is missing or cut short.
    """
    try:
        name = (root / CURRENT).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SnapshotFault(f"There is no snapshot in {root}. Run `kg build` first.") from error
    except UnicodeDecodeError as error:
        raise _damaged(root / CURRENT, "it is no text") from error
    if not name or Path(name).name != name:
        raise _damaged(root / CURRENT, "it names no snapshot")
    return _open(root / name)


def open_named(root: Path, start: str) -> Snapshot:
    """Return the one snapshot whose name starts like this.

    Raises SnapshotFault when there is none, or several, or it is damaged.
    """
    found = sorted(path.parent.name for path in root.glob("*/manifest.json"))
    named = [name for name in found if start and name.startswith(start)]
    if len(named) != 1:
        there = ", ".join(found) or "none"
        raise SnapshotFault(f"{len(named)} snapshots in {root} are named {start}…; there are: {there}.")
    return _open(root / named[0])


def _open(folder: Path) -> Snapshot:
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
        files = dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(folder, "its manifest cannot be read") from error
    for name, entry in files.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != entry["bytes"]:
            raise _damaged(folder, f"{name} is missing or has another length than the manifest says")
    if not (folder / "store" / "CURRENT").is_file():  # RocksDB's own pointer, written last
        raise _damaged(folder, "its store is missing")
    return Snapshot(folder, manifest)


def _damaged(where: Path, why: str) -> SnapshotFault:
    return SnapshotFault(f"The snapshot {where} is damaged: {why}. Run `kg build` to publish it anew.")


def _publish(
    root: Path,
    lines: Iterable[bytes],
    files: Mapping[str, bytes],
    about: Mapping[str, Any],
    statistics: Mapping[str, Any],
    more: Callable[[Path], Iterable[str]],
    keep: int,
) -> Snapshot:
    root.mkdir(parents=True, exist_ok=True)
    building = root / f"{_BUILDING}{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    try:
        poured = _pour(lines, building)
        counted = {**_UNTOLD, **statistics, **poured.tally.result()}
        made = {each: _digest(building / each) for each in more(building)}
        name = _write(building, poured, {**files, "statistics.json": _json(counted)}, made, about)
        _move(building, root / name)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    _record(root, name)
    _point(root, name)
    _sweep(root, name, keep)
    return _open(root / name)


_Digest = dict[str, int | str]
"""The size of a file and its SHA-256, as the manifest has them."""

_UNTOLD: Final[dict[str, Any]] = {"validation": None, "coverage": []}
"""What only the build can tell, and a graph alone does not show."""


@dataclass(slots=True)
class _Poured:
    """What was seen of the quads while they went by."""

    digest: Any = field(default_factory=hashlib.sha256)
    size: int = 0
    graphs: Counter[bytes] = field(default_factory=Counter)
    tally: Tally = field(default_factory=Tally)


def _pour(lines: Iterable[bytes], building: Path) -> _Poured:
    """Write data.nq and fill the store, in one pass."""
    poured = _Poured()
    with (building / "data.nq").open("wb") as file, _loading(building / "store") as load:
        for subject, block in quads.by_subject(lines):
            content = b"".join(block)
            file.write(content)
            poured.digest.update(content)
            poured.size += len(content)
            poured.graphs.update(map(quads.graph, block))
            poured.tally.add(subject, block)
            load(_with_merge(block))
    return poured


def _with_merge(block: list[bytes]) -> list[bytes]:
    """Return the quads of named graphs, and each of their triples once more, for the default graph.

    The engine's own union of graphs is none: a triple of n graphs matches n times there, and doubles sums.
    """
    return [*block, *dict.fromkeys(map(quads.triple, block))]


@contextmanager
def _loading(folder: Path) -> Iterator[Callable[[list[bytes]], None]]:
    """Open a store to fill; its lines are loaded beside whatever else goes on, one part after the other."""
    store, part, loads = ox.Store(folder), list[bytes](), list[Future[None]]()

    def load(lines: list[bytes]) -> None:
        part.extend(lines)
        if len(part) >= _LINES_AT_ONCE:
            hand_over()

    def hand_over() -> None:
        wait()
        loads.append(beside.submit(store.bulk_load, b"".join(part), format=ox.RdfFormat.N_QUADS))
        part.clear()

    def wait() -> None:
        while loads:
            loads.pop().result()

    with ThreadPoolExecutor(1) as beside:
        yield load
        hand_over()
        wait()
    store.optimize()
    store.flush()


def _write(
    building: Path,
    poured: _Poured,
    files: Mapping[str, bytes],
    made: Mapping[str, _Digest],
    about: Mapping[str, Any],
) -> str:
    """Write what goes beside the quads, the manifest last, and return the name of the snapshot."""
    digests = {"data.nq": {"bytes": poured.size, "sha256": poured.digest.hexdigest()}, **made}
    for name, content in files.items():
        (building / name).write_bytes(content)
        digests[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    graphs = {graph.decode().strip("<>"): count for graph, count in poured.graphs.items()}
    manifest = _json({**about, "quads": poured.graphs.total(), "graphs": graphs, "files": digests})
    (building / "manifest.json").write_bytes(manifest)
    return hashlib.sha256(manifest).hexdigest()[:16]


def _digest(path: Path) -> _Digest:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _json(content: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)}\n".encode()


def _move(building: Path, folder: Path) -> None:
    """Put the finished folder in its place; the same snapshot already there, and sound, stays."""
    try:
        _open(folder)
    except SnapshotFault:
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
    else:
        shutil.rmtree(building)
        os.utime(folder)


def _record(root: Path, name: str) -> None:
    """Write down what is new, if it is not the current snapshot once more."""
    try:
        old = open_current(root)
    except SnapshotFault:
        return
    if old.id != name:
        (root / CHANGES).mkdir(exist_ok=True)
        _put(root, _changes_of(root, name), _json(changes(old, _open(root / name))))


def _changes_of(root: Path, name: str) -> Path:
    return root / CHANGES / f"{name}.json"


def _point(root: Path, name: str) -> None:
    _put(root, root / CURRENT, f"{name}\n".encode())


def _put(root: Path, path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all."""
    building = root / f"{_BUILDING}{os.getpid()}.{path.name}"
    with building.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    building.replace(path)


def _sweep(root: Path, current: str, keep: int) -> None:
    """Remove what killed builds left, and the oldest snapshots beyond ``keep``."""
    for path in root.glob(f"{_BUILDING}*"):
        if not _is_running(int(path.name.removeprefix(_BUILDING).partition(".")[0])):
            _remove(path)
    others = [path for path in root.iterdir() if path.name != current and (path / "manifest.json").is_file()]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[max(keep - 1, 0) :]:
        _remove(path)
    for path in (root / CHANGES).glob("*.json"):
        if not (root / path.stem).is_dir():
            _remove(path)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs, and is somebody else's
        return True
    return process != os.getpid()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
