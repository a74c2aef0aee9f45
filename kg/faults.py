"""The faults of a build and of whoever asks, each a sentence that says whose it is, where, and what to do.

Fault
├── DataFault           the articles, facts, links, ontology or shapes: an author mends it
├── SnapshotFault       the published folder: building again mends it
├── SystemFault         the machine: a folder without rights, a port that is taken
├── MissingPackage      a package that not everybody needs: installing an extra mends it
├── QueryFault          the query: it is not SPARQL, or asks for more than it may
├── NameFault           the name of a thing: nothing is called so, or several things are
└── EndpointFault       an address that was asked, and gave no answer
    ├── Unreachable         nobody listens there, or nobody answers in time
    ├── NoEndpoint          something else is there: a page, or nothing at all
    ├── Unavailable         it has too much to do now
    └── CutShort            the answer broke off before its end
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


class MissingPackage(Fault):
    """A package that not everybody needs is not installed; the message names the extra that brings it."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"This needs {package}, which is not installed. Run `pip install {package}`, "
            f"or install this package with its extra, city-economy-kg[{extra}]."
        )


class QueryFault(Fault):
    """The query cannot be read, is not SPARQL, or asks for what it may not have."""


class NameFault(Fault):
    """Nothing is called so, or several things are; ``candidates`` are the IRIs of what may be meant."""

    def __init__(self, message: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates


class EndpointFault(Fault):
    """An address that was asked did not answer the query."""


class Unreachable(EndpointFault):
    """Nobody listens at the address, or nobody answers in time."""


class NoEndpoint(EndpointFault):
    """There is no SPARQL endpoint at the address."""


class Unavailable(EndpointFault):
    """The endpoint cannot answer now; ``retry_after`` says in how many seconds it may, if it said so."""

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class CutShort(EndpointFault):
    """The answer broke off; nothing of it is given, since half an answer looks like a whole one."""


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
