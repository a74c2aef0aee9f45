"""Who asks: a proxy is believed as far as it was said to be ours."""

import pytest

from server.operation import addresses

OURS = addresses.read_networks("10.0.0.0/8, 2001:db8:ffff::/48")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("10.0.0.1", "192.0.2.7, 10.0.0.2", "192.0.2.7"),
        ("10.0.0.1", "127.0.0.1, 192.0.2.7", "192.0.2.7"),  # the client made the first one up
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.7, nonsense", "10.0.0.1"),
        ("10.0.0.1", " 2001:DB8::1 ", "2001:db8::1"),
        ("2001:db8:ffff::1", "192.0.2.7", "192.0.2.7"),
        ("::ffff:10.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("192.0.2.1", "198.51.100.1", "192.0.2.1"),  # not a proxy of ours
        ("", "198.51.100.1", ""),
    ],
)
def test_the_client_is_who_the_last_proxy_of_ours_was_called_by(peer, forwarded, client):
    assert addresses.client(peer, forwarded, OURS) == client


def test_without_a_trusted_proxy_the_header_is_hearsay():
    assert addresses.client("10.0.0.1", "192.0.2.7", ()) == "10.0.0.1"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.7", "192.0.2.8", False),
        ("192.0.2.7", "::ffff:192.0.2.7", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::1", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("no address", "no address", True),
    ],
)
def test_one_subscriber_is_one_client(one, other, same):
    assert (addresses.group(one) == addresses.group(other)) is same
