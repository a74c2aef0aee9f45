"""Exports of a snapshot: what it is taken away as, from the command line as from the server."""

from __future__ import annotations

import gzip
import re
import zlib
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import dumps, names
from kg.distributions import BY_NAME
from kg.faults import SnapshotFault
from kg.snapshot import open_current

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kg.snapshot import Snapshot


def export(form: str, root: Path, *, packed: bool = False) -> Iterator[bytes]:
    """Yield a distribution of the current snapshot in parts: always the same bytes, as a server sends.

    ``packed`` leaves it compressed, and compresses it where it is not. What the build did not write, as for a
    graph that was published without it, is made anew. Raises SnapshotFault where there is no snapshot, or a
    file of it is not what the build wrote.
    """
    snapshot, it = open_current(root), BY_NAME[form]
    if packed and not it.is_compressed:
        return dumps.compressed(export(form, root))
    if it.path not in snapshot.manifest["files"]:
        return dumps.made(it, snapshot.folder, packed=packed)
    return _read(snapshot, it.path, packed=packed or not it.is_compressed)


def serialize(statements: Iterable[ox.Quad] | Iterable[ox.Triple], form: ox.RdfFormat) -> bytes:
    """Return statements with the prefixes that they use, sorted: the engine leaves that order to chance."""
    body = ox.serialize(statements, format=form, prefixes=names.PREFIXES) or b""
    lines = body.splitlines(keepends=True)
    heads = [line for line in lines if line.startswith(b"@prefix ")]
    rest = b"".join(lines[len(heads) :])
    used = set(re.findall(rb"(?<![\w-])([a-z][a-z0-9]*):", rest))
    return b"".join(sorted(head for head in heads if head.split()[1].rstrip(b":") in used)) + rest


def _read(snapshot: Snapshot, path: str, *, packed: bool) -> Iterator[bytes]:
    try:
        with (snapshot.folder / path).open("rb") as file, gzip.open(file) as unpacked:
            source = file if packed else unpacked
            while part := source.read(_AT_ONCE):
                yield part
    except (OSError, EOFError, zlib.error) as error:  # OSError: also what gzip says of what is none
        raise SnapshotFault(
            f"{snapshot.folder / path} is damaged: {error}. Run `kg build` to publish it anew."
        ) from error


_AT_ONCE = 1_000_000
