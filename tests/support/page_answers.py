"""What services answer about the persons, needs and meetings that pages show; all invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from contracts.events import Gathering, GatheringKind
from contracts.intake import (
    Consent,
    ConsentState,
    DataCategory,
    Person,
    PersonName,
    PersonNames,
    PersonPage,
    Purpose,
)
from contracts.referrals import Mode, Need, NeedPage, NeedState, Referral
from contracts.reporting import Indicator, IndicatorSheet
from tests.support.service_answers import AGENCY, INSTANT, PERSON, SCREENING, a_person

FAMILY_NAME: Final = "Prova"
OTHER_AGENCY: Final = UUID("01920000-0000-7000-8000-0000000000a2")
NEED: Final = UUID("01920000-0000-7000-8000-0000000000e2")
REFERRAL: Final = UUID("01920000-0000-7000-8000-0000000000e1")
CONSENT: Final = UUID("01920000-0000-7000-8000-0000000000f1")
GATHERING: Final = UUID("01920000-0000-7000-8000-0000000000f2")


def with_details(**changes: Any) -> Person:
    """Return a registered person with other details."""
    person = a_person()
    return replace(person, details=replace(person.details, **changes))


def people(*persons: Person) -> PersonPage:
    """Return what a search found."""
    return PersonPage(items=persons)


def names(*person_ids: UUID) -> PersonNames:
    """Return the names of persons, all of whom are called alike."""
    return PersonNames(
        items=tuple(
            PersonName(
                person_id=each,
                given_name="Alba",
                family_name=FAMILY_NAME,
                birth_date=date(1990, 2, 3),
            )
            for each in person_ids
        )
    )


def a_need(*attempts: Referral, need_id: UUID = NEED, **changes: Any) -> Need:
    """Return an active need of the person, with the attempts made so far."""
    given: dict[str, Any] = {
        "need_id": need_id,
        "person_id": PERSON,
        "screening_id": SCREENING,
        "agency_id": AGENCY,
        "category": "LIN.2",
        "domains": ("LIN",),
        "mode": Mode.WARM,
        "state": NeedState.ACTIVE,
        "decision": "agreed",
        "opened_at": INSTANT,
        "referrals": attempts,
    }
    return Need(**{**given, **changes})


def needs(*found: Need) -> NeedPage:
    """Return a page of needs."""
    return NeedPage(items=found)


def a_consent(**changes: Any) -> Consent:
    """Return a live consent of the person, for every agency."""
    given: dict[str, Any] = {
        "consent_id": CONSENT,
        "person_id": PERSON,
        "purpose": Purpose.REFERRAL,
        "categories": (DataCategory.IDENTITY,),
        "state": ConsentState.LIVE,
        "granted_at": INSTANT,
        "expires_on": date(2027, 11, 22),
    }
    return Consent(**{**given, **changes})


def a_gathering(**changes: Any) -> Gathering:
    """Return a gathering that was held."""
    given: dict[str, Any] = {
        "gathering_id": GATHERING,
        "agency_id": AGENCY,
        "title": "Merenda al Presidio",
        "kind": next(iter(GatheringKind)),
        "municipality": "001171",
        "starts_at": datetime(2024, 5, 4, 15, tzinfo=UTC),
        "persons": 3,
        "anonymous": 9,
    }
    return Gathering(**{**given, **changes})


def indicators(*, value: int, counted: int) -> IndicatorSheet:
    """Return the figures of a period, with one indicator."""
    return IndicatorSheet(
        period_from=date(2023, 11, 1),
        period_to=date(2025, 10, 31),
        as_of=INSTANT,
        source_it="inventata",
        source_en="invented",
        items=(
            Indicator(
                code="I01",
                name_it="Persone coinvolte",
                name_en="People involved",
                target=300,
                unit_it="persone",
                unit_en="persons",
                value=value,
                counted=counted,
            ),
        ),
    )
