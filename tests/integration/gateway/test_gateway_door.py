"""The door as a caller of the API finds it: real identity, services in a test's hands."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from flask.testing import FlaskClient

from chassis import clock
from contracts.access import Role
from contracts.referrals import ListReferrals
from gateway.app import assemble
from gateway.database import Database
from gateway.desk import Desk
from gateway.health import Health
from gateway.identity.handlers import Identity
from gateway.identity.language import NewMembership, NewUser, User
from gateway.identity.sealing import Seal
from tests.support.gateway import FakeAccessLog, FakePort
from tests.support.identity import FREE, KEY, PASSWORD
from tests.support.pages import Browser, hidden
from tests.support.service_answers import a_page


@dataclass
class Caller:
    """Somebody at the API, with a token or without."""

    client: FlaskClient
    port: FakePort
    identity: Identity
    token: str = ""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Send a request; return status and body."""
        answer = self.send(method, path, body, **headers)
        return answer.status_code, answer.get_json(silent=True) or {}

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a request; return the whole answer."""
        token = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(
            f"/api/v1{path}", method=method, json=body, headers={**token, **named}
        )

    def sign_in(self, user: User, **more: Any) -> Any:
        """Sign in and send the token from now on."""
        status, token = self.ask(
            "POST", "/tokens", {"email": user.email, "password": PASSWORD, **more}
        )
        assert status == 201
        self.token = token["access_token"]
        return token

    def accept_conduct(self) -> None:
        """Accept the code of conduct in force."""
        _, conduct = self.ask("GET", "/code-of-conduct?language=en")
        acceptance = {"version": conduct["version"]}
        assert self.ask("POST", "/code-of-conduct/acceptance", acceptance)[0] == 204

    def user(self, role: Role = Role.CASE_WORKER) -> User:
        """Let a user in by the gateway's own door."""
        new = NewUser(
            email=f"{clock.new_id()}@example.org",
            name="Somebody",
            agency_id=clock.new_id(),
            roles=(role,),
            password=PASSWORD,
        )
        return self.identity.create_user(new).user


@pytest.fixture
def caller(gateway_database: Database) -> Iterator[Caller]:
    """Give somebody without a token; the services know that there are no referrals."""
    port, identity = FakePort(), Identity(gateway_database, Seal(KEY), policy=FREE)
    port.teach(ListReferrals, a_page())
    with ThreadPoolExecutor(max_workers=1) as side:
        desk = Desk(
            rpc=port,
            identity=identity,
            access_log=FakeAccessLog(),
            side=side,
            request_seconds=5.0,
        )
        yield Caller(
            assemble(desk, Health({}), form_keys=("of-the-forms-in-tests",)).test_client(),
            port,
            identity,
        )


def _slug(problem: Any) -> str:
    return str(problem["type"]).rpartition(":")[2]


def test_code_of_conduct_comes_before_everything_else(caller: Caller) -> None:
    """Once accepted, the same token opens what it did not."""
    caller.sign_in(caller.user())
    before = caller.ask("GET", "/referrals")
    caller.accept_conduct()
    assert (before[0], _slug(before[1]), caller.ask("GET", "/referrals")[0]) == (
        403,
        "code-of-conduct-not-accepted",
        200,
    )


def test_second_step_from_enrolment_to_the_next_sign_in(caller: Caller) -> None:
    """Scan, confirm, come back with a code."""
    user = caller.user()
    caller.sign_in(user)
    caller.accept_conduct()
    _, enrolment = caller.ask("POST", "/me/second-step")
    totp = pyotp.parse_uri(enrolment["otpauth_uri"])
    assert isinstance(totp, pyotp.TOTP)
    first = {"code": totp.at(clock.now())}
    _, recovery = caller.ask("POST", "/me/second-step/confirmation", first)
    assert caller.sign_in(user)["pending"] == ["second-step"]
    assert _slug(caller.ask("GET", "/referrals")[1]) == "second-step-needed"
    status, state = caller.ask("POST", "/tokens/current/proof", {"code": recovery["codes"][0]})
    assert (status, state["pending"], caller.ask("GET", "/referrals")[0]) == (200, [], 200)


def test_wrong_code_is_a_401_of_its_own(caller: Caller) -> None:
    """A page can say which field is wrong, for the password was right."""
    caller.sign_in(caller.user())
    status, problem = caller.ask("POST", "/tokens/current/proof", {"password": "x"})
    assert (status, _slug(problem)) == (401, "proof-refused")


def test_stolen_session_is_ended_by_an_administrator(caller: Caller) -> None:
    """From then on the thief's token opens nothing."""
    victim = caller.user()
    stolen = caller.sign_in(victim)["access_token"]
    caller.sign_in(caller.user(Role.ADMINISTRATOR))
    caller.accept_conduct()
    assert caller.ask("DELETE", f"/users/{victim.user_id}/tokens")[0] == 204
    caller.token = stolen
    assert caller.ask("GET", "/me")[0] == 401


def test_client_reads_what_its_scopes_open_and_nothing_else(caller: Caller) -> None:
    """The service learns the client as the caller, with the roles of its scopes."""
    caller.sign_in(caller.user(Role.ADMINISTRATOR))
    caller.accept_conduct()
    wanted = {
        "name": "Register",
        "agency_id": str(clock.new_id()),
        "scopes": ["referrals:read"],
        "expires_at": (clock.now() + timedelta(days=30)).isoformat(),
    }
    status, issued = caller.ask("POST", "/clients", wanted)
    assert status == 201
    caller.token = ""
    _, token = caller.ask(
        "POST",
        "/tokens",
        {
            "grant_type": "client_credentials",
            "client_id": issued["client"]["client_id"],
            "client_secret": issued["client_secret"],
        },
    )
    caller.token = token["access_token"]
    assert (caller.ask("GET", "/referrals")[0], caller.ask("GET", "/users")[0]) == (200, 403)
    principal = caller.port.calls[-1].principal
    assert principal is not None
    assert (str(principal.user_id), principal.roles) == (
        issued["client"]["client_id"],
        (Role.CLIENT_REFERRALS_READ,),
    )


def test_sign_in_without_password_names_the_field(caller: Caller) -> None:
    """A 422 with the way out, for persons and programs alike."""
    for body, field in (
        ({"email": "a@example.org"}, "password"),
        ({"password": "x"}, "email"),
        ({"grant_type": "client_credentials"}, "client_id"),
    ):
        status, problem = caller.ask("POST", "/tokens", body)
        assert (status, [each["field"] for each in problem["errors"]]) == (422, [field])


def test_unknown_link_is_a_409(caller: Caller) -> None:
    """It says whom to ask."""
    body = {"token": "pluralilink_x", "password": "five other quite plain words"}
    status, problem = caller.ask("POST", "/links/redemption", body)
    assert (status, _slug(problem)) == (409, "link-unusable")


def test_forgotten_password_is_answered_alike_for_everybody(caller: Caller) -> None:
    """Nothing in the answer tells who exists."""
    answers = [
        caller.ask("POST", "/forgotten-passwords", {"email": email})
        for email in (caller.user().email, f"{clock.new_id()}@example.org")
    ]
    assert answers == [(204, {}), (204, {})]


def test_an_administrator_changes_a_user_as_they_were_seen(caller: Caller) -> None:
    """Without a condition 428, with the tag as shown 200, with the tag of before 412."""
    somebody = caller.user()
    caller.sign_in(caller.user(Role.ADMINISTRATOR))
    caller.accept_conduct()
    user = f"/users/{somebody.user_id}"
    place = f"{user}/memberships/{somebody.memberships[0].agency_id}"
    tag = caller.send("GET", user).headers["ETag"]
    roles = {"roles": ["viewer"]}
    statuses = [
        caller.ask("PUT", place, roles)[0],
        caller.ask("DELETE", place)[0],
        caller.ask("PUT", f"{user}/validity", {})[0],
        caller.ask("PUT", place, roles, If_Match=tag)[0],
        caller.ask("PUT", place, roles, If_Match=tag)[0],
        caller.ask("DELETE", place, If_Match=tag)[0],
        caller.ask("POST", f"{user}/disablement", None, If_Match=tag)[0],
        caller.ask("POST", f"{user}/disablement", {"version": 1})[0],
    ]
    assert statuses == [428, 428, 428, 200, 412, 412, 412, 409]


def test_a_place_of_a_user_can_be_made_if_there_is_none(caller: Caller) -> None:
    """The second time it is there, and stays as it is."""
    somebody, agency = caller.user(), clock.new_id()
    caller.sign_in(caller.user(Role.ADMINISTRATOR))
    caller.accept_conduct()
    place = f"/users/{somebody.user_id}/memberships/{agency}"
    made = [
        caller.ask("PUT", place, {"roles": [role]}, If_None_Match="*")[0]
        for role in ("viewer", "administrator")
    ]
    assert made == [200, 412]


def test_a_form_about_a_user_whom_another_changed_shows_the_roles_held_now(
    caller: Caller,
) -> None:
    """What was ticked stays ticked; the page says what is so now, and a second look counts."""
    somebody = caller.user()
    caller.sign_in(caller.user(Role.ADMINISTRATOR))
    caller.accept_conduct()
    agency = somebody.memberships[0].agency_id
    page = f"/administration/users/{somebody.user_id}/agencies/{agency}"
    desk = Browser(caller.client.application.test_client())
    desk.client.set_cookie("plurali", caller.token)
    opened = hidden(desk.look(page))
    other = NewMembership(user_id=somebody.user_id, agency_id=agency, roles=(Role.VIEWER,))
    caller.identity.set_membership(other)
    refused = desk.send(page, **opened, roles="desk_operator")
    again = desk.send(page, **hidden(refused), roles="desk_operator")
    assert (refused.status_code, again.status_code) == (409, 303)
    assert "I ruoli che ha ora in questo ente" in refused.text
