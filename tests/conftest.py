"""The real graph, built once for all tests that look at it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from kg import build, snapshot
from kg.coverage import Coverage

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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if ACCOUNT in config.stash:
        terminalreporter.write_line(config.stash[ACCOUNT])
