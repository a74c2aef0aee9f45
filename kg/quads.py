"""N-Quads as sorted lines: the form in which a graph is hashed, compared and streamed, however large it is.

A line is canonical: one space between terms, one line feed at its end, and a named graph as its last term.
Sorted by their bytes, the lines of one subject stand together, and so do those of one triple.
"""

from __future__ import annotations

import heapq
import tempfile
from contextlib import ExitStack
from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

RUN: Final = 200_000
"""How many lines are sorted in memory at a time: 50 MB."""


def triple(line: bytes) -> bytes:
    r"""Return a line without its graph, as N-Triples.

    >>> triple(b'<http://a.example/s> <http://a.example/p> "a b" <http://a.example/g> .\n')
    b'<http://a.example/s> <http://a.example/p> "a b" .\n'
    """
    return line.rsplit(b" ", 2)[0] + b" .\n"


def graph(line: bytes) -> bytes:
    r"""Return the graph of a line, as it is written.

    >>> graph(b'<http://a.example/s> <http://a.example/p> "a b" <http://a.example/g> .\n')
    b'<http://a.example/g>'
    """
    return line.rsplit(b" ", 2)[1]


def by_subject(lines: Iterable[bytes]) -> Iterator[tuple[bytes, list[bytes]]]:
    """Return each subject, with the space behind it, and its lines, which are sorted."""
    subject, block = b"", list[bytes]()
    for line in lines:
        if not line.startswith(subject) or not block:
            if block:
                yield subject, block
            subject, block = line[: line.index(b" ") + 1], []
        block.append(line)
    if block:
        yield subject, block


def in_order(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Return the lines as they come; raises ValueError at the first that is not after the one before it."""
    last = b""
    for line in lines:
        if line <= last:
            raise ValueError(f"The lines are not sorted, or not all different: {line!r} follows {last!r}.")
        yield line
        last = line


def sort(blocks: Iterable[bytes], folder: Path, *, run: int = RUN) -> Iterator[bytes]:
    """Return the lines of all blocks in order, each once, in the memory of ``run`` lines.

    What does not fit is kept in files without a name in ``folder``.
    """
    with ExitStack() as files:
        runs: list[Iterable[bytes]] = []
        lines: list[bytes] = []
        for block in blocks:
            lines += block.splitlines(keepends=True)
            if len(lines) >= run:
                file = files.enter_context(tempfile.TemporaryFile(dir=folder))
                file.writelines(sorted(lines))
                file.seek(0)
                runs.append(file)
                lines = []
        for line, _ in groupby(heapq.merge(*runs, sorted(lines))):
            yield line
