"""What a page does for each way of asking."""

from __future__ import annotations

from tests.support.gateway import Gateway


def test_asking_for_the_head_of_a_page_takes_nothing(gateway: Gateway) -> None:
    """It is a look, and passes no guard of forms: only what is sent may change anything."""
    answer = gateway.client.head("/sign-in")
    assert answer.status_code == 200
