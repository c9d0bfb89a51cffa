"""Entity tags and conditions: nobody overwrites what they have not seen."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from chassis import clock
from contracts.access import Role
from contracts.catalogue import AccessMode, PublishService, Service, ServiceDetails
from contracts.intake import GetPerson
from contracts.language import Category
from contracts.referrals import ListReferrals
from contracts.screening import CompleteScreening, SaveAnswers, SavedAnswers
from gateway.api.conditions import must_be_conditional
from gateway.api.lifetimes import lifetime_headers
from gateway.api.operations import OPERATIONS
from tests.support.gateway import AGENCY, TOKEN, Gateway, refusal
from tests.support.service_answers import PERSON, SCREENING, a_page, a_person, a_screening

_DETAILS = ServiceDetails(
    organization_id=AGENCY,
    name="A course",
    categories=("LIN.2",),
    municipalities=("001171",),
    access_mode=AccessMode.OPEN,
    assured_date=date(2026, 11, 1),
    review_due_on=date(2027, 5, 1),
)
_SERVICE = clock.new_id()
_PUBLICATION = ("PUT", f"/services/{_SERVICE}")
_ANSWERING = ("PATCH", f"/screenings/{SCREENING}/answers")
_COMPLETION = ("POST", f"/screenings/{SCREENING}/completion")
_ANSWERS = {"answers": {"CAS1": "a"}}


@pytest.fixture
def publisher(gateway: Gateway) -> Gateway:
    """Return a gateway whose caller may publish, and whose services take what is published."""
    gateway.identity.let_in(TOKEN, Role.NETWORK_COORDINATOR)
    gateway.port.teach(PublishService, Service(service_id=_SERVICE, version=4, details=_DETAILS))
    return gateway


@pytest.fixture
def interview(gateway: Gateway) -> Gateway:
    """Return a gateway whose service takes answers."""
    saved = SavedAnswers(screening=a_screening(version=8), removed=())
    gateway.port.teach(SaveAnswers, saved)
    return gateway


def test_thing_with_a_version_has_a_strong_tag_of_it(gateway: Gateway) -> None:
    """Whoever changes it can say what they saw."""
    gateway.port.teach(GetPerson, replace(a_person(), version=7))
    tag = gateway.request("GET", f"/people/{PERSON}").headers["ETag"]
    assert re.fullmatch(r'"7-[0-9a-f]{16}"', tag)


def test_same_version_shown_otherwise_has_another_tag(gateway: Gateway) -> None:
    """A strong tag promises equal bytes, and a reader's rights decide what is shown."""
    tags = []
    for agency_id in (AGENCY, clock.new_id()):
        gateway.port.teach(GetPerson, replace(a_person(), agency_id=agency_id))
        tags.append(gateway.request("GET", f"/people/{PERSON}").headers["ETag"])
    assert tags[0] != tags[1]


def test_change_tells_the_tag_of_what_it_made(interview: Gateway) -> None:
    """The next change needs no reading in between, wherever the version stands in the answer."""
    response = interview.request(*_ANSWERING, _ANSWERS, If_Match='"7"')
    assert response.headers["ETag"].startswith('"8-')


def test_list_has_no_tag(gateway: Gateway) -> None:
    """It has no version that anybody could change."""
    gateway.port.teach(ListReferrals, a_page())
    assert "ETag" not in gateway.request("GET", "/referrals").headers


@pytest.mark.parametrize("form", ["{}", "W/{}", '"1-0000000000000000", {}', "*"])
def test_unchanged_thing_is_not_shown_again(gateway: Gateway, form: str) -> None:
    """A 304 has the tag and no body."""
    gateway.port.teach(GetPerson, a_person())
    tag = gateway.request("GET", f"/people/{PERSON}").headers["ETag"]
    again = gateway.request("GET", f"/people/{PERSON}", If_None_Match=form.format(tag))
    assert (again.status_code, again.headers["ETag"], again.data) == (304, tag, b"")


def test_look_that_shows_nothing_new_is_written_down(gateway: Gateway) -> None:
    """Who learns that nothing changed has looked."""
    gateway.port.teach(GetPerson, a_person())
    gateway.request("GET", f"/people/{PERSON}", If_None_Match="*")
    assert [row.person_id for row in gateway.access_log.rows] == [PERSON]


def test_changed_thing_is_shown(gateway: Gateway) -> None:
    """The tag that the caller has is another one."""
    gateway.port.teach(GetPerson, a_person())
    response = gateway.request("GET", f"/people/{PERSON}", If_None_Match='"1-0000000000000000"')
    assert response.status_code == 200


@pytest.mark.parametrize("tag", ['"7"', '"7-0123456789abcdef"', ' "7" '])
def test_if_match_becomes_the_version_of_the_command(interview: Gateway, tag: str) -> None:
    """The service compares it in the transaction that changes."""
    interview.request(*_ANSWERING, _ANSWERS, If_Match=tag)
    assert [asked.version for asked in interview.port.asked] == [7]  # type: ignore[attr-defined]  # these commands have one


def test_if_match_serves_a_step_as_well(gateway: Gateway) -> None:
    """A completion is a POST and needs the version, too."""
    gateway.port.teach(CompleteScreening, a_screening())
    assert gateway.request(*_COMPLETION, {}, If_Match='"1"').status_code == 200


def test_version_in_the_body_is_enough(interview: Gateway) -> None:
    """As it was before there were tags."""
    assert interview.request(*_ANSWERING, {"version": 7, **_ANSWERS}).status_code == 200


def test_two_versions_that_differ_are_refused(interview: Gateway) -> None:
    """Nobody guesses which one is meant."""
    problem = interview.request(*_ANSWERING, {"version": 6, **_ANSWERS}, If_Match='"7"').get_json()
    assert (problem["status"], problem["errors"][0]["field"]) == (422, "version")


def test_lost_race_is_a_412(gateway: Gateway) -> None:
    """The caller's condition did not hold, and nothing happened."""
    gateway.port.teach(SaveAnswers, refusal(Category.CONFLICT, "version-mismatch"))
    problem = gateway.request(*_ANSWERING, _ANSWERS, If_Match='"7"').get_json()
    assert (problem["status"], problem["type"]) == (412, "urn:plurali:problem:version-mismatch")


def test_lost_race_of_a_version_in_the_body_stays_a_409(gateway: Gateway) -> None:
    """Callers of before are answered as before."""
    gateway.port.teach(SaveAnswers, refusal(Category.CONFLICT, "version-mismatch"))
    assert gateway.request(*_ANSWERING, {"version": 7, **_ANSWERS}).status_code == 409


@pytest.mark.parametrize(
    ("tag", "status"), [('"abc"', 412), ('W/"7"', 412), ("7", 400), ("*", 400)]
)
def test_tag_that_was_never_shown_changes_nothing(gateway: Gateway, tag: str, status: int) -> None:
    """A tag of somebody else cannot match; what is no tag cannot be read."""
    response = gateway.request(*_ANSWERING, _ANSWERS, If_Match=tag)
    assert (response.status_code, gateway.port.asked) == (status, [])


def test_replacement_without_a_condition_is_a_428(publisher: Gateway) -> None:
    """The answer says how to get a tag."""
    response = publisher.request(*_PUBLICATION, _DETAILS.dump())
    problem = response.get_json()
    assert (response.status_code, problem["type"], publisher.port.asked) == (
        428,
        "urn:plurali:problem:precondition-required",
        [],
    )


@pytest.mark.parametrize(
    ("headers", "version"), [({"If_Match": '"3-0123456789abcdef"'}, 3), ({"If_None_Match": "*"}, 0)]
)
def test_replacement_says_what_it_replaces(
    publisher: Gateway, headers: dict[str, str], version: int
) -> None:
    """A version, or nothing at all."""
    publisher.request(*_PUBLICATION, _DETAILS.dump(), **headers)
    assert publisher.port.asked == [
        PublishService(service_id=_SERVICE, version=version, details=_DETAILS)
    ]


def test_every_change_of_what_has_a_version_is_conditional() -> None:
    """PUT, PATCH and DELETE of such a thing ask for a tag."""
    unguarded = {
        each.name
        for each in OPERATIONS
        if each.method in {"PUT", "PATCH", "DELETE"}
        and each.version_path
        and not must_be_conditional(each)
    }
    assert unguarded == set()


def test_operation_on_its_way_out_says_so_on_every_answer() -> None:
    """Since when another one is to be used, and from when on this one is gone."""
    operation = replace(OPERATIONS[0], deprecated_from=date(2027, 1, 1), gone_from=date(2027, 7, 1))
    assert lifetime_headers(operation) == {
        "Deprecation": "@1798761600",
        "Sunset": "Thu, 01 Jul 2027 00:00:00 GMT",
    }


def test_nothing_is_on_its_way_out_today() -> None:
    """Whoever deprecates an operation tells it in the changelog."""
    assert [each.name for each in OPERATIONS if lifetime_headers(each)] == []
