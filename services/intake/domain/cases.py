"""Cases: the work of an agency with a person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from contracts.intake import Case, CaseOpened, CaseState, Person
from contracts.language import Category, DomainError, Outcome


class CaseAlreadyOpen(DomainError, category=Category.CONFLICT, slug="case-already-open"):
    """The agency works with the person already."""

    def __init__(self, case_id: UUID) -> None:
        """Name the case that is open."""
        super().__init__(f"Your agency has an open case for this person already: {case_id}.")


def open_case(
    person: Person, *, case_id: UUID, agency_id: UUID, worker_id: UUID, at: datetime
) -> Outcome[Case]:
    """Open a case of the agency with the person."""
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
    return Outcome(case, (event,))
