"""Completing a screening: what is missing, what the answers mean, what the person says to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from werkzeug.datastructures import MultiDict

from contracts.intake import ListNames
from contracts.pathways import RefusalReason
from contracts.referrals import AreaMatches, Candidate, ExplainMatches, Mode, WantedArea
from contracts.screening import (
    CompleteScreening,
    Decision,
    Form,
    FormLabel,
    FormSection,
    GetScreening,
    Level,
    PreviewScreening,
    Screening,
    ScreeningResult,
    SuggestionKind,
)
from gateway.web import forms
from gateway.web.interview import Voice, interview_of
from gateway.web.screen import Form as Sent
from gateway.web.screen import Go, Outcome, Page, Screen, Visit
from gateway.web.screens.answers import is_draft, may_write

FILL: Final = "fill"
_CHOICES: Final = "choices."
_GRAVE: Final = (Level.L3, Level.L2, Level.L1)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A suggestion to be talked over, with who would be asked and what the person says."""

    kind: SuggestionKind
    code: str
    domains: Sequence[FormSection]
    mode: Mode | None
    safety: bool
    matches: AreaMatches | None
    decision: str
    reason: str

    @property
    def uncovered(self) -> bool:
        """Whether the service that would be asked is not covered by a consent."""
        return self._first is not None and self._first.covered is False

    @property
    def asked_agency(self) -> UUID | None:
        """The agency whose service would be asked."""
        return self._first.organization_id if self._first else None

    @property
    def _first(self) -> Candidate | None:
        return self.matches.fitting[0] if self.matches and self.matches.fitting else None


def show_completion(visit: Visit) -> Outcome:
    """Show what is missing, else what the answers mean and suggest."""
    return _completion(visit, filled=False)


def take_completion(visit: Visit) -> Outcome:
    """Complete with the person's choices, or only fill in a yes where nothing was said yet."""
    if FILL in visit.form:
        return _completion(visit, filled=visit.form[FILL] == Decision.AGREED)
    screening_id = visit.path["screening_id"]
    chosen = forms.read(CompleteScreening, _told(visit.form), screening_id=screening_id)
    visit.ask(chosen)
    return Go(to=f"/screenings/{screening_id}")


def _completion(visit: Visit, *, filled: bool) -> Outcome:
    screening_id = visit.path["screening_id"]
    screening, result = visit.ask_all(
        GetScreening(screening_id=screening_id), PreviewScreening(screening_id=screening_id)
    )
    if not is_draft(screening):
        return Go(to=f"/screenings/{screening_id}")
    form = visit.speaker.reference.form(screening.form_version, screening.language)
    gathered = visit.gather(
        matches=_explanation(screening, result),
        names=ListNames(person_ids=(screening.person_id,)),
    )
    interview = interview_of(screening, form)
    return Page(
        template="screenings/completion.html",
        context={
            "screening": screening,
            "interview": interview,
            "voice": Voice(form=form, desk=visit.language, person=None),
            "named": gathered.names.items[0] if gathered.names and gathered.names.items else None,
            "proposals": _proposals(visit.form, form, result, gathered.matches, filled=filled),
            "reasons": RefusalReason,
            "may_complete": may_write(visit, screening),
            "silent_services": gathered.silent,
            **meaning(form, result),
        },
    )


def meaning(form: Form, result: ScreeningResult) -> dict[str, Any]:
    """Return what every page of a result shows of it, beside the words of the form."""
    sections = {section.code: section for section in form.sections}
    levels = [domain.level for domain in result.domains]
    return {
        "result": result,
        "sections": sections,
        "items": {item.code: item for item in form.items},
        "pathway_labels": pathway_labels(form),
        "counts": [(level, levels.count(level)) for level in _GRAVE if level in levels],
    }


def pathway_labels(form: Form) -> Mapping[str, FormLabel]:
    """Return the names of pathways by code."""
    return {label.code: label for label in form.pathways}


def _explanation(screening: Screening, result: ScreeningResult) -> ExplainMatches | None:
    """Return the question who would be asked, where anything is suggested."""
    if not result.areas:
        return None
    return ExplainMatches(
        areas=tuple(
            WantedArea(category=area.category, safety=area.safety) for area in result.areas
        ),
        municipality=screening.context.municipality,
        language=screening.context.language,
        person_id=screening.person_id,
    )


def _proposals(
    sent: Sent, form: Form, result: ScreeningResult, found: Any, *, filled: bool
) -> list[Proposal]:
    """Return every suggestion with what was said to it so far."""
    said = _said(sent)
    sections = {section.code: section for section in form.sections}
    matches = {each.category: each for each in found.items} if found else {}
    otherwise = Decision.AGREED if filled else Decision.UNDECIDED

    def proposal(kind: SuggestionKind, code: str, **more: Any) -> Proposal:
        decision, reason = said.get((kind.value, code), ("", ""))
        undecided = decision in {"", Decision.UNDECIDED}
        return Proposal(
            kind=kind,
            code=code,
            decision=otherwise.value if undecided else decision,
            reason=reason,
            **more,
        )

    areas = [
        proposal(
            SuggestionKind.AREA,
            area.category,
            domains=[sections[code] for code in area.domains if code in sections],
            mode=area.mode,
            safety=area.safety,
            matches=matches.get(area.category),
        )
        for area in result.areas
    ]
    pathways = [
        proposal(
            SuggestionKind.PATHWAY,
            pathway.code,
            domains=(),
            mode=None,
            safety=pathway.safety,
            matches=None,
        )
        for pathway in result.pathways
    ]
    return areas + pathways


def _said(sent: Sent) -> dict[tuple[str, str], tuple[str, str]]:
    """Return what was said to each suggestion, wherever it stood on the page."""
    rows = {name.split(".")[1] for name in sent if name.startswith(_CHOICES)}
    return {
        (sent.get(f"{_CHOICES}{row}.kind", ""), sent.get(f"{_CHOICES}{row}.code", "")): (
            sent.get(f"{_CHOICES}{row}.decision", ""),
            sent.get(f"{_CHOICES}{row}.reason", ""),
        )
        for row in rows
    }


def _told(sent: Sent) -> Sent:
    """Return what was sent without the reasons of what is not refused: the list stays as it was."""
    told: Sent = MultiDict(
        (name, value)
        for name, value in sent.items(multi=True)
        if not name.endswith(".reason")
        or sent.get(name.removesuffix("reason") + "decision") == Decision.REFUSED
    )
    return told


SCREENS: Final = (
    Screen(
        name="completion",
        path="/screenings/{screening_id}/completion",
        shows=show_completion,
        takes=take_completion,
        permission=PreviewScreening.permission,
    ),
)
