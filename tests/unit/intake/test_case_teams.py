"""The team of a case: who may change it, and what others are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from contracts.access import Principal, Role
from contracts.intake import Case, CaseStaffed, CaseState, SetCaseTeam
from contracts.language import Forbidden, VersionMismatch
from services.intake.domain import cases
from tests.support.people import AGENCY, WORKER, caller

PERSON = UUID("01920000-0000-7000-8000-0000000000c1")
COLLEAGUE = UUID("01920000-0000-7000-8000-0000000000b2")
OTHER = UUID("01920000-0000-7000-8000-0000000000b3")
CASE = Case(
    case_id=UUID("01920000-0000-7000-8000-0000000000e1"),
    person_id=PERSON,
    agency_id=AGENCY,
    worker_id=WORKER,
    state=CaseState.OPEN,
    opened_at=datetime(2026, 11, 22, 9, tzinfo=UTC),
)


def _asked(**changes: Any) -> SetCaseTeam:
    command = SetCaseTeam(
        person_id=PERSON,
        case_id=CASE.case_id,
        version=1,
        worker_id=WORKER,
        members=(COLLEAGUE,),
    )
    return replace(command, **changes)


def _colleague(role: Role) -> Principal:
    return Principal(user_id=COLLEAGUE, agency_id=AGENCY, roles=(role,))


def test_the_lead_takes_a_colleague_in_and_everybody_is_told_the_whole_team() -> None:
    """Told whole, it can be kept in whatever order it comes."""
    outcome = cases.change_team(CASE, _asked(), caller())
    assert (outcome.state.members, outcome.state.version) == ((COLLEAGUE,), 2)
    assert outcome.events == (
        CaseStaffed(
            case_id=CASE.case_id, person_id=PERSON, agency_id=AGENCY, team=(WORKER, COLLEAGUE)
        ),
    )


def test_the_lead_is_no_member_beside_and_nobody_is_one_twice() -> None:
    """Whoever is named twice is one person."""
    asked = _asked(members=(COLLEAGUE, WORKER, COLLEAGUE))
    assert cases.change_team(CASE, asked, caller()).state.members == (COLLEAGUE,)


def test_the_team_that_is_there_is_no_change() -> None:
    """Nothing to tell, and nobody's copy grows old."""
    outcome = cases.change_team(CASE, _asked(members=()), caller())
    assert (outcome.state, outcome.events) == (CASE, ())


def test_a_coordinator_gives_the_case_another_lead() -> None:
    """Somebody must be able to when the lead has left."""
    asked = _asked(worker_id=OTHER, members=())
    outcome = cases.change_team(CASE, asked, _colleague(Role.AGENCY_COORDINATOR))
    assert outcome.state.team == {OTHER}


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.DESK_OPERATOR])
def test_nobody_else_takes_themselves_in(role: Role) -> None:
    """A member neither: being on the team is not deciding about it."""
    case = replace(CASE, members=(COLLEAGUE,))
    with pytest.raises(Forbidden):
        cases.change_team(case, _asked(members=(COLLEAGUE, OTHER)), _colleague(role))


def test_a_team_that_somebody_changed_meanwhile_is_not_overwritten() -> None:
    """Who was taken out would be back."""
    with pytest.raises(VersionMismatch):
        cases.change_team(replace(CASE, version=2), _asked(), caller())
