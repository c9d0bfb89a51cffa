"""What the service does: load, let the rules decide, keep, tell; each in one unit of work."""

from __future__ import annotations

from typing import Final

from chassis import teams
from chassis.paging import position
from chassis.unit import Unit
from contracts.access import Scope
from contracts.calendar import day_of
from contracts.intake import CaseStaffed
from contracts.language import NotFound
from contracts.screening import (
    CompleteScreening,
    Form,
    GetForm,
    GetScreening,
    ListScreenings,
    PreviewScreening,
    SaveAnswers,
    SavedAnswers,
    Screening,
    ScreeningPage,
    ScreeningResult,
    StartScreening,
)
from services.screening.domain import life
from services.screening.domain.life import ScreeningState
from services.screening.domain.texts import show_form
from services.screening.forms import shelf
from services.screening.store import ScreeningStore

FORMS: Final = shelf()


def start_screening(unit: Unit[ScreeningStore], command: StartScreening) -> Screening:
    """Start a screening with the form in force."""
    scheda = FORMS.in_force(day_of(unit.now))
    outcome = life.start(scheda, command, unit.principal, unit.new_id(), unit.now)
    unit.store.add(outcome.state)
    unit.publish(*outcome.events)
    return life.show(scheda, outcome.state, unit.principal)


def save_answers(unit: Unit[ScreeningStore], command: SaveAnswers) -> SavedAnswers:
    """Change some answers of a draft."""
    state = _reached(unit, unit.store.find_to_change(command.screening_id), SaveAnswers.permission)
    scheda = FORMS.version(state.form_version)
    saved = life.save_answers(scheda, state, command, unit.principal, unit.now)
    unit.store.save(saved.state)
    return SavedAnswers(
        screening=life.show(scheda, saved.state, unit.principal), removed=saved.removed
    )


def complete_screening(unit: Unit[ScreeningStore], command: CompleteScreening) -> Screening:
    """Score a draft, close it and tell what it suggests and what the person said."""
    state = _reached(
        unit, unit.store.find_to_change(command.screening_id), CompleteScreening.permission
    )
    scheda = FORMS.version(state.form_version)
    outcome = life.complete(scheda, state, command, unit.principal, unit.now)
    unit.store.save(outcome.state)
    unit.publish(*outcome.events)
    return life.show(scheda, outcome.state, unit.principal)


def get_screening(unit: Unit[ScreeningStore], query: GetScreening) -> Screening:
    """Show one screening."""
    state = _reached(unit, unit.store.find(query.screening_id), GetScreening.permission)
    return life.show(FORMS.version(state.form_version), state, unit.principal)


def preview_screening(unit: Unit[ScreeningStore], query: PreviewScreening) -> ScreeningResult:
    """Show what the answers so far mean and suggest."""
    state = _reached(unit, unit.store.find(query.screening_id), PreviewScreening.permission)
    return life.preview(FORMS.version(state.form_version), state, unit.principal)


def list_screenings(unit: Unit[ScreeningStore], query: ListScreenings) -> ScreeningPage:
    """Show a page of screenings in the caller's reach."""
    network = unit.principal.require(ListScreenings.permission) is Scope.NETWORK
    states = unit.store.newest(
        agency_id=None if network else unit.principal.agency_id,
        person_id=query.person_id,
        status=query.status,
        before=position(query.cursor),
        limit=query.limit + 1,
    )
    page = states[: query.limit]
    return ScreeningPage(
        items=tuple(life.summarise(state, unit.principal) for state in page),
        next_cursor=str(page[-1].screening_id) if len(states) > len(page) else None,
    )


def get_form(unit: Unit[ScreeningStore], query: GetForm) -> Form:
    """Show a version of the form, or the one in force."""
    scheda = (
        FORMS.in_force(day_of(unit.now)) if query.version is None else FORMS.version(query.version)
    )
    translations = FORMS.translations.get(scheda.version, ())
    return show_form(scheda, translations, language=query.language)


def on_case_staffed(unit: Unit[ScreeningStore], event: CaseStaffed) -> None:
    """Keep who is on the team of a person's case."""
    teams.keep_team(unit, event.person_id, event.agency_id, event.team)


def _reached(
    unit: Unit[ScreeningStore], state: ScreeningState | None, permission: str
) -> ScreeningState:
    """Return the screening if it is in the caller's reach.

    Raises:
        NotFound: it is not there, or belongs to another agency.

    """
    if state is None or not unit.principal.reaches(permission, state.agency_id):
        raise NotFound("There is no such screening.")
    return state
