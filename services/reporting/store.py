"""The rows of the read models; what arrives twice is stored once, in whatever order it arrives."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from chassis import teams as team_tables
from chassis.unit import Store
from contracts.events import AttendanceRecorded, GatheringKind, GatheringScheduled
from contracts.intake import PersonFact
from contracts.language import InvalidRequest
from contracts.reporting import GetTimeline, Timeline, TimelineEntry
from contracts.screening import Gender, ScreeningCompleted
from services.reporting.domain import Attended, Entry, Participant, Period, Presences, Reach
from services.reporting.models import (
    entries,
    gatherings,
    participations,
    people,
    screenings,
    teams,
)

# Built once: a chain tells some forty events, and building a statement costs as much as running it.
_ADDING: Final = {
    table: postgresql.insert(table).on_conflict_do_nothing()
    for table in (entries, screenings, gatherings, participations)
}


class ReportingStore(Store):
    """Reads and writes the tables of the read models."""

    def add_entry(self, entry: Entry) -> None:
        """Store a line of a person's story."""
        self._add(entries, vars(entry))

    def keep_person(self, event: PersonFact, *, sequence: int) -> None:
        """Store the coded facts about a person, unless newer ones are stored already."""
        facts = {
            **{
                name: getattr(event, name)
                for name in (
                    "person_id",
                    "agency_id",
                    "gender",
                    "migratory_background",
                    "municipality",
                )
            },
            "sequence": sequence,
        }
        statement = postgresql.insert(people).values(facts)
        self.connection.execute(
            statement.on_conflict_do_update(
                index_elements=["person_id"],
                set_=facts,
                where=people.c.sequence < statement.excluded.sequence,
            )
        )

    def add_screening(self, event: ScreeningCompleted, *, fragile: bool) -> None:
        """Store whether a screening shows the person in a fragile condition."""
        self._add(
            screenings,
            {
                "screening_id": event.screening_id,
                "person_id": event.person_id,
                "fragile": fragile,
            },
        )

    def add_gathering(self, event: GatheringScheduled) -> None:
        """Store a gathering."""
        self._add(
            gatherings, {column.name: getattr(event, column.name) for column in gatherings.columns}
        )

    def add_participation(self, event: AttendanceRecorded) -> None:
        """Store who came to a gathering."""
        self._add(
            participations,
            {column.name: getattr(event, column.name) for column in participations.columns},
        )

    def timeline(self, query: GetTimeline, reach: Reach) -> Timeline:
        """Return what the caller may see of a person's story, newest first."""
        chosen = sa.select(
            *(entries.c[field.name] for field in dataclasses.fields(TimelineEntry))
        ).where(entries.c.person_id == query.person_id, _within(reach))
        if query.cursor is not None:
            chosen = chosen.where(_before(query.cursor))
        rows = self.connection.execute(
            chosen.order_by(entries.c.at.desc(), entries.c.entry_id.desc()).limit(query.limit + 1)
        )
        found = [TimelineEntry(**row) for row in rows.mappings()]
        items, more = found[: query.limit], found[query.limit :]
        return Timeline(items=tuple(items), next_cursor=str(items[-1].entry_id) if more else None)

    def attended(
        self, kinds: Collection[GatheringKind], period: Period, *, now: datetime
    ) -> Attended:
        """Return who and how many came to the gatherings of these kinds within the period."""
        return Attended(
            participants=self._participants(kinds, period),
            presences=self._presences(kinds, period, now),
        )

    def _participants(
        self, kinds: Collection[GatheringKind], period: Period
    ) -> tuple[Participant, ...]:
        came = (
            sa.select(participations.c.person_id, sa.func.count().label("participations"))
            .where(
                participations.c.person_id.is_not(None),
                *_during(participations, kinds, period),
            )
            .group_by(participations.c.person_id)
            .subquery("came")
        )
        fragile = (
            sa.select(sa.func.bool_or(screenings.c.fragile))
            .where(screenings.c.person_id == came.c.person_id)
            .scalar_subquery()
        )
        rows = self.connection.execute(
            sa.select(
                came.c.person_id,
                came.c.participations,
                people.c.gender,
                people.c.migratory_background,
                fragile.label("fragile"),
            ).select_from(came.outerjoin(people, people.c.person_id == came.c.person_id))
        )
        return tuple(
            Participant(**{**row, "gender": row["gender"] and Gender(row["gender"])})
            for row in rows.mappings()
        )

    def _presences(
        self, kinds: Collection[GatheringKind], period: Period, now: datetime
    ) -> Presences:
        heads, sheets = self.connection.execute(
            sa.select(
                sa.func.coalesce(sa.func.sum(participations.c.headcount), 0),
                sa.func.count(participations.c.gathering_id.distinct()),
            ).where(*_during(participations, kinds, period))
        ).one()
        without_sheet = self.connection.execute(
            sa.select(sa.func.count())
            .select_from(gatherings)
            .where(
                *_during(gatherings, kinds, period),
                gatherings.c.starts_at <= now,
                ~sa.exists().where(participations.c.gathering_id == gatherings.c.gathering_id),
            )
        ).scalar_one()
        return Presences(heads=int(heads), sheets=sheets, without_sheet=without_sheet)

    def _add(self, table: sa.Table, row: dict[str, Any]) -> None:
        self.connection.execute(_ADDING[table], row)


def _during(
    table: sa.Table, kinds: Collection[GatheringKind], period: Period
) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        table.c.kind.in_(kinds),
        table.c.starts_at >= period.since,
        table.c.starts_at < period.until,
    )


def _within(reach: Reach) -> sa.ColumnElement[bool]:
    """Say in SQL what ``Reach`` promises."""
    ours = entries.c.agency_id == reach.agency_id
    received = entries.c.recipient_id == reach.agency_id
    registered = sa.exists().where(
        people.c.person_id == entries.c.person_id, people.c.agency_id == reach.agency_id
    )
    ordinary = sa.true() if reach.everywhere else sa.or_(ours, received, registered)
    close = team_tables.reached(
        teams,
        reach,
        own=(entries.c.screening_id,),
        team=(entries.c.person_id,),
    )
    # What an agency sends to itself stays within the team.
    sent_here = ~ours & received if reach.received_safety else sa.false()
    return sa.case((entries.c.safety, (ours & close) | sent_here), else_=ordinary)


def _before(cursor: str) -> sa.ColumnElement[bool]:
    """Choose what comes after the entry that the last page ended with."""
    try:
        last = UUID(cursor)
    except ValueError as error:
        raise InvalidRequest(
            "The cursor is not one that this list gave.", fields={"cursor": ["Not a cursor."]}
        ) from error
    ended = entries.alias("ended")
    return sa.exists().where(
        ended.c.entry_id == last,
        sa.tuple_(entries.c.at, entries.c.entry_id) < sa.tuple_(ended.c.at, ended.c.entry_id),
    )
