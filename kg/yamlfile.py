"""YAML as authors write it: every scalar a string as printed, with its line; no number or date is guessed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import yaml

from kg.faults import DataFault, Problem

DEEPEST = 10
"""The most lists and mappings that may lie in one another; our formats need five."""


class Phrase(NamedTuple):
    """Words that stand in a file, and the line on which they begin."""

    text: str
    line: int


class Node:
    """One value of a YAML file: text, a list or a mapping, as the author laid it out."""

    def __init__(self, file: str, node: yaml.Node) -> None:
        self.file = file
        self.line = node.start_mark.line + 1
        self._node = node

    def phrase(self) -> Phrase:
        """Return the text without outer space; raises DataFault for a list, a mapping or nothing."""
        if not isinstance(self._node, yaml.ScalarNode) or not self._node.value.strip():
            self.refuse("Here should stand a phrase. Put it in quotation marks if it holds “: ” or “#”.")
        return Phrase(self._node.value.strip(), self.line)

    def items(self) -> list[Node]:
        """Return the members of a list; raises DataFault for anything else."""
        if not isinstance(self._node, yaml.SequenceNode):
            self.refuse("Here should stand a list: one “- ” for each member.")
        return [Node(self.file, child) for child in self._node.value]

    def entries(self) -> dict[Phrase, Node]:
        """Return the keys and values of a mapping; raises DataFault for a key that comes twice."""
        if not isinstance(self._node, yaml.MappingNode):
            self.refuse("Here should stand “key: value” lines.")
        pairs = [(Node(self.file, key).phrase(), Node(self.file, value)) for key, value in self._node.value]
        seen: set[str] = set()
        for key, _ in pairs:
            if key.text in seen:
                raise DataFault.at(self.file, key.line, f"The key “{key.text}” comes twice.")
            seen.add(key.text)
        return dict(pairs)

    def fields(self, *, required: Iterable[str] = (), optional: Iterable[str] = ()) -> dict[str, Node]:
        """Return the values by key; raises DataFault for keys that are unknown or missing, all at once."""
        entries = self.entries()
        problems = [
            *self._unknown(entries, [*required, *optional]),
            *self._missing(entries, required),
        ]
        if problems:
            raise DataFault(problems)
        return {key.text: value for key, value in entries.items()}

    def refuse(self, message: str) -> NoReturn:
        """Raise DataFault for this place."""
        raise DataFault.at(self.file, self.line, message)

    def _unknown(self, entries: dict[Phrase, Node], known: list[str]) -> Iterator[Problem]:
        for key in entries:
            if key.text not in known:
                yield Problem(self.file, key.line, f"“{key.text}” is no key here. {nearest(key.text, known)}")

    def _missing(self, entries: dict[Phrase, Node], required: Iterable[str]) -> Iterator[Problem]:
        present = {key.text for key in entries}
        for key in required:
            if key not in present:
                yield Problem(self.file, self.line, f"The key “{key}” is missing.")


def read(path: Path) -> Node:
    """Read a YAML file.

    Raises DataFault when it cannot be read, or is not YAML.
    """
    return parse(path, read_text(path))


def read_text(path: Path) -> str:
    """Read a file of text; raises DataFault when it cannot be read, or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataFault.at(path, 0, f"The file cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DataFault.at(path, 0, f"The file is not UTF-8: byte {error.start}.") from error


def parse(path: Path, text: str) -> Node:
    """Parse YAML that stands in a file from its first line on; raises DataFault when it is none."""
    try:
        _check_shape(path, text)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        raise DataFault.at(path, _line(error.problem_mark), f"This is not YAML: {error.problem}.") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise DataFault.at(path, line, f"This is not YAML: {error.reason}.") from error
    if node is None:
        raise DataFault.at(path, 0, "The file is empty.")
    return Node(str(path), node)


def read_mapping(path: Path, *, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Phrase]:
    """Read a YAML file that holds ``key: phrase`` lines and nothing else."""
    return {
        key: node.phrase() for key, node in read(path).fields(required=required, optional=optional).items()
    }


def close_to(word: str, known: Iterable[str]) -> list[str]:
    """Return up to three candidates that are spelled alike, the nearest first."""
    folded = {candidate.lower(): candidate for candidate in known}
    return [folded[match] for match in difflib.get_close_matches(word.lower(), folded, n=3, cutoff=0.6)]


def nearest(word: str, known: Iterable[str], *, say: str = "Known") -> str:
    """Return the sentence that offers the nearest candidates, all of them when none is near.

    >>> nearest("indutry", ["industry", "metric"])
    'Did you mean “industry”?'
    """
    candidates = list(known)
    close = close_to(word, candidates)
    if close:
        return f"Did you mean {' or '.join(f'“{c}”' for c in close)}?"
    shown = ", ".join(f"“{c}”" for c in candidates[:12])
    return f"{say}: {shown}{' …' if len(candidates) > 12 else ''}."


def _check_shape(path: Path, text: str) -> None:
    """Refuse what no author writes: composing nodes is recursive in C, and deep nesting ends the process."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise DataFault.at(
                path, _line(event.start_mark), "An alias (“*”) is not read here: repeat the words."
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise DataFault.at(
                path, _line(event.start_mark), "This is nested too deeply to be one of our files."
            )


def _line(mark: Any) -> int:
    """Return the line of a mark, of which PyYAML has two unrelated classes."""
    return mark.line + 1 if mark else 0
