"""What is no graph, or answers badly: one clear fault for each, and never half an answer."""

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

import kg
from kg import query as asking
from kg.faults import (
    CutShort,
    EndpointFault,
    Fault,
    NoEndpoint,
    QueryFault,
    SnapshotFault,
    Unavailable,
    Unreachable,
)

JSON = "Content-Type: application/sparql-results+json\r\n"
WHOLE = '{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {"type": "literal", "value": "1"}}]}}'
HALF = WHOLE[:70]
PROBLEM = '{"title": "Not now", "detail": "The query took longer than 5 s and was stopped."}'


def answer(status: str, fields: str = "", body: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\n{fields}Connection: close\r\n\r\n{body}".encode()


def sized(body: str, size: int, fields: str = JSON) -> bytes:
    return answer("200 OK", f"{fields}Content-Length: {size}\r\n", body)


@contextmanager
def answering(content: bytes | None) -> Iterator[str]:
    """Listen, and answer every request with the same bytes; with none, be silent until the end."""
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            client, _ = listener.accept()
            with client:
                request = b""
                while b"\r\n\r\n" not in request and (part := client.recv(65_536)):
                    request += part
                head, _, body = request.partition(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
                while len(body) < length and (part := client.recv(65_536)):
                    body += part
                if content is None:
                    over.wait(5)
                elif not over.is_set():
                    client.sendall(content)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
        try:
            yield address
        finally:
            over.set()
            with socket.create_connection(listener.getsockname()):  # wakes it from accept
                pass
            thread.join()


@pytest.mark.parametrize(
    ("content", "fault", "message"),
    [
        (
            answer("200 OK", "Content-Type: text/html\r\n", "<p>Hi"),
            NoEndpoint,
            "answers with text/html, and not",
        ),
        (answer("404 Not Found"), NoEndpoint, "There is no SPARQL endpoint at .* (status 404)"),
        (answer("405 Method Not Allowed"), NoEndpoint, "(status 405)"),
        (
            answer("503 Later", "Retry-After: 7\r\nContent-Type: application/problem+json\r\n", PROBLEM),
            Unavailable,
            "(status 503): The query took longer than 5 s and was stopped. Try again in 7 s.",
        ),
        (answer("429 Slow down"), Unavailable, "cannot answer now (status 429): Slow down."),
        (
            answer("400 Bad", "Content-Type: text/plain\r\n", "No such thing\nat 1"),
            QueryFault,
            "No such thing.",
        ),
        (answer("403 No"), QueryFault, "refuses the query (status 403): No."),
        (answer("500 Oh"), EndpointFault, "failed (status 500): Oh."),
        (answer("401 Who"), EndpointFault, "failed (status 401): Who."),
        (sized(HALF, len(WHOLE)), CutShort, "broke off. Ask again"),
        (sized(HALF, len(HALF)), CutShort, "cannot be read to its end"),
        (
            answer("200 OK", f"{JSON}Transfer-Encoding: chunked\r\n", f"{len(HALF):x}\r\n{HALF}\r\n"),
            CutShort,
            "broke off",
        ),
        (b"SSH-2.0-OpenSSH\r\n", Unreachable, "cannot be asked"),
        (b"", Unreachable, "cannot be"),
    ],
)
def test_an_address_that_gives_no_whole_answer_is_one_fault(content, fault, message):
    with answering(content) as address, pytest.raises(Fault) as caught:
        kg.open(address).query("SELECT ?n {}")
    assert type(caught.value) is fault
    pattern, _, rest = message.partition(".*")
    assert pattern in str(caught.value)
    assert rest in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_busy_endpoint_says_when_to_come_back():
    with answering(answer("503 Later", "Retry-After: 7\r\n")) as address, pytest.raises(Unavailable) as busy:
        kg.open(address)
    assert busy.value.retry_after == 7
    with (
        answering(answer("503 Later", "Retry-After: soon\r\n")) as address,
        pytest.raises(Unavailable) as vague,
    ):
        kg.open(address)
    assert vague.value.retry_after is None


def test_a_silent_address_is_given_up_in_time():
    with answering(None) as address, pytest.raises(Unreachable, match=r"did not answer within 0\.2 s"):
        kg.open(address, timeout=0.2)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9", "http://127.0.0.1:9/sparql", "http://", "http://127.0.0.1:many"]
)
def test_where_nobody_listens_nobody_is_reached(address):
    with pytest.raises(Unreachable):
        kg.open(address)


def test_the_server_s_own_refusal_is_told_in_its_words(address):
    far = kg.open(address)
    with pytest.raises(QueryFault, match=r"refuses the query \(status 400\): Line 1, column 17: "):
        far.query("SELECT ?n { ?s }")
    with pytest.raises(QueryFault, match="calls another endpoint with SERVICE"):
        far.query("SELECT ?n { SERVICE <http://127.0.0.1:9> { ?s ?p ?o } }")
    with pytest.raises(NoEndpoint, match="status 404"):
        kg.open(f"{address}/nothing/here")
    with pytest.raises(NoEndpoint, match="status 405"):
        kg.open(f"{address}/queries")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (shutil.rmtree, "There is no snapshot in"),
        (lambda root: (root / "CURRENT").unlink(), "There is no snapshot in"),
        (lambda root: next(root.glob("*/manifest.json")).write_text("{"), "is damaged"),
        (lambda root: [each.write_bytes(b"x") for each in root.glob("*/store/*.sst")], "cannot be opened"),
    ],
)
def test_what_is_no_snapshot_says_what_to_do(snapshots, tmp_path, damage: Callable, message):
    root = tmp_path / "snapshots"
    shutil.copytree(snapshots, root)
    damage(root)
    with pytest.raises(SnapshotFault, match=message) as fault:
        kg.open(root)
    assert "kg build" in str(fault.value)


def test_the_command_line_tells_a_fault_in_one_line(tmp_path):
    with answering(answer("404 Not Found")) as address, pytest.raises(NoEndpoint):
        asking.ask_endpoint("ASK {}", address)
