"""What becomes of a need when the person decides after the screening."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import pytest

from contracts.language import InvalidRequest
from contracts.pathways import RefusalReason
from contracts.referrals import Blocker, DecideNeed, NeedState, Referral, ReferralState
from contracts.screening import Decision
from services.referrals.domain import needs
from services.referrals.domain.consent import Grant
from services.referrals.domain.deciding import Decided, decide
from services.referrals.domain.matching import Service
from services.referrals.domain.opening import Standing
from tests.support.referring import NOW, TODAY, a_grant, a_need, a_referral, a_service

S: TypeAlias = ReferralState
UNDECIDED = {"blocked_by": Blocker.DECISION}


def _decided(
    word: dict[str, Any],
    *attempts: Referral,
    grants: Iterable[Grant] = (),
    services: Iterable[Service] | None = None,
    **need: Any,
) -> Decided:
    """Return what a word of the person makes of a need that was to be discussed."""
    standing = Standing(need=a_need(**{"decision": Decision.TO_DISCUSS, **need}), attempts=attempts)
    known = [a_service(service_id=each.service_id) for each in attempts]
    return decide(
        DecideNeed(need_id=standing.need.need_id, **word),
        standing,
        {each.service_id: each for each in (known if services is None else services)},
        tuple(grants),
        at=NOW,
    )


YES: dict[str, Any] = {"decision": "agreed"}
NO: dict[str, Any] = {"decision": "refused", "reason": RefusalReason.DISTANCE}


def _types(decided: Decided) -> list[str]:
    return [event.type for event in decided.events]


def test_later_yes_is_recorded_and_sends_the_draft() -> None:
    """Nothing else was in the way."""
    decided = _decided(YES, a_referral(S.DRAFT, **UNDECIDED), grants=[a_grant()])
    assert decided.need.decision is Decision.AGREED
    assert [each.state for each in decided.moved] == [S.REQUESTED]
    assert _types(decided) == ["need.agreed.v1", "referral.requested.v1"]


def test_later_yes_without_consent_leaves_a_draft_that_says_so() -> None:
    """From now on the consent alone sends it."""
    decided = _decided(YES, a_referral(S.DRAFT, **UNDECIDED))
    assert [(each.state, each.blocked_by) for each in decided.moved] == [(S.DRAFT, Blocker.CONSENT)]
    assert _types(decided) == ["need.agreed.v1"]


def test_later_yes_to_a_service_out_of_use_leaves_a_draft_that_says_so() -> None:
    """The worker picks another service."""
    draft = a_referral(S.DRAFT, **UNDECIDED)
    stale = a_service(service_id=draft.service_id, review_due_on=TODAY)
    decided = _decided(YES, draft, grants=[a_grant()], services=[stale])
    assert [each.blocked_by for each in decided.moved] == [Blocker.SERVICE]


def test_yes_that_was_known_tells_nothing_twice() -> None:
    """Who says it again changes nothing."""
    decided = _decided(YES, a_referral(S.REQUESTED), decision=Decision.AGREED)
    assert (decided.moved, decided.events) == ((), ())


def test_yes_to_a_need_without_a_service_waits_for_one() -> None:
    """The next service that fits is asked at once."""
    decided = _decided(YES)
    assert (decided.need.decision, decided.need.state) == (Decision.AGREED, NeedState.ACTIVE)


@pytest.mark.parametrize(
    ("state", "told"),
    [(S.DRAFT, "referral.discarded.v1"), (S.REQUESTED, "referral.cancelled.v1")],
)
def test_later_no_calls_back_what_nobody_accepted(state: S, told: str) -> None:
    """Need and attempt end, with the person's reason at the need."""
    decided = _decided(NO, a_referral(state))
    assert [(each.state, each.reason) for each in decided.moved] == [
        (S.CANCELLED, "person-declined")
    ]
    assert (decided.need.state, decided.need.refusal_reason) == (NeedState.REVOKED, "distance")
    assert _types(decided) == [told, "need.closed.v1"]


@pytest.mark.parametrize("state", [S.REJECTED, S.FAILED, S.CANCELLED])
def test_later_no_ends_a_need_whose_attempts_have_ended(state: S) -> None:
    """Nothing is left to call back."""
    decided = _decided(NO, a_referral(state))
    assert (decided.moved, _types(decided)) == ((), ["need.closed.v1"])


@pytest.mark.parametrize("state", [S.ACCEPTED, S.IN_PROGRESS])
def test_no_to_what_a_recipient_works_on_goes_to_the_recipient(state: S) -> None:
    """People who know the person end it with a word to one another."""
    with pytest.raises(needs.AttemptOpen):
        _decided(NO, a_referral(state))


@pytest.mark.parametrize("word", [YES, NO], ids=["yes", "no"])
def test_ended_need_takes_no_decision(word: dict[str, Any]) -> None:
    """A new wish is a new screening."""
    with pytest.raises(needs.NeedEnded):
        _decided(word, state=NeedState.COMPLETED, closed_at=NOW)


@pytest.mark.parametrize(
    "word",
    [{"decision": "refused"}, {"decision": "agreed", "reason": RefusalReason.NOT_NOW}],
    ids=["no-without-reason", "yes-with-reason"],
)
def test_reason_belongs_to_a_refusal(word: dict[str, Any]) -> None:
    """As at the end of a screening."""
    with pytest.raises(InvalidRequest) as refused:
        _decided(word)
    assert list(refused.value.fields) == ["reason"]


def test_word_about_safety_is_told_on_the_restricted_route_alone() -> None:
    """The yes of a person who is not safe is not for everybody."""
    decided = _decided(YES, a_referral(S.DRAFT, safety=True, **UNDECIDED), safety=True)
    assert [event.restricted for event in decided.events] == [True]
