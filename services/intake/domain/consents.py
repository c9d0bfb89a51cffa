"""Consents: how long one holds, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from contracts.intake import (
    Consent,
    ConsentGranted,
    ConsentState,
    ConsentWithdrawn,
    RecordConsent,
)
from contracts.language import Category, DomainError, InvalidRequest, Outcome
from services.intake.domain.configuration import Rules


class ConsentAlreadyWithdrawn(
    DomainError, category=Category.CONFLICT, slug="consent-already-withdrawn"
):
    """The consent ended before."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The person has withdrawn this consent already.")


def grant_consent(  # noqa: PLR0913 - the facts of a consent, each by its name
    command: RecordConsent,
    *,
    consent_id: UUID,
    agency_id: UUID,
    at: datetime,
    today: date,
    rules: Rules,
    recipient_known: bool,
) -> Outcome[Consent]:
    """Record that the person authorises sharing.

    Raises:
        InvalidRequest: nobody is known by the recipient's id, or the consent would have ended
            already, or last longer than is allowed.

    """
    if not recipient_known:
        raise InvalidRequest(
            "The consent's recipient is not an agency of the network.",
            fields={"recipient_id": ["Choose an organization of the directory, or leave it out."]},
        )
    longest = today + rules.longest_consent
    if command.expires_on < today:
        raise _wrong_end("A consent cannot end before it begins.")
    if command.expires_on > longest:
        raise _wrong_end(f"A consent given today can last until {longest} at most.")
    consent = Consent(
        consent_id=consent_id,
        person_id=command.person_id,
        recipient_id=command.recipient_id,
        purpose=command.purpose,
        categories=tuple(dict.fromkeys(command.categories)),
        state=ConsentState.LIVE,
        granted_at=at,
        expires_on=command.expires_on,
    )
    event = ConsentGranted(
        consent_id=consent_id,
        person_id=command.person_id,
        agency_id=agency_id,
        recipient_id=command.recipient_id,
        purpose=command.purpose,
        categories=consent.categories,
        expires_on=command.expires_on,
    )
    return Outcome(consent, (event,))


def _wrong_end(sentence: str) -> InvalidRequest:
    return InvalidRequest("The consent's end is not possible.", fields={"expires_on": [sentence]})


def withdraw_consent(consent: Consent, *, agency_id: UUID, at: datetime) -> Outcome[Consent]:
    """Record that the person takes the authorisation back; an expired one can be taken back too.

    Raises:
        ConsentAlreadyWithdrawn: it was taken back before.

    """
    if consent.withdrawn_at is not None:
        raise ConsentAlreadyWithdrawn
    event = ConsentWithdrawn(
        consent_id=consent.consent_id, person_id=consent.person_id, agency_id=agency_id
    )
    return Outcome(replace(consent, withdrawn_at=at, state=ConsentState.WITHDRAWN), (event,))


def consent_state(*, expires_on: date, withdrawn_at: datetime | None, today: date) -> ConsentState:
    """Return whether a consent holds today; a withdrawal outlasts the expiry."""
    if withdrawn_at is not None:
        return ConsentState.WITHDRAWN
    return ConsentState.EXPIRED if expires_on < today else ConsentState.LIVE
