"""What waits for an agency: the queues of its worklist, as data.

A count and the list behind it follow from the same entry, so they never differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contracts.referrals import Blocker, NeedQueue, ReferralQueue, ReferralState
from services.referrals.domain.moves import Side


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """Which referrals wait for which side.

    ``contact_passed`` keeps those whose expected day of the first contact lies behind.
    """

    side: Side
    state: ReferralState
    blocked_by: Blocker | None = None
    contact_passed: bool = False


REFERRALS: Final[Mapping[ReferralQueue, Waiting]] = {
    ReferralQueue.TO_ANSWER: Waiting(side=Side.RECIPIENT, state=ReferralState.REQUESTED),
    ReferralQueue.CONTACT_DUE: Waiting(
        side=Side.RECIPIENT, state=ReferralState.ACCEPTED, contact_passed=True
    ),
    ReferralQueue.TO_DECIDE: Waiting(
        side=Side.SENDER, state=ReferralState.DRAFT, blocked_by=Blocker.DECISION
    ),
    ReferralQueue.AWAITING_CONSENT: Waiting(
        side=Side.SENDER, state=ReferralState.DRAFT, blocked_by=Blocker.CONSENT
    ),
    ReferralQueue.AWAITING_SERVICE: Waiting(
        side=Side.SENDER, state=ReferralState.DRAFT, blocked_by=Blocker.SERVICE
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Idle:
    """Which active needs without an open attempt wait: those with an ended one, or without any."""

    attempted: bool


NEEDS: Final[Mapping[NeedQueue, Idle]] = {
    NeedQueue.TO_CLOSE: Idle(attempted=True),
    NeedQueue.WITHOUT_SERVICE: Idle(attempted=False),
}
