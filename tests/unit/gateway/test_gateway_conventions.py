"""What every operation has in common: tokens, keys, correlation, headers, pages and refusals."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from chassis.errors import ServiceError, ServiceTimeout, ServiceUnavailable
from contracts.access import Role
from contracts.events import RecordAttendance
from contracts.intake import FindPeople, GetPerson, Person, PersonPage, RegisterPerson
from contracts.language import Category
from contracts.pathways import SetPlaces
from contracts.referrals import AcceptReferral, GetReferral, ListReferrals, SendReferral
from gateway.identity.domain import SignInLocked, SignInRefused
from gateway.problems import STATUSES
from tests.support.gateway import TOKEN, USER, Gateway, refusal
from tests.support.service_answers import DETAILS, PERSON, a_page, a_person, a_referral

_REFERRAL = str(a_referral().referral_id)
_ACCEPTANCE = f"/referrals/{_REFERRAL}/acceptance"
_DAY = {"first_contact_on": "2026-12-01"}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", f"Basic {TOKEN}", TOKEN])
def test_no_token_is_a_401_that_says_how_to_get_one(gateway: Gateway, header: str) -> None:
    """Without a bearer token nothing happens."""
    response = gateway.client.get("/api/v1/referrals", headers={"Authorization": header})
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (
        401,
        'Bearer realm="plurali"',
    )


def test_unknown_token_is_a_401(gateway: Gateway) -> None:
    """A token that opens nothing is told apart from an absent one."""
    response = gateway.client.get(
        "/api/v1/referrals", headers={"Authorization": "Bearer plurali_x"}
    )
    assert response.get_json()["type"] == "urn:plurali:problem:token-invalid"


def test_missing_permission_is_a_403_before_anything_is_asked(gateway: Gateway) -> None:
    """The gateway turns away whom every service would."""
    gateway.identity.let_in(TOKEN, Role.VIEWER)
    response = gateway.request("GET", f"/people/{PERSON}")
    assert (response.status_code, gateway.port.asked) == (403, [])


def test_caller_travels_with_the_question(gateway: Gateway) -> None:
    """The service learns user, agency and roles."""
    gateway.port.teach(GetReferral, a_referral())
    gateway.request("GET", f"/referrals/{_REFERRAL}")
    (call,) = gateway.port.calls
    assert call.principal == gateway.identity.sessions[TOKEN].principal


def test_key_of_the_caller_becomes_the_commands_key(gateway: Gateway) -> None:
    """The key is kept apart from the keys of other users."""
    gateway.port.teach(AcceptReferral, a_referral())
    gateway.request("POST", _ACCEPTANCE, _DAY, Idempotency_Key="k-1")
    assert gateway.port.calls[0].key == f"{USER}:k-1"


def test_command_without_key_gets_one_and_tells_it(gateway: Gateway) -> None:
    """Who sends none can still repeat with the one that was made."""
    gateway.port.teach(AcceptReferral, a_referral())
    response = gateway.request("POST", _ACCEPTANCE, _DAY)
    made = response.headers["Idempotency-Key"]
    assert (UUID(made).version, gateway.port.calls[0].key) == (7, f"{USER}:{made}")


def test_query_has_no_key(gateway: Gateway) -> None:
    """Looking twice is looking twice."""
    gateway.port.teach(GetReferral, a_referral())
    gateway.request("GET", f"/referrals/{_REFERRAL}", Idempotency_Key="k-1")
    assert gateway.port.calls[0].key is None


@pytest.mark.parametrize("key", ["two words", "x" * 101, "perché"])
def test_malformed_key_is_a_400(gateway: Gateway, key: str) -> None:
    """A key is short and visible ASCII."""
    response = gateway.request("POST", _ACCEPTANCE, _DAY, Idempotency_Key=key)
    assert response.get_json()["type"] == "urn:plurali:problem:malformed-idempotency-key"


def test_correlation_id_goes_in_and_comes_out(gateway: Gateway) -> None:
    """The caller's own name for the request follows it to the services and back."""
    gateway.port.teach(GetReferral, a_referral())
    response = gateway.request("GET", f"/referrals/{_REFERRAL}", X_Correlation_Id="desk-7")
    assert (response.headers["X-Correlation-Id"], gateway.port.calls[0].correlation_id) == (
        "desk-7",
        "desk-7",
    )


def test_unusable_correlation_id_is_replaced(gateway: Gateway) -> None:
    """What could break a log is not taken over."""
    response = gateway.request("GET", "/nothing", X_Correlation_Id="a b")
    assert UUID(response.headers["X-Correlation-Id"]).version == 7


def test_trace_of_the_caller_is_continued_with_a_new_span(gateway: Gateway) -> None:
    """The trace id stays, the span is this request's own."""
    given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
    gateway.port.teach(GetReferral, a_referral())
    gateway.request("GET", f"/referrals/{_REFERRAL}", traceparent=given)
    sent = str(gateway.port.calls[0].traceparent)
    assert re.fullmatch(
        "00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-00", sent
    )


def test_absent_trace_is_begun(gateway: Gateway) -> None:
    """Every question belongs to some trace."""
    gateway.port.teach(GetReferral, a_referral())
    gateway.request("GET", f"/referrals/{_REFERRAL}", traceparent="00-nonsense")
    sent = str(gateway.port.calls[0].traceparent)
    assert re.fullmatch("00-[0-9a-f]{32}-[0-9a-f]{16}-01", sent)


@pytest.mark.parametrize("path", ["/people/searches", "/nothing", "/tokens/current"])
def test_every_answer_forbids_storing_and_framing(gateway: Gateway, path: str) -> None:
    """Failures carry the same headers as successes."""
    headers = gateway.request("GET", path).headers
    assert {
        name: headers[name]
        for name in ("Cache-Control", "X-Content-Type-Options", "Content-Security-Policy")
    } == {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    }


def test_registered_person_is_found_at_its_location(gateway: Gateway) -> None:
    """The answer to a creation tells where the thing is."""
    gateway.port.teach(RegisterPerson, a_person())
    response = gateway.request("POST", "/people", DETAILS.dump())
    assert (response.status_code, response.headers["Location"]) == (201, f"/api/v1/people/{PERSON}")


def test_whole_body_is_the_persons_details(gateway: Gateway) -> None:
    """The body needs no wrapping in the command's attribute."""
    gateway.port.teach(RegisterPerson, a_person())
    gateway.request("POST", "/people", DETAILS.dump())
    assert gateway.port.asked == [RegisterPerson(details=DETAILS)]


def test_page_links_to_the_next_one(gateway: Gateway) -> None:
    """The link keeps the filters."""
    gateway.port.teach(ListReferrals, a_page(a_referral(), next_cursor="c/2"))
    response = gateway.request("GET", "/referrals?direction=received")
    assert response.headers["Link"] == (
        '</api/v1/referrals?direction=received&cursor=c%2F2>; rel="next"'
    )


def test_last_page_links_nowhere(gateway: Gateway) -> None:
    """Without a cursor there is no next page."""
    gateway.port.teach(ListReferrals, a_page(a_referral()))
    assert "Link" not in gateway.request("GET", "/referrals").headers


def test_search_keeps_its_cursor_out_of_any_address(gateway: Gateway) -> None:
    """A search is repeated with its body, never with a link."""
    gateway.port.teach(FindPeople, PersonPage(items=(a_person(),), next_cursor="2"))
    response = gateway.request("POST", "/people/searches", {"name": "Prova"})
    assert (response.get_json()["next_cursor"], "Link" in response.headers) == ("2", False)


def test_number_in_the_query_is_read_as_a_number(gateway: Gateway) -> None:
    """A query is all text; the contract wants a whole number."""
    gateway.port.teach(ListReferrals, a_page())
    gateway.request("GET", "/referrals?limit=7")
    assert gateway.port.asked == [ListReferrals(limit=7)]


def test_command_without_body_needs_no_media_type(gateway: Gateway) -> None:
    """A step that takes nothing is a bare POST."""
    gateway.port.teach(SendReferral, a_referral())
    assert gateway.request("POST", f"/referrals/{_REFERRAL}/request").status_code == 200


def test_patch_takes_a_merge_patch(gateway: Gateway) -> None:
    """Both names of the media type are taken; what is wrong inside is a matter of fields."""
    response = gateway.client.patch(
        f"/api/v1/screenings/{PERSON}/answers",
        data=b'{"version": 1}',
        content_type="application/merge-patch+json",
        headers={"Authorization": f"Bearer {TOKEN}"},
    )
    assert response.status_code == 422


@pytest.mark.parametrize(
    ("category", "status"),
    [
        (Category.NOT_FOUND, 404),
        (Category.CONFLICT, 409),
        (Category.INVALID, 422),
        (Category.FORBIDDEN, 403),
        (Category.UNAVAILABLE, 503),
        ("internal", 500),
        ("of-tomorrow", 500),
    ],
)
def test_category_of_a_refusal_is_a_status(gateway: Gateway, category: str, status: int) -> None:
    """Each category has one status; an unknown one says nothing about itself."""
    gateway.port.teach(AcceptReferral, ServiceError(category, "slug-of-a-rule", "Sentence."))
    response = gateway.request("POST", _ACCEPTANCE, _DAY)
    assert response.status_code == status


def test_every_category_is_in_the_table() -> None:
    """A category added to the language cannot be forgotten here."""
    assert set(STATUSES) == {*Category, "internal"}


def test_refusal_keeps_its_slug_sentence_and_fields(gateway: Gateway) -> None:
    """What a rule says reaches the caller unchanged."""
    gateway.port.teach(
        AcceptReferral,
        refusal(Category.CONFLICT, "referral-closed", first_contact_on=["Too late."]),
    )
    problem = gateway.request("POST", _ACCEPTANCE, _DAY, X_Correlation_Id="c-1").get_json()
    assert problem == {
        "type": "urn:plurali:problem:referral-closed",
        "title": "Conflict",
        "status": 409,
        "detail": "It is so.",
        "instance": f"/api/v1{_ACCEPTANCE}",
        "correlation_id": "c-1",
        "errors": [{"field": "first_contact_on", "message": "Too late."}],
    }


@pytest.mark.parametrize(
    ("failure", "slug"),
    [
        (ServiceTimeout(), "deadline-passed"),
        (ServiceUnavailable(), "unavailable"),
        (OperationalError("select", {}, Exception("gone")), "unavailable"),
    ],
    ids=["late", "no service", "no database"],
)
def test_trouble_on_our_side_invites_to_repeat(
    gateway: Gateway, failure: Exception, slug: str
) -> None:
    """The answer tells when to come back."""
    gateway.port.teach(AcceptReferral, failure)
    response = gateway.request("POST", _ACCEPTANCE, _DAY)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert response.get_json()["type"] == f"urn:plurali:problem:{slug}"


def test_unforeseen_failure_says_nothing_about_itself(gateway: Gateway) -> None:
    """No text of an unknown exception leaves the house."""
    gateway.port.teach(AcceptReferral, RuntimeError("Alba Prova"))
    with capture_logs():
        response = gateway.request("POST", _ACCEPTANCE, _DAY)
    assert (response.status_code, "Alba" in response.get_data(as_text=True)) == (500, False)


def test_unreachable_own_database_is_a_503(gateway: Gateway) -> None:
    """Without identity nobody is let in, and told to come back."""
    gateway.identity.failure = OperationalError("select", {}, Exception("gone"))
    response = gateway.request("GET", "/me")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")


def test_refused_sign_in_is_a_401(gateway: Gateway) -> None:
    """The answer does not say which of the two was wrong."""
    gateway.identity.failure = SignInRefused()
    response = gateway.client.post(
        "/api/v1/tokens", json={"email": "a@example.org", "password": "x"}
    )
    assert (response.status_code, response.get_json()["type"]) == (
        401,
        "urn:plurali:problem:sign-in-refused",
    )


def test_locked_door_is_a_429_that_says_how_long(gateway: Gateway) -> None:
    """Whoever failed too often is told when to come back."""
    gateway.identity.failure = SignInLocked(timedelta(seconds=60.5))
    response = gateway.client.post(
        "/api/v1/tokens", json={"email": "a@example.org", "password": "x"}
    )
    assert (response.status_code, response.headers["Retry-After"]) == (429, "61")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("GET", "/people/", 404), ("DELETE", "/people", 405)],
)
def test_unknown_addresses_are_problems(
    gateway: Gateway, method: str, path: str, status: int
) -> None:
    """Routing fails in the same form as everything else."""
    response = gateway.request(method, path)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")


def test_wrong_method_tells_the_right_ones(gateway: Gateway) -> None:
    """A 405 lists what the address knows."""
    assert gateway.request("DELETE", "/people").headers["Allow"] == "OPTIONS, POST"


def test_questions_share_one_deadline(gateway: Gateway) -> None:
    """A second question has what the first one left."""

    def slowly(_asked: GetPerson) -> Person:
        time.sleep(0.05)
        return a_person()

    gateway.port.teach(GetPerson, slowly)
    gateway.port.teach(RecordAttendance, ServiceTimeout())
    gateway.request("POST", f"/gatherings/{PERSON}/attendances", {"person_id": str(PERSON)})
    assert gateway.port.timeouts[1] < gateway.port.timeouts[0] - 0.04


@pytest.mark.parametrize("path", ["/status", "/api/v1/status"])
def test_status_needs_no_token(gateway: Gateway, path: str) -> None:
    """Whoever watches the API need not sign in."""
    assert gateway.client.get(path).get_json() == {"status": "ok"}


def test_status_of_a_broken_gateway_is_a_503_that_names_what_fails(gateway: Gateway) -> None:
    """The watcher learns which part cannot be reached."""
    gateway.failing.append("broker")
    problem = gateway.client.get("/status").get_json()
    assert (problem["status"], problem["detail"]) == (503, "Cannot be reached: broker.")


def test_number_that_may_be_absent_can_be_left_out(gateway: Gateway) -> None:
    """A pathway without a number of places has no limit."""
    gateway.identity.let_in(TOKEN, Role.ADMINISTRATOR)
    gateway.port.teach(SetPlaces, ServiceUnavailable())
    gateway.request("PUT", "/pathways/PTH/places", {})
    assert gateway.port.asked == [SetPlaces(pathway="PTH")]
