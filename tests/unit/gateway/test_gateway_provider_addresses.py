"""Where an identity provider may be, and where it may send the gateway."""

from __future__ import annotations

import pytest

from gateway.identity.openid import is_safe

_ELSEWHERE = "https://idp.example"


@pytest.mark.parametrize(
    "address", ["https://idp.example/token", "http://127.0.0.1:9000", "http://localhost/keys"]
)
def test_an_address_nobody_can_listen_at_is_safe(address: str) -> None:
    """The line is sealed, or never leaves the machine."""
    assert is_safe(address)


@pytest.mark.parametrize(
    "address", ["http://idp.example/token", "file:///etc/passwd", "//idp.example", ""]
)
def test_an_address_somebody_can_listen_at_is_not_safe(address: str) -> None:
    """Secrets of the client would travel in the open."""
    assert not is_safe(address)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8001/token", "http://[::1]/keys"])
def test_a_provider_elsewhere_cannot_send_the_gateway_to_its_own_machine(address: str) -> None:
    """What listens there trusts whoever asks from there."""
    assert not is_safe(address, beside=_ELSEWHERE)


def test_a_provider_elsewhere_may_have_its_keys_elsewhere() -> None:
    """Large providers serve them from another name."""
    assert is_safe("https://keys.example/all", beside=_ELSEWHERE)
