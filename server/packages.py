"""The front-end packages: brought when the wheel is built (hatch_build.py), and not needed by any page."""

from __future__ import annotations

from importlib import resources
from typing import Final

_STAMP: Final = "packages.sha256"
"""Put beside the packages when all of them are there."""


def are_there() -> bool:
    """Tell whether charts can be drawn and the editor can be opened."""
    return (resources.files("server") / "static" / "packages" / _STAMP).is_file()
