"""Answers that repeat: the same question to the same snapshot has the same answer, so it is kept and named.

The name is the answer's ETag: a client that holds it is told so before the query runs. No other endpoint that
we know keeps answers; ours may, since a snapshot never changes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kg import outline
from server import errors
from server.sparql.engine import Answer, Record, stays
from server.sparql.process import GLANCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from server.formats import Kind, Offer
    from server.sparql.engine import Begun, Engine, Offers, Workforce
    from server.sparql.protocol import Query

_LARGEST_SHARE: Final = 4
"""An answer that takes more than this part of the cache is not kept: it would push out too many others."""
_ENTRY: Final = 1_000
"""Bytes that an entry costs beside its body."""
_LIGHT: Final = 256 * 1024
"""Bytes that a connection takes at once."""
_LEVEL: Final = 6
"""Of gzip, for what is kept: compressed once and sent often."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole answer in memory."""

    kind: Kind
    offer: Offer
    body: bytes


class Cache:
    """The answers that were asked for last, within a number of bytes; 0 keeps nothing."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self.largest = budget // _LARGEST_SHARE
        """Bytes of the largest answer that is kept."""
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, name: str) -> Kept | None:
        """Return what is kept under a name."""
        with self._lock:
            kept = self._kept.get(name)
            if kept:
                self._kept.move_to_end(name)
            return kept

    def put(self, name: str, kept: Kept) -> None:
        """Keep an answer, and let go of those that were not asked for longest."""
        if len(kept.body) > self.largest:
            return
        with self._lock:
            if name not in self._kept:
                self._size += len(kept.body) + _ENTRY
            self._kept[name] = kept
            while self._size > self._budget:
                _, oldest = self._kept.popitem(last=False)
                self._size -= len(oldest.body) + _ENTRY

    @property
    def size(self) -> int:
        """The bytes in use."""
        return self._size

    def __len__(self) -> int:
        return len(self._kept)


class RememberingEngine:
    """An engine before another one: what it was asked before it answers itself, over one snapshot."""

    def __init__(
        self,
        engine: Engine,
        cache: Cache,
        *,
        snapshot: str,
        prefixes: Mapping[str, str],
        version: str,
        record: Record | None = None,
    ) -> None:
        """``version`` is that of the program: another one may write the same answer differently."""
        self._engine, self.cache = engine, cache
        self._record = record or Record()
        self._seed = hashlib.blake2b(json.dumps([snapshot, version, dict(prefixes)]).encode(), digest_size=16)
        self._flights: dict[tuple[str, float | None], _Flight] = {}
        self._lock = threading.Lock()

    def name(self, query: Query, offers: Offers) -> str | None:
        """Return the name of an answer: the same name, the same bytes. None where no two are the same."""
        if _changes(query.text):
            return None
        seed = self._seed.copy()
        asked = [[kind, offer.format.name, offer.media_type] for kind, offer in offers.items() if offer]
        graphs = [query.dataset.default, query.dataset.named] if query.dataset else None
        seed.update(json.dumps([query.text, query.base, graphs, asked]).encode())
        return seed.hexdigest()

    def ask(self, query: Query, offers: Offers, gone: Callable[[], bool] = stays) -> Answer:
        """Answer from memory, or wait for another who asks the same, or ask; see Engine."""
        name = self.name(query, offers)
        if name is None or not self.cache.largest:
            return self._engine.ask(query, offers, gone)
        kept = self.cache.get(name)
        if not kept:
            flight, is_first = self._join((name, query.timeout))
            if is_first:
                return self._ask_for_all(name, query, offers, gone, flight)
            self._wait(flight, gone)
            kept = self.cache.get(name)
        if not kept:
            return self._noted(name, self._engine.ask(query, offers, gone))
        self._record.hits += 1
        return _again(kept)

    def begin(self, query: Query, offers: Offers, name: str | None = None) -> Begun | None:
        """Begin to answer what is not in memory (see ``again``), unless another asks the same; see Engine.

        ``name`` is what ``name`` says of it.
        """
        if name is None or not self.cache.largest:
            return self._engine.begin(query, offers)
        flight, is_first = self._join((name, query.timeout))
        if not is_first:
            return None
        begun = None
        try:
            begun = self._engine.begin(query, offers)
        except errors.RequestFault as fault:
            flight.fail(fault)
            raise
        finally:
            if begun is None:
                self._land(flight)
        return _Remembered(self, begun, name, flight) if begun else None

    def again(self, name: str | None) -> Answer | None:
        """Return the answer of a name, or its gzip, if it is in memory."""
        kept = self.cache.get(name) if name else None
        if not kept:
            return None
        self._record.hits += 1
        return _again(kept)

    def is_asked(self, query: Query, name: str | None) -> bool:
        """Tell whether another asks the same at this moment."""
        return (name, query.timeout) in self._flights

    def is_light(self, name: str | None, *, is_zipped: bool, most: int) -> bool:
        """Tell whether it is little work to send an answer from memory: ``most`` bytes are quickly zipped.

        What is not in memory is none.
        """
        kept = self.cache.get(name) if name else None
        if not kept:
            return True
        if is_zipped and len(kept.body) > most:
            kept = self.cache.get(f"{name}{ZIPPED}")
        return kept is not None and len(kept.body) <= _LIGHT

    def zipped(self, name: str | None, answer: Answer, body: bytes) -> bytes:
        """Return the body of an answer in gzip, which is made once where the answer has a name."""
        kept = self.cache.get(name + ZIPPED) if name else None
        if kept:
            return kept.body
        body = gzip.compress(body, _LEVEL, mtime=0)
        if not name:
            return body
        self.cache.put(name + ZIPPED, Kept(answer.kind, answer.offer, body))
        return body

    def in_line(self) -> AbstractContextManager[None]:
        """Hold a place in line; see Engine."""
        return self._engine.in_line()

    def workforce(self) -> Workforce:
        """Return the state of the workers; see Engine."""
        return self._engine.workforce()

    def close(self) -> None:
        """Stop everything; see Engine."""
        self._engine.close()

    def _join(self, key: tuple[str, float | None]) -> tuple[_Flight, bool]:
        with self._lock:
            is_first = key not in self._flights
            return self._flights.setdefault(key, _Flight(key)), is_first

    def _ask_for_all(
        self, name: str, query: Query, offers: Offers, gone: Callable[[], bool], flight: _Flight
    ) -> Answer:
        """Ask while others with the same question wait; they get the same answer, or the same refusal."""
        try:
            return self._noted(name, self._engine.ask(query, offers, gone))
        except errors.RequestFault as fault:
            flight.fail(fault)
            raise
        finally:
            self._land(flight)

    def _land(self, flight: _Flight) -> None:
        """Let those go on who wait for a question."""
        with self._lock:
            del self._flights[flight.key]
        flight.over.set()

    def _wait(self, flight: _Flight, gone: Callable[[], bool]) -> None:
        with self._engine.in_line():
            while not flight.over.wait(GLANCE):
                if gone():
                    raise errors.Gone
        if flight.fault:
            raise flight.fault.with_traceback(None)

    def _noted(self, name: str, answer: Answer) -> Answer:
        """Keep an answer, now or on its way."""
        self._record.misses += 1
        answer.cache = "miss"
        if answer.whole is None:
            return _with_parts(answer, self._kept_on_the_way(name, answer))
        self.cache.put(name, Kept(answer.kind, answer.offer, answer.whole))
        return answer

    def _kept_on_the_way(self, name: str, answer: Answer) -> Iterator[bytes]:
        """Pass the parts on, and keep them when all have come and they are not too many."""
        held: bytearray | None = bytearray()
        for part in answer:
            if held is not None and len(held) + len(part) <= self.cache.largest:
                held += part
            else:
                held = None
            yield part
        if held is not None:
            self.cache.put(name, Kept(answer.kind, answer.offer, bytes(held)))


ZIPPED: Final = "-gzip"
"""What the name of an answer in gzip ends with: other bytes, another name (RFC 9110, 8.8.3)."""


def _changes(text: str) -> bool:
    """Tell whether a query may never answer the same twice, byte for byte.

    What calls another endpoint is one of them.

    >>> _changes("SELECT (NOW() AS ?t) {}"), _changes("CONSTRUCT { [] a ?c } { ?s a ?c }"), _changes("ASK {}")
    (True, True, False)
    """
    loud = text.upper()
    if "\\U" in loud or any(word in loud for word in _CHANGING):
        return "\\U" in loud or bool(_CHANGING_WORD.search(text))
    if outline.calls_out(text):
        return True
    return "CONSTRUCT" in loud and outline.makes_nodes(text)


_CHANGING: Final = ("NOW", "RAND", "UUID", "BNODE")
_CHANGING_WORD: Final = re.compile(rf"(?i)\b(?:STR)?(?:{'|'.join(_CHANGING)})\b")
"""Functions that never answer the same twice, wherever the word stands; an escape may spell any of them."""

_OWN: Final = (errors.Busy, errors.Gone, errors.EngineFault)
"""What befell one who asked, and need not befall the next."""


@dataclass(slots=True)
class _Flight:
    """A question on its way, for all who ask it meanwhile."""

    key: tuple[str, float | None]
    over: threading.Event = field(default_factory=threading.Event)
    fault: errors.RequestFault | None = None

    def fail(self, fault: errors.RequestFault) -> None:
        """Keep a fault for the others, unless it is only that of the one who asked."""
        self.fault = None if isinstance(fault, _OWN) else fault


class _Remembered:
    """A question on its way, whose answer will be kept."""

    def __init__(self, engine: RememberingEngine, begun: Begun, name: str, flight: _Flight) -> None:
        self._engine, self._begun, self._name, self._flight = engine, begun, name, flight
        self._answer: Answer | None = None
        self._is_over = False

    def fileno(self) -> int:
        return self._begun.fileno()

    def look(self) -> Answer | None:
        return self._noted(self._begun.look)

    def wait(self, gone: Callable[[], bool]) -> Answer:
        answer = self._noted(lambda: self._begun.wait(gone))
        assert answer  # noqa: S101  # waiting ends with an answer or a fault
        return answer

    def close(self) -> None:
        self._begun.close()
        self._end()

    def _noted(self, find: Callable[[], Answer | None]) -> Answer | None:
        if self._answer:
            return self._answer
        try:
            found = find()
        except errors.RequestFault as fault:
            self._flight.fail(fault)
            self._end()
            raise
        except BaseException:
            self._end()
            raise
        if found:
            self._answer = self._engine._noted(self._name, found)
            self._end()
        return self._answer

    def _end(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._engine._land(self._flight)


def _again(kept: Kept) -> Answer:
    return Answer(kept.kind, kept.offer, iter((kept.body,)), whole=kept.body, close=lambda: None, cache="hit")


def _with_parts(answer: Answer, parts: Iterator[bytes]) -> Answer:
    return Answer(answer.kind, answer.offer, parts, whole=None, close=answer.close, cache=answer.cache)
