"""The build: articles and facts in, a validated snapshot out.

A function of its inputs: no clock, no chance, no network.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef

import kg
from kg import dumps, folding, lexicon, names, resources, search
from kg.coverage import Coverage, account, count
from kg.facts import REASONS, read_facts
from kg.faults import DataFault, Fault, Problem, Problems
from kg.grounding import ground
from kg.lift import lift
from kg.links import lift_links, read_folder
from kg.meta import describe
from kg.reference.lifting import lift as lift_reference
from kg.reference.lifting import lift_mappings, terms
from kg.reference.tables import read_folder as read_reference
from kg.snapshot import Snapshot, publish
from kg.sources import Source, read_source

if TYPE_CHECKING:
    from kg.gate import Report

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the inputs lie; by default those that come with the package."""

    ontology: Path = field(default_factory=resources.ontology)
    shapes: Path = field(default_factory=resources.shapes)
    data: Path = field(default_factory=resources.data)


@dataclass(frozen=True, slots=True)
class Assembly:
    """The named graphs by slug, and the account of each article; not yet validated."""

    graphs: dict[str, Graph]
    coverage: tuple[Coverage, ...]
    inputs: dict[str, str]


class NotConforming(Fault):
    """The graph breaks rules of ``shapes/``; nothing was published."""

    def __init__(self, report: Report) -> None:
        self.report = report
        lines = (f"{names.compact(one.culprit)}: {one.message} [{one.rule}]" for one in report.violations)
        super().__init__("\n".join(lines))


def assemble(folders: Folders, progress: Progress = lambda _: None) -> Assembly:
    """Read all inputs and return the named graphs.

    Raises DataFault with every problem of every file.
    """
    progress("Reading the ontology")
    graphs = {
        "ontology": parse(sorted(folders.ontology.glob("*.ttl"))),
        "base": parse(sorted((folders.ontology / "concepts").glob("*.ttl"))),
    }
    known = read_reference(folders.data / "reference")  # its faults alone: without places no phrase resolves
    graphs["reference"] = _graph(lift_reference(known, graphs["base"]))
    labels = lexicon.from_graph(_graph(chain(graphs["base"], graphs["ontology"], graphs["reference"])))
    problems, coverage = Problems(), []
    for path in _sources(folders.data):
        progress(f"Reading {path.stem}")
        with problems.noting():
            source = read_source(path)
            graph, account_of_it = _state(folders.data / "facts" / path.name, source, labels)
            graphs[source.slug] = graph
            coverage.append(account_of_it)
    with problems.noting():
        _check_pairs(folders.data)
    with problems.noting():
        sets = read_folder(folders.data / "links")
        graphs["links"] = _graph(lift_links(sets))
        graphs["reference"] += _graph(lift_mappings(known, [link for each in sets for link in each.links]))
    problems.settle()
    inputs = _digests(folders)
    examples = resources.examples(folders.data / "queries")
    sources = [item.source for item in coverage]
    graphs["meta"] = _graph(describe(sources, inputs, graphs, examples, terms(known)))
    return Assembly(graphs, tuple(coverage), inputs)


def validate(assembly: Assembly, folders: Folders) -> Report:
    """Hold the graphs together to the shapes."""
    return _hold(validation_graph(assembly), folders)


def validation_graph(assembly: Assembly) -> Graph:
    """Return the union of all graphs and the full texts, which are validated against but never published."""
    union = Graph()
    union += chain.from_iterable(assembly.graphs.values())
    for item in assembly.coverage:
        union.add((URIRef(item.source.iri), URIRef(names.term("sourceText")), Literal(item.source.text)))
    return union


def check(folders: Folders, progress: Progress = lambda _: None) -> tuple[Assembly, Report]:
    """Assemble and validate.

    Raises DataFault for files to mend, NotConforming for rules that are broken.
    """
    assembly = assemble(folders, progress)
    progress("Validating")
    report = validate(assembly, folders)
    if not report.conforms:
        raise NotConforming(report)
    return assembly, report


def build(folders: Folders, root: Path, progress: Progress = lambda _: None) -> Snapshot:
    """Check everything and publish the snapshot under ``root``; on any fault nothing is changed."""
    assembly, report = check(folders, progress)
    progress("Publishing")
    lines = nquads(assembly)
    files = {
        "report.ttl": report.turtle().encode(),
        "coverage.json": _json(account_for(assembly.coverage)),
        folding.FILE: search.index(lines),
    }
    about = {
        "version": kg.__version__,
        "inputs": assembly.inputs,
        "sources": [item.source.slug for item in assembly.coverage],
        "warnings": len(report.warnings),
    }
    statistics = {"validation": report.summary(), "coverage": list(map(count, assembly.coverage))}
    return publish(root, nquads=lines, files=files, about=about, statistics=statistics, more=dumps.write)


def check_files(paths: Iterable[Path], folders: Folders, progress: Progress = lambda _: None) -> Report:
    """Hold RDF files of any format to the shapes, as additions to the graph that the folders give.

    Raises DataFault for files that cannot be read or parsed.
    """
    problems, graph = Problems(), _graph(())
    with problems.noting():
        graph = parse(paths)
    with problems.noting():
        graph += validation_graph(assemble(folders, progress))
    problems.settle()
    progress("Validating")
    return _hold(graph, folders)


def _hold(graph: Graph, folders: Folders) -> Report:
    from kg import gate  # pySHACL is slow to load, and most commands do without

    return gate.check(graph, gate.load_shapes(sorted(folders.shapes.glob("*.ttl"))))


def nquads(assembly: Assembly) -> bytes:
    """Return every quad as a line, sorted: the same inputs give the same bytes."""
    quads = (
        ox.Quad(found.subject, found.predicate, found.object, ox.NamedNode(names.graph(slug)))
        for slug, graph in assembly.graphs.items()
        for found in ox.parse(graph.serialize(format="nt", encoding="utf-8"), format=ox.RdfFormat.N_TRIPLES)
    )
    lines = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    return b"".join(sorted(set(lines)))


def parse(paths: Iterable[Path]) -> Graph:
    """Parse RDF files into one graph; named graphs are merged.

    Raises DataFault for files that cannot be read or parsed.
    """
    graph, problems = _graph(()), Problems()
    for path in paths:
        with problems.noting():
            graph.parse(data=_ntriples(path), format="nt")
    problems.settle()
    return graph


def account_for(coverage: Iterable[Coverage]) -> dict[str, Any]:
    """Return the account as plain data: spans of quotes, phrases and numbers, and what is left out."""
    return {
        item.source.slug: {
            "sentences": item.source.sentences,
            "metadata": item.source.metadata,
            "quotes": item.quotes,
            "phrases": item.phrases,
            "numbers": item.numbers,
            "left": [
                {"span": left.span, "reason": left.reason, "because": REASONS[left.reason]}
                for left in item.left
            ],
        }
        for item in coverage
    }


def _state(path: Path, source: Source, labels: lexicon.Lexicon) -> tuple[Graph, Coverage]:
    facts = read_facts(path)
    statements = ground(facts, source, labels)
    try:
        publisher = labels.resolve(source.publisher.text, "organization")
    except lexicon.UnknownName as error:
        raise DataFault.at(source.file, source.publisher.line, str(error)) from error
    return _graph(lift(source, publisher, statements, labels)), account(facts, source, statements)


def _sources(data: Path) -> list[Path]:
    found = sorted((data / "sources").glob("*.yaml"))
    if not found:
        raise DataFault.at(
            data / "sources",
            0,
            "There is no article: add <slug>.txt and <slug>.yaml.",
        )
    return found


def _check_pairs(data: Path) -> None:
    """Refuse facts without a source, which no one would read."""
    known = {path.stem for path in _sources(data)}
    problems = [
        Problem(str(path), 0, f"There is no source sources/{path.name} for these facts.")
        for path in sorted((data / "facts").glob("*.yaml"))
        if path.stem not in known
    ]
    if problems:
        raise DataFault(problems)


def _graph(triples: Iterable[Any]) -> Graph:
    graph = Graph(store="SimpleMemory")  # the usual store minds contexts as well, and takes twice the time
    for triple in triples:
        graph.add(triple)
    return graph


def _ntriples(path: Path) -> bytes:
    """Return what a file states, which is in the format that its name tells."""
    form = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    if form is None:
        raise DataFault.at(path, 0, "Which format is this? Name it .ttl, .nt, .nq, .trig, .jsonld or .rdf.")
    try:
        triples = {
            quad.triple for quad in ox.parse(path=str(path), format=form, base_iri=path.absolute().as_uri())
        }
    except OSError as error:
        raise DataFault.at(path, 0, f"The file cannot be read: {error.strerror or error}.") from error
    except SyntaxError as error:
        raise DataFault.at(path, error.lineno or 0, f"This is not {form.name}: {error.msg}.") from error
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def _digests(folders: Folders) -> dict[str, str]:
    """Return the SHA-256 of every input by its path below the folder that it came from."""
    roots = {"ontology": folders.ontology, "shapes": folders.shapes, "data": folders.data}
    files = {
        f"{name}/{path.relative_to(root).as_posix()}": path
        for name, root in roots.items()
        for path in sorted(root.rglob("*"))
        if path.suffix in {".ttl", ".txt", ".yaml", ".tsv"}
    }
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


def _json(content: Any) -> bytes:
    return f"{json.dumps(content, ensure_ascii=False, indent=1)}\n".encode()
