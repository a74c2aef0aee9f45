"""The front-end packages: pinned, brought by the build, left out without harm, and calling nobody."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ROOT / "server" / "static" / "packages"
LOCK = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def hook():
    """The build hook as a module; it is no part of the packages."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def brought(hook):
    if not hook.is_there(ROOT) and not os.environ.get("CI"):
        pytest.skip("pip install --no-deps --editable . with npm there")
    assert hook.is_there(ROOT)


@pytest.fixture
def checkout(tmp_path):
    """A checkout in which no package was brought."""
    shutil.copytree(ROOT / "frontend", tmp_path / "frontend", ignore=shutil.ignore_patterns("node_modules"))
    return tmp_path


def build(checkout, version, **environment):
    """Run the hook as hatchling does, in a process of its own."""
    code = (
        "import importlib.util, sys; from hatchling.bridge.app import Application\n"
        f"spec = importlib.util.spec_from_file_location('hatch_build', {str(ROOT / 'hatch_build.py')!r})\n"
        "hook = importlib.util.module_from_spec(spec); spec.loader.exec_module(hook)\n"
        f"made = hook.FrontEnd({str(checkout)!r}, {{}}, None, None, '', 'wheel', Application())\n"
        "print(made.dependencies())\n"
        f"made.initialize({version!r}, {{}})"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )


def offline(tmp_path):
    return {
        "npm_config_registry": "http://127.0.0.1:9/",
        "npm_config_cache": str(tmp_path / "cache"),
        "npm_config_fetch_retries": "0",
    }


needs_npm = pytest.mark.skipif(
    shutil.which("npm") is None and not os.environ.get("CI"), reason="apt-get install npm"
)


def test_every_package_is_locked_with_its_hash():
    installed = {place: about for place, about in LOCK["packages"].items() if place}
    assert all(about["integrity"].startswith("sha512-") for about in installed.values())
    wanted = json.loads((ROOT / "frontend" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert {name: installed[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_no_script_of_a_package_runs_when_it_is_brought():
    assert "ignore-scripts=true" in (ROOT / "frontend" / ".npmrc").read_text(encoding="utf-8")
    assert '"--ignore-scripts"' in (ROOT / "hatch_build.py").read_text(encoding="utf-8")


def test_what_is_there_is_what_the_lock_file_pins(brought):
    for name in ("vega", "vega-lite"):
        version = LOCK["packages"][f"node_modules/{name}"]["version"]
        text = (PACKAGES / f"{name}.js").read_text(encoding="utf-8")
        assert f'"{version}"' in text, name


def test_another_lock_file_brings_the_packages_anew(hook, brought, checkout):
    shutil.copytree(PACKAGES, checkout / "server" / "static" / "packages")
    assert hook.is_there(checkout)
    lock = checkout / "frontend" / "package-lock.json"
    lock.write_text(lock.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert not hook.is_there(checkout)


def test_every_licence_goes_with_the_code(brought):
    text = (PACKAGES / "LICENSES.txt").read_text(encoding="utf-8")
    for place, about in LOCK["packages"].items():
        if place and not about.get("optional"):
            assert f"{place.rpartition('node_modules/')[2]} {about['version']} (" in text


def test_no_code_of_others_is_in_the_repository():
    listed = subprocess.run(["git", "ls-files", "server/static"], capture_output=True, text=True, cwd=ROOT)
    if listed.returncode:
        pytest.skip("this is no checkout of git")
    assert "packages" not in listed.stdout


def test_no_page_file_of_ours_names_another_host():
    for path in (ROOT / "server" / "static").iterdir():
        if path.suffix in {".js", ".css"}:
            hosts = set(re.findall(r"https?://[^\s\"'`)/]+", path.read_text(encoding="utf-8")))
            assert hosts <= {"https://w3id.org"}, path.name


def test_the_interpreter_stands_alone_or_the_build_says_so(hook):
    with pytest.raises(ValueError, match=r"mend hatch_build\.py"):
        hook.standing_alone("import { a } from 'another-package';\n")


@needs_npm
def test_without_a_registry_a_wheel_is_refused_and_says_how_to_go_on(checkout, tmp_path):
    done = build(checkout, "standard", **offline(tmp_path))
    assert done.returncode != 0
    assert "The front-end packages could not be brought" in done.stderr
    assert "CEKG_WITHOUT_PACKAGES=1" in done.stderr
    assert not (checkout / "server").exists()


@needs_npm
def test_without_a_registry_an_install_in_place_warns_and_goes_on(checkout, tmp_path):
    done = build(checkout, "editable", **offline(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "Without them the pages show no charts" in done.stdout + done.stderr


def test_the_packages_can_be_left_out(checkout):
    done = build(checkout, "standard", CEKG_WITHOUT_PACKAGES="1", PATH="")
    assert (done.returncode, done.stdout) == (0, "[]\n")
    assert not (checkout / "server").exists()


def test_where_there_is_no_npm_node_comes_from_pypi(hook, checkout):
    done = build(checkout, "editable", PATH="")
    assert done.stdout.startswith(f"['{hook.NODE}']")


@pytest.mark.parametrize(("version", "suits"), [("v16.20.0", False), ("v18.0.0", True), ("v24.1.0", True)])
def test_a_node_that_is_too_old_counts_as_none(checkout, tmp_path, version, suits):
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, said in (("node", version), ("npm", "10.0.0")):
        (programs / name).write_text(f"#!/bin/sh\necho {said}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    done = build(checkout, "editable", PATH=str(programs))
    assert done.stdout.startswith("[]") is suits
