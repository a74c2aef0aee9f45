"""Exports of a snapshot: the same triples in the formats that other tools read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg import names, resources
from kg.snapshot import Snapshot, open_current


def export(form: str, root: Path) -> bytes:
    """Return the current snapshot in one of the forms of FORMS; always the same bytes."""
    return FORMS[form](open_current(root))


def serialize(statements: Iterable[ox.Quad] | Iterable[ox.Triple], form: ox.RdfFormat) -> bytes:
    """Return statements with the prefixes that they use, sorted: the engine leaves that order to chance."""
    body = ox.serialize(statements, format=form, prefixes=names.PREFIXES) or b""
    lines = body.splitlines(keepends=True)
    heads = [line for line in lines if line.startswith(b"@prefix ")]
    rest = b"".join(lines[len(heads) :])
    used = set(re.findall(rb"(?<![\w-])([a-z][a-z0-9]*):", rest))
    return b"".join(sorted(head for head in heads if head.split()[1].rstrip(b":") in used)) + rest


def _nquads(snapshot: Snapshot) -> bytes:
    return snapshot.read("data.nq")


def _trig(snapshot: Snapshot) -> bytes:
    quads = sorted(ox.parse(snapshot.read("data.nq"), format=ox.RdfFormat.N_QUADS), key=_graph_first)
    return serialize(quads, ox.RdfFormat.TRIG)


def _turtle(snapshot: Snapshot) -> bytes:
    return _triples(snapshot, ox.RdfFormat.TURTLE)


def _triples(snapshot: Snapshot, form: ox.RdfFormat) -> bytes:
    quads = ox.parse(snapshot.read("data.nq"), format=ox.RdfFormat.N_QUADS)
    return serialize(sorted({quad.triple for quad in quads}, key=str), form)


def _jsonld(snapshot: Snapshot) -> bytes:
    """Return the merge of all graphs as JSON-LD with our context, so that it reads like plain JSON."""
    from rdflib import Graph  # only this export compacts

    context = json.loads((resources.ontology() / "context.jsonld").read_bytes())["@context"]
    graph = Graph().parse(data=_triples(snapshot, ox.RdfFormat.N_TRIPLES), format="nt")
    document = json.loads(graph.serialize(format="json-ld", context=context))
    return f"{json.dumps(_sorted(document), ensure_ascii=False, indent=1, sort_keys=True)}\n".encode()


def _sorted(part: Any) -> Any:
    """Return a JSON-LD document with its arrays in order: they are sets, which rdflib writes as they come."""
    if isinstance(part, dict):
        return {key: _sorted(value) for key, value in part.items()}
    if isinstance(part, list):
        return sorted(map(_sorted, part), key=lambda member: json.dumps(member, sort_keys=True))
    return part


def _cube(snapshot: Snapshot) -> bytes:
    """Return the homogeneous slice as RDF Data Cube (https://www.w3.org/TR/vocab-data-cube/)."""
    store = ox.Store.read_only(str(snapshot.store))
    query = (resources.data() / "exports" / "cube.rq").read_text(encoding="utf-8")
    triples = store.query(query, prefixes=names.PREFIXES)
    return serialize(sorted(triples, key=str), ox.RdfFormat.TURTLE)  # type: ignore[arg-type]  # a CONSTRUCT


def _graph_first(quad: ox.Quad) -> tuple[str, str]:
    return str(quad.graph_name), str(quad.triple)


FORMS: Mapping[str, Callable[[Snapshot], bytes]] = {
    "nquads": _nquads,
    "trig": _trig,
    "turtle": _turtle,
    "jsonld": _jsonld,
    "cube": _cube,
}
