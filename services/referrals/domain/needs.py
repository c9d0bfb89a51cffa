"""What the referrer works on: a need, the attempts to meet it, and how the loop is closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.access import Principal
from contracts.language import Category, DomainError, Event, Outcome
from contracts.referrals import (
    CancellationReason,
    Mode,
    NeedClosed,
    NeedFact,
    NeedOutcome,
    NeedState,
    Obstacle,
    Referral,
)
from contracts.referrals import Need as NeedView
from contracts.screening import Decision
from services.referrals.domain import moves
from services.referrals.domain.matching import Wish


class NeedEnded(DomainError, category=Category.CONFLICT, slug="need-ended"):
    """The need is no longer active."""


class AttemptOpen(DomainError, category=Category.CONFLICT, slug="attempt-open"):
    """A referral for the need is still open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """Something that a screening found, with the coded facts that a service is matched by."""

    need_id: UUID
    person_id: UUID
    screening_id: UUID
    agency_id: UUID
    category: str
    domains: tuple[str, ...]
    mode: Mode
    state: NeedState
    decision: Decision
    reason: str | None = None
    refusal_reason: str | None = None
    outcome: NeedOutcome | None = None
    unmatched: tuple[Obstacle, ...] = ()
    safety: bool
    municipality: str | None
    language: str | None
    opened_at: datetime
    closed_at: datetime | None = None

    @property
    def wish(self) -> Wish:
        """What a service is looked for."""
        return Wish(category=self.category, municipality=self.municipality, language=self.language)


ENDS: Final[Mapping[NeedOutcome, NeedState]] = {
    NeedOutcome.MET: NeedState.COMPLETED,
    NeedOutcome.PARTLY_MET: NeedState.COMPLETED,
    NeedOutcome.NOT_MET: NeedState.COMPLETED,
    NeedOutcome.NO_LONGER_NEEDED: NeedState.REVOKED,
}
_SHOWN: Final = tuple(field.name for field in fields(NeedView) if field.name != "referrals")
_FACT: Final = tuple(field.name for field in fields(NeedFact))


def fact(event: type[Event], need: Need) -> Event:
    """Return an event about the need as it is now."""
    return event(**{name: getattr(need, name) for name in _FACT})


def show(need: Need, attempts: Iterable[Referral]) -> NeedView:
    """Return the need as its agency sees it."""
    seen = {name: getattr(need, name) for name in _SHOWN}
    return NeedView(**seen, referrals=tuple(attempts))


def close(
    need: Need, attempts: Iterable[Referral], outcome: NeedOutcome, *, at: datetime
) -> Outcome[Need]:
    """Close the loop.

    Raises:
        NeedEnded: the need is closed already.
        AttemptOpen: a referral for it is still open.

    """
    require_settled(need, attempts)
    closed = replace(need, state=ENDS[outcome], outcome=outcome, closed_at=at)
    return Outcome(closed, (fact(NeedClosed, closed),))


def decline(need: Need, refusal_reason: str | None, *, at: datetime) -> Outcome[Need]:
    """End the need because the person does not want it met."""
    declined = replace(
        need,
        state=NeedState.REVOKED,
        decision=Decision.REFUSED,
        reason=CancellationReason.PERSON_DECLINED,
        refusal_reason=refusal_reason,
        unmatched=(),
        closed_at=at,
    )
    return Outcome(declined, (fact(NeedClosed, declined),))


def require_active(need: Need) -> None:
    """Refuse a need that has ended.

    Raises:
        NeedEnded: the need is not active.

    """
    if need.state is not NeedState.ACTIVE:
        raise NeedEnded(f"The need is {need.state}; only an active one can be worked on.")


def require_settled(need: Need, attempts: Iterable[Referral]) -> None:
    """Refuse a need that has ended or whose last attempt has not.

    Raises:
        NeedEnded: the need is not active.
        AttemptOpen: a referral for it is still open.

    """
    require_active(need)
    unsettled = [attempt.state for attempt in attempts if attempt.state in moves.OPEN]
    if unsettled:
        raise AttemptOpen(f"A referral for this need is still {unsettled[0]}; end it first.")


def require_own(need: Need, principal: Principal) -> None:
    """Refuse a caller who sees the need but works for another agency.

    Raises:
        WrongSide: the need belongs to another agency.

    """
    if need.agency_id != principal.agency_id:
        raise moves.WrongSide("Only the agency that found the need decides about it.")
