"""The letter of a referral: who sends whom where, for what, and what happens next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from jinja2 import Environment

from contracts.calendar import day_of
from contracts.intake import DataCategory, PersonDetails, SafeContact
from contracts.referrals import Mode, Referral, ReferralState
from gateway.web.printing.sheet import Imprint, Party, page_of
from gateway.web.printing.voices import Said, Voices


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What the consent lets the recipient know of the person; what is absent is not shared."""

    name: str | None = None
    birth_date: date | None = None
    language: str | None = None
    phone: str | None = None
    email: str | None = None
    safe_contact: SafeContact | None = None
    needs: bool = False
    safety: bool = False


@dataclass(frozen=True, kw_only=True)
class Dispatch:
    """What a letter is made from: the referral, and the names that only others know."""

    referral: Referral
    sender: Party
    recipient: Party
    service: Party
    category: tuple[str, str]
    """The name of the category in Italian and English."""

    person: Shared
    worker: str
    language: str | None = None
    """The language to speak to the person in."""


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How the person may be reached, where that is shared."""

    phone: str | None
    email: str | None
    safely: Said | None
    safely_hint: Said | None
    forbidden: bool


@dataclass(frozen=True, kw_only=True)
class ReferralLetter:
    """The letter as it stands on paper; what is absent is not shared."""

    imprint: Imprint
    number: str
    sender: Party
    recipient: Party
    service: Party
    worker: str
    name: str | None
    birth_date: Said | None
    language: Said | None
    contact: Contact | None
    category: Said | None
    mode: Said | None
    mode_hint: Said | None
    state: ReferralState
    state_said: Said
    is_priority: bool
    sent: Said | None
    first_contact: Said | None
    is_suspended: bool


def shared_of(details: PersonDetails | None, categories: Collection[DataCategory]) -> Shared:
    """Return what of a person's data a consent to these categories lets a recipient know."""
    needs, safety = DataCategory.NEEDS in categories, DataCategory.SAFETY in categories
    if details is None:
        return Shared(needs=needs, safety=safety)
    identity = DataCategory.IDENTITY in categories
    contacts = DataCategory.CONTACTS in categories
    return Shared(
        name=f"{details.given_name} {details.family_name}" if identity else None,
        birth_date=details.birth_date if identity else None,
        language=details.language if identity or contacts else None,
        phone=details.phone if contacts else None,
        email=details.email if contacts else None,
        safe_contact=details.safe_contact if contacts else None,
        needs=needs,
        safety=safety,
    )


def referral_letter(dispatch: Dispatch, voices: Voices, imprint: Imprint) -> ReferralLetter:
    """Return what stands in the letter of a referral."""
    referral, person = dispatch.referral, dispatch.person
    first = referral.first_contact_on
    needs = person.needs and (person.safety or not referral.safety)
    return ReferralLetter(
        imprint=imprint,
        number=str(referral.referral_id),
        sender=dispatch.sender,
        recipient=dispatch.recipient,
        service=dispatch.service,
        worker=dispatch.worker,
        name=person.name,
        birth_date=voices.day(person.birth_date) if person.birth_date else None,
        language=voices.tongue(person.language) if person.language else None,
        contact=_contact(person, voices),
        category=voices.name_of(*dispatch.category) if needs else None,
        mode=voices.word(referral.mode) if needs else None,
        mode_hint=voices.hint(referral.mode) if needs else None,
        state=referral.state,
        state_said=voices.word(referral.state),
        is_priority=referral.mode is Mode.PRIORITY,
        sent=voices.day(day_of(referral.sent_at)) if referral.sent_at else None,
        first_contact=voices.day(first) if first else None,
        is_suspended=referral.sharing_suspended,
    )


def render(environment: Environment, letter: ReferralLetter, voices: Voices) -> str:
    """Return the letter as a page to be printed."""
    return page_of(environment, "referral.html", voices, letter.imprint, letter=letter)


def _contact(person: Shared, voices: Voices) -> Contact | None:
    """Return the ways to the person; none of them where nobody may take them."""
    safely = person.safe_contact
    if safely is None:
        return None
    forbidden = safely is SafeContact.NEVER
    return Contact(
        phone=None if forbidden else person.phone,
        email=None if forbidden or safely is SafeContact.CALL_ONLY else person.email,
        safely=voices.word(safely),
        safely_hint=voices.hint(safely),
        forbidden=forbidden,
    )
