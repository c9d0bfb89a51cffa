"""Who gets a place, who waits, and what follows what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from chassis.clock import new_id
from contracts.language import Outcome
from contracts.pathways import (
    EnrolmentConfirmed,
    EnrolmentMoveImpossible,
    EnrolmentProposed,
    EnrolmentRefused,
    EnrolmentState,
    EnrolmentWaitlisted,
    PathwayNotOffered,
    RefusalReason,
)
from contracts.screening import Decision, Gender, ScreeningCompleted, SuggestedPathway
from services.pathways import domain
from services.pathways.domain import MOVES, Known, Offering, Reaction, Standing, Verb
from tests.support.completed_screenings import a_screening

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(days=30)
AGENCY = new_id()
OTHER_AGENCY = new_id()


def an_offering(places: int | None = None) -> Offering:
    """Return a pathway on offer where women with a migratory background come first."""
    return Offering(
        pathway="IMP",
        name_it="Formazione",
        name_en="Training",
        places=places,
        precedence=({"gender": "female", "migratory_background": True},),
        valid_from=date(2026, 1, 1),
        source="test",
    )


def a_standing(state: EnrolmentState, **changes: object) -> Standing:
    """Return where somebody stands with the pathway."""
    standing = Standing(
        enrolment_id=new_id(),
        person_id=new_id(),
        screening_id=new_id(),
        agency_id=AGENCY,
        pathway="IMP",
        state=state,
        reason=None,
        safety=False,
        rank=0,
        waiting_since=NOW if state is EnrolmentState.WAITING_LIST else None,
        version=3,
        created_at=EARLIER,
        changed_at=EARLIER,
    )
    return replace(standing, **changes)  # type: ignore[arg-type]  # the caller knows the fields


def act(standing: Standing, verb: Verb) -> Outcome[Standing]:
    """Do what the verb names."""
    match verb:
        case Verb.ENROL:
            return domain.enrol(standing, an_offering(1), 0, asked_at=NOW, now=NOW)
        case Verb.WAITLIST:
            return domain.enrol(standing, an_offering(1), 1, asked_at=NOW, now=NOW)
        case Verb.REFUSE:
            return domain.refuse(standing, RefusalReason.NOT_NOW, now=NOW)
        case Verb.WITHDRAW:
            return domain.withdraw(standing, now=NOW)
        case Verb.PROMOTE:
            promoted = domain.promote([standing], now=NOW)
            return Outcome(promoted.state[0], promoted.events)


EVERY_PAIR = list(product(EnrolmentState, Verb))


@pytest.mark.parametrize(("state", "verb"), [pair for pair in EVERY_PAIR if pair in MOVES])
def test_a_move_leads_where_the_table_says_and_tells_it(state: EnrolmentState, verb: Verb) -> None:
    """Every move of the table has its target, its event and the next version."""
    outcome = act(a_standing(state), verb)

    assert outcome.state.state is MOVES[state, verb]
    assert outcome.state.version == 4
    assert [type(event) for event in outcome.events] == [domain.TELLS[MOVES[state, verb]]]


@pytest.mark.parametrize(("state", "verb"), [pair for pair in EVERY_PAIR if pair not in MOVES])
def test_a_move_outside_the_table_is_a_conflict(state: EnrolmentState, verb: Verb) -> None:
    """What the table does not list cannot be done."""
    with pytest.raises(EnrolmentMoveImpossible):
        act(a_standing(state), verb)


def react(screening: ScreeningCompleted, **known: Known) -> Outcome[Reaction]:
    """React to a screening."""
    return domain.react(screening, known, ids=iter(new_id, None), now=NOW)


@pytest.mark.parametrize(
    ("decision", "offering", "taken", "event"),
    [
        (Decision.AGREED, an_offering(None), 0, EnrolmentConfirmed),
        (Decision.AGREED, an_offering(30), 29, EnrolmentConfirmed),
        (Decision.AGREED, an_offering(30), 30, EnrolmentWaitlisted),
        (Decision.AGREED, an_offering(30), 31, EnrolmentWaitlisted),
        (Decision.AGREED, an_offering(0), 0, EnrolmentWaitlisted),
        (Decision.AGREED, None, 0, EnrolmentProposed),
        (Decision.TO_DISCUSS, an_offering(), 0, EnrolmentProposed),
        (Decision.UNDECIDED, an_offering(), 0, EnrolmentProposed),
        (Decision.REFUSED, an_offering(), 0, EnrolmentRefused),
    ],
)
def test_a_decision_and_the_places_give_the_first_state(
    decision: Decision, offering: Offering | None, taken: int, event: type
) -> None:
    """Agreed takes a place or a turn, refused ends it, anything else waits for the worker."""
    screening = a_screening(SuggestedPathway(code="IMP", decision=decision))

    outcome = react(screening, IMP=Known(offering=offering, taken=taken))

    assert [type(told) for told in outcome.events] == [event]
    (opened,) = outcome.state.opened
    assert opened.version == 1


def test_what_a_safety_answer_withholds_is_proposed_to_everybody() -> None:
    """Who is shown a suggestion without safety would else tell from its absence what was said."""
    screening = replace(
        a_screening(SuggestedPathway(code="PAI", safety=True, decision=Decision.AGREED)),
        pathways_without_safety=("DOT",),
    )
    opened = {each.pathway: (each.state, each.safety) for each in react(screening).state.opened}
    assert opened["DOT"] == (EnrolmentState.PROPOSED, False)


def test_a_refusal_keeps_its_reason() -> None:
    """What the person said goes with the enrolment and with its event."""
    refused = SuggestedPathway(
        code="IMP", decision=Decision.REFUSED, reason=RefusalReason.CARE_DUTIES
    )

    outcome = react(a_screening(refused), IMP=Known(offering=an_offering()))

    assert outcome.state.opened[0].reason == RefusalReason.CARE_DUTIES


def test_waiting_counts_from_the_screening_and_not_from_its_arrival() -> None:
    """A delayed event loses no turn."""
    agreed = SuggestedPathway(code="IMP", decision=Decision.AGREED)
    screening = a_screening(agreed, completed_at=EARLIER)

    outcome = react(screening, IMP=Known(offering=an_offering(0)))

    assert outcome.state.opened[0].waiting_since == EARLIER


@pytest.mark.parametrize(
    ("gender", "migratory_background", "rank"),
    [
        (Gender.FEMALE, True, 0),
        (Gender.FEMALE, False, 1),
        (Gender.FEMALE, None, 1),
        (Gender.MALE, True, 1),
        (Gender.UNKNOWN, True, 1),
    ],
)
def test_precedence_needs_every_fact_of_its_group(
    *, gender: Gender, migratory_background: bool | None, rank: int
) -> None:
    """A fact that is unknown gives no precedence."""
    context = replace(
        a_screening().context, gender=gender, migratory_background=migratory_background
    )

    assert an_offering().rank(context) == rank


@pytest.mark.parametrize("state", [EnrolmentState.ENROLLED, EnrolmentState.WAITING_LIST])
@pytest.mark.parametrize("decision", list(Decision))
def test_a_later_screening_leaves_a_place_or_a_turn_as_it_is(
    state: EnrolmentState, decision: Decision
) -> None:
    """A place once given is given back by a person, not by a form."""
    standing = a_standing(state)
    screening = a_screening(SuggestedPathway(code="IMP", decision=decision))

    outcome = react(screening, IMP=Known(offering=an_offering(), standing=standing))

    assert outcome.events == ()
    (suggestion,) = outcome.state.suggestions
    assert suggestion.enrolment_id == standing.enrolment_id


def test_a_later_agreement_enrols_who_was_only_proposed() -> None:
    """The open proposal moves; there is no second enrolment."""
    standing = a_standing(EnrolmentState.PROPOSED)
    screening = a_screening(SuggestedPathway(code="IMP", decision=Decision.AGREED))

    reaction = react(screening, IMP=Known(offering=an_offering(), standing=standing)).state

    assert reaction.opened == ()
    assert [moved.state for moved in reaction.moved] == [EnrolmentState.ENROLLED]


def test_an_older_screening_overrules_nothing_that_a_newer_one_said() -> None:
    """It arrives late, it is recorded, and that is all."""
    refused = react(
        a_screening(SuggestedPathway(code="IMP", decision=Decision.REFUSED), completed_at=NOW)
    )
    late = a_screening(SuggestedPathway(code="IMP", decision=Decision.AGREED), completed_at=EARLIER)

    outcome = react(late, IMP=Known(offering=an_offering(), latest=refused.state.suggestions[0]))

    assert outcome.events == ()
    assert outcome.state.suggestions[0].enrolment_id == refused.state.opened[0].enrolment_id


def test_a_screening_that_was_heard_changes_nothing() -> None:
    """The same screening in another message is a repetition."""
    screening = a_screening(SuggestedPathway(code="IMP", decision=Decision.AGREED))

    outcome = react(screening, IMP=Known(offering=an_offering(), heard=True))

    assert outcome == Outcome(Reaction())


def test_an_enrolment_for_safety_is_shown_once_a_screening_suggests_it_without() -> None:
    """It is shown as born of that screening, so that its earlier date tells nothing."""
    hidden = a_standing(EnrolmentState.ENROLLED, safety=True)
    screening = a_screening(SuggestedPathway(code="IMP", decision=Decision.AGREED))

    outcome = react(screening, IMP=Known(offering=an_offering(), standing=hidden))

    (shown,) = outcome.state.moved
    assert (shown.safety, shown.screening_id, shown.created_at) == (
        False,
        screening.screening_id,
        NOW,
    )
    assert [event.restricted for event in outcome.events] == [False]


def test_an_enrolment_that_everybody_sees_stays_so_when_safety_suggests_it_again() -> None:
    """Only the new suggestion is marked."""
    standing = a_standing(EnrolmentState.ENROLLED)
    screening = a_screening(SuggestedPathway(code="IMP", safety=True))

    outcome = react(screening, IMP=Known(offering=an_offering(), standing=standing))

    assert outcome.state.moved == ()
    assert outcome.state.suggestions[0].safety


def test_a_pathway_that_is_not_offered_takes_nobody() -> None:
    """Enrolling says so instead of inventing a place."""
    with pytest.raises(PathwayNotOffered):
        domain.enrol(a_standing(EnrolmentState.PROPOSED), None, 0, asked_at=NOW, now=NOW)
