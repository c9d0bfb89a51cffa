"""Emergency accesses at the door: every attempt is written down as what it is."""

from __future__ import annotations

import pytest

from contracts.access import AccessPurpose, Role
from contracts.intake import (
    EmergencyAccesses,
    GetEmergencyPerson,
    ListEmergencyAccesses,
    OpenEmergencyAccess,
)
from contracts.language import Category
from tests.support.gateway import TOKEN, Gateway, refusal
from tests.support.service_answers import (
    EMERGENCY,
    PERSON,
    an_emergency,
    an_emergency_person,
)

_PATH = "/emergency-accesses"
_SAID = {"reason": "minor-at-risk", "tax_code": "RSSMRA85T10A562S"}


def _purposes(gateway: Gateway) -> list[tuple[object, object, int]]:
    return [(each.person_id, each.purpose, each.status) for each in gateway.access_log.rows]


@pytest.mark.parametrize(("items", "person_id"), [((an_emergency(),), PERSON), ((), None)])
def test_an_attempt_is_written_down_whether_it_found_somebody_or_not(
    gateway: Gateway, items: tuple[object, ...], person_id: object
) -> None:
    """As an emergency, whatever the caller says it is."""
    gateway.port.teach(OpenEmergencyAccess, EmergencyAccesses(items=items))  # type: ignore[arg-type]  # of accesses
    gateway.request("POST", _PATH, _SAID, X_Purpose="audit")
    assert _purposes(gateway) == [(person_id, AccessPurpose.EMERGENCY, 200)]


def test_a_refused_attempt_is_written_down_too(gateway: Gateway) -> None:
    """Whoever goes on trying leaves a row each time."""
    gateway.port.teach(OpenEmergencyAccess, refusal(Category.FORBIDDEN, "emergency-limit-reached"))
    assert gateway.request("POST", _PATH, _SAID).status_code == 403
    assert _purposes(gateway) == [(None, AccessPurpose.EMERGENCY, 403)]


def test_reading_in_an_emergency_is_told_apart_in_the_log(gateway: Gateway) -> None:
    """The person's agency sees at a glance why somebody from elsewhere was there."""
    gateway.port.teach(GetEmergencyPerson, an_emergency_person())
    gateway.request("GET", f"{_PATH}/{EMERGENCY}/person")
    assert _purposes(gateway) == [(PERSON, AccessPurpose.EMERGENCY, 200)]


@pytest.mark.parametrize(
    "role", [Role.DESK_OPERATOR, Role.PRIVACY_OFFICER, Role.CLIENT_PEOPLE_READ]
)
def test_only_who_works_on_cases_opens_anything(gateway: Gateway, role: Role) -> None:
    """Neither a desk, nor who watches, nor a program."""
    gateway.identity.let_in(TOKEN, role)
    assert gateway.request("POST", _PATH, _SAID).status_code == 403
    assert gateway.port.asked == []


def test_a_worker_reviews_nothing(gateway: Gateway) -> None:
    """Nor learns what colleagues opened."""
    assert gateway.request("GET", _PATH).status_code == 403
    assert ListEmergencyAccesses not in map(type, gateway.port.asked)
