"""The short way: the bytes of a request that was answered from memory lead there again, without being read.

Only what stands before the body is kept here, beside the bytes of the request; the body stays in the cache of
answers, and when it goes from there the short way is closed.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST: Final = 5_000
_LONGEST: Final = 4_000
"""Bytes of a request; a longer one is read each time."""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """What to answer, once more."""

    status: int
    head: bytes
    """Status line and fields, but for those that differ each time."""
    name: str
    """The answer's name in the cache; empty where there is no body."""
    environ: Mapping[str, Any]
    """What of the request the log wants to know."""
    noted: tuple[str, str, str, str]
    """Route, query, kind and cache, as the log has them."""


class Shortcuts:
    """The requests over one snapshot for which there is a short way; of one thread alone."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, Shortcut] = OrderedDict()

    def find(self, request: bytes) -> Shortcut | None:
        """Return the short way of a request."""
        return self._known.get(request)

    def keep(self, request: bytes, shortcut: Shortcut) -> None:
        """Open the short way for a request that was just answered from memory."""
        if len(request) > _LONGEST:
            return
        self._known[request] = shortcut
        if len(self._known) > _MOST:
            self._known.popitem(last=False)

    def __len__(self) -> int:
        return len(self._known)
