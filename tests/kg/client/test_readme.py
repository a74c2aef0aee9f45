"""The client's README is true: its examples are run, at a snapshot and at an address."""

import doctest
import re
import tomllib
from pathlib import Path

import kg.client
from kg import faults
from kg.client.observation import COLUMNS

README = (Path(kg.client.__file__).parent / "README.md").read_text(encoding="utf-8")


def test_every_example_gives_what_it_says(snapshots, address, tmp_path, monkeypatch):
    (tmp_path / "snapshots").symlink_to(snapshots)
    monkeypatch.chdir(tmp_path)
    text = "\n".join(re.findall(r"^```pycon\n(.*?)^```$", README, re.MULTILINE | re.DOTALL))
    text = text.replace("http://127.0.0.1:8000", address)
    examples = doctest.DocTestParser().get_doctest(text, {}, "README", None, 0)
    failed, tried = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(examples)
    assert tried > 20
    assert failed == 0


def test_the_columns_and_the_faults_are_those_there_are():
    listed = README.partition("The columns are ")[2].partition(".\n")[0]
    assert re.findall(r"`(\w+)`", listed) == [each.name for each in COLUMNS]
    named = re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE)
    assert len(named) == 8
    assert all(issubclass(getattr(faults, name), faults.Fault) for name in named)


def test_the_extras_that_it_names_are_there():
    sentence = README.partition("which are the extras ")[2].partition(" of this package")[0]
    named = re.findall(r"`(\w+)`", sentence)
    project = tomllib.loads((Path(kg.__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(named) == {"pandas", "polars"} < set(project["project"]["optional-dependencies"])
