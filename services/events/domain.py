"""The rules of gatherings: whose they are, and when and how often somebody can have come."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from contracts.calendar import day_of
from contracts.events import (
    Attendance,
    AttendanceAlreadyRecorded,
    AttendanceRecorded,
    Gathering,
    GatheringNotYetHeld,
    GatheringScheduled,
    RecordAttendance,
    ScheduleGathering,
)
from contracts.language import InvalidRequest, Outcome

"""The day of a gathering is the day on the calendar of the towns."""


def schedule(
    command: ScheduleGathering, *, gathering_id: UUID, agency_id: UUID
) -> Outcome[Gathering]:
    """Put a gathering on the calendar; a past one too, since sheets are often entered afterwards.

    The title stays here: an event carries codes only.
    """
    gathering = Gathering(
        gathering_id=gathering_id,
        agency_id=agency_id,
        title=command.title,
        kind=command.kind,
        municipality=command.municipality,
        starts_at=command.starts_at,
    )
    scheduled = GatheringScheduled(
        gathering_id=gathering_id,
        agency_id=agency_id,
        kind=command.kind,
        municipality=command.municipality,
        starts_at=command.starts_at,
    )
    return Outcome(gathering, (scheduled,))


def record(
    gathering: Gathering, command: RecordAttendance, *, attendance_id: UUID, now: datetime
) -> Outcome[Attendance]:
    """Record who came.

    Raises:
        InvalidRequest: a known person is counted as more than one.
        GatheringNotYetHeld: the day of the gathering has not come.

    """
    if command.person_id is not None and command.headcount != 1:
        raise InvalidRequest(
            "A known person counts as one; record the others without a name.",
            fields={"headcount": ["Must be 1 for a known person."]},
        )
    if day_of(now) < day_of(gathering.starts_at):
        raise GatheringNotYetHeld("The day of the gathering has not come; record who comes then.")
    attendance = Attendance(
        attendance_id=attendance_id,
        gathering_id=gathering.gathering_id,
        person_id=command.person_id,
        headcount=command.headcount,
        recorded_at=now,
    )
    recorded = AttendanceRecorded(
        attendance_id=attendance_id,
        gathering_id=gathering.gathering_id,
        agency_id=gathering.agency_id,
        kind=gathering.kind,
        municipality=gathering.municipality,
        starts_at=gathering.starts_at,
        person_id=command.person_id,
        headcount=command.headcount,
    )
    return Outcome(attendance, (recorded,))


def repeated(earlier: UUID) -> AttendanceAlreadyRecorded:
    """Return the refusal to count a known person twice."""
    return AttendanceAlreadyRecorded(
        f"This person is already counted at the gathering, by attendance {earlier}."
    )
