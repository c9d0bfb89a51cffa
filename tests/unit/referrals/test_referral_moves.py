"""The state machine of a referral, pair by pair."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.access import Role
from contracts.language import InvalidRequest
from contracts.referrals import (
    CancellationReason,
    FailureReason,
    ReferralOutcome,
    ReferralState,
    RejectionReason,
)
from services.referrals.domain import moves
from services.referrals.domain.moves import MOVES, Side, Verb
from tests.support.referring import NOW, RECIPIENT, SENDER, STRANGER, TODAY, a_principal, a_referral

S: TypeAlias = ReferralState
DATA: Final[dict[Verb, dict[str, Any]]] = {
    Verb.SEND: {},
    Verb.ACCEPT: {"first_contact_on": TODAY + timedelta(days=3)},
    Verb.REJECT: {"reason": RejectionReason.NO_CAPACITY},
    Verb.CANCEL: {"reason": CancellationReason.NO_LONGER_NEEDED},
    Verb.START: {"first_contact_on": TODAY},
    Verb.COMPLETE: {"outcome": ReferralOutcome.SERVICE_RECEIVED},
    Verb.FAIL: {"reason": FailureReason.NO_SHOW},
}
EXPECTED: Final = {
    (S.DRAFT, Verb.SEND): (S.REQUESTED, "referral.requested.v1", {Side.SENDER, Side.SYSTEM}),
    (S.DRAFT, Verb.CANCEL): (S.CANCELLED, "referral.discarded.v1", {Side.SENDER, Side.SYSTEM}),
    (S.REQUESTED, Verb.ACCEPT): (S.ACCEPTED, "referral.accepted.v1", {Side.RECIPIENT}),
    (S.REQUESTED, Verb.REJECT): (S.REJECTED, "referral.rejected.v1", {Side.RECIPIENT}),
    (S.REQUESTED, Verb.CANCEL): (S.CANCELLED, "referral.cancelled.v1", set(Side)),
    (S.ACCEPTED, Verb.START): (S.IN_PROGRESS, "referral.started.v1", {Side.RECIPIENT}),
    (S.ACCEPTED, Verb.CANCEL): (
        S.CANCELLED,
        "referral.cancelled.v1",
        {Side.SENDER, Side.RECIPIENT},
    ),
    (S.ACCEPTED, Verb.COMPLETE): (S.COMPLETED, "referral.completed.v1", {Side.RECIPIENT}),
    (S.ACCEPTED, Verb.FAIL): (S.FAILED, "referral.failed.v1", {Side.RECIPIENT}),
    (S.IN_PROGRESS, Verb.CANCEL): (
        S.CANCELLED,
        "referral.cancelled.v1",
        {Side.SENDER, Side.RECIPIENT},
    ),
    (S.IN_PROGRESS, Verb.COMPLETE): (S.COMPLETED, "referral.completed.v1", {Side.RECIPIENT}),
    (S.IN_PROGRESS, Verb.FAIL): (S.FAILED, "referral.failed.v1", {Side.RECIPIENT}),
}
LEGAL: Final = [
    (state, verb, side) for (state, verb), how in EXPECTED.items() for side in sorted(how[2])
]


def test_table_has_exactly_the_moves_of_the_process() -> None:
    """Nothing more can happen than what was agreed."""
    assert set(EXPECTED) == set(MOVES)


@pytest.mark.parametrize(("state", "verb", "side"), LEGAL)
def test_legal_move_leads_where_it_should(state: S, verb: Verb, side: Side) -> None:
    """The state after the move is the agreed one."""
    moved = moves.move(a_referral(state), verb, by={side}, at=NOW, **DATA[verb]).state
    assert EXPECTED[state, verb][0] == moved.state


@pytest.mark.parametrize(("state", "verb", "side"), LEGAL)
def test_legal_move_tells_one_fact(state: S, verb: Verb, side: Side) -> None:
    """Every move makes exactly its event, about the new state."""
    outcome = moves.move(a_referral(state), verb, by={side}, at=NOW, **DATA[verb])
    told = [(event.type, event.dump()["state"]) for event in outcome.events]
    assert told == [(EXPECTED[state, verb][1], outcome.state.state.value)]


@pytest.mark.parametrize("pair", EXPECTED)
def test_other_side_cannot_move(pair: tuple[S, Verb]) -> None:
    """Who the move does not belong to is refused."""
    others = set(Side) - EXPECTED[pair][2]
    referral = a_referral(pair[0])
    with pytest.raises(moves.WrongSide):
        moves.move(referral, pair[1], by=others, at=NOW, **DATA[pair[1]])


@given(state=st.sampled_from(ReferralState), verb=st.sampled_from(Verb))
def test_every_pair_outside_the_table_is_a_conflict_that_explains_itself(
    state: ReferralState, verb: Verb
) -> None:
    """An illegal move says what the state is and what it allows."""
    if (state, verb) in EXPECTED:
        return
    with pytest.raises(moves.MoveIllegal) as refusal:
        moves.move(a_referral(state), verb, by=set(Side), at=NOW, **DATA[verb])
    possible = [each.value for (start, each) in EXPECTED if start is state]
    assert all(word in refusal.value.message for word in [state.value, *possible])


@given(steps=st.lists(st.sampled_from(Verb), max_size=8))
def test_any_walk_stays_on_the_table(steps: list[Verb]) -> None:
    """Whatever is tried in whatever order, each version is one legal step from the one before."""
    referral = a_referral(S.DRAFT)
    for verb in steps:
        before = referral
        try:
            referral = moves.move(before, verb, by=set(Side), at=NOW, **DATA[verb]).state
        except moves.MoveIllegal:
            continue
        assert (referral.state, referral.version) == (
            EXPECTED[before.state, verb][0],
            before.version + 1,
        )


@pytest.mark.parametrize(
    "state", [S.COMPLETED, S.FAILED, S.REJECTED, S.CANCELLED, S.ENTERED_IN_ERROR]
)
def test_nothing_leaves_an_end(state: S) -> None:
    """A referral that ended allows nothing."""
    assert moves.allowed(state) == ()


@pytest.mark.parametrize("pair", [pair for pair in EXPECTED if DATA[pair[1]]])
def test_move_without_its_data_names_the_field(pair: tuple[S, Verb]) -> None:
    """What must be told with a move is required."""
    with pytest.raises(InvalidRequest) as refusal:
        moves.move(a_referral(pair[0]), pair[1], by=set(Side), at=NOW)
    assert set(DATA[pair[1]]) == set(refusal.value.fields)


@pytest.mark.parametrize(
    ("state", "verb", "day"),
    [
        (S.REQUESTED, Verb.ACCEPT, TODAY - timedelta(days=1)),
        (S.REQUESTED, Verb.ACCEPT, TODAY + timedelta(days=400)),
        (S.ACCEPTED, Verb.START, TODAY + timedelta(days=2)),
    ],
)
def test_implausible_day_of_first_contact_is_refused(state: S, verb: Verb, day: date) -> None:
    """An expected contact lies ahead, a real one behind."""
    with pytest.raises(InvalidRequest, match="not plausible"):
        moves.move(a_referral(state), verb, by=set(Side), at=NOW, first_contact_on=day)


def test_suspended_referral_cannot_start() -> None:
    """After a withdrawal the recipient does not go on."""
    suspended = a_referral(S.ACCEPTED, sharing_suspended=True)
    with pytest.raises(moves.SharingSuspended):
        moves.move(suspended, Verb.START, by=set(Side), at=NOW, first_contact_on=TODAY)


@pytest.mark.parametrize("verb", [Verb.CANCEL, Verb.COMPLETE, Verb.FAIL])
def test_suspended_referral_can_be_ended(verb: Verb) -> None:
    """After a withdrawal the recipient can still close its file."""
    suspended = a_referral(S.ACCEPTED, sharing_suspended=True)
    ended = moves.move(suspended, verb, by={Side.RECIPIENT, Side.SENDER}, at=NOW, **DATA[verb])
    assert moves.allowed(ended.state.state) == ()


def test_sending_notes_the_moment_and_clears_the_blocker() -> None:
    """A sent draft waits for nothing."""
    sent = moves.move(a_referral(S.DRAFT), Verb.SEND, by={Side.SENDER}, at=NOW).state
    assert (sent.sent_at, sent.blocked_by) == (NOW, None)


def test_safety_of_a_referral_restricts_its_events() -> None:
    """A partner never hears of a safety referral."""
    secret = a_referral(S.REQUESTED, safety=True)
    outcome = moves.move(secret, Verb.ACCEPT, by={Side.RECIPIENT}, at=NOW, **DATA[Verb.ACCEPT])
    assert [event.restricted for event in outcome.events] == [True]


@pytest.mark.parametrize(
    ("agency_id", "role", "sides"),
    [
        (SENDER, Role.CASE_WORKER, {Side.SENDER}),
        (RECIPIENT, Role.CASE_WORKER, {Side.RECIPIENT}),
        (STRANGER, Role.CASE_WORKER, set()),
        (SENDER, Role.DESK_OPERATOR, set()),
        (RECIPIENT, Role.DESK_OPERATOR, set()),
        (SENDER, Role.NETWORK_COORDINATOR, set()),
    ],
)
def test_side_takes_agency_and_permission(agency_id: Any, role: Role, sides: set[Side]) -> None:
    """A caller acts for the own agency, with a role that may."""
    assert sides == moves.sides_of(a_referral(), a_principal(agency_id, role))


def test_agency_that_sends_to_itself_is_both_sides() -> None:
    """Inside one agency the same worker sends and answers."""
    inside = a_referral(to_agency_id=SENDER)
    assert {Side.SENDER, Side.RECIPIENT} == moves.sides_of(inside, a_principal(SENDER))
