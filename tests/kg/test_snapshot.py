"""What was published stays served, whatever happens to the build after it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import snapshot
from kg.faults import SnapshotFault, SystemFault
from kg.snapshot import Snapshot, open_current, open_named, publish

ONE = b'<http://a.example/s> <http://a.example/p> "1" <http://a.example/g> .\n'
TWO = b'<http://a.example/s> <http://a.example/p> "2" <http://a.example/g> .\n'


def put(root: Path, nquads: bytes | Iterable[bytes], keep: int = 5) -> Snapshot:
    return publish(root, nquads=nquads, files={"report.ttl": b"# none\n"}, about={"version": "1"}, keep=keep)


def folders(root: Path) -> list[Path]:
    return [path.parent for path in root.glob("*/manifest.json")]


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
    assert set(manifest["files"]) == {"data.nq", "report.ttl", "statistics.json"}
    assert manifest["version"] == "1"


def test_the_same_content_is_the_same_snapshot(tmp_path):
    assert put(tmp_path, ONE).id == put(tmp_path, ONE).id
    assert len(folders(tmp_path)) == 1


def test_a_stream_is_the_same_snapshot_as_its_bytes(tmp_path):
    lines = [ONE, ONE.replace(b"/g>", b"/h>"), ONE.replace(b"/s>", b"/t>")]
    whole = put(tmp_path / "whole", b"".join(reversed(lines)) + ONE)
    assert put(tmp_path / "stream", iter(lines)).manifest == whole.manifest
    (tmp_path / "file").write_bytes(b"".join(lines))
    with (tmp_path / "file").open("rb") as file:
        assert put(tmp_path / "from-file", file).manifest == whole.manifest


@pytest.mark.parametrize("lines", [[TWO, ONE], [ONE, ONE]])
def test_a_stream_that_is_not_sorted_is_refused_and_leaves_nothing(tmp_path, lines):
    old = put(tmp_path, ONE)
    with pytest.raises(ValueError, match="The lines are not sorted"):
        put(tmp_path, iter(lines))
    assert open_current(tmp_path) == old
    assert not list(tmp_path.glob(".building*"))


def test_a_stream_is_loaded_in_parts_that_leave_nothing_out(tmp_path, monkeypatch):
    monkeypatch.setattr(snapshot, "_LINES_AT_ONCE", 3)
    lines = sorted(ONE.replace(b'"1"', b'"%d"' % number) for number in range(20))
    assert len(values(put(tmp_path, iter(lines)))) == 20


def test_memory_does_not_grow_with_the_stream(tmp_path):
    few, many = (peak(tmp_path / str(count), count) for count in (10_000, 40_000))
    assert many - few < 15


PUBLISH = """
import resource, sys
from pathlib import Path
from kg import snapshot
snapshot._LINES_AT_ONCE = 5_000
line = b'<http://a.example/%07d> <http://a.example/p> "1" <http://a.example/g> .\\n'
lines = (line % number for number in range(int(sys.argv[2])))
snapshot.publish(Path(sys.argv[1]), nquads=lines, files={}, about={})
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def peak(root: Path, count: int) -> int:
    """Publish so many lines, and return the most memory that it took, in MB."""
    command = [sys.executable, "-c", PUBLISH, str(root), str(count)]
    return int(subprocess.run(command, capture_output=True, check=True, timeout=120).stdout)


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
    assert len(folders(tmp_path)) == 2
    assert {path.stem for path in (tmp_path / "changes").iterdir()} == {
        path.name for path in folders(tmp_path)
    }
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
def die(*arguments):
    os.kill(os.getpid(), 9)
assert hasattr(snapshot, sys.argv[2])
setattr(snapshot, sys.argv[2], die)
snapshot.publish(Path(sys.argv[1]), nquads=sys.stdin.buffer.read(), files={}, about={})
"""


@pytest.mark.parametrize("stage", ["_loading", "_write", "_move", "_record", "_put", "_point"])
def test_a_build_that_is_killed_leaves_the_last_snapshot_and_the_next_cleans_up(tmp_path, stage):
    put(tmp_path, ONE)
    command = [sys.executable, "-c", KILLED_HALF_WAY, str(tmp_path), stage]
    killed = subprocess.run(command, input=TWO, capture_output=True, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert values(open_current(tmp_path)) == ["1"]
    put(tmp_path, TWO)
    assert values(open_current(tmp_path)) == ["2"]
    assert not list(tmp_path.glob(".building*"))
    assert open_current(tmp_path).changes()["to"] == open_current(tmp_path).id


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


def test_a_snapshot_is_found_by_the_start_of_its_name(tmp_path):
    one, two = put(tmp_path, ONE), put(tmp_path, TWO)
    assert open_named(tmp_path, one.id[:6]) == one
    assert open_named(tmp_path, two.id) == two
    for start in ("", "nowhere"):
        with pytest.raises(SnapshotFault, match=f"0 snapshots .* are named {start}….*{one.id}"):
            open_named(tmp_path, start)


def test_a_snapshot_without_statistics_says_to_build(tmp_path):
    old = Snapshot(tmp_path, {"files": {"data.nq": {}}})
    with pytest.raises(SnapshotFault, match=r"no statistics\.json\. Run `kg build`"):
        old.statistics()
