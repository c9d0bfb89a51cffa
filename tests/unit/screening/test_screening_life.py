"""The life of a screening, and what each reader sees of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.access import Principal, Role
from contracts.language import DomainError, VersionMismatch
from contracts.screening import (
    Choice,
    CompleteScreening,
    SaveAnswers,
    ScreeningCompleted,
    ScreeningMode,
    ScreeningStarted,
    ScreeningStatus,
    StartScreening,
)
from services.screening.domain import life
from services.screening.domain.answers import ScreeningIncomplete
from services.screening.domain.life import (
    NotConducting,
    ScreeningClosed,
    ScreeningState,
)
from tests.support.scheda import BY_ID, SCHEDA, Vignette

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=30)
SCREENING = UUID("01920000-0000-7000-8000-00000000000a")
PERSON = UUID("01920000-0000-7000-8000-00000000000b")
AGENCY = UUID("01920000-0000-7000-8000-00000000000c")


def somebody(number: int, role: Role = Role.DESK_OPERATOR) -> Principal:
    """Return a member of the agency's staff."""
    return Principal(user_id=UUID(int=number), agency_id=AGENCY, roles=(role,))


CONDUCTING = somebody(1)
DESK = somebody(2)
ON_THE_TEAM = somebody(3, Role.CASE_WORKER)
COORDINATOR = somebody(4, Role.AGENCY_COORDINATOR)
OUTSIDE = somebody(5, Role.CASE_WORKER)
DESK_ON_THE_TEAM = somebody(6)
TEAM = frozenset({ON_THE_TEAM.user_id, DESK_ON_THE_TEAM.user_id})


def started(vignette: Vignette = BY_ID["V3"], **changes: Any) -> ScreeningState:
    """Return a fresh draft for a vignette, with a person on whose case a team works."""
    command = StartScreening(
        person_id=PERSON, mode=vignette.mode, language="it", context=vignette.context
    )
    state = life.start(SCHEDA, command, CONDUCTING, SCREENING, NOW).state
    return replace(state, team=TEAM, **changes)


def saved(state: ScreeningState, answers: dict[str, Any], version: int = 1) -> ScreeningState:
    """Return the draft with these answers."""
    command = SaveAnswers(screening_id=SCREENING, version=version, answers=answers)
    return life.save_answers(SCHEDA, state, command, CONDUCTING, NOW).state


def completed(
    vignette: Vignette = BY_ID["V3"], choices: tuple[Choice, ...] = ()
) -> tuple[ScreeningState, ScreeningCompleted]:
    """Return a completed vignette and the event that tells it."""
    command = CompleteScreening(screening_id=SCREENING, version=2, choices=choices)
    outcome = life.complete(
        SCHEDA, saved(started(vignette), vignette.answers), command, CONDUCTING, LATER
    )
    (event,) = outcome.events
    assert isinstance(event, ScreeningCompleted)
    return outcome.state, event


def test_screening_belongs_to_who_starts_it() -> None:
    """Agency and worker are the caller's; the form is noted; the event tells ids only."""
    command = StartScreening(
        person_id=PERSON, mode=ScreeningMode.BRIEF, context=BY_ID["V1"].context
    )
    outcome = life.start(SCHEDA, command, CONDUCTING, SCREENING, NOW)
    assert outcome.state.agency_id == AGENCY
    assert outcome.state.worker_id == CONDUCTING.user_id
    assert outcome.state.status is ScreeningStatus.DRAFT
    assert outcome.events == (
        ScreeningStarted(
            screening_id=SCREENING,
            person_id=PERSON,
            agency_id=AGENCY,
            worker_id=CONDUCTING.user_id,
            form_version="0.1",
            mode=ScreeningMode.BRIEF,
            started_at=NOW,
        ),
    )


def test_each_change_raises_the_version() -> None:
    """Who sends back an old version is told."""
    state = saved(started(), {"CAS1": "a"})
    assert state.version == 2
    with pytest.raises(VersionMismatch) as refused:
        saved(state, {"CAS1": "b"}, version=1)
    assert refused.value.fields == {"version": ["Expected 2."]}


def test_completing_with_an_old_version_is_a_conflict() -> None:
    """Nobody completes answers that they have not seen."""
    state = saved(started(), BY_ID["V3"].answers)
    with pytest.raises(VersionMismatch):
        life.complete(
            SCHEDA, state, CompleteScreening(screening_id=SCREENING, version=1), CONDUCTING, LATER
        )


def test_completing_needs_every_required_answer() -> None:
    """Each missing question is a named field."""
    answers = {item: a for item, a in BY_ID["V3"].answers.items() if item not in {"CAS4", "RET4"}}
    with pytest.raises(ScreeningIncomplete) as refused:
        life.complete(
            SCHEDA,
            saved(started(), answers),
            CompleteScreening(screening_id=SCREENING, version=2),
            CONDUCTING,
            LATER,
        )
    assert list(refused.value.fields) == ["answers.CAS4"]


def test_second_completion_is_a_conflict() -> None:
    """The event is told once."""
    state, _ = completed()
    with pytest.raises(ScreeningClosed):
        life.complete(
            SCHEDA, state, CompleteScreening(screening_id=SCREENING, version=3), CONDUCTING, LATER
        )


def test_completed_screening_takes_no_answers() -> None:
    """What was scored stays as it was scored."""
    state, _ = completed()
    with pytest.raises(ScreeningClosed):
        saved(state, {"CAS1": "b"}, version=3)


def test_event_tells_the_whole_result() -> None:
    """Levels, indexes, urgency, both profiles and the suggestions with their decisions."""
    agreed = Choice.load({"kind": "area", "code": "SIC.1", "decision": "agreed"})
    _, event = completed(choices=(agreed,))
    expected = BY_ID["V3"].expected
    assert event.restricted
    assert {domain: level.value for domain, level in event.levels.items()} == expected["levels"]
    assert event.indexes == {d: i for d, i in expected["indexes"].items() if i is not None}
    assert [(urgency.item, urgency.term) for urgency in event.urgent] == [
        ("SIC2", "0d"),
        ("SIC4", "0d"),
    ]
    assert (event.profile, event.profile_without_safety) == ("P3", "P0")
    assert {area.category: area.decision.value for area in event.areas} == {
        "SIC.1": "agreed",
        "SIC.2": "undecided",
        "ACC.5": "undecided",
        "CUR.3": "undecided",
        "COM.2": "undecided",
    }
    assert [(pathway.code, pathway.safety) for pathway in event.pathways] == [("PAI", True)]
    assert event.pathways_without_safety == ()
    assert event.completed_at == LATER


def test_event_survives_the_wire() -> None:
    """What is told arrives unchanged."""
    _, event = completed()
    assert ScreeningCompleted.load(json.loads(json.dumps(event.dump())), tolerant=True) == event


def test_event_carries_no_answers() -> None:
    """Other services learn levels and suggestions, not what was said."""
    _, event = completed()
    assert "answers" not in event.dump()


@pytest.mark.parametrize(
    "reader", [CONDUCTING, ON_THE_TEAM, COORDINATOR], ids=["conducting", "team", "coordinator"]
)
def test_safety_is_seen_by_who_may(reader: Principal) -> None:
    """Who conducted the interview, who works on the case, and who answers for the agency."""
    state, _ = completed()
    shown = life.show(SCHEDA, state, reader)
    assert shown.answers["SIC2"] == "c"
    assert shown.result is not None
    assert shown.result.profile == "P3"
    assert shown.result.safety_included
    assert life.summarise(state, reader).profile == "P3"


@pytest.mark.parametrize(
    "reader", [DESK, OUTSIDE, DESK_ON_THE_TEAM], ids=["desk", "outside", "desk-on-the-team"]
)
def test_nothing_of_safety_reaches_who_may_not_see_it(reader: Principal) -> None:
    """No answer, level, area, urgency or profile of V3 is in what a colleague gets."""
    state, _ = completed()
    shown = life.show(SCHEDA, state, reader)
    text = json.dumps(shown.dump())
    for trace in ("SIC", "ACC.5", "PAI", "P3", '"0d"', '"L3"', "priority", "repeat-safety"):
        assert trace not in text
    assert life.summarise(state, reader).profile == "P0"
    assert life.preview(SCHEDA, state, reader) == shown.result


def test_reader_without_safety_cannot_tell_v3_from_a_safe_home() -> None:
    """The same interview with harmless safety answers, or none in private, shows the same."""
    unsafe, _ = completed()
    calm = BY_ID["V3"].answers | {"SIC2": "a", "SIC3": "a", "SIC4": "a"}
    closed = {k: v for k, v in calm.items() if k not in {"SIC2", "SIC3", "SIC4"}} | {"SIC1": "n"}
    views = [life.show(SCHEDA, unsafe, DESK)]
    for answers in (calm, closed):
        state, _ = completed(replace(BY_ID["V3"], answers=answers))
        views.append(life.show(SCHEDA, state, DESK))
    assert views[0] == views[1] == views[2]


def test_draft_hides_open_safety_questions() -> None:
    """Which safety questions are asked would tell whether the interview is private."""
    shown = life.show(SCHEDA, saved(started(), {"SIC1": "y"}), DESK)
    assert not any(code.startswith("SIC") for code in (*shown.visible, *shown.missing))


@pytest.mark.parametrize("colleague", [DESK, OUTSIDE], ids=["desk", "outside"])
def test_colleague_without_safety_cannot_change_a_full_draft(colleague: Principal) -> None:
    """Changing it would show which safety questions are open."""
    state = started()
    command = SaveAnswers(screening_id=SCREENING, version=1, answers={"CAS1": "a"})
    with pytest.raises(NotConducting):
        life.save_answers(SCHEDA, state, command, colleague, NOW)
    with pytest.raises(NotConducting):
        life.complete(
            SCHEDA, state, CompleteScreening(screening_id=SCREENING, version=1), colleague, NOW
        )


def test_colleague_with_safety_can_take_over() -> None:
    """Somebody on the team of the case finishes what a colleague began."""
    command = SaveAnswers(screening_id=SCREENING, version=1, answers={"SIC1": "y"})
    assert life.save_answers(SCHEDA, started(), command, ON_THE_TEAM, NOW).state.version == 2


def test_any_colleague_can_go_on_with_a_brief_draft() -> None:
    """The brief form has no safety questions to protect."""
    state = started(mode=ScreeningMode.BRIEF)
    command = SaveAnswers(screening_id=SCREENING, version=1, answers={"CAS1": "a"})
    assert life.save_answers(SCHEDA, state, command, DESK, NOW).state.answers == {"CAS1": "a"}


def test_completed_brief_form_shows_the_same_to_all() -> None:
    """Without safety questions both results are one, but for the mark."""
    answers: dict[str, Any] = {
        item.code: "NS" for item in SCHEDA.in_mode(ScreeningMode.BRIEF) if not item.multiple
    }
    vignette = replace(BY_ID["V1"], mode=ScreeningMode.BRIEF, answers=answers)
    state, _ = completed(vignette)
    assert state.results is not None
    full, public = state.results.full, state.results.without_safety
    assert [d for d in full.domains if d.domain != "SIC"] == list(public.domains)
    assert (full.profile, full.areas, full.pathways) == (
        public.profile,
        public.areas,
        public.pathways,
    )


def test_refusals_never_quote_an_answer_of_the_person() -> None:
    """The sentence of a refusal crosses logs: it names fields and codes, not who it is about."""
    with pytest.raises(DomainError) as refused:
        saved(started(), {"CAS1": "a private remark"})
    assert "private remark" not in str(refused.value) + json.dumps(refused.value.fields)
