"""Whom a caller reaches: what the other handlers share."""

from __future__ import annotations

from uuid import UUID

from chassis.unit import Unit
from contracts.access import Scope
from contracts.intake import Person
from contracts.language import NotFound
from services.intake.store import IntakeStore


def reached(unit: Unit[IntakeStore], person_id: UUID, permission: str) -> Person:
    """Return a person whom the caller's permission covers.

    Raises:
        NotFound: there is no such person, or it is another agency's: the same words for both.

    """
    return within_reach(unit, unit.store.find_person(person_id), permission)


def within_reach(unit: Unit[IntakeStore], person: Person | None, permission: str) -> Person:
    """Return the person if the caller's permission covers them.

    Raises:
        NotFound: it does not, or there is nobody: the same words for both.

    """
    if person is None or not unit.principal.reaches(permission, person.agency_id):
        raise NotFound("There is no such person.")
    return person


def agency_reached(unit: Unit[IntakeStore], permission: str) -> UUID | None:
    """Return the one agency that the permission covers, or ``None`` for all of them."""
    scope = unit.principal.require(permission)
    return None if scope is Scope.NETWORK else unit.principal.agency_id
