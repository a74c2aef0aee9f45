"""The real graph, built once for all tests that look at it."""

from pathlib import Path

import pytest

from kg import build, snapshot


@pytest.fixture(scope="session")
def folders() -> build.Folders:
    return build.Folders()


@pytest.fixture(scope="session")
def assembly(folders: build.Folders) -> build.Assembly:
    """The named graphs of both articles, before they are validated."""
    return build.assemble(folders)


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
