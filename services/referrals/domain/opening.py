"""What a completed screening sets going: needs, attempts, and news about needs known already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.calendar import day_of
from contracts.language import Event, Outcome
from contracts.referrals import (
    CancellationReason,
    Mode,
    NeedOpened,
    NeedState,
    Referral,
    ReferralState,
)
from contracts.screening import Decision, ScreeningCompleted, SuggestedArea
from services.referrals.domain import attempts, matching, moves, needs
from services.referrals.domain.consent import Grant
from services.referrals.domain.matching import Service
from services.referrals.domain.moves import Side, Verb
from services.referrals.domain.needs import Need

SAFETY_DOMAIN: Final = "SIC"
RECALLED: Final = frozenset({ReferralState.DRAFT, ReferralState.REQUESTED})
"""What no recipient has begun to act on: a no of the person calls it back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A need as it stands, with its attempts, oldest first."""

    need: Need
    attempts: tuple[Referral, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What was known when the screening arrived; ``needs`` by category, ``services`` by id."""

    needs: Mapping[str, Standing]
    services: Mapping[UUID, Service]
    grants: Sequence[Grant]


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """What may have waited for a service; ``grants`` by person."""

    needs: Sequence[Need]
    drafts: Sequence[Referral]
    grants: Mapping[UUID, Sequence[Grant]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmation:
    """A later screening found a need that was active already."""

    need_id: UUID
    screening_id: UUID
    mode: Mode
    decision: Decision
    safety: bool
    confirmed_at: datetime


@dataclass(kw_only=True, slots=True)
class Plan:
    """What to store and to tell, as it grows; it keeps count of what it gives to each service."""

    at: datetime
    new_id: Callable[[], UUID]
    services: dict[UUID, Service]
    opened: dict[UUID, Need] = field(default_factory=dict)
    changed: dict[UUID, Need] = field(default_factory=dict)
    confirmations: list[Confirmation] = field(default_factory=list)
    begun: list[Referral] = field(default_factory=list)
    moved: list[Referral] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def seek(self, need: Need, grants: Sequence[Grant]) -> None:
        """Begin an attempt with the best service, or note what stands against every one."""
        found = matching.match(self.services.values(), need.wish, on=day_of(self.at))
        self.keep(replace(need, unmatched=found.unmatched))
        if found.service is None or found.ground is None:
            return
        service = found.service
        self.services[service.service_id] = replace(service, load=service.load + 1)
        choice = attempts.Choice(service=service, ground=found.ground)
        begun = attempts.begin(need, choice, grants, referral_id=self.new_id(), at=self.at)
        self.begun.append(begun.state)
        self.events.extend(begun.events)

    def keep(self, need: Need) -> None:
        """Put the need's newest state where it belongs."""
        shelf = self.opened if need.need_id in self.opened else self.changed
        shelf[need.need_id] = need

    def end(self, outcome: Outcome[Need]) -> None:
        """Keep an ended need and its facts."""
        self.keep(outcome.state)
        self.events.extend(outcome.events)

    def move(self, *outcomes: Outcome[Referral]) -> None:
        """Keep moved attempts and their facts."""
        for outcome in outcomes:
            self.moved.append(outcome.state)
            self.events.extend(outcome.events)


def plan_screening(
    event: ScreeningCompleted, known: Known, *, at: datetime, new_id: Callable[[], UUID]
) -> Plan:
    """Work out the effects of a screening; the same screening told twice has none."""
    plan = Plan(at=at, new_id=new_id, services=dict(known.services))
    for area in event.areas:
        standing = known.needs.get(area.category)
        if standing is None:
            _open(plan, event, area, known.grants)
        elif standing.need.screening_id != event.screening_id:
            _confirm(plan, event, area, standing, known.grants)
    return plan


def plan_service(
    service: Service, waiting: Waiting, *, at: datetime, new_id: Callable[[], UUID]
) -> Plan:
    """Give a published service to the needs that waited for one, and see to the drafts for it."""
    plan = Plan(at=at, new_id=new_id, services={service.service_id: service})
    for need in waiting.needs:
        if not matching.obstacles_to(service, need.wish, on=day_of(at)):
            plan.seek(need, waiting.grants.get(need.person_id, ()))
    for draft in waiting.drafts:
        grants = waiting.grants.get(draft.person_id, ())
        plan.move(*attempts.reconsider(draft, service, grants, at=at))
    return plan


def _open(
    plan: Plan, event: ScreeningCompleted, area: SuggestedArea, grants: Sequence[Grant]
) -> None:
    """Open a need with an attempt, unless the person declined it."""
    need = Need(
        need_id=plan.new_id(),
        person_id=event.person_id,
        screening_id=event.screening_id,
        agency_id=event.agency_id,
        category=area.category,
        domains=_shown(area),
        mode=area.mode,
        state=NeedState.ACTIVE,
        decision=area.decision,
        safety=area.safety,
        municipality=event.context.municipality,
        language=event.context.language,
        opened_at=plan.at,
    )
    plan.opened[need.need_id] = need
    plan.events.append(needs.fact(NeedOpened, need))
    if area.decision is Decision.REFUSED:
        plan.end(needs.decline(need, area.reason, at=plan.at))
    else:
        plan.seek(need, grants)


def _confirm(
    plan: Plan,
    event: ScreeningCompleted,
    area: SuggestedArea,
    standing: Standing,
    grants: Sequence[Grant],
) -> None:
    """Record that the need was found again; what the person says to the need's agency counts."""
    plan.confirmations.append(
        Confirmation(
            need_id=standing.need.need_id,
            screening_id=event.screening_id,
            mode=area.mode,
            decision=area.decision,
            safety=area.safety,
            confirmed_at=plan.at,
        )
    )
    if standing.need.agency_id != event.agency_id:
        return
    if area.decision is Decision.REFUSED:
        _recall(plan, area, standing)
    else:
        _renew(plan, event, area, standing, grants)


def _renew(
    plan: Plan,
    event: ScreeningCompleted,
    area: SuggestedArea,
    standing: Standing,
    grants: Sequence[Grant],
) -> None:
    """Send the draft that waited for a yes; seek again what was never found."""
    agreed = area.decision is Decision.AGREED
    need = replace(
        standing.need,
        decision=area.decision if agreed else standing.need.decision,
        municipality=event.context.municipality,
        language=event.context.language,
    )
    plan.keep(need)
    if not standing.attempts:
        plan.seek(need, grants)
    for attempt in standing.attempts:
        if agreed and attempt.state is ReferralState.DRAFT:
            service = plan.services.get(attempt.service_id)
            plan.move(*attempts.reconsider(attempt, service, grants, at=plan.at, agreed=True))


def _recall(plan: Plan, area: SuggestedArea, standing: Standing) -> None:
    """Call back what no recipient has accepted; with no other attempt open, the need ends."""
    still_open = [attempt for attempt in standing.attempts if attempt.state in moves.OPEN]
    reason = CancellationReason.PERSON_DECLINED
    for attempt in still_open:
        if attempt.state in RECALLED:
            plan.move(moves.move(attempt, Verb.CANCEL, by={Side.SYSTEM}, at=plan.at, reason=reason))
    if all(attempt.state in RECALLED for attempt in still_open):
        plan.end(needs.decline(standing.need, area.reason, at=plan.at))


def _shown(area: SuggestedArea) -> tuple[str, ...]:
    """Return the domains that may be told: a need that is no secret must not name safety."""
    return tuple(domain for domain in area.domains if area.safety or domain != SAFETY_DOMAIN)
