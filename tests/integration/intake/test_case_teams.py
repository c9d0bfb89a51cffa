"""The team of a case on a real database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.clock import new_id
from contracts.intake import Case, CasePage, CaseStaffed, ListCases, OpenCase, SetCaseTeam
from contracts.language import NotFound
from services.intake import handlers
from services.intake.models import cases
from tests.support.databases import connected
from tests.support.desks import IntakeDesk

COLLEAGUE = UUID("01920000-0000-7000-8000-0000000000b2")


def _opened(desk: IntakeDesk) -> Case:
    command = OpenCase(person_id=desk.register(tax_code=None).person_id)
    return desk.do(lambda unit: handlers.open_case(unit, command))


def _change(desk: IntakeDesk, case: Case, **changes: Any) -> Case:
    asked = {"person_id": case.person_id, "version": case.version, "worker_id": case.worker_id}
    command = SetCaseTeam(case_id=case.case_id, **{**asked, **changes})
    return desk.do(lambda unit: handlers.set_case_team(unit, command))


def _cases(desk: IntakeDesk, person_id: UUID) -> CasePage:
    query = ListCases(person_id=person_id)
    return desk.do(lambda unit: handlers.list_cases(unit, query))


def _told(desk: IntakeDesk) -> list[tuple[UUID, ...]]:
    """Return the teams that were told here."""
    return [event.team for event in desk.told if isinstance(event, CaseStaffed)]


def test_a_changed_team_is_kept_and_told(desk: IntakeDesk) -> None:
    """Whoever looks at the case sees who works on it."""
    case = _opened(desk)
    changed = _change(desk, case, members=(COLLEAGUE,))
    assert _cases(desk, case.person_id).items == (changed,)
    assert _told(desk) == [(case.worker_id,), (case.worker_id, COLLEAGUE)]


def test_a_case_of_another_agency_or_person_is_not_there(
    desk: IntakeDesk, neighbour: IntakeDesk
) -> None:
    """In the words of a case that never was."""
    case, other = _opened(desk), _opened(desk)
    refused = []
    for who, changes in (
        (neighbour, {}),
        (desk, {"person_id": other.person_id}),
    ):
        with pytest.raises(NotFound) as refusal:
            _change(who, case, **changes)
        refused.append(refusal.value.message)
    with pytest.raises(NotFound) as nowhere:
        _change(desk, Case(**{**vars(case), "case_id": new_id()}))
    assert refused == [nowhere.value.message] * 2


def test_the_team_of_a_case_older_than_teams_is_told_once(desk: IntakeDesk) -> None:
    """Whoever opened it leads it."""
    case = _opened(desk)
    with connected(desk.database_url) as connection, connection.begin():
        connection.execute(
            sa.update(cases).where(cases.c.case_id == case.case_id).values(version=0)
        )
    desk.told.clear()
    desk.do(handlers.tell_teams)
    desk.do(handlers.tell_teams)
    assert _told(desk) == [(case.worker_id,)]
    assert _cases(desk, case.person_id).items == (case,)
