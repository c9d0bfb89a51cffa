"""The use cases of events: load, decide, keep, tell."""

from __future__ import annotations

from typing import TypeAlias

from chassis.unit import Unit
from contracts.events import (
    Attendance,
    Gathering,
    GatheringPage,
    GetGathering,
    ListGatherings,
    RecordAttendance,
    ScheduleGathering,
)
from contracts.language import Forbidden, NotFound
from services.events import domain
from services.events.store import EventsStore

Work: TypeAlias = Unit[EventsStore]


def schedule_gathering(unit: Work, command: ScheduleGathering) -> Gathering:
    """Put a gathering on the calendar of the caller's agency."""
    outcome = domain.schedule(
        command, gathering_id=unit.new_id(), agency_id=unit.principal.agency_id
    )
    unit.store.add_gathering(outcome.state)
    unit.publish(*outcome.events)
    return outcome.state


def list_gatherings(unit: Work, query: ListGatherings) -> GatheringPage:
    """Show gatherings; they are public to the network."""
    return unit.store.page(query)


def get_gathering(unit: Work, query: GetGathering) -> Gathering:
    """Show one gathering with its counts."""
    gathering = unit.store.gathering(query.gathering_id)
    if gathering is None:
        raise NotFound("No such gathering.")
    return gathering


def record_attendance(unit: Work, command: RecordAttendance) -> Attendance:
    """Record who came to a gathering of the caller's agency."""
    gathering = unit.store.gathering(command.gathering_id)
    if gathering is None:
        raise NotFound("No such gathering.")
    if not unit.principal.reaches("attendance:record", gathering.agency_id):
        raise Forbidden("Only the agency that organises a gathering records who came.")
    outcome = domain.record(gathering, command, attendance_id=unit.new_id(), now=unit.now)
    earlier = unit.store.add_attendance(outcome.state, recorded_by=unit.principal.user_id)
    if earlier is not None:
        raise domain.repeated(earlier)
    unit.publish(*outcome.events)
    return outcome.state
