"""A worker's rights: what is given up cannot be used, and what a store needs stays."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from server import errors
from server.formats import choose_each
from server.sparql.engine import Limits, Record, WorkerPool
from server.sparql.protocol import Query

TABLES = 24
ATTEMPTS = {
    "socket": "import socket; socket.socket()",
    "unix socket": "import socket; socket.socket(socket.AF_UNIX)",
    "two ends": "import socket; socket.socketpair()",
    "program": "os.execv('/bin/true', ['true'])",
    "file": "open('/etc/passwd')",
    "new file": "open(folder / 'new', 'w')",
    "removal": "(folder / 'data').unlink()",
    "listing": "os.listdir('/')",
}
CONFINED = """
import os, sys
from pathlib import Path
import socket
from server.sparql import confine
folder = Path(sys.argv[1])
assert confine.before_opening(folder)
assert (folder / "data").read_text() == "the store"
try:
    exec(sys.argv[2])
except PermissionError:
    print("refused")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp and Landlock are Linux's")
@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_the_kernel_refuses_all_but_reading_the_store(tmp_path, attempt):
    (tmp_path / "data").write_text("the store")
    done = subprocess.run(
        [sys.executable, "-c", CONFINED, str(tmp_path), attempt],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    if "socket(" in attempt:
        assert done.returncode == -signal.SIGSYS
    else:
        assert (done.stdout, done.stderr) == ("refused\n", "")


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """A store of more tables than RocksDB opens at once: each load makes some of its own."""
    folder = tmp_path_factory.mktemp("tables") / "store"
    store = ox.Store(folder)
    for number in range(TABLES):
        line = f'<http://example.org/{number}> <http://example.org/p> "{number}" .'
        store.bulk_load(line.encode(), format=ox.RdfFormat.N_TRIPLES)
    store.flush()
    assert len(list(folder.glob("*.sst"))) > 4 * 16
    return folder


@pytest.fixture
def pool(tables):
    record = Record()
    made = WorkerPool(tables, workers=1, limits=Limits(10, 512, 1), prefixes={}, record=record)
    yield made
    made.close()


def ask(pool, text):
    answer = pool.ask(Query(text), choose_each(None))
    try:
        return json.loads(b"".join(answer))
    finally:
        answer.close()


def test_a_store_of_many_tables_is_read_to_the_last_of_them(pool):
    for number in range(TABLES):
        assert ask(pool, f'ASK {{ <http://example.org/{number}> ?p "{number}" }}')["boolean"]
    rows = ask(pool, "SELECT * { ?s ?p ?o }")["results"]["bindings"]
    assert len(rows) == TABLES


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{}/",
        "https://127.0.0.1:{}/",
        "http://localhost:{}/",
        "https://localhost:{}/",
        "http://[::1]:{}/",
    ],
)
@pytest.mark.parametrize(
    "pattern",
    [
        "SERVICE <{}> {{ ?s ?p ?o }}",
        "VALUES ?where {{ <{}> }} SERVICE ?where {{ ?s ?p ?o }}",
        "SERVICE SILENT <{}> {{ ?s ?p ?o }}",
        "FILTER EXISTS {{ SERVICE <{}> {{ ?s ?p ?o }} }}",
        "SERVICE ?where {{ ?s ?p ?o }}",
        "OPTIONAL {{ SERVICE SILENT <{}> {{ ?s ?p ?o }} }}",
        "SERVICE <{0}> {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    ],
)
def test_no_service_is_called_and_the_query_is_refused(pool, address, pattern):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.02)
        where = address.format(listener.getsockname()[1])
        query = f"SELECT * {{ {pattern.format(where)} }}"
        with pytest.raises(errors.BadRequest):
            ask(pool, query)
        with pytest.raises(TimeoutError):
            listener.accept()
    assert {reason for reason, count in pool.workforce().kills.items() if count} <= {"service"}


@pytest.mark.parametrize("where", ["http://127.0.0.1:9/", "ftp://127.0.0.1/", "urn:nowhere"])
def test_an_address_that_the_engine_refuses_by_itself_is_refused_inside_exists_too(pool, where):
    with pytest.raises(errors.ServiceRefused):
        ask(pool, f"ASK {{ FILTER EXISTS {{ SERVICE <{where}> {{ ?s ?p ?o }} }} }}")


@pytest.mark.parametrize("name", ["file:///etc/passwd", "http://example.org/graph", "https://localhost/g"])
def test_from_is_a_name_and_nothing_that_is_fetched(pool, name):
    assert ask(pool, f"SELECT * FROM <{name}> {{ ?s ?p ?o }}")["results"]["bindings"] == []
