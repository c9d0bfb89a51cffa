"""The queues of a worklist: whole, apart, and only of what can still move."""

from __future__ import annotations

from contracts.referrals import Blocker, NeedQueue, ReferralQueue, ReferralState
from services.referrals.domain import moves, queues


def test_every_queue_says_what_waits_in_it() -> None:
    """A code without an entry would be a count of nothing."""
    assert [*queues.REFERRALS, *queues.NEEDS] == [*ReferralQueue, *NeedQueue]


def test_only_open_referrals_wait() -> None:
    """What has ended waits for nobody."""
    assert {waiting.state for waiting in queues.REFERRALS.values()} <= moves.OPEN


def test_every_blocked_draft_waits_in_one_queue() -> None:
    """None is lost from sight, none counted twice."""
    drafts = [each for each in queues.REFERRALS.values() if each.state is ReferralState.DRAFT]
    assert sorted(str(each.blocked_by) for each in drafts) == sorted(Blocker)


def test_no_two_queues_are_the_same() -> None:
    """Each count leads to a list of its own."""
    entries = [*queues.REFERRALS.values(), *queues.NEEDS.values()]
    assert len(set(entries)) == len(entries)
