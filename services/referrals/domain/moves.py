"""The state machine of a referral, whole, as one table.

What is not in ``MOVES`` cannot happen. A referral that ended never moves again: a correction is a
new attempt. Taking back the consent of an accepted one changes no state, it suspends the sharing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from contracts.access import Principal
from contracts.calendar import day_of
from contracts.language import Category, DomainError, Event, InvalidRequest, Outcome
from contracts.referrals import (
    Referral,
    ReferralAccepted,
    ReferralCancelled,
    ReferralCompleted,
    ReferralDiscarded,
    ReferralDrafted,
    ReferralFact,
    ReferralFailed,
    ReferralRejected,
    ReferralRequested,
    ReferralStarted,
    ReferralState,
)


class MoveIllegal(DomainError, category=Category.CONFLICT, slug="referral-move-illegal"):
    """The referral's state does not allow the move."""


class SharingSuspended(DomainError, category=Category.CONFLICT, slug="sharing-suspended"):
    """The person withdrew the consent: the referral can be ended, but not go on."""


class WrongSide(DomainError, category=Category.FORBIDDEN, slug="wrong-side"):
    """The move belongs to the other agency, or to a role that the caller does not hold."""


class Side(StrEnum):
    """Who may move a referral; ``SYSTEM`` moves it when a consent comes or goes."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    SYSTEM = "system"


class Verb(StrEnum):
    """What can be done to a referral."""

    SEND = "send"
    ACCEPT = "accept"
    REJECT = "reject"
    CANCEL = "cancel"
    START = "start"
    COMPLETE = "complete"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Move:
    """Where a verb leads, whose it is, the fact it makes and what must be told with it."""

    to: ReferralState
    by: frozenset[Side]
    event: type[Event]
    data: frozenset[str] = frozenset()
    shares: bool = False


_S: Final = ReferralState
_SENDING: Final = frozenset({Side.SENDER, Side.SYSTEM})
_RECEIVING: Final = frozenset({Side.RECIPIENT})
_EITHER: Final = frozenset({Side.SENDER, Side.RECIPIENT})
_REASON: Final = frozenset({"reason"})
_OUTCOME: Final = frozenset({"outcome"})
_CONTACT: Final = frozenset({"first_contact_on"})

_FINISH: Final = {
    Verb.CANCEL: Move(_S.CANCELLED, _EITHER, ReferralCancelled, _REASON),
    Verb.COMPLETE: Move(_S.COMPLETED, _RECEIVING, ReferralCompleted, _OUTCOME),
    Verb.FAIL: Move(_S.FAILED, _RECEIVING, ReferralFailed, _REASON),
}
MOVES: Final[Mapping[tuple[ReferralState, Verb], Move]] = {
    (_S.DRAFT, Verb.SEND): Move(_S.REQUESTED, _SENDING, ReferralRequested),
    (_S.DRAFT, Verb.CANCEL): Move(_S.CANCELLED, _SENDING, ReferralDiscarded, _REASON),
    (_S.REQUESTED, Verb.ACCEPT): Move(
        _S.ACCEPTED, _RECEIVING, ReferralAccepted, _CONTACT, shares=True
    ),
    (_S.REQUESTED, Verb.REJECT): Move(_S.REJECTED, _RECEIVING, ReferralRejected, _REASON),
    (_S.REQUESTED, Verb.CANCEL): Move(
        _S.CANCELLED, _EITHER | {Side.SYSTEM}, ReferralCancelled, _REASON
    ),
    (_S.ACCEPTED, Verb.START): Move(
        _S.IN_PROGRESS, _RECEIVING, ReferralStarted, _CONTACT, shares=True
    ),
    **{(_S.ACCEPTED, verb): move for verb, move in _FINISH.items()},
    **{(_S.IN_PROGRESS, verb): move for verb, move in _FINISH.items()},
}
OPEN: Final = frozenset(state for state, _ in MOVES)
"""States that something can still leave: an attempt in one of them is open."""

_CONTACT_WINDOW: Final[Mapping[Verb, tuple[int, int]]] = {
    Verb.ACCEPT: (0, 366),
    Verb.START: (-366, 1),
}
"""Days before and after today (in UTC) between which a first contact is plausible: an accepted one
lies ahead, a real one behind, but shortly after midnight in Italy today is tomorrow in UTC."""


def allowed(state: ReferralState) -> tuple[Verb, ...]:
    """Return what can be done in a state."""
    return tuple(verb for verb in Verb if (state, verb) in MOVES)


def sides_of(referral: Referral, principal: Principal) -> frozenset[Side]:
    """Return the sides that the caller may act for, by agency and by permission."""
    held = {
        Side.SENDER: (referral.from_agency_id, "referral:send"),
        Side.RECIPIENT: (referral.to_agency_id, "referral:answer"),
    }
    return frozenset(
        side
        for side, (agency_id, permission) in held.items()
        if agency_id == principal.agency_id and principal.scope(permission) is not None
    )


def move(
    referral: Referral, verb: Verb, *, by: Iterable[Side], at: datetime, **data: Any
) -> Outcome[Referral]:
    """Do one move, with the fact that tells of it.

    Raises:
        MoveIllegal: the state does not allow it.
        WrongSide: it is not the caller's to make.
        SharingSuspended: it would go on with what the person no longer allows.
        InvalidRequest: something that must be told with it is missing or implausible.

    """
    step = MOVES.get((referral.state, verb))
    if step is None:
        raise MoveIllegal(_illegal(referral.state, verb))
    if step.by.isdisjoint(by):
        raise WrongSide(f"To {verb} this referral takes the {' or the '.join(sorted(step.by))}.")
    if step.shares and referral.sharing_suspended:
        raise SharingSuspended("The person withdrew the consent; the referral can only be ended.")
    _check(verb, step, data, at)
    moved = replace(
        referral,
        state=step.to,
        blocked_by=None,
        sent_at=at if step.to is ReferralState.REQUESTED else referral.sent_at,
        version=referral.version + 1,
        changed_at=at,
        **data,
    )
    return Outcome(moved, (fact(step.event, moved),))


def born(referral: Referral) -> Outcome[Referral]:
    """Return a new referral with the fact that tells of it."""
    event = {ReferralState.DRAFT: ReferralDrafted, ReferralState.REQUESTED: ReferralRequested}
    return Outcome(referral, (fact(event[referral.state], referral),))


_FACT: Final = tuple(field.name for field in fields(ReferralFact))


def fact(event: type[Event], referral: Referral) -> Event:
    """Return an event about the referral as it is now."""
    return event(**{name: getattr(referral, name) for name in _FACT})


def _illegal(state: ReferralState, verb: Verb) -> str:
    """Say what the state is and what it allows."""
    choices = ", ".join(allowed(state)) or "nothing, it has ended"
    return f"One cannot {verb} a referral that is {state}; from there one can: {choices}."


def _check(verb: Verb, step: Move, data: Mapping[str, Any], at: datetime) -> None:
    """Refuse a move without the data it takes, or with other data."""
    missing = sorted(step.data ^ {name for name, value in data.items() if value is not None})
    if missing:
        raise InvalidRequest(
            f"To {verb} a referral takes exactly: {', '.join(sorted(step.data)) or 'nothing'}.",
            fields={name: ["Wrong or missing here."] for name in missing},
        )
    if verb not in _CONTACT_WINDOW:
        return
    earliest, latest = (day_of(at) + timedelta(days=days) for days in _CONTACT_WINDOW[verb])
    if not earliest <= data["first_contact_on"] <= latest:
        raise InvalidRequest(
            "The day of the first contact is not plausible.",
            fields={"first_contact_on": [f"Must lie between {earliest} and {latest}."]},
        )
