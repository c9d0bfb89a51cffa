"""What a section's page sends: only what changed since it was shown, and what was pressed."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from gateway.web.answering import Typed, read_typed
from services.screening.domain.texts import show_form
from tests.support.scheda import SCHEDA

FORM = show_form(SCHEDA)


def typed(**sent: Any) -> Typed:
    """Return what a page sends, with dots for underscores in the names."""
    rows = [
        (name.replace("_", ".", 1), each)
        for name, value in sent.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    return read_typed(MultiDict(rows), FORM)


def test_an_answer_that_stands_as_it_was_shown_is_not_sent() -> None:
    """A page that stood open overrules nobody."""
    assert typed(seen_CAS1="4 a", answers_CAS1="a").answers(FORM) == {}


def test_an_answer_that_differs_from_what_was_shown_is_sent() -> None:
    """That is what saving is for."""
    assert typed(seen_CAS1="4 a", answers_CAS1="b").answers(FORM) == {"CAS1": "b"}


def test_answers_of_a_question_with_several_are_sent_as_a_list() -> None:
    """The contract tells one code from a list with one code."""
    sent = typed(seen_LAV5="4", answers_LAV5=["b", "a"])
    assert sent.answers(FORM) == {"LAV5": ["b", "a"]}


def test_unticking_everything_clears_an_answer() -> None:
    """A page holds nothing for a box that is not ticked."""
    assert typed(seen_LAV5="4 a").answers(FORM) == {"LAV5": None}


@pytest.mark.parametrize(
    ("shown", "given", "settled"),
    [("a b", ["a", "b", "NS"], "NS"), ("NS", ["NS", "a"], ["a"]), ("", ["NS", "PNR"], "NS")],
)
def test_not_known_stands_alone_and_the_newer_one_counts(
    shown: str, given: list[str], settled: Any
) -> None:
    """Without scripts somebody may tick it beside other answers."""
    sent = typed(seen_LAV5=f"4 {shown}", answers_LAV5=given)
    assert sent.answers(FORM) == {"LAV5": settled}


def test_changes_rest_on_the_oldest_version_among_them() -> None:
    """Questions of one page may have been shown at different versions."""
    sent = typed(seen_CAS1="7 a", answers_CAS1="b", seen_CAS2="4", answers_CAS2="a", seen_CAS3="2")
    assert sent.version == 4


def test_an_own_answer_waits_until_one_of_two_is_chosen() -> None:
    """It is neither sent on nor forgotten by what is saved meanwhile."""
    sent = typed(seen_CAS1="7 a", answers_CAS1="a", mine_CAS1="b")
    assert (sent.answers(FORM), sent.waiting) == ({}, {"CAS1": ("b",)})


def test_choosing_the_own_answer_sends_it() -> None:
    """The other's has been seen."""
    sent = typed(seen_CAS1="7 a", answers_CAS1="a", mine_CAS1="b", do="mine:CAS1")
    assert (sent.answers(FORM), sent.waiting, sent.version) == ({"CAS1": "b"}, {}, 7)


def test_choosing_the_other_s_answer_sends_nothing() -> None:
    """It stands already."""
    sent = typed(seen_CAS1="7 a", answers_CAS1="a", mine_CAS1="b", do="keep:CAS1")
    assert (sent.answers(FORM), sent.waiting) == ({}, {})


def test_skipping_answers_only_what_is_open() -> None:
    """A section is left for later without touching what was said."""
    sent = typed(seen_CAS1="3 a", answers_CAS1="a", seen_CAS2="3", seen_CAS3="3", do="skip:PNR")
    assert sent.answers(FORM) == {"CAS2": "PNR", "CAS3": "PNR"}


def test_skipping_is_undone_only_where_it_still_stands() -> None:
    """Whatever was answered since then stays."""
    sent = typed(
        seen_CAS2="3 PNR",
        answers_CAS2="PNR",
        seen_CAS3="3 PNR",
        answers_CAS3="a",
        do="undo:PNR=CAS2,CAS3",
    )
    assert sent.answers(FORM) == {"CAS2": None, "CAS3": "a"}


def test_a_button_for_a_question_that_was_not_shown_does_nothing() -> None:
    """Nobody clears what is not on the page."""
    assert typed(seen_CAS1="3 a", answers_CAS1="a", do="clear:SIC2").answers(FORM) == {}
