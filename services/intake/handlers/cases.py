"""Cases and who works on them."""

from __future__ import annotations

from typing import Final

from chassis.unit import Unit
from contracts.intake import Case, CasePage, ListCases, OpenCase, SetCaseTeam
from contracts.language import NotFound
from services.intake.domain import cases
from services.intake.handlers.reach import agency_reached, reached
from services.intake.store import IntakeStore

TOLD_AT_ONCE: Final = 200


def open_case(unit: Unit[IntakeStore], command: OpenCase) -> Case:
    """Open a case for a person; the caller becomes the lead of its team.

    Raises:
        CaseAlreadyOpen: the agency works with the person already.

    """
    outcome = cases.open_case(
        reached(unit, command.person_id, command.permission),
        case_id=unit.new_id(),
        agency_id=unit.principal.agency_id,
        worker_id=unit.principal.user_id,
        at=unit.now,
    )
    case_id = unit.store.add_case(outcome.state)
    if case_id != outcome.state.case_id:
        raise cases.CaseAlreadyOpen(case_id)
    unit.publish(*outcome.events)
    return outcome.state


def set_case_team(unit: Unit[IntakeStore], command: SetCaseTeam) -> Case:
    """Put another team on a case.

    Raises:
        NotFound: there is no such case, or it is another agency's: the same words for both.

    """
    case = unit.store.case_to_change(command.case_id, person_id=command.person_id)
    if case is None or case.agency_id != unit.principal.agency_id:
        raise NotFound("There is no such case.")
    outcome = cases.change_team(case, command, unit.principal)
    unit.store.save_case(outcome.state)
    unit.publish(*outcome.events)
    return outcome.state


def tell_teams(unit: Unit[IntakeStore]) -> None:
    """Tell the teams of some cases that were opened before there were teams."""
    for case in unit.store.untold_cases(TOLD_AT_ONCE):
        outcome = cases.tell_team(case)
        unit.store.save_case(outcome.state)
        unit.publish(*outcome.events)


def list_cases(unit: Unit[IntakeStore], query: ListCases) -> CasePage:
    """Show the cases of a person."""
    reached(unit, query.person_id, query.permission)
    agency_id = agency_reached(unit, query.permission)
    return CasePage(items=unit.store.cases_of(query.person_id, agency_id=agency_id))
