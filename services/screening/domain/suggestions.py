"""From levels to suggestions, and the person's decisions about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from contracts.language import Category, DomainError
from contracts.screening import (
    Choice,
    Decision,
    DomainResult,
    ScreeningResult,
    SuggestedArea,
    SuggestedPathway,
    SuggestionKind,
)
from services.screening.domain.answers import Interview
from services.screening.domain.form import Scheda
from services.screening.domain.scoring import RANK, Assessment, assess


class ChoicesInvalid(DomainError, category=Category.INVALID, slug="choices-invalid"):
    """A choice is about something not suggested, is made twice, or lacks its reason."""


@dataclass(frozen=True)
class Results:
    """The result of a screening, and the one for who may not see the safety domain."""

    full: ScreeningResult
    without_safety: ScreeningResult

    def seen(self, *, safety: bool) -> ScreeningResult:
        """Return the one to show."""
        return self.full if safety else self.without_safety


def evaluate(interview: Interview) -> Results:
    """Score and suggest twice: with the safety domain, and as if it had never been asked."""
    public = _result(interview.without_safety(), safety_included=False)
    full = _result(interview, safety_included=True)
    expected = {pathway.code for pathway in public.pathways}
    marked = tuple(
        replace(pathway, safety=pathway.code not in expected) for pathway in full.pathways
    )
    return Results(replace(full, pathways=marked), public)


def _result(interview: Interview, *, safety_included: bool) -> ScreeningResult:
    """Return the levels of one interview with what they suggest."""
    assessment = assess(interview)
    return ScreeningResult(
        domains=assessment.domains,
        profile=assessment.profile,
        urgent=assessment.urgent,
        areas=suggest_areas(interview.scheda, assessment.domains),
        pathways=_suggest_pathways(interview.scheda, assessment),
        tasks=assessment.tasks,
        safety_included=safety_included,
    )


def suggest_areas(scheda: Scheda, domains: Iterable[DomainResult]) -> tuple[SuggestedArea, ...]:
    """Return each triggered category once, with its domains and the mode of the highest level."""
    triggered: dict[str, list[DomainResult]] = {}
    for result in domains:
        for category in scheda.triggers[result.domain].get(result.level, ()):
            triggered.setdefault(category, []).append(result)
    return tuple(
        SuggestedArea(
            category=category,
            domains=tuple(result.domain for result in results),
            mode=scheda.modes[max((result.level for result in results), key=RANK.__getitem__)],
            safety={result.domain for result in results} <= scheda.safety_domains,
        )
        for category, results in triggered.items()
    )


def _suggest_pathways(scheda: Scheda, assessment: Assessment) -> tuple[SuggestedPathway, ...]:
    """Return the pathways whose rule holds."""
    return tuple(
        SuggestedPathway(code=rule.code)
        for rule, condition in scheda.pathways
        if condition.holds(assessment.facts)
    )


def decide(results: Results, choices: tuple[Choice, ...]) -> Results:
    """Write the person's decisions onto the suggestions; what nobody spoke of stays undecided.

    Raises:
        ChoicesInvalid: a choice does not fit what is suggested; ``fields`` names it by its place.

    """
    suggested = {(SuggestionKind.AREA, area.category) for area in results.full.areas} | {
        (SuggestionKind.PATHWAY, pathway.code) for pathway in results.full.pathways
    }
    made: dict[tuple[SuggestionKind, str], Choice] = {}
    problems: dict[str, list[str]] = {}
    for at, choice in enumerate(choices):
        about = (choice.kind, choice.code)
        if about not in suggested:
            problems[f"choices.{at}.code"] = [
                "This is not suggested; preview the screening to see what is."
            ]
        elif about in made:
            problems[f"choices.{at}.code"] = ["There is a choice about this already; send one."]
        elif problem := _reason_problem(choice):
            problems[f"choices.{at}.reason"] = [problem]
        made[about] = choice
    if problems:
        raise ChoicesInvalid("Some choices do not fit what is suggested.", fields=problems)
    return Results(_decided(results.full, made), _decided(results.without_safety, made))


def _reason_problem(choice: Choice) -> str | None:
    """Tell whether a reason is missing or out of place."""
    if choice.decision is Decision.REFUSED and choice.reason is None:
        return "A refusal needs its reason; prefers-not-to-say is one."
    if choice.decision is not Decision.REFUSED and choice.reason is not None:
        return "Only a refusal has a reason; leave it out."
    return None


Suggestion = TypeVar("Suggestion", SuggestedArea, SuggestedPathway)


def _decided(
    result: ScreeningResult, made: dict[tuple[SuggestionKind, str], Choice]
) -> ScreeningResult:
    """Return the result with the decisions on its suggestions."""

    def with_choice(suggestion: Suggestion, kind: SuggestionKind, code: str) -> Suggestion:
        choice = made.get((kind, code))
        if choice is None:
            return suggestion
        return replace(suggestion, decision=choice.decision, reason=choice.reason)

    return replace(
        result,
        areas=tuple(with_choice(area, SuggestionKind.AREA, area.category) for area in result.areas),
        pathways=tuple(
            with_choice(pathway, SuggestionKind.PATHWAY, pathway.code)
            for pathway in result.pathways
        ),
    )
