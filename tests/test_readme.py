"""What the documentation says is true: its blocks are run."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pyoxigraph as ox
import pytest
import yaml

from kg import build, gate, names, resources

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "kg" / "data").glob("*/README.md"))]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def ids(block: str) -> str:
    return block.strip().splitlines()[0][:40]


@pytest.fixture(scope="module")
def store(built) -> ox.Store:
    return ox.Store.read_only(str(built.store))


@pytest.mark.parametrize("block", [b for b in blocks(README, "sh") if b.startswith("kg ")], ids=ids)
def test_every_kg_command_runs(block, snapshots, tmp_path):
    (tmp_path / "snapshots").symlink_to(snapshots)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = ["bash", "-euo", "pipefail", "-c", block]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") > len(block.splitlines())


@pytest.fixture(scope="module")
def address(snapshots: Path) -> Iterator[str]:
    """Where a real server listens."""
    command = [sys.executable, "-m", "server", "--snapshots", str(snapshots), "--port", "0", "--workers", "1"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
    ) as server:
        assert server.stdout
        yield server.stdout.readline().split(": ")[1].split()[0].rstrip("/")
        server.terminate()


@pytest.mark.parametrize("block", [b for b in blocks(README, "sh") if b.startswith("curl ")], ids=ids)
def test_every_curl_command_is_answered(block, address):
    if shutil.which("curl") is None:
        pytest.skip("apt-get install curl")
    assert "http://127.0.0.1:8000" in block
    command = ["bash", "-euc", block.replace("http://127.0.0.1:8000", address)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "Harbin" in done.stdout


def test_every_page_in_the_table_is_there(address):
    table = README.partition("## Read\n")[2].partition("\n## ")[0]
    pages = [
        page
        for row in re.findall(r"^\| (`/.*?) \|", table, re.MULTILINE)
        for page in re.findall(r"`(.+?)`", row)
    ]
    assert len(pages) > 10
    for page in pages:
        asked = Request(address + page, headers={"Accept": "text/html"})
        with urlopen(asked, timeout=20) as answer:
            assert (answer.status, answer.headers.get_content_type()) == (200, "text/html"), page


def test_the_ten_questions_are_examples_with_these_titles():
    asked = re.findall(r"^kg query ([\w-]+) +# (.+)$", README, re.MULTILINE)
    titles = {example.slug: example.title for example in resources.examples()}
    assert len(asked) == 10
    for slug, title in asked:
        assert titles[slug] == title


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.parent.name)
def test_every_query_gives_rows(path, store):
    for block in blocks(path.read_text(encoding="utf-8"), "sparql"):
        assert list(store.query(block, prefixes=names.PREFIXES))


def test_the_query_of_the_readme_lists_eight_industries(store):
    (block,) = blocks(README, "sparql")
    assert len(list(store.query(block, prefixes=names.PREFIXES))) == 8


@pytest.mark.parametrize("block", blocks(README, "turtle"), ids=ids)
def test_every_turtle_block_conforms(block, folders, assembly):
    graph = build.validation_graph(assembly)
    before = len(graph)
    graph.parse(data=block, format="turtle")
    assert len(graph) > before
    assert gate.check(graph, gate.load_shapes(sorted(folders.shapes.glob("*.ttl")))).conforms


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.parent.name)
def test_every_yaml_block_is_in_the_data(path):
    """The examples are not invented: each entry stands in the file that it shows."""
    for block in blocks(path.read_text(encoding="utf-8"), "yaml"):
        shown = yaml.safe_load(block)
        if "facts" in shown:
            real = yaml.safe_load(
                (resources.data() / "facts" / f"{shown['source']}.yaml").read_text(encoding="utf-8")
            )
            for entry in shown["facts"]:
                assert any(
                    entry.items() <= one.items() or entry["quote"] in one["quote"] for one in real["facts"]
                )
        else:
            files = (resources.data() / "sources").glob("*.yaml")
            assert shown in [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]


def test_every_row_of_links_that_is_shown_is_in_the_table():
    text = (resources.data() / "links" / "README.md").read_text(encoding="utf-8")
    table = (resources.data() / "links" / "links.sssom.tsv").read_text(encoding="utf-8").splitlines()
    (block,) = blocks(text, "tsv")
    assert len(block.splitlines()) == 2
    assert set(block.splitlines()) <= set(table)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.parent.name)
def test_every_relative_link_leads_to_a_file(path):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_the_two_commands_are_targets_of_the_makefile():
    for block in blocks(README, "console")[:2]:
        command = block.split()
        assert subprocess.run([*command, "--dry-run"], cwd=ROOT, capture_output=True).returncode == 0


def test_the_table_of_commands_is_what_kg_offers():
    from kg.cli import main

    assert sorted(re.findall(r"^\| `kg (\w+)` \|", README, re.MULTILINE)) == sorted(main.commands)


def test_the_reasons_of_the_format_are_the_ones_that_are_read():
    from kg.facts import FIGURE_KEYS, KINDS, REASONS

    text = (resources.data() / "facts" / "README.md").read_text(encoding="utf-8")
    keys = {key for required, optional in KINDS.values() for key in (*required, *optional)}
    for word in (*REASONS, *FIGURE_KEYS, *keys):
        assert f"`{word}`" in text, word
