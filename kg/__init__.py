"""The build: articles become facts, facts become triples, and only what conforms is published.

For programs: ``kg.open`` opens what was published, a snapshot or the address of a server (``kg.client``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.client import IRI, Graph, Observation, Row, Sentence, Table, Text, Thing, open  # noqa: A004

__version__ = "0.1.0"

__all__ = ["IRI", "Graph", "Observation", "Row", "Sentence", "Table", "Text", "Thing", "open"]


def __getattr__(name: str) -> Any:
    """Load the client when one of its names is used: the build and the server do without (PEP 562)."""
    if name in __all__:
        from kg import client

        return getattr(client, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
