"""The full texts of the articles, where the settings give them: shown only if they are what the build read.

They belong to their publishers, so without a folder the pages show the quoted sentences alone.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_LOG: Final = logging.getLogger(__name__)


class Articles:
    """A folder with the text of each article as ``<slug>.txt``; what is wrong with one is logged once."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._told: set[str] = set()
        self._lock = threading.Lock()

    def text(self, slug: str, sha256: str) -> str | None:
        """Return the text of which this is the SHA-256, as the graph states it; None where there is none."""
        if self._folder is None or not _SLUG.fullmatch(slug):
            return None
        path = self._folder / f"{slug}.txt"
        try:
            content = path.read_bytes()
        except OSError as error:
            self._tell(slug, f"{path} cannot be read: {error.strerror}.")
            return None
        digest = hashlib.sha256(content).hexdigest()
        if digest != sha256:
            self._tell(slug, f"{path} is not what the build read: its SHA-256 is {digest}.")
            return None
        return content.decode("utf-8")  # the build refuses what is not UTF-8

    def _tell(self, slug: str, why: str) -> None:
        with self._lock:
            is_new = slug not in self._told
            self._told.add(slug)
        if is_new:
            _LOG.warning("The reader shows the quotes of %s alone. %s", slug, why)


_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
