"""Gatherings at the community hubs, and who came."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from contracts.language import (
    About,
    Category,
    Command,
    DomainError,
    Event,
    Municipality,
    Number,
    Query,
    Resource,
    Text,
)


class GatheringKind(StrEnum):
    """What a gathering counts as in the project's indicators."""

    CULTURAL_PROGRAMMING = "cultural_programming"
    HUB_EVENT = "hub_event"
    CO_DESIGN = "co_design"
    PATHWAY_ACTIVITY = "pathway_activity"


class AttendanceAlreadyRecorded(
    DomainError, category=Category.CONFLICT, slug="attendance-already-recorded"
):
    """A known person comes to a gathering once; the sentence names the record that exists."""


class GatheringNotYetHeld(DomainError, category=Category.CONFLICT, slug="gathering-not-yet-held"):
    """Nobody can have come before the day of the gathering."""


class Gathering(Resource):
    """One meeting at a place and time."""

    gathering_id: UUID
    agency_id: UUID
    title: str
    kind: GatheringKind
    municipality: Municipality
    starts_at: datetime
    persons: Annotated[int, About("Known persons who came")] = 0
    anonymous: Annotated[int, About("Counted at the door without a name")] = 0


class GatheringPage(Resource):
    """Gatherings, newest first."""

    items: tuple[Gathering, ...]
    next_cursor: str | None = None


class Attendance(Resource):
    """That a known person came, or that a number of others did."""

    attendance_id: UUID
    gathering_id: UUID
    person_id: UUID | None = None
    headcount: int
    recorded_at: datetime


class ScheduleGathering(
    Command[Gathering],
    service="events",
    method="schedule_gathering",
    permission="gathering:organise",
):
    """Put a gathering on the calendar of the caller's agency."""

    title: Annotated[str, Text(maximum=160, about="Public: never a person's name")]
    kind: GatheringKind
    municipality: Municipality
    starts_at: datetime


class ListGatherings(
    Query[GatheringPage], service="events", method="list_gatherings", permission="gathering:read"
):
    """Show gatherings."""

    municipality: Municipality | None = None
    kind: GatheringKind | None = None
    cursor: Annotated[str | None, Text(maximum=200)] = None
    limit: Annotated[int, Number(minimum=1, maximum=100)] = 20


class GetGathering(
    Query[Gathering], service="events", method="get_gathering", permission="gathering:read"
):
    """Show one gathering with its counts."""

    gathering_id: UUID


class RecordAttendance(
    Command[Attendance],
    service="events",
    method="record_attendance",
    permission="attendance:record",
):
    """Record who came: one known person, or a number of people without names."""

    gathering_id: UUID
    person_id: UUID | None = None
    headcount: Annotated[int, Number(minimum=1, maximum=5000)] = 1


class GatheringScheduled(
    Event, type="gathering.scheduled.v1", source="events", subject="gathering_id", partners=True
):
    """A gathering was put on the calendar."""

    gathering_id: UUID
    agency_id: UUID
    kind: GatheringKind
    municipality: Municipality
    starts_at: datetime


class AttendanceRecorded(
    Event, type="attendance.recorded.v1", source="events", subject="gathering_id"
):
    """Somebody came to a gathering."""

    attendance_id: UUID
    gathering_id: UUID
    agency_id: UUID
    kind: GatheringKind
    municipality: Municipality
    starts_at: datetime
    person_id: UUID | None = None
    headcount: int
