"""Emergency accesses: whom data can mean, what is opened, shown and reviewed, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, Final
from uuid import UUID

import pytest

from contracts.access import Principal, Role
from contracts.intake import (
    Case,
    CaseState,
    Consent,
    ConsentState,
    DataCategory,
    EmergencyAccess,
    EmergencyOutcome,
    EmergencyReason,
    OpenEmergencyAccess,
    Person,
    Purpose,
    ReviewEmergencyAccess,
    SafeContact,
)
from contracts.language import Event, InvalidRequest, NotFound
from services.intake.domain import emergencies
from services.intake.rules import rules_on
from tests.support.people import AGENCY, OTHER_AGENCY, WORKER, caller, some_details

NOW: Final = datetime(2026, 11, 27, 9, tzinfo=UTC)
TERMS: Final = rules_on(date(2026, 11, 27)).emergency
PERSON: Final = UUID("01920000-0000-7000-8000-0000000000c1")
REVIEWER: Final = UUID("01920000-0000-7000-8000-0000000000b9")
OPENER: Final = caller(agency_id=OTHER_AGENCY)
ACCESS: Final = EmergencyAccess(
    access_id=UUID("01920000-0000-7000-8000-0000000000f1"),
    person_id=PERSON,
    registering_agency_id=AGENCY,
    user_id=WORKER,
    agency_id=OTHER_AGENCY,
    reason=EmergencyReason.MINOR_AT_RISK,
    opened_at=NOW,
    ends_at=NOW + TERMS.lasting,
)
NAME: Final[dict[str, Any]] = {
    "given_name": "Mara",
    "family_name": "Petrova",
    "birth_date": date(1988, 3, 12),
}


def _command(**said: Any) -> OpenEmergencyAccess:
    return OpenEmergencyAccess(reason=EmergencyReason.MINOR_AT_RISK, **said)


def _ids() -> Iterator[UUID]:
    return (UUID(int=number) for number in count(1))


def _person(*, agency_id: UUID = AGENCY, **changes: Any) -> Person:
    return Person(
        person_id=PERSON,
        agency_id=agency_id,
        version=1,
        registered_at=NOW,
        details=some_details(**changes),
    )


def _open(
    *found: Person, open_already: EmergencyAccess | None = None
) -> tuple[tuple[EmergencyAccess, ...], tuple[Event, ...]]:
    outcome = emergencies.open_access(
        _command(**NAME),
        found,
        principal=OPENER,
        open_already={PERSON: open_already} if open_already else {},
        at=NOW,
        terms=TERMS,
        new_id=_ids().__next__,
    )
    return outcome.state, outcome.events


@pytest.mark.parametrize("said", [NAME, {"tax_code": "PPSMRA88C52Z129K"}, {"phone": "3337654321"}])
def test_exact_data_are_enough(said: dict[str, Any]) -> None:
    """The whole name with the birth date, or the code, or the number."""
    emergencies.identifying(_command(**said))


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({}, {"family_name"}),
        ({"family_name": "Petrova"}, {"given_name", "birth_date"}),
        ({"birth_date": date(1988, 3, 12), "phone": "3337654321"}, {"given_name", "family_name"}),
    ],
)
def test_a_part_of_a_name_is_a_search_and_refused(said: dict[str, Any], named: set[str]) -> None:
    """Each field that is missing is named."""
    with pytest.raises(InvalidRequest) as refused:
        emergencies.identifying(_command(**said))
    assert refused.value.fields.keys() == named


def test_the_last_attempt_is_followed_by_none() -> None:
    """Whoever needs more is searching."""
    emergencies.demand_attempt(TERMS.attempts - 1, TERMS)
    with pytest.raises(emergencies.EmergencyLimitReached):
        emergencies.demand_attempt(TERMS.attempts, TERMS)


def test_a_stranger_is_opened_for_a_few_hours_and_told_on_the_restricted_route() -> None:
    """By whom, for which agency, whose person, why."""
    (access,), (event,) = _open(_person())
    assert replace(access, access_id=ACCESS.access_id) == ACCESS
    assert event.restricted


def test_an_attempt_that_finds_nobody_is_kept_and_not_told() -> None:
    """Somebody looked; there is no person whom it would be about."""
    (attempt,), events = _open()
    assert (attempt.person_id, attempt.ends_at, events) == (None, None, ())


def test_a_person_within_reach_is_no_emergency() -> None:
    """The ordinary way is open, and shows more."""
    with pytest.raises(emergencies.PersonWithinReach):
        _open(_person(agency_id=OTHER_AGENCY))


def test_of_one_person_at_two_agencies_the_one_out_of_reach_is_opened() -> None:
    """Registrations of several agencies are not known to one another."""
    (access,), _ = _open(_person(agency_id=OTHER_AGENCY), _person())
    assert access.registering_agency_id == AGENCY


def test_who_is_open_already_is_not_opened_twice() -> None:
    """One emergency is one review, and lasts no longer by asking again."""
    assert _open(_person(), open_already=ACCESS) == ((ACCESS,), ())


@pytest.mark.parametrize(
    ("principal", "at", "reads"),
    [
        (OPENER, NOW, True),
        (OPENER, NOW + TERMS.lasting - timedelta(microseconds=1), True),
        (OPENER, NOW + TERMS.lasting, False),
        (caller(agency_id=AGENCY), NOW, False),
        (replace(OPENER, user_id=REVIEWER), NOW, False),
    ],
)
def test_only_the_opener_reads_until_the_end(
    principal: Principal, at: datetime, *, reads: bool
) -> None:
    """No colleague, and not the same person at another desk."""
    assert emergencies.is_open(ACCESS, principal, at) is reads


def test_an_attempt_that_found_nobody_opens_nothing() -> None:
    """There is nobody to be read."""
    (attempt,), _ = _open()
    assert not emergencies.is_open(attempt, OPENER, NOW)


@pytest.mark.parametrize(
    ("safe_contact", "reachable"), [(SafeContact.MESSAGE_ONLY, True), (SafeContact.NEVER, False)]
)
def test_whose_contact_is_a_danger_cannot_be_called(
    safe_contact: SafeContact, *, reachable: bool
) -> None:
    """The rule is shown, and the tax code never."""
    shown = emergencies.shown(ACCESS, _person(safe_contact=safe_contact), (), ()).details
    assert (shown.safe_contact, shown.tax_code) == (safe_contact, None)
    assert (shown.phone is not None, shown.email is not None) == (reachable, reachable)


def test_cases_of_other_agencies_are_not_shown() -> None:
    """Whom to call is the agency that registered the person; who else helps is not told."""
    cases = [
        Case(
            case_id=agency_id,
            person_id=PERSON,
            agency_id=agency_id,
            worker_id=WORKER,
            state=CaseState.OPEN,
            opened_at=NOW,
        )
        for agency_id in (AGENCY, OTHER_AGENCY)
    ]
    shown = emergencies.shown(ACCESS, _person(), cases, ())
    assert [each.agency_id for each in shown.cases] == [AGENCY]


@pytest.mark.parametrize(
    ("categories", "state", "is_shown"),
    [
        ((DataCategory.NEEDS,), ConsentState.LIVE, True),
        ((DataCategory.NEEDS, DataCategory.SAFETY), ConsentState.LIVE, False),
        ((DataCategory.NEEDS,), ConsentState.WITHDRAWN, False),
    ],
)
def test_consents_show_what_holds_and_nothing_of_safety(
    categories: tuple[DataCategory, ...], state: ConsentState, *, is_shown: bool
) -> None:
    """That safety is shared tells an answer."""
    consent = Consent(
        consent_id=PERSON,
        person_id=PERSON,
        purpose=Purpose.REFERRAL,
        categories=categories,
        state=state,
        granted_at=NOW,
        expires_on=date(2027, 5, 1),
    )
    shown = emergencies.shown(ACCESS, _person(), (), [consent])
    assert bool(shown.consents) is is_shown


def _reviewer(role: Role = Role.AGENCY_COORDINATOR, agency_id: UUID = AGENCY) -> Principal:
    return replace(caller(role, agency_id=agency_id), user_id=REVIEWER)


@pytest.mark.parametrize(
    ("outcome", "ends_at"),
    [
        (EmergencyOutcome.JUSTIFIED, NOW + TERMS.lasting),
        (EmergencyOutcome.NOT_JUSTIFIED, NOW + timedelta(hours=1)),
    ],
)
def test_a_review_ends_what_was_not_justified(outcome: EmergencyOutcome, ends_at: datetime) -> None:
    """At once, and tells who judged it."""
    command = ReviewEmergencyAccess(access_id=ACCESS.access_id, outcome=outcome)
    at = NOW + timedelta(hours=1)
    reviewed = emergencies.review(ACCESS, command, principal=_reviewer(), at=at)
    assert (reviewed.state.ends_at, reviewed.state.reviewed_by) == (ends_at, REVIEWER)
    assert [event.restricted for event in reviewed.events] == [True]


@pytest.mark.parametrize(
    ("principal", "access", "refusal"),
    [
        (_reviewer(Role.PRIVACY_OFFICER, OTHER_AGENCY), ACCESS, None),
        (_reviewer(agency_id=OTHER_AGENCY), ACCESS, NotFound),
        (_reviewer(), None, NotFound),
        (replace(_reviewer(), user_id=WORKER), ACCESS, emergencies.OwnEmergencyAccess),
        (
            _reviewer(),
            replace(ACCESS, outcome=EmergencyOutcome.JUSTIFIED),
            emergencies.EmergencyAlreadyReviewed,
        ),
    ],
)
def test_only_somebody_else_who_answers_for_the_person_reviews_and_once(
    principal: Principal, access: EmergencyAccess | None, refusal: type[Exception] | None
) -> None:
    """The coordinator of the opener's own agency is not asked."""
    command = ReviewEmergencyAccess(access_id=ACCESS.access_id, outcome=EmergencyOutcome.JUSTIFIED)
    if refusal is None:
        emergencies.review(access, command, principal=principal, at=NOW)
        return
    with pytest.raises(refusal):
        emergencies.review(access, command, principal=principal, at=NOW)
