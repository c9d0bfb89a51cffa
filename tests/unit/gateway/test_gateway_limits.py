"""Every answer says where the caller stands, and whoever has used up their requests waits."""

from __future__ import annotations

from datetime import date

import pytest

from chassis.settings import SettingMissing
from contracts.referrals import ListReferrals
from gateway.limits import Limits
from tests.support.gateway import TOKEN, Gateway
from tests.support.service_answers import a_page

_DAY = date(2026, 11, 27)
_HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/referrals",
        "/api/v1/referrals?colour=red",
        "/api/v1/nothing",
        "/api/v1/oidc",
        "/api/v1/openapi.json",
        "/api/v1/status",
        "/status",
    ],
)
def test_every_answer_says_where_the_caller_stands(gateway: Gateway, path: str) -> None:
    """Successes, refusals and addresses where nothing is; each request counts once."""
    gateway.port.teach(ListReferrals, a_page())
    response = gateway.client.get(path, headers={"Authorization": f"Bearer {TOKEN}"})
    assert ([response.headers.get(name) for name in _HEADERS], len(gateway.counter.met)) == (
        ["1000", "999", "7"],
        1,
    )


def test_request_of_somebody_known_counts_for_them(gateway: Gateway) -> None:
    """An office behind one address has room for everybody in it."""
    gateway.request("GET", "/referrals")
    assert gateway.counter.met == [gateway.identity.sessions[TOKEN]]


@pytest.mark.parametrize("header", ["", "Bearer plurali_guessed"])
def test_request_of_a_stranger_counts_for_the_address(gateway: Gateway, header: str) -> None:
    """Whoever guesses tokens is held back by where they sit."""
    gateway.client.get("/api/v1/referrals", headers={"Authorization": header})
    assert gateway.counter.met == [None]


def test_caller_without_requests_left_is_told_when_to_come_back(gateway: Gateway) -> None:
    """A 429 with Retry-After, and nothing is asked of anybody."""
    gateway.counter.limit = 0
    response = gateway.request("GET", "/referrals")
    assert (
        response.status_code,
        response.get_json()["type"],
        response.headers["Retry-After"],
        response.headers["X-RateLimit-Remaining"],
        gateway.port.asked,
    ) == (429, "urn:plurali:problem:too-many-requests", "7", "0", [])


def test_guessing_addresses_is_held_back_as_well(gateway: Gateway) -> None:
    """What would be a 404 is a 429 once the requests are used up."""
    gateway.counter.limit = 0
    assert gateway.request("GET", "/nothing").status_code == 429


def test_installation_may_change_some_of_the_limits() -> None:
    """The others stay as the dated configuration says."""
    usual = Limits.from_environment({}, _DAY)
    changed = Limits.from_environment({"RATE_LIMITS": "client=5, address=7"}, _DAY)
    assert changed == Limits(
        account=usual.account, client=5, address=7, window_seconds=usual.window_seconds
    )


@pytest.mark.parametrize("text", ["many", "account=0", "account=-1", "nobody=5", "account"])
def test_limits_that_cannot_be_read_stop_the_start(text: str) -> None:
    """A slip of the finger must not open the door, nor shut it."""
    with pytest.raises(SettingMissing, match="RATE_LIMITS"):
        Limits.from_environment({"RATE_LIMITS": text}, _DAY)
