"""What the door listens to, so that a silent connection costs nothing.

waitress asks every connection before each wait whether it wants to read or write: with a thousand of them,
each event costs two thousand questions. Here the kernel keeps the list (epoll), and a connection is asked
again when something has happened to it: an event, the work of a thread, or a second that has passed.
"""

from __future__ import annotations

import select
from collections import deque
from contextlib import suppress
from typing import Any, Final, Protocol

from waitress import wasyncore


class Listening(Protocol):
    """What stands in the map: a connection, a door, a trigger, a pipe."""

    accepting: bool

    def readable(self) -> bool:
        """Whether it wants to know that it can be read."""

    def writable(self) -> bool:
        """Whether it wants to know that it can be written to."""


class Map(dict[int, Any]):
    """Descriptors and who listens to them, as waitress keeps them; the kernel is told what they want."""

    def __init__(self) -> None:
        super().__init__()
        self._poll = select.epoll()
        self._told: dict[int, int] = {}
        """What the kernel was asked to tell of each descriptor that it knows."""
        self._busy: set[int] = set()
        self.bells: set[int] = set()
        """Descriptors on which a thread rings when it has done something for one that is busy."""
        self.touched: deque[int] = deque()
        """Descriptors to be asked again before the next wait."""

    def __setitem__(self, descriptor: int, listener: Any) -> None:
        super().__setitem__(descriptor, listener)
        self.touched.append(descriptor)

    def __delitem__(self, descriptor: int) -> None:
        super().__delitem__(descriptor)
        self._busy.discard(descriptor)
        self._forget(descriptor)

    def turn(self, seconds: float) -> None:
        """Wait for events, at most for some seconds, and let those deal with them whom they concern."""
        while self.touched:
            self._ask(self.touched.popleft())
        events = [(each, self[each], flags) for each, flags in self._poll.poll(seconds) if each in self]
        for descriptor, listener, flags in events:
            if descriptor not in self or self[descriptor] is not listener:
                continue  # it went in this very moment, and another may have its number
            wanted = flags & (_wanted(listener) | _ALWAYS)
            if wanted:
                wasyncore.readwrite(listener, wanted)
                self._ask(descriptor)
            else:
                self._forget(descriptor)  # until it is asked again
        if not self.bells.isdisjoint(descriptor for descriptor, _, _ in events):
            for descriptor in list(self._busy):
                self._ask(descriptor)

    def ask_all(self) -> None:
        """Ask everyone again, for what changes with time alone."""
        for descriptor in list(self):
            self._ask(descriptor)

    def close(self) -> None:
        """Let go of the kernel's list."""
        self._poll.close()

    def _ask(self, descriptor: int) -> None:
        """Ask a listener what it wants, and tell the kernel if that is something else."""
        listener = self.get(descriptor)
        if listener is None:
            return
        if getattr(listener, "is_busy", False):
            self._busy.add(descriptor)
        else:
            self._busy.discard(descriptor)
        wanted, told = _wanted(listener), self._told.get(descriptor, 0)
        if not wanted or wanted == told:
            return  # who wants nothing now will mostly want the same again: only an event makes us forget it
        try:
            if told:
                self._poll.modify(descriptor, wanted)
            else:
                self._poll.register(descriptor, wanted)
            self._told[descriptor] = wanted
        except OSError:  # a thread has closed it in this very moment
            self._told.pop(descriptor, None)

    def _forget(self, descriptor: int) -> None:
        if self._told.pop(descriptor, 0):
            with suppress(OSError, ValueError):  # it was closed, which the kernel has seen
                self._poll.unregister(descriptor)


_READ: Final = select.POLLIN | select.POLLPRI
_ALWAYS: Final = select.POLLHUP | select.POLLERR
"""What the kernel tells unasked."""


def _wanted(listener: Listening) -> int:
    wanted = _READ if listener.readable() else 0
    return wanted | (select.POLLOUT if listener.writable() and not listener.accepting else 0)
