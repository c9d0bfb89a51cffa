"""What is counted by address is counted by what one caller cannot choose."""

from __future__ import annotations

import pytest

from gateway.addresses import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:7:1:2:3:4:5", "2001:db8:7:1::"),
        ("unknown", "unknown"),
    ],
)
def test_address_counts_as_what_its_holder_cannot_choose(address: str, network: str) -> None:
    """Half of an IPv6 address is free to whoever holds it; an older one may come in its clothes."""
    assert network_of(address) == network
