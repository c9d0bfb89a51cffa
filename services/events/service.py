"""The doors of the events service."""

from __future__ import annotations

from chassis.edge import Database, Service, answers
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
from services.events import handlers
from services.events.store import EventsStore


class EventsService(Service[EventsStore]):
    """Keeps the calendar of gatherings and counts who came."""

    name = "events"
    database = Database(EventsStore)

    @answers(ScheduleGathering)
    def schedule_gathering(self, unit: Unit[EventsStore], command: ScheduleGathering) -> Gathering:
        """Put a gathering on the calendar."""
        return handlers.schedule_gathering(unit, command)

    @answers(ListGatherings)
    def list_gatherings(self, unit: Unit[EventsStore], query: ListGatherings) -> GatheringPage:
        """Show a page of gatherings."""
        return handlers.list_gatherings(unit, query)

    @answers(GetGathering)
    def get_gathering(self, unit: Unit[EventsStore], query: GetGathering) -> Gathering:
        """Show one gathering."""
        return handlers.get_gathering(unit, query)

    @answers(RecordAttendance)
    def record_attendance(self, unit: Unit[EventsStore], command: RecordAttendance) -> Attendance:
        """Record who came."""
        return handlers.record_attendance(unit, command)
