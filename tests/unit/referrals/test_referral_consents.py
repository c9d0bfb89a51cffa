"""What a consent allows, what it sets going, and what its withdrawal takes back."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

from chassis.clock import new_id
from contracts.catalogue import ServiceStatus
from contracts.intake import DataCategory
from contracts.referrals import Blocker, Ground, ReferralState
from contracts.screening import Decision
from services.referrals.domain import attempts, consent
from services.referrals.domain.attempts import Choice, ConsentMissing, ServiceUnsuitable
from services.referrals.domain.consent import Sharing
from tests.support.referring import (
    ENOUGH,
    NOW,
    RECIPIENT,
    SENDER,
    STRANGER,
    TODAY,
    WITH_SAFETY,
    YESTERDAY,
    a_grant,
    a_need,
    a_referral,
    a_service,
)

S: TypeAlias = ReferralState


def _sharing(*, safety: bool = False, to: Any = RECIPIENT) -> Sharing:
    return Sharing(from_agency_id=SENDER, to_agency_id=to, safety=safety)


@pytest.mark.parametrize(
    ("grant", "safety", "expected"),
    [
        ({}, False, True),
        ({"recipient_id": RECIPIENT}, False, True),
        ({"recipient_id": STRANGER}, False, False),
        ({"expires_on": TODAY}, False, True),
        ({"expires_on": YESTERDAY}, False, False),
        ({"withdrawn": True}, False, False),
        ({"categories": frozenset({DataCategory.IDENTITY})}, False, False),
        ({"categories": frozenset({DataCategory.NEEDS})}, False, False),
        ({"categories": frozenset(DataCategory)}, False, True),
        ({"categories": frozenset(ENOUGH)}, True, False),
        ({"categories": frozenset(WITH_SAFETY)}, True, True),
    ],
)
def test_consent_covers_exactly_what_it_says(
    grant: dict[str, Any], *, safety: bool, expected: bool
) -> None:
    """Recipient, categories, last day and withdrawal decide."""
    assert consent.covers(a_grant(**grant), _sharing(safety=safety), on=TODAY) is expected


@pytest.mark.parametrize("safety", [False, True])
def test_inside_one_agency_no_consent_is_needed(*, safety: bool) -> None:
    """What stays in the house is not shared."""
    assert consent.permitted(_sharing(safety=safety, to=SENDER), (), on=TODAY)


def test_two_halves_of_a_consent_do_not_make_one() -> None:
    """Identity from one consent and needs from another were never allowed together."""
    halves = [a_grant(categories=frozenset({each})) for each in ENOUGH]
    assert not consent.permitted(_sharing(), halves, on=TODAY)


@pytest.mark.parametrize(
    ("decision", "service", "grants", "blocker"),
    [
        (Decision.AGREED, {}, [a_grant()], None),
        (Decision.AGREED, {}, [], Blocker.CONSENT),
        (Decision.UNDECIDED, {}, [a_grant()], Blocker.DECISION),
        (Decision.TO_DISCUSS, {}, [], Blocker.DECISION),
        (Decision.AGREED, {"review_due_on": TODAY}, [a_grant()], Blocker.SERVICE),
        (Decision.AGREED, {"organization_id": SENDER}, [], None),
    ],
)
def test_new_attempt_is_sent_or_says_what_it_waits_for(
    decision: Decision, service: dict[str, Any], grants: list[Any], blocker: Blocker | None
) -> None:
    """Decision, service and consent must all be there."""
    choice = Choice(service=a_service(**service), ground=Ground.ONLY_CANDIDATE)
    need = a_need(decision=decision)
    begun = attempts.begin(need, choice, grants, referral_id=new_id(), at=NOW).state
    expected = S.DRAFT if blocker else S.REQUESTED
    assert (begun.state, begun.blocked_by) == (expected, blocker)


def test_consent_sends_the_draft_that_waited_for_it() -> None:
    """Whatever came first, the draft goes."""
    draft = a_referral(S.DRAFT, blocked_by=Blocker.CONSENT)
    (sent,) = attempts.after_grant([(draft, a_service())], [a_grant()], at=NOW)
    assert [event.type for event in sent.events] == ["referral.requested.v1"]


def test_consent_does_not_decide_for_the_person() -> None:
    """A draft that waits for the person's decision goes on waiting."""
    draft = a_referral(S.DRAFT, blocked_by=Blocker.DECISION)
    assert attempts.after_grant([(draft, a_service())], [a_grant()], at=NOW) == []


@pytest.mark.parametrize("service", [None, a_service(status=ServiceStatus.INACTIVE)])
def test_draft_for_a_service_that_closed_waits_for_the_service(service: Any) -> None:
    """A consent sends nothing to a closed door."""
    draft = a_referral(S.DRAFT, blocked_by=Blocker.CONSENT)
    (kept,) = attempts.after_grant([(draft, service)], [a_grant()], at=NOW)
    assert (kept.state.blocked_by, kept.events) == (Blocker.SERVICE, ())


def test_consent_lets_a_suspended_referral_go_on() -> None:
    """A new consent ends the suspension."""
    suspended = a_referral(S.ACCEPTED, sharing_suspended=True)
    (resumed,) = attempts.after_grant([(suspended, None)], [a_grant()], at=NOW)
    assert resumed.state.sharing_suspended is False


def test_withdrawal_cancels_an_unanswered_request() -> None:
    """What nobody accepted is taken back, with the reason."""
    (cancelled,) = attempts.after_withdrawal([a_referral(S.REQUESTED)], a_grant(), [], at=NOW)
    assert (cancelled.state.state, cancelled.state.reason) == (S.CANCELLED, "consent-withdrawn")


@pytest.mark.parametrize("state", [S.ACCEPTED, S.IN_PROGRESS])
def test_withdrawal_suspends_an_accepted_referral(state: S) -> None:
    """What the recipient has begun stays in its state, but its sharing ends."""
    (kept,) = attempts.after_withdrawal([a_referral(state)], a_grant(), [], at=NOW)
    assert (kept.state.state, kept.state.sharing_suspended) == (state, True)


@pytest.mark.parametrize(
    ("referral", "withdrawn", "left"),
    [
        ({}, {}, [a_grant(recipient_id=RECIPIENT)]),
        ({}, {"recipient_id": STRANGER}, []),
        ({"to_agency_id": SENDER}, {}, []),
        ({"safety": True}, {"categories": frozenset(ENOUGH)}, []),
    ],
    ids=["another-consent", "another-recipient", "own-agency", "never-covered-safety"],
)
def test_withdrawal_leaves_what_did_not_rest_on_it(
    referral: dict[str, Any], withdrawn: dict[str, Any], left: list[Any]
) -> None:
    """Only what that consent alone carried is taken back."""
    requested = a_referral(S.REQUESTED, **referral)
    assert attempts.after_withdrawal([requested], a_grant(**withdrawn), left, at=NOW) == []


def test_withdrawal_of_an_expired_consent_still_takes_back() -> None:
    """Who withdraws after the last day means it as well."""
    expired = a_grant(expires_on=YESTERDAY)
    assert len(attempts.after_withdrawal([a_referral()], expired, [], at=NOW)) == 1


def test_worker_cannot_send_without_consent() -> None:
    """The rule is the same by hand."""
    with pytest.raises(ConsentMissing):
        attempts.require_sendable(a_referral(S.DRAFT), a_service(), [], at=NOW)


def test_worker_cannot_send_to_a_service_that_closed() -> None:
    """The rule is the same by hand, and names the field."""
    closed = a_service(status=ServiceStatus.DEFUNCT)
    with pytest.raises(ServiceUnsuitable) as refusal:
        attempts.require_sendable(a_referral(S.DRAFT), closed, [a_grant()], at=NOW)
    assert refusal.value.fields == {"service_id": ["inactive"]}
