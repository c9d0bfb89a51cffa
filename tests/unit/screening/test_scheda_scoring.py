"""Each rule of section 12.2: levels, urgency, profile."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.screening import Level, LevelReason, Profile, ScreeningMode, TaskCode
from services.screening.domain.scoring import Tally, assess
from tests.support.scheda import interview


def level(domain: str, answers: dict[str, Any], **facts: Any) -> tuple[Level, int | None]:
    """Return the level and the index of one domain."""
    results = {result.domain: result for result in assess(interview(answers, **facts)).domains}
    return results[domain].level, results[domain].index


def reasons(domain: str, answers: dict[str, Any], **facts: Any) -> tuple[LevelReason, ...]:
    """Return why one domain has its level."""
    results = {result.domain: result for result in assess(interview(answers, **facts)).domains}
    return results[domain].reasons


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        (("a", "a", "a", "a"), (Level.L0, 0)),
        (("b", "a", "b", "a"), (Level.L1, 18)),
        (("b", "b", "a", "b"), (Level.L2, 36)),
        (("c", "b", "b", "c"), (Level.L3, 64)),
    ],
)
def test_index_meets_the_thresholds(scores: tuple[str, ...], expected: tuple[Level, int]) -> None:
    """The index decides by the domain's own thresholds: 15, 35 and 60 for the home."""
    answers = dict(zip(("CAS1", "CAS2", "CAS3", "CAS4"), scores, strict=True))
    assert level("CAS", answers) == expected


def test_half_an_index_point_goes_to_the_even_side() -> None:
    """One point of eight is 12.5 and becomes 12; five of eight is 62.5 and becomes 62."""
    tallies = [
        Tally(
            raw=raw,
            maximum=8,
            applicable=3,
            answered=3,
            any_at_maximum=False,
            option_minimum=0,
            any_critical=False,
        )
        for raw in (1, 3, 5, 7)
    ]
    assert [tally.index for tally in tallies] == [12, 38, 62, 88]


def test_index_is_zero_while_nothing_is_answered() -> None:
    """A domain that applies has an index even before its first answer."""
    assert level("RET", {}) == (Level.ND, 0)


def test_single_point_is_at_most_slight() -> None:
    """One point of a short domain passes the threshold of L2 and is still held at L1."""
    facts = {"minors_6_16": 0, "minors_0_17": 0}
    assert level("FIG", {"FIG2": "b"}, **facts) == (Level.L1, 50)
    assert reasons("FIG", {"FIG2": "b"}, **facts) == (
        LevelReason.THRESHOLD,
        LevelReason.SINGLE_POINT,
    )


def test_single_answer_is_at_most_clear() -> None:
    """Nothing can be serious on one answer alone, unless that answer is critical."""
    assert level("IST", {"IST1": "a"}) == (Level.L2, 100)
    assert LevelReason.SINGLE_ANSWER in reasons("IST", {"IST1": "a"})


def test_answer_at_its_maximum_is_at_least_clear() -> None:
    """The worst answer to one question counts, however good the others are."""
    answers = {"ACC1": "a", "ACC2": "a", "ACC3": "c"}
    assert level("ACC", answers) == (Level.L2, 29)
    assert reasons("ACC", answers)[-1] is LevelReason.ITEM_AT_MAXIMUM


def test_option_can_set_a_minimum() -> None:
    """Who is never free outside the home has a clear need of care, whatever the score."""
    answers = {"CON1": "b", "CON2": "a", "CON3": ["n"]}
    assert level("CON", answers) == (Level.L2, 20)
    assert reasons("CON", answers)[-1] is LevelReason.OPTION_MINIMUM
    assert level("CON", {**answers, "CON3": ["a"]}) == (Level.L1, 20)


@pytest.mark.parametrize(
    ("domain", "item", "option"),
    [
        ("CAS", "CAS1", "d"),
        ("CAS", "CAS2", "c"),
        ("DOC", "DOC1", "d"),
        ("ECO", "ECO1", "d"),
        ("ECO", "ECO2", "c"),
        ("SAL", "SAL4", "c"),
        ("SIC", "SIC2", "c"),
        ("SIC", "SIC3", "c"),
        ("FIG", "FIG1", "c"),
    ],
)
def test_critical_answer_is_serious_alone(domain: str, item: str, option: str) -> None:
    """A critical answer gives L3 even where it is the only one of many questions."""
    gate = {"SIC1": "y"} if domain == "SIC" else {}
    assert level(domain, {**gate, item: option})[0] is Level.L3


def test_few_answers_leave_a_slight_level_open() -> None:
    """Less than half answered and no clear need: to be completed."""
    assert level("SAL", {"SAL1": "b"}) == (Level.ND, 50)
    assert reasons("SAL", {"SAL1": "b"}) == (LevelReason.FEW_ANSWERS,)


def test_half_of_the_answers_are_enough() -> None:
    """Exactly half answered gives a level."""
    assert level("SAL", {"SAL1": "b", "SAL2": "a"}) == (Level.L1, 20)


def test_few_answers_do_not_undo_a_clear_need() -> None:
    """Less than half answered keeps a need of L2."""
    assert level("ECO", {"ECO3": "c"}) == (Level.L2, 100)


@pytest.mark.parametrize("missing", ["NS", "PNR"])
def test_no_answer_is_never_a_need(missing: str) -> None:
    """Not knowing and not telling score nothing and count as not answered."""
    answers = dict.fromkeys(("ACC1", "ACC2", "ACC3"), missing)
    assert level("ACC", answers) == (Level.ND, 0)


def test_domain_without_questions_does_not_apply() -> None:
    """Without children there is no level for children."""
    facts = {"minors_0_5": 0, "minors_6_16": 0, "minors_0_17": 0}
    assert level("FIG", {}, **facts) == (Level.NA, None)
    assert reasons("FIG", {}, **facts) == (LevelReason.NOT_APPLICABLE,)


def test_domain_outside_the_brief_form_was_not_asked() -> None:
    """The brief form says nothing of health."""
    brief = interview({"CAS1": "a"}, mode=ScreeningMode.BRIEF)
    results = {result.domain: result for result in assess(brief).domains}
    assert (results["SAL"].level, results["SAL"].index) == (Level.NA, None)
    assert results["SAL"].reasons == (LevelReason.NOT_IN_FORM,)
    assert results["SIC"].reasons == (LevelReason.NOT_IN_FORM,)


@pytest.mark.parametrize("gate", ["n", "NS", "PNR"])
def test_interview_that_is_not_private_leaves_safety_open(gate: str) -> None:
    """Unless privacy is confirmed, safety has no level, no index, and a task to come back to it."""
    assessment = assess(interview({"SIC1": gate}))
    (safety,) = [result for result in assessment.domains if result.domain == "SIC"]
    assert (safety.level, safety.index) == (Level.ND, None)
    assert safety.reasons == (LevelReason.NOT_PRIVATE,)
    assert {task.domain: task.code for task in assessment.tasks}["SIC"] is (
        TaskCode.REPEAT_SAFETY_IN_PRIVATE
    )


def test_gate_without_answer_leaves_safety_to_complete() -> None:
    """Before the worker has said whether the interview is private, the domain is incomplete."""
    assessment = assess(interview())
    assert {task.domain: task.code for task in assessment.tasks}["SIC"] is TaskCode.COMPLETE_DOMAIN


@pytest.mark.parametrize("item", ["SIC2", "SIC3"])
def test_any_doubt_about_safety_is_clear(item: str) -> None:
    """Safety has no slight level: the mildest answer is L2."""
    answers = {"SIC1": "y", "SIC2": "a", "SIC3": "a", item: "b"}
    assert level("SIC", answers) == (Level.L2, 33)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"CAS1": "d"}, [("CAS1", "2wd")]),
        ({"ECO1": "d", "ECO2": "c"}, [("ECO1", "2wd"), ("ECO2", "2wd")]),
        ({"SAL4": "c"}, [("SAL4", "0d")]),
        ({"SIC1": "y", "SIC4": "c"}, [("SIC4", "0d")]),
        ({"FIG1": "c"}, []),
    ],
)
def test_urgent_answers_have_their_term(
    answers: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    """Urgency comes from the answer, even of an informative question."""
    urgent = assess(interview(answers)).urgent
    assert [(urgency.item, urgency.term.value) for urgency in urgent] == expected


CALM: dict[str, Any] = {
    "minors_0_5": 0,
    "minors_6_16": 0,
    "minors_0_17": 0,
    "mother_tongue_it": True,
    "studied_abroad": False,
    "citizenship_group": "EXTRA_EU",
}


@pytest.mark.parametrize(
    ("answers", "profile"),
    [
        pytest.param({}, Profile.P0, id="nothing"),
        pytest.param({"ACC3": "c"}, Profile.P1, id="one-L2"),
        pytest.param({"ACC3": "c", "RET2": "c"}, Profile.P1, id="two-L2"),
        pytest.param({"ACC3": "c", "RET2": "c", "IST1": "a"}, Profile.P2, id="three-L2"),
        pytest.param({"ACC2": "d", "ACC3": "c"}, Profile.P2, id="one-L3"),
        pytest.param({"DOC1": "d"}, Profile.P2, id="one-vital-L3"),
        pytest.param({"DOC1": "d", "CAS2": "c"}, Profile.P3, id="two-vital-L3"),
        pytest.param(
            {"DOC1": "d", "ACC2": "d", "ACC3": "c", "RET1": "c", "RET2": "c"},
            Profile.P3,
            id="one-vital-L3-and-two-others",
        ),
        pytest.param(
            {"ACC2": "d", "ACC3": "c", "RET1": "c", "RET2": "c", "CON1": "c", "CON2": "d"},
            Profile.P2,
            id="three-L3-none-vital",
        ),
        pytest.param({"SIC1": "y", "SIC4": "c"}, Profile.P3, id="urgent-alone"),
    ],
)
def test_profile_follows_the_levels(answers: dict[str, Any], profile: Profile) -> None:
    """The profile is the first whose condition holds."""
    assert assess(interview(answers, **CALM)).profile is profile
