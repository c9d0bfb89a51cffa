"""Cases: the work of an agency with a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.access import Principal
from contracts.intake import (
    Case,
    CaseOpened,
    CaseStaffed,
    CaseState,
    Person,
    SetCaseTeam,
)
from contracts.language import Category, DomainError, Forbidden, Outcome, VersionMismatch

UNTOLD: Final = 0
"""The version of a case whose team no event has told: it was opened before there were teams."""


class CaseAlreadyOpen(DomainError, category=Category.CONFLICT, slug="case-already-open"):
    """The agency works with the person already."""

    def __init__(self, case_id: UUID) -> None:
        """Name the case that is open."""
        super().__init__(f"Your agency has an open case for this person already: {case_id}.")


def open_case(
    person: Person, *, case_id: UUID, agency_id: UUID, worker_id: UUID, at: datetime
) -> Outcome[Case]:
    """Open a case of the agency with the person; who opens it leads its team."""
    case = Case(
        case_id=case_id,
        person_id=person.person_id,
        agency_id=agency_id,
        worker_id=worker_id,
        state=CaseState.OPEN,
        opened_at=at,
    )
    event = CaseOpened(
        case_id=case_id, person_id=person.person_id, agency_id=agency_id, worker_id=worker_id
    )
    return Outcome(case, (event, _told(case)))


def change_team(case: Case, command: SetCaseTeam, principal: Principal) -> Outcome[Case]:
    """Put another team on the case; the one that is there already is no change.

    Raises:
        Forbidden: the caller neither leads the case nor answers for the agency.
        VersionMismatch: somebody changed the team meanwhile.

    """
    if not principal.reaches(command.permission, case.agency_id, owner=case.worker_id):
        raise Forbidden("The lead of the case changes its team, or a coordinator of your agency.")
    if command.version != case.version:
        raise VersionMismatch(
            f"The case is at version {case.version} by now; read it again and repeat.",
            fields={"version": [f"Expected {case.version}."]},
        )
    members = tuple(each for each in dict.fromkeys(command.members) if each != command.worker_id)
    if (case.worker_id, case.members) == (command.worker_id, members):
        return Outcome(case)
    changed = replace(case, worker_id=command.worker_id, members=members, version=case.version + 1)
    return Outcome(changed, (_told(changed),))


def tell_team(case: Case) -> Outcome[Case]:
    """Tell the team of a case that was opened before there were teams."""
    told = replace(case, version=UNTOLD + 1)
    return Outcome(told, (_told(told),))


def _told(case: Case) -> CaseStaffed:
    return CaseStaffed(
        case_id=case.case_id,
        person_id=case.person_id,
        agency_id=case.agency_id,
        team=tuple(sorted(case.team)),
    )
