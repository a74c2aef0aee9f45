"""What a person sees at the terminal: progress, tables, faults; plain text as soon as it goes to a pipe."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import names
from kg.faults import Fault, SystemFault

if TYPE_CHECKING:
    import pyoxigraph as ox
    from rich.console import Console

    from kg.coverage import Coverage
    from kg.gate import Report
    from kg.linking.command import Result
    from kg.links import Link
    from kg.query import Answer


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show what is being done, on a terminal only."""
    console = _console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status("Starting") as status:
        yield status.update


def show_fault(fault: Fault) -> None:
    """Print a fault to standard error: what, where, and what to do."""
    lines = str(fault).replace(f"{Path.cwd()}{os.sep}", "").splitlines()
    more = [line for line in lines if line.startswith(" ")]  # belongs to the line above it
    for line in lines:
        mark = "" if line in more else f"{click.style('error', fg='red', bold=True)}: "
        click.echo(f"{mark}{line}", err=True)
    if len(lines) - len(more) > 1:
        click.echo(f"{len(lines) - len(more)} problems.", err=True)


def show_coverage(coverage: Iterable[Coverage]) -> None:
    """Print what of each article is accounted for."""
    for item in coverage:
        sentences, numbers = len(item.source.sentences), len(item.numbers)
        click.echo(item.source.slug)
        click.echo(f"  sentences  {_part(sentences - len(item.missing_sentences), sentences)}")
        click.echo(f"  numbers    {_part(numbers - len(item.missing_numbers), numbers)}")
        click.echo(f"  quotes {len(item.quotes)}, phrases {len(item.phrases)}, not loaded {len(item.left)}")


def show_report(report: Report) -> None:
    """Print what the shapes found, violations first."""
    for finding in report.findings:
        colour = "red" if finding.severity == "violation" else "yellow"
        severity = click.style(finding.severity, fg=colour)
        click.echo(f"{severity} {names.compact(finding.culprit)}: {finding.message} [{finding.rule}]")
    verdict = "conforms to the shapes" if report.conforms else "does not conform to the shapes"
    click.echo(f"The graph {verdict}: {len(report.violations)} violations, {len(report.warnings)} warnings.")


def show_changes(changes: dict[str, Any] | None, form: str) -> None:
    """Print what changed, for a person or as JSON; nothing is known of the first snapshot."""
    if form == "json":
        return write([f"{json.dumps(changes, indent=2, ensure_ascii=False)}\n".encode()], None)
    if changes is None:
        return click.echo("No snapshot came before this one.")
    click.echo(f"From {changes['from']} to {changes['to']}:")
    lines = [*_listed(changes["sources"]), *_listed(changes["facts"]), *_counted(changes["others"])]
    click.echo("\n".join(lines) or "No fact, source or term is another.")
    return None


def show_answer(answer: Answer, form: str | None) -> None:
    """Print the answer to a query: as a table on a terminal, as CSV or Turtle to a pipe, or as asked."""
    import pyoxigraph as ox

    if form == "table" or (form is None and sys.stdout.isatty()):
        if isinstance(answer, ox.QuerySolutions):
            return _table(answer)
        if isinstance(answer, ox.QueryBoolean):
            return click.echo("yes" if answer else "no")
    return write([_serialize(answer, form)], None)


def show_proposals(result: Result) -> None:
    """Print what may be linked to what, and what a person does next."""
    name, outcome = result.data_set.prefix, result.outcome
    if outcome is None:
        return click.echo(f"All things of these kinds have a link to {name}.")
    for thing, rows in groupby(result.rows, key=lambda row: row.subject):
        click.echo(f"{thing.curie}")
        for row in rows:
            click.echo(f"  {row.confidence:.2f}  {row.predicate} {row.object.curie} {row.object_label}")
            click.echo(click.style(f"        {row.evidence}", dim=True))
    for one, of in outcome.crowded:
        click.echo(f"{one.curie}: {of} are called so; only the likeliest were looked at.")
    if outcome.alone:
        click.echo(f"Nothing was found for {', '.join(thing.curie for thing in outcome.alone)}.")
    if result.rows:
        out = result.wish.out
        click.echo(f"Proposals: {len(result.rows)}, in {out}. Fill in reviewer_id where one is right;")
        click.echo(f"then: kg link --accept {out}")
    return None


def show_accepted(rows: Iterable[Link]) -> None:
    """Print which links came in."""
    for row in rows:
        click.echo(f"{row.subject.curie} {row.predicate} {row.object.curie}")
    click.echo("These are links now, and no proposals any more. `kg check` holds the graph to the shapes.")


def write(content: Iterable[bytes], out: Path | None) -> None:
    """Write to standard output, or to a file: as a whole or not at all."""
    if out is None:
        sys.stdout.buffer.writelines(content)
        return
    aside = out.with_name(f"{out.name}.{os.getpid()}.part")
    try:
        with aside.open("wb") as file:
            file.writelines(content)
        aside.replace(out)
    except OSError as error:
        raise SystemFault(f"{out} cannot be written: {error.strerror}.") from error
    finally:
        aside.unlink(missing_ok=True)


_SIGNS = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}


def _listed(things: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """Yield a line for each thing, and below a changed one what it gained and lost."""
    for fate, (sign, colour) in _SIGNS.items():
        for thing in things[fate]:
            labels = thing["labels"]
            label = labels.get("en") or next(iter(labels.values()), names.compact(thing["iri"]))
            yield f"{click.style(sign, fg=colour)} {names.compact(thing['kind'])} {label}"
            for mark, statements in (("-", thing.get("lost", ())), ("+", thing.get("gained", ()))):
                for one in statements:
                    value = names.compact(one["value"]["value"])
                    yield f"    {mark} {names.compact(one['property'])} {value}"


def _counted(others: dict[str, dict[str, int]]) -> Iterator[str]:
    for kind, counts in others.items():
        told = ", ".join(f"{count:,} {fate}" for fate, count in counts.items() if count)
        yield f"  {names.compact(kind)}: {told}"


def _part(done: int, all_of: int) -> str:
    return f"{done} of {all_of} ({100 * done / all_of if all_of else 100:.0f} %)"


def _serialize(answer: Answer, form: str | None) -> bytes:
    import pyoxigraph as ox

    from kg.export import serialize

    if isinstance(answer, ox.QueryTriples):
        form_of_graph = {
            None: ox.RdfFormat.TURTLE,
            "turtle": ox.RdfFormat.TURTLE,
            "ntriples": ox.RdfFormat.N_TRIPLES,
        }
        if form not in form_of_graph:
            raise Fault(f"A graph cannot be written as {form}. Choose turtle or ntriples.")
        return serialize(answer, form_of_graph[form])
    forms = {
        None: ox.QueryResultsFormat.CSV
        if isinstance(answer, ox.QuerySolutions)
        else ox.QueryResultsFormat.JSON,
        "csv": ox.QueryResultsFormat.CSV,
        "tsv": ox.QueryResultsFormat.TSV,
        "json": ox.QueryResultsFormat.JSON,
        "xml": ox.QueryResultsFormat.XML,
    }
    if form not in forms:
        raise Fault(f"This answer cannot be written as {form}. Choose csv, tsv, json or xml.")
    return answer.serialize(format=forms[form]) or b""


def _table(answer: ox.QuerySolutions) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    variables = [variable.value for variable in answer.variables]
    table = Table(*variables, box=SIMPLE_HEAD)
    rows = 0
    for solution in answer:
        table.add_row(*(_cell(solution[variable]) for variable in variables))
        rows += 1
    console = _console()
    console.print(table)
    console.print(f"{rows} rows", style="dim", highlight=False)


def _cell(term: object) -> str:
    from rich.markup import escape

    value = getattr(term, "value", "") if term is not None else ""
    return escape(names.compact(value))


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr)
