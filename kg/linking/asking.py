"""Asking strangers politely: a pause between questions, patience, and nothing asked twice.

A server of another has all the time that it needs within a limit, and none of our memory beyond another.
Every way in which it can fail ends in one sentence.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
import queue
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlencode
from urllib.response import addinfourl

import kg
from kg import names
from kg.faults import Fault, SystemFault

AGENT: Final = f"city-economy-kg/{kg.__version__} ({names.BASE})"
"""Who asks: a program, its version and where to find who is behind it, as Wikimedia's policy wants it."""

Answer = TypeVar("Answer")


class NotAnswered(Fault):
    """A server of another did not answer, or not what was asked."""


class Misread(Exception):
    """An answer is not what was asked for, because …"""


class NotCached(Fault):
    """Nothing may be asked, and the answer is not in the cache."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How we ask: seconds, bytes and times."""

    pause: float = 1.0
    """After an answer, until the next question."""
    timeout: float = 60.0
    """Until an answer is whole."""
    tries: int = 4
    first_wait: float = 2.0
    """After the first failure that may pass; each further wait is twice as long."""
    longest_wait: float = 120.0
    """Who wants us to wait longer is asked another day."""
    most_bytes: int = 20_000_000
    max_age: float = 7 * 86_400.0
    """How long an answer in the cache is as good as a new one."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an address: ``parameters`` go as a form; the one of SPARQL is ``query``."""

    address: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    is_sparql: bool = False

    @property
    def key(self) -> str:
        """What tells it from all others, as the name of a file."""
        asked = json.dumps([self.address, sorted(self.parameters.items())])
        return f"{hashlib.sha256(asked.encode()).hexdigest()}.json"


class Asker:
    """Somebody who asks: has manners, a memory in a folder, and may be offline."""

    def __init__(
        self,
        cache: Path,
        manners: Manners = Manners(),
        *,
        offline: bool = False,
        refresh: bool = False,
        progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.cache = cache
        self._manners = manners
        self._offline = offline
        self._refresh = refresh
        self._progress = progress
        self._answered = -math.inf

    def ask(self, question: Question, read: Callable[[bytes], Answer]) -> Answer:
        """Return the answer to a question, as ``read`` understands it; that raises Misread where it does not.

        Only what was understood is kept. Raises NotAnswered, or NotCached.
        """
        kept = self._kept(question)
        if kept is not None:
            try:
                return read(kept)
            except Misread:  # damaged, or kept by another version
                pass
        if self._offline:
            raise NotCached(f"{self.cache} has no answer of {question.address}.")
        body = self._patiently(question)
        try:
            answer = read(body)
        except Misread as error:
            said = f"{question.address} answered something else than was asked"
            raise NotAnswered(f"{said}: {shown(str(error))}") from error
        self._keep(question, body)
        return answer

    def _patiently(self, question: Question) -> bytes:
        """Ask, and again after what may pass: a server that is busy, a connection that broke."""
        wait = self._manners.first_wait
        for tries_left in reversed(range(self._manners.tries)):
            try:
                return self._once(question)
            except _Passing as trouble:
                asked_for = trouble.wait or 0.0
                if not tries_left or asked_for > self._manners.longest_wait:
                    raise NotAnswered(f"{trouble}{_later(asked_for)}") from trouble
                self._progress(f"{trouble} Waiting {max(asked_for, wait):.3g} s")
                time.sleep(max(asked_for, wait))
                wait *= 2
        raise AssertionError("a question is asked once at least")

    def _once(self, question: Question) -> bytes:
        time.sleep(max(0.0, self._answered + self._manners.pause - time.monotonic()))
        try:
            return _send(question, self._manners)
        finally:
            self._answered = time.monotonic()

    def _kept(self, question: Question) -> bytes | None:
        file = self.cache / question.key
        try:
            is_fresh = time.time() - file.stat().st_mtime < self._manners.max_age
            return file.read_bytes() if self._offline or (is_fresh and not self._refresh) else None
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SystemFault(f"{file} cannot be read: {error.strerror}.") from error

    def _keep(self, question: Question, body: bytes) -> None:
        try:
            self.cache.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.cache, delete=False) as file:
                file.write(body)
            Path(file.name).replace(self.cache / question.key)
        except OSError as error:
            raise SystemFault(f"{self.cache} cannot be written: {error.strerror}.") from error


def cache_folder() -> Path:
    """Return where answers are kept: ``cekg/link`` in the user's folder of caches (XDG Base Directories)."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    home = Path(given) if given.startswith("/") else Path.home() / ".cache"
    return home / "cekg" / "link"


def shown(text: str) -> str:
    """Return the beginning of a stranger's words on one line, without what a terminal would obey."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[:400]).split())
    return f"{line[:160]}…" if len(line) > 160 else line


class _Passing(Exception):
    """It may be better later; ``wait`` is how many seconds the server asks for."""

    def __init__(self, said: str, wait: float | None = None) -> None:
        super().__init__(said)
        self.wait = wait


_BUSY: Final = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_PASSING: Final = _BUSY | {HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT}


class _Careful(urllib.request.BaseHandler):
    """Reads answers within a limit, before anybody else does, and follows none to another address."""

    handler_order = 100  # before redirects and errors are dealt with

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes

    def http_response(self, request: urllib.request.Request, response: HTTPResponse) -> addinfourl:
        address = request.full_url
        with response:
            body = response.read(self._most + 1)
        if len(body) > self._most:
            raise NotAnswered(
                f"{address} answered with more than {self._most:,} bytes; nothing of it is kept."
            )
        if response.length:
            raise _Passing(f"{address} broke off before its answer was whole.")
        if not 200 <= response.status < 300:
            raise _refusal(address, response.status, response.headers, body)
        if response.headers.get_content_type() in {"text/html", "application/xhtml+xml"}:
            raise NotAnswered(f"{address} answered with a page and not with data. Is this the right address?")
        whole = addinfourl(io.BytesIO(body), response.headers, address, response.status)
        whole.msg = response.reason  # type: ignore[attr-defined]  # urllib's own handlers look for it
        return whole

    https_response = http_response


def _send(question: Question, manners: Manners) -> bytes:
    """Ask once, in a thread of its own: a time limit of a socket is for each part, and there may be many."""
    told: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()

    def tell() -> None:
        try:
            told.put(_ask(question, manners))
        except Exception as error:  # noqa: BLE001  # raised again where it is waited for
            told.put(error)

    threading.Thread(target=tell, daemon=True).start()
    try:
        answer = told.get(timeout=manners.timeout)
    except queue.Empty:
        answer = TimeoutError()
    if isinstance(answer, Exception):
        raise _trouble(answer, question.address, manners)
    return answer


def _ask(question: Question, manners: Manners) -> bytes:
    opener = urllib.request.build_opener(_Careful(manners.most_bytes))
    if question.is_sparql:
        return _ask_endpoint(question, manners, opener)
    form = urlencode(question.parameters).encode() or None
    headers = {"User-Agent": AGENT, "Accept": "application/json"}
    request = urllib.request.Request(question.address, form, headers)  # noqa: S310  # http or https: check_address
    with opener.open(request, timeout=manners.timeout) as answer:
        body: bytes = answer.read()
    return body


def _ask_endpoint(question: Question, manners: Manners, opener: urllib.request.OpenerDirector) -> bytes:
    from SPARQLWrapper import JSON, POST, SPARQLWrapper  # only who asks far away waits for it

    class Careful(SPARQLWrapper):
        """Sends by our opener; its own is one for the whole process, and reads errors without limit."""

        def _query(self) -> tuple[HTTPResponse, str]:
            return opener.open(self._createRequest(), timeout=manners.timeout), self.returnFormat

    wrapper = Careful(question.address, returnFormat=JSON, agent=AGENT)
    wrapper.setMethod(POST)
    wrapper.setQuery(question.parameters["query"])
    body: bytes = wrapper.query().response.read()
    return body


def _trouble(error: Exception, address: str, manners: Manners) -> Exception:
    """Return what went wrong as a sentence; what is none of the server's faults is returned as it is."""
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        said = f"{address} did not answer within {manners.timeout:g} s."
        return NotAnswered(f"{said} Try again later, or give it longer: --timeout.")
    if isinstance(reason, ConnectionRefusedError):
        return NotAnswered(f"{address} cannot be reached: {reason.strerror}.")
    if isinstance(reason, HTTPException | ConnectionError):
        return _Passing(f"{address} broke off before its answer was whole.")
    if isinstance(reason, OSError):
        return NotAnswered(f"{address} cannot be reached: {reason.strerror or reason}.")
    return error


def _refusal(address: str, status: int, headers: Message, body: bytes) -> Exception:
    if 300 <= status < 400:
        target = shown(headers.get("Location", "nowhere"))
        return NotAnswered(f"{address} leads on to {target}: give that address, if it is the right one.")
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "unknown"
    is_page = headers.get_content_type() == "text/html"
    said = "" if is_page else shown(body.decode("utf-8", "replace"))
    sentence = f"{address} answered {status} ({phrase}){f': {said}' if said else ''}"
    sentence += "" if sentence.endswith((".", "…")) else "."
    return _Passing(sentence, _wanted(headers)) if status in _PASSING else NotAnswered(sentence)


def _wanted(headers: Message) -> float | None:
    """Return how many seconds Retry-After asks for: a number, or until a date (RFC 9110, 10.2.3)."""
    given = headers.get("Retry-After", "").strip()
    if given.isascii() and given.isdigit():
        return float(given[:9])
    try:
        until = parsedate_to_datetime(given)
    except ValueError:
        return None
    now = datetime.now(UTC)
    return max(0.0, ((until if until.tzinfo else until.replace(tzinfo=UTC)) - now).total_seconds())


def _later(seconds: float) -> str:
    return f" It asks for {math.ceil(seconds):,} s of patience." if seconds else ""
