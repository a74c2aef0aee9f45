"""Three servers: over the real graph, with tight limits, and over the three triples of the W3C's tests."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import snapshot
from tests.protocol.wire import Live, serving
from tests.told import tell

TALLY: Counter[str] = Counter()
"""What the fuzz counted, for the summary of the run."""

DOCUMENT = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://xmlns.com/foaf/0.1/Document"


@pytest.fixture(scope="session")
def live(snapshots: Path) -> Iterator[Live]:
    """The real graph behind the real server."""
    with serving(snapshots, workers=2, timeout=20) as server:
        yield server


@pytest.fixture(scope="session")
def tight(snapshots: Path) -> Iterator[Live]:
    """One worker, half a second, and 20 kB for a request."""
    with serving(snapshots, workers=1, timeout=0.5, wait=0.2, largest_request=20_000) as server:
        yield server


@pytest.fixture(scope="session")
def w3c(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Three graphs, each of which says that it is a document, and no other graph."""
    root = tmp_path_factory.mktemp("w3c")
    lines = [f"<{iri}> <{DOCUMENT}> <{iri}> .\n" for iri in map(w3c_data, (1, 2, 3))]
    snapshot.publish(root, nquads="".join(lines).encode(), files={}, about={})
    with serving(root, workers=1, timeout=10) as server:
        yield server


def w3c_data(number: int) -> str:
    """The name of one of the graphs that the W3C's protocol tests speak of."""
    return f"http://kasei.us/2009/09/sparql/data/data{number}.rdf"


def pytest_sessionfinish(session: pytest.Session) -> None:
    if TALLY["requests"] or TALLY["queries"]:
        failed = f"{TALLY['500']} times 500" if TALLY["500"] else "no 500"
        tell(session, f"fuzz: {TALLY['requests']} requests, {TALLY['queries']} queries, {failed}")
