"""Federation: queries that call other endpoints have workers of their own, and nobody else waits for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg import outline
from server.sparql.engine import Workforce, stays

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from server.sparql.engine import Answer, Begun, Engine, Offers
    from server.sparql.protocol import Query


class FederatingEngine:
    """Two engines over one store: one for what calls others, one for everything else."""

    def __init__(self, plain: Engine, calling: Engine) -> None:
        self._plain, self._calling = plain, calling

    def ask(self, query: Query, offers: Offers, gone: Callable[[], bool] = stays) -> Answer:
        """Begin to answer; see Engine."""
        engine = self._calling if outline.calls_out(query.text) else self._plain
        return engine.ask(query, offers, gone)

    def begin(self, query: Query, offers: Offers) -> Begun | None:
        """Begin to answer; a query that calls others is not begun without waiting. See Engine."""
        return None if outline.calls_out(query.text) else self._plain.begin(query, offers)

    def in_line(self) -> AbstractContextManager[None]:
        """Hold a place in line; see Engine."""
        return self._plain.in_line()

    def workforce(self) -> Workforce:
        """Return the state of all workers; see Engine."""
        plain, calling = self._plain.workforce(), self._calling.workforce()
        return Workforce(
            plain.workers + calling.workers,
            plain.busy + calling.busy,
            plain.waiting + calling.waiting,
            plain.pids + calling.pids,
            plain.kills,
            plain.rejected,
        )

    def close(self) -> None:
        """Stop everything; see Engine."""
        self._plain.close()
        self._calling.close()
