"""``python -m server`` as a process: it starts, says where, and stops in order; faults are one sentence."""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from server.__main__ import collect_seldom
from tests.server.conftest import serving
from tests.server.gauges import await_gauge
from tests.waiting import comes_true

ROOT = Path(__file__).parent.parent.parent


def run(*flags: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "server", *flags],
        capture_output=True,
        text=True,
        timeout=30,
        cwd=ROOT,
        env={**os.environ, **environment},
    )


def test_it_says_where_it_listens_and_answers_there(snapshots, built):
    with serving(snapshots, workers=1) as (address, _), urllib.request.urlopen(f"{address}/health") as answer:
        assert json.load(answer)["snapshot"] == built.id


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_with_code_0_and_its_workers_with_it(snapshots, number):
    with serving(snapshots, workers=2) as (_, process):
        workers = children(process.pid)
        assert len(workers) == 2
        process.send_signal(number)
        assert process.wait(timeout=20) == 0
        assert "Traceback" not in process.stderr.read()
        assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


def test_it_stops_in_time_while_a_query_runs(snapshots):
    with serving(snapshots, workers=1, timeout=60, grace=1) as (address, process):
        endless = "SELECT(COUNT(*)AS?n){?a+?b+?c.?d+?e+?f.?g+?h+?i.?j+?k+?l}"
        with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))) as client:
            client.sendall(f"GET /sparql?query={endless} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            await_gauge(address, "cekg_workers_busy", 1)
            begun = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0
            assert time.monotonic() - begun > 0.9


def test_a_killed_server_leaves_no_worker_behind(snapshots):
    with serving(snapshots, workers=2) as (_, process):
        workers = children(process.pid)
        process.kill()
        process.wait()
    assert comes_true(lambda: not any(alive(pid) for pid in workers))


def test_a_taken_port_is_one_sentence_and_code_1(snapshots):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(f"--snapshots={snapshots}", f"--port={port}")
    assert done.returncode == 1
    assert done.stderr == f"Port {port} on 127.0.0.1 is taken. Free it, or choose another with --port.\n"


def test_an_address_that_is_not_ours_is_one_sentence_and_code_1(snapshots):
    done = run(f"--snapshots={snapshots}", "--port=0", "--host=192.0.2.1")
    assert done.returncode == 1
    assert done.stderr.startswith("The server cannot listen on 192.0.2.1")
    assert "Traceback" not in done.stderr


def test_no_snapshot_is_one_sentence_and_code_1(tmp_path):
    done = run(CEKG_SNAPSHOTS=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr == f"There is no snapshot in {tmp_path}. Run `kg build` first.\n"


@pytest.mark.parametrize("damage", ["manifest.json", "data.nq", "store/CURRENT", "store contents"])
def test_a_damaged_snapshot_is_one_sentence_and_code_1(sample, tmp_path, damage):
    subprocess.run(["cp", "-r", f"{sample}/.", tmp_path], check=True)
    folder = next(path.parent for path in tmp_path.glob("*/manifest.json"))
    if damage == "store contents":
        for path in (folder / "store").glob("*.sst"):
            path.write_bytes(b"no table")
    else:
        (folder / damage).unlink()
    done = run(f"--snapshots={tmp_path}", "--port=0")
    assert done.returncode == 1
    assert "Run `kg build`" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("flags", [["--port=many"], ["--nonsense"], ["extra"]])
def test_wrong_usage_is_code_2(flags):
    done = run(*flags)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_what_stays_is_not_searched_for_garbage_again():
    before = gc.get_threshold()
    try:
        gc.set_threshold(700)
        collect_seldom()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold()[0] > 700
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
