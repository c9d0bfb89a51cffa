"""The screening service in memory: the real rules, one screening, no broker and no database."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from chassis import clock
from contracts.access import Principal, Role
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
    ScreeningMode,
    ScreeningPage,
    ScreeningResult,
    StartScreening,
)
from services.screening.domain import life
from services.screening.domain.life import ScreeningState
from services.screening.domain.texts import show_form
from services.screening.forms import shelf
from tests.support.gateway import AGENCY, USER, Gateway, refusal_of
from tests.support.scheda import CONTEXT, SCHEDA
from tests.support.service_answers import PERSON, SCREENING

COLLEAGUE: Final = UUID("01920000-0000-7000-8000-0000000000b2")
_BEGUN: Final = clock.now() - timedelta(minutes=5)


@dataclass
class Interviews:
    """Answers what pages ask about one screening, as whoever is at the desk."""

    role: Role = Role.CASE_WORKER
    state: ScreeningState = field(init=False)

    def __post_init__(self) -> None:
        """Begin a whole form in Arabic, by the worker at the desk."""
        self.begin()

    def begin(self, *, worker_id: UUID = USER, mode: ScreeningMode = ScreeningMode.FULL) -> None:
        """Begin anew, with a person on whose case both colleagues work."""
        started = StartScreening(person_id=PERSON, mode=mode, language="ar", context=CONTEXT)
        worker = self.desk(worker_id, Role.CASE_WORKER)
        state = life.start(SCHEDA, started, worker, SCREENING, _BEGUN).state
        self.state = replace(state, team=frozenset({USER, COLLEAGUE}))

    def leave(self) -> None:
        """Let a colleague have conducted it, and nobody at this desk be on the team."""
        self.state = replace(self.state, worker_id=COLLEAGUE, team=frozenset({COLLEAGUE}))

    def desk(self, user_id: UUID = USER, role: Role | None = None) -> Principal:
        """Return somebody of the agency."""
        return Principal(user_id=user_id, agency_id=AGENCY, roles=(role or self.role,))

    def answer(self, *, by: UUID = USER, **answers: Any) -> None:
        """Let somebody answer, wherever they sit."""
        self._save(
            SaveAnswers(screening_id=SCREENING, version=self.state.version, answers=answers),
            self.desk(by),
        )

    def teach(self, gateway: Gateway) -> None:
        """Let the pages' questions be answered."""
        port = gateway.port
        port.teach(GetForm, self._form)
        port.teach(GetScreening, lambda _: self.shown)
        port.teach(SaveAnswers, lambda asked: refusal_of(self._save, asked, self.desk()))
        port.teach(PreviewScreening, lambda _: self._preview())
        port.teach(CompleteScreening, lambda asked: refusal_of(self._complete, asked))
        port.teach(
            ListScreenings,
            lambda _: ScreeningPage(items=(life.summarise(self.state, self.desk()),)),
        )

    @property
    def shown(self) -> Screening:
        """The screening as whoever is at the desk sees it."""
        return life.show(SCHEDA, self.state, self.desk())

    def _form(self, asked: GetForm) -> Form:
        return show_form(SCHEDA, shelf().translations[SCHEDA.version], language=asked.language)

    def _save(self, asked: SaveAnswers, by: Principal) -> SavedAnswers:
        saved = life.save_answers(SCHEDA, self.state, asked, by, clock.now())
        self.state = saved.state
        return SavedAnswers(screening=self.shown, removed=saved.removed)

    def _preview(self) -> ScreeningResult:
        return life.preview(SCHEDA, self.state, self.desk())

    def _complete(self, asked: CompleteScreening) -> Screening:
        outcome = life.complete(SCHEDA, self.state, asked, self.desk(), clock.now())
        self.state = outcome.state
        return self.shown
