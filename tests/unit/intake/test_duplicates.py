"""Who may be the person at the desk: what speaks for it, how much, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.folding import folded
from contracts.intake import DuplicateGround
from services.intake.domain import duplicates
from services.intake.domain.duplicates import AtTheDesk, Candidate
from services.intake.rules import rules_on

LIKENESS: Final = rules_on(date(2026, 11, 27)).likeness
BORN: Final = date(1988, 3, 12)
OTHER_DAY: Final = date(1971, 8, 30)
PHONE: Final = "337654321"
G: Final = DuplicateGround


def _at_the_desk(given_name: str = "Mara", family_name: str = "Petrova") -> AtTheDesk:
    return AtTheDesk(
        given_name=folded(given_name),
        family_name=folded(family_name),
        birth_date=BORN,
        phone_end=PHONE,
    )


def _candidate(
    given_name: str = "Mara", family_name: str = "Petrova", number: int = 1, **changes: Any
) -> Candidate:
    usual: dict[str, Any] = {
        "person_id": UUID(int=number),
        "shown_as": (given_name, family_name),
        "given_name": folded(given_name),
        "family_name": folded(family_name),
        "birth_date": OTHER_DAY,
        "phone_end": None,
        "same_tax_code": False,
    }
    return Candidate(**{**usual, **changes})


def _found(*candidates: Candidate, desk: AtTheDesk | None = None) -> list[tuple[int, set[str]]]:
    found = duplicates.likely(desk or _at_the_desk(), candidates, LIKENESS)
    return [(each.score, set(each.grounds)) for each in found]


@pytest.mark.parametrize(
    ("candidate", "grounds"),
    [
        (_candidate("Zoe", "Rossi", same_tax_code=True), {G.SAME_TAX_CODE}),
        (_candidate(birth_date=BORN), {G.SAME_BIRTH_DATE, G.SIMILAR_NAME}),
        (_candidate("Màra", "PETROVÀ", birth_date=BORN), {G.SAME_BIRTH_DATE, G.SIMILAR_NAME}),
        (_candidate("Maria", "Petrov", birth_date=BORN), {G.SAME_BIRTH_DATE, G.SIMILAR_NAME}),
        (
            _candidate("Mara Elise", "Petrova Rossi", birth_date=BORN),
            {G.SAME_BIRTH_DATE, G.SIMILAR_NAME},
        ),
        (_candidate("Petrova", "Mara", birth_date=BORN), {G.SAME_BIRTH_DATE, G.SWAPPED_NAMES}),
        (
            _candidate(birth_date=date(1988, 12, 3)),
            {G.BIRTH_DATE_DIGITS_SWAPPED, G.SIMILAR_NAME},
        ),
        (
            _candidate(birth_date=date(1988, 3, 21)),
            {G.BIRTH_DATE_DIGITS_SWAPPED, G.SIMILAR_NAME},
        ),
        (_candidate(phone_end=PHONE), {G.SAME_PHONE, G.SIMILAR_NAME}),
        (
            _candidate("Zoe", "Rossi", birth_date=BORN, phone_end=PHONE),
            {G.SAME_BIRTH_DATE, G.SAME_PHONE},
        ),
    ],
)
def test_somebody_likely_is_shown_with_the_grounds(candidate: Candidate, grounds: set[str]) -> None:
    """The worker sees why, and decides."""
    ((_, found),) = _found(candidate)
    assert found == grounds


@pytest.mark.parametrize(
    "candidate",
    [
        _candidate(),
        _candidate("Zoe", "Rossi", birth_date=BORN),
        _candidate("Zoe", "Rossi", phone_end=PHONE),
        _candidate("Zoe", "Petrova", birth_date=date(1988, 12, 3)),
        _candidate("Marco", "Rossi", phone_end="111111111"),
    ],
)
def test_one_thing_in_common_is_not_enough(candidate: Candidate) -> None:
    """Many bear the same name, families share a telephone, and many were born that day."""
    assert _found(candidate) == []


def test_who_has_no_telephone_has_none_in_common() -> None:
    """Two unknown numbers are not the same number."""
    desk = replace(_at_the_desk(), phone_end=None)
    assert _found(_candidate(phone_end=None), desk=desk) == []


def test_the_likeliest_comes_first_and_of_equals_the_newest() -> None:
    """The eye rests on the first line."""
    candidates = (
        _candidate("Maria", "Petrova", 1, birth_date=BORN),
        _candidate(number=2, birth_date=BORN),
        _candidate(number=3, birth_date=BORN),
        _candidate("Zoe", "Rossi", 4, same_tax_code=True),
    )
    found = duplicates.likely(_at_the_desk(), candidates, LIKENESS)
    assert [each.person_id.int for each in found] == [4, 3, 2, 1]


def test_no_more_are_shown_than_can_be_looked_through() -> None:
    """The best of many."""
    many = [_candidate(number=number, birth_date=BORN) for number in range(40)]
    assert len(_found(*many)) == LIKENESS.shown


def test_everything_together_is_a_hundred() -> None:
    """A score is no sum to wonder at."""
    ((score, _),) = _found(_candidate(birth_date=BORN, phone_end=PHONE, same_tax_code=True))
    assert score == 100


def test_what_is_shown_is_the_name_as_it_was_registered() -> None:
    """Folded names are for comparing alone."""
    (found,) = duplicates.likely(
        _at_the_desk(), [_candidate("Màra", "Petrovà", birth_date=BORN)], LIKENESS
    )
    assert (found.given_name, found.family_name) == ("Màra", "Petrovà")


@pytest.mark.parametrize(
    ("phone", "end"),
    [
        ("+39 333 7654321", "337654321"),
        ("0039 333-765.43.21", "337654321"),
        ("333 7654321", "337654321"),
        ("12345", "12345"),
        (None, None),
    ],
)
def test_telephone_numbers_are_compared_by_their_end(phone: str | None, end: str | None) -> None:
    """With the prefix, without it, and however it is spaced."""
    assert duplicates.phone_end(phone) == end


def test_a_name_alone_never_reaches_the_threshold() -> None:
    """Candidates are looked for by everything but the name, so none is missed."""
    names = (G.SIMILAR_NAME, G.SWAPPED_NAMES)
    assert max(LIKENESS.weights[ground] for ground in names) < LIKENESS.threshold
    assert LIKENESS.weights.keys() == set(G)


@given(st.dates(date(1900, 1, 1), date(2026, 11, 27)))
def test_a_slip_can_be_undone_by_the_same_slip(born: date) -> None:
    """Whoever mistyped it, the desk of today or the one of then."""
    slips = duplicates.digits_swapped(born)
    assert born not in slips
    assert all(born in duplicates.digits_swapped(slip) for slip in slips)


@given(*[st.text("abc d", max_size=12)] * 4)
def test_likeness_is_the_same_from_both_sides(a: str, b: str, c: str, d: str) -> None:
    """Who was registered first makes no difference."""
    here = _found(_candidate(a, b, birth_date=BORN), desk=_at_the_desk(c, d))
    there = _found(_candidate(c, d, birth_date=BORN), desk=_at_the_desk(a, b))
    assert here == there
