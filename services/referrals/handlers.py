"""What the service does: load, let the rules decide, keep, tell; each in one unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar
from uuid import UUID

from chassis import teams
from chassis.paging import position
from chassis.unit import Unit
from contracts.calendar import day_of
from contracts.catalogue import ServicePublished
from contracts.intake import CaseStaffed, ConsentGranted, ConsentWithdrawn
from contracts.language import Outcome
from contracts.referrals import (
    AcceptReferral,
    CancelReferral,
    CloseNeed,
    CompleteReferral,
    DecideNeed,
    ExplainMatches,
    FailReferral,
    GetReferral,
    GetWorklist,
    Ground,
    ListNeeds,
    ListReferrals,
    Matches,
    Need,
    NeedPage,
    Referral,
    ReferralPage,
    RejectReferral,
    RerouteNeed,
    SendReferral,
    StartReferral,
    Worklist,
)
from contracts.screening import ScreeningCompleted
from services.referrals.domain import attempts, deciding, explaining, moves, needs, opening
from services.referrals.domain.matching import Service
from services.referrals.domain.moves import Verb
from services.referrals.domain.reach import Reach
from services.referrals.store import ReferralsStore

Work = Unit[ReferralsStore]
T = TypeVar("T")

NEWEST: Final = UUID(int=2**128 - 1)
"""Every id is older: ids are sorted by time of birth."""


def on_screening_completed(unit: Work, event: ScreeningCompleted) -> None:
    """Open what the screening found, and try to meet it."""
    categories = {area.category for area in event.areas}
    if not categories:
        return
    unit.store.lock_person(event.person_id)
    teams.keep_owner(unit, event.screening_id, event.agency_id, event.worker_id)
    known = opening.Known(
        needs=unit.store.standings(event.person_id, event.screening_id, categories),
        services=unit.store.services_offering(categories),
        grants=unit.store.grants(event.person_id),
    )
    plan = opening.plan_screening(event, known, at=unit.now, new_id=unit.new_id)
    unit.store.keep_plan(plan)
    unit.publish(*plan.events)


def on_service_published(unit: Work, event: ServicePublished) -> None:
    """Keep what is known of the service, and give it to what waited for it."""
    unit.store.lock_catalogue()
    if unit.message is None or not unit.store.keep_service(event, unit.message.sequence):
        return
    service = Service(
        service_id=event.service_id,
        organization_id=event.organization_id,
        status=event.status,
        categories=event.categories,
        municipalities=event.municipalities,
        languages=event.languages,
        review_due_on=event.review_due_on,
    )
    wanting, drafts = unit.store.waiting_needs(service), unit.store.waiting_drafts(event.service_id)
    persons = {need.person_id for need in wanting} | {draft.person_id for draft in drafts}
    waiting = opening.Waiting(needs=wanting, drafts=drafts, grants=unit.store.grants_of(persons))
    plan = opening.plan_service(service, waiting, at=unit.now, new_id=unit.new_id)
    unit.store.keep_plan(plan)
    unit.publish(*plan.events)


def on_consent_granted(unit: Work, event: ConsentGranted) -> None:
    """Keep the consent, send what waited for it and let go on what was suspended."""
    unit.store.lock_person(event.person_id)
    unit.store.keep_consent(event)
    waiting = unit.store.waiting_attempts(event.person_id)
    if not waiting:
        return
    services = unit.store.services_of(waiting)
    _keep_moved(
        unit,
        attempts.after_grant(
            [(attempt, services.get(attempt.service_id)) for attempt in waiting],
            unit.store.grants(event.person_id),
            at=unit.now,
        ),
    )


def on_consent_withdrawn(unit: Work, event: ConsentWithdrawn) -> None:
    """Keep the withdrawal, and take back what rested on the consent alone."""
    unit.store.lock_person(event.person_id)
    withdrawn = unit.store.withdraw_consent(event)
    if withdrawn is None:
        return
    sent = unit.store.sent_attempts(event.person_id)
    left = unit.store.grants(event.person_id)
    _keep_moved(unit, attempts.after_withdrawal(sent, withdrawn, left, at=unit.now))


def on_case_staffed(unit: Work, event: CaseStaffed) -> None:
    """Keep who is on the team of a person's case."""
    teams.keep_team(unit, event.person_id, event.agency_id, event.team)


def list_referrals(unit: Work, query: ListReferrals) -> ReferralPage:
    """Show a page of referrals in the caller's reach."""
    reach, before = Reach.of(unit.principal), position(query.cursor) or NEWEST
    found = unit.store.list_referrals(query, reach, before, today=day_of(unit.now))
    items, more = _page(found, query.limit)
    return ReferralPage(items=items, next_cursor=str(items[-1].referral_id) if more else None)


def get_referral(unit: Work, query: GetReferral) -> Referral:
    """Show one referral."""
    return unit.store.referral(query.referral_id, Reach.of(unit.principal))


def list_needs(unit: Work, query: ListNeeds) -> NeedPage:
    """Show a page of needs in the caller's reach, with their referrals."""
    found = unit.store.list_needs(query, Reach.of(unit.principal), position(query.cursor) or NEWEST)
    page, more = _page(found, query.limit)
    return NeedPage(
        items=tuple(needs.show(standing.need, standing.attempts) for standing in page),
        next_cursor=str(page[-1].need.need_id) if more else None,
    )


def explain_matches(unit: Work, query: ExplainMatches) -> Matches:
    """Show who would be asked, and why not the others."""
    categories = {area.category for area in query.areas}
    viewpoint = explaining.Viewpoint(
        agency_id=unit.principal.agency_id,
        grants=None if query.person_id is None else tuple(unit.store.grants(query.person_id)),
        today=day_of(unit.now),
    )
    return explaining.explain(query, unit.store.services_offering(categories), viewpoint)


def get_worklist(unit: Work, _query: GetWorklist) -> Worklist:
    """Count what waits for the caller's agency."""
    return unit.store.worklist(Reach.of(unit.principal), today=day_of(unit.now))


def send_referral(unit: Work, command: SendReferral) -> Referral:
    """Send a draft; a worker who sends it says that the person agreed."""
    draft, outcome = _moved(unit, command.referral_id, Verb.SEND)
    service = unit.store.service(draft.service_id)
    grants = unit.store.grants(draft.person_id)
    attempts.require_sendable(draft, service, grants, at=unit.now)
    standing = unit.store.need_to_change(draft.need_id, Reach.of(unit.principal))
    agreed, told = deciding.agree(standing.need)
    unit.store.keep_needs([agreed])
    unit.publish(*told)
    _keep_moved(unit, [outcome])
    return outcome.state


def accept_referral(unit: Work, command: AcceptReferral) -> Referral:
    """Say yes."""
    return _move(unit, command.referral_id, Verb.ACCEPT, first_contact_on=command.first_contact_on)


def reject_referral(unit: Work, command: RejectReferral) -> Referral:
    """Say no; the need stays with the referrer."""
    return _move(unit, command.referral_id, Verb.REJECT, reason=command.reason)


def cancel_referral(unit: Work, command: CancelReferral) -> Referral:
    """End an open referral."""
    return _move(unit, command.referral_id, Verb.CANCEL, reason=command.reason)


def start_referral(unit: Work, command: StartReferral) -> Referral:
    """Record the first real contact."""
    return _move(unit, command.referral_id, Verb.START, first_contact_on=command.first_contact_on)


def complete_referral(unit: Work, command: CompleteReferral) -> Referral:
    """Record what the person received."""
    return _move(unit, command.referral_id, Verb.COMPLETE, outcome=command.outcome)


def fail_referral(unit: Work, command: FailReferral) -> Referral:
    """Record that it came to nothing."""
    return _move(unit, command.referral_id, Verb.FAIL, reason=command.reason)


def reroute_need(unit: Work, command: RerouteNeed) -> Referral:
    """Try the service that the worker chose."""
    standing = unit.store.need_to_change(command.need_id, Reach.of(unit.principal))
    needs.require_own(standing.need, unit.principal)
    needs.require_settled(standing.need, standing.attempts)
    found = unit.store.service(command.service_id)
    choice = attempts.Choice(
        service=attempts.require_suitable(found, standing.need.category, at=unit.now),
        ground=Ground.WORKER,
        replaces=standing.attempts[-1].referral_id if standing.attempts else None,
    )
    grants = unit.store.grants(standing.need.person_id)
    outcome = attempts.begin(standing.need, choice, grants, referral_id=unit.new_id(), at=unit.now)
    unit.store.keep_needs([replace(standing.need, unmatched=())])
    unit.store.keep_begun([outcome.state])
    unit.publish(*outcome.events)
    return outcome.state


def decide_need(unit: Work, command: DecideNeed) -> Need:
    """Record the person's word, and let the attempts follow."""
    standing = unit.store.need_to_change(command.need_id, Reach.of(unit.principal))
    needs.require_own(standing.need, unit.principal)
    services = unit.store.services_of(standing.attempts)
    grants = unit.store.grants(standing.need.person_id)
    decided = deciding.decide(command, standing, services, grants, at=unit.now)
    unit.store.keep_needs([decided.need])
    unit.store.keep_moved(decided.moved)
    unit.publish(*decided.events)
    after = {attempt.referral_id: attempt for attempt in decided.moved}
    attempts_now = [after.get(each.referral_id, each) for each in standing.attempts]
    return needs.show(decided.need, attempts_now)


def close_need(unit: Work, command: CloseNeed) -> Need:
    """Close the loop."""
    standing = unit.store.need_to_change(command.need_id, Reach.of(unit.principal))
    needs.require_own(standing.need, unit.principal)
    outcome = needs.close(standing.need, standing.attempts, command.outcome, at=unit.now)
    unit.store.keep_needs([outcome.state])
    unit.publish(*outcome.events)
    return needs.show(outcome.state, standing.attempts)


def _move(unit: Work, referral_id: UUID, verb: Verb, **data: Any) -> Referral:
    """Do one move for the caller, and keep it."""
    _, outcome = _moved(unit, referral_id, verb, **data)
    _keep_moved(unit, [outcome])
    return outcome.state


def _moved(
    unit: Work, referral_id: UUID, verb: Verb, **data: Any
) -> tuple[Referral, Outcome[Referral]]:
    """Return a referral as it is, nobody else changing it, and what the move makes of it."""
    referral = unit.store.referral_to_change(referral_id, Reach.of(unit.principal))
    sides = moves.sides_of(referral, unit.principal)
    return referral, moves.move(referral, verb, by=sides, at=unit.now, **data)


def _keep_moved(unit: Work, outcomes: Sequence[Outcome[Referral]]) -> None:
    """Keep moved referrals and tell of them."""
    unit.store.keep_moved([outcome.state for outcome in outcomes])
    unit.publish(*(event for outcome in outcomes for event in outcome.events))


def _page(found: Sequence[T], limit: int) -> tuple[tuple[T, ...], bool]:
    """Return what fits on a page, and whether there is more."""
    return tuple(found[:limit]), len(found) > limit
