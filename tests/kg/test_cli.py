"""The command as a person meets it: real processes, exit codes, one clear message."""

import csv
import gzip
import io
import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

COMMANDS = ["check", "build", "serve", "mcp", "query", "validate", "export", "changes", "link", "place"]


def kg(*arguments: str, cwd: Path | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "kg", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, timeout=120, input=stdin, encoding="utf-8"
    )


@pytest.fixture
def data(folders, tmp_path) -> Path:
    return Path(shutil.copytree(folders.data, tmp_path / "data"))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command):
    done = kg(command, "--help")
    assert done.returncode == 0, done.stderr
    assert done.stdout.lower().startswith(f"usage: kg {command} ")
    assert "--snapshots" in done.stdout or command in {"check", "validate", "link", "place"}


def test_the_commands_are_these():
    listed = kg("--help").stdout.partition("Commands:")[2]
    assert sorted(line.split()[0] for line in listed.splitlines() if line.strip()) == sorted(COMMANDS)


@pytest.mark.parametrize(
    "wrong",
    [
        ["chekc"],
        ["check", "--nonsense"],
        ["build", "--data", "/no/such/folder"],
        ["query"],
        ["export", "docx"],
        ["query", "ASK {}", "--format", "docx"],
        ["changes", "--format", "docx"],
        ["link", "--kind", "town"],
        ["link", "city:harbin", "--accept", __file__],
        ["link", "--endpoint", "http://a.example/", "--reconcile", "http://a.example/"],
    ],
)
def test_wrong_usage_is_exit_code_2(wrong):
    done = kg(*wrong)
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: ")
    assert "Traceback" not in done.stderr


def test_check_prints_the_coverage_of_sentences_and_numbers():
    done = kg("check")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("(100 %)") == 4
    assert "The graph conforms to the shapes: 0 violations" in done.stdout


def test_check_names_file_line_phrase_and_nearest_candidates(data):
    facts = data / "facts" / "e-my399-2021-03-30.yaml"
    text = facts.read_text(encoding="utf-8").replace("metric: total scale", "metric: total scales", 1)
    facts.write_text(text, encoding="utf-8")
    done = kg("check", "--data", str(data), cwd=data.parent)
    assert done.returncode == 1
    assert done.stdout == ""
    line = text[: text.index("total scales")].count("\n") + 1
    assert (
        f"error: data/facts/e-my399-2021-03-30.yaml:{line}: The article does not say “total scales”."
        in done.stderr
    )
    assert "It says “total scale" in done.stderr


def test_a_fault_in_the_data_leaves_the_last_snapshot(data, tmp_path):
    root = tmp_path / "snapshots"
    assert kg("build", "--data", str(data), "--snapshots", str(root)).returncode == 0
    before = (root / "CURRENT").read_text()
    facts = data / "facts" / "e-my399-2021-03-30.yaml"
    facts.write_text("facts: [", encoding="utf-8")
    done = kg("build", "--data", str(data), "--snapshots", str(root))
    assert done.returncode == 1
    assert "This is not YAML" in done.stderr
    assert (root / "CURRENT").read_text() == before


def test_a_folder_that_cannot_be_written_is_one_message(tmp_path):
    (tmp_path / "file").write_text("")
    done = kg("build", "--snapshots", str(tmp_path / "file" / "below"))
    assert done.returncode in {1, 2}
    assert done.stderr.count("\n") <= 4
    assert "Traceback" not in done.stderr


def test_a_query_goes_to_a_pipe_as_csv(snapshots):
    done = kg("query", "SELECT ?c { ?c a cekg:City }", "--snapshots", str(snapshots))
    assert list(csv.reader(io.StringIO(done.stdout))) == [["c"], ["https://w3id.org/cekg/city/harbin"]]


def test_a_query_comes_from_text_file_example_or_standard_input(snapshots, tmp_path):
    text = "SELECT ?c { ?c a cekg:City }"
    (tmp_path / "q.rq").write_text(text)
    given = [text, str(tmp_path / "q.rq"), "-"]
    answers = {kg("query", one, "--snapshots", str(snapshots), stdin=text).stdout for one in given}
    assert len(answers) == 1
    assert "city/harbin" in answers.pop()
    assert "621.37" in kg("query", "total", "--snapshots", str(snapshots)).stdout


@pytest.mark.parametrize(
    ("query", "form", "expected"),
    [
        ("ASK { ?c a cekg:City }", "json", lambda text: json.loads(text)["boolean"] is True),
        ("ASK { ?c a cekg:Town }", "table", lambda text: text == "no\n"),
        (
            "SELECT ?c { ?c a cekg:City }",
            "json",
            lambda text: len(json.loads(text)["results"]["bindings"]) == 1,
        ),
        ("SELECT ?c { ?c a cekg:City }", "tsv", lambda text: text.startswith("?c\n<https://w3id.org/")),
        ("SELECT ?c { ?c a cekg:City }", "xml", lambda text: "<sparql" in text),
        ("SELECT ?c { ?c a cekg:City }", "table", lambda text: "city:harbin" in text and "1 rows" in text),
        ("DESCRIBE city:harbin", "turtle", lambda text: "cekg:City" in text and "@prefix cekg:" in text),
        ("DESCRIBE city:harbin", "ntriples", lambda text: "<https://w3id.org/cekg/city/harbin>" in text),
    ],
)
def test_an_answer_is_written_as_asked(snapshots, query, form, expected):
    done = kg("query", query, "--format", form, "--snapshots", str(snapshots))
    assert done.returncode == 0, done.stderr
    assert expected(done.stdout)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["SELECT ?c { ?c a"], "The query is not SPARQL. Line 1, column 11"),
        (["no-such-example"], "is neither a file that can be read, nor SPARQL, nor an example (total"),
        (["SELECT ?c { ?c a cekg:City }", "--format", "turtle"], "Choose csv, tsv, json or xml"),
        (["DESCRIBE city:harbin", "--format", "csv"], "Choose turtle or ntriples"),
        (["ASK {}", "--endpoint", "http://127.0.0.1:9/"], "cannot be reached: Connection refused"),
    ],
)
def test_a_query_that_cannot_be_answered_says_why(snapshots, arguments, message):
    done = kg("query", *arguments, "--snapshots", str(snapshots))
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_snapshot_the_message_says_to_build(tmp_path):
    done = kg("query", "ASK {}", "--snapshots", str(tmp_path))
    assert done.returncode == 1
    assert "Run `kg build` first" in done.stderr


def test_on_a_terminal_an_answer_is_a_table_and_a_fault_is_coloured(snapshots, tmp_path):
    shown = on_a_terminal("query", "SELECT ?c { ?c a cekg:City }", "--snapshots", str(snapshots))
    assert "city:harbin" in shown
    assert "1 rows" in shown
    assert "\x1b[31m" in on_a_terminal("query", "ASK {", "--snapshots", str(snapshots))


def on_a_terminal(*arguments: str) -> str:
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "kg", *arguments]
    with subprocess.Popen(
        command, stdout=child, stderr=child, env={**os.environ, "TERM": "xterm"}
    ) as process:
        os.close(child)
        shown = b""
        while chunk := _read(parent):
            shown += chunk
        process.wait(timeout=60)
    os.close(parent)
    return shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""


def test_validate_accepts_what_we_publish_and_refuses_what_is_wrong(snapshots, built, tmp_path):
    assert kg("validate", str(built.folder / "data.nq")).returncode == 0
    wrong = tmp_path / "wrong.ttl"
    wrong.write_text("<https://w3id.org/cekg/city/atlantis> a <https://w3id.org/cekg/ont#City> .\n")
    done = kg("validate", str(wrong))
    assert done.returncode == 1
    assert "violation city:atlantis" in done.stdout
    assert "does not conform" in done.stdout


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("broken.ttl", "@prefix a", "This is not Turtle"),
        ("broken.jsonld", "{", "This is not JSON-LD"),
        ("broken.nq", "<a> <b>", "This is not N-Quads"),
        ("what.docx", "", "Which format is this?"),
    ],
)
def test_validate_says_what_is_wrong_with_a_file(tmp_path, name, content, message):
    (tmp_path / name).write_text(content)
    done = kg("validate", str(tmp_path / name), str(tmp_path / "missing.ttl"))
    assert done.returncode == 1
    assert message in done.stderr
    assert "missing.ttl: The file cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("form", "parser"),
    [
        ("nquads", ox.RdfFormat.N_QUADS),
        ("trig", ox.RdfFormat.TRIG),
        ("turtle", ox.RdfFormat.TURTLE),
        ("jsonld", ox.RdfFormat.JSON_LD),
    ],
)
def test_every_export_has_the_same_triples_and_the_same_bytes_each_time(snapshots, built, form, parser):
    first, second = (kg("export", form, "--snapshots", str(snapshots)) for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    published = ox.parse(built.read("data.nq"), format=ox.RdfFormat.N_QUADS)
    assert {quad.triple for quad in ox.parse(first.stdout, format=parser)} == {
        quad.triple for quad in published
    }


def test_an_export_goes_to_a_file(snapshots, tmp_path):
    out = tmp_path / "cube.ttl"
    done = kg("export", "cube", "--out", str(out), "--snapshots", str(snapshots))
    assert done.returncode == 0, done.stderr
    assert b"qb:DataSet" in out.read_bytes()
    zipped = tmp_path / "figures.csv.gz"
    assert kg("export", "csv", "--out", str(zipped), "--snapshots", str(snapshots)).returncode == 0
    assert gzip.decompress(zipped.read_bytes()).startswith(b"figure,label,")
    assert (
        kg("export", "cube", "--out", str(tmp_path / "no" / "such"), "--snapshots", str(snapshots)).returncode
        == 1
    )


def test_changes_are_told_fact_by_fact(built, world_snapshot, tmp_path):
    for one in (built, world_snapshot):
        (tmp_path / one.id).symlink_to(one.folder)
    (tmp_path / "CURRENT").write_text(f"{world_snapshot.id}\n")
    done = kg("changes", built.id[:8], "--snapshots", str(tmp_path))
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == f"From {built.id} to {world_snapshot.id}:"
    assert "+ cekg:Level Seaford, shipbuilding industry: output value, 2021: 12.5 billion yuan" in lines
    assert "  cekg:City: 2 added" in lines
    back = kg("changes", world_snapshot.id, built.id, "--format", "json", "--snapshots", str(tmp_path))
    told = json.loads(back.stdout)
    assert (told["from"], told["to"]) == (world_snapshot.id, built.id)
    assert len(told["facts"]["removed"]) == sum(line.startswith("+ ") for line in lines) - 2  # two sources


def test_a_changed_fact_is_told_with_what_it_lost_and_gained(built, tmp_path):
    from kg.snapshot import publish

    label = b"modern logistics: revenue, 2020: 89.47 billion yuan"
    assert label in built.read("data.nq")
    for content in (built.read("data.nq"), built.read("data.nq").replace(label, b"another label")):
        publish(tmp_path, nquads=content, files={}, about={})
    shown = kg("changes", "--snapshots", str(tmp_path)).stdout.splitlines()
    assert shown[1:] == [
        "~ cekg:Level Harbin, another label",
        f"    - rdfs:label Harbin, {label.decode()}",
        "    + rdfs:label Harbin, another label",
    ]


def test_the_first_snapshot_and_the_same_one_have_no_changes_to_tell(built, tmp_path):
    (tmp_path / built.id).symlink_to(built.folder)
    (tmp_path / "CURRENT").write_text(f"{built.id}\n")
    told = [kg("changes", *given, "--snapshots", str(tmp_path)) for given in ([], [built.id], ["nowhere"])]
    assert told[0].stdout == "No snapshot came before this one.\n"
    assert told[1].stdout.splitlines()[1:] == ["No fact, source or term is another."]
    assert told[2].returncode == 1
    assert f"named nowhere…; there are: {built.id}" in told[2].stderr
