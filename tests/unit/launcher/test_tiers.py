"""Tiers of tests beside each other, and what is said of them in the end."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import pytest

from launcher.failures import ExitCode
from launcher.tiers import Lane, Tier, conclude, run_lanes

_MEET: Final = """
import pathlib, sys, time
mine, other = map(pathlib.Path, sys.argv[1:])
mine.touch()
until = time.monotonic() + 60
while not other.exists() and time.monotonic() < until:
    time.sleep(0.01)
print("met" if other.exists() else "alone")
"""


def _tier(name: str, program: str, *arguments: Path) -> Tier:
    return Tier(name, (sys.executable, "-c", program, *map(str, arguments)))


def test_lanes_run_beside_each_other(tmp_path: Path) -> None:
    """Two tiers that wait for each other meet."""
    one, two = tmp_path / "one", tmp_path / "two"
    lanes = [Lane([_tier("one", _MEET, one, two)], {}), Lane([_tier("two", _MEET, two, one)], {})]
    assert [outcome.last_line for outcome in run_lanes(lanes)] == ["met", "met"]


def test_tiers_of_a_lane_run_one_after_another(tmp_path: Path) -> None:
    """A later tier finds what an earlier one left."""
    left = tmp_path / "left"
    first = _tier("first", "import sys; open(sys.argv[1], 'w').close()", left)
    then = _tier("then", "import os, sys; print(os.path.exists(sys.argv[1]))", left)
    assert [outcome.last_line for outcome in run_lanes([Lane([first, then], {})])] == ["", "True"]


def test_a_lane_has_its_own_environment() -> None:
    """Engines of one lane are none of the other's."""
    tier = _tier("place", "import os; print(os.environ.get('TEST_PLACE'))")
    lanes = [Lane([tier], {"TEST_PLACE": "here"}), Lane([tier], {})]
    assert [outcome.last_line for outcome in run_lanes(lanes)] == ["here", "None"]


@pytest.mark.parametrize(("lanes", "line"), [(1, "heard"), (2, "speaker: heard")])
def test_a_line_names_its_tier_where_several_speak(
    capsys: pytest.CaptureFixture[str], lanes: int, line: str
) -> None:
    """Somebody who reads along knows which of them says what."""
    run_lanes([Lane([_tier("speaker", "print('heard')")], {})] * lanes)
    assert capsys.readouterr().out.splitlines().count(line) == lanes


@pytest.mark.parametrize(("last", "code"), [("exit()", ExitCode.FINE), ("exit(1)", ExitCode.UNMET)])
def test_one_failed_tier_fails_the_run(last: str, code: ExitCode) -> None:
    """Whatever the others did."""
    assert conclude(run_lanes([Lane([_tier("fine", ""), _tier("last", last)], {})])) == code
