"""What is installed from a wheel works as the checkout does."""

import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        ".",
    ]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of a fresh environment with the wheel; third-party packages are borrowed from ours."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, with_pip=True, symlinks=True)
    scripts = home / "bin"
    install = [scripts / "python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, timeout=120)
    (site,) = home.glob("lib/python*/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return scripts


def run(command: list[object], cwd: Path) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV_"))}
    return subprocess.run(
        list(map(str, command)), cwd=cwd, env=clean, capture_output=True, text=True, timeout=120
    )


def test_a_wheel_carries_ontology_shapes_data_and_licences(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "kg/ontology/cekg.ttl",
        "kg/ontology/concepts/places.ttl",
        "kg/ontology/context.jsonld",
        "kg/shapes/observation.ttl",
        "kg/data/facts/e-my399-2021-03-30.yaml",
        "kg/data/sources/e-my399-2021-03-30.txt",
        "kg/data/links/links.sssom.tsv",
        "kg/data/exports/cube.rq",
        "kg/py.typed",
        "kg/client/queries/said.rq",
        "server/assistants/queries/said.rq",
        "server/assistants/guide.md",
        "kg/data/exports/cube.ttl",
        "kg/data/exports/schema-context.jsonld",
        "server/distributions/croissant-context.json",
        "server/templates",
        "server/static",
        "licenses/LICENSE",
    ):
        assert any(needed in name for name in names), needed


def test_a_wheel_carries_the_front_end_packages_and_their_licences(wheel):
    folder = "server/static/packages/"
    found = {
        entry.filename.removeprefix(folder): entry.file_size
        for entry in zipfile.ZipFile(wheel).infolist()
        if entry.filename.startswith(folder)
    }
    assert set(found) == {
        "LICENSES.txt",
        "packages.sha256",
        "vega-interpreter.js",
        "vega-lite.js",
        "vega.js",
        "yasgui.css",
        "yasgui.js",
    }
    assert all(5_000 < size < 1_200_000 for name, size in found.items() if name != "packages.sha256")
    assert wheel.stat().st_size < 2_500_000


def test_the_installed_package_is_not_the_checkout(installed, tmp_path):
    done = run(
        [installed / "python", "-c", "import kg, server; print(kg.__file__, server.__file__)"], tmp_path
    )
    assert str(ROOT / "kg") not in done.stdout
    assert done.stdout.count("site-packages") == 2, done.stderr


def test_every_console_script_starts(installed, tmp_path):
    from importlib.metadata import entry_points

    scripts = [point.name for point in entry_points(group="console_scripts") if point.value.startswith("kg.")]
    assert scripts == ["kg"]
    for script in scripts:
        assert run([installed / script, "--version"], tmp_path).returncode == 0


def test_the_installed_package_builds_the_same_graph(installed, tmp_path, built):
    done = run([installed / "kg", "build"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "snapshots" / "CURRENT").read_text().strip() == built.id


def test_the_version_of_the_wheel_has_an_entry_in_the_changelog(wheel):
    import kg

    assert f"-{kg.__version__}-" in wheel.name
    assert f"## {kg.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_dependency_is_locked_with_its_hash(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=\S+==)", text, flags=re.MULTILINE)[1:]
    assert len(blocks) >= 15
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text, "a lock file names no registry"
