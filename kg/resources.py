"""Where ontology, shapes, data and example queries lie: in a wheel, an editable install or a checkout."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Example:
    """One example query: the question it answers, and the SPARQL that answers it."""

    slug: str
    title: str
    description: str
    query: str


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
    return tuple(_example(path) for path in sorted((folder or data() / "queries").glob("*.rq")))


def _folder(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def _example(path: Path) -> Example:
    text = path.read_text(encoding="utf-8")
    header = dict(re.findall(r"^# (\w+): (.+)$", text, re.MULTILINE))
    body = re.sub(r"\A(#.*\n)*\n*", "", text)
    return Example(path.stem.partition("-")[2], header["title"], header.get("description", ""), body)
