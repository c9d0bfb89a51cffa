"""Persons and callers for tests; every detail is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from contracts.access import Principal, Role
from contracts.intake import HouseholdMember, PersonDetails
from contracts.screening import Gender

AGENCY: Final = UUID("01920000-0000-7000-8000-0000000000a1")
OTHER_AGENCY: Final = UUID("01920000-0000-7000-8000-0000000000a2")
WORKER: Final = UUID("01920000-0000-7000-8000-0000000000b1")
DEFINITIVE: Final = "PPSMRA88C52Z129K"
PROVISIONAL: Final = "12345678903"

_DETAILS: Final = PersonDetails(
    given_name="Mára Élise",
    family_name="D\u2019Òssola Petrova",
    birth_date=date(1988, 3, 12),
    gender=Gender.FEMALE,
    citizenships=("RO",),
    birth_country="RO",
    mother_tongue="ro",
    language="fr",
    municipality="001171",
    phone="+39 333 7654321",
    email="mara.petrova@posta.example",
    tax_code=DEFINITIVE,
)
PERSONAL: Final = ("Mára", "Élise", "Òssola", "Petrova", "7654321", "posta.example", DEFINITIVE)
"""What no event, refusal or log line about the person of ``some_details`` may hold."""


def some_details(**changes: Any) -> PersonDetails:
    """Return the details of a person, with changes."""
    return replace(_DETAILS, **changes)


def household(*births: date) -> tuple[HouseholdMember, ...]:
    """Return a household of persons born on these days."""
    return tuple(HouseholdMember(birth_date=birth) for birth in births)


def caller(role: Role = Role.CASE_WORKER, *, agency_id: UUID = AGENCY) -> Principal:
    """Return somebody who works for an agency."""
    return Principal(user_id=WORKER, agency_id=agency_id, roles=(role,))
