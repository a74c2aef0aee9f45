"""Who asks: the client's address, which a proxy of ours may vouch for, and nobody else."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


def client(peer: str, forwarded: str | None, trusted: Sequence[Network]) -> str:
    """Return the address of the client, given that of the connection and X-Forwarded-For.

    Each proxy adds to the right the address that it was called from. So we read from the right, as long as
    the last speaker is one of our own; what stands further left is hearsay.

    >>> ours = read_networks("10.0.0.0/8")
    >>> client("10.0.0.1", "1.2.3.4, 192.0.2.7", ours)
    '192.0.2.7'
    >>> client("198.51.100.1", "1.2.3.4", ours)
    '198.51.100.1'
    """
    speaker = peer
    if not trusted or not forwarded:
        return speaker
    for text in reversed(forwarded.split(",")):
        claimed = _address(text)
        if claimed is None or not _is_within(speaker, trusted):
            break
        speaker = str(claimed)
    return speaker


def group(address: str) -> str:
    """Return what counts as one client: an IPv4 address, or the /64 that one IPv6 subscriber is given.

    >>> group("2001:db8:1:2:3:4:5:6")
    '2001:db8:1:2::/64'
    >>> group("::ffff:192.0.2.7")
    '192.0.2.7'
    """
    found = _address(address)
    if not isinstance(found, IPv6Address):
        return str(found or address)
    return str(IPv6Network((found, 64), strict=False))


def read_networks(text: str) -> tuple[Network, ...]:
    """Read addresses and networks with commas between them; raises ValueError."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def _is_within(address: str, networks: Sequence[Network]) -> bool:
    found = _address(address)
    return found is not None and any(found in network for network in networks)


def _address(text: str) -> Address | None:
    """Read an address; one of IPv4 that comes in IPv6's clothes (RFC 4291, 2.5.5.2) is taken out of them."""
    try:
        found = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
