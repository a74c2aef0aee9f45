"""The faults of a build, each a sentence that says whose it is, where, and what to do.

Fault
├── DataFault       the articles, facts, links, ontology or shapes: an author mends it
├── SnapshotFault   the published folder: building again mends it
└── SystemFault     the machine: a folder without rights, a port that is taken
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class Fault(Exception):
    """Anything that ends a command with exit code 1 and one clear message."""


class SnapshotFault(Fault):
    """There is no snapshot, or it is damaged."""


class SystemFault(Fault):
    """The machine refuses: rights, space, a port."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend in a file that a person wrote; lines count from 1, 0 is the file as a whole."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """Return ``file:line: message``, the form that editors jump to."""
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class DataFault(Fault):
    """Files that people wrote need mending; all problems of a run are in it, not the first alone."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))

    @classmethod
    def at(cls, file: object, line: int, message: str) -> DataFault:
        """Return the fault of one place in a file."""
        return cls([Problem(str(file), line, message)])


class Problems(list[Problem]):
    """The problems of a step: each is noted and the step goes on, so that an author sees all of them."""

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note the problems of a DataFault that is raised inside, and go on after the block."""
        try:
            yield
        except DataFault as fault:
            self.extend(fault.problems)

    def settle(self) -> None:
        """Raise DataFault if there is any problem."""
        if self:
            raise DataFault(self)
