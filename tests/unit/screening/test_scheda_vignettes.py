"""The golden vignettes of the scheda, figure by figure."""

from __future__ import annotations

import pytest

from contracts.screening import TaskCode
from tests.support.scheda import BY_ID, VIGNETTES, Vignette

EVERY = pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette.id)


@EVERY
def test_levels_are_as_agreed(vignette: Vignette) -> None:
    """Every domain has exactly its level."""
    levels = {result.domain: result.level.value for result in vignette.results.full.domains}
    assert vignette.expected["levels"] == levels


@EVERY
def test_indexes_are_as_agreed(vignette: Vignette) -> None:
    """Every domain has exactly its index, or none."""
    indexes = {result.domain: result.index for result in vignette.results.full.domains}
    assert vignette.expected["indexes"] == indexes


@EVERY
def test_profile_is_as_agreed(vignette: Vignette) -> None:
    """The profile is the expected one."""
    assert vignette.expected["profile"] == vignette.results.full.profile


@EVERY
def test_urgency_is_as_agreed(vignette: Vignette) -> None:
    """Every urgent answer is told with its term, in the order of the form."""
    urgent = [[urgency.item, urgency.term.value] for urgency in vignette.results.full.urgent]
    assert vignette.expected["urgent"] == urgent


@EVERY
def test_pathways_are_as_agreed(vignette: Vignette) -> None:
    """Exactly the expected pathways are suggested, in the order of the form."""
    codes = [pathway.code for pathway in vignette.results.full.pathways]
    assert vignette.expected["pathways"] == codes


@EVERY
def test_nothing_is_left_to_answer(vignette: Vignette) -> None:
    """Every vignette can be completed as it is."""
    assert vignette.interview.missing() == ()


def test_without_safety_v3_is_a_light_case() -> None:
    """V3 shows nothing above information to who may not see the safety domain."""
    result = BY_ID["V3"].results.without_safety
    assert result.profile == "P0"
    assert result.urgent == ()
    assert result.pathways == ()
    assert [area.category for area in result.areas] == ["CUR.3", "COM.2"]
    assert "SIC" not in {domain.domain for domain in result.domains}


def test_v3_marks_what_only_safety_suggests() -> None:
    """The plan and the protection services of V3 are there for safety alone."""
    result = BY_ID["V3"].results.full
    assert {area.category: area.safety for area in result.areas} == {
        "SIC.1": True,
        "SIC.2": True,
        "ACC.5": True,
        "CUR.3": False,
        "COM.2": False,
    }
    assert {pathway.code: pathway.safety for pathway in result.pathways} == {"PAI": True}


def test_v4_asks_to_repeat_the_safety_questions_in_private() -> None:
    """An interview that was not private leaves a task; so does a domain with too few answers."""
    tasks = {task.domain: task.code for task in BY_ID["V4"].results.full.tasks}
    assert tasks == {
        "SAL": TaskCode.COMPLETE_DOMAIN,
        "SIC": TaskCode.REPEAT_SAFETY_IN_PRIVATE,
    }
    public = BY_ID["V4"].results.without_safety
    assert [task.domain for task in public.tasks] == ["SAL"]
