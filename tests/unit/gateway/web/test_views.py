"""The one view behind every screen: who is let through, what is kept, what is written down."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from chassis.errors import ServiceUnavailable
from contracts.access import Role
from contracts.catalogue import ListOrganizations
from contracts.intake import GetPerson
from contracts.language import Category
from gateway.identity.domain import Pending, SignInRefused
from tests.support.gateway import TOKEN, Gateway, new_gateway, refusal
from tests.support.pages import Browser, at_the_desk, hidden
from tests.support.service_answers import PERSON, a_person

_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_SEARCH = "/people"
_TYPED = {"name": "Rossi"}
_WORDS = "quite some words"
_CREDENTIALS = {"email": "desk@example.org", "password": _WORDS}


@pytest.fixture
def desk(gateway: Gateway) -> Browser:
    """Give a browser in which a case worker is signed in."""
    return at_the_desk(gateway)


@pytest.fixture
def stranger(gateway: Gateway) -> Browser:
    """Give a browser in which nobody is signed in."""
    return at_the_desk(gateway, token=None)


@pytest.fixture
def behind_tls() -> Iterator[Gateway]:
    """Give a gateway that people reach by https."""
    with ThreadPoolExecutor(max_workers=1) as side:
        gateway = new_gateway(side, secure=True)
        gateway.forget()
        yield gateway


def test_a_stranger_is_asked_who_is_there(stranger: Browser) -> None:
    """And then led to the page that was asked for."""
    answer = stranger.look("/account?x=1")
    assert answer.headers["Location"] == "/sign-in?next=/account%3Fx%3D1"


def test_what_was_typed_waits_at_the_sign_in(stranger: Browser) -> None:
    """The session ended while somebody wrote: nothing is lost."""
    answer = stranger.send(_SEARCH, **_TYPED)
    assert (answer.status_code, hidden(answer)["kept.name"]) == (401, "Rossi")


def test_what_waits_is_sent_on_after_the_sign_in(stranger: Browser) -> None:
    """By the person, who sees that it had not been sent."""
    waiting = stranger.send(_SEARCH, **_TYPED)
    resumed = stranger.send_on(waiting, "/sign-in", **_CREDENTIALS)
    assert 'action="/people"' in resumed.text
    assert hidden(resumed)["name"] == "Rossi"


def test_what_waits_passes_the_second_step(gateway: Gateway, stranger: Browser) -> None:
    """Two pages later it is still there."""
    gateway.identity.let_in(TOKEN, Role.CASE_WORKER, pending=(Pending.SECOND_STEP,))
    waiting = stranger.send(_SEARCH, **_TYPED)
    asked = stranger.send_on(waiting, "/sign-in", **_CREDENTIALS)
    resumed = stranger.send_on(asked, "/sign-in/code", code="123456")
    assert hidden(resumed)["name"] == "Rossi"


def test_a_form_with_nothing_typed_waits_too(stranger: Browser) -> None:
    """A button alone must not be asked for as if it were a page."""
    waiting = stranger.send("/account/sessions/end-others")
    resumed = stranger.send_on(waiting, "/sign-in", **_CREDENTIALS)
    assert 'action="/account/sessions/end-others"' in resumed.text


def test_no_secret_waits_in_a_page(stranger: Browser) -> None:
    """Passwords and codes are typed again."""
    answer = stranger.send("/account/password", current=_WORDS, password=_WORDS)
    assert {"kept.current", "kept.password"} & hidden(answer).keys() == set()


def test_an_old_proof_is_renewed_with_what_was_sent(gateway: Gateway, desk: Browser) -> None:
    """Whoever opens a door proves again who is there, and then goes on."""
    gateway.identity.let_in(TOKEN, Role.CASE_WORKER, proved_at=_LONG_AGO)
    asked = desk.send("/account/second-step/end")
    resumed = desk.send_on(asked, "/account/proof", password=_WORDS)
    assert asked.status_code == 403
    assert 'action="/account/second-step/end"' in resumed.text


@pytest.mark.parametrize(
    ("debt", "path"),
    [
        (Pending.SECOND_STEP, "/sign-in/code"),
        (Pending.SECOND_STEP_ENROLMENT, "/account/second-step"),
        (Pending.CODE_OF_CONDUCT, "/account/conduct"),
    ],
)
def test_what_is_owed_comes_first(
    gateway: Gateway, desk: Browser, debt: Pending, path: str
) -> None:
    """Nothing else opens before."""
    gateway.identity.let_in(TOKEN, Role.CASE_WORKER, pending=(debt,))
    assert desk.look("/people").headers["Location"] == f"{path}?next=/people"


def test_a_form_without_proof_is_refused(gateway: Gateway, desk: Browser) -> None:
    """It may come from another site."""
    answer = desk.send_unproven(_SEARCH, _TYPED)
    assert (answer.status_code, gateway.port.asked) == (400, [])


def test_a_forged_form_is_not_offered_to_be_sent_again(desk: Browser) -> None:
    """Its victim would send it with a button of ours."""
    answer = desk.send_unproven(_SEARCH, {"name": "forged"}, Origin="https://evil.example")
    assert "forged" not in answer.text


def test_an_outdated_form_of_ours_is_kept(desk: Browser) -> None:
    """Whoever wrote for long in an old tab loses nothing."""
    answer = desk.send_unproven(_SEARCH, _TYPED, Origin="http://localhost")
    assert hidden(answer)["name"] == "Rossi"


@pytest.mark.parametrize(
    "forged",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/\n/evil.example",
    ],
)
def test_nobody_is_led_to_another_site(stranger: Browser, forged: str) -> None:
    """A link to our sign-in must not end elsewhere."""
    answer = stranger.send("/sign-in", next=forged, **_CREDENTIALS)
    assert answer.headers["Location"] == "/"


def test_a_refused_form_is_shown_with_what_was_typed(stranger: Browser) -> None:
    """And with what is wrong at its field."""
    answer = stranger.send("/sign-in", email="nobody", password=_WORDS)
    assert answer.status_code == 422
    assert 'value="nobody"' in answer.text
    assert 'id="f-email-problem1"' in answer.text


def test_a_password_is_never_shown_again(stranger: Browser) -> None:
    """Not even to who typed it."""
    answer = stranger.send("/sign-in", email="nobody", password=_WORDS)
    assert _WORDS not in answer.text


def test_why_nobody_came_in_is_said(gateway: Gateway, stranger: Browser) -> None:
    """In one sentence that tells nobody who exists."""
    gateway.identity.failure = SignInRefused()
    answer = stranger.send("/sign-in", **_CREDENTIALS)
    assert (answer.status_code, "E-mail o password non corrette" in answer.text) == (401, True)


def test_a_part_of_a_page_is_told_that_the_session_ended(stranger: Browser) -> None:
    """The script then opens the dialog over what was typed."""
    answer = stranger.look("/work/count", HX_Request="true")
    assert (answer.status_code, answer.text) == (401, "")


def test_a_page_without_permission_is_refused(gateway: Gateway, desk: Browser) -> None:
    """Even before a service is asked."""
    gateway.identity.let_in(TOKEN, Role.VIEWER)
    status = desk.look("/people").status_code
    # The frame of any page, of a refusal too, may ask anew what the agency is called.
    asked = [each for each in gateway.port.asked if not isinstance(each, ListOrganizations)]
    assert (status, asked) == (403, [])


def test_whoever_is_met_on_a_page_is_written_down(gateway: Gateway, desk: Browser) -> None:
    """Who saw my data? This page did."""
    gateway.port.teach(GetPerson, a_person())
    desk.look(f"/people/{PERSON}")
    rows = {(row.operation, row.person_id, row.status) for row in gateway.access_log.rows}
    assert ("page.person", PERSON, 200) in rows


def test_a_refused_look_is_written_down(gateway: Gateway, desk: Browser) -> None:
    """The attempt counts too."""
    gateway.port.teach(GetPerson, refusal(Category.NOT_FOUND, "not-found"))
    desk.look(f"/people/{PERSON}")
    assert [row.status for row in gateway.access_log.rows] == [404]


def test_nothing_is_shown_that_could_not_be_written_down(gateway: Gateway, desk: Browser) -> None:
    """A log that fails shuts the page."""
    gateway.port.teach(GetPerson, a_person())
    gateway.access_log.failure = RuntimeError("the log is away")
    assert desk.look(f"/people/{PERSON}").status_code == 500


def test_a_service_that_is_down_is_named_on_the_page(gateway: Gateway, desk: Browser) -> None:
    """The rest of the page is there."""
    gateway.port.teach(GetPerson, a_person())
    answer = desk.look(f"/people/{PERSON}")
    assert (answer.status_code, "Questa parte ora non risponde" in answer.text) == (200, True)


def test_a_page_that_cannot_do_without_a_service_says_so(gateway: Gateway, desk: Browser) -> None:
    """With the way out, and a code for whoever asks for help."""
    gateway.port.teach(GetPerson, ServiceUnavailable())
    answer = desk.look(f"/people/{PERSON}")
    assert (answer.status_code, answer.headers["X-Correlation-Id"] in answer.text) == (503, True)


def test_every_cookie_is_kept_from_scripts_and_other_sites(stranger: Browser) -> None:
    """The token, the language, the proof of forms."""
    answers = [
        stranger.send("/sign-in", **_CREDENTIALS),
        stranger.send("/language", language="en"),
        stranger.send("/account/shortcuts", shortcuts="off"),
        stranger.send("/sign-out"),
    ]
    cookies = [each for answer in answers for each in answer.headers.getlist("Set-Cookie")]
    loose = [each for each in cookies if "HttpOnly" not in each or "SameSite=Lax" not in each]
    assert (len(cookies) >= len(answers), loose) == (True, [])


def test_behind_tls_the_token_is_for_this_host_alone(behind_tls: Gateway) -> None:
    """No other host of the domain can set or read it."""
    browser = Browser(behind_tls.client.application.test_client())
    browser.client.environ_base["wsgi.url_scheme"] = "https"
    page = browser.client.get("/sign-in", base_url="https://localhost")
    answer = browser.client.post(
        "/sign-in",
        data={**hidden(page), **_CREDENTIALS},
        base_url="https://localhost",
        headers={"Referer": "https://localhost/sign-in"},
    )
    (cookie,) = [
        each for each in answer.headers.getlist("Set-Cookie") if each.startswith("__Host-plurali=")
    ]
    assert ("Secure" in cookie, "Path=/" in cookie, "Domain" in cookie) == (True, True, False)


def test_signing_out_ends_the_token(gateway: Gateway, desk: Browser) -> None:
    """A copy of it opens nothing any more."""
    desk.send("/sign-out")
    assert gateway.identity.sessions == {}


def test_a_session_ended_elsewhere_is_signed_out(gateway: Gateway, desk: Browser) -> None:
    """The next click asks who is there."""
    gateway.identity.sessions.clear()
    assert desk.look("/account").headers["Location"].startswith("/sign-in?")


def test_a_token_of_a_program_opens_no_page(gateway: Gateway, desk: Browser) -> None:
    """Pages are for people."""
    gateway.identity.let_in(TOKEN, Role.CLIENT_PEOPLE_READ, is_client=True)
    assert desk.look("/account").headers["Location"].startswith("/sign-in?")
