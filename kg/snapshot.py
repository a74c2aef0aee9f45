"""The snapshot: an immutable folder that the build publishes by one rename and a server reads.

A *root* holds one folder for each snapshot and the file ``CURRENT``, which names the one to serve::

    snapshots/CURRENT
    snapshots/3f2a…/manifest.json   what is in here, and the SHA-256 of each file
    snapshots/3f2a…/data.nq         every quad, sorted: the same commit gives the same bytes
    snapshots/3f2a…/store/          the same as an Oxigraph store, the default graph the merge of all
    snapshots/3f2a…/…               the SHACL report, the coverage of the articles

A build that fails or is killed leaves ``CURRENT`` as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.faults import SnapshotFault, SystemFault

CURRENT = "CURRENT"
_BUILDING = ".building-"


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


def publish(
    root: Path, *, nquads: bytes, files: dict[str, bytes], about: dict[str, Any], keep: int = 5
) -> Snapshot:
    """Write a snapshot and make it the current one; older ones beyond ``keep`` are removed.

    ``nquads`` are sorted lines, ``files`` further contents by name, ``about`` goes into the manifest.
    Raises SystemFault when the folder cannot be written.
    """
    try:
        return _publish(root, {"data.nq": nquads, **files}, about, keep)
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
    if not name or Path(name).name != name:
        raise _damaged(root / CURRENT, "it names no snapshot")
    return _open(root / name)


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


def _publish(root: Path, files: dict[str, bytes], about: dict[str, Any], keep: int) -> Snapshot:
    root.mkdir(parents=True, exist_ok=True)
    manifest = _manifest(files, about)
    name = hashlib.sha256(manifest).hexdigest()[:16]
    building = root / f"{_BUILDING}{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    _write(building, {**files, "manifest.json": manifest})
    _load(building / "store", files["data.nq"])
    _move(building, root / name)
    _point(root, name)
    _sweep(root, name, keep)
    return _open(root / name)


def _manifest(files: dict[str, bytes], about: dict[str, Any]) -> bytes:
    digests = {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
    }
    graphs = Counter(_graph(line) for line in files["data.nq"].splitlines())
    counts = {"quads": graphs.total(), "graphs": dict(sorted(graphs.items()))}
    text = json.dumps({**about, **counts, "files": digests}, indent=2, sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode()


def _graph(line: bytes) -> str:
    return line.rsplit(b" ", 2)[1].decode().strip("<>")


def _write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _load(folder: Path, nquads: bytes) -> None:
    """Fill the store: the named graphs, and their RDF merge as the default graph.

    The engine's own union of graphs is none: a triple of n graphs matches n times there, and doubles sums.
    """
    store = ox.Store(folder)
    store.bulk_load(nquads, format=ox.RdfFormat.N_QUADS)
    merged = b"".join(sorted({line.rsplit(b" ", 2)[0] + b" .\n" for line in nquads.splitlines()}))
    store.bulk_load(merged, format=ox.RdfFormat.N_TRIPLES)
    store.optimize()
    store.flush()


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


def _point(root: Path, name: str) -> None:
    pointer = root / f"{_BUILDING}{os.getpid()}.{CURRENT}"
    with pointer.open("w", encoding="utf-8") as file:
        file.write(f"{name}\n")
        file.flush()
        os.fsync(file.fileno())
    pointer.replace(root / CURRENT)


def _sweep(root: Path, current: str, keep: int) -> None:
    """Remove what killed builds left, and the oldest snapshots beyond ``keep``."""
    for path in root.glob(f"{_BUILDING}*"):
        if not _is_running(int(path.name.removeprefix(_BUILDING).partition(".")[0])):
            _remove(path)
    others = [path for path in root.iterdir() if path.name != current and (path / "manifest.json").is_file()]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[max(keep - 1, 0) :]:
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
