"""Folded text: what a search compares instead of what was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.folding import folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Città APERTA", "citta aperta"),
        ("D\u2019Angelo d'Angelo", "dangelo dangelo"),
        ("Łukasz Đặng Øystein", "lukasz dang oystein"),
        ("Straße", "strasse"),
        ("  50%_off\\ ", "50 off"),
        ("Maria-Grazia", "maria grazia"),
        ("فاطمة", "فاطمة"),
        ("\u2121 \u0130zmir", "tel izmir"),
        ("--", ""),
    ],
)
def test_accents_case_and_punctuation_are_folded(text: str, words: str) -> None:
    """What is left are words as one would say them."""
    assert folded(text) == words


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    """A stored text and a searched one meet."""
    assert folded(folded(text)) == folded(text)


@given(st.text())
def test_nothing_is_left_that_a_pattern_would_read(text: str) -> None:
    """A searched text can stand in a pattern of LIKE as it is."""
    assert not set(folded(text)) & set("%_\\'\"")
