"""A new snapshot beside a running server: taken up without a restart and without a failed request."""

import http.client
import json
import threading
import time
import urllib.parse
from pathlib import Path
from typing import Self

import pytest

from kg import snapshot
from tests.server.conftest import serving
from tests.server.test_main import alive
from tests.waiting import comes_true

VALUE = "SELECT ?v { <http://example.org/s> <http://example.org/p> ?v }"


def publish(root: Path, value: int, **others: int) -> snapshot.Snapshot:
    lines = [
        f'<http://example.org/s> <http://example.org/p> "{value}" <http://example.org/g> .\n',
        *(
            f'<http://example.org/{n}> <http://example.org/q> "{n}" <http://example.org/g> .\n'
            for n in range(300)
        ),
    ]
    return snapshot.publish(root, nquads="".join(sorted(lines)).encode(), files={}, about={}, **others)


class Client:
    """One connection, as long as it holds."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=20)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def get(self, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        self.connection.request(
            "GET", path, headers={name.replace("_", "-"): v for name, v in headers.items()}
        )
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def ask(self, query: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        return self.get("/sparql?" + urllib.parse.urlencode({"query": query}), Accept="text/csv", **headers)

    def value(self) -> str:
        status, _, body = self.ask(VALUE)
        assert status == 200
        return body.decode().split()[1]

    def wait_for(self, value: int) -> None:
        assert comes_true(lambda: self.value() == str(value))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    publish(tmp_path, 1)
    return tmp_path


def test_new_content_is_served_without_a_failed_request_and_the_old_workers_go(root):
    with serving(root, workers=2, access_log="off") as (address, process), Client(address) as client:
        assert client.value() == "1"
        over, failed, asked = threading.Event(), [], [0]

        def keep_asking(query: str) -> None:
            with Client(address) as own:
                while not over.is_set():
                    try:
                        status, _, body = own.ask(query)
                    except OSError as error:
                        failed.append(error)
                        return
                    asked[0] += 1
                    if status != 200 or not body.endswith(b"\r\n"):
                        failed.append((status, body[-100:]))

        several = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000"
        threads = [threading.Thread(target=keep_asking, args=(each,)) for each in (VALUE, several)]
        for thread in threads:
            thread.start()
        ids = {client.get("/health")[2]}
        sizes = []
        for value in range(2, 6):
            before = workers(process.pid)
            publish(root, value)
            client.wait_for(value)
            ids.add(json.loads(client.get("/health")[2])["snapshot"])
            sizes.append((open_files(process.pid), threads_of(process.pid)))
            assert comes_true(lambda gone=before: not any(map(alive, gone)))
        over.set()
        for thread in threads:
            thread.join()
        assert failed == []
        assert asked[0] > 20
        assert len(ids) == 5
        assert comes_true(lambda: len(workers(process.pid)) == 2)
        assert open_files(process.pid) <= sizes[0][0] + 8
        assert threads_of(process.pid) <= sizes[0][1] + 4


def test_a_stream_that_has_begun_ends_with_the_snapshot_it_began_with(root):
    with (
        serving(root, workers=2, access_log="off") as (address, process),
        Client(address) as begun,
        Client(address) as client,
    ):
        query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 400000"
        path = "/sparql?" + urllib.parse.urlencode({"query": query})
        begun.connection.request("GET", path, headers={"Accept": "text/csv"})
        answer = begun.connection.getresponse()
        answer.read(1000)
        before = workers(process.pid)
        publish(root, 2)
        client.wait_for(2)
        assert len(workers(process.pid)) == 4
        assert answer.read().count(b"\r\n") > 399_000
        assert comes_true(lambda: not any(map(alive, before)))
        assert comes_true(lambda: len(workers(process.pid)) == 2)


def test_the_name_of_an_answer_follows_the_snapshot(root):
    first = (root / snapshot.CURRENT).read_text()
    with serving(root, workers=1, access_log="off") as (address, _), Client(address) as client:
        _, headers, _ = client.ask(VALUE)
        etag = headers["ETag"]
        assert client.ask(VALUE, If_None_Match=etag)[0] == 304
        publish(root, 2)
        client.wait_for(2)
        assert client.ask(VALUE, If_None_Match=etag)[0] == 200
        (root / snapshot.CURRENT).write_text(first)
        client.wait_for(1)
        assert client.ask(VALUE, If_None_Match=etag)[0] == 304


@pytest.mark.parametrize("damage", ["no such folder", "a table", "no name", "not text"])
def test_a_damaged_snapshot_is_logged_and_the_old_one_goes_on(root, damage):
    with serving(root, workers=1, access_log="off") as (address, process), Client(address) as client:
        old = (root / snapshot.CURRENT).read_bytes()
        if damage == "a table":
            published = publish(root, 2)
            (root / snapshot.CURRENT).write_bytes(old)
            for table in published.store.glob("*.sst"):
                table.write_bytes(b"no table")
            name = published.id.encode()
        else:
            name = {"no such folder": b"0123456789abcdef\n", "no name": b"\n", "not text": b"\xff\xfe"}[
                damage
            ]
        (root / "next").write_bytes(name)
        (root / "next").replace(root / snapshot.CURRENT)
        for _ in range(14):
            assert client.value() == "1"
            time.sleep(0.1)
        publish(root, 3)
        client.wait_for(3)
        process.terminate()
        said = process.stderr.read()
        assert said.count("cannot be served") == 1
        assert "Traceback" not in said


def workers(pid: int) -> list[int]:
    """The processes that any thread of a server has started."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for each in lists for child in each.read_text().split()]


def open_files(pid: int) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def threads_of(pid: int) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/task").iterdir())
