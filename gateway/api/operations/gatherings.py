"""Operations on gatherings and attendance."""

from __future__ import annotations

from typing import Final

from contracts.events import GetGathering, ListGatherings, RecordAttendance, ScheduleGathering
from contracts.intake import GetPerson
from gateway.api.operation import Operation
from gateway.composition import record_attendance

_TAG: Final = "gatherings"

OPERATIONS: Final = (
    Operation(
        name="gathering_scheduling",
        tag=_TAG,
        method="POST",
        path="/gatherings",
        status=201,
        summary="Schedule a gathering",
        asks=ScheduleGathering,
        location="/gatherings/{gathering_id}",
    ),
    Operation(
        name="gatherings",
        tag=_TAG,
        method="GET",
        path="/gatherings",
        summary="Gatherings",
        asks=ListGatherings,
    ),
    Operation(
        name="gathering",
        tag=_TAG,
        method="GET",
        path="/gatherings/{gathering_id}",
        summary="One gathering",
        asks=GetGathering,
    ),
    Operation(
        name="attendance_record",
        tag=_TAG,
        method="POST",
        path="/gatherings/{gathering_id}/attendances",
        status=201,
        summary="Record who came",
        asks=RecordAttendance,
        does=record_attendance,
        uses=(GetPerson, RecordAttendance),
    ),
)
