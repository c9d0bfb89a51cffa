"""Which questions are asked, which answers are taken, and what a changed answer takes with it."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.screening import ScreeningMode
from services.screening.domain.answers import AnswersInvalid, Interview, change_answers
from tests.support.scheda import SCHEDA, interview

ALONE: dict[str, Any] = {"minors_0_5": 0, "minors_6_16": 0, "minors_0_17": 0}


def asked(answers: dict[str, Any] | None = None, **facts: Any) -> set[str]:
    """Return the codes of the questions asked."""
    return {item.code for item in interview(answers, **facts).asked()}


def refusal(current: Interview, changes: dict[str, Any]) -> dict[str, list[str]]:
    """Return what is said of the fields of refused answers."""
    with pytest.raises(AnswersInvalid) as refused:
        change_answers(current, changes)
    return refused.value.fields


def test_whole_form_has_45_questions() -> None:
    """38 scored, 6 informative, 1 gate; 12 of them in the brief form."""
    kinds = [item.kind for item in SCHEDA.items]
    assert [kinds.count(kind) for kind in ("scored", "info", "gate")] == [38, 6, 1]
    assert len(SCHEDA.in_mode(ScreeningMode.BRIEF)) == 12


def test_brief_form_asks_nothing_restricted() -> None:
    """No question on legal status, health or safety is asked at a hub."""
    brief = SCHEDA.in_mode(ScreeningMode.BRIEF)
    assert not any(item.special_category for item in brief)
    assert not {item.domain for item in brief} & {"SAL", "SIC"}
    assert "DOC1" not in {item.code for item in brief}


@pytest.mark.parametrize(
    ("facts", "shown", "hidden"),
    [
        ({"citizenship_group": "EXTRA_EU"}, {"DOC1", "DOC4"}, set()),
        ({"citizenship_group": "APOLIDE"}, {"DOC1", "DOC4"}, set()),
        ({"citizenship_group": "EU"}, {"DOC4"}, {"DOC1"}),
        ({"citizenship_group": "IT"}, set(), {"DOC1", "DOC4"}),
        ({"mother_tongue_it": True}, set(), {"LIN1", "LIN2", "LIN3", "LIN4"}),
        ({"mother_tongue_it": False}, {"LIN1", "LIN2", "LIN3", "LIN4"}, set()),
        ({"studied_abroad": False}, set(), {"IST2"}),
        ({"minors_0_5": 0}, {"FIG1", "FIG3"}, {"FIG2"}),
        ({"minors_6_16": 0}, {"FIG2", "FIG3"}, {"FIG1"}),
        (ALONE, set(), {"FIG1", "FIG2", "FIG3"}),
    ],
)
def test_context_decides_what_is_asked(
    facts: dict[str, Any], shown: set[str], hidden: set[str]
) -> None:
    """Facts known of the person open and close questions."""
    questions = asked(**facts)
    assert shown <= questions
    assert not hidden & questions


@pytest.mark.parametrize(
    ("answers", "hidden"),
    [
        ({"CAS1": "d"}, {"CAS2", "CAS3", "CAS4"}),
        ({"IST1": "a"}, {"IST2"}),
        ({"LAV1": "a"}, {"LAV2", "LAV3", "LAV4"}),
        ({"LAV1": "f"}, {"LAV2", "LAV3", "LAV4"}),
        ({"LAV1": "g"}, {"LAV2", "LAV3", "LAV4", "LAV5"}),
        ({"SIC1": "n"}, {"SIC2", "SIC3", "SIC4"}),
        ({"SIC1": "PNR"}, {"SIC2", "SIC3", "SIC4"}),
        ({}, {"SIC2", "SIC3", "SIC4"}),
        ({"CON1": "a"}, {"CON2", "CON3"}),
    ],
)
def test_answers_close_questions(answers: dict[str, Any], hidden: set[str]) -> None:
    """An earlier answer can make later questions pointless."""
    assert not hidden & asked(answers)


def test_negative_conditions_hold_before_the_answer() -> None:
    """A question closed by "home is none" is open until that is said, also after "not told"."""
    assert {"CAS2", "LAV2", "CON3"} <= asked()
    assert {"CAS2", "LAV2", "CON3"} <= asked({"CAS1": "PNR", "LAV1": "NS", "CON1": "NS"})


def test_unknown_question_is_refused() -> None:
    """An item of no form is named."""
    assert list(refusal(interview(), {"CAS9": "a"})) == ["answers.CAS9"]


def test_unknown_option_is_refused_with_the_codes_to_use() -> None:
    """The way out lists the options, and what to send when there is no answer."""
    fields = refusal(interview(), {"CAS1": "x"})
    assert fields == {"answers.CAS1": ["Give one code of: a, b, c, d, NS, PNR; or null to clear."]}


@pytest.mark.parametrize("answer", [["a"], 1, True, {"code": "a"}, "", "A"])
def test_single_question_takes_one_code(answer: Any) -> None:
    """Lists, numbers and objects are no answer to a question with one answer."""
    assert list(refusal(interview(), {"CAS1": answer})) == ["answers.CAS1"]


@pytest.mark.parametrize("answer", ["a", [], ["x"], ["a", "x"], [1], [["a"]], ["NS"], {"a": 1}])
def test_multiple_question_takes_a_list_of_codes(answer: Any) -> None:
    """A bare code, an empty list and a list with anything else are refused."""
    assert list(refusal(interview(), {"IST3": answer})) == ["answers.IST3"]


def test_several_codes_are_kept_once_in_the_order_of_the_form() -> None:
    """The order of clicks means nothing."""
    assert interview({"LAV5": ["b", "a", "b"]}).answers == {"LAV5": ("a", "b")}


@pytest.mark.parametrize("item", ["CAS1", "IST3", "SIC1"])
@pytest.mark.parametrize("missing", ["NS", "PNR"])
def test_every_question_takes_no_answer(item: str, missing: str) -> None:
    """Not knowing and not telling are answers to every question."""
    assert interview({item: missing}).answers == {item: missing}


def test_answer_to_a_hidden_question_is_refused_with_its_condition() -> None:
    """The reply says on what the question depends."""
    fields = refusal(interview({"CAS1": "d"}), {"CAS2": "a"})
    assert list(fields) == ["answers.CAS2"]
    assert "depends on CAS1" in fields["answers.CAS2"][0]


def test_answer_hidden_by_the_context_is_refused() -> None:
    """A person without children is asked nothing about school."""
    assert list(refusal(interview(**ALONE), {"FIG1": "a"})) == ["answers.FIG1"]


def test_answer_outside_the_brief_form_is_refused() -> None:
    """A question of the whole form is not smuggled into the brief one."""
    fields = refusal(interview(mode=ScreeningMode.BRIEF), {"SAL1": "a", "CAS1": "a"})
    assert list(fields) == ["answers.SAL1"]
    assert "brief form" in fields["answers.SAL1"][0]


def test_gate_and_what_it_opens_can_come_together() -> None:
    """The order of the fields of one request means nothing."""
    assert set(interview({"SIC2": "a", "SIC1": "y"}).answers) == {"SIC1", "SIC2"}


def test_every_wrong_answer_is_named_at_once() -> None:
    """Nobody has to repair a form field by field."""
    fields = refusal(interview(), {"CAS1": "x", "NOPE": "a", "SIC2": "a", "DOC2": "a"})
    assert set(fields) == {"answers.CAS1", "answers.NOPE", "answers.SIC2"}


def test_changed_gate_removes_what_it_closed() -> None:
    """Answers whose question is no longer asked go, and are named in the order of the form."""
    current = interview({"CAS1": "a", "CAS4": "c", "CAS2": "b", "DOC2": "a"})
    change = change_answers(current, {"CAS1": "d"})
    assert change.answers == {"CAS1": "d", "DOC2": "a"}
    assert change.removed == ("CAS2", "CAS4")


def test_cleared_gate_removes_what_it_opened() -> None:
    """Without the confirmation of privacy no safety answer is kept."""
    change = change_answers(interview({"SIC1": "y", "SIC2": "c"}), {"SIC1": None})
    assert change.answers == {}
    assert change.removed == ("SIC2",)


def test_null_clears_an_answer() -> None:
    """An answer given by mistake can be taken back; what was never given can be cleared too."""
    change = change_answers(interview({"CAS1": "a", "DOC2": "a"}), {"CAS1": None, "SIC2": None})
    assert change.answers == {"DOC2": "a"}
    assert change.removed == ()


def test_required_are_the_scored_questions_and_the_gate() -> None:
    """Informative questions are optional, so that an interview can be short."""
    assert set(interview().missing()) == {
        item.code for item in interview().asked() if item.kind != "info"
    }
    assert "IST3" not in interview().missing()
    assert "SIC1" in interview().missing()


def test_no_answer_is_enough_to_complete() -> None:
    """A required question is done once it was asked, even without an answer."""
    assert "CAS1" not in interview({"CAS1": "PNR"}).missing()


def test_brief_form_requires_only_its_own_questions() -> None:
    """Eleven scored questions; interest in work is optional."""
    assert len(interview(mode=ScreeningMode.BRIEF).missing()) == 11
