"""Memory: what was worked out from a snapshot once need not be again, since a snapshot never changes."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")


class Memory:
    """Results by key, up to a weight in all; what was asked for longest ago goes first.

    >>> memory = Memory(10)
    >>> memory.recall("a", lambda: [1, 2], weight=len), memory.recall("a", lambda: [3], weight=len)
    ([1, 2], [1, 2])
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._weight = 0
        self._lock = Lock()

    def recall(self, key: Hashable, make: Callable[[], T], *, weight: Callable[[T], int]) -> T:
        """Return what ``make`` once returned for a key; two callers at a time may both make it."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                known: T = self._found[key][0]
                return known
        made = make()
        self._keep(key, made, weight(made))
        return made

    def _keep(self, key: Hashable, made: object, weight: int) -> None:
        if weight > self._most:
            return
        with self._lock:
            self._weight += weight - self._found.pop(key, (None, 0))[1]
            self._found[key] = (made, weight)
            while self._weight > self._most:
                _, (_, lost) = self._found.popitem(last=False)
                self._weight -= lost
