"""What the person says about a need after the screening: a yes or a no that was still to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from contracts.language import Event, InvalidRequest
from contracts.referrals import (
    CancellationReason,
    DecideNeed,
    NeedAgreed,
    Referral,
    ReferralState,
)
from contracts.screening import Decision
from services.referrals.domain import attempts, moves, needs
from services.referrals.domain.consent import Grant
from services.referrals.domain.matching import Service
from services.referrals.domain.moves import Side, Verb
from services.referrals.domain.needs import AttemptOpen, Need
from services.referrals.domain.opening import RECALLED, Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """A need after the person's word, the attempts that it moved, and the facts to tell."""

    need: Need
    moved: tuple[Referral, ...]
    events: tuple[Event, ...]


def decide(
    command: DecideNeed,
    standing: Standing,
    services: Mapping[UUID, Service],
    grants: Sequence[Grant],
    *,
    at: datetime,
) -> Decided:
    """Record what the person decided, and let the attempts follow.

    Raises:
        InvalidRequest: a refusal without its reason, or a reason without a refusal.
        NeedEnded: the need is not active.
        AttemptOpen: the person refuses what a recipient has begun to act on.

    """
    refused = command.decision == "refused"
    _require_reason(command.reason, refused=refused)
    needs.require_active(standing.need)
    if refused:
        return _refused(standing, command.reason, at=at)
    return _agreed(standing, services, grants, at=at)


def agree(need: Need) -> tuple[Need, tuple[Event, ...]]:
    """Return the need with the person's yes, and the fact that tells of it if it is news."""
    if need.decision is Decision.AGREED:
        return need, ()
    agreed = replace(need, decision=Decision.AGREED)
    return agreed, (needs.fact(NeedAgreed, agreed),)


def _agreed(
    standing: Standing,
    services: Mapping[UUID, Service],
    grants: Sequence[Grant],
    *,
    at: datetime,
) -> Decided:
    """Send what waited for the yes, or say what it waits for now."""
    need, told = agree(standing.need)
    outcomes = [
        outcome
        for attempt in standing.attempts
        if attempt.state is ReferralState.DRAFT
        for outcome in attempts.reconsider(
            attempt, services.get(attempt.service_id), grants, at=at, agreed=True
        )
    ]
    return Decided(
        need=need,
        moved=tuple(outcome.state for outcome in outcomes),
        events=(*told, *(event for outcome in outcomes for event in outcome.events)),
    )


def _refused(standing: Standing, reason: str | None, *, at: datetime) -> Decided:
    """Call back what no recipient has accepted, and end the need."""
    still_open = [attempt for attempt in standing.attempts if attempt.state in moves.OPEN]
    begun = [attempt.state for attempt in still_open if attempt.state not in RECALLED]
    if begun:
        raise AttemptOpen(f"A referral for this need is {begun[0]}; end it with its recipient.")
    why = CancellationReason.PERSON_DECLINED
    outcomes = [
        moves.move(attempt, Verb.CANCEL, by={Side.SYSTEM}, at=at, reason=why)
        for attempt in still_open
    ]
    declined = needs.decline(standing.need, reason, at=at)
    return Decided(
        need=declined.state,
        moved=tuple(outcome.state for outcome in outcomes),
        events=(*(event for outcome in outcomes for event in outcome.events), *declined.events),
    )


def _require_reason(reason: str | None, *, refused: bool) -> None:
    """Refuse a no without its reason, and a reason for a yes."""
    if refused and reason is None:
        problem = "A refusal needs its reason; prefers-not-to-say is one."
    elif reason is not None and not refused:
        problem = "Only a refusal has a reason; leave it out."
    else:
        return
    raise InvalidRequest("The reason does not fit the decision.", fields={"reason": [problem]})
