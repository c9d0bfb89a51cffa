"""Persons: registered, corrected, found, and shown as far as a referral opens them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from chassis.folding import folded
from chassis.paging import position
from chassis.unit import Unit
from contracts.calendar import day_of
from contracts.intake import (
    CorrectPerson,
    DataCategory,
    Duplicates,
    FindDuplicates,
    FindPeople,
    GetPerson,
    GetRegistration,
    GetScreeningContext,
    GetSharedPerson,
    ListNames,
    Person,
    PersonNames,
    PersonPage,
    RegisterPerson,
    Registration,
    SharedPerson,
)
from contracts.language import Event, NotFound
from contracts.screening import ScreeningContext
from services.intake import tax_code
from services.intake.domain import duplicates, persons, sharing
from services.intake.handlers.reach import agency_reached, reached, within_reach
from services.intake.rules import rules_on
from services.intake.store import IntakeStore

RESEALED_AT_ONCE: Final = 200


def register_person(unit: Unit[IntakeStore], command: RegisterPerson) -> Person:
    """Register a person with the caller's agency.

    Raises:
        PersonAlreadyRegistered: the agency has a person with this tax code; others do not count.

    """
    today = day_of(unit.now)
    outcome = persons.register(
        command.details,
        person_id=unit.new_id(),
        agency_id=unit.principal.agency_id,
        at=unit.now,
        today=today,
        tax_code=tax_code.read(command.details.tax_code),
        rules=rules_on(today),
    )
    holder = unit.store.add_person(outcome.state)
    if holder != outcome.state.person_id:
        raise persons.PersonAlreadyRegistered(holder)
    unit.publish(*outcome.events)
    return persons.with_tax_code(outcome.state, None)


def correct_person(unit: Unit[IntakeStore], command: CorrectPerson) -> Person:
    """Put the details of a person right.

    Raises:
        PersonAlreadyRegistered: another person of the agency has this tax code.

    """
    today = day_of(unit.now)
    outcome = persons.correct(
        within_reach(unit, unit.store.person_to_change(command.person_id), command.permission),
        command.details,
        version=command.version,
        today=today,
        tax_code=tax_code.read(command.details.tax_code),
        rules=rules_on(today),
    )
    holder = unit.store.save_person(outcome.state)
    if holder != command.person_id:
        raise persons.PersonAlreadyRegistered(holder)
    unit.publish(*outcome.events)
    return persons.with_tax_code(outcome.state, None)


def get_person(unit: Unit[IntakeStore], query: GetPerson) -> Person:
    """Show one person, tax code and all."""
    person = reached(unit, query.person_id, query.permission)
    return persons.with_tax_code(person, unit.store.tax_code_of(person.person_id))


def get_shared_person(unit: Unit[IntakeStore], query: GetSharedPerson) -> SharedPerson:
    """Show the receiving agency what the live consents let a referral show.

    Raises:
        NotFound: there is no such referral, or it shows the caller nobody: the same words for both.

    """
    referral = unit.store.referral(query.referral_id)
    person = unit.store.find_person(referral.person_id) if referral else None
    if (
        referral is None
        or person is None
        or not _opened(unit, [referral])
        or not _within_the_team(unit, referral, person)
    ):
        raise NotFound("No person is shown to you by this referral.")
    given = unit.store.consents_of(person.person_id, today=day_of(unit.now))
    categories = sharing.covered(person, referral.to_agency_id, given)
    return sharing.shared_person(person, referral, categories)


def find_duplicates(unit: Unit[IntakeStore], query: FindDuplicates) -> Duplicates:
    """Look whether the person at the desk is registered with the caller's agency already."""
    desk = duplicates.AtTheDesk(
        given_name=folded(query.given_name),
        family_name=folded(query.family_name),
        birth_date=query.birth_date,
        phone_end=duplicates.phone_end(query.phone),
    )
    found = unit.store.candidates(
        unit.principal.agency_id, desk, query.tax_code and tax_code.normalised(query.tax_code)
    )
    likeness = rules_on(day_of(unit.now)).likeness
    return Duplicates(items=duplicates.likely(desk, found, likeness))


def list_names(unit: Unit[IntakeStore], query: ListNames) -> PersonNames:
    """Name the persons of a page who are the caller's own, or shared by a referral."""
    found = unit.store.people(query.person_ids)
    reached = {
        person_id
        for person_id, person in found.items()
        if unit.principal.reaches(query.permission, person.agency_id)
    }
    reached |= _identified_by_referral(unit, [found[each] for each in found.keys() - reached])
    asked = dict.fromkeys(query.person_ids)
    return PersonNames(
        items=tuple(
            persons.name_of(found[person_id]) for person_id in asked if person_id in reached
        )
    )


def find_people(unit: Unit[IntakeStore], query: FindPeople) -> PersonPage:
    """Search persons of the caller's agency, or of the network if the caller's reach is that."""
    found = unit.store.search(
        agency_id=agency_reached(unit, query.permission),
        name=query.name,
        birth_date=query.birth_date,
        tax_code=query.tax_code and tax_code.normalised(query.tax_code),
        before=position(query.cursor),
        limit=query.limit + 1,
    )
    page = found[: query.limit]
    return PersonPage(
        items=page,
        next_cursor=str(page[-1].person_id) if len(found) > len(page) else None,
    )


def get_screening_context(unit: Unit[IntakeStore], query: GetScreeningContext) -> ScreeningContext:
    """Show the coded facts about a person that a screening starts from."""
    person = reached(unit, query.person_id, query.permission)
    today = day_of(unit.now)
    return persons.screening_context(person.details, today=today, rules=rules_on(today))


def get_registration(unit: Unit[IntakeStore], query: GetRegistration) -> Registration:
    """Show which agency registered a person."""
    person = reached(unit, query.person_id, query.permission)
    return Registration(person_id=person.person_id, agency_id=person.agency_id)


def on_referral_moved(unit: Unit[IntakeStore], event: Event) -> None:
    """Keep how a sent referral stands."""
    referral = sharing.sent(event, at=unit.received.time)
    unit.store.keep_referral(referral, sequence=unit.received.sequence)


def reseal_tax_codes(unit: Unit[IntakeStore]) -> None:
    """Bring some tax codes under the newest key, until an older one can be taken away."""
    unit.store.reseal(RESEALED_AT_ONCE)


def _opened(unit: Unit[IntakeStore], referrals: Iterable[sharing.SentReferral]) -> frozenset[UUID]:
    """Return the persons whom some of the referrals let the caller see today."""
    today = day_of(unit.now)
    lasting = rules_on(today).seen_after_end
    return frozenset(
        referral.person_id
        for referral in referrals
        if sharing.opens(referral, unit.principal, today=today, seen_after_end=lasting)
    )


def _within_the_team(
    unit: Unit[IntakeStore], referral: sharing.SentReferral, person: Person
) -> bool:
    """Tell whether what an agency sent to itself about safety stays with who works on the case."""
    if not referral.safety or referral.to_agency_id != person.agency_id:
        return True
    found = unit.store.cases_of(person.person_id, agency_id=person.agency_id)
    team = frozenset().union(*(case.team for case in found))
    return unit.principal.reaches("safety:read", person.agency_id, team=team)


def _identified_by_referral(unit: Unit[IntakeStore], strangers: Sequence[Person]) -> set[UUID]:
    """Return those of other agencies' persons whose identity a referral shares with the caller."""
    recipient = unit.principal.agency_id
    met = [person.person_id for person in strangers]
    opened = _opened(unit, unit.store.referrals_to(recipient, met)) if met else frozenset()
    given = unit.store.consents_of_all(opened, today=day_of(unit.now)) if opened else {}
    return {
        person.person_id
        for person in strangers
        if person.person_id in opened
        and DataCategory.IDENTITY in sharing.covered(person, recipient, given[person.person_id])
    }
