"""The endpoints that queries may call, and the one place that calls them.

A query names an endpoint, and gets the one on the operator's list that is written exactly so: no address of a
stranger is ever read as one. What is called is an address that was looked at, once; a redirect leads nowhere.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

from server import errors
from server.sparql.process import GLANCE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LARGEST: Final = 10_000_000
"""Bytes of an answer."""
SHARE: Final = 2 / 3
"""The part of a query's time that is left which one call may take, so that a SILENT one leaves some."""
_AGENT: Final = "city-economy-kg (SPARQL 1.1 federated query)"
_RESULTS: Final = "application/sparql-results+json"
_JSON: Final = frozenset({_RESULTS, "application/json"})
_PART: Final = 64 * 1024
_LONGEST_WAIT: Final = 10.0
"""Seconds for a connection to come about."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An endpoint that queries may call."""

    iri: str
    """As the operator wrote it."""
    scheme: str
    host: str
    port: int
    target: str
    """What the request line says: path and parameters."""

    @property
    def is_meant(self) -> bool:
        """Whether the operator wrote the very address, or this machine: then it may be a private one."""
        return self.host == "localhost" or _is_address(self.host)


class Unanswered(Exception):
    """The call came to nothing; the sentence goes on from the endpoint's address."""

    is_late = False
    is_barred = False


class Late(Unanswered):
    """The endpoint did not answer in time."""

    is_late = True


class Barred(Unanswered):
    """The endpoint is at an address that nobody shall call from here."""

    is_barred = True


def read_neighbours(text: str) -> tuple[Neighbour, ...]:
    """Read the operator's list; raises ValueError.

    >>> [each.target for each in read_neighbours("https://query.wikidata.org/sparql, http://[::1]:8001")]
    ['/sparql', '/']
    """
    return tuple(_neighbour(each.strip()) for each in text.split(",") if each.strip())


def call(
    neighbours: Sequence[Neighbour],
    asked: Mapping[str, str],
    *,
    deadline: float,
    gone: Callable[[], bool],
) -> dict[str, Any]:
    """Ask the neighbour that a worker names what it says; return what the worker is to know of the answer.

    Raises errors.Gone when the client leaves.
    """
    try:
        found = next((each for each in neighbours if each.iri == asked["endpoint"]), None)
        if found is None:
            raise Barred("is not on the list of those that may be called")
        until = time.monotonic() + SHARE * (deadline - time.monotonic())
        return {"body": _Call(found, asked["query"], until).answer(gone)}
    except Unanswered as error:
        return {"failed": str(error), "late": error.is_late, "barred": error.is_barred}


class _Call(threading.Thread):
    """One call; a thread, because looking up a name takes what time it takes, and the client may leave."""

    def __init__(self, neighbour: Neighbour, query: str, until: float) -> None:
        super().__init__(name="call", daemon=True)
        self._neighbour, self._query, self._until = neighbour, query, until
        self._socket: socket.socket | None = None
        self._body = ""
        self._fault: Unanswered | None = None
        self._is_over = False

    def answer(self, gone: Callable[[], bool]) -> str:
        """Return the body of the answer; raises Unanswered, or errors.Gone."""
        began = time.monotonic()
        self.start()
        try:
            while self.is_alive() and (left := self._until - time.monotonic()) > 0:
                self.join(min(left, GLANCE))
                if gone():
                    raise errors.Gone
            if self.is_alive():
                raise Late(f"did not answer within {self._until - began:.1f} s")
        finally:
            self._hang_up()
        if self._fault:
            raise self._fault
        return self._body

    def run(self) -> None:
        try:
            self._body = self._asked()
        except Unanswered as error:
            self._fault = error
        except TimeoutError:
            self._fault = Late("did not answer in time")
        except (HTTPException, OSError, ValueError) as error:
            self._fault = Unanswered(f"cannot be reached, or does not speak HTTP ({_said(error)})")
        finally:
            self._hang_up()

    def _hang_up(self) -> None:
        self._is_over = True
        if self._socket:
            with suppress(OSError, ValueError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _asked(self) -> str:
        kind = HTTPSConnection if self._neighbour.scheme == "https" else HTTPConnection
        connection = kind(self._neighbour.host, self._neighbour.port)
        try:
            connection.sock = self._socket = self._connected()
            if self._is_over:
                raise Late("did not answer in time")
            fields = {
                "Accept": _RESULTS,
                "Accept-Encoding": "identity",
                "Connection": "close",
                "Content-Type": "application/x-www-form-urlencoded",
                "User-Agent": _AGENT,
            }
            body = urlencode({"query": self._query})
            connection.request("POST", self._neighbour.target, body, fields)
            with connection.getresponse() as response:
                _check(response)
                return self._read(response)
        finally:
            connection.close()

    def _connected(self) -> socket.socket:
        addresses = _addresses(self._neighbour)
        fault: OSError = OSError("no address")
        for address in addresses:
            try:
                made = socket.create_connection((address, self._neighbour.port), timeout=self._patience())
            except OSError as error:
                fault = error
                continue
            made.settimeout(max(self._until - time.monotonic(), 0.001))
            return self._secured(made) if self._neighbour.scheme == "https" else made
        raise fault

    def _secured(self, made: socket.socket) -> socket.socket:
        try:
            return _tls().wrap_socket(made, server_hostname=self._neighbour.host)
        except BaseException:
            made.close()
            raise

    def _patience(self) -> float:
        return min(max(self._until - time.monotonic(), 0.001), _LONGEST_WAIT)

    def _read(self, response: HTTPResponse) -> str:
        found = bytearray()
        while part := response.read(_PART):
            found += part
            if len(found) > LARGEST:
                raise Unanswered(_TOO_LARGE)
        if response.length:  # what is left of the length that it had said
            raise Unanswered("broke off in the middle of its answer")
        try:
            return found.decode()
        except UnicodeDecodeError:
            raise Unanswered("answered what is not UTF-8") from None


def _check(response: HTTPResponse) -> None:
    """Take nothing but a table of results that says that it is one."""
    if 300 <= response.status < 400:
        raise Unanswered(f"answered with a redirect ({response.status}), which is not followed")
    if response.status != 200:
        raise Unanswered(f"answered with status {response.status}")
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in {"", "identity"}:
        raise Unanswered(f"answered in {coding[:40]}, which it was not asked for")
    kind = response.headers.get_content_type() if "Content-Type" in response.headers else "no type"
    if kind not in _JSON:
        raise Unanswered(f"answered with {kind[:80]}, and not with {_RESULTS}")
    if response.length is not None and response.length > LARGEST:
        raise Unanswered(_TOO_LARGE)


_TOO_LARGE: Final = f"answered with more than {LARGEST:,} bytes"


def _addresses(neighbour: Neighbour) -> list[str]:
    """Look up a name; return the addresses that may be called; raises Barred where there is none."""
    found = socket.getaddrinfo(neighbour.host, neighbour.port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(place[0]) for *_, place in found))
    if not neighbour.is_meant:
        addresses = [each for each in addresses if is_public(each)]
    elif neighbour.host == "localhost":
        addresses = [each for each in addresses if ipaddress.ip_address(each).is_loopback]
    if not addresses:
        raise Barred("has a name that leads to no public address")
    return addresses


def is_public(text: str) -> bool:
    """Tell whether an address belongs to the world, also inside of the ways to write IPv4 in IPv6.

    >>> [is_public(each) for each in ("93.184.216.34", "10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1")]
    [True, False, False, False]
    """
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in network for network in _TUNNELS):
            return False
        if address.ipv4_mapped or address in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
    return address.is_global and not address.is_multicast and not address.is_reserved


_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_TUNNELS: Final = tuple(map(ipaddress.IPv6Network, ("::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16")))
"""IPv6 that may lead on to any IPv4 address: compatible, local NAT64, Teredo and 6to4."""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _neighbour(iri: str) -> Neighbour:
    match = _IRI.fullmatch(iri)
    if not match:
        raise ValueError(
            f"{iri!r} is not the address of an endpoint, such as https://query.wikidata.org/sparql."
        )
    parts = urlsplit(iri)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Neighbour(iri, parts.scheme, parts.hostname or "", port, target)


_IRI: Final = re.compile(
    r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
    r"(?:/[A-Za-z0-9._~!$&'()*+;=:@%/-]*)?(?:\?[A-Za-z0-9._~!$&'()*+;=:@%/?-]*)?"
)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _said(error: Exception) -> str:
    """Return what the system says of a fault, in one line that is not too long."""
    said = (error.strerror if isinstance(error, OSError) else "") or str(error) or type(error).__name__
    return " ".join(said.split())[:200]
