"""The table between the machine and the person: proposals go out, and what a person marked comes in.

A row counts as accepted when its ``reviewer_id`` says who looked at it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from kg import names, yamlfile
from kg.faults import DataFault, Problem, Problems, SystemFault
from kg.linking.datasets import DataSet
from kg.linking.kinds import identity
from kg.linking.ranking import Proposal
from kg.linking.things import Thing
from kg.links import (
    COLUMNS,
    IDENTITIES,
    Link,
    LinkSet,
    contradictions,
    faults,
    read_folder,
    read_links,
    read_rows,
)

TABLE: Final = "links.sssom.tsv"
"""The table that accepted rows go to."""

_NAMES: Final = ("subject_id", "object_id", "mapping_justification", "author_id", "reviewer_id")
_AUTHOR: Final = names.compact(names.AUTHORS)
_PERSONS: Final = {"orcid": "https://orcid.org/"}
"""Who reviews may be called by an ORCID iD."""
_HEAD: Final = f"""#mapping_set_id: {names.BASE}dataset/proposals
#mapping_set_title: Proposals for links of the City Economy Knowledge Graph
#mapping_set_description: Candidates that nobody has looked at yet; who accepts one fills in reviewer_id
#license: {names.CC_BY}
#curie_map:
"""
_FORMULA: Final = "=+-@"
"""What makes a spreadsheet run the rest of a cell."""


def check_place(path: Path, folder: Path) -> None:
    """Refuse to write proposals where the build would read them, or over what a person wrote.

    Raises DataFault.
    """
    if path.resolve().parent == folder.resolve():
        raise DataFault.at(path, 0, f"The build reads {folder}: let proposals go elsewhere (--out).")
    if not path.exists():
        return
    marked = [link for link in read_rows(path).links if link.reviewer]
    if marked:
        said = "Somebody has looked at this row: accept it first (kg link --accept), or let new proposals"
        raise DataFault.at(path, marked[0].line, f"{said} go elsewhere (--out).")


def write(path: Path, proposals: Iterable[Proposal], data_set: DataSet, day: date) -> tuple[Link, ...]:
    """Write the table of proposals in one go, and return its rows.

    What is no link by the rules of the tables, such as an address with a space in it, is left out.
    """
    prefixes = {**names.PREFIXES, **_PERSONS, data_set.prefix: data_set.space}
    rows = [_cells(proposal, data_set, day) for proposal in proposals]
    kept = [cells for cells in rows if not any(faults(cells, prefixes))]
    used = {cells["subject_id"].partition(":")[0] for cells in kept} | {
        *_PERSONS,
        data_set.prefix,
        "organization",
    }
    head = _HEAD + "".join(f"#  {prefix}: {prefixes[prefix]}\n" for prefix in sorted(used))
    lines = ["\t".join(COLUMNS), *("\t".join(cells.values()) for cells in kept)]
    _replace(path, head + _text(lines), read_rows)
    return read_rows(path).links


def accept(path: Path, folder: Path, things: Callable[[], Mapping[str, Thing]]) -> tuple[Link, ...]:
    """Move the rows that a person marked into the table that the build reads, all of them or none.

    Raises DataFault with all that speaks against it: rows that are none, that contradict a link or one
    another, whose thing is not ours or has another label, or whose prefix means something else there.
    """
    proposals = read_rows(path)
    marked = tuple(link for link in proposals.links if link.reviewer)
    if not marked:
        said = "No row is marked. Write who looked at it into reviewer_id, as in “orcid:0000-0002-1825-0097”."
        raise DataFault.at(path, 0, said)
    before = [link for each in read_folder(folder) for link in each.links]
    problems = Problems(_strange(marked, things()))
    problems.extend(contradictions([*before, *marked]))
    problems.settle()
    lines, moved = _lines(path), {link.line for link in marked}
    rows = [lines[line - 1] for line in sorted(moved)]
    _replace(folder / TABLE, _joined(folder / TABLE, rows, _prefixes(proposals, rows)), read_links)
    _replace(path, _text(line for number, line in enumerate(lines, 1) if number not in moved), read_rows)
    return marked


def _cells(proposal: Proposal, data_set: DataSet, day: date) -> dict[str, str]:
    thing, candidate = proposal.thing, proposal.candidate
    cells = (
        thing.curie,
        thing.label,
        proposal.predicate,
        f"{data_set.prefix}:{candidate.iri.removeprefix(data_set.space)}",
        candidate.label,
        proposal.justification,
        str(proposal.confidence),
        day.isoformat(),
        _AUTHOR,
        "",
        " ".join(proposal.reasons),
    )
    return dict(zip(COLUMNS, map(_plain, cells), strict=True))


def _plain(cell: str) -> str:
    """Return a stranger's words as one line of what can be seen, which no spreadsheet takes for a formula."""
    line = " ".join("".join(c if c.isprintable() else " " for c in cell).split())
    return line.lstrip(_FORMULA).strip()


def _strange(marked: Iterable[Link], things: Mapping[str, Thing]) -> Iterator[Problem]:
    """Yield what is wrong with a row for the thing that it is about."""
    for link in marked:
        thing = things.get(names.compact(link.subject.iri))
        if thing is None:
            near = yamlfile.nearest(link.subject.curie, things)
            said = f"{link.subject.curie} is nothing that can be linked. {near}"
        elif link.subject_label not in {name.text for name in thing.names}:
            said = f"{link.subject.curie} is not called “{link.subject_label}”: its label is “{thing.label}”."
        elif link.predicate in IDENTITIES and link.predicate != identity(thing.kind):
            right = identity(thing.kind)
            said = f"That {link.subject.curie} is the same is said by {right}, and not by {link.predicate}."
        else:
            continue
        yield Problem(link.file, link.line, said)


def _prefixes(proposals: LinkSet, rows: Iterable[str]) -> dict[str, str]:
    """Return the prefixes that rows use."""
    cells = [dict(zip(COLUMNS, row.split("\t"), strict=True)) for row in rows]
    used = {each[column].partition(":")[0] for each in cells for column in _NAMES}
    return {prefix: proposals.prefixes[prefix] for prefix in sorted(used)}


def _joined(table: Path, rows: Sequence[str], prefixes: Mapping[str, str]) -> str:
    """Return the text of a table with rows added, and the prefixes that they need.

    Raises DataFault where a prefix means something else there.
    """
    known, lines = read_rows(table).prefixes, _lines(table)
    start = next((number for number, line in enumerate(lines, 1) if re.match(r"#\s*curie_map:", line)), 1)
    other = [prefix for prefix, space in prefixes.items() if known.get(prefix, space) != space]
    if other:
        said = f"The prefix “{other[0]}” stands for {known[other[0]]} here, and for {prefixes[other[0]]}"
        raise DataFault.at(table, start, f"{said} in the proposals: let the two be the same.")
    new = [f"#  {prefix}: {space}" for prefix, space in prefixes.items() if prefix not in known]
    end = next(number for number, line in enumerate(lines[start:], start) if not re.match(r"#\s+\S+:", line))
    return _text([*lines[:start], *sorted([*lines[start:end], *new]), *lines[end:], *rows])


def _lines(path: Path) -> list[str]:
    return yamlfile.read_text(path).removesuffix("\n").split("\n")


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _replace(path: Path, text: str, read: Callable[[Path], LinkSet]) -> None:
    """Let a text take the place of a file in one go, once it is seen to be a table."""
    path = path.resolve()
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        read(draft)
        draft.replace(path)
    except OSError as error:
        raise SystemFault(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
