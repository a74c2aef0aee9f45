"""``kg link`` as a person meets it, and as its documentation tells it."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg import resources, terminal
from kg.cli import main
from kg.faults import Fault
from kg.linking import command
from kg.links import read_folder, read_rows
from tests.kg.linking.conftest import says
from tests.kg.linking.test_proposals import REVIEWER, edit

PROPOSALS = "proposals.sssom.tsv"
README = (resources.data() / "links" / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Where a person sits: a folder with a copy of the data, and a cache of its own."""
    for name in ("sources", "facts", "links"):
        shutil.copytree(resources.data() / name, tmp_path / "data" / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CEKG_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def wish(desk):
    usual = command.Wish(desk / PROPOSALS, (), "wikidata", None, None, 5, False, False, 5.0, 0.0)
    return lambda **other: replace(usual, **other)


def typed(line, *options):
    """What a command prints that a person typed, without the comment after it."""
    words = [*shlex.split(line, comments=True), *options]
    assert words[:2] == ["kg", "link"]
    done = CliRunner().invoke(main, words[1:], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_documentation_tells_what_happens(desk, wikidata):
    """One person, from the first question to the link; the address alone is another one."""
    (one, units), (accepting,), (offline,) = (block.splitlines() for block in blocks("sh"))
    (shown,) = blocks("text")
    here = ("--pause=0", f"--endpoint={wikidata}")
    assert typed(one, *here).startswith(shown)
    euro = "unit:CCY_EUR\n  0.95  skos:exactMatch wikidata:Q900000021 euro\n"
    printed = typed(units, *here)
    assert euro in printed
    assert typed(offline, *here) == printed
    edit(desk / PROPOSALS, 1, reviewer_id=REVIEWER)
    assert typed(accepting).startswith("unit:CCY_EUR skos:exactMatch wikidata:Q900000021\n")
    links = [link for each in read_folder(desk / "data" / "links") for link in each.links]
    assert links[-1].object.curie == "wikidata:Q900000021"
    assert len(read_rows(desk / PROPOSALS).links) == 1


def test_offline_names_what_is_missing_and_writes_nothing(desk):
    words = ["link", "city:harbin", "unit:CCY_EUR", "--offline"]
    done = subprocess.run([sys.executable, "-W", "error", "-m", "kg", *words], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "error: cache/cekg/link has no answer of https://query.wikidata.org/sparql. "
        "Ask once without --offline for city:harbin, unit:CCY_EUR.\n"
    )
    assert not (desk / PROPOSALS).exists()


def test_a_server_that_fails_half_way_leaves_the_last_proposals(desk, wish, things, wikidata, stranger):
    tables = desk / "data" / "links"
    command.propose(["city:harbin"], wish(endpoint=wikidata), tables, lambda: things)
    before = (desk / PROPOSALS).read_bytes()
    rows = '{"head": {"vars": ["item", "name"]}, "results": {"bindings": []}}'
    stranger.answers = [says(rows), says("Out of memory", 500, "text/plain")]
    with pytest.raises(Fault) as fault:
        command.propose(
            ["city:harbin", "unit:CCY_EUR"], wish(endpoint=stranger.address), tables, lambda: things
        )
    assert str(fault.value) == (
        f"unit:CCY_EUR: {stranger.address} answered 500 (Internal Server Error): Out of memory. "
        "All answers so far are kept: run it again."
    )
    assert (desk / PROPOSALS).read_bytes() == before


@pytest.mark.parametrize(
    ("curies", "other", "message"),
    [
        (["city:harbim"], {}, "“city:harbim” is nothing that can be linked. Did you mean “city:harbin"),
        ([], {"endpoint": "file:///etc/passwd"}, "“file:///etc/passwd” should be an address: https://…"),
        ([], {"reconcile": "https://a.example/ x"}, "“https://a.example/ x” should be an address"),
        ([], {"data_set": "isic4"}, "Nobody knows an endpoint of isic4. Give one by --endpoint"),
        ([], {"data_set": "wikidota"}, "Did you mean “wikidata”?"),
        ([], {"out": Path("data/links/new.sssom.tsv")}, "data/links/new.sssom.tsv: The build reads"),
        ([], {"out": Path("data/links/README.md")}, "data/links/README.md: The build reads"),
    ],
)
def test_what_cannot_be_done_is_one_message(desk, wish, things, curies, other, message):
    with pytest.raises(Fault, match=re.escape(message)) as fault:
        command.propose(curies, wish(**other), desk / "data" / "links", lambda: things)
    assert "\n" not in str(fault.value)
    assert not (desk / PROPOSALS).exists()
    assert not (desk / "cache").exists()


def test_where_all_is_linked_nothing_is_asked(desk, wish, things, capsys):
    result = command.propose([], wish(kinds=("city", "country")), desk / "data" / "links", lambda: things)
    terminal.show_proposals(result)
    assert capsys.readouterr().out == "All things of these kinds have a link to wikidata.\n"


def test_a_reconciliation_service_may_be_asked_instead(desk, wish, things, stranger):
    results = [{"id": "Q42956", "name": "Harbin", "score": 100, "match": True}]
    answer = {f"q{n}": {"result": results} for n in range(len(things["city:harbin"].names))}
    stranger.answers = [
        says(json.dumps({"identifierSpace": "http://www.wikidata.org/entity/"})),
        says(json.dumps(answer)),
    ]
    tables = desk / "data" / "links"
    result = command.propose(["city:harbin"], wish(reconcile=stranger.address), tables, lambda: things)
    assert [(row.object.curie, row.reviewer) for row in result.rows] == [("wikidata:Q42956", "")]
