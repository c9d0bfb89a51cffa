"""The rows of events: gatherings and attendances."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from chassis.unit import Store
from contracts.events import Attendance, Gathering, GatheringKind, GatheringPage, ListGatherings
from contracts.language import InvalidRequest
from services.events.models import attendances, gatherings


class EventsStore(Store):
    """Reads and writes the tables of gatherings and attendances."""

    def add_gathering(self, gathering: Gathering) -> None:
        """Store a gathering."""
        self.connection.execute(
            sa.insert(gatherings).values(
                {column.name: getattr(gathering, column.name) for column in gatherings.columns}
            )
        )

    def gathering(self, gathering_id: UUID) -> Gathering | None:
        """Return one gathering with its counts."""
        found = self._shown(_counted().where(gatherings.c.gathering_id == gathering_id))
        return next(iter(found), None)

    def page(self, query: ListGatherings) -> GatheringPage:
        """Return gatherings, newest first."""
        chosen = _counted()
        if query.municipality is not None:
            chosen = chosen.where(gatherings.c.municipality == query.municipality)
        if query.kind is not None:
            chosen = chosen.where(gatherings.c.kind == query.kind)
        if query.cursor is not None:
            chosen = chosen.where(_before(query.cursor))
        found = self._shown(
            chosen.order_by(gatherings.c.starts_at.desc(), gatherings.c.gathering_id.desc()).limit(
                query.limit + 1
            )
        )
        items, more = found[: query.limit], found[query.limit :]
        return GatheringPage(items=items, next_cursor=str(items[-1].gathering_id) if more else None)

    def add_attendance(self, attendance: Attendance, *, recorded_by: UUID) -> UUID | None:
        """Store an attendance, or return the id of the one that counts the same person already.

        The unique index decides, so that two desks that record the same person at once count once.
        """
        statement = (
            postgresql.insert(attendances)
            .values(**vars(attendance), recorded_by=recorded_by)
            .on_conflict_do_nothing(
                index_elements=["gathering_id", "person_id"],
                index_where=attendances.c.person_id.is_not(None),
            )
        )
        if self.connection.execute(statement).rowcount == 1:
            return None
        earlier: UUID = self.connection.execute(
            sa.select(attendances.c.attendance_id).where(
                attendances.c.gathering_id == attendance.gathering_id,
                attendances.c.person_id == attendance.person_id,
            )
        ).scalar_one()
        return earlier

    def _shown(self, chosen: sa.Select[Any]) -> tuple[Gathering, ...]:
        return tuple(
            Gathering(**{**row, "kind": GatheringKind(row["kind"])})
            for row in self.connection.execute(chosen).mappings()
        )


def _counted() -> sa.Select[Any]:
    """Select gatherings with the persons and the anonymous heads that came."""
    known = attendances.c.person_id.is_not(None)
    heads = sa.func.coalesce(sa.func.sum(attendances.c.headcount).filter(~known), 0)
    counts = (
        sa.select(
            sa.func.count().filter(known).label("persons"),
            sa.cast(heads, sa.Integer).label("anonymous"),
        )
        .where(attendances.c.gathering_id == gatherings.c.gathering_id)
        .lateral("counts")
    )
    return sa.select(*gatherings.columns, counts.c.persons, counts.c.anonymous).select_from(
        gatherings.join(counts, sa.true())
    )


def _before(cursor: str) -> sa.ColumnElement[bool]:
    """Choose what comes after the gathering that the last page ended with."""
    try:
        last = UUID(cursor)
    except ValueError as error:
        raise InvalidRequest(
            "The cursor is not one that this list gave.", fields={"cursor": ["Not a cursor."]}
        ) from error
    ended = gatherings.alias("ended")
    return sa.exists().where(
        ended.c.gathering_id == last,
        sa.tuple_(gatherings.c.starts_at, gatherings.c.gathering_id)
        < sa.tuple_(ended.c.starts_at, ended.c.gathering_id),
    )
