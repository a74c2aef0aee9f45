"""Every setting of the server, once: the flags, the environment and ``--help`` all come from one table."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from server.operation.addresses import read_networks
from server.sparql.neighbours import read_neighbours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from server.operation.addresses import Network
    from server.sparql.neighbours import Neighbour

PROGRAM: Final = "kg serve"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a server needs to know before it starts; every value is valid."""

    snapshots: Path
    host: str
    port: int
    timeout: float
    workers: int
    memory: int
    wait: float
    largest_request: int
    largest_answer: int
    cache: int
    base: str
    grace: float
    access_log: str
    rate_limit: int
    burst: int
    trusted_proxies: tuple[Network, ...]
    articles: Path | None
    services: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: how a value is given, read and explained."""

    name: str
    placeholder: str
    default: str
    read: Callable[[str], Any]
    reason: str

    @property
    def flag(self) -> str:
        """How the command line says it."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """How the environment says it."""
        return "CEKG_" + self.name.upper()


def read_settings(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """Return the settings: a flag wins over the environment, the environment over the default.

    Ends the program with code 2 and a sentence on stderr when a value cannot be read.
    """
    parser = parser_of(
        PROGRAM, "Serve a published snapshot: pages, linked data and a SPARQL endpoint.", TABLE
    )
    return Settings(**read_table(TABLE, parser, arguments, environment))


def read_table(
    table: Iterable[Setting],
    parser: argparse.ArgumentParser,
    arguments: Sequence[str],
    environment: Mapping[str, str],
) -> dict[str, Any]:
    """Return the value of each setting of a table; ends the program as ``read_settings`` does."""
    given = vars(parser.parse_args(arguments))
    values = {}
    for setting in table:
        text, origin = given[setting.name], setting.flag
        if text is None:
            text, origin = environment.get(setting.variable), setting.variable
        try:
            values[setting.name] = setting.read(setting.default if text is None else text)
        except ValueError as error:
            parser.error(f"{origin}: {error}")
    return values


def parser_of(program: str, description: str, table: Iterable[Setting]) -> argparse.ArgumentParser:
    """Return what reads the flags of a table, and explains them."""
    parser = argparse.ArgumentParser(
        prog=program,
        description=description,
        epilog="Each flag can also be given by the environment variable in brackets.",
        allow_abbrev=False,
    )
    for setting in table:
        shown = f"{setting.reason} [{setting.variable}; default: {setting.default or 'none'}]"
        parser.add_argument(
            setting.flag, dest=setting.name, metavar=setting.placeholder, help=shown.replace("%", "%%")
        )
    return parser


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.strip().isdecimal() or not low <= int(text) <= high:
            raise ValueError(f"{text!r} is not a whole number from {low} to {high}.")
        return int(text)

    return read


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= 86_400:
        raise ValueError(f"{text!r} is not a number of seconds above 0.")
    return seconds


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"{text!r} is none of {', '.join(choices)}.")
        return text

    return read


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return read_networks(text)
    except ValueError as error:
        raise ValueError(f"{error}; give addresses or networks such as 10.0.0.0/8, with commas.") from error


def _host(text: str) -> str:
    if not text.strip():
        raise ValueError("the address to listen on is empty.")
    return text.strip()


def _folder(text: str) -> Path | None:
    if text and not Path(text).is_dir():
        raise ValueError(f"{text!r} is no folder.")
    return Path(text) if text else None


def _base(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise ValueError(f"{text!r} is not an address that starts with http:// or https://.")
    return text.rstrip("/")


TABLE: Final = (
    Setting("snapshots", "FOLDER", "snapshots", Path, "where `kg build` publishes"),
    Setting("host", "ADDRESS", "127.0.0.1", _host, "the address to listen on; 0.0.0.0 opens it to others"),
    Setting("port", "NUMBER", "8000", _number(0, 65_535), "the port to listen on; 0 takes a free one"),
    Setting("timeout", "SECONDS", "30", _seconds, "how long one query may run before it is stopped"),
    Setting(
        "workers",
        "NUMBER",
        str(os.cpu_count() or 1),
        _number(1, 256),
        "how many queries run at once, each in its own process; the default is the number of cores",
    ),
    Setting(
        "memory",
        "MB",
        "1024",
        _number(64, 1_048_576),
        "how much memory one query may take before it is stopped",
    ),
    Setting(
        "wait", "SECONDS", "5", _seconds, "how long a query waits for a free worker before it is sent away"
    ),
    Setting(
        "largest_request",
        "BYTES",
        "1000000",
        _number(1_000, 100_000_000),
        "the largest body that is accepted",
    ),
    Setting(
        "largest_answer",
        "BYTES",
        "1000000000",
        _number(0, 1_000_000_000_000),
        "the largest answer to a query, before compression; 0 sets no limit",
    ),
    Setting(
        "cache",
        "MB",
        "64",
        _number(0, 1_048_576),
        "how much memory is used to keep answers that may be asked for again; 0 keeps none",
    ),
    Setting(
        "base",
        "URL",
        "",
        _base,
        "the public address, when a proxy stands in front; without it, the address each request came to",
    ),
    Setting(
        "grace",
        "SECONDS",
        "10",
        _seconds,
        "how long running requests may go on after SIGTERM or Ctrl-C; a second signal ends them at once",
    ),
    Setting(
        "access_log",
        "FORM",
        "json",
        _one_of("json", "full", "off"),
        "one line for each request on standard output: json, full (with the text of queries) or off",
    ),
    Setting(
        "rate_limit",
        "NUMBER",
        "0",
        _number(0, 1_000_000),
        "how many requests a minute one address may send; 0 sets no limit",
    ),
    Setting(
        "burst",
        "NUMBER",
        "30",
        _number(1, 1_000_000),
        "how many requests of that an address may send at once",
    ),
    Setting(
        "trusted_proxies",
        "ADDRESSES",
        "",
        _networks,
        "the proxies whose X-Forwarded-For is believed: addresses or networks, with commas between them",
    ),
    Setting(
        "articles",
        "FOLDER",
        "",
        _folder,
        "the texts of the articles, to be shown in full; without it, only the sentences that are quoted",
    ),
    Setting(
        "services",
        "ADDRESSES",
        "",
        read_neighbours,
        "the endpoints that a query may call with SERVICE, with commas between them; without it, none",
    ),
)
"""Name, placeholder, default, reader and reason of each setting."""
