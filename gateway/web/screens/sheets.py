"""Sheets to print: the letter of a referral, and a consent to be signed."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import current_app

from contracts.intake import (
    DataCategory,
    GetPerson,
    GetSharedPerson,
    ListConsents,
    Purpose,
    RecordConsent,
    SharedPerson,
)
from contracts.language import NotFound
from contracts.referrals import GetReferral, Referral
from gateway.web import forms, words
from gateway.web.printing import consent_sheet, referral_letter
from gateway.web.printing.consent_sheet import Authorisation
from gateway.web.printing.referral_letter import Dispatch, Shared, shared_of
from gateway.web.printing.sheet import Imprint, Party, printed
from gateway.web.printing.voices import Voices
from gateway.web.screen import Download, Outcome, Screen, Visit

PDF: Final = "application/pdf"


def imprint_of(visit: Visit) -> Imprint:
    """Return who prints, in which role, for which agency, and when."""
    principal = visit.turn.principal
    return Imprint(
        agency=visit.speaker.agency(principal.agency_id),
        printed_by=visit.speaker.colleague(principal.user_id),
        role=words.label(principal.roles[0], visit.language),
        printed_at=visit.turn.now,
    )


def show_letter(visit: Visit) -> Outcome:
    """Show the letter of a referral as its reader may see the person."""
    referral: Referral = visit.ask(GetReferral(referral_id=visit.path["referral_id"]))
    person = _shared(visit, referral)
    term = visit.speaker.reference.terms.get(referral.category)
    service = visit.speaker.reference.services.get(referral.service_id)
    details = service.details if service else None
    voices = Voices.of(person.language)
    dispatch = Dispatch(
        referral=referral,
        sender=Party(name=visit.speaker.agency(referral.from_agency_id)),
        recipient=Party(name=visit.speaker.agency(referral.to_agency_id)),
        service=Party(
            name=visit.speaker.service(referral.service_id),
            address=details.address if details else None,
            phone=details.phone if details else None,
            email=details.email if details else None,
        ),
        category=(term.name_it, term.name_en) if term else (referral.category, referral.category),
        person=person,
        worker=visit.speaker.colleague(visit.turn.principal.user_id),
        language=person.language,
    )
    letter = referral_letter.referral_letter(dispatch, voices, imprint_of(visit))
    page = referral_letter.render(current_app.jinja_env, letter, voices)
    return Download(body=printed(page), media=PDF, name="lettera-di-invio.pdf", inline=True)


def _shared(visit: Visit, referral: Referral) -> Shared:
    """Return what the consents in force let the letter say of the person."""
    if referral.from_agency_id != visit.turn.principal.agency_id:
        return _as_shared(visit.ask(GetSharedPerson(referral_id=referral.referral_id)))
    person, consents = visit.ask_all(
        GetPerson(person_id=referral.person_id), ListConsents(person_id=referral.person_id)
    )
    shared = {
        category
        for consent in consents.items
        if consent.state.value == "live" and consent.recipient_id in {None, referral.to_agency_id}
        for category in consent.categories
    }
    own = referral.to_agency_id == referral.from_agency_id
    return shared_of(person.details, tuple(DataCategory) if own else shared)


def _as_shared(seen: SharedPerson) -> Shared:
    identity, contacts = seen.identity, seen.contacts
    return Shared(
        name=f"{identity.given_name} {identity.family_name}" if identity else None,
        birth_date=identity.birth_date if identity else None,
        language=identity.language if identity else None,
        phone=contacts.phone if contacts else None,
        email=contacts.email if contacts else None,
        safe_contact=contacts.safe_contact if contacts else None,
        needs=DataCategory.NEEDS in seen.shared,
        safety=DataCategory.SAFETY in seen.shared,
    )


def take_consent_sheet(visit: Visit) -> Outcome:
    """Make the sheet of a consent that is about to be given, to be read, talked over and signed."""
    person_id: UUID = visit.path["person_id"]
    person = visit.ask(GetPerson(person_id=person_id))
    asked = forms.read(RecordConsent, visit.form, person_id=person_id, purpose=Purpose.REFERRAL)
    return _consent(
        visit,
        Authorisation(
            person=f"{person.details.given_name} {person.details.family_name}",
            worker=visit.speaker.colleague(visit.turn.principal.user_id),
            recipient=visit.speaker.agency(asked.recipient_id) if asked.recipient_id else None,
            purpose=asked.purpose,
            categories=asked.categories,
            expires_on=asked.expires_on,
        ),
        person.details.language,
    )


def show_consent_sheet(visit: Visit) -> Outcome:
    """Show the sheet of a consent that was recorded."""
    person_id: UUID = visit.path["person_id"]
    person, consents = visit.ask_all(
        GetPerson(person_id=person_id), ListConsents(person_id=person_id)
    )
    consent = next(
        (each for each in consents.items if each.consent_id == visit.path["consent_id"]), None
    )
    if consent is None:
        raise NotFound("The person has given no such consent.")
    return _consent(
        visit,
        Authorisation(
            person=f"{person.details.given_name} {person.details.family_name}",
            worker=visit.speaker.colleague(visit.turn.principal.user_id),
            recipient=visit.speaker.agency(consent.recipient_id) if consent.recipient_id else None,
            purpose=consent.purpose,
            categories=consent.categories,
            expires_on=consent.expires_on,
        ),
        person.details.language,
    )


def _consent(visit: Visit, authorisation: Authorisation, language: str) -> Outcome:
    voices = Voices.of(language)
    sheet = consent_sheet.consent_sheet(authorisation, voices, imprint_of(visit))
    page = consent_sheet.render(current_app.jinja_env, sheet, voices)
    return Download(body=printed(page), media=PDF, name="consenso.pdf", inline=True)


SCREENS: Final = (
    Screen(
        name="referral_letter",
        path="/referrals/{referral_id}/letter",
        shows=show_letter,
        permission="referral:read",
    ),
    Screen(
        name="consent_sheet_new",
        path="/people/{person_id}/consents/sheet",
        takes=take_consent_sheet,
        shown_again="consent_record",
        permission="consent:record",
    ),
    Screen(
        name="consent_sheet",
        path="/people/{person_id}/consents/{consent_id}/sheet",
        shows=show_consent_sheet,
        permission="consent:record",
    ),
)
