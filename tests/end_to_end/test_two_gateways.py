"""Two gateways are one door: what is counted or ended at one is so at the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import cycle
from random import Random
from typing import Any, Final

import pytest
import requests

from chassis.clock import new_id
from contracts.access import Role
from gateway.identity.domain import ACCOUNT_LIMIT, ADDRESS_LIMIT
from launcher import demonstration
from launcher.journey.client import Client
from launcher.stack import Stack
from tests.support.running import signed_in
from tests.support.second_doors import Door, an_address, doors

ACCOUNT: Final = 14
ADDRESS: Final = ADDRESS_LIMIT.failures + 10
"""More than the failures that lock an address, so that the two limits are seen apart."""

PASSWORD: Final = "two doors of the very same house"  # noqa: S105 - of an account that dies with the stack
_API: Final = "/api/v1"
_PROOF: Final = re.compile(r'name="csrf_token" value="([^"]+)"')

Knock = Callable[[Door], requests.Response]


@dataclass(frozen=True)
class Pair:
    """Two gateways over one database, and an administrator at neither of them."""

    doors: tuple[Door, Door]
    administrator: Client

    def somebody(self) -> dict[str, Any]:
        """Let a new user in."""
        user: dict[str, Any] = self.administrator.post(
            "/users",
            {
                "email": f"doors.{new_id()}@demo.example",
                "name": "Doors",
                "agency_id": demonstration.agency_id(demonstration.REFERRER),
                "roles": [Role.CASE_WORKER],
                "password": PASSWORD,
            },
        )["user"]
        return user


@pytest.fixture(scope="module")
def pair(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Start two gateways with small limits beside that of the stack."""
    limits = {"RATE_LIMITS": f"account={ACCOUNT},client={ACCOUNT},address={ADDRESS}"}
    with (
        signed_in(stack, "CIDIS", Role.ADMINISTRATOR) as administrator,
        doors(stack, tmp_path_factory.mktemp("doors"), 2, limits) as (first, second),
    ):
        yield Pair((first, second), administrator)


@pytest.fixture
def source() -> str:
    """Give an address from where nobody ever asked."""
    return an_address(Random(new_id().int))  # noqa: S311 - nothing to be kept from anybody


def _sign_in(door: Door, user: dict[str, Any], source: str, password: str = PASSWORD) -> Any:
    return door.ask(
        "POST",
        f"{_API}/tokens",
        source=source,
        json={"email": user["email"], "password": password},
    )


def _until_refused(pair: Pair, knock: Knock, most: int) -> list[requests.Response]:
    """Knock at the doors in turn until both refuse; return the answers of one window."""
    answers: list[requests.Response] = []
    for door in cycle(pair.doors):
        answer = knock(door)
        if answers and _left(answer) > _left(answers[-1]):
            # The window ended in between, and everything begins anew.
            answers = []
        answers.append(answer)
        if [each.status_code for each in answers[-2:]] == [HTTPStatus.TOO_MANY_REQUESTS] * 2:
            return answers
        assert len(answers) <= most + 2, "nobody is stopped"
    raise AssertionError


def _left(answer: requests.Response) -> int:
    return int(answer.headers["X-RateLimit-Remaining"])


def _told(answers: Sequence[requests.Response]) -> list[int]:
    """Return what each answer says is left."""
    return [_left(answer) for answer in answers]


@pytest.mark.parametrize("kind", ["account", "address"])
def test_two_gateways_have_one_limit(pair: Pair, source: str, kind: str) -> None:
    """Half of the requests at each: the count goes down over both, and both stop at its end."""
    limit = {"account": ACCOUNT, "address": ADDRESS}[kind]
    token = ""
    if kind == "account":
        token = _sign_in(pair.doors[0], pair.somebody(), source).json()["access_token"]
    answers = _until_refused(
        pair, lambda door: door.ask("GET", f"{_API}/me", source=source, token=token), limit
    )
    assert _told(answers[-limit - 2 :]) == [*reversed(range(limit)), 0, 0]


def test_whoever_is_stopped_hears_the_same_at_both(pair: Pair, source: str) -> None:
    """The limit, nothing left, and to come back when the window of both ends."""
    *_, one, other = _until_refused(
        pair, lambda door: door.ask("GET", f"{_API}/me", source=source), ADDRESS
    )
    for answer in (one, other):
        assert answer.headers["Retry-After"] == answer.headers["X-RateLimit-Reset"]
        assert answer.headers["X-RateLimit-Limit"] == str(ADDRESS)
        assert answer.json()["type"] == "urn:plurali:problem:too-many-requests"
    assert int(other.headers["Retry-After"]) <= int(one.headers["Retry-After"])


def test_guesses_at_a_password_count_together(pair: Pair) -> None:
    """Half of them at each door, from an address of its own each: then the right one is late."""
    user, chance = pair.somebody(), Random(new_id().int)  # noqa: S311 - as above
    attempts = [
        _sign_in(door, user, an_address(chance), "a wrong guess of the password").status_code
        for door, _ in zip(cycle(pair.doors), range(ACCOUNT_LIMIT.failures), strict=False)
    ]
    late = [_sign_in(door, user, an_address(chance)) for door in pair.doors]
    assert set(attempts) == {HTTPStatus.UNAUTHORIZED}
    assert [_refusal(each) for each in late] == [(429, "sign-in-locked")] * 2
    assert all(0 < int(each.headers["Retry-After"]) <= _window(ACCOUNT_LIMIT) for each in late)


def test_guesses_from_an_address_count_together(pair: Pair, source: str) -> None:
    """Many secrets are tried from one network, each from another address of it: all of it waits."""
    network = source.removesuffix("1")
    known = range(1, ADDRESS_LIMIT.failures + 1)
    answers = [
        _refusal(_guess(door, f"{network}{place:x}"))
        for door, place in zip(cycle(pair.doors), known, strict=False)
    ]
    late = [_guess(door, f"{network}ffff") for door in pair.doors]
    assert set(answers) == {(401, "client-refused")}
    assert [_refusal(each) for each in late] == [(429, "sign-in-locked")] * 2
    assert all(0 < int(each.headers["Retry-After"]) <= _window(ADDRESS_LIMIT) for each in late)


def _guess(door: Door, source: str) -> requests.Response:
    """Try a program's secret; that costs no argon2."""
    guess = {"client_id": str(new_id()), "client_secret": "a-guess"}
    body = {"grant_type": "client_credentials", **guess}
    return door.ask("POST", f"{_API}/tokens", source=source, json=body)


def _refusal(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def _window(limit: Any) -> float:
    return float(limit.window.total_seconds())


def test_a_stolen_session_that_its_person_ends_is_over_at_both(pair: Pair, source: str) -> None:
    """Ended through one of them, the token opens nothing at the other with the next request."""
    one, other = pair.doors
    token = _sign_in(one, pair.somebody(), source).json()["access_token"]
    before = other.ask("GET", f"{_API}/me", source=source, token=token).status_code
    ended = one.ask("DELETE", f"{_API}/tokens/current", source=source, token=token).status_code
    after = other.ask("GET", f"{_API}/me", source=source, token=token)
    assert (before, ended, _refusal(after)) == (200, 204, (401, "token-invalid"))


def test_a_stolen_session_that_an_administrator_ends_is_over_at_both(
    pair: Pair, source: str
) -> None:
    """The stack's own gateway is a third door of the same house."""
    user = pair.somebody()
    token = _sign_in(pair.doors[0], user, source).json()["access_token"]
    pair.administrator.ask("DELETE", f"/users/{user['user_id']}/tokens")
    after = [door.ask("GET", f"{_API}/me", source=source, token=token) for door in pair.doors]
    assert [_refusal(each) for each in after] == [(401, "token-invalid")] * 2


def test_a_browser_that_is_signed_out_at_one_is_out_at_the_other(pair: Pair, source: str) -> None:
    """The cookie that somebody copied leads to the page for signing in."""
    one, other = pair.doors
    token = _sign_in(one, pair.somebody(), source).json()["access_token"]
    stolen = {"plurali": token}
    page = one.ask("GET", "/account/conduct", source=source, cookies=stolen)
    proof = _PROOF.search(page.text)
    assert proof is not None
    before = other.ask("GET", "/account/conduct", source=source, cookies=stolen).status_code
    one.ask(
        "POST",
        "/sign-out",
        source=source,
        cookies={**stolen, **page.cookies.get_dict()},
        data={"csrf_token": proof[1]},
        headers={"Referer": f"https://{one.url.removeprefix('http://')}/account/conduct"},
    )
    after = other.ask("GET", "/account/conduct", source=source, cookies=stolen)
    assert (before, after.status_code) == (200, 303)
    assert after.headers["Location"].startswith("/sign-in?")
