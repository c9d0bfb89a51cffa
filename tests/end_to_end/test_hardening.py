"""The door as it stands at an installation: behind TLS, in front of whoever comes."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from random import Random
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
import requests

from chassis.clock import new_id
from contracts.access import Role
from gateway.app import BODY_LIMIT
from gateway.settings import THREADS
from launcher import demonstration
from launcher.demonstration import Account
from launcher.journey.client import Client
from launcher.stack import Stack
from tests.support.running import signed_in
from tests.support.second_doors import Door, an_address, doors

_PROOF: Final = re.compile(r'name="csrf_token" value="([^"]+)"')
_JSON: Final = "application/json"
PAGES: Final = ("/sign-in", "/help", "/nothing")
API: Final = ("/api/v1/me", "/api/v1/openapi.json", "/api/v1/nothing", "/status")


@pytest.fixture(scope="module")
def door(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Start a gateway that is reached over TLS, and that waits two seconds for silent clients."""
    changes = {"PUBLIC_URL": "https://plurali.example.org", "PATIENCE_SECONDS": "2"}
    with doors(stack, tmp_path_factory.mktemp("hardening"), 1, changes) as (door,):
        yield door


@pytest.fixture(scope="module")
def administrator(stack: Stack) -> Iterator[Client]:
    """Give an administrator of the network."""
    with signed_in(stack, "CIDIS", Role.ADMINISTRATOR) as client:
        yield client


@pytest.fixture
def source() -> str:
    """Give an address from where nobody ever asked."""
    return an_address(Random(new_id().int))  # noqa: S311 - nothing to be kept from anybody


@pytest.fixture
def account(stack: Stack) -> Account:
    """Give a member of staff."""
    accounts = demonstration.require_accounts(stack.home)
    return demonstration.staff_of(accounts, demonstration.REFERRER, Role.CASE_WORKER)


@pytest.mark.parametrize("path", [*PAGES, *API])
def test_every_answer_tells_browsers_to_be_careful(door: Door, source: str, path: str) -> None:
    """Pages, problems and documents: no framing, no guessing, no plain line, nothing kept."""
    headers = door.ask("GET", path, source=source).headers
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert ("default-src 'self'" if path in PAGES else "default-src 'none'") in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == ("same-origin" if path in PAGES else "no-referrer")


def test_a_form_without_our_proof_from_our_page_is_refused(
    door: Door, source: str, account: Account
) -> None:
    """Without the proof, with another's, or sent from another site: nobody is signed in."""
    page = door.ask("GET", "/sign-in", source=source)
    ours = _ours(door)
    typed = {"email": account.email, "password": account.password}
    proven = {**typed, "csrf_token": _proof_of(page)}
    attempts: dict[str, tuple[dict[str, str], dict[str, str]]] = {
        "no proof": (typed, {"Referer": f"{ours}/sign-in"}),
        "another's proof": ({**typed, "csrf_token": "x"}, {"Referer": f"{ours}/sign-in"}),
        "from nowhere": (proven, {}),
        "from elsewhere": (proven, {"Referer": "https://elsewhere.example/"}),
    }
    answers = {
        name: door.ask(
            "POST", "/sign-in", source=source, cookies=page.cookies, data=data, headers=headers
        )
        for name, (data, headers) in attempts.items()
    }
    assert {name: each.status_code for name, each in answers.items()} == dict.fromkeys(
        attempts, 400
    )
    assert not any("__Host-plurali" in each.cookies for each in answers.values())


def test_the_cookie_of_a_session_is_for_this_host_and_for_no_script(
    door: Door, source: str, account: Account
) -> None:
    """Secure, HttpOnly, SameSite, of no domain, and gone with the browser; the API ignores it."""
    page = door.ask("GET", "/sign-in", source=source)
    entered = door.ask(
        "POST",
        "/sign-in",
        source=source,
        # Over the plain line of this test the client keeps no cookie that is for TLS alone.
        headers={"Referer": f"{_ours(door)}/sign-in", "Cookie": _kept(page)},
        data={
            "csrf_token": _proof_of(page),
            "email": account.email,
            "password": account.password,
        },
    )
    (cookie,) = (
        each for each in entered.raw.headers.getlist("Set-Cookie") if "__Host-plurali=" in each
    )
    name, *flags = cookie.split("; ")
    assert {flag.lower() for flag in flags} == {"secure", "httponly", "path=/", "samesite=lax"}
    alone = door.ask("GET", "/api/v1/me", source=source, headers={"Cookie": name})
    assert alone.status_code == 401


def _kept(page: requests.Response) -> str:
    """Return the cookies of an answer as a browser behind TLS sends them back."""
    return "; ".join(each.partition(";")[0] for each in page.raw.headers.getlist("Set-Cookie"))


def _proof_of(page: requests.Response) -> str:
    found = _PROOF.search(page.text)
    assert found is not None
    return found[1]


def _ours(door: Door) -> str:
    return door.url.replace("http:", "https:")


def _endless() -> Iterator[bytes]:
    """Yield a body whose length nobody was told."""
    yield from (b" " * 50_000 for _ in range(BODY_LIMIT // 50_000 + 2))


@pytest.mark.parametrize("body", [b" " * (BODY_LIMIT + 1), None], ids=["told", "untold"])
def test_a_body_without_measure_is_refused(door: Door, source: str, body: bytes | None) -> None:
    """Whether or not its length was told."""
    answer = door.ask(
        "POST",
        "/api/v1/tokens",
        source=source,
        data=_endless() if body is None else body,
        headers={"Content-Type": _JSON},
    )
    assert (answer.status_code, answer.json()["type"]) == (
        413,
        "urn:plurali:problem:body-too-large",
    )


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /help HTTP/1.1\r\nHost: plurali\r\nX-Half",
        b"POST /sign-in HTTP/1.1\r\nHost: plurali\r\nContent-Length: 90\r\n\r\nemail=",
    ],
    ids=["head", "body"],
)
def test_silent_clients_keep_nobody_out(door: Door, source: str, begun: bytes) -> None:
    """More of them than there are threads begin a request and say no more."""
    place = urlsplit(door.url)
    with ExitStack() as held:
        for _ in range(THREADS + 4):
            line = held.enter_context(socket.create_connection((place.hostname, place.port)))
            line.sendall(begun)
        assert door.ask("GET", "/status", source=source).status_code == 200


def test_nobody_learns_who_has_an_account(
    door: Door, source: str, account: Account, administrator: Client
) -> None:
    """A wrong password, an unknown address and a closed account are told the same."""
    closed = _somebody(administrator)
    administrator.post(f"/users/{closed['user_id']}/disablement")
    emails = (account.email, f"{new_id()}@demo.example", closed["email"])
    told = [
        door.ask(
            "POST",
            "/api/v1/tokens",
            source=source,
            json={"email": email, "password": "not the password of anybody"},
        )
        for email in emails
    ]
    assert [_told(each) for each in told] == [_told(told[0])] * len(emails)
    assert told[0].status_code == 401


def test_nobody_learns_from_a_forgotten_password_who_has_an_account(
    door: Door, source: str, account: Account
) -> None:
    """Known or not, the answer is the same and empty."""
    told = [
        door.ask("POST", "/api/v1/forgotten-passwords", source=source, json={"email": email})
        for email in (account.email, f"{new_id()}@demo.example")
    ]
    assert [(each.status_code, each.content) for each in told] == [(204, b"")] * 2


def _told(answer: requests.Response) -> dict[str, Any]:
    """Return what an answer tells, without what is another one each time."""
    content: dict[str, Any] = answer.json()
    return {**content, "correlation_id": None, "status": answer.status_code}


def _somebody(administrator: Client) -> dict[str, Any]:
    user: dict[str, Any] = administrator.post(
        "/users",
        {
            "email": f"hardening.{new_id()}@demo.example",
            "name": "Hardening",
            "agency_id": demonstration.agency_id(demonstration.REFERRER),
            "roles": [Role.CASE_WORKER],
            "invite": True,
        },
    )["user"]
    return user


def test_everything_that_an_administrator_does_is_written_down(administrator: Client) -> None:
    """One entry for each deed upon a user, by whom, in order, and the chain is whole."""
    user = f"/users/{_somebody(administrator)['user_id']}"
    place = f"{user}/memberships/{demonstration.agency_id('CIDIS')}"

    def changed(method: str, path: str, body: Any = None) -> Callable[[], Any]:
        def ask() -> Any:
            seen = administrator.get(user)["version"]
            conditions = {"If-Match": f'"{seen}"'}
            return administrator.ask(method, path, body, conditions=conditions)

        return ask

    deeds: dict[str, Callable[[], Any]] = {
        "roles-set": changed("PUT", place, {"roles": [Role.VIEWER]}),
        "membership-ended": changed("DELETE", place),
        "validity-set": changed("PUT", f"{user}/validity", {}),
        "password-reset": lambda: administrator.post(f"{user}/password-reset"),
        "user-disabled": changed("POST", f"{user}/disablement"),
        "user-enabled": changed("POST", f"{user}/enablement"),
        "tokens-ended": lambda: administrator.ask("DELETE", f"{user}/tokens"),
    }
    for deed in deeds.values():
        deed()
    entries = administrator.get("/administration-log", target_id=user.rpartition("/")[2])["items"]
    me = administrator.get("/me")["user"]["user_id"]
    assert [each["action"] for each in reversed(entries)][-len(deeds) :] == [*deeds]
    assert {each["actor_id"] for each in entries} == {me}
    assert administrator.get("/administration-log/verdict")["whole"] is True
