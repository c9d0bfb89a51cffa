"""What small figures are replaced with, and that nobody gets them back by arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.web.suppression import (
    Breakdown,
    Figure,
    Small,
    Withheld,
    broken_down,
    least_shown,
    shown,
)

LEAST = 5
COUNTS = st.lists(st.integers(0, 12), min_size=1, max_size=5)


def _possible(figure: Figure, highest: int) -> Sequence[int]:
    match figure:
        case Small(below=below):
            return range(1, below)
        case Withheld():
            return range(LEAST, highest + 1)
        case _:
            return (figure,)


def _worlds(breakdown: Breakdown) -> Iterator[tuple[int, ...]]:
    known = breakdown.total if isinstance(breakdown.total, int) else None
    highest = known if known is not None else LEAST
    for counts in product(*(_possible(cell, highest) for cell in breakdown.cells)):
        if known is None or sum(counts) == known:
            yield counts


@given(COUNTS)
@settings(max_examples=300)
def test_a_small_count_may_be_anything_from_one_to_four(counts: list[int]) -> None:
    """For each small count, worlds with every possible number fit to what is shown."""
    breakdown = broken_down(counts, LEAST)
    worlds = list(_worlds(breakdown))
    for place, cell in enumerate(breakdown.cells):
        if isinstance(cell, Small):
            assert {world[place] for world in worlds} == set(range(1, LEAST))


@given(COUNTS)
def test_what_is_shown_is_true(counts: list[int]) -> None:
    """A number that is shown is the count itself, and a mark stands for what it says."""
    for count, cell in zip(counts, broken_down(counts, LEAST).cells, strict=True):
        assert count in _possible(cell, max(counts))


@given(COUNTS, st.integers(1, 10))
def test_no_count_below_the_least_is_shown(counts: list[int], least: int) -> None:
    """Whatever the configured least is, no figure between zero and it appears."""
    breakdown = broken_down(counts, least)
    told = [figure for figure in (*breakdown.cells, breakdown.total) if isinstance(figure, int)]
    assert all(figure == 0 or figure >= least for figure in told)


@given(st.lists(st.one_of(st.just(0), st.integers(LEAST, 900)), min_size=1, max_size=8))
def test_nothing_is_withheld_where_nothing_is_small(counts: list[int]) -> None:
    """Zeros and counts from five on are shown with their total."""
    assert broken_down(counts, LEAST) == Breakdown(tuple(counts), sum(counts))


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([30, 2, 8, 14], Breakdown((Withheld(), Small(5), 8, 14), 54)),
        ([2, 3, 50], Breakdown((Small(5), Small(5), 50), 55)),
        ([1, 1, 50], Breakdown((Small(5), Small(5), Withheld()), 52)),
        ([1, 5], Breakdown((Small(5), 5), Withheld())),
        ([3, 0], Breakdown((Small(5), 0), Small(5))),
        ([1, 2], Breakdown((Small(5), Small(5)), Withheld())),
    ],
)
def test_further_counts_protect_a_small_one(counts: list[int], expected: Breakdown) -> None:
    """As little as possible is withheld: nothing, one more count, or the total."""
    assert broken_down(counts, LEAST) == expected


@pytest.mark.parametrize(("count", "text"), [(0, 0), (1, "<5"), (4, "<5"), (5, 5)])
def test_a_lone_count_from_one_to_four_is_less_than_five(count: int, text: str | int) -> None:
    """Zero tells of nobody and five of enough."""
    figure = shown(count, LEAST)
    assert (figure.text if isinstance(figure, Small | Withheld) else figure) == text


def test_the_least_is_dated_configuration() -> None:
    """Before the first date the first entry holds, as for what was counted earlier."""
    assert least_shown(date(2020, 1, 1)) == least_shown(date(2026, 11, 27)) == LEAST
