"""What each agency sees: its own persons, what it was sent, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contracts.access import Role
from launcher.journey.chain import Journey, Network
from launcher.journey.client import Client, Problem
from launcher.journey.course import Course
from launcher.journey.vignettes import chosen
from launcher.stack import Stack
from tests.support.running import signed_in

NOT_FOUND = 404
FORBIDDEN = 403


@pytest.fixture(scope="module")
def course(network: Network) -> Course:
    """Give a finished journey of the person who does not feel safe at home."""
    (vignette,) = chosen("V3")
    course = Journey(network, vignette).run()
    assert course.ok
    return course


@pytest.fixture(scope="module")
def recipient(stack: Stack) -> Iterator[Client]:
    """Give a case worker of the anti-violence centre, which was sent safety referrals."""
    with signed_in(stack, "Centro antiviolenza (demo)", Role.CASE_WORKER) as client:
        yield client


def status_of(client: Client, path: str) -> int:
    """Return how the gateway refuses to show a path."""
    with pytest.raises(Problem) as refused:
        client.get(path)
    return refused.value.status


@pytest.mark.parametrize(
    "path",
    [
        "/people/{person}",
        "/people/{person}/cases",
        "/people/{person}/consents",
        "/people/{person}/screenings",
        "/people/{person}/needs",
        "/people/{person}/referrals",
        "/people/{person}/enrolments",
        "/people/{person}/timeline",
        "/screenings/{screening}",
        "/screenings/{screening}/preview",
        "/referrals/{referral}",
    ],
)
def test_a_person_of_another_agency_does_not_exist(
    stranger: Client, course: Course, path: str
) -> None:
    """Whoever has nothing to do with a person is answered as if there were none."""
    known = {
        "person": course.person_id,
        "screening": course.screening["screening_id"],
        "referral": course.referrals[0]["referral_id"],
    }
    assert status_of(stranger, path.format(**known)) == NOT_FOUND


@pytest.mark.parametrize("path", ["/needs", "/referrals", "/enrolments", "/screenings"])
def test_no_list_shows_what_belongs_to_another_agency(
    stranger: Client, course: Course, path: str
) -> None:
    """Asking for another agency's person or in general finds nothing of that person."""
    items = stranger.every(path) + stranger.every(path, person_id=course.person_id)
    assert [each for each in items if each["person_id"] == course.person_id] == []


def test_a_search_does_not_find_a_person_of_another_agency(
    network: Network, stranger: Client
) -> None:
    """Not even the tax code leads to a person of another agency."""
    journey = Journey(network, chosen("V2")[0])
    journey.run()
    tax_code = {"tax_code": journey.person.details["tax_code"]}
    assert stranger.post("/people/searches", tax_code)["items"] == []


def test_a_recipient_sees_the_referral_but_neither_person_nor_needs(
    recipient: Client, course: Course
) -> None:
    """The receiving agency finds what it was sent; needs stay with the referrer."""
    sent = {each["referral_id"] for each in course.referrals if each["category"] == "SIC.1"}
    inbox = recipient.every("/referrals", direction="received", limit=100)
    assert sent <= {each["referral_id"] for each in inbox}
    assert recipient.every("/needs", screening_id=course.screening["screening_id"]) == []
    assert status_of(recipient, f"/screenings/{course.screening['screening_id']}") == NOT_FOUND


def test_a_recipient_does_not_see_what_others_were_sent(recipient: Client, course: Course) -> None:
    """One recipient does not learn of the other referrals of the same person."""
    others = [each for each in course.referrals if each["category"] in {"CUR.3", "COM.2"}]
    paths = [f"/referrals/{each['referral_id']}" for each in others]
    assert [status_of(recipient, path) for path in paths] == [NOT_FOUND] * len(others)


def test_a_desk_does_not_learn_of_safety(desk: Client, course: Course) -> None:
    """Without the permission, levels, needs and story look as if there were no safety domain."""
    screening_id = course.screening["screening_id"]
    result = desk.get(f"/screenings/{screening_id}")["result"]
    assert (result["profile"], result["safety_included"]) == ("P0", False)
    assert "SIC" not in {each["domain"] for each in result["domains"]}
    assert result["urgent"] == []
    needs = {each["category"] for each in desk.every("/needs", screening_id=screening_id)}
    assert needs == {"CUR.3", "COM.2"}
    assert desk.every("/enrolments", screening_id=screening_id) == []
    story = desk.every(f"/people/{course.person_id}/timeline", limit=100)
    guarded = {each["referral_id"] for each in course.referrals if each["safety"]}
    assert guarded
    assert not guarded & {each["subject"] for each in story}


def test_answers_about_safety_are_not_shown_to_a_desk(desk: Client, course: Course) -> None:
    """The answers of the safety domain are left out of what a desk reads."""
    answers = desk.get(f"/screenings/{course.screening['screening_id']}")["answers"]
    assert "CAS1" in answers
    assert not [item for item in answers if item.startswith("SIC")]


def test_a_viewer_sees_indicators_and_no_person(stack: Stack, course: Course) -> None:
    """The funder's view has figures alone."""
    with signed_in(stack, "CIDIS", Role.VIEWER) as viewer:
        assert viewer.get("/indicators")["items"]
        assert status_of(viewer, f"/people/{course.person_id}") == FORBIDDEN


def test_the_network_coordinator_sees_every_agency(stack: Stack, course: Course) -> None:
    """Who coordinates the network reaches the persons of all agencies."""
    with signed_in(stack, "CIDIS", Role.NETWORK_COORDINATOR) as coordinator:
        assert coordinator.get(f"/people/{course.person_id}")["person_id"] == course.person_id


def test_only_the_recipient_answers_a_referral(network: Network, worker: Client) -> None:
    """The sender cannot accept for the recipient."""
    course = Journey(network, chosen("V1")[0]).run()
    open_ = next(
        each
        for each in course.referrals
        if each["state"] == "requested" and each["to_agency_id"] != each["from_agency_id"]
    )
    with pytest.raises(Problem) as refused:
        worker.post(
            f"/referrals/{open_['referral_id']}/acceptance", {"first_contact_on": "2026-12-01"}
        )
    assert refused.value.status == FORBIDDEN
