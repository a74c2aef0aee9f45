"""The faults of a request, each with its status; one place turns them into answers.

Fault
├── StartFault             the server cannot start: a port that is taken (no status: exit code 1)
├── BadRequest        400  the request is malformed; what to change is in the sentence
│   ├── SyntaxFault        the query is not SPARQL: line and column
│   ├── ServiceRefused     the query would call another endpoint
│   └── TooDeep            the query is nested deeper than the engine can follow
├── Forbidden         403  an update
│   ├── TooLarge           the answer is larger than one may be
│   └── TooManyRows        the answer has more rows than one may have
├── NotFound          404  no such thing, page or example
├── NotAcceptable     406  none of our formats suits the client
├── UnsupportedMedia  415  a body of a type that we do not read
├── Gone              499  the client left; nobody reads this, but the log
├── TooMany           429  the client has sent more requests than one address may
├── Unavailable       503  try again later
│   ├── Busy               no worker came free in time
│   ├── TimedOut           the query took too long
│   ├── OutOfMemory        the query needs more memory than one may have
│   └── NotIndexed         the snapshot has no search index
├── EngineFault       500  ours: the engine failed
└── RemoteFault       502  another endpoint failed, which the query calls
    ├── RemoteBarred       … or is at an address that nobody shall call
    └── RemoteLate    504  … or did not answer in time
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Fault(Exception):
    """Anything that ends in one sentence: what happened, where, and what to do."""


class StartFault(Fault):
    """The server cannot start."""


class RequestFault(Fault):
    """A fault with a status; ``members`` are added to the problem document (RFC 9457, 3.2).

    A ``message`` with ``values`` for its ``%(name)s`` can be said in other languages too, and so can one
    that needs none; ``detail`` is what it says in English.
    """

    status = 500
    title = "The server failed"

    def __init__(self, message: str, values: Mapping[str, object] | None = None, /, **members: Any) -> None:
        self.message, self.values = message, values or {}
        self.detail = message % values if values else message
        self.members = members
        super().__init__(self.detail)

    @property
    def headers(self) -> dict[str, str]:
        """Header fields that go with the status."""
        return {}


class BadRequest(RequestFault):
    """The request is malformed."""

    status = 400
    title = "The request cannot be understood"


class SyntaxFault(BadRequest):
    """The query is not SPARQL; the members carry line and column, both from 1."""

    title = "The query is not valid SPARQL"


class ServiceRefused(BadRequest):
    """The query would call another endpoint."""

    title = "SERVICE is not available"

    def __init__(self, endpoint: str = "", allowed: Sequence[str] = ()) -> None:
        """``allowed`` are the endpoints that queries may call, which its operator has chosen."""
        if not allowed:
            super().__init__(
                "The query calls another endpoint with SERVICE, and this endpoint calls none. "
                "Remove the SERVICE clause, or run the query on an endpoint of your own that calls this one."
            )
            return
        super().__init__(
            "The query calls %(endpoint)s with SERVICE, and this endpoint calls only "
            "those that its operator has allowed (--services), written exactly so: %(allowed)s. "
            "Call one of these, or run the query on an endpoint of your own that calls this one.",
            {"endpoint": _cut(endpoint) or "an endpoint", "allowed": ", ".join(allowed)},
            endpoint=_cut(endpoint),
            allowed=list(allowed),
        )


class TooDeep(BadRequest):
    """The query ended the engine that read it."""

    title = "The query is nested too deeply"

    def __init__(self) -> None:
        super().__init__(
            "The query is nested more deeply than the engine can follow. "
            "Use fewer brackets and sub-queries inside each other."
        )


class Forbidden(RequestFault):
    """The request asks for what is not allowed to anybody."""

    status = 403
    title = "The graph is read-only"


class TooLarge(Forbidden):
    """The answer is larger than one may be.

    Forbidden, not Unavailable: the same query will not do better later, and 403 says not to repeat it
    (RFC 9110, 15.5.4). 413 speaks of requests.
    """

    title = "The answer is too large"

    def __init__(self, limit: int) -> None:
        super().__init__(
            "The answer is larger than the %(limit)s bytes that one may have, and was stopped. "
            "Ask for it in parts with LIMIT and OFFSET, or for fewer variables.",
            {"limit": f"{limit:,}"},
            limit=limit,
        )


class TooManyRows(Forbidden):
    """The answer has more rows than one may have; a part of it would look like all."""

    title = "The answer has too many rows"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"The answer has more than the {most:,} rows that one may have. Ask for less: add a LIMIT with "
            "an ORDER BY, count or add up with GROUP BY, or bind more of its variables.",
            limit=most,
        )


class NotFound(RequestFault):
    """There is no such thing."""

    status = 404
    title = "Not found"


class NotAcceptable(RequestFault):
    """None of our formats suits the client."""

    status = 406
    title = "No format suits"

    def __init__(self, media_types: list[str]) -> None:
        super().__init__(
            "The Accept field takes none of what there is: %(known)s.",
            {"known": ", ".join(media_types)},
            formats=media_types,
        )


class UnsupportedMedia(RequestFault):
    """The body is of a type that we do not read."""

    status = 415
    title = "The type of the body is not supported"


class Gone(RequestFault):
    """The client left before there was an answer; the status is the one that nginx made known."""

    status = 499
    title = "The client left"

    def __init__(self) -> None:
        super().__init__("The client left before the answer began.")


class TooMany(RequestFault):
    """The client has sent more requests than one address may; ``seconds`` until the next one is welcome."""

    status = 429
    title = "Too many requests"

    def __init__(self, per_minute: int, seconds: float) -> None:
        self._seconds = max(1, math.ceil(seconds))
        super().__init__(
            "One address may send %(most)s requests a minute here. Try again in %(seconds)s s; "
            "for everything at once, download the snapshot.",
            {"most": per_minute, "seconds": self._seconds},
        )

    @property
    def headers(self) -> dict[str, str]:
        """Say when to come back, in seconds (RFC 6585, 4)."""
        return {"Retry-After": str(self._seconds)}


class Unavailable(RequestFault):
    """The server cannot answer now."""

    status = 503
    title = "Not now"
    retry_after: ClassVar[int] = 10

    @property
    def headers(self) -> dict[str, str]:
        """Say when to come back, in seconds (RFC 9110, 10.2.3)."""
        return {"Retry-After": str(self.retry_after)}


class Busy(Unavailable):
    """No worker came free in time."""

    title = "The endpoint is busy"

    def __init__(self) -> None:
        super().__init__("All workers are busy with other queries. Try again in a few seconds.")


class TimedOut(Unavailable):
    """The query took too long."""

    title = "The query took too long"
    retry_after = 60

    def __init__(self, seconds: float) -> None:
        super().__init__(
            "The query took longer than %(seconds)s s and was stopped. "
            "Ask for less: add a LIMIT, or bind more of its variables.",
            {"seconds": f"{seconds:g}"},
        )


class OutOfMemory(Unavailable):
    """The query needs more memory than one may have."""

    title = "The query needs too much memory"
    retry_after = 60

    def __init__(self, megabytes: int) -> None:
        super().__init__(
            "The query needs more than the %(megabytes)s MB that one query may take, and was stopped. "
            "Ask for less at once: add a LIMIT, or sort and group fewer rows.",
            {"megabytes": megabytes},
        )


class NotIndexed(Unavailable):
    """The snapshot has no search index: an older version, or another one, published it."""

    title = "There is nothing to search in"
    retry_after = 3600

    def __init__(self) -> None:
        super().__init__(
            "This snapshot has no search index that this server can read. Everything else is there; "
            "the next `kg build` adds the index."
        )


class EngineFault(RequestFault):
    """The engine failed, and the query is not to blame."""

    title = "The engine failed"


class RemoteFault(RequestFault):
    """Another endpoint failed, which the query calls; ``reason`` goes on from its address."""

    status = 502
    title = "Another endpoint failed"

    advice: ClassVar[str] = (
        "The fault is not in this endpoint: try again later, ask that one by itself, or go on without it by "
        "SERVICE SILENT."
    )

    def __init__(self, endpoint: str, reason: str) -> None:
        super().__init__(
            f"{_cut(endpoint)}, which the query calls with SERVICE, {reason}. {self.advice}",
            endpoint=_cut(endpoint),
        )


class RemoteBarred(RemoteFault):
    """Another endpoint is where nobody shall call from here, though its name is allowed."""

    title = "Another endpoint is not called"
    advice = (
        "Tell who runs this endpoint: a private address is called only if it stands itself in --services."
    )


class RemoteLate(RemoteFault):
    """Another endpoint did not answer in time."""

    status = 504
    title = "Another endpoint took too long"


class Broken(ConnectionError):
    """After the first byte the connection breaks, so that no one trusts half an answer.

    A ConnectionError, because that is what the client sees, and what the HTTP server ends quietly.
    """


def _cut(address: str) -> str:
    return address if len(address) <= _LONGEST else f"{address[:_LONGEST]}…"


_LONGEST = 200


def problem(fault: RequestFault) -> dict[str, Any]:
    """Return the problem document (RFC 9457) of a fault."""
    return {
        "type": "about:blank",
        "title": fault.title,
        "status": fault.status,
        "detail": fault.detail,
        **fault.members,
    }


def from_http(status: int, name: str, description: str) -> RequestFault:
    """Return a fault for a status that the framework chose."""
    fault = RequestFault(_SENTENCES.get(status, description or name))
    fault.status, fault.title = status, name
    return fault


_SENTENCES = {
    404: "There is nothing at this address. The front page leads to everything that there is.",
    405: "This address does not answer this method. The Allow field says which it answers.",
    413: "The request is larger than this server accepts. Send a shorter query.",
    416: "The file ends before the part that is asked for. The Content-Range field says how long it is.",
    431: "The head of the request is larger than is accepted here. Send a long query in the body, by POST.",
    500: "The server failed to answer. The fault is ours, and it has been logged.",
}
