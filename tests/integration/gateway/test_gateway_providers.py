"""Coming in by an identity provider: the gateway, its database, and a provider process."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient

from chassis import clock
from contracts.access import Principal, Role
from gateway.app import assemble
from gateway.database import Database
from gateway.desk import Desk
from gateway.health import Health
from gateway.identity import domain
from gateway.identity.domain import Pending
from gateway.identity.handlers import Identity
from gateway.identity.language import NewLink, NewUser, User
from gateway.identity.openid import OpenIdProvider, ProviderSettings
from gateway.identity.policy import Policy
from gateway.identity.sealing import Seal
from tests.support.gateway import FakeAccessLog, FakePort
from tests.support.identity import FREE, KEY
from tests.support.openid_provider import CLIENT_ID, CLIENT_SECRET

_NAME = "agency-one"
_ASKING = Policy(second_step_since={Role.CASE_WORKER: date(2026, 1, 1)})


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Give the address of a provider in a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.openid_provider"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


@dataclass
class Door:
    """The gateway with one provider, seen by one browser."""

    issuer: str
    identity: Identity
    browser: FlaskClient

    def user(self) -> User:
        """Let a user in who is not tied to anybody."""
        new = NewUser(
            email=f"{clock.new_id()}@example.org",
            name="Somebody",
            agency_id=clock.new_id(),
            roles=(Role.CASE_WORKER,),
            invite=True,
        )
        return self.identity.create_user(new).user

    def tied(self) -> User:
        """Let a user in whose subject an administrator verified; the provider signs it."""
        user, subject = self.user(), f"subject-{clock.new_id()}"
        self.identity.tie(domain.MACHINE, _NAME, subject, user.user_id)
        self.bend(claims={"sub": subject})
        return user

    def bend(self, **how: Any) -> None:
        """Let the provider sign something else."""
        requests.post(f"{self.issuer}/bending", json=how, timeout=5).raise_for_status()

    def go(self, path: str = f"/api/v1/oidc/{_NAME}/authorization") -> str:
        """Go to the provider, sign in there, and return the address that it sends back to."""
        away = self.browser.get(path)
        assert away.status_code == 303
        return self.sign_in_there(away.headers["Location"])

    def sign_in_there(self, address: str) -> str:
        """Sign in at the provider."""
        back = requests.get(address, timeout=5, allow_redirects=False)
        assert back.status_code == 303
        parts = urlsplit(back.headers["Location"])
        return f"{parts.path}?{parts.query}"

    def come_in(self) -> Any:
        """Go and come back; return the gateway's answer."""
        return self.browser.get(self.go())


def _door(
    issuer: str, database: Database, *, policy: Policy = FREE, second_step: bool = False
) -> Iterator[Door]:
    settings = ProviderSettings(
        name=_NAME,
        label="Agency One",
        issuer=issuer,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        second_step=second_step,
    )
    providers = {_NAME: OpenIdProvider(settings)}
    identity = Identity(database, Seal(KEY), policy=policy, providers=providers)
    with ThreadPoolExecutor(max_workers=1) as side:
        desk = Desk(
            rpc=FakePort(),
            identity=identity,
            access_log=FakeAccessLog(),
            side=side,
            request_seconds=5.0,
        )
        yield Door(
            issuer,
            identity,
            assemble(desk, Health({}), form_keys=("of-the-forms-in-tests",)).test_client(),
        )


@pytest.fixture
def door(issuer: str, gateway_database: Database) -> Iterator[Door]:
    """Give a gateway whose provider asks for no second factor."""
    for each in _door(issuer, gateway_database):
        each.bend()
        yield each


@pytest.fixture
def asking_door(issuer: str, gateway_database: Database) -> Iterator[Door]:
    """Give a gateway that asks case workers for a second step."""
    yield from _door(issuer, gateway_database, policy=_ASKING)


@pytest.fixture
def trusting_door(issuer: str, gateway_database: Database) -> Iterator[Door]:
    """Give a gateway that trusts the provider with the second factor."""
    yield from _door(issuer, gateway_database, policy=_ASKING, second_step=True)


def _slug(answer: Any) -> str:
    return str(answer.get_json()["type"]).rpartition(":")[2]


def test_verified_subject_comes_in(door: Door) -> None:
    """The token speaks for the user whom an administrator tied to the subject."""
    user = door.tied()
    answer = door.come_in()
    assert (answer.status_code, answer.get_json()["user_id"]) == (200, str(user.user_id))


def test_way_out_carries_state_nonce_and_challenge(door: Door) -> None:
    """Each attempt has its own, and the verifier stays inside."""
    away = [
        parse_qs(urlsplit(door.browser.get(f"/api/v1/oidc/{_NAME}/authorization").location).query)
        for _ in range(2)
    ]
    assert all(each["code_challenge_method"] == ["S256"] for each in away)
    assert all(away[0][name] != away[1][name] for name in ("state", "nonce", "code_challenge"))


def test_unknown_subject_is_refused_though_its_mail_is_a_users(door: Door) -> None:
    """An address proves nothing: anybody's provider can claim it."""
    user = door.user()
    door.bend(claims={"sub": "stranger", "email": user.email, "email_verified": True})
    answer = door.come_in()
    assert (answer.status_code, _slug(answer)) == (403, "external-identity-unknown")


def test_invitation_ties_whoever_comes_back_with_it(door: Door) -> None:
    """From then on the subject is the invited user, without any password."""
    user = door.user()
    link = door.identity.make_link(
        domain.MACHINE, NewLink(user_id=user.user_id, purpose="invitation")
    )
    door.bend(claims={"sub": f"invited-{user.user_id}"})
    begun = door.browser.post(f"/api/v1/oidc/{_NAME}/authorization", json={"token": link.token})
    first = door.browser.get(door.sign_in_there(begun.get_json()["authorization_url"]))
    again = door.come_in()
    assert [each.get_json()["user_id"] for each in (first, again)] == [str(user.user_id)] * 2


def test_reset_link_ties_nobody(door: Door) -> None:
    """It is for the password of who is known already."""
    user = door.user()
    link = door.identity.make_link(domain.MACHINE, NewLink(user_id=user.user_id, purpose="reset"))
    begun = door.browser.post(f"/api/v1/oidc/{_NAME}/authorization", json={"token": link.token})
    assert (begun.status_code, _slug(begun)) == (409, "link-unusable")


def test_subject_of_one_user_is_never_tied_to_another(door: Door) -> None:
    """An invitation cannot be used up by somebody who is here already."""
    door.tied()
    link = door.identity.make_link(
        domain.MACHINE, NewLink(user_id=door.user().user_id, purpose="invitation")
    )
    begun = door.browser.post(f"/api/v1/oidc/{_NAME}/authorization", json={"token": link.token})
    answer = door.browser.get(door.sign_in_there(begun.get_json()["authorization_url"]))
    assert (answer.status_code, _slug(answer)) == (409, "external-identity-taken")


def test_forged_state_is_refused(door: Door) -> None:
    """Nobody was sent away with it."""
    door.tied()
    back = door.go()
    state = parse_qs(urlsplit(back).query)["state"][0]
    answer = door.browser.get(back.replace(state, "forged"))
    assert (answer.status_code, _slug(answer)) == (401, "provider-refused")


def test_other_browser_cannot_come_back(door: Door) -> None:
    """A return that somebody was lured into carries no cookie of theirs."""
    door.tied()
    back = door.go()
    answer = door.browser.application.test_client().get(back)
    assert (answer.status_code, _slug(answer)) == (401, "provider-refused")


def test_return_is_good_for_once(door: Door) -> None:
    """Neither state nor code work again."""
    door.tied()
    back = door.go()
    first = door.browser.get(back)
    again = door.browser.get(back)
    assert (first.status_code, again.status_code, _slug(again)) == (200, 401, "provider-refused")


def test_replayed_code_is_refused_in_another_attempt(door: Door) -> None:
    """The provider knows the code no longer, and it belongs to another verifier."""
    door.tied()
    used = parse_qs(urlsplit(door.go()).query)["code"][0]
    back = door.go()
    fresh = parse_qs(urlsplit(back).query)["code"][0]
    answer = door.browser.get(back.replace(fresh, used))
    assert (answer.status_code, _slug(answer)) == (401, "provider-refused")


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of-another-attempt"},
        {"iss": "https://elsewhere.example"},
        {"aud": "somebody-else"},
        {"aud": [CLIENT_ID, "somebody-else"]},
        {"azp": "somebody-else"},
        {"exp": 1},
        {"iat": int(time.time()) + 3600},
    ],
    ids=["nonce", "issuer", "audience", "shared audience", "party", "expired", "of tomorrow"],
)
def test_token_that_was_not_made_for_this_is_refused(door: Door, claims: dict[str, Any]) -> None:
    """Provider, client, attempt and time must all be right."""
    door.tied()
    door.bend(claims=claims)
    answer = door.come_in()
    assert (answer.status_code, _slug(answer)) == (401, "provider-refused")


def test_token_signed_with_an_unpublished_key_is_refused(door: Door) -> None:
    """The keys are asked for once more, and do not fit then either."""
    door.tied()
    door.bend(key="strange")
    answer = door.come_in()
    assert (answer.status_code, _slug(answer)) == (401, "provider-refused")


def test_new_key_of_the_provider_is_found(door: Door) -> None:
    """A provider may change its key while the gateway runs."""
    user = door.tied()
    assert door.come_in().status_code == 200
    door.bend(key="new", claims={"sub": "of-a-new-key"})
    door.identity.untie(domain.MACHINE, _NAME, user.user_id)
    door.identity.tie(domain.MACHINE, _NAME, "of-a-new-key", user.user_id)
    assert door.come_in().status_code == 200
    door.identity.untie(domain.MACHINE, _NAME, user.user_id)


def test_answer_of_another_issuer_is_refused(door: Door) -> None:
    """A mixed-up provider is noticed before any code is shown to it (RFC 9207)."""
    door.tied()
    back = door.go()
    query = parse_qs(urlsplit(back).query)
    address = f"{urlsplit(back).path}?state={query['state'][0]}&code={query['code'][0]}&iss=other"
    assert _slug(door.browser.get(address)) == "provider-refused"


@pytest.mark.parametrize("path", ["/token", "/jwks"])
def test_gateway_goes_nowhere_that_a_provider_sends_it(door: Door, path: str) -> None:
    """An answer that leads elsewhere, as into our own network, is followed by nobody."""
    door.tied()
    back = door.go()
    door.bend(moved=[path])
    answer = door.browser.get(back)
    followed = requests.get(f"{door.issuer}/followed", timeout=5).json()["followed"]
    assert (answer.status_code, _slug(answer), followed) == (503, "provider-unavailable", False)


def test_refusal_at_the_provider_lets_nobody_in(door: Door) -> None:
    """The person changed their mind there."""
    state = parse_qs(urlsplit(door.go()).query)["state"][0]
    address = f"/api/v1/oidc/{_NAME}/callback?state={state}&error=access_denied"
    assert _slug(door.browser.get(address)) == "provider-refused"


def test_disabled_user_stays_out(door: Door) -> None:
    """Whoever vouches for them."""
    user = door.tied()
    by = Principal(user_id=clock.new_id(), agency_id=clock.new_id(), roles=(Role.ADMINISTRATOR,))
    door.identity.disable_user(by, user.user_id)
    assert door.come_in().status_code == 401


def test_unknown_provider_is_not_found(door: Door) -> None:
    """Names are not told apart from one another."""
    assert door.browser.get("/api/v1/oidc/nobody/authorization").status_code == 404


def test_provider_without_second_factor_settles_no_second_step(asking_door: Door) -> None:
    """A role that asks for it still does."""
    asking_door.tied()
    assert Pending.SECOND_STEP_ENROLMENT in asking_door.come_in().get_json()["pending"]


def test_trusted_second_factor_of_the_provider_counts(trusting_door: Door) -> None:
    """Who came in with SPID of level 2 needs no other code."""
    trusting_door.tied()
    assert trusting_door.come_in().get_json()["pending"] == [Pending.CODE_OF_CONDUCT]


def test_providers_are_listed_for_who_wants_to_come_in(door: Door) -> None:
    """Name and label, nothing secret."""
    assert door.browser.get("/api/v1/oidc").get_json() == {
        "items": [{"name": _NAME, "label": "Agency One"}]
    }


def test_person_comes_into_the_pages_and_goes_on_where_they_were_going(door: Door) -> None:
    """The browser gets its cookie, and the page that was asked for once what is owed is settled."""
    door.tied()
    entered = door.browser.get(door.go(f"/oidc/{_NAME}?next=/people"))
    assert entered.status_code == 303
    assert entered.location.endswith("/account/conduct?next=/people")
    assert "HttpOnly" in next(
        each for each in entered.headers.getlist("Set-Cookie") if each.startswith("plurali=")
    )


def test_unknown_subject_gets_a_page_that_says_so(door: Door) -> None:
    """No cookie comes with it, and the sentence tells the way out."""
    door.bend(claims={"sub": "stranger"})
    refused = door.browser.get(door.go(f"/oidc/{_NAME}"))
    assert (refused.status_code, refused.mimetype) == (403, "text/html")
    assert not any(each.startswith("plurali=p") for each in refused.headers.getlist("Set-Cookie"))


def test_return_that_this_browser_never_began_opens_no_page(door: Door) -> None:
    """Somebody else's answer, laid under a link, signs nobody in."""
    door.tied()
    back = door.go(f"/oidc/{_NAME}")
    door.browser.delete_cookie("plurali_oidc", path="/oidc")
    door.browser.delete_cookie("plurali_oidc", path="/")
    assert door.browser.get(back).status_code == 401


def test_answer_meant_for_the_interface_opens_no_page(door: Door) -> None:
    """What departed by one face comes back by the same one."""
    door.tied()
    back = door.go()
    pages = back.replace("/api/v1/oidc/", "/oidc/")
    assert door.browser.get(pages).status_code == 401


@pytest.fixture
def door_to_nobody(gateway_database: Database) -> Iterator[Door]:
    """Give a gateway whose provider does not listen."""
    yield from _door("http://127.0.0.1:9", gateway_database)


def test_provider_that_is_away_is_a_503(door_to_nobody: Door) -> None:
    """The caller is told to come back."""
    answer = door_to_nobody.browser.get(f"/api/v1/oidc/{_NAME}/authorization")
    assert (answer.status_code, _slug(answer)) == (503, "provider-unavailable")


def test_provider_that_is_away_is_a_page_that_says_so(door_to_nobody: Door) -> None:
    """Whoever wants to come in reads that it does not answer, and when to try again."""
    answer = door_to_nobody.browser.get(f"/oidc/{_NAME}")
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert answer.headers["Retry-After"]


@pytest.mark.parametrize(
    "change",
    [{"issuer": "http://provider.example"}, {"name": "Agency One"}, {"surprise": "x"}],
    ids=["unsafe", "name", "unknown"],
)
def test_provider_that_is_configured_badly_is_refused(change: dict[str, str]) -> None:
    """Nobody signs in over an address that others can listen to."""
    good = {"name": _NAME, "label": "", "issuer": "https://provider.example", "client_id": "x"}
    with pytest.raises((ValueError, TypeError)):
        ProviderSettings.load({**good, **change})
