"""Emergency accesses as rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from contracts.access import Principal
from contracts.intake import EmergencyAccess, EmergencyOutcome, EmergencyQueue, EmergencyReason
from services.intake.models import emergency_accesses as table

_FOUND: Final = table.c.person_id.is_not(None)
_QUEUES: Final[Mapping[EmergencyQueue, Callable[[datetime], sa.ColumnElement[bool]]]] = {
    EmergencyQueue.TO_REVIEW: lambda _now: _FOUND & table.c.outcome.is_(None),
    EmergencyQueue.OPEN: lambda now: table.c.ends_at > now,
    EmergencyQueue.REVIEWED: lambda _now: table.c.outcome.is_not(None),
    EmergencyQueue.NOBODY_FOUND: lambda _now: table.c.person_id.is_(None),
}


class EmergencyRows:
    """The emergency accesses of all agencies."""

    def __init__(self, connection: sa.Connection) -> None:
        """Use the connection of the unit of work."""
        self._connection = connection

    def attempts(self, user_id: UUID, *, since: datetime) -> int:
        """Return how many attempts an account made; until the end it can make no other one.

        What one attempt found was opened at one instant.
        """
        name = sa.func.hashtextextended(f"emergency {user_id}", 0)
        self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(name)))
        statement = sa.select(sa.func.count(sa.distinct(table.c.opened_at))).where(
            table.c.user_id == user_id, table.c.opened_at > since
        )
        return int(self._connection.execute(statement).scalar_one())

    def add(self, accesses: Iterable[EmergencyAccess]) -> None:
        """Keep new ones."""
        self._connection.execute(sa.insert(table), [_row(each) for each in accesses])

    def of_caller(self, principal: Principal, *, now: datetime) -> tuple[EmergencyAccess, ...]:
        """Return what the caller has open, newest first."""
        return self._all(
            sa.select(table)
            .where(
                table.c.user_id == principal.user_id,
                table.c.agency_id == principal.agency_id,
                table.c.ends_at > now,
            )
            .order_by(table.c.access_id.desc())
        )

    def find(self, access_id: UUID) -> EmergencyAccess | None:
        """Return one of them."""
        found = self._all(sa.select(table).where(table.c.access_id == access_id))
        return found[0] if found else None

    def to_change(self, access_id: UUID) -> EmergencyAccess | None:
        """Return one that nobody else can change until this unit of work ends."""
        found = self._all(sa.select(table).where(table.c.access_id == access_id).with_for_update())
        return found[0] if found else None

    def save(self, access: EmergencyAccess) -> None:
        """Keep what changed in one that ``to_change`` has locked."""
        self._connection.execute(
            sa.update(table).where(table.c.access_id == access.access_id).values(_row(access))
        )

    def queue(
        self,
        queue: EmergencyQueue,
        *,
        agency_id: UUID | None,
        now: datetime,
        before: UUID | None,
        limit: int,
    ) -> tuple[EmergencyAccess, ...]:
        """Return one list, newest first; of an agency, those to persons that it registered."""
        statement = (
            sa.select(table)
            .where(_QUEUES[queue](now), *_of(agency_id))
            .order_by(table.c.access_id.desc())
            .limit(limit)
        )
        if before is not None:
            statement = statement.where(table.c.access_id < before)
        return self._all(statement)

    def waiting(self, *, agency_id: UUID | None, now: datetime) -> int:
        """Return how many wait for a review."""
        waits = _QUEUES[EmergencyQueue.TO_REVIEW](now)
        statement = sa.select(sa.func.count()).select_from(table).where(waits, *_of(agency_id))
        return int(self._connection.execute(statement).scalar_one())

    def _all(self, statement: sa.Select[Any]) -> tuple[EmergencyAccess, ...]:
        return tuple(map(_access, self._connection.execute(statement).mappings()))


def _of(agency_id: UUID | None) -> Collection[sa.ColumnElement[bool]]:
    return () if agency_id is None else (table.c.registering_agency_id == agency_id,)


def _row(access: EmergencyAccess) -> dict[str, Any]:
    outcome = access.outcome
    return {
        **asdict(access),
        "reason": access.reason.value,
        "outcome": None if outcome is None else outcome.value,
    }


def _access(row: Mapping[Any, Any]) -> EmergencyAccess:
    outcome = row["outcome"]
    return EmergencyAccess(
        **{
            **row,
            "reason": EmergencyReason(row["reason"]),
            "outcome": None if outcome is None else EmergencyOutcome(outcome),
        }
    )
