"""What a snapshot has to take away: each form with its address, its size and its checksum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg import distributions

if TYPE_CHECKING:
    from kg.distributions import Distribution
    from kg.snapshot import Snapshot
    from server.pages.language import Language


@dataclass(frozen=True, slots=True)
class Offer:
    """One file; ``size`` is its size in bytes, ``sha256`` the checksum of these bytes."""

    it: Distribution
    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class OfferView:
    """The same for people."""

    title: str
    holds: str
    path: str
    size: str
    sha256: str


def offers(snapshot: Snapshot) -> tuple[Offer, ...]:
    """Return what a snapshot has, in the order of the table."""
    files: dict[str, Any] = snapshot.manifest["files"]
    return tuple(
        Offer(each, f"/{each.path}", files[each.path]["bytes"], files[each.path]["sha256"])
        for each in distributions.published(snapshot.manifest)
    )


def views(snapshot: Snapshot, language: Language) -> tuple[OfferView, ...]:
    """Return what a page shows of them."""
    return tuple(
        OfferView(each.it.title, language.say(each.it.holds), each.path, in_words(each.size), each.sha256)
        for each in offers(snapshot)
    )


def in_words(size: float) -> str:
    """Return a size in bytes as people say it.

    >>> in_words(999), in_words(3_650), in_words(74_698), in_words(1_234_480_000)
    ('999 B', '3.6 kB', '75 kB', '1.2 GB')
    """
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 10 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} GB"


def checksums(snapshot: Snapshot) -> str:
    """Return what ``sha256sum --check`` reads."""
    return "".join(f"{each.sha256}  {each.it.file}\n" for each in offers(snapshot))
