"""Consents, their signed sheets, and the agencies that they can name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from chassis.unit import Unit
from contracts.calendar import day_of
from contracts.catalogue import OrganizationPublished
from contracts.intake import (
    Consent,
    ConsentPage,
    GetSignedSheet,
    ListConsents,
    Person,
    RecordConsent,
    RecordSignedSheet,
    ShownSheet,
    SignedSheet,
    WithdrawConsent,
)
from contracts.language import NotFound
from services.intake.domain import consents, signed_sheets
from services.intake.handlers.reach import reached
from services.intake.rules import rules_on
from services.intake.store import IntakeStore


def record_consent(unit: Unit[IntakeStore], command: RecordConsent) -> Consent:
    """Record that the person authorises sharing."""
    person = reached(unit, command.person_id, command.permission)
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
    person = reached(unit, command.person_id, command.permission)
    consent = _to_change(unit, person, command.consent_id)
    outcome = consents.withdraw_consent(consent, agency_id=person.agency_id, at=unit.now)
    unit.store.save_consent(outcome.state)
    unit.publish(*outcome.events)
    (shown,) = _with_sheets(unit, person.person_id, (outcome.state,))
    return shown


def record_signed_sheet(unit: Unit[IntakeStore], command: RecordSignedSheet) -> SignedSheet:
    """Keep the sheet on which the person signed a consent, even one that has ended since."""
    person = reached(unit, command.person_id, command.permission)
    consent = _to_change(unit, person, command.consent_id)
    sheet = signed_sheets.signed_sheet(command, by=unit.principal.user_id, at=unit.now)
    unit.store.keep_sheet(consent.consent_id, sheet, command.content)
    return sheet


def get_signed_sheet(unit: Unit[IntakeStore], query: GetSignedSheet) -> ShownSheet:
    """Show the sheet on which the person signed a consent.

    Raises:
        NotFound: there is no such consent, or no sheet of it.

    """
    person = reached(unit, query.person_id, query.permission)
    sheet = unit.store.sheet(query.consent_id, person_id=person.person_id)
    if sheet is None:
        raise NotFound("No signed sheet of such a consent is kept.")
    return sheet


def list_consents(unit: Unit[IntakeStore], query: ListConsents) -> ConsentPage:
    """Show the consents of a person as they stand today."""
    reached(unit, query.person_id, query.permission)
    given = unit.store.consents_of(query.person_id, today=day_of(unit.now))
    return ConsentPage(items=_with_sheets(unit, query.person_id, given))


def on_organization_published(unit: Unit[IntakeStore], event: OrganizationPublished) -> None:
    """Know an agency that a consent can name."""
    unit.store.add_agency(event.organization_id)


def _to_change(unit: Unit[IntakeStore], person: Person, consent_id: UUID) -> Consent:
    """Return a consent of the person, which nobody else changes meanwhile.

    Raises:
        NotFound: the person has given no such consent.

    """
    consent = unit.store.consent_to_change(
        consent_id, person_id=person.person_id, today=day_of(unit.now)
    )
    if consent is None:
        raise NotFound("The person has given no such consent.")
    return consent


def _with_sheets(
    unit: Unit[IntakeStore], person_id: UUID, given: Iterable[Consent]
) -> tuple[Consent, ...]:
    """Return consents of a person with what is known of their signed sheets."""
    known = unit.store.sheets_of(person_id)
    return tuple(replace(each, sheet=known.get(each.consent_id)) for each in given)
