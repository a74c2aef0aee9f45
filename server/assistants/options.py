"""What `kg mcp` may be told, once: the flags, the environment and ``--help`` come from one table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from server import settings
from server.settings import Setting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """What the tools need to know before they start; every value is valid."""

    snapshots: Path
    endpoint: str
    timeout: float
    memory: int
    rows: int
    largest_answer: int
    http: int


def read_options(arguments: Sequence[str], environment: Mapping[str, str]) -> Options:
    """Return the options, as ``settings.read_settings`` does."""
    parser = settings.parser_of(PROGRAM, _DESCRIPTION, TABLE)
    return Options(**settings.read_table(TABLE, parser, arguments, environment))


PROGRAM: Final = "kg mcp"
_DESCRIPTION: Final = (
    "Offer the graph to an assistant, by the Model Context Protocol on standard input and output: "
    "search, descriptions, queries within limits, and the sentence behind each number."
)
_OF_SERVER: Final = {each.name: each for each in settings.TABLE}

TABLE: Final = (
    _OF_SERVER["snapshots"],
    Setting(
        "endpoint",
        "URL",
        "",
        _OF_SERVER["base"].read,
        "ask the `kg serve` at this address instead of a snapshot, such as http://127.0.0.1:8000",
    ),
    replace(_OF_SERVER["timeout"], default="10"),
    _OF_SERVER["memory"],
    Setting(
        "rows", "NUMBER", "200", _OF_SERVER["burst"].read, "the most rows that an answer may have, from 1"
    ),
    replace(
        _OF_SERVER["largest_answer"],
        default="100000",
        reason="the largest answer to a query, for what an assistant can take in; 0 sets no limit",
    ),
    Setting(
        "http",
        "PORT",
        "0",
        _OF_SERVER["port"].read,
        "listen at this port of 127.0.0.1, at /mcp, and not to standard input; 0 does not",
    ),
)
"""Name, placeholder, default, reader and reason of each option; what the server has too is read as there."""
