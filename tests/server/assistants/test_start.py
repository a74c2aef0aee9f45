"""`kg mcp` as a process: it starts, takes up what is published, and ends; faults are one sentence."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal
from mcp import Client

from kg import snapshot
from server.assistants import options
from server.assistants.remote import OfAddress
from tests.kg.client.test_faults import answer, answering, sized
from tests.server.assistants.conftest import MOST, ROOT, Assistant, beside
from tests.server.test_main import alive, children
from tests.waiting import comes_true

README = (Path(options.__file__).parent / "README.md").read_text(encoding="utf-8")
CITY = '<https://w3id.org/cekg/city/{0}> <http://www.w3.org/2000/01/rdf-schema#label> "{0}" <urn:g> .\n'


def run(*flags: str, code: str = "") -> subprocess.CompletedProcess[str]:
    start = ["-c", code] if code else ["-m", "kg", "mcp"]
    return subprocess.run(
        [sys.executable, *start, *flags],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
    )


def test_no_snapshot_is_one_sentence_and_code_1(tmp_path):
    done = run(f"--snapshots={tmp_path}")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"There is no snapshot in {tmp_path}. Run `kg build` first.\n"


@pytest.mark.parametrize("flag", ["--rows=none", "--rows=0", "--endpoint=data.example", "--nonsense", "x"])
def test_wrong_usage_is_code_2(flag, capsys):
    with pytest.raises(SystemExit) as end:
        options.read_options([flag], {})
    assert end.value.code == 2
    assert "usage: kg mcp" in capsys.readouterr().err


def test_a_flag_wins_over_the_environment():
    environment = {"CEKG_ROWS": "7", "CEKG_TIMEOUT": "3"}
    found = options.read_options(["--rows=9"], environment)
    assert (found.rows, found.timeout) == (9, 3)


def test_without_the_package_the_fault_names_the_extra():
    code = (
        "import sys; sys.modules['mcp'] = None; from server.assistants.__main__ import main; sys.exit(main())"
    )
    done = run(code=code)
    assert done.returncode == 1
    assert (
        done.stderr == "This needs mcp, which is not installed. Run `pip install mcp`, or "
        "install this package with its extra, city-economy-kg[mcp].\n"
    )


def test_ctrl_c_ends_it_while_it_waits_for_its_input_and_its_workers_with_it(snapshots):
    command = [sys.executable, "-m", "kg", "mcp", f"--snapshots={snapshots}"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        process.stdin.write(b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
        process.stdin.flush()
        assert b'"id":1' in process.stdout.readline()
        workers = children(process.pid)
        assert len(workers) == 2
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
        assert process.stderr.read() == b""
    assert not any(alive(pid) for pid in workers)


def test_a_server_that_is_not_there_is_told_by_each_tool():
    with beside(OfAddress("http://127.0.0.1:9", MOST)) as assistant:
        for tool, arguments in (
            ("search", {"text": "x"}),
            ("run_query", {"query": "ASK {}"}),
            ("describe_class", {}),
        ):
            said = assistant.fault(tool, **arguments)
            assert "http://127.0.0.1:9 cannot be reached" in said
            assert said.endswith("Is the server running?")
        assert assistant.call("list_queries")["questions"]


JSON = "Content-Type: application/json\r\n"
TSV = "Content-Type: text/tab-separated-values\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (sized("?n\n1\n2\n", 20, TSV), "broke off"),
        (answer("200 OK", TSV + CHUNKED, "5\r\n?n\n1\n\r\n"), "broke off"),
        (sized("?n\n" + "1\n" * 60_000, 120_003, TSV), "larger than the 100,000 bytes"),
        (
            answer("200 OK", TSV + CHUNKED, f"{120_003:x}\r\n?n\n{'1' * 120_000}\r\n0\r\n\r\n"),
            "larger than the 100,000",
        ),
        (sized("<p>Hi", 5, "Content-Type: text/html\r\n"), "answers with text/html, which nobody asked for"),
        (answer("404 Not Found"), "answers with status 404. Is it a `kg serve`?"),
        (answer("502 Bad Gateway", "Content-Type: text/html\r\n"), "answers with status 502"),
        (sized('{"detail": "Not now."}', 22, JSON).replace(b"200 OK", b"503 Later"), "Not now."),
        (b"SSH-2.0-OpenSSH\r\n", "broke off"),
    ],
)
def test_half_an_answer_of_a_server_is_none(content, message):
    with answering(content) as address, beside(OfAddress(address.removesuffix("/sparql"), MOST)) as assistant:
        assert message in assistant.fault("run_query", query="SELECT (1 AS ?n) {}")


def test_a_page_where_a_server_is_expected_is_told_so():
    page = sized("<p>Hi", 5, "Content-Type: text/html\r\n")
    with answering(page) as address, beside(OfAddress(address, MOST)) as assistant:
        assert "answers with no JSON. Is it a `kg serve`?" in assistant.fault("search", text="x")


def test_a_new_snapshot_is_taken_up_and_the_tools_speak_http_too(tmp_path):
    publish(tmp_path, "alfa")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "kg", "mcp", f"--snapshots={tmp_path}", f"--http={port}"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        until_listening(port)
        client = Client(f"http://127.0.0.1:{port}/mcp")
        with start_blocking_portal() as portal, portal.wrap_async_context_manager(client):
            assistant = Assistant(portal, client)
            assert cities(assistant) == [["alfa"]]
            publish(tmp_path, "bravo")
            assert comes_true(lambda: cities(assistant) == [["bravo"]]), cities(assistant)
        process.terminate()
        assert process.wait(timeout=20) == 0
        assert process.stdout.read() == b""


def publish(root: Path, name: str) -> None:
    snapshot.publish(root, nquads=CITY.format(name).encode(), files={}, about={})


def cities(assistant: Assistant) -> list[list[str]]:
    return assistant.call("run_query", query="SELECT ?n { ?c rdfs:label ?n }")["rows"]["rows"]


def until_listening(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("nobody listens")


def test_the_readme_lists_the_tools_and_the_options_that_there_are(here):
    tools = here.portal.call(here.client.list_tools).tools
    assert re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE) == sorted_as_readme(tools)
    rows = [line for line in README.partition("## Limits\n")[2].splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{each.flag} {each.placeholder}` | `{each.variable}` | {each.default or 'none'} | {each.reason} |"
        for each in options.TABLE
    ]


def sorted_as_readme(tools) -> list[str]:
    order = (
        "search describe_thing describe_class explain_fact list_queries run_example validate_query run_query"
    )
    assert {tool.name for tool in tools} == set(order.split())
    return order.split()


def test_the_configuration_in_the_readme_starts_it():
    (block,) = re.findall(r"^```json\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    (server,) = json.loads(block)["mcpServers"].values()
    assert server["command"] == "kg"
    command, *flags = server["args"]
    assert command == "mcp"
    assert options.read_options(flags, {}).snapshots == Path("/srv/cekg/snapshots")


@pytest.mark.parametrize("flags", re.findall(r"`kg mcp (--[^`]+)`", README))
def test_commands_in_the_readme_are_understood(flags):
    assert options.read_options(flags.split(), {})
