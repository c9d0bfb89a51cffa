"""The doors of the screening service."""

from __future__ import annotations

from chassis.edge import Database, Service, answers, listens
from chassis.unit import Unit
from contracts.intake import CaseStaffed
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
from services.screening import handlers
from services.screening.store import ScreeningStore


class ScreeningService(Service[ScreeningStore]):
    """Asks, scores and suggests."""

    name = "screening"
    database = Database(ScreeningStore)

    @answers(StartScreening)
    def start_screening(self, unit: Unit[ScreeningStore], command: StartScreening) -> Screening:
        """Start a screening."""
        return handlers.start_screening(unit, command)

    @answers(SaveAnswers)
    def save_answers(self, unit: Unit[ScreeningStore], command: SaveAnswers) -> SavedAnswers:
        """Change some answers of a draft."""
        return handlers.save_answers(unit, command)

    @answers(CompleteScreening)
    def complete_screening(
        self, unit: Unit[ScreeningStore], command: CompleteScreening
    ) -> Screening:
        """Score a draft and close it."""
        return handlers.complete_screening(unit, command)

    @answers(GetScreening)
    def get_screening(self, unit: Unit[ScreeningStore], query: GetScreening) -> Screening:
        """Show one screening."""
        return handlers.get_screening(unit, query)

    @answers(PreviewScreening)
    def preview_screening(
        self, unit: Unit[ScreeningStore], query: PreviewScreening
    ) -> ScreeningResult:
        """Show what the answers so far mean and suggest."""
        return handlers.preview_screening(unit, query)

    @answers(ListScreenings)
    def list_screenings(self, unit: Unit[ScreeningStore], query: ListScreenings) -> ScreeningPage:
        """Show a page of screenings."""
        return handlers.list_screenings(unit, query)

    @answers(GetForm)
    def get_form(self, unit: Unit[ScreeningStore], query: GetForm) -> Form:
        """Show a version of the form."""
        return handlers.get_form(unit, query)

    @listens(CaseStaffed)
    def on_case_staffed(self, unit: Unit[ScreeningStore], event: CaseStaffed) -> None:
        """Know who may see the answers about safety."""
        handlers.on_case_staffed(unit, event)
