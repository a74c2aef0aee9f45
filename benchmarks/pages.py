"""How long each kind of page takes in the server, how much it weighs, and how many queries it asks.

Run from a checkout in which ``make build`` has run, over the real graph and over one of a million triples::

    .venv/bin/python -m benchmarks.pages

Prints tables in Markdown; nothing is asserted, since machines differ and are noisy.
"""

from __future__ import annotations

import argparse
import gzip
import math
import os
import statistics
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch
from urllib.parse import quote

import pyoxigraph as ox
from werkzeug.test import EnvironBuilder, run_wsgi_app

from benchmarks.generate import Size, quads
from kg import folding, names, resources, search
from kg.quads import sort
from kg.snapshot import publish
from server.__main__ import collect_seldom
from server.app import create_app
from server.pages import links
from server.pages.catalog import Catalog
from server.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from server.app import Server

AIM_MS: Final = 20
"""At the 95th percentile."""
AIM_KB: Final = 150
"""For a page with its style and its icon, before compression, without scripts."""
BROWSER: Final = {"Accept": "text/html", "Accept-Encoding": "gzip", "Accept-Language": "en"}
STATIC: Final = Path(__file__).parent.parent / "server" / "static"


@dataclass(frozen=True, slots=True)
class Kind:
    """Pages that are alike: those to warm up with, and those to measure.

    Of things there are others to warm up with, where there are many; a page that is one of a kind is its own.
    """

    name: str
    warm: tuple[str, ...]
    measured: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """One page as it was sent: its seconds and those at work, its bytes, the queries that it asked."""

    seconds: float
    work: float
    weight: int
    queries: int


@dataclass(frozen=True, slots=True)
class Row:
    """What came of the visits to one kind of page: milliseconds, kilobytes, queries.

    ``work`` is what it takes of a processor at the 95th percentile: what others do at the time is not in it.
    """

    name: str
    pages: int
    median: float
    late: float
    work: float
    first: float
    weight: float
    queries: int

    @property
    def misses(self) -> str:
        """What it misses of the aims, in words; empty where it keeps them."""
        missed = [f"{AIM_MS} ms"] * (self.late > AIM_MS) + [f"{AIM_KB} KB"] * (self.weight > AIM_KB)
        return ", ".join(missed)


def main() -> None:
    """Measure both graphs and print a table of each."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pages", description=__doc__.partition("\n")[0]
    )
    parser.add_argument(
        "--cities", type=int, default=1000, metavar="NUMBER", help="of the large graph; default: 1000"
    )
    parser.add_argument(
        "--visits", type=int, default=100, metavar="NUMBER", help="to each kind; default: 100"
    )
    parser.add_argument(
        "--snapshots", type=Path, default=Path("snapshots"), metavar="FOLDER", help="of the real graph"
    )
    parser.add_argument(
        "--large", type=Path, metavar="FOLDER", help="keeps the large graph for the next time"
    )
    given = parser.parse_args()
    print(
        f"Load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores before; style and icon {_style():.0f} KB."
    )
    show("The real graph", measure(given.snapshots, given.visits))
    with TemporaryDirectory() as folder:
        large = given.large or Path(folder)
        if not (large / "CURRENT").exists():
            publish_large(Size(cities=given.cities), large)
        show(f"{given.cities:,} cities", measure(large, given.visits))
    print(f"\nLoad {os.getloadavg()[0]:.1f} after.")


def publish_large(size: Size, root: Path) -> None:
    """Publish a generated graph with its search index, as a build has one."""
    root.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.nq"
        with path.open("wb") as file:
            file.writelines(sort(quads(size), Path(folder)))
        with path.open("rb") as lines:
            publish(root, nquads=lines, files={folding.FILE: search.index(path)}, about={})


def measure(snapshots: Path, visits: int) -> Iterator[Row]:
    """Yield a row for each kind of page over a snapshot."""
    app = create_app(read_settings([f"--snapshots={snapshots}", "--access-log=off"], {}))
    collect_seldom()  # as the server does when it starts
    try:
        for kind in kinds(app.catalog, visits):
            yield _row(app, kind, visits)
    finally:
        app.close()


def show(title: str, rows: Iterable[Row]) -> None:
    """Print the table of a graph."""
    print(f"\n### {title}\n")
    print(
        "| page | measured | median | p95 | p95 of CPU | slowest first visit | heaviest | queries | misses |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|---|")
    for row in rows:
        print(
            f"| {row.name} | {row.pages} | {row.median:.1f} ms | {row.late:.1f} ms | {row.work:.1f} ms "
            f"| {row.first:.0f} ms | {row.weight:.0f} KB | {row.queries} | {row.misses} |",
            flush=True,
        )


def kinds(catalog: Catalog, most: int) -> Iterator[Kind]:
    """Yield every kind of page that the server has, with at most so many addresses."""
    things: defaultdict[str, list[str]] = defaultdict(list)
    for iri in catalog.things():
        if iri.startswith(names.BASE) and iri != names.ONTOLOGY:
            things[links.kind_of(iri)].append(iri)
    cities = {each: _slug(each) for each in things["city"] if catalog.pointing(each, names.term("ofCity"))}
    yield _one_of_a_kind("front page", ["/"])
    for kind in names.THINGS:
        if kind != "query" and things[kind]:
            yield _many(kind, [links.representation(each, "html") for each in things[kind]], most)
    yield _many("series", list(_series(catalog, spread(things["obs"], 3 * most))), most)
    yield _many("list of series", [f"/series/{each}" for each in cities.values()], most)
    yield _many("coverage of a city", [f"/coverage/{each}" for each in cities.values()], most)
    for name in ("coverage", "quality", "changes", "queries"):
        yield _one_of_a_kind(name, [f"/{name}"])
    examples = resources.examples()
    yield _one_of_a_kind("a question answered", [f"/queries/{each.slug}" for each in examples])
    yield _one_of_a_kind("query editor", ["/sparql"])
    yield _many("search", list(_searches(catalog, spread(things["obs"] + things["city"], 3 * most))), most)
    yield _one_of_a_kind("ontology", ["/ont.html"])
    yield _one_of_a_kind("shapes", ["/shape.html"])
    yield _many("not found", [f"{links.local(each)}x" for each in cities], most)


def spread(all_: Sequence[str], most: int) -> list[str]:
    """Return at most so many, evenly from first to last.

    >>> spread("abcdefghi", 3)
    ['a', 'd', 'g']
    """
    step = max(len(all_) / most, 1)
    return [all_[int(step * place)] for place in range(min(most, len(all_)))]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that this share of all is not above.

    >>> percentile([4, 1, 3, 2], 0.5), percentile([4, 1, 3, 2], 0.95)
    (2, 4)
    """
    return sorted(values)[math.ceil(share * len(values)) - 1]


def _series(catalog: Catalog, figures: Iterable[str]) -> Iterator[str]:
    for figure in figures:
        found = [_about(catalog, figure, name) for name in ("ofCity", "ofMetric", "ofIndustry")]
        if all(found):
            yield links.series_href(*found) + ".html"


def _about(catalog: Catalog, figure: str, name: str) -> str:
    stated = catalog.about(figure).get(names.term(name), [])
    return next((each.value for each in stated if isinstance(each, ox.NamedNode)), "")


def _searches(catalog: Catalog, iris: Iterable[str]) -> Iterator[str]:
    """Yield searches for what things are called: for some of their words."""
    for label in catalog.labels(iris).values():
        yield f"/search?q={quote(' '.join(label.text.split()[:3]))}"


def _many(name: str, addresses: Sequence[str], most: int) -> Kind:
    """Warm up with every tenth address, and measure the others, where there are many."""
    chosen = spread(sorted(set(addresses)), most)
    if len(chosen) < _FEW:
        return _one_of_a_kind(name, chosen)
    return Kind(name, tuple(chosen[::10]), tuple(each for place, each in enumerate(chosen) if place % 10))


def _one_of_a_kind(name: str, addresses: Iterable[str]) -> Kind:
    return Kind(name, tuple(addresses), tuple(addresses))


_FEW: Final = 20


def _row(app: Server, kind: Kind, visits: int) -> Row:
    first = [visit(app, each) for each in kind.warm]
    rounds = max(min(_FEW, visits) // len(kind.measured), 1)
    found = [visit(app, each) for _ in range(rounds) for each in kind.measured]
    seconds = [each.seconds for each in found]
    return Row(
        kind.name,
        len(kind.measured),
        statistics.median(seconds) * 1000,
        percentile(seconds, 0.95) * 1000,
        percentile([each.work for each in found], 0.95) * 1000,
        max(each.seconds for each in first) * 1000,
        max(each.weight for each in found) / 1000 + _style(),
        max(each.queries for each in found),
    )


def visit(app: Server, address: str) -> Visit:
    """Ask the application for a page, without a network between."""
    environ = EnvironBuilder(address, headers=[*BROWSER.items()]).get_environ()
    with counted() as asked:
        start, began = time.perf_counter(), time.thread_time()
        body, status, headers = run_wsgi_app(app, environ, buffered=True)
        content = b"".join(body)
        seconds, work = time.perf_counter() - start, time.thread_time() - began
    if not status.startswith(("200", "404")):
        if status.startswith("30"):
            return visit(app, headers["Location"])
        raise SystemExit(f"{address} answered {status}")
    plain = gzip.decompress(content) if ("Content-Encoding", "gzip") in headers.items() else content
    return Visit(seconds, work, len(plain), len(asked))


@contextmanager
def counted() -> Iterator[list[str]]:
    """Note the name of every query that pages ask meanwhile."""
    asked: list[str] = []

    def noting(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def ask(catalog: Catalog, name: str, **bound: str) -> Any:
            asked.append(name)
            return method(catalog, name, **bound)

        return ask

    with (
        patch.object(Catalog, "select", noting(Catalog.select)),
        patch.object(Catalog, "construct", noting(Catalog.construct)),
    ):
        yield asked


def _style() -> float:
    return sum((STATIC / name).stat().st_size for name in ("style.css", "icon.svg")) / 1000


def _slug(iri: str) -> str:
    return iri.rpartition("/")[2]


if __name__ == "__main__":
    main()
