"""Where ontology, shapes, data and example queries lie: in a wheel, an editable install or a checkout."""

from __future__ import annotations

from pathlib import Path

from kg import questions
from kg.questions import Example

__all__ = ["Example", "data", "examples", "federated", "ontology", "shapes"]

_PACKAGE = Path(__file__).parent


def ontology() -> Path:
    """Return the folder of the vocabulary and the concepts."""
    return _folder("ontology")


def shapes() -> Path:
    """Return the folder of the SHACL shapes."""
    return _folder("shapes")


def data() -> Path:
    """Return the folder of the sources, facts, links and example queries."""
    return _PACKAGE / "data"


def examples(folder: Path | None = None) -> tuple[Example, ...]:
    """Read the example queries, in the order of their files' names."""
    return tuple(questions.read(path) for path in sorted((folder or data() / "queries").glob("*.rq")))


def federated(folder: Path | None = None) -> tuple[Example, ...]:
    """Read the example queries that call other endpoints, which no server has to answer."""
    return examples(folder or data() / "queries" / "federated")


def _folder(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
