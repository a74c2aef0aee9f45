"""Tables that people write: cells parted by tabs, under a head of comment lines that are YAML (SSSOM/TSV)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg import yamlfile
from kg.faults import DataFault

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what its head says, its columns, and each row with its line, not yet parted into cells."""

    path: Path
    head: Mapping[str, yamlfile.Node]
    columns: tuple[str, ...]
    rows: tuple[tuple[int, str], ...]

    def cells(self, line: int, row: str) -> dict[str, str]:
        """Return the cells of a row by their columns; raises DataFault where it has not one for each."""
        cells = row.split("\t")
        if len(cells) != len(self.columns):
            said = f"A row should have {len(self.columns)} cells parted by tabs; this one has {len(cells)}."
            raise DataFault.at(self.path, line, said)
        return dict(zip(self.columns, cells, strict=True))


def read(path: Path, *, head: Collection[str], columns: tuple[str, ...]) -> Table:
    """Read a table; raises DataFault for keys of its head, or columns, that are missing or unknown."""
    text = yamlfile.read_text(path).removeprefix(_BOM)
    lines = text.removesuffix("\n").split("\n") if text else []
    above = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    found = _head(path, lines[:above], head)
    if above == len(lines) or tuple(lines[above].split("\t")) != columns:
        said = f"The columns should be {', '.join(columns)}, parted by tabs."
        raise DataFault.at(path, above + 1, said)
    return Table(path, found, columns, tuple(enumerate(lines[above + 1 :], above + 2)))


def untidy(cells: Mapping[str, str], *, may_be_empty: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with cells whatever they mean: emptiness, outer spaces, what cannot be seen."""
    for column, text in cells.items():
        if text != text.strip() or (not text and column not in may_be_empty):
            yield f"The cell of {column} should not be empty, nor begin or end with a space."
        hidden = next((character for character in text if not character.isprintable()), "")
        if hidden:
            yield f"The cell of {column} holds a character that cannot be seen: U+{ord(hidden):04X}."


def _head(path: Path, lines: list[str], keys: Collection[str]) -> dict[str, yamlfile.Node]:
    """Return what the comment lines at the top say: YAML, line for line."""
    if not lines:
        raise DataFault.at(path, 1, f"The table should begin with # and YAML: {', '.join(keys)}.")
    return yamlfile.parse(path, "\n".join(line[1:] for line in lines)).fields(required=keys)


_BOM: Final = "\ufeff"
"""What spreadsheets put before UTF-8."""
