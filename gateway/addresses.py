"""From where somebody asks, as far as it can be held against them."""

from __future__ import annotations

import ipaddress
from typing import Final

_NETWORK_BITS: Final = 64
"""One household or office gets this much of an IPv6 address, and could make up the rest."""


def network_of(address: str) -> str:
    """Return the address, or the network of one who could choose among a great many."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return address
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, _NETWORK_BITS), strict=False).network_address)
