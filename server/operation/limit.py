"""The rate limit: how many requests an address may send, so that one client cannot crowd out the others."""

from __future__ import annotations

import threading
from collections import OrderedDict

from server.operation import addresses


class Limit:
    """A bucket of tokens for each address: it holds ``burst``, and fills by ``per_minute``.

    Of a bucket only the moment is kept at which it is full again (the generic cell rate algorithm). Buckets
    are kept for ``most`` addresses; beyond that the one that was asked longest ago counts as full.
    """

    def __init__(self, *, per_minute: int, burst: int, most: int = 10_000) -> None:
        self._step = 60 / per_minute
        self._slack = (burst - 1) * self._step
        self._most = most
        self._full: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, address: str, now: float) -> float:
        """Take a token and return 0, or return the seconds until there is one; ``now`` is in seconds.

        >>> limit = Limit(per_minute=60, burst=2)
        >>> [limit.wait("192.0.2.7", now) for now in (0.0, 0.0, 0.0, 0.5, 1.0)]
        [0.0, 0.0, 1.0, 0.5, 0.0]
        """
        client = addresses.group(address)
        with self._lock:
            full = max(self._full.pop(client, now), now)
            wait = max(full - now - self._slack, 0.0)
            self._full[client] = full if wait else full + self._step
            if len(self._full) > self._most:
                self._full.popitem(last=False)
        return wait

    def __len__(self) -> int:
        return len(self._full)
