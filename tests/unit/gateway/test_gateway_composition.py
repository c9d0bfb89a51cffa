"""Operations that put several questions, such as the gate before a person's pages."""

from __future__ import annotations

from uuid import UUID

import pytest

from contracts.events import Attendance, RecordAttendance
from contracts.intake import Case, CasePage, CaseState, GetPerson, GetScreeningContext, ListCases
from contracts.language import Category
from contracts.pathways import ListEnrolments
from contracts.referrals import ExplainMatches, ListNeeds, ListReferrals, Matches, WantedArea
from contracts.reporting import GetTimeline
from contracts.screening import ListScreenings, ScreeningMode, StartScreening
from tests.support.gateway import AGENCY, USER, Gateway, refusal
from tests.support.service_answers import (
    CONTEXT,
    INSTANT,
    OTHER_PERSON,
    PERSON,
    a_page,
    a_person,
    a_referral,
    a_screening,
)

_CASE = UUID("01920000-0000-7000-8000-0000000000f1")
_PAGES = {
    "screenings": ListScreenings,
    "needs": ListNeeds,
    "referrals": ListReferrals,
    "enrolments": ListEnrolments,
    "timeline": GetTimeline,
}


@pytest.mark.parametrize("page", _PAGES)
def test_page_of_a_person_out_of_reach_is_the_404_of_the_person(
    gateway: Gateway, page: str
) -> None:
    """Whatever the other service would say, the gate decides, and in its own words."""
    gateway.port.teach(GetPerson, refusal(Category.NOT_FOUND, "not-found"))
    alone = gateway.request("GET", f"/people/{PERSON}").get_json()
    response = gateway.request("GET", f"/people/{PERSON}/{page}").get_json()
    assert {**response, "instance": "", "correlation_id": ""} == {
        **alone,
        "instance": "",
        "correlation_id": "",
    }


@pytest.mark.parametrize("page", _PAGES)
def test_page_of_a_person_asks_the_gate_and_the_service(gateway: Gateway, page: str) -> None:
    """Both are asked about the same person."""
    gateway.port.teach(GetPerson, a_person())
    gateway.request("GET", f"/people/{PERSON}/{page}")
    asked = {type(request): getattr(request, "person_id", None) for request in gateway.port.asked}
    assert asked == {GetPerson: PERSON, _PAGES[page]: PERSON}


def test_page_of_a_person_keeps_its_filters(gateway: Gateway) -> None:
    """The filters of the list work below the person too."""
    gateway.port.teach(GetPerson, a_person())
    gateway.port.teach(ListReferrals, a_page(a_referral()))
    gateway.request("GET", f"/people/{PERSON}/referrals?direction=sent&limit=3")
    assert ListReferrals(person_id=PERSON, direction="sent", limit=3) in gateway.port.asked


def test_screening_starts_with_the_facts_of_intake(gateway: Gateway) -> None:
    """The caller cannot bring facts about the person along."""
    gateway.port.teach(GetScreeningContext, CONTEXT)
    gateway.port.teach(StartScreening, a_screening())
    gateway.request("POST", f"/people/{PERSON}/screenings", {"mode": "full"})
    assert gateway.port.asked == [
        GetScreeningContext(person_id=PERSON),
        StartScreening(person_id=PERSON, mode=ScreeningMode.FULL, context=CONTEXT),
    ]


def test_facts_brought_along_are_refused(gateway: Gateway) -> None:
    """The context is no field of the request."""
    response = gateway.request(
        "POST", f"/people/{PERSON}/screenings", {"mode": "full", "context": CONTEXT.dump()}
    )
    assert [each["field"] for each in response.get_json()["errors"]] == ["context"]


def test_screening_within_a_case_of_another_person_is_refused(gateway: Gateway) -> None:
    """The case must be one of this person's."""
    gateway.port.teach(GetScreeningContext, CONTEXT)
    gateway.port.teach(ListCases, CasePage(items=()))
    response = gateway.request(
        "POST", f"/people/{PERSON}/screenings", {"mode": "full", "case_id": str(_CASE)}
    )
    assert (response.status_code, response.get_json()["errors"][0]["field"]) == (422, "case_id")


def test_screening_within_a_case_of_the_person_starts(gateway: Gateway) -> None:
    """A case of the person is taken over."""
    case = Case(
        case_id=_CASE,
        person_id=PERSON,
        agency_id=AGENCY,
        worker_id=USER,
        state=CaseState.OPEN,
        opened_at=INSTANT,
    )
    gateway.port.teach(GetScreeningContext, CONTEXT)
    gateway.port.teach(ListCases, CasePage(items=(case,)))
    gateway.port.teach(StartScreening, a_screening())
    response = gateway.request(
        "POST", f"/people/{PERSON}/screenings", {"mode": "full", "case_id": str(_CASE)}
    )
    assert (response.status_code, gateway.port.asked[-1].dump()["case_id"]) == (201, str(_CASE))


def test_attendance_of_a_person_out_of_reach_is_not_recorded(gateway: Gateway) -> None:
    """Nobody's story can be written to by guessing ids."""
    gateway.port.teach(GetPerson, refusal(Category.NOT_FOUND, "not-found"))
    path = f"/gatherings/{PERSON}/attendances"
    response = gateway.request("POST", path, {"person_id": str(OTHER_PERSON)})
    assert (response.status_code, [type(each) for each in gateway.port.asked]) == (404, [GetPerson])


def test_attendance_without_names_asks_nobody_about_persons(gateway: Gateway) -> None:
    """A head count needs no gate."""
    gateway.port.teach(
        RecordAttendance,
        Attendance(attendance_id=_CASE, gathering_id=_CASE, headcount=30, recorded_at=INSTANT),
    )
    response = gateway.request("POST", f"/gatherings/{_CASE}/attendances", {"headcount": 30})
    assert (response.status_code, len(gateway.port.asked)) == (201, 1)


def test_services_are_explained_for_a_person_within_reach_only(gateway: Gateway) -> None:
    """What a stranger allowed to be shared is nobody's business."""
    gateway.port.teach(GetPerson, refusal(Category.NOT_FOUND, "not-found"))
    gateway.port.teach(ExplainMatches, Matches(items=()))
    asked = {"areas": [{"category": "LIN.2"}], "person_id": str(PERSON)}
    assert gateway.request("POST", "/referrals/matches", asked).status_code == 404


def test_services_are_explained_without_a_person_too(gateway: Gateway) -> None:
    """Nobody is asked about anybody then."""
    gateway.port.teach(ExplainMatches, Matches(items=()))
    asked = {"areas": [{"category": "LIN.2", "safety": True}], "municipality": "001171"}
    assert gateway.request("POST", "/referrals/matches", asked).get_json() == {"items": []}
    assert gateway.port.asked == [
        ExplainMatches(areas=(WantedArea(category="LIN.2", safety=True),), municipality="001171")
    ]
