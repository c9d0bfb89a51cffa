"""Two writers on one draft: each question is settled by itself, and nobody's answer is lost."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.access import Principal, Role
from contracts.language import VersionMismatch
from contracts.screening import AnswerMark, CompleteScreening, SaveAnswers, StartScreening
from services.screening.domain import life
from services.screening.domain.answers import AnswersInvalid
from services.screening.domain.life import ScreeningState
from services.screening.domain.marks import AnswersConflict, Marks
from tests.support.scheda import CONTEXT, SCHEDA, VIGNETTES

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=3)
SCREENING, AGENCY = UUID(int=10), UUID(int=11)
ALBA = Principal(user_id=UUID(int=1), agency_id=AGENCY, roles=(Role.DESK_OPERATOR,))
BRUNO = Principal(user_id=UUID(int=2), agency_id=AGENCY, roles=(Role.CASE_WORKER,))
DESK = Principal(user_id=UUID(int=3), agency_id=AGENCY, roles=(Role.DESK_OPERATOR,))


def started(**changes: Any) -> ScreeningState:
    """Return a draft that Alba has begun with a person on whose case Bruno works."""
    command = StartScreening(
        person_id=UUID(int=12), mode=VIGNETTES[0].mode, language="it", context=CONTEXT
    )
    state = life.start(SCHEDA, command, ALBA, SCREENING, NOW).state
    return replace(state, team=frozenset({BRUNO.user_id}), **changes)


def saved(
    state: ScreeningState,
    answers: dict[str, Any],
    by: Principal = ALBA,
    *,
    base: int | None = None,
    merge: bool = True,
) -> ScreeningState:
    """Return the draft with answers that somebody typed on a version of it."""
    command = SaveAnswers(
        screening_id=SCREENING, version=base or state.version, answers=answers, merge=merge
    )
    return life.save_answers(SCHEDA, state, command, by, LATER).state


def refused(state: ScreeningState, answers: dict[str, Any], by: Principal, base: int) -> list[str]:
    """Return the fields that a save names in its refusal."""
    with pytest.raises(AnswersConflict) as conflict:
        saved(state, answers, by, base=base)
    return list(conflict.value.fields)


def test_each_answer_tells_who_gave_it_when_and_at_which_version() -> None:
    """A page can show whose answer stands against the one just typed."""
    state = saved(saved(started(), {"CAS1": "a", "DOC2": "b"}), {"DOC2": "c"}, BRUNO)
    first = AnswerMark(answered_at=LATER, answered_by=ALBA.user_id, version=2)
    second = AnswerMark(answered_at=LATER, answered_by=BRUNO.user_id, version=3)
    shown = life.show(SCHEDA, state, ALBA)
    assert shown.marks == {"CAS1": first, "DOC2": second}
    assert shown.changed_by == life.summarise(state, ALBA).changed_by == BRUNO.user_id


def test_what_nobody_else_touched_is_merged() -> None:
    """Two workers, two questions, one version: both answers stand."""
    state = saved(saved(started(), {"CAS1": "a"}), {"DOC2": "b"}, BRUNO, base=1)
    assert state.answers == {"CAS1": "a", "DOC2": "b"}


def test_conflict_names_exactly_the_questions_that_both_changed() -> None:
    """Of five answers the two in question are named, and none is accepted."""
    state = saved(started(), {"CAS1": "a", "DOC2": "b", "DOC3": "a"})
    typed = {"CAS1": "b", "DOC2": "c", "DOC3": "a", "ECO1": "a", "LAV5": ["a"]}
    assert refused(state, typed, BRUNO, 1) == ["answers.CAS1", "answers.DOC2"]


def test_same_answer_twice_is_no_conflict() -> None:
    """Who says the same has nothing to settle, and the first one's mark stays."""
    first = saved(started(), {"CAS1": "a", "LAV5": ["b", "a"]})
    second = saved(first, {"CAS1": "a", "LAV5": ["a", "b"]}, BRUNO, base=1)
    assert second.answers == first.answers
    assert second.marks.by_item == first.marks.by_item


def test_own_earlier_answer_can_be_replaced_from_another_window() -> None:
    """Nobody has to settle anything with themselves."""
    assert saved(saved(started(), {"CAS1": "a"}), {"CAS1": "b"}, base=1).answers == {"CAS1": "b"}


def test_cleared_answer_is_a_change_too() -> None:
    """A colleague's clearing is not undone unseen."""
    state = saved(saved(started(), {"CAS1": "a"}), {"CAS1": None})
    assert refused(state, {"CAS1": "b"}, BRUNO, 2) == ["answers.CAS1"]


def test_answer_that_would_go_with_its_question_is_not_lost_unseen() -> None:
    """Saying that there is no home removes the answers about it, a colleague's new one as well."""
    state = saved(saved(started(), {"CAS1": "a"}), {"CAS2": "c"})
    assert refused(state, {"CAS1": "d"}, BRUNO, 2) == ["answers.CAS2"]
    assert saved(state, {"CAS1": "d"}, BRUNO).answers == {"CAS1": "d"}


def test_removed_answer_is_not_brought_back_unseen() -> None:
    """The removal was a change by who caused it."""
    state = saved(saved(started(), {"CAS1": "a", "CAS2": "a"}), {"CAS1": "d"})
    state = saved(state, {"CAS1": "b"})
    assert refused(state, {"CAS2": "c"}, BRUNO, 2) == ["answers.CAS2"]


@pytest.mark.parametrize(("base", "merge"), [(1, False), (4, True), (0, True), (-1, True)])
def test_version_that_does_not_fit_is_refused(base: int, *, merge: bool) -> None:
    """Without merging an old version is a conflict as ever; a version yet to come always is."""
    state = saved(saved(started(), {"CAS1": "a"}), {"DOC2": "b"})
    command = SaveAnswers(screening_id=SCREENING, version=base, answers={"DOC3": "a"}, merge=merge)
    with pytest.raises(VersionMismatch):
        life.save_answers(SCHEDA, state, command, BRUNO, LATER)


def test_completing_never_merges() -> None:
    """What is scored was seen whole by who completes it."""
    vignette = VIGNETTES[0]
    state = saved(started(context=vignette.context), dict(vignette.answers))
    with pytest.raises(VersionMismatch):
        life.complete(
            SCHEDA, state, CompleteScreening(screening_id=SCREENING, version=1), BRUNO, LATER
        )
    completing = CompleteScreening(screening_id=SCREENING, version=2)
    completed = life.complete(SCHEDA, state, completing, BRUNO, LATER).state
    assert life.show(SCHEDA, completed, ALBA).changed_by == BRUNO.user_id
    assert completed.marks.version == completed.version


def test_marks_are_kept_from_who_may_not_see_safety_answers() -> None:
    """Which question was answered when tells how long a silence was."""
    state = saved(started(), {"CAS1": "a", "SIC1": "y"})
    assert life.show(SCHEDA, state, BRUNO).marks is not None
    assert life.show(SCHEDA, state, DESK).marks is None


def test_of_unmarked_changes_nothing_is_assumed() -> None:
    """A draft from before there were marks is settled question by question, once."""
    old = replace(saved(started(), {"CAS1": "a", "DOC2": "a"}), marks=Marks.begin(2))
    assert refused(old, {"CAS1": "b"}, BRUNO, 1) == ["answers.CAS1"]
    assert saved(old, {"CAS1": "b"}, BRUNO).answers == {"CAS1": "b", "DOC2": "a"}
    assert saved(saved(old, {"DOC2": "b"}), {"CAS1": "c"}, BRUNO, base=2).answers["CAS1"] == "c"


# Few answers to few questions, some of which hide others, so that two writers meet often.
PAIRS = [
    *(("CAS1", given) for given in ("a", "d", None)),
    *(("CAS2", given) for given in ("a", "c", "NS")),
    *(("SIC1", given) for given in ("y", "n")),
    *(("SIC2", given) for given in ("a", "c")),
    ("DOC2", "a"),
]
CODES = sorted({code for code, _ in PAIRS})
GIVEN = st.lists(st.sampled_from(PAIRS), min_size=1, max_size=2).map(dict)
STEPS = st.lists(
    st.tuples(st.sampled_from([ALBA, BRUNO]), st.sampled_from(["read", "save"]), GIVEN),
    max_size=25,
)


@dataclass
class Table:
    """Two writers at one draft, and a record of the accepted changes that knows no marks."""

    state: ScreeningState = field(default_factory=started)
    seen: dict[UUID, int] = field(default_factory=lambda: {ALBA.user_id: 1, BRUNO.user_id: 1})
    changes: dict[str, list[tuple[int, UUID, Any]]] = field(default_factory=dict)

    def read(self, who: Principal) -> None:
        """Let a writer see the draft as it is now."""
        self.seen[who.user_id] = self.state.version

    def save(self, who: Principal, answers: dict[str, Any]) -> None:
        """Let a writer save what was typed on the version seen last."""
        base = self.seen[who.user_id]
        strangers = {
            code
            for code, made in self.changes.items()
            if made[-1][0] > base and made[-1][1] != who.user_id
        }
        try:
            after = saved(self.state, answers, who, base=base)
        except AnswersConflict as conflict:
            named = {name.removeprefix("answers.") for name in conflict.fields}
            assert named
            assert named <= strangers
            return
        except AnswersInvalid:
            return
        changed = {
            code for code in CODES if after.answers.get(code) != self.state.answers.get(code)
        }
        assert not changed & strangers
        for code in changed:
            change = (after.version, who.user_id, after.answers.get(code))
            self.changes.setdefault(code, []).append(change)
        self.state = after


@settings(max_examples=300)
@given(STEPS)
def test_no_answer_is_lost_however_two_writers_interleave(
    steps: list[tuple[Principal, str, dict[str, Any]]],
) -> None:
    """Every accepted answer stands, or was replaced by who had seen it or had given it."""
    table = Table()
    for who, deed, answers in steps:
        if deed == "read":
            table.read(who)
        else:
            table.save(who, answers)
    for code, made in table.changes.items():
        assert table.state.answers.get(code) == made[-1][2]
        assert table.state.marks.by_item[code].version == made[-1][0]
        assert table.state.marks.by_item[code].answered_by == made[-1][1]


@settings(max_examples=100)
@given(STEPS)
def test_who_has_seen_the_newest_version_meets_no_conflict(
    steps: list[tuple[Principal, str, dict[str, Any]]],
) -> None:
    """Reading again always settles it: nobody is locked out of a draft."""
    state = started()
    for who, _, answers in steps:
        try:
            state = saved(state, answers, who)
        except AnswersInvalid:
            continue
    assert state.marks.version == state.version
