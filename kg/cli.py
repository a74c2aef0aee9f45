"""The command ``kg``: arguments in, exit code out; 0 done, 1 something to mend, 2 wrong usage."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

import click

import kg
from kg import resources, terminal
from kg.distributions import DISTRIBUTIONS
from kg.faults import Fault
from kg.linking.kinds import KINDS

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
    gc.set_threshold(_MANY)


_MANY: Final = 100_000
"""New objects after which garbage is looked for: most of those that a build makes live to its end."""


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
    _become("server", ctx.args)


@main.command(
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
@click.pass_context
def mcp(ctx: click.Context) -> None:
    """Offer the graph to an assistant, by the Model Context Protocol."""
    _become("server.assistants", ctx.args)


def _become(module: str, arguments: list[str]) -> NoReturn:
    """Go on as a program of the server, which the build does not know otherwise."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606  # our own package, no shell


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
    help="[default: table on a terminal; csv, json for ASK or turtle for a graph to a pipe]",
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
    help="File to write; one that ends in .gz is compressed. [default: standard output]",
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


@main.command()
@click.argument("things", nargs=-1, metavar="[THING]...")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(KINDS),
    help="Kind of things without a link to ask for; may be repeated.  [default: all but group and system]",
)
@click.option(
    "--data-set",
    default="wikidata",
    show_default=True,
    metavar="PREFIX[=NAMESPACE]",
    help="Data set to link to: wikidata, dbpedia, a prefix of the tables of links, or a new one.",
)
@click.option("--endpoint", metavar="URL", help="SPARQL endpoint to ask.  [default: that of the data set]")
@click.option("--reconcile", metavar="URL", help="Reconciliation service to ask instead of an endpoint.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("proposals.sssom.tsv"),
    show_default=True,
    help="Table to write.",
)
@click.option(
    "--most", type=click.IntRange(1, 50), default=5, show_default=True, help="Candidates for one thing."
)
@click.option("--offline", is_flag=True, help="Ask nobody: answer from the cache, of whatever age.")
@click.option("--refresh", is_flag=True, help="Ask again for what is in the cache.")
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 600),
    default=60,
    show_default=True,
    help="Seconds for one answer.",
)
@click.option(
    "--pause", type=click.FloatRange(0, 60), default=1, show_default=True, help="Seconds between questions."
)
@click.option(
    "--accept",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="Move the rows of FILE with a reviewer_id into the links, and ask nobody.",
)
@_inputs
def link(
    things: tuple[str, ...], accept: Path | None, data: Path, ontology: Path, shapes: Path, **how: Any
) -> None:
    """Propose links to another data set for a person to accept; nothing enters the graph unreviewed.

    Asks for each THING, such as city:harbin; without, for all things that have no link to the data set. The
    proposals are a table, the likeliest first. Write into reviewer_id who looked at a row, then --accept it.
    """
    if accept and things:
        raise click.UsageError("--accept takes the rows that are marked in FILE; leave out the things.")
    if how["endpoint"] and how["reconcile"]:
        raise click.UsageError("Ask an --endpoint or a --reconcile service, not both.")
    from kg import build as builder
    from kg.linking import command, proposals

    tables, folders = data / "links", builder.Folders(ontology, shapes, data)
    with terminal.progress() as progress:
        known = partial(command.things_of, folders, progress)
        if accept:
            return terminal.show_accepted(proposals.accept(accept, tables, known))
        result = command.propose(things, command.Wish(**how), tables, known, progress)
    return terminal.show_proposals(result)


@main.command()
@click.argument("place")
@click.option("--country", metavar="CODE", default="", help="ISO code of the country in which to look.")
@click.option(
    "--region", metavar="ID", default="", help="Region of the table that it lies in, as region:heilongjiang."
)
@click.option("--name", default="", help="Name in English. [default: that of GeoNames or ISO]")
@click.option(
    "--name-zh", default="", help="Name in simplified Chinese. [default: that of GeoNames, ISO or CLDR]"
)
@click.option("--slug", default="", help="Last part of its address. [default: its name]")
@click.option("--dry-run", is_flag=True, help="Show the line, and write nothing.")
@_folder("ontology", resources.ontology, "Folder of the vocabulary and the concepts.")
@_folder("data", resources.data, "Folder of sources, facts, links and reference data.")
def place(data: Path, ontology: Path, place: str, *, dry_run: bool, **given: str) -> None:
    """Look PLACE up, and add it to the reference data: its names, country, codes and coordinates.

    PLACE is the name of a city or its number at GeoNames, or the ISO code of a country (FR) or region
    (CN-JL). A name of several cities is refused, with the number of each. Look at the line before you commit
    it: it has what GeoNames and ISO say, which the extra "reference" brings.
    """
    from kg import build as builder
    from kg.reference.adding import Wish, add

    concepts = builder.parse(sorted((ontology / "concepts").glob("*.ttl")))
    today = datetime.now(UTC).date()
    lines = add(Wish(place, **given), data, concepts, today, only_show=dry_run)
    click.echo(f"{'Would add' if dry_run else 'Added'} to {data / 'reference' / 'places.tsv'}:")
    for line in lines:
        click.echo(line)
