"""One request from its arrival to its end: what is noted on the way, and what is known when it is over."""

from __future__ import annotations

import re
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEY: Final = "cekg.note"
_BEGAN: Final = "cekg.began"
KEYS: Final = (_KEY, _BEGAN)
"""Where a request's environment has what is noted of it."""
_SANE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(slots=True)
class Note:
    """What is known of a request while it is being answered; whoever learns more writes it down here."""

    id: str
    client: str
    """The client's address."""
    route: str = ""
    """The name of what answers, such as ``sparql.sparql``; empty where nothing stands at the address."""
    query: str = ""
    """The text of the query, if there is one."""
    kind: str = ""
    """The form of the query's answer: bindings, boolean or graph."""
    cache: str = ""
    """``hit`` or ``miss``; empty where the cache was not asked."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request that is over."""

    note: Note
    began: float
    """Seconds since 1970."""
    method: str
    path: str
    status: int
    seconds: float
    """From the arrival of the request to the last byte of the answer, or to where it broke off."""
    sent: int
    """The bytes of the body."""
    broken: str = ""
    """Who broke it off: ``client`` (it left) or ``server``; empty when the answer is whole."""


def name_request(proposed: str | None) -> str:
    """Return the name of a request: the one it brings along if that is safe to repeat, else a new one.

    >>> name_request("4bf92f35-77b3")
    '4bf92f35-77b3'
    >>> len(name_request("two words"))
    36
    """
    return proposed if proposed and _SANE.fullmatch(proposed) else str(uuid.uuid4())


def attach(environ: dict[str, Any], note: Note) -> None:
    """Give a request its note; it begins now."""
    environ[_KEY] = note
    environ[_BEGAN] = time.time(), time.perf_counter()


def visit(environ: Mapping[str, Any], *, status: int, sent: int, broken: str) -> Visit:
    """Return what is known of a request that ends now."""
    began, clock = environ[_BEGAN]
    return Visit(
        note=note_of(environ),
        began=began,
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", "").encode("latin-1").decode(errors="replace"),
        status=status,
        seconds=time.perf_counter() - clock,
        sent=sent,
        broken=broken,
    )


def is_noted(environ: Mapping[str, Any]) -> bool:
    """Tell whether a request has its note already."""
    return _KEY in environ


def note_of(environ: Mapping[str, Any]) -> Note:
    """Return the note of a request; KeyError when nothing watches."""
    return cast("Note", environ[_KEY])
