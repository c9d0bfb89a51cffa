"""One row for every person that an API call touches, written before the answer leaves."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from chassis.errors import ServiceTimeout
from contracts.catalogue import GetTaxonomy, Taxonomy
from contracts.intake import FindPeople, GetPerson, PersonPage
from contracts.language import Category
from contracts.referrals import GetReferral, ListReferrals
from contracts.screening import GetScreening, PreviewScreening
from gateway.access_log import subjects
from gateway.api.operations import OPERATIONS
from gateway.api.views import is_about_persons
from tests.support.gateway import AGENCY, USER, Gateway, refusal
from tests.support.service_answers import (
    A_RESULT,
    OTHER_PERSON,
    PERSON,
    SCREENING,
    a_page,
    a_person,
    a_referral,
    a_screening,
)


def test_row_tells_who_for_whom_what_and_from_where(gateway: Gateway) -> None:
    """A row stands for itself."""
    gateway.port.teach(GetPerson, a_person())
    gateway.request("GET", f"/people/{PERSON}", X_Correlation_Id="c-1")
    (row,) = gateway.access_log.rows
    assert (
        row.user_id,
        row.agency_id,
        row.operation,
        row.person_id,
        row.status,
        row.address,
        row.correlation_id,
    ) == (USER, AGENCY, "person", PERSON, 200, "127.0.0.1", "c-1")


@pytest.mark.parametrize(
    ("failure", "status"),
    [(refusal(Category.NOT_FOUND, "not-found"), 404), (ServiceTimeout(), 503)],
    ids=["out of reach", "late"],
)
def test_attempt_that_failed_is_a_row_too(
    gateway: Gateway, failure: Exception, status: int
) -> None:
    """Knocking at doors leaves traces."""
    gateway.port.teach(GetPerson, failure)
    gateway.request("GET", f"/people/{PERSON}")
    assert [(row.person_id, row.status) for row in gateway.access_log.rows] == [(PERSON, status)]


def test_every_person_of_a_page_is_a_row(gateway: Gateway) -> None:
    """A list of referrals shows as many persons as it names."""
    gateway.port.teach(ListReferrals, a_page(a_referral(), a_referral(), a_referral(OTHER_PERSON)))
    gateway.request("GET", "/referrals")
    assert [row.person_id for row in gateway.access_log.rows] == [PERSON, OTHER_PERSON]


def test_search_without_result_is_a_row_without_person(gateway: Gateway) -> None:
    """Who searched and found nobody has searched."""
    gateway.port.teach(FindPeople, PersonPage(items=()))
    gateway.request("POST", "/people/searches", {"name": "Prova"})
    assert [(row.operation, row.person_id) for row in gateway.access_log.rows] == [
        ("person_search", None)
    ]


def test_person_behind_a_referral_is_found_in_the_answer(gateway: Gateway) -> None:
    """The path names a referral, the row names the person."""
    gateway.port.teach(GetReferral, a_referral())
    gateway.request("GET", f"/referrals/{a_referral().referral_id}")
    assert [row.person_id for row in gateway.access_log.rows] == [PERSON]


def test_person_behind_a_preview_is_found_by_the_screening(gateway: Gateway) -> None:
    """What answers suggest names nobody, and still is about somebody."""
    gateway.port.teach(GetScreening, a_screening())
    gateway.port.teach(PreviewScreening, A_RESULT)
    gateway.request("GET", f"/screenings/{SCREENING}/preview")
    assert [row.person_id for row in gateway.access_log.rows] == [PERSON]


def test_what_is_about_nobody_leaves_no_row(gateway: Gateway) -> None:
    """The taxonomy is not a person."""
    gateway.port.teach(GetTaxonomy, Taxonomy(version="1", items=()))
    gateway.request("GET", "/taxonomy")
    assert gateway.access_log.rows == []


def test_nothing_is_shown_that_cannot_be_written_down(gateway: Gateway) -> None:
    """Without its row the answer stays inside."""
    gateway.port.teach(GetPerson, a_person())
    gateway.access_log.failure = OperationalError("insert", {}, Exception("gone"))
    response = gateway.request("GET", f"/people/{PERSON}")
    assert (response.status_code, "Alba" in response.get_data(as_text=True)) == (503, False)


_WITHOUT_PERSONS = {"identity", "administration", "operating"}


def test_operations_about_persons_are_known_from_their_contracts() -> None:
    """What is watched follows from what can be asked and shown."""
    unwatched = {
        each.name
        for each in OPERATIONS
        if not is_about_persons(each) and each.tag not in _WITHOUT_PERSONS
    }
    assert unwatched == {
        "form_in_force",
        "form",
        "pathways",
        "pathway_places",
        "organizations",
        "organization_publication",
        "services",
        "service",
        "service_publication",
        "taxonomy",
        "gathering_scheduling",
        "gatherings",
        "gathering",
        "indicators",
        "worklist",
    }


def test_subjects_are_found_at_any_depth_and_once() -> None:
    """Unreadable ids are passed over."""
    data = {"items": [{"person_id": str(PERSON)}, {"person": {"person_id": str(OTHER_PERSON)}}]}
    assert subjects({"person_id": "x"}, data, {"person_id": str(PERSON)}, None) == (
        PERSON,
        OTHER_PERSON,
    )


def test_operations_about_accounts_are_about_no_person() -> None:
    """Staff are no persons of the register."""
    accounts = [each for each in OPERATIONS if each.tag in {"identity", "administration"}]
    assert [each.name for each in accounts if is_about_persons(each)] == []
