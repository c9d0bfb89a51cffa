"""What a referral shows of a person to the agency that received it.

Two things must hold on the day: the referral is still that agency's work, and a live consent of the
person covers the agency. The consent then decides which part is shown. Inside one agency nothing is
shared, so nothing is held back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from contracts.access import Principal, Scope
from contracts.calendar import day_of
from contracts.intake import (
    Consent,
    ConsentState,
    DataCategory,
    Person,
    PersonDetails,
    Purpose,
    SafeContact,
    SharedContacts,
    SharedIdentity,
    SharedPerson,
)
from contracts.language import Event
from contracts.referrals import ReferralState

SHOWN: Final = (DataCategory.IDENTITY, DataCategory.CONTACTS)
"""Categories of which a referral can show a part; what else was shared stands in the referral."""

UNDER_WAY: Final = frozenset(
    {ReferralState.REQUESTED, ReferralState.ACCEPTED, ReferralState.IN_PROGRESS}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SentReferral:
    """A referral that its recipient has seen, as its newest event tells."""

    referral_id: UUID
    person_id: UUID
    to_agency_id: UUID
    state: ReferralState
    changed_at: datetime
    safety: bool


_TOLD: Final = tuple(each.name for each in fields(SentReferral) if each.name != "changed_at")


def sent(event: Event, *, at: datetime) -> SentReferral:
    """Return how a referral stands after one of its events."""
    return SentReferral(changed_at=at, **{name: getattr(event, name) for name in _TOLD})


def opens(
    referral: SentReferral,
    principal: Principal,
    *,
    today: date,
    seen_after_end: Mapping[ReferralState, timedelta],
) -> bool:
    """Tell whether the referral lets the caller see the person at all on that day."""
    return (
        referral.to_agency_id == principal.agency_id
        and principal.scope("referral:read") is not None
        and (not referral.safety or principal.covers("safety:read", Scope.CASE_TEAM))
        and (referral.state in UNDER_WAY or _recent(referral, today, seen_after_end))
    )


def _recent(
    referral: SentReferral, today: date, seen_after_end: Mapping[ReferralState, timedelta]
) -> bool:
    """Tell whether the referral ended in a way after which, and so lately that, it still shows."""
    still = seen_after_end.get(referral.state)
    return still is not None and today <= day_of(referral.changed_at) + still


def covered(
    person: Person, recipient_id: UUID, consents: Iterable[Consent]
) -> tuple[DataCategory, ...]:
    """Return the categories that a recipient may be shown; ``consents`` as they stand today."""
    if person.agency_id == recipient_id:
        return SHOWN
    given = {
        category
        for consent in consents
        if consent.state is ConsentState.LIVE
        and consent.purpose is Purpose.REFERRAL
        and consent.recipient_id in {None, recipient_id}
        for category in consent.categories
    }
    return tuple(category for category in SHOWN if category in given)


def shared_person(
    person: Person, referral: SentReferral, categories: tuple[DataCategory, ...]
) -> SharedPerson:
    """Return what of the person the categories cover, and nothing else."""
    details = person.details
    return SharedPerson(
        person_id=person.person_id,
        referral_id=referral.referral_id,
        shared=categories,
        identity=_identity(details) if DataCategory.IDENTITY in categories else None,
        contacts=_contacts(details) if DataCategory.CONTACTS in categories else None,
    )


def _identity(details: PersonDetails) -> SharedIdentity:
    return SharedIdentity(
        given_name=details.given_name,
        family_name=details.family_name,
        birth_date=details.birth_date,
        gender=details.gender,
        language=details.language,
        municipality=details.municipality,
    )


def _contacts(details: PersonDetails) -> SharedContacts:
    """Return how the person can be reached; who must never be, is shown with the rule alone."""
    reachable = details.safe_contact is not SafeContact.NEVER
    return SharedContacts(
        safe_contact=details.safe_contact,
        phone=details.phone if reachable else None,
        email=details.email if reachable else None,
    )
