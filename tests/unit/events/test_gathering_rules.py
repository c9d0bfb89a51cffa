"""When and how often somebody can have come to a gathering."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chassis.clock import new_id
from contracts.events import (
    Gathering,
    GatheringKind,
    GatheringNotYetHeld,
    RecordAttendance,
    ScheduleGathering,
)
from contracts.language import InvalidRequest
from services.events import domain

# A quarter past midnight in Rome, still the day before in UTC.
STARTS = datetime(2026, 7, 10, 22, 15, tzinfo=UTC)


def a_gathering() -> Gathering:
    """Return a gathering on 11 July 2026."""
    return Gathering(
        gathering_id=new_id(),
        agency_id=new_id(),
        title="Festa di quartiere",
        kind=GatheringKind.HUB_EVENT,
        municipality="001194",
        starts_at=STARTS,
    )


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 7, 10, 22, 0, tzinfo=UTC),
        STARTS,
        STARTS + timedelta(days=400),
    ],
)
def test_attendance_can_be_recorded_from_the_day_of_the_gathering(now: datetime) -> None:
    """The day begins at midnight in Rome."""
    gathering = a_gathering()
    command = RecordAttendance(gathering_id=gathering.gathering_id, headcount=12)

    outcome = domain.record(gathering, command, attendance_id=new_id(), now=now)

    assert outcome.state.headcount == 12


def test_nobody_came_before_the_day_of_the_gathering() -> None:
    """A minute before midnight is too early."""
    gathering = a_gathering()
    command = RecordAttendance(gathering_id=gathering.gathering_id)

    with pytest.raises(GatheringNotYetHeld):
        domain.record(
            gathering,
            command,
            attendance_id=new_id(),
            now=datetime(2026, 7, 10, 21, 59, tzinfo=UTC),
        )


def test_a_known_person_counts_as_one() -> None:
    """A headcount beside a person names the field."""
    gathering = a_gathering()
    command = RecordAttendance(gathering_id=gathering.gathering_id, person_id=new_id(), headcount=2)

    with pytest.raises(InvalidRequest) as refusal:
        domain.record(gathering, command, attendance_id=new_id(), now=STARTS)

    assert list(refusal.value.fields) == ["headcount"]


def test_an_attendance_tells_what_the_gathering_counts_as() -> None:
    """Who counts needs no other event."""
    gathering, person_id = a_gathering(), new_id()
    command = RecordAttendance(gathering_id=gathering.gathering_id, person_id=person_id)

    (event,) = domain.record(gathering, command, attendance_id=new_id(), now=STARTS).events

    told = event.dump()
    assert (told["kind"], told["starts_at"], told["person_id"]) == (
        "hub_event",
        "2026-07-10T22:15:00Z",
        str(person_id),
    )


def test_the_title_of_a_gathering_is_never_told() -> None:
    """Events carry no free text."""
    command = ScheduleGathering(
        title="Cena multietnica",
        kind=GatheringKind.HUB_EVENT,
        municipality="001194",
        starts_at=STARTS,
    )

    (event,) = domain.schedule(command, gathering_id=new_id(), agency_id=new_id()).events

    assert "title" not in event.dump()
