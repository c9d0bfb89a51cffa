"""The rules of pathways: who gets a place, who waits and in which order, and what follows what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from contracts.access import Principal, Scope
from contracts.language import Event, Outcome
from contracts.pathways import (
    EnrolmentConfirmed,
    EnrolmentMoveImpossible,
    EnrolmentProposed,
    EnrolmentRefused,
    EnrolmentState,
    EnrolmentWaitlisted,
    EnrolmentWithdrawn,
    PathwayNotOffered,
)
from contracts.screening import Decision, ScreeningCompleted, ScreeningContext, SuggestedPathway


class Verb(StrEnum):
    """What can be done with an enrolment."""

    ENROL = "enrol"
    WAITLIST = "waitlist"
    PROMOTE = "promote"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


_S = EnrolmentState
MOVES: Final[dict[tuple[EnrolmentState, Verb], EnrolmentState]] = {
    (_S.PROPOSED, Verb.ENROL): _S.ENROLLED,
    (_S.PROPOSED, Verb.WAITLIST): _S.WAITING_LIST,
    (_S.PROPOSED, Verb.REFUSE): _S.REFUSED,
    (_S.WAITING_LIST, Verb.PROMOTE): _S.ENROLLED,
    (_S.WAITING_LIST, Verb.REFUSE): _S.REFUSED,
    (_S.WAITING_LIST, Verb.WITHDRAW): _S.WITHDRAWN,
    (_S.ENROLLED, Verb.WITHDRAW): _S.WITHDRAWN,
}
OPEN: Final = frozenset({_S.PROPOSED, _S.WAITING_LIST, _S.ENROLLED})
TELLS: Final[dict[EnrolmentState, Callable[..., Event]]] = {
    _S.PROPOSED: EnrolmentProposed,
    _S.WAITING_LIST: EnrolmentWaitlisted,
    _S.ENROLLED: EnrolmentConfirmed,
    _S.REFUSED: EnrolmentRefused,
    _S.WITHDRAWN: EnrolmentWithdrawn,
}
_ANSWERED: Final[dict[Decision, Verb]] = {
    Decision.AGREED: Verb.ENROL,
    Decision.REFUSED: Verb.REFUSE,
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where one person stands with one pathway; ``rank`` and ``waiting_since`` order the waiting.

    ``safety`` holds while only screenings with safety answers have suggested the pathway.
    """

    enrolment_id: UUID
    person_id: UUID
    screening_id: UUID
    agency_id: UUID
    pathway: str
    state: EnrolmentState
    reason: str | None
    safety: bool
    rank: int
    waiting_since: datetime | None
    version: int
    created_at: datetime
    changed_at: datetime

    def told(self) -> Event:
        """Return the fact that the person now stands here."""
        return TELLS[self.state](
            enrolment_id=self.enrolment_id,
            person_id=self.person_id,
            screening_id=self.screening_id,
            agency_id=self.agency_id,
            pathway=self.pathway,
            state=self.state,
            reason=self.reason,
            safety=self.safety,
        )


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """That a screening suggested a pathway, what the person said, and the enrolment it led to."""

    screening_id: UUID
    person_id: UUID
    pathway: str
    enrolment_id: UUID
    decision: Decision
    reason: str | None
    safety: bool
    completed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Offering:
    """A pathway as the network offers it; without ``places`` nobody waits.

    ``precedence`` lists groups of facts: who fits an earlier group waits before who fits a later
    one or none.
    """

    pathway: str
    name_it: str
    name_en: str
    places: int | None
    precedence: tuple[Mapping[str, Any], ...]
    valid_from: date
    source: str

    def rank(self, context: ScreeningContext) -> int:
        """Return the place of the person's group in the order of precedence; 0 goes first."""
        facts = [
            all(getattr(context, name) == value for name, value in group.items())
            for group in self.precedence
        ]
        return facts.index(True) if True in facts else len(facts)

    def free(self, taken: int) -> int | None:
        """Return how many places are left, ``None`` when they are not counted."""
        return None if self.places is None else max(self.places - taken, 0)

    def has_place(self, taken: int) -> bool:
        """Tell whether one more person can be enrolled."""
        return self.free(taken) != 0


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the service knows of one suggested pathway before it reacts.

    ``standing`` is the person's open enrolment, ``latest`` the newest suggestion of the pathway to
    the person, ``heard`` whether this very screening was already taken into account.
    """

    offering: Offering | None = None
    taken: int = 0
    standing: Standing | None = None
    latest: Suggestion | None = None
    heard: bool = False


@dataclass(frozen=True)
class Reaction:
    """What changes because of a screening."""

    opened: tuple[Standing, ...] = ()
    moved: tuple[Standing, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


def suggested(screening: ScreeningCompleted) -> tuple[SuggestedPathway, ...]:
    """Return what the screening suggests, with what it would suggest but for a safety answer.

    Who may not see safety is shown the latter among the suggestions; that it led to nothing would
    tell why. It is only proposed: whether it makes sense now is a person's to say.
    """
    codes = {pathway.code for pathway in screening.pathways}
    withheld = [code for code in screening.pathways_without_safety if code not in codes]
    return (*screening.pathways, *(SuggestedPathway(code=code) for code in withheld))


def react(
    screening: ScreeningCompleted,
    known: Mapping[str, Known],
    *,
    ids: Iterator[UUID],
    now: datetime,
) -> Outcome[Reaction]:
    """Give every suggested pathway its enrolment: a new one, or the one that is open already.

    What is open moves only from *proposed*: a place or a turn once given is given back by a
    person, not by a form. A screening that arrives after a newer one about the same pathway is
    recorded and overrules nothing.
    """
    opened: list[Standing] = []
    moved: list[Standing] = []
    suggestions: list[Suggestion] = []
    for pathway in suggested(screening):
        seen = known.get(pathway.code, Known())
        if seen.heard:
            continue
        if seen.latest is not None and seen.latest.completed_at > screening.completed_at:
            enrolment_id = seen.latest.enrolment_id
        elif seen.standing is None:
            standing = _open(screening, pathway, seen, enrolment_id=next(ids), now=now)
            opened.append(standing)
            enrolment_id = standing.enrolment_id
        else:
            standing = _hear(seen.standing, screening, pathway, seen, now=now)
            if standing is not seen.standing:
                moved.append(standing)
            enrolment_id = standing.enrolment_id
        suggestions.append(_recorded(screening, pathway, enrolment_id))
    return Outcome(
        Reaction(tuple(opened), tuple(moved), tuple(suggestions)),
        tuple(standing.told() for standing in (*opened, *moved)),
    )


def _open(
    screening: ScreeningCompleted,
    pathway: SuggestedPathway,
    seen: Known,
    *,
    enrolment_id: UUID,
    now: datetime,
) -> Standing:
    """Propose the pathway, then take the person's answer into account."""
    proposed = Standing(
        enrolment_id=enrolment_id,
        person_id=screening.person_id,
        screening_id=screening.screening_id,
        agency_id=screening.agency_id,
        pathway=pathway.code,
        state=EnrolmentState.PROPOSED,
        reason=None,
        safety=pathway.safety,
        rank=0 if seen.offering is None else seen.offering.rank(screening.context),
        waiting_since=None,
        version=1,
        created_at=now,
        changed_at=now,
    )
    return replace(_answer(proposed, screening, pathway, seen, now=now), version=1)


def _hear(
    standing: Standing,
    screening: ScreeningCompleted,
    pathway: SuggestedPathway,
    seen: Known,
    *,
    now: datetime,
) -> Standing:
    """Take a later screening into account.

    An enrolment that only safety answers had suggested is shown to everybody once another
    screening suggests it without them. It is then shown as born of that screening: its earlier
    date would tell what the safety answers were.
    """
    if standing.safety and not pathway.safety:
        standing = replace(
            standing,
            safety=False,
            screening_id=screening.screening_id,
            version=standing.version + 1,
            created_at=now,
            changed_at=now,
        )
    if standing.state is EnrolmentState.PROPOSED:
        return _answer(standing, screening, pathway, seen, now=now)
    return standing


def _answer(
    standing: Standing,
    screening: ScreeningCompleted,
    pathway: SuggestedPathway,
    seen: Known,
    *,
    now: datetime,
) -> Standing:
    """Do what the person said; a pathway that nobody offers stays proposed, for the worker."""
    verb = _ANSWERED.get(pathway.decision)
    if verb is Verb.REFUSE:
        return refuse(standing, pathway.reason, now=now).state
    if verb is Verb.ENROL and seen.offering is not None:
        asked = screening.completed_at
        return enrol(standing, seen.offering, seen.taken, asked_at=asked, now=now).state
    return standing


def _recorded(
    screening: ScreeningCompleted, pathway: SuggestedPathway, enrolment_id: UUID
) -> Suggestion:
    return Suggestion(
        screening_id=screening.screening_id,
        person_id=screening.person_id,
        pathway=pathway.code,
        enrolment_id=enrolment_id,
        decision=pathway.decision,
        reason=pathway.reason,
        safety=pathway.safety,
        completed_at=screening.completed_at,
    )


def _move(
    standing: Standing, verb: Verb, *, now: datetime, reason: str | None = None
) -> Outcome[Standing]:
    target = MOVES.get((standing.state, verb))
    if target is None:
        raise EnrolmentMoveImpossible(
            f"From {standing.state} there is no step {verb}; look at the enrolment as it is now."
        )
    moved = replace(
        standing,
        state=target,
        reason=reason,
        waiting_since=None,
        version=standing.version + 1,
        changed_at=now,
    )
    return Outcome(moved, (moved.told(),))


def enrol(
    standing: Standing, offering: Offering | None, taken: int, *, asked_at: datetime, now: datetime
) -> Outcome[Standing]:
    """Give a place if there is one, else a turn in the waiting list from the moment of asking.

    Raises:
        PathwayNotOffered: the network does not offer the pathway.
        EnrolmentMoveImpossible: the person is not waiting for a decision.

    """
    if offering is None:
        raise PathwayNotOffered(f"The pathway {standing.pathway} is not on offer.")
    if offering.has_place(taken):
        return _move(standing, Verb.ENROL, now=now)
    waiting = replace(
        _move(standing, Verb.WAITLIST, now=now).state,
        waiting_since=asked_at,
    )
    return Outcome(waiting, (waiting.told(),))


def refuse(standing: Standing, reason: str | None, *, now: datetime) -> Outcome[Standing]:
    """Record that the person does not want the pathway.

    Raises:
        EnrolmentMoveImpossible: the person has a place, or the enrolment is closed.

    """
    return _move(standing, Verb.REFUSE, now=now, reason=reason)


def withdraw(standing: Standing, *, now: datetime) -> Outcome[Standing]:
    """Give back a place, or leave the waiting list.

    Raises:
        EnrolmentMoveImpossible: there is neither a place nor a turn to give back.

    """
    return _move(standing, Verb.WITHDRAW, now=now)


def promote(waiting: Sequence[Standing], *, now: datetime) -> Outcome[tuple[Standing, ...]]:
    """Give a place to each of those who come first in the waiting list."""
    outcomes = [_move(standing, Verb.PROMOTE, now=now) for standing in waiting]
    return Outcome(
        tuple(outcome.state for outcome in outcomes),
        tuple(event for outcome in outcomes for event in outcome.events),
    )


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Whose enrolments a caller sees.

    ``everywhere`` means every agency's. What is about safety is seen in the caller's own agency
    alone, as far as ``safety`` reaches there.
    """

    agency_id: UUID
    user_id: UUID
    everywhere: bool
    safety: Scope | None

    @classmethod
    def of(cls, principal: Principal) -> Reach:
        """Return how far the caller sees."""
        return cls(
            agency_id=principal.agency_id,
            user_id=principal.user_id,
            everywhere=principal.scope("pathway:read") is Scope.NETWORK,
            safety=principal.scope("safety:read"),
        )
