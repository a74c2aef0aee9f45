"""What was published stays served, whatever happens to the build after it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.faults import SnapshotFault, SystemFault
from kg.snapshot import Snapshot, open_current, publish

ONE = b'<http://a.example/s> <http://a.example/p> "1" <http://a.example/g> .\n'
TWO = b'<http://a.example/s> <http://a.example/p> "2" <http://a.example/g> .\n'


def put(root: Path, nquads: bytes, keep: int = 5) -> Snapshot:
    return publish(root, nquads=nquads, files={"report.ttl": b"# none\n"}, about={"version": "1"}, keep=keep)


def values(snapshot: Snapshot) -> list[str]:
    store = ox.Store.read_only(str(snapshot.store))
    return sorted({quad.object.value for quad in store})


def test_what_is_published_is_the_current_snapshot(tmp_path):
    published = put(tmp_path, ONE)
    current = open_current(tmp_path)
    assert current == published
    assert values(current) == ["1"]
    assert current.read("data.nq") == ONE


def test_the_manifest_counts_quads_by_graph_and_names_each_file(tmp_path):
    manifest = put(tmp_path, ONE).manifest
    assert (manifest["quads"], manifest["graphs"]) == (1, {"http://a.example/g": 1})
    assert set(manifest["files"]) == {"data.nq", "report.ttl"}
    assert manifest["version"] == "1"


def test_the_same_content_is_the_same_snapshot(tmp_path):
    assert put(tmp_path, ONE).id == put(tmp_path, ONE).id
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


def test_a_new_snapshot_leaves_the_old_one_readable(tmp_path):
    old = put(tmp_path, ONE)
    store = ox.Store.read_only(str(old.store))
    put(tmp_path, TWO)
    assert [quad.object.value for quad in store] == ["1", "1"]
    assert values(old) == ["1"]
    assert values(open_current(tmp_path)) == ["2"]


def test_only_the_newest_snapshots_are_kept(tmp_path):
    for number in range(4):
        put(tmp_path, ONE.replace(b'"1"', b'"%d"' % number), keep=2)
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 2
    assert values(open_current(tmp_path)) == ["3"]


def test_a_damaged_snapshot_is_mended_by_publishing_it_again(tmp_path):
    (put(tmp_path, ONE).folder / "data.nq").write_bytes(b"")
    with pytest.raises(SnapshotFault, match=r"data\.nq is missing or has another length"):
        open_current(tmp_path)
    assert values(put(tmp_path, ONE)) == ["1"]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda root, folder: (root / "CURRENT").unlink(), "no snapshot in .* Run `kg build` first"),
        (lambda root, folder: (root / "CURRENT").write_text(""), "names no snapshot"),
        (lambda root, folder: (root / "CURRENT").write_text("../elsewhere\n"), "names no snapshot"),
        (lambda root, folder: (root / "CURRENT").write_text("gone\n"), "manifest cannot be read"),
        (lambda root, folder: (folder / "manifest.json").write_text("{"), "manifest cannot be read"),
        (lambda root, folder: (folder / "manifest.json").write_text("[]"), "manifest cannot be read"),
        (lambda root, folder: (folder / "report.ttl").unlink(), "report.ttl is missing"),
        (lambda root, folder: (folder / "store" / "CURRENT").unlink(), "its store is missing"),
    ],
)
def test_damage_is_named_and_says_how_to_mend_it(tmp_path, damage, message):
    damage(tmp_path, put(tmp_path, ONE).folder)
    with pytest.raises(SnapshotFault, match=message):
        open_current(tmp_path)


def test_a_folder_without_rights_is_one_sentence_and_the_last_snapshot_stays(tmp_path):
    root = tmp_path / "snapshots"
    put(root, ONE)
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(SystemFault, match=r"cannot be written to .*Choose another folder"):
        put(blocked / "below", TWO)
    assert values(open_current(root)) == ["1"]


KILLED_HALF_WAY = """
import os, sys
from pathlib import Path
from kg import snapshot
stages = {"write": "_write", "load": "_load", "move": "_move", "point": "_point"}
def die(*arguments):
    os.kill(os.getpid(), 9)
setattr(snapshot, stages[sys.argv[2]], die)
snapshot.publish(Path(sys.argv[1]), nquads=sys.stdin.buffer.read(), files={}, about={})
"""


@pytest.mark.parametrize("stage", ["write", "load", "move", "point"])
def test_a_build_that_is_killed_leaves_the_last_snapshot_and_the_next_cleans_up(tmp_path, stage):
    put(tmp_path, ONE)
    command = [sys.executable, "-c", KILLED_HALF_WAY, str(tmp_path), stage]
    killed = subprocess.run(command, input=TWO, capture_output=True, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert values(open_current(tmp_path)) == ["1"]
    put(tmp_path, TWO)
    assert values(open_current(tmp_path)) == ["2"]
    assert not list(tmp_path.glob(".building*"))


def test_a_build_that_runs_beside_is_not_swept_away(tmp_path):
    other = tmp_path / f".building-{os.getppid()}"
    other.mkdir(parents=True)
    put(tmp_path, ONE)
    assert other.is_dir()


def test_the_default_graph_is_the_merge_of_the_named_ones(tmp_path):
    again = ONE + ONE.replace(b"/g>", b"/h>")
    store = ox.Store.read_only(str(put(tmp_path, again).store))
    assert len(list(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))) == 1
    assert len(list(store.quads_for_pattern(None, None, None))) == 3
