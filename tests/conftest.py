"""The real graph, built once for all tests that look at it."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kg import build, snapshot
from kg.coverage import Coverage
from tests.told import TOLD, tell

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # the programs that tests start compile what they import once

ACCOUNT = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def folders() -> build.Folders:
    return build.Folders()


@pytest.fixture(scope="session")
def assembly(folders: build.Folders, pytestconfig: pytest.Config) -> build.Assembly:
    """The named graphs of both articles, before they are validated."""
    assembly = build.assemble(folders)
    pytestconfig.stash[ACCOUNT] = account(assembly.coverage)
    return assembly


@pytest.fixture(scope="session")
def snapshots(folders: build.Folders, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with the real snapshot in it."""
    root = tmp_path_factory.mktemp("snapshots")
    build.build(folders, root)
    return root


@pytest.fixture(scope="session")
def built(snapshots: Path) -> snapshot.Snapshot:
    """The real snapshot."""
    return snapshot.open_current(snapshots)


def account(coverage: Sequence[Coverage]) -> str:
    sentences = sum(len(item.source.sentences) for item in coverage)
    numbers = sum(len(item.numbers) for item in coverage)
    accounted = sentences - sum(len(item.missing_sentences) for item in coverage)
    stated = numbers - sum(len(item.missing_numbers) for item in coverage)
    articles = f"coverage of {len(coverage)} articles"
    return f"{articles}: {accounted} of {sentences} sentences, {stated} of {numbers} numbers"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Gather what is to be told; a process beside others sends it to the one that prints."""
    config = session.config
    if ACCOUNT in config.stash:
        tell(session, config.stash[ACCOUNT])
    if hasattr(config, "workeroutput"):
        config.workeroutput["told"] = config.stash.get(TOLD, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    told = getattr(node, "workeroutput", {}).get("told", [])  # none from one that died
    node.config.stash.setdefault(TOLD, []).extend(told)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in dict.fromkeys(config.stash.get(TOLD, [])):
        terminalreporter.write_line(line)
