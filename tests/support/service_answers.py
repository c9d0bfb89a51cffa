"""What services answer in these tests; every detail is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from contracts.intake import (
    Consent,
    ConsentState,
    DataCategory,
    EmergencyAccess,
    EmergencyPerson,
    EmergencyReason,
    Person,
    PersonDetails,
    Purpose,
)
from contracts.referrals import Ground, Mode, Referral, ReferralPage, ReferralState
from contracts.screening import (
    CitizenshipGroup,
    Gender,
    Profile,
    Screening,
    ScreeningContext,
    ScreeningResult,
)

INSTANT: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
AGENCY: Final = UUID("01920000-0000-7000-8000-0000000000a1")
PERSON: Final = UUID("01920000-0000-7000-8000-0000000000c1")
OTHER_PERSON: Final = UUID("01920000-0000-7000-8000-0000000000c2")
EMERGENCY: Final = UUID("01920000-0000-7000-8000-0000000000f1")
CONSENT: Final = UUID("01920000-0000-7000-8000-0000000000c9")
SCREENING: Final = UUID("01920000-0000-7000-8000-0000000000d1")

DETAILS: Final = PersonDetails(
    given_name="Alba",
    family_name="Prova",
    birth_date=date(1990, 2, 3),
    gender=Gender.FEMALE,
    birth_country="IT",
    mother_tongue="it",
    language="it",
    municipality="001171",
)
CONTEXT: Final = ScreeningContext(
    citizenship_group=CitizenshipGroup.EU,
    mother_tongue_it=False,
    studied_abroad=False,
    minors_0_5=0,
    minors_6_16=0,
    minors_0_17=0,
    age=36,
    resident_project_town=True,
    permit_allows_traineeship=True,
    in_charge_public_service=False,
)


A_RESULT: Final = ScreeningResult(
    domains=(),
    profile=Profile.P0,
    urgent=(),
    areas=(),
    pathways=(),
    tasks=(),
    safety_included=True,
)


def a_person(person_id: UUID = PERSON) -> Person:
    """Return a registered person."""
    return Person(
        person_id=person_id, agency_id=AGENCY, version=1, registered_at=INSTANT, details=DETAILS
    )


def an_emergency(**changes: Any) -> EmergencyAccess:
    """Return an emergency access that a worker of another agency has open."""
    given: dict[str, Any] = {
        "access_id": EMERGENCY,
        "person_id": PERSON,
        "registering_agency_id": AGENCY,
        "user_id": UUID("01920000-0000-7000-8000-0000000000b9"),
        "agency_id": UUID("01920000-0000-7000-8000-0000000000a9"),
        "reason": EmergencyReason.MINOR_AT_RISK,
        "opened_at": INSTANT,
        "ends_at": INSTANT + timedelta(hours=4),
    }
    return EmergencyAccess(**{**given, **changes})


def an_emergency_person(**changes: Any) -> EmergencyPerson:
    """Return what an emergency access shows of a person."""
    return EmergencyPerson(
        access_id=EMERGENCY,
        person_id=PERSON,
        ends_at=INSTANT + timedelta(hours=4),
        agency_id=AGENCY,
        details=replace(DETAILS, **changes),
        cases=(),
        consents=(),
    )


def a_consent() -> Consent:
    """Return a consent that holds."""
    return Consent(
        consent_id=CONSENT,
        person_id=PERSON,
        purpose=Purpose.REFERRAL,
        categories=(DataCategory.NEEDS,),
        state=ConsentState.LIVE,
        granted_at=INSTANT,
        expires_on=date(2027, 11, 22),
    )


def a_referral(person_id: UUID = PERSON, **changes: Any) -> Referral:
    """Return a referral of a person."""
    given: dict[str, Any] = {
        "referral_id": UUID("01920000-0000-7000-8000-0000000000e1"),
        "need_id": UUID("01920000-0000-7000-8000-0000000000e2"),
        "person_id": person_id,
        "screening_id": SCREENING,
        "category": "LIN.2",
        "mode": Mode.WARM,
        "state": ReferralState.REQUESTED,
        "from_agency_id": AGENCY,
        "to_agency_id": AGENCY,
        "service_id": UUID("01920000-0000-7000-8000-0000000000e3"),
        "chosen_by": next(iter(Ground)),
        "version": 1,
        "created_at": INSTANT,
        "changed_at": INSTANT,
    }
    return Referral(**{**given, **changes})


def a_page(*referrals: Referral, next_cursor: str | None = None) -> ReferralPage:
    """Return a page of referrals."""
    return ReferralPage(items=referrals, next_cursor=next_cursor)


def a_screening(**changes: Any) -> Screening:
    """Return a draft."""
    given: dict[str, Any] = {
        "screening_id": str(SCREENING),
        "person_id": str(PERSON),
        "agency_id": str(AGENCY),
        "worker_id": str(AGENCY),
        "form_version": "1.0",
        "mode": "full",
        "status": "draft",
        "version": 1,
        "context": CONTEXT.dump(),
        "answers": {},
        "visible": ["CAS1"],
        "missing": ["CAS1"],
        "started_at": "2026-11-22T09:30:00Z",
        "changed_at": "2026-11-22T09:30:00Z",
    }
    return Screening.load({**given, **changes})
