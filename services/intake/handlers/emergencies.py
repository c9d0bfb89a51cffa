"""Emergency accesses: opened, read and judged."""

from __future__ import annotations

from chassis.folding import folded
from chassis.paging import position
from chassis.unit import Unit
from contracts.calendar import day_of
from contracts.intake import (
    EmergencyAccess,
    EmergencyAccesses,
    EmergencyAccessPage,
    EmergencyPerson,
    GetEmergencyPerson,
    ListEmergencyAccesses,
    ListOwnEmergencyAccesses,
    OpenEmergencyAccess,
    ReviewEmergencyAccess,
)
from contracts.language import InvalidRequest, NotFound
from services.intake import tax_code
from services.intake.domain import duplicates, emergencies
from services.intake.handlers.reach import agency_reached
from services.intake.rules import rules_on
from services.intake.store import IntakeStore


def open_emergency_access(
    unit: Unit[IntakeStore], command: OpenEmergencyAccess
) -> EmergencyAccesses:
    """Open a person of another agency in an emergency; an attempt that found nobody is kept, too.

    Raises:
        EmergencyLimitReached: the account has made all its attempts.
        PersonWithinReach: the caller sees the person anyway.

    """
    terms = rules_on(day_of(unit.now)).emergency
    sought = _sought(command)
    rows = unit.store.emergencies
    made = rows.attempts(unit.principal.user_id, since=unit.now - terms.within)
    emergencies.demand_attempt(made, terms)
    open_already = {
        each.person_id: each
        for each in rows.of_caller(unit.principal, now=unit.now)
        if each.person_id is not None
    }
    outcome = emergencies.open_access(
        command,
        unit.store.sought(sought, limit=2 * emergencies.MOST_FOUND),
        principal=unit.principal,
        open_already=open_already,
        at=unit.now,
        terms=terms,
        new_id=unit.new_id,
    )
    if new := [each for each in outcome.state if each.opened_at == unit.now]:
        rows.add(new)
    unit.publish(*outcome.events)
    return EmergencyAccesses(items=tuple(each for each in outcome.state if each.person_id))


def list_own_emergency_accesses(
    unit: Unit[IntakeStore], _query: ListOwnEmergencyAccesses
) -> EmergencyAccesses:
    """Show the caller's emergency accesses that are open now."""
    return EmergencyAccesses(items=unit.store.emergencies.of_caller(unit.principal, now=unit.now))


def get_emergency_person(unit: Unit[IntakeStore], query: GetEmergencyPerson) -> EmergencyPerson:
    """Show the person of an emergency access to whoever opened it.

    Raises:
        NotFound: there is none, it is somebody else's, or it has ended: the same words for all.

    """
    access = unit.store.emergencies.find(query.access_id)
    if access is None or not emergencies.is_open(access, unit.principal, unit.now):
        raise NotFound("No emergency access of yours is open here.")
    person = access.person_id and unit.store.find_person(access.person_id)
    if not person:
        raise NotFound("No emergency access of yours is open here.")
    return emergencies.shown(
        access,
        person,
        unit.store.cases_of(person.person_id, agency_id=person.agency_id),
        unit.store.consents_of(person.person_id, today=day_of(unit.now)),
    )


def list_emergency_accesses(
    unit: Unit[IntakeStore], query: ListEmergencyAccesses
) -> EmergencyAccessPage:
    """Show one list of emergency accesses to whoever reviews them."""
    agency_id = agency_reached(unit, query.permission)
    rows = unit.store.emergencies
    found = rows.queue(
        query.queue,
        agency_id=agency_id,
        now=unit.now,
        before=position(query.cursor),
        limit=query.limit + 1,
    )
    page = found[: query.limit]
    return EmergencyAccessPage(
        items=page,
        to_review=rows.waiting(agency_id=agency_id, now=unit.now),
        next_cursor=str(page[-1].access_id) if len(found) > len(page) else None,
    )


def review_emergency_access(
    unit: Unit[IntakeStore], command: ReviewEmergencyAccess
) -> EmergencyAccess:
    """Say whether an emergency access was justified."""
    outcome = emergencies.review(
        unit.store.emergencies.to_change(command.access_id),
        command,
        principal=unit.principal,
        at=unit.now,
    )
    unit.store.emergencies.save(outcome.state)
    unit.publish(*outcome.events)
    return outcome.state


def _sought(command: OpenEmergencyAccess) -> emergencies.Sought:
    """Return by what a person is looked for.

    Raises:
        InvalidRequest: it is not enough to name one person, or cannot be a tax code.

    """
    emergencies.identifying(command)
    read = tax_code.read(command.tax_code)
    if isinstance(read, str):
        raise InvalidRequest("The tax code cannot be right.", fields={"tax_code": [read]})
    given, family = folded(command.given_name or ""), folded(command.family_name or "")
    return emergencies.Sought(
        names=(f"{given} {family}", f"{family} {given}"),
        birth_date=command.birth_date,
        tax_code=read.text or None,
        phone_end=duplicates.phone_end(command.phone),
    )
