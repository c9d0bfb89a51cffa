"""A person of one desk who is referred to another, as intake hears of it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from chassis.clock import new_id
from contracts.intake import Consent, DataCategory
from contracts.language import Event
from contracts.referrals import (
    Mode,
    ReferralAccepted,
    ReferralCancelled,
    ReferralCompleted,
    ReferralFact,
    ReferralFailed,
    ReferralRejected,
    ReferralRequested,
    ReferralStarted,
    ReferralState,
)
from tests.support.desks import IntakeDesk

STATES: Final[dict[type[ReferralFact], ReferralState]] = {
    ReferralRequested: ReferralState.REQUESTED,
    ReferralAccepted: ReferralState.ACCEPTED,
    ReferralStarted: ReferralState.IN_PROGRESS,
    ReferralCompleted: ReferralState.COMPLETED,
    ReferralRejected: ReferralState.REJECTED,
    ReferralFailed: ReferralState.FAILED,
    ReferralCancelled: ReferralState.CANCELLED,
}


class Sent:
    """A person of the desk, referred to the neighbour."""

    def __init__(self, desk: IntakeDesk, neighbour: IntakeDesk) -> None:
        """Register the person; nothing is sent yet."""
        self.desk, self.neighbour = desk, neighbour
        self.person_id = desk.register().person_id
        self.referral_id = new_id()

    def event(self, kind: type[Any], **changes: Any) -> Event:
        """Return what the referrals service tells of the referral."""
        usual: dict[str, Any] = {
            "referral_id": self.referral_id,
            "need_id": new_id(),
            "person_id": self.person_id,
            "screening_id": new_id(),
            "from_agency_id": self.desk.principal.agency_id,
            "to_agency_id": self.neighbour.principal.agency_id,
            "service_id": new_id(),
            "category": "LIN.2",
            "mode": Mode.WARM,
            "state": STATES[kind],
        }
        event: Event = kind(**{**usual, **changes})
        return event

    def hear(self, *kinds: type[Any]) -> None:
        """Let intake hear events in their order."""
        for sequence, kind in enumerate(kinds, start=1):
            self.desk.hear(self.event(kind), sequence=sequence)

    def consent(self, *categories: DataCategory, recipient_id: UUID | None = None) -> Consent:
        """Record a consent of the person."""
        return self.desk.consent(self.person_id, categories=categories, recipient_id=recipient_id)
