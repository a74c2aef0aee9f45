"""The table of rules in ``shapes/README.md``; run as a script to print it anew."""

from __future__ import annotations

import sys
from pathlib import Path

from rdflib import Graph
from rdflib.namespace import SH

from kg import gate, names, resources

HEAD = "| rule | severity | what should be |\n|---|---|---|\n"


def tables(folder: Path) -> str:
    """Return a heading and a table for each file of shapes that has rules."""
    graphs = {path.name: Graph().parse(path) for path in sorted(folder.glob("*.ttl"))}
    return "\n".join(
        f"### {name}\n\n{HEAD}{''.join(_rows(graph))}" for name, graph in graphs.items() if gate.rules(graph)
    )


def _rows(graph: Graph) -> list[str]:
    return [
        f"| `{names.local(rule)}` | {gate.severity(graph, rule)} | {graph.value(rule, SH.message)} |\n"
        for rule in gate.rules(graph)
    ]


if __name__ == "__main__":
    sys.stdout.write(tables(resources.shapes()))
