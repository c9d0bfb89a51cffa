"""The life of a screening: started, answered, completed once; and what each reader sees of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from contracts.access import Principal
from contracts.language import Category, DomainError, Outcome, VersionMismatch
from contracts.screening import (
    CompleteScreening,
    SaveAnswers,
    Screening,
    ScreeningCompleted,
    ScreeningContext,
    ScreeningMode,
    ScreeningResult,
    ScreeningStarted,
    ScreeningStatus,
    ScreeningSummary,
    StartScreening,
)
from services.screening.domain.answers import (
    Answers,
    Interview,
    ScreeningIncomplete,
    change_answers,
)
from services.screening.domain.form import Scheda
from services.screening.domain.marks import Marks
from services.screening.domain.suggestions import Results, decide, evaluate


class ScreeningClosed(DomainError, category=Category.CONFLICT, slug="screening-completed"):
    """A completed screening never changes."""


class NotConducting(DomainError, category=Category.FORBIDDEN, slug="not-conducting"):
    """The caller may not see the safety answers of this interview, hence not conduct it."""


@dataclass(frozen=True, kw_only=True)
class ScreeningState:
    """A screening as it is kept."""

    screening_id: UUID
    person_id: UUID
    case_id: UUID | None
    agency_id: UUID
    worker_id: UUID
    form_version: str
    mode: ScreeningMode
    language: str | None
    context: ScreeningContext
    answers: Answers
    status: ScreeningStatus
    version: int
    started_at: datetime
    changed_at: datetime
    marks: Marks
    completed_at: datetime | None = None
    results: Results | None = None
    team: frozenset[UUID] = frozenset()
    """Who is on the team of the agency's case with the person, as far as that is known."""

    def interview(self, scheda: Scheda) -> Interview:
        """Return its answers with the form that asked for them."""
        return Interview(scheda, self.mode, self.context, self.answers)


def sees_safety(principal: Principal, state: ScreeningState) -> bool:
    """Tell whether the caller may see the safety domain of this interview."""
    return principal.reaches("safety:read", state.agency_id, owner=state.worker_id, team=state.team)


def start(
    scheda: Scheda, command: StartScreening, principal: Principal, screening_id: UUID, now: datetime
) -> Outcome[ScreeningState]:
    """Begin a screening that belongs to the caller's agency."""
    state = ScreeningState(
        screening_id=screening_id,
        person_id=command.person_id,
        case_id=command.case_id,
        agency_id=principal.agency_id,
        worker_id=principal.user_id,
        form_version=scheda.version,
        mode=command.mode,
        language=command.language,
        context=command.context,
        answers={},
        status=ScreeningStatus.DRAFT,
        version=1,
        started_at=now,
        changed_at=now,
        marks=Marks.begin(1, principal.user_id),
    )
    started = ScreeningStarted(
        screening_id=state.screening_id,
        person_id=state.person_id,
        case_id=state.case_id,
        agency_id=state.agency_id,
        worker_id=state.worker_id,
        form_version=state.form_version,
        mode=state.mode,
        started_at=now,
    )
    return Outcome(state, (started,))


@dataclass(frozen=True)
class Saved:
    """A draft after a change, and the answers that went with it."""

    state: ScreeningState
    removed: tuple[str, ...]


def save_answers(
    scheda: Scheda,
    state: ScreeningState,
    command: SaveAnswers,
    principal: Principal,
    now: datetime,
) -> Saved:
    """Change some answers of a draft, as it is now or, to merge, as it was at an earlier version.

    What the change removes is changed by it, too: nobody's answer goes unseen.

    Raises:
        ScreeningClosed, VersionMismatch, NotConducting: the draft may not be changed so.
        AnswersInvalid: an answer does not fit its question.
        AnswersConflict: somebody else changed the same answers after that version.

    """
    _require_open(scheda, state, principal)
    if not (command.merge and 0 < command.version < state.version):
        _require_version(state, command.version)
    change = change_answers(state.interview(scheda), command.answers)
    changed = [
        item.code
        for item in scheda.items
        if state.answers.get(item.code) != change.answers.get(item.code)
    ]
    state.marks.require_unchanged(changed, base=command.version, by=principal.user_id)
    kept = replace(
        state,
        answers=change.answers,
        version=state.version + 1,
        changed_at=now,
        marks=state.marks.after(changed, by=principal.user_id, at=now),
    )
    return Saved(kept, change.removed)


def complete(
    scheda: Scheda,
    state: ScreeningState,
    command: CompleteScreening,
    principal: Principal,
    now: datetime,
) -> Outcome[ScreeningState]:
    """Score a draft and close it with the person's choices.

    Raises:
        ScreeningClosed, VersionMismatch, NotConducting: the draft may not be completed so.
        ScreeningIncomplete: questions are left to answer.
        ChoicesInvalid: a choice does not fit what is suggested.

    """
    _require_open(scheda, state, principal)
    _require_version(state, command.version)
    interview = state.interview(scheda)
    _require_answers(interview)
    results = decide(evaluate(interview), command.choices)
    completed = replace(
        state,
        status=ScreeningStatus.COMPLETED,
        version=state.version + 1,
        changed_at=now,
        completed_at=now,
        results=results,
        marks=state.marks.after((), by=principal.user_id, at=now),
    )
    return Outcome(completed, (_completed(completed, results, now),))


def _takes_part(scheda: Scheda, state: ScreeningState, caller: Principal) -> bool:
    """Tell whether the caller may know of every question and answer as it comes.

    Questions appear and disappear with the safety answers, completing asks for them, and what was
    answered when tells how long they were talked about: in an interview that has them, only who may
    see them can take part without learning them.
    """
    return sees_safety(caller, state) or not _asks_for_safety(scheda, state.mode)


def _require_open(scheda: Scheda, state: ScreeningState, caller: Principal) -> None:
    """Refuse a change by who may not make it, or to a closed screening."""
    if not _takes_part(scheda, state, caller):
        raise NotConducting(
            "Only the worker who conducts this interview, or a colleague who may see safety "
            "answers, can change it."
        )
    if state.status is ScreeningStatus.COMPLETED:
        raise ScreeningClosed("This screening is completed; start another to record what changed.")


def _require_version(state: ScreeningState, version: int) -> None:
    """Refuse a change to a screening that moved on."""
    if version != state.version:
        raise VersionMismatch(
            f"The screening is at version {state.version} by now; read it again and repeat.",
            fields={"version": [f"Expected {state.version}."]},
        )


def _asks_for_safety(scheda: Scheda, mode: ScreeningMode) -> bool:
    return any(item.code in scheda.safety_items for item in scheda.in_mode(mode))


def _require_answers(interview: Interview) -> None:
    """Refuse to complete while required questions are open."""
    if missing := interview.missing():
        extra = " or ".join(sorted(interview.scheda.no_answer))
        raise ScreeningIncomplete(
            f"{len(missing)} questions are not answered yet.",
            fields={
                f"answers.{code}": [f"Answer this question; {extra} if there is no answer."]
                for code in missing
            },
        )


def _completed(state: ScreeningState, results: Results, now: datetime) -> ScreeningCompleted:
    """Return the event that tells everything about a completed screening."""
    full, public = results.full, results.without_safety
    return ScreeningCompleted(
        screening_id=state.screening_id,
        person_id=state.person_id,
        case_id=state.case_id,
        agency_id=state.agency_id,
        worker_id=state.worker_id,
        form_version=state.form_version,
        mode=state.mode,
        completed_at=now,
        context=state.context,
        levels={result.domain: result.level for result in full.domains},
        indexes={
            result.domain: result.index for result in full.domains if result.index is not None
        },
        urgent=full.urgent,
        profile=full.profile,
        profile_without_safety=public.profile,
        areas=full.areas,
        pathways=full.pathways,
        pathways_without_safety=tuple(pathway.code for pathway in public.pathways),
    )


def preview(scheda: Scheda, state: ScreeningState, principal: Principal) -> ScreeningResult:
    """Return the result, or what it would be with the answers so far."""
    results = state.results or evaluate(state.interview(scheda))
    return results.seen(safety=sees_safety(principal, state))


def show(scheda: Scheda, state: ScreeningState, principal: Principal) -> Screening:
    """Return the screening as the caller may see it."""
    safety = sees_safety(principal, state)
    whole = state.interview(scheda)
    interview = whole if safety else whole.without_safety()
    draft = state.status is ScreeningStatus.DRAFT
    return Screening(
        screening_id=state.screening_id,
        person_id=state.person_id,
        case_id=state.case_id,
        agency_id=state.agency_id,
        worker_id=state.worker_id,
        form_version=state.form_version,
        mode=state.mode,
        language=state.language,
        status=state.status,
        version=state.version,
        context=state.context,
        answers={code: _shown(given) for code, given in interview.answers.items()},
        visible=tuple(item.code for item in interview.asked()),
        missing=interview.missing() if draft else (),
        started_at=state.started_at,
        changed_at=state.changed_at,
        completed_at=state.completed_at,
        result=None if state.results is None else state.results.seen(safety=safety),
        changed_by=state.marks.changed_by,
        marks=dict(state.marks.by_item) if _takes_part(scheda, state, principal) else None,
    )


def _shown(given: str | tuple[str, ...]) -> str | list[str]:
    """Return an answer as it is written in JSON."""
    return given if isinstance(given, str) else list(given)


def summarise(state: ScreeningState, principal: Principal) -> ScreeningSummary:
    """Return the screening as one row of a list."""
    results = state.results
    seen = None if results is None else results.seen(safety=sees_safety(principal, state))
    return ScreeningSummary(
        screening_id=state.screening_id,
        person_id=state.person_id,
        case_id=state.case_id,
        agency_id=state.agency_id,
        worker_id=state.worker_id,
        form_version=state.form_version,
        mode=state.mode,
        status=state.status,
        profile=None if seen is None else seen.profile,
        started_at=state.started_at,
        changed_at=state.changed_at,
        completed_at=state.completed_at,
        changed_by=state.marks.changed_by,
    )
