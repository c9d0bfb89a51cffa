"""What intake does: load, let the rules decide, keep, tell; each in one unit of work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from chassis.folding import folded
from chassis.unit import Unit
from contracts.access import Scope
from contracts.calendar import day_of
from contracts.catalogue import OrganizationPublished
from contracts.intake import (
    Case,
    CasePage,
    Consent,
    ConsentPage,
    CorrectPerson,
    DataCategory,
    Duplicates,
    EmergencyAccess,
    EmergencyAccesses,
    EmergencyAccessPage,
    EmergencyPerson,
    FindDuplicates,
    FindPeople,
    GetEmergencyPerson,
    GetPerson,
    GetRegistration,
    GetScreeningContext,
    GetSharedPerson,
    GetSignedSheet,
    ListCases,
    ListConsents,
    ListEmergencyAccesses,
    ListNames,
    ListOwnEmergencyAccesses,
    OpenCase,
    OpenEmergencyAccess,
    Person,
    PersonNames,
    PersonPage,
    RecordConsent,
    RecordSignedSheet,
    RegisterPerson,
    Registration,
    ReviewEmergencyAccess,
    SetCaseTeam,
    SharedPerson,
    ShownSheet,
    SignedSheet,
    WithdrawConsent,
)
from contracts.language import Event, InvalidRequest, NotFound
from contracts.screening import ScreeningContext
from services.intake import tax_code
from services.intake.domain import (
    cases,
    consents,
    duplicates,
    emergencies,
    persons,
    sharing,
    signed_sheets,
)
from services.intake.rules import rules_on
from services.intake.store import IntakeStore

RESEALED_AT_ONCE: Final = 200
TOLD_AT_ONCE: Final = 200


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
        _within_reach(unit, unit.store.person_to_change(command.person_id), command.permission),
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
    person = _reached(unit, query.person_id, query.permission)
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
        agency_id=_agency_reached(unit, query.permission),
        name=query.name,
        birth_date=query.birth_date,
        tax_code=query.tax_code and tax_code.normalised(query.tax_code),
        before=_position(query.cursor),
        limit=query.limit + 1,
    )
    page = found[: query.limit]
    return PersonPage(
        items=page,
        next_cursor=str(page[-1].person_id) if len(found) > len(page) else None,
    )


def get_screening_context(unit: Unit[IntakeStore], query: GetScreeningContext) -> ScreeningContext:
    """Show the coded facts about a person that a screening starts from."""
    person = _reached(unit, query.person_id, query.permission)
    today = day_of(unit.now)
    return persons.screening_context(person.details, today=today, rules=rules_on(today))


def open_case(unit: Unit[IntakeStore], command: OpenCase) -> Case:
    """Open a case for a person; the caller becomes the lead of its team.

    Raises:
        CaseAlreadyOpen: the agency works with the person already.

    """
    outcome = cases.open_case(
        _reached(unit, command.person_id, command.permission),
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
    _reached(unit, query.person_id, query.permission)
    agency_id = _agency_reached(unit, query.permission)
    return CasePage(items=unit.store.cases_of(query.person_id, agency_id=agency_id))


def record_consent(unit: Unit[IntakeStore], command: RecordConsent) -> Consent:
    """Record that the person authorises sharing."""
    person = _reached(unit, command.person_id, command.permission)
    today = day_of(unit.now)
    outcome = consents.grant_consent(
        command,
        consent_id=unit.new_id(),
        agency_id=person.agency_id,
        at=unit.now,
        today=today,
        rules=rules_on(today),
        recipient_known=command.recipient_id is None
        or unit.store.knows_agency(command.recipient_id),
    )
    unit.store.add_consent(outcome.state)
    unit.publish(*outcome.events)
    return outcome.state


def withdraw_consent(unit: Unit[IntakeStore], command: WithdrawConsent) -> Consent:
    """Record that the person withdraws an authorisation."""
    person = _reached(unit, command.person_id, command.permission)
    consent = unit.store.consent_to_change(
        command.consent_id, person_id=person.person_id, today=day_of(unit.now)
    )
    if consent is None:
        raise NotFound("The person has given no such consent.")
    outcome = consents.withdraw_consent(consent, agency_id=person.agency_id, at=unit.now)
    unit.store.save_consent(outcome.state)
    unit.publish(*outcome.events)
    (shown,) = _with_sheets(unit, person.person_id, (outcome.state,))
    return shown


def record_signed_sheet(unit: Unit[IntakeStore], command: RecordSignedSheet) -> SignedSheet:
    """Keep the sheet on which the person signed a consent, even one that has ended since."""
    person = _reached(unit, command.person_id, command.permission)
    consent = unit.store.consent_to_change(
        command.consent_id, person_id=person.person_id, today=day_of(unit.now)
    )
    if consent is None:
        raise NotFound("The person has given no such consent.")
    sheet = signed_sheets.signed_sheet(command, by=unit.principal.user_id, at=unit.now)
    unit.store.keep_sheet(consent.consent_id, sheet, command.content)
    return sheet


def get_signed_sheet(unit: Unit[IntakeStore], query: GetSignedSheet) -> ShownSheet:
    """Show the sheet on which the person signed a consent.

    Raises:
        NotFound: there is no such consent, or no sheet of it.

    """
    person = _reached(unit, query.person_id, query.permission)
    sheet = unit.store.sheet(query.consent_id, person_id=person.person_id)
    if sheet is None:
        raise NotFound("No signed sheet of such a consent is kept.")
    return sheet


def list_consents(unit: Unit[IntakeStore], query: ListConsents) -> ConsentPage:
    """Show the consents of a person as they stand today."""
    _reached(unit, query.person_id, query.permission)
    given = unit.store.consents_of(query.person_id, today=day_of(unit.now))
    return ConsentPage(items=_with_sheets(unit, query.person_id, given))


def get_registration(unit: Unit[IntakeStore], query: GetRegistration) -> Registration:
    """Show which agency registered a person."""
    person = _reached(unit, query.person_id, query.permission)
    return Registration(person_id=person.person_id, agency_id=person.agency_id)


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
    agency_id = _agency_reached(unit, query.permission)
    rows = unit.store.emergencies
    found = rows.queue(
        query.queue,
        agency_id=agency_id,
        now=unit.now,
        before=_position(query.cursor),
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


def on_organization_published(unit: Unit[IntakeStore], event: OrganizationPublished) -> None:
    """Know an agency that a consent can name."""
    unit.store.add_agency(event.organization_id)


def on_referral_moved(unit: Unit[IntakeStore], event: Event) -> None:
    """Keep how a sent referral stands."""
    if unit.message is None:
        raise LookupError("an event comes in a message")
    referral = sharing.sent(event, at=unit.message.time)
    unit.store.keep_referral(referral, sequence=unit.message.sequence)


def reseal_tax_codes(unit: Unit[IntakeStore]) -> None:
    """Bring some tax codes under the newest key, until an older one can be taken away."""
    unit.store.reseal(RESEALED_AT_ONCE)


def _with_sheets(
    unit: Unit[IntakeStore], person_id: UUID, given: Iterable[Consent]
) -> tuple[Consent, ...]:
    """Return consents of a person with what is known of their signed sheets."""
    known = unit.store.sheets_of(person_id)
    return tuple(replace(each, sheet=known.get(each.consent_id)) for each in given)


def _reached(unit: Unit[IntakeStore], person_id: UUID, permission: str) -> Person:
    """Return a person whom the caller's permission covers.

    Raises:
        NotFound: there is no such person, or it is another agency's: the same words for both.

    """
    return _within_reach(unit, unit.store.find_person(person_id), permission)


def _within_reach(unit: Unit[IntakeStore], person: Person | None, permission: str) -> Person:
    """Return the person if the caller's permission covers them.

    Raises:
        NotFound: it does not, or there is nobody: the same words for both.

    """
    if person is None or not unit.principal.reaches(permission, person.agency_id):
        raise NotFound("There is no such person.")
    return person


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


def _agency_reached(unit: Unit[IntakeStore], permission: str) -> UUID | None:
    """Return the one agency that the permission covers, or ``None`` for all of them."""
    scope = unit.principal.require(permission)
    return None if scope is Scope.NETWORK else unit.principal.agency_id


def _position(cursor: str | None) -> UUID | None:
    """Return the id behind which a page begins."""
    try:
        return None if cursor is None else UUID(cursor)
    except ValueError:
        raise InvalidRequest(
            "The cursor is none of ours.",
            fields={"cursor": ["Send back next_cursor as it came, or leave it out."]},
        ) from None
