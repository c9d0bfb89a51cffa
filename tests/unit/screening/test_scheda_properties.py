"""What must be true of every possible interview."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.screening import (
    CitizenshipGroup,
    Level,
    ScreeningContext,
    ScreeningMode,
)
from services.screening.domain.answers import Interview, change_answers
from services.screening.domain.form import Item
from services.screening.domain.suggestions import Results, evaluate
from tests.support.scheda import SCHEDA

NO_ANSWER = sorted(SCHEDA.no_answer)
INFREQUENT = settings(max_examples=150)

contexts = st.builds(
    ScreeningContext,
    citizenship_group=st.sampled_from(CitizenshipGroup),
    mother_tongue_it=st.booleans(),
    studied_abroad=st.booleans(),
    minors_0_5=st.integers(0, 2),
    minors_6_16=st.integers(0, 2),
    minors_0_17=st.integers(0, 4),
    age=st.integers(14, 90),
    resident_project_town=st.booleans(),
    permit_allows_traineeship=st.booleans(),
    in_charge_public_service=st.booleans(),
)


def answers_to(item: Item) -> st.SearchStrategy[Any]:
    """Return every answer that the question takes."""
    codes = [option.code for option in item.options]
    if item.multiple:
        lists = st.lists(st.sampled_from(codes), min_size=1, max_size=3)
        return st.one_of(lists, st.sampled_from(NO_ANSWER))
    return st.sampled_from([*codes, *NO_ANSWER])


@st.composite
def interviews(draw: st.DrawFn, *, safety: bool = True) -> Interview:
    """Return an interview in which some of the questions asked were answered, in order."""
    current = Interview(SCHEDA, draw(st.sampled_from(ScreeningMode)), draw(contexts), {})
    for item in SCHEDA.items:
        hidden = item not in current.asked() or (not safety and item.code in SCHEDA.safety_items)
        if not hidden and draw(st.integers(0, 9)) > 0:
            change = change_answers(current, {item.code: draw(answers_to(item))})
            current = replace(current, answers=change.answers)
    return current


def levels(results: Results) -> dict[str, Level]:
    """Return the level of each domain."""
    return {result.domain: result.level for result in results.full.domains}


@INFREQUENT
@given(interviews())
def test_every_interview_has_a_result(interview: Interview) -> None:
    """Whatever was answered, every domain has a level and everything suggested is known."""
    results = evaluate(interview)
    assert list(levels(results)) == [section.code for section in SCHEDA.sections]
    for result in results.full.domains:
        assert result.index is None or 0 <= result.index <= 100
        assert result.reasons
    categories = [area.category for area in results.full.areas]
    assert len(categories) == len(set(categories))


@INFREQUENT
@given(interviews(safety=False), st.data())
def test_result_without_safety_never_depends_on_safety(
    interview: Interview, data: st.DataObject
) -> None:
    """However the safety questions are answered, the other result is the same to the letter."""
    expected = evaluate(interview).without_safety
    current = interview
    for item in SCHEDA.items:
        if item.code in SCHEDA.safety_items and item in current.asked():
            change = change_answers(current, {item.code: data.draw(answers_to(item))})
            current = replace(current, answers=change.answers)
    assert evaluate(current).without_safety == expected


@INFREQUENT
@given(interviews())
def test_critical_answer_is_always_serious(interview: Interview) -> None:
    """No other answer can take a critical one back."""
    found = levels(evaluate(interview))
    for item in interview.asked():
        for option in item.chosen(interview.answers.get(item.code, ())):
            if option.critical:
                assert found[item.domain] is Level.L3


@INFREQUENT
@given(interviews())
def test_urgent_answer_is_always_the_highest_profile(interview: Interview) -> None:
    """Something to be done today is never hidden by calm elsewhere."""
    result = evaluate(interview).full
    assert not result.urgent or result.profile == "P3"


@INFREQUENT
@given(interviews())
def test_safety_marks_are_exactly_the_difference(interview: Interview) -> None:
    """What is not marked is seen by all; what is marked is seen by none of the others."""
    results = evaluate(interview)
    public = results.without_safety
    shared = {area.category for area in results.full.areas if not area.safety}
    assert shared == {area.category for area in public.areas}
    for pathway in results.full.pathways:
        seen = {other.code for other in public.pathways}
        assert pathway.safety is (pathway.code not in seen)


@INFREQUENT
@given(interviews(), st.data())
def test_change_never_leaves_answers_to_closed_questions(
    interview: Interview, data: st.DataObject
) -> None:
    """Whichever answer is changed or cleared, what remains was asked, and the rest is named."""
    item = data.draw(st.sampled_from(interview.asked()))
    new = data.draw(st.one_of(st.none(), answers_to(item)))
    change = change_answers(interview, {item.code: new})
    after = replace(interview, answers=change.answers)
    assert set(change.answers) <= {asked.code for asked in after.asked()}
    assert set(interview.answers) - set(change.answers) - {item.code} == set(change.removed)


@INFREQUENT
@given(interviews())
def test_saying_it_again_changes_nothing(interview: Interview) -> None:
    """Sending all answers a second time leaves them as they are."""
    again = {k: v if isinstance(v, str) else list(v) for k, v in interview.answers.items()}
    if again:
        assert change_answers(interview, again).answers == interview.answers
