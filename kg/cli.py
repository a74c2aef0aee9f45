"""The command ``kg``: arguments in, exit code out; 0 done, 1 something to mend, 2 wrong usage."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

import kg
from kg import resources, terminal
from kg.distributions import DISTRIBUTIONS
from kg.faults import Fault

Command = TypeVar("Command", bound=Callable[..., Any])

SNAPSHOTS = click.option(
    "--snapshots",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("snapshots"),
    envvar="CEKG_SNAPSHOTS",
    show_default=True,
    help="Folder of the published snapshots.",
)


def _folder(name: str, default: Callable[[], Path], what: str) -> Callable[[Command], Command]:
    return click.option(
        f"--{name}",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        default=default,
        envvar=f"CEKG_{name.upper()}",
        help=f"{what} [default: the one that comes with kg]",
    )


def _inputs(command: Command) -> Command:
    """Add the options that name the folders of inputs."""
    for option in (
        _folder("shapes", resources.shapes, "Folder of the SHACL shapes."),
        _folder("ontology", resources.ontology, "Folder of the vocabulary and the concepts."),
        _folder("data", resources.data, "Folder of sources, facts and links."),
    ):
        command = option(command)
    return command


class _Group(click.Group):
    """Turns the tree of faults into one message and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Fault as fault:
            terminal.show_fault(fault)
            ctx.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(kg.__version__, package_name="city-economy-kg", prog_name="kg")
def main() -> None:
    """What sources say about the economies of cities, as a knowledge graph.

    Each command has its own --help.
    """


@main.command()
@_inputs
def check(data: Path, ontology: Path, shapes: Path) -> None:
    """Check articles, facts and links, and print what of each article is accounted for.

    Fails when a phrase is not in its article or cannot be understood, when a sentence or number is
    unaccounted for, or when the graph breaks a shape. Publishes nothing.
    """
    from kg import build as builder

    with terminal.progress() as progress:
        assembly, report = builder.check(builder.Folders(ontology, shapes, data), progress)
    terminal.show_coverage(assembly.coverage)
    terminal.show_report(report)


@main.command()
@_inputs
@SNAPSHOTS
def build(data: Path, ontology: Path, shapes: Path, snapshots: Path) -> None:
    """Check everything and publish a snapshot; on any fault the last one stays."""
    from kg import build as builder

    with terminal.progress() as progress:
        snapshot = builder.build(builder.Folders(ontology, shapes, data), snapshots, progress)
    quads, graphs = snapshot.manifest["quads"], len(snapshot.manifest["graphs"])
    warnings = snapshot.manifest["warnings"]
    click.echo(f"Published {snapshot.folder}: {quads:,} quads in {graphs} graphs, {warnings} warnings.")


@main.command(
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
@click.pass_context
def serve(ctx: click.Context) -> None:
    """Serve the current snapshot: pages, linked data and SPARQL."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "server", *ctx.args])  # noqa: S606  # our own package, no shell


@main.command()
@click.argument("query")
@click.option(
    "--set",
    "choices",
    multiple=True,
    metavar="NAME=VALUE",
    help="Value of a parameter of an example, such as place=city:harbin.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "tsv", "json", "xml", "turtle", "ntriples"]),
    help="[default: table on a terminal, csv or turtle to a pipe]",
)
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of the snapshot.")
@SNAPSHOTS
def query(
    query: str, choices: tuple[str, ...], form: str | None, endpoint: str | None, snapshots: Path
) -> None:
    """Answer a SPARQL QUERY: a file, the name of an example, the text itself, or - for standard input."""
    from kg import query as asking

    text = asking.find_query(query, choices)
    answer = asking.ask_endpoint(text, endpoint) if endpoint else asking.ask_snapshot(text, snapshots)
    terminal.show_answer(answer, form)


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@_inputs
def validate(files: tuple[Path, ...], data: Path, ontology: Path, shapes: Path) -> None:
    """Hold RDF FILES to the shapes, as additions to the graph; exit code 1 if they do not conform."""
    from kg import build as builder

    with terminal.progress() as progress:
        report = builder.check_files(files, builder.Folders(ontology, shapes, data), progress)
    terminal.show_report(report)
    if not report.conforms:
        raise SystemExit(1)


@main.command()
@click.argument("form", metavar="FORMAT", type=click.Choice([each.name for each in DISTRIBUTIONS]))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; one that ends in .gz is left compressed. [default: standard output]",
)
@SNAPSHOTS
def export(form: str, out: Path | None, snapshots: Path) -> None:
    """Write the current snapshot as FORMAT: the same bytes that the server gives away under /dumps.

    Everything: nquads, trig, turtle, jsonld. The figures alone: csv (csvw says what its columns mean), cube
    (RDF Data Cube), schema (schema.org).
    """
    from kg import export as exporting

    packed = out is not None and out.suffix == ".gz"
    terminal.write(exporting.export(form, snapshots, packed=packed), out)


@main.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@SNAPSHOTS
def changes(old: str | None, new: str | None, form: str, snapshots: Path) -> None:
    """Say which facts came, went or changed from the snapshot OLD to NEW.

    Each is given by the start of its name. NEW is the current one by default; without OLD, it is what was new
    in the current one when it was published.
    """
    from kg import snapshot
    from kg.changes import changes as compare

    later = snapshot.open_named(snapshots, new) if new else snapshot.open_current(snapshots)
    found = compare(snapshot.open_named(snapshots, old), later) if old else later.changes()
    terminal.show_changes(found, form)
