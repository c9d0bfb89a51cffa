"""How an attempt begins, what it waits for, and what a consent that comes or goes does to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.calendar import day_of
from contracts.language import Category, DomainError, Outcome
from contracts.referrals import Blocker, CancellationReason, Ground, Referral, ReferralState
from contracts.screening import Decision
from services.referrals.domain import consent, matching, moves
from services.referrals.domain.consent import Grant, Sharing
from services.referrals.domain.matching import Service
from services.referrals.domain.moves import Side, Verb
from services.referrals.domain.needs import Need


class ServiceUnsuitable(DomainError, category=Category.CONFLICT, slug="service-unsuitable"):
    """The chosen service cannot take this need."""


class ConsentMissing(DomainError, category=Category.CONFLICT, slug="consent-missing"):
    """No live consent of the person covers the recipient."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A service for a need, with the ground of the choice and the attempt that it follows."""

    service: Service
    ground: Ground
    replaces: UUID | None = None


def begin(
    need: Need, choice: Choice, grants: Iterable[Grant], *, referral_id: UUID, at: datetime
) -> Outcome[Referral]:
    """Begin an attempt: sent at once when nothing is in its way, else a draft that says what is."""
    sharing = Sharing(
        from_agency_id=need.agency_id,
        to_agency_id=choice.service.organization_id,
        safety=need.safety,
    )
    blocker = _blocker(
        agreed=need.decision is Decision.AGREED,
        usable=not matching.obstacles_anywhere(choice.service, need.category, on=day_of(at)),
        permitted=consent.permitted(sharing, grants, on=day_of(at)),
    )
    return moves.born(
        Referral(
            referral_id=referral_id,
            need_id=need.need_id,
            person_id=need.person_id,
            screening_id=need.screening_id,
            category=need.category,
            mode=need.mode,
            state=ReferralState.DRAFT if blocker else ReferralState.REQUESTED,
            from_agency_id=need.agency_id,
            to_agency_id=choice.service.organization_id,
            service_id=choice.service.service_id,
            blocked_by=blocker,
            replaces=choice.replaces,
            chosen_by=choice.ground,
            sent_at=None if blocker else at,
            safety=need.safety,
            version=1,
            created_at=at,
            changed_at=at,
        )
    )


def reconsider(
    draft: Referral,
    service: Service | None,
    grants: Iterable[Grant],
    *,
    at: datetime,
    agreed: bool = False,
) -> tuple[Outcome[Referral], ...]:
    """Send the draft if nothing is in its way any more, else say what is; ``agreed`` is news.

    Nothing is returned when nothing changes.
    """
    blocker = _blocker(
        agreed=agreed or draft.blocked_by is not Blocker.DECISION,
        usable=not matching.obstacles_anywhere(service, draft.category, on=day_of(at)),
        permitted=consent.permitted(sharing_of(draft), grants, on=day_of(at)),
    )
    if blocker is None:
        return (moves.move(draft, Verb.SEND, by={Side.SYSTEM}, at=at),)
    return _changed(draft, at, blocked_by=blocker)


def require_sendable(
    draft: Referral, service: Service | None, grants: Iterable[Grant], *, at: datetime
) -> None:
    """Refuse to send what a worker may not send.

    Raises:
        ServiceUnsuitable: the service can no longer be used.
        ConsentMissing: no live consent covers the recipient.

    """
    require_suitable(service, draft.category, at=at)
    if not consent.permitted(sharing_of(draft), grants, on=day_of(at)):
        raise ConsentMissing(
            "No live consent of the person covers this recipient; record one, and it is sent."
        )


def require_suitable(service: Service | None, category: str, *, at: datetime) -> Service:
    """Return a service that a worker chose; whether it is near enough is the worker's judgement.

    Raises:
        ServiceUnsuitable: it is unknown, inactive, stale or offers something else.

    """
    obstacles = matching.obstacles_anywhere(service, category, on=day_of(at))
    if service is None or obstacles:
        raise ServiceUnsuitable(
            "This service cannot take the referral; choose one that is active, verified and"
            f" offers {category}.",
            fields={"service_id": [*obstacles]},
        )
    return service


def after_grant(
    attempts: Iterable[tuple[Referral, Service | None]], grants: Sequence[Grant], *, at: datetime
) -> list[Outcome[Referral]]:
    """Send the drafts that waited for the consent and let suspended referrals go on."""
    return [
        outcome
        for attempt, service in attempts
        for outcome in (
            reconsider(attempt, service, grants, at=at)
            if attempt.state is ReferralState.DRAFT
            else _resume(attempt, grants, at=at)
        )
    ]


def after_withdrawal(
    attempts: Iterable[Referral], withdrawn: Grant, grants: Sequence[Grant], *, at: datetime
) -> list[Outcome[Referral]]:
    """Take back what rested on the withdrawn consent alone.

    A request that nobody answered is cancelled. An accepted referral stays, since the recipient has
    begun to act on it, but its sharing is suspended: it can be ended and nothing else.
    """
    was = replace(withdrawn, withdrawn=False)
    return [
        outcome
        for attempt in attempts
        if consent.covers(was, sharing_of(attempt), on=was.expires_on)
        and not consent.permitted(sharing_of(attempt), grants, on=day_of(at))
        for outcome in _take_back(attempt, at=at)
    ]


def sharing_of(referral: Referral) -> Sharing:
    """Return what the referral tells, and to whom."""
    return Sharing(
        from_agency_id=referral.from_agency_id,
        to_agency_id=referral.to_agency_id,
        safety=referral.safety,
    )


def _blocker(*, agreed: bool, usable: bool, permitted: bool) -> Blocker | None:
    """Name the first thing in the way of sending."""
    clear = {Blocker.DECISION: agreed, Blocker.SERVICE: usable, Blocker.CONSENT: permitted}
    return next((blocker for blocker, is_clear in clear.items() if not is_clear), None)


def _resume(
    attempt: Referral, grants: Sequence[Grant], *, at: datetime
) -> tuple[Outcome[Referral], ...]:
    """Lift the suspension if the sharing is permitted again."""
    suspended = not consent.permitted(sharing_of(attempt), grants, on=day_of(at))
    return _changed(attempt, at, sharing_suspended=suspended)


def _take_back(attempt: Referral, *, at: datetime) -> tuple[Outcome[Referral], ...]:
    """Cancel a request, or suspend the sharing of an accepted referral."""
    if attempt.state is ReferralState.REQUESTED:
        reason = CancellationReason.CONSENT_WITHDRAWN
        return (moves.move(attempt, Verb.CANCEL, by={Side.SYSTEM}, at=at, reason=reason),)
    return _changed(attempt, at, sharing_suspended=True)


def _changed(attempt: Referral, at: datetime, **change: Any) -> tuple[Outcome[Referral], ...]:
    """Return the attempt with the change, if it is one; its state stays, so there is no event."""
    if replace(attempt, **change) == attempt:
        return ()
    return (Outcome(replace(attempt, **change, version=attempt.version + 1, changed_at=at)),)
