"""Screenings as rows: the only SQL of the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from chassis.unit import Store
from contracts.screening import (
    ScreeningContext,
    ScreeningMode,
    ScreeningResult,
    ScreeningStatus,
)
from services.screening.domain.life import ScreeningState
from services.screening.domain.marks import Marks
from services.screening.domain.suggestions import Results
from services.screening.models import screenings, teams

_WITH_TEAM: Final = sa.select(screenings, teams.c.members.label("team")).select_from(
    screenings.outerjoin(
        teams,
        sa.and_(
            teams.c.subject_id == screenings.c.person_id,
            teams.c.agency_id == screenings.c.agency_id,
        ),
    )
)


class ScreeningStore(Store):
    """The screenings of every agency; who may see which is decided by the handlers."""

    def add(self, state: ScreeningState) -> None:
        """Keep a new screening."""
        self.connection.execute(sa.insert(screenings).values(_row(state)))

    def save(self, state: ScreeningState) -> None:
        """Keep what changed in a screening that ``find_to_change`` has locked."""
        self.connection.execute(
            sa.update(screenings)
            .where(screenings.c.screening_id == state.screening_id)
            .values(_row(state))
        )

    def find(self, screening_id: UUID) -> ScreeningState | None:
        """Return a screening."""
        return self._one(_WITH_TEAM.where(screenings.c.screening_id == screening_id))

    def find_to_change(self, screening_id: UUID) -> ScreeningState | None:
        """Return a screening that nobody else can change until this unit of work ends."""
        return self._one(
            _WITH_TEAM.where(screenings.c.screening_id == screening_id).with_for_update(
                of=screenings
            )
        )

    def newest(
        self,
        *,
        agency_id: UUID | None,
        person_id: UUID | None,
        status: ScreeningStatus | None,
        before: UUID | None,
        limit: int,
    ) -> tuple[ScreeningState, ...]:
        """Return screenings, newest first, older than ``before``; ids are sorted by time."""
        statement = _WITH_TEAM.order_by(screenings.c.screening_id.desc()).limit(limit)
        for column, wanted in (
            (screenings.c.agency_id, agency_id),
            (screenings.c.person_id, person_id),
            (screenings.c.status, status),
        ):
            if wanted is not None:
                statement = statement.where(column == wanted)
        if before is not None:
            statement = statement.where(screenings.c.screening_id < before)
        return tuple(_state(row) for row in self.connection.execute(statement).mappings())

    def _one(self, statement: sa.Select[Any]) -> ScreeningState | None:
        row = self.connection.execute(statement).mappings().one_or_none()
        return None if row is None else _state(row)


def _row(state: ScreeningState) -> dict[str, Any]:
    """Return the row of a screening."""
    results = state.results
    return {
        "screening_id": state.screening_id,
        "person_id": state.person_id,
        "case_id": state.case_id,
        "agency_id": state.agency_id,
        "worker_id": state.worker_id,
        "form_version": state.form_version,
        "mode": state.mode.value,
        "language": state.language,
        "status": state.status.value,
        "version": state.version,
        "context": state.context.dump(),
        "answers": dict(state.answers),
        "result": None if results is None else results.full.dump(),
        "result_without_safety": None if results is None else results.without_safety.dump(),
        "started_at": state.started_at,
        "changed_at": state.changed_at,
        "completed_at": state.completed_at,
        "marks": state.marks.dump(),
    }


def _state(row: Mapping[Any, Any]) -> ScreeningState:
    """Return the screening of a row; fields that a newer version of the code wrote are ignored."""
    return ScreeningState(
        screening_id=row["screening_id"],
        person_id=row["person_id"],
        case_id=row["case_id"],
        agency_id=row["agency_id"],
        worker_id=row["worker_id"],
        team=frozenset(row["team"] or ()),
        form_version=row["form_version"],
        mode=ScreeningMode(row["mode"]),
        language=row["language"],
        context=ScreeningContext.load(row["context"], tolerant=True),
        answers={
            item: tuple(given) if isinstance(given, list) else given
            for item, given in row["answers"].items()
        },
        status=ScreeningStatus(row["status"]),
        version=row["version"],
        started_at=row["started_at"],
        changed_at=row["changed_at"],
        completed_at=row["completed_at"],
        results=None if row["result"] is None else _results(row),
        marks=_marks(row),
    )


def _results(row: Mapping[Any, Any]) -> Results:
    return Results(
        ScreeningResult.load(row["result"], tolerant=True),
        ScreeningResult.load(row["result_without_safety"], tolerant=True),
    )


def _marks(row: Mapping[Any, Any]) -> Marks:
    """Return the marks of a row; those of another version tell nothing of the later changes."""
    kept = None if row["marks"] is None else Marks.load(row["marks"], tolerant=True)
    return kept if kept and kept.version == row["version"] else Marks.begin(row["version"])
