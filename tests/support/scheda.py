"""Interviews for tests: the form in force, an ordinary person, and the golden vignettes."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from contracts.screening import ScreeningContext, ScreeningMode
from services.screening.domain.answers import Interview, change_answers
from services.screening.domain.form import Scheda
from services.screening.domain.suggestions import Results, evaluate
from services.screening.forms import shelf

SCHEDA: Scheda = shelf().version("0.1")
CONTEXT = ScreeningContext.load(
    {
        "citizenship_group": "EXTRA_EU",
        "mother_tongue_it": False,
        "studied_abroad": True,
        "minors_0_5": 1,
        "minors_6_16": 1,
        "minors_0_17": 2,
        "age": 30,
        "resident_project_town": True,
        "permit_allows_traineeship": True,
        "in_charge_public_service": False,
    }
)
_FILE = Path(__file__).parents[2] / "examples" / "vignettes.json"


@dataclass(frozen=True)
class Vignette:
    """An invented interview with the result that was agreed for it."""

    id: str
    mode: ScreeningMode
    context: ScreeningContext
    answers: dict[str, Any]
    expected: dict[str, Any]

    @property
    def interview(self) -> Interview:
        """The interview with all its answers."""
        return interview(self.answers, mode=self.mode, context=self.context)

    @property
    def results(self) -> Results:
        """What the rules make of it."""
        return evaluate(self.interview)


VIGNETTES: tuple[Vignette, ...] = tuple(
    Vignette(
        id=raw["id"],
        mode=ScreeningMode(raw["mode"]),
        context=ScreeningContext.load(raw["context"]),
        answers=raw["answers"],
        expected=raw["expected"],
    )
    for raw in json.loads(_FILE.read_text(encoding="utf-8"))["vignettes"]
)
BY_ID: dict[str, Vignette] = {vignette.id: vignette for vignette in VIGNETTES}


def interview(
    answers: dict[str, Any] | None = None,
    *,
    mode: ScreeningMode = ScreeningMode.FULL,
    context: ScreeningContext = CONTEXT,
    scheda: Scheda = SCHEDA,
    **facts: Any,
) -> Interview:
    """Return an interview in which these answers were accepted; ``facts`` change the context."""
    empty = Interview(scheda, mode, replace(context, **facts), {})
    if not answers:
        return empty
    return replace(empty, answers=change_answers(empty, answers).answers)


def pathways(answers: dict[str, Any], **facts: Any) -> set[str]:
    """Return the codes of the pathways that an interview suggests."""
    return {pathway.code for pathway in evaluate(interview(answers, **facts)).full.pathways}
