"""What a completed screening opens, confirms and calls back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeAlias

import pytest

from chassis.clock import new_id
from contracts.language import Event
from contracts.pathways import RefusalReason
from contracts.referrals import (
    Blocker,
    NeedOutcome,
    NeedState,
    Obstacle,
    Referral,
    ReferralState,
)
from contracts.screening import Decision, ScreeningCompleted
from services.referrals.domain import needs, opening
from services.referrals.domain.opening import Known, Plan, Standing
from tests.support.referring import (
    NOW,
    SENDER,
    STRANGER,
    WITH_SAFETY,
    a_grant,
    a_need,
    a_referral,
    a_screening,
    a_service,
    an_area,
)

S: TypeAlias = ReferralState


def _types(events: Iterable[Event]) -> list[str]:
    return [event.type for event in events]


def _plan(
    event: ScreeningCompleted,
    *,
    standing: Standing | None = None,
    services: Iterable[Any] = (),
    grants: Iterable[Any] = (),
) -> Plan:
    known = Known(
        needs={} if standing is None else {standing.need.category: standing},
        services={service.service_id: service for service in services},
        grants=tuple(grants),
    )
    return opening.plan_screening(event, known, at=NOW, new_id=new_id)


def _found_again(later: Decision, *attempts: Referral, **need: Any) -> Plan:
    """Return what a later screening makes of an active need with these attempts."""
    standing = Standing(need=a_need(**need), attempts=attempts)
    event = a_screening(an_area(decision=later), person_id=standing.need.person_id)
    services = [a_service(service_id=each.service_id) for each in attempts] or [a_service()]
    return _plan(event, standing=standing, services=services, grants=[a_grant()])


def test_agreed_area_with_consent_is_requested() -> None:
    """A need, an attempt, two facts."""
    plan = _plan(a_screening(an_area()), services=[a_service()], grants=[a_grant()])
    assert _types(plan.events) == ["need.opened.v1", "referral.requested.v1"]


def test_agreed_area_without_consent_is_a_draft() -> None:
    """Nothing leaves the house."""
    plan = _plan(a_screening(an_area()), services=[a_service()])
    assert [each.blocked_by for each in plan.begun] == [Blocker.CONSENT]


def test_refused_area_opens_and_ends_a_need() -> None:
    """The refusal is recorded and nobody is asked."""
    area = an_area(decision=Decision.REFUSED, reason=RefusalReason.DISTANCE)
    plan = _plan(a_screening(area), services=[a_service()], grants=[a_grant()])
    (need,) = plan.opened.values()
    assert (need.state, need.reason, need.refusal_reason, plan.begun) == (
        NeedState.REVOKED,
        "person-declined",
        "distance",
        [],
    )


def test_area_without_service_stays_unmatched() -> None:
    """The need waits and says why."""
    plan = _plan(a_screening(an_area()), grants=[a_grant()])
    (need,) = plan.opened.values()
    assert (need.state, need.unmatched) == (NeedState.ACTIVE, (Obstacle.NO_SERVICE,))


def test_safety_area_restricts_every_event_of_its_need() -> None:
    """Need and referral are told on the restricted route alone."""
    area = an_area("SIC.1", safety=True)
    plan = _plan(
        a_screening(area),
        services=[a_service(categories=("SIC.1",))],
        grants=[a_grant(categories=frozenset(WITH_SAFETY))],
    )
    assert [event.restricted for event in plan.events] == [True, True]


def test_open_need_does_not_name_the_safety_domain() -> None:
    """An area that other answers suggest, too, shows those alone."""
    plan = _plan(a_screening(an_area("ACC.2", domains=("SIC", "CAS"))))
    assert [need.domains for need in plan.opened.values()] == [("CAS",)]


def test_second_area_goes_to_the_less_busy_of_two_equal_services() -> None:
    """What the screening itself hands out counts as load."""
    twins = [a_service(categories=("LIN.1", "LIN.2")) for _ in range(2)]
    plan = _plan(a_screening(an_area("LIN.1"), an_area("LIN.2")), services=twins)
    assert {each.service_id for each in plan.begun} == {twin.service_id for twin in twins}


def test_same_screening_told_twice_has_no_effect() -> None:
    """What it opened then is met and left alone."""
    need = a_need()
    event = a_screening(an_area(), screening_id=need.screening_id)
    plan = _plan(event, standing=Standing(need=need, attempts=()), services=[a_service()])
    assert (plan.opened, plan.changed, plan.begun, plan.events) == ({}, {}, [], [])


def test_need_found_again_is_confirmed_without_a_second_attempt() -> None:
    """The later screening is recorded at the need that is active."""
    plan = _found_again(Decision.AGREED, a_referral(S.REQUESTED))
    assert (len(plan.confirmations), plan.begun, plan.events) == (1, [], [])


def test_rejected_attempt_is_not_repeated_by_a_later_screening() -> None:
    """After a rejection the worker chooses."""
    plan = _found_again(Decision.AGREED, a_referral(S.REJECTED))
    assert plan.begun == []


def test_later_yes_sends_the_waiting_draft() -> None:
    """The draft that waited for the decision goes."""
    plan = _found_again(
        Decision.AGREED,
        a_referral(S.DRAFT, blocked_by=Blocker.DECISION),
        decision=Decision.TO_DISCUSS,
    )
    assert _types(plan.events) == ["referral.requested.v1"]


def test_later_doubt_takes_nothing_back() -> None:
    """Undecided is not a no."""
    plan = _found_again(Decision.UNDECIDED, a_referral(S.REQUESTED))
    assert plan.moved == []


def test_later_no_calls_back_the_request_and_ends_the_need() -> None:
    """What nobody accepted is cancelled."""
    plan = _found_again(Decision.REFUSED, a_referral(S.REQUESTED))
    assert _types(plan.events) == ["referral.cancelled.v1", "need.closed.v1"]


def test_later_no_leaves_an_accepted_referral_to_the_worker() -> None:
    """What a recipient works on is ended by people."""
    plan = _found_again(Decision.REFUSED, a_referral(S.ACCEPTED))
    assert (plan.moved, plan.events) == ([], [])


def test_need_that_found_no_service_looks_where_the_person_lives_now() -> None:
    """A move can bring the person near a service."""
    plan = _found_again(Decision.AGREED, municipality="001214")
    assert [each.state for each in plan.begun] == [S.REQUESTED]


def test_other_agency_only_confirms() -> None:
    """What the person tells another agency moves nothing of this one's."""
    plan = _found_again(Decision.REFUSED, a_referral(S.REQUESTED), agency_id=STRANGER)
    assert (len(plan.confirmations), plan.moved, plan.changed) == (1, [], {})


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (NeedOutcome.MET, NeedState.COMPLETED),
        (NeedOutcome.PARTLY_MET, NeedState.COMPLETED),
        (NeedOutcome.NOT_MET, NeedState.COMPLETED),
        (NeedOutcome.NO_LONGER_NEEDED, NeedState.REVOKED),
    ],
)
def test_closing_ends_the_need_as_the_outcome_says(outcome: NeedOutcome, state: NeedState) -> None:
    """FHIR tells done from no longer wanted."""
    closed = needs.close(a_need(), [a_referral(S.COMPLETED)], outcome, at=NOW)
    assert (closed.state.state, _types(closed.events)) == (state, ["need.closed.v1"])


@pytest.mark.parametrize("state", [S.DRAFT, S.REQUESTED, S.ACCEPTED, S.IN_PROGRESS])
def test_need_with_an_open_attempt_cannot_be_closed(state: S) -> None:
    """First the referral ends, then the loop."""
    with pytest.raises(needs.AttemptOpen):
        needs.close(a_need(), [a_referral(state)], NeedOutcome.MET, at=NOW)


def test_ended_need_cannot_be_closed_again() -> None:
    """A closed loop stays closed."""
    ended = replace(a_need(), state=NeedState.COMPLETED, closed_at=NOW, agency_id=SENDER)
    with pytest.raises(needs.NeedEnded):
        needs.close(ended, [], NeedOutcome.MET, at=NOW)
