"""The arithmetic of the benchmark: what becomes of single measurements."""

from __future__ import annotations

import os

import pytest

from launcher.bench import effort
from launcher.bench.bare.scripts import Script, Text
from launcher.bench.figures import Aim, Figures, Pairs, quantile
from launcher.bench.measuring import Sizes
from launcher.bench.report import as_data, as_text

_ONE = "0190a000-0000-7000-8000-000000000001"
_TWO = "0190a000-0000-7000-8000-000000000002"
_NEW = "0190b000-0000-7000-8000-000000000009"


def figures(*, ours: float, other: float) -> Figures:
    """Return figures in which every measurement of a side is the same."""
    pairs = Pairs((ours,) * 3, (other,) * 3)
    return Figures(
        latency=pairs, throughput=pairs, timeline=pairs, effort=pairs, relay=pairs, calls=pairs
    )


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 50.0), (0.99, 99.0), (1.0, 100.0), (0.001, 1.0)]
)
def test_quantile_is_a_value_that_was_measured(share: float, expected: float) -> None:
    """Nothing is interpolated: a p99 happened to somebody."""
    assert quantile([float(value) for value in range(100, 0, -1)], share) == expected


def test_quantile_of_one_value_is_that_value() -> None:
    """A single chain has a p99 too."""
    assert quantile([0.2], 0.99) == 0.2


def test_processor_time_counts_those_who_came_and_not_those_who_left() -> None:
    """A process that ended takes its time with it; one that began has all of its own."""
    assert effort.between({1: 2.0, 2: 5.0}, {1: 3.0, 3: 0.5}) == 1.5


def test_processor_time_of_a_process_is_counted() -> None:
    """Whoever asks has used some."""
    assert effort.snapshot([os.getpid()])[os.getpid()] > 0


def test_ratio_of_pairs_withstands_one_disturbed_pair() -> None:
    """The ratio is taken within each pair, and one wild pair does not move the median."""
    assert Pairs((2.0, 20.0, 4.0), (1.0, 10.0, 400.0)).ratio == 2.0


def test_ratio_of_quantiles_compares_like_with_like() -> None:
    """The p99 of one side stands over the p99 of the other."""
    assert Pairs((1.0, 2.0, 9.0), (1.0, 1.0, 3.0)).ratio_at(0.99) == 3.0


def test_medians_are_told_by_side() -> None:
    """Each side has its own median."""
    assert Pairs((1.0, 2.0, 9.0), (4.0, 5.0, 6.0)).medians == (2.0, 5.0)


def test_pairs_of_different_length_are_refused() -> None:
    """A measurement without its counterpart is no pair."""
    with pytest.raises(ValueError, match="shorter"):
        _ = Pairs((1.0, 2.0), (1.0,)).ratio


@pytest.mark.parametrize(
    ("ratio", "at_most", "met"),
    [(1.5, True, True), (1.6, True, False), (1.5, False, True), (1.4, False, False)],
)
def test_bound_itself_keeps_the_aim(ratio: float, at_most: bool, met: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """An aim of at most or at least a bound includes the bound."""
    assert Aim(ratio, 1.5, at_most=at_most).met is met


def test_aims_are_latency_at_most_and_throughput_at_least() -> None:
    """Twice as slow misses one aim, twice as many keeps the other."""
    aims = figures(ours=2.0, other=1.0).aims
    assert {name: aim.met for name, aim in aims.items()} == {
        "latency p50": False,
        "latency p99": False,
        "throughput": True,
    }


def test_table_says_whether_an_aim_is_missed() -> None:
    """The text names the ratio, the aim and the verdict."""
    assert "latency p50: ratio 2.00 (aim ≤ 1.5: missed)" in as_text(
        figures(ours=2.0, other=1.0), Sizes()
    )


def test_data_keep_every_measurement() -> None:
    """A program can do its own arithmetic."""
    data = as_data(figures(ours=2.0, other=1.0), Sizes())
    assert data["measured"]["latency"] == {"ours": (2.0,) * 3, "other": (1.0,) * 3}


def test_recorded_text_is_written_with_other_ids() -> None:
    """Ids that are not renewed stay as they were recorded."""
    text = Text(f'{{"need_id":"{_ONE}","agency_id":"{_TWO}"}}')
    assert text.render({_ONE: _NEW}) == f'{{"need_id":"{_NEW}","agency_id":"{_TWO}"}}'


def test_script_renews_its_ids_for_every_chain() -> None:
    """No two chains of the baseline write the same row."""
    script = Script({"trigger": {}, "renewed": [_ONE], "rows": {}, "told": ""})
    assert script.ids()[_ONE] != script.ids()[_ONE]


def test_script_takes_the_ids_of_its_trigger() -> None:
    """What a message names is written as it names it."""
    script = Script({"trigger": {"person": _TWO}, "renewed": [_ONE], "rows": {}, "told": ""})
    assert script.ids(person=_NEW)[_TWO] == _NEW
