"""Gatherings and attendances on a real database: who may record, and how often somebody counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from chassis.clock import new_id
from chassis.migrate import migrate
from chassis.testing import unit_for
from contracts.access import Principal, Role
from contracts.events import (
    AttendanceAlreadyRecorded,
    Gathering,
    GatheringKind,
    GatheringPage,
    GetGathering,
    ListGatherings,
    RecordAttendance,
    ScheduleGathering,
)
from contracts.language import DomainError, Forbidden, InvalidRequest, NotFound
from services.events import handlers, models
from services.events.store import EventsStore
from tests.support.drift import drift

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
AGENCY, OTHER_AGENCY = new_id(), new_id()


def as_role(role: Role, agency_id: UUID = AGENCY) -> Principal:
    """Return somebody of an agency."""
    return Principal(user_id=new_id(), agency_id=agency_id, roles=(role,))


ORGANISER = as_role(Role.EVENT_ORGANISER)


class Service:
    """The handlers of events over one database, each call in its own unit of work."""

    def __init__(self, database: str) -> None:
        """Keep the address."""
        self.database = database

    def ask(self, handler: Callable[..., Any], request: Any, who: Principal = ORGANISER) -> Any:
        """Answer a request of somebody."""
        with unit_for(EventsStore, self.database, principal=who, now=NOW) as unit:
            return handler(unit, request)

    def gathering(self, **facts: Any) -> Gathering:
        """Schedule a gathering."""
        command = {
            "title": "Letture in biblioteca",
            "kind": GatheringKind.CULTURAL_PROGRAMMING,
            "municipality": "001194",
            "starts_at": NOW - timedelta(days=1),
        }
        scheduled: Gathering = self.ask(
            handlers.schedule_gathering, ScheduleGathering(**{**command, **facts})
        )
        return scheduled

    def shown(self, gathering: Gathering) -> Gathering:
        """Return the gathering as it is now."""
        found: Gathering = self.ask(
            handlers.get_gathering, GetGathering(gathering_id=gathering.gathering_id)
        )
        return found

    def page(self, **criteria: Any) -> GatheringPage:
        """Return one page of the list."""
        found: GatheringPage = self.ask(handlers.list_gatherings, ListGatherings(**criteria))
        return found


@pytest.fixture
def service(database: str) -> Service:
    """Give the service."""
    return Service(database)


def test_the_tables_are_those_of_the_migrations(database: str) -> None:
    """Code and database agree."""
    assert drift(database, models.metadata) == []


def test_the_migrations_go_down_and_up_again(database: str) -> None:
    """Nothing stays behind."""
    migrate("events", database, revision="base")

    assert migrate("events", database) == "0001"


def test_a_gathering_belongs_to_the_agency_of_the_caller(service: Service) -> None:
    """It is shown as it was scheduled."""
    gathering = service.gathering()

    assert gathering.agency_id == AGENCY
    assert service.shown(gathering) == gathering


def test_a_gathering_counts_known_persons_and_anonymous_heads_apart(service: Service) -> None:
    """Two persons and forty others."""
    gathering = service.gathering()
    for person_id in (new_id(), new_id()):
        service.ask(
            handlers.record_attendance,
            RecordAttendance(gathering_id=gathering.gathering_id, person_id=person_id),
        )
    for headcount in (15, 25):
        service.ask(
            handlers.record_attendance,
            RecordAttendance(gathering_id=gathering.gathering_id, headcount=headcount),
        )

    shown = service.shown(gathering)

    assert (shown.persons, shown.anonymous) == (2, 40)


def test_a_known_person_is_counted_once_and_the_refusal_names_the_record(
    service: Service,
) -> None:
    """The second desk learns which record is there already."""
    command = RecordAttendance(gathering_id=service.gathering().gathering_id, person_id=new_id())
    first = service.ask(handlers.record_attendance, command)

    with pytest.raises(AttendanceAlreadyRecorded) as refusal:
        service.ask(handlers.record_attendance, command)

    assert str(first.attendance_id) in refusal.value.message


def test_two_desks_at_once_count_a_person_once(database: str, service: Service) -> None:
    """The second waits for the first and is refused."""
    gathering = service.gathering()
    command = RecordAttendance(gathering_id=gathering.gathering_id, person_id=new_id())
    refusals: list[DomainError] = []

    def record() -> None:
        try:
            service.ask(handlers.record_attendance, command)
        except DomainError as refusal:
            refusals.append(refusal)

    other = threading.Thread(target=record)
    with unit_for(EventsStore, database, principal=ORGANISER, now=NOW) as unit:
        handlers.record_attendance(unit, command)
        other.start()
    other.join()

    assert [type(refusal) for refusal in refusals] == [AttendanceAlreadyRecorded]
    assert service.shown(gathering).persons == 1


def test_the_same_person_comes_to_two_gatherings(service: Service) -> None:
    """Once each."""
    person_id = new_id()
    gatherings = [service.gathering(), service.gathering()]
    for gathering in gatherings:
        service.ask(
            handlers.record_attendance,
            RecordAttendance(gathering_id=gathering.gathering_id, person_id=person_id),
        )

    assert [service.shown(gathering).persons for gathering in gatherings] == [1, 1]


@pytest.mark.parametrize(
    "who",
    [as_role(Role.DESK_OPERATOR), as_role(Role.NETWORK_COORDINATOR, OTHER_AGENCY)],
)
def test_the_organising_agency_and_the_network_record_who_came(
    service: Service, who: Principal
) -> None:
    """Both are told about the same gathering."""
    gathering = service.gathering()

    attendance = service.ask(
        handlers.record_attendance,
        RecordAttendance(gathering_id=gathering.gathering_id, headcount=3),
        who,
    )

    assert attendance.headcount == 3


def test_another_agency_does_not_record_who_came(service: Service) -> None:
    """It sees the gathering, and that it is not its own."""
    gathering = service.gathering()

    with pytest.raises(Forbidden):
        service.ask(
            handlers.record_attendance,
            RecordAttendance(gathering_id=gathering.gathering_id),
            as_role(Role.EVENT_ORGANISER, OTHER_AGENCY),
        )


@pytest.mark.parametrize(
    ("handler", "request_"),
    [
        (handlers.get_gathering, GetGathering(gathering_id=new_id())),
        (handlers.record_attendance, RecordAttendance(gathering_id=new_id())),
    ],
)
def test_a_gathering_that_does_not_exist_is_not_found(
    service: Service, handler: Callable[..., Any], request_: Any
) -> None:
    """Neither shown nor counted."""
    with pytest.raises(NotFound):
        service.ask(handler, request_)


def test_gatherings_are_listed_newest_first_and_page_by_page(service: Service) -> None:
    """Two begin at the same hour: their order is stable, none is lost between pages."""
    days = (3, 1, 2, 2, 5)
    made = [service.gathering(starts_at=NOW - timedelta(days=day)) for day in days]

    walked: list[Gathering] = []
    page = service.page(limit=2)
    while True:
        walked += page.items
        if page.next_cursor is None:
            break
        page = service.page(limit=2, cursor=page.next_cursor)

    assert [each.starts_at for each in walked] == sorted(
        (each.starts_at for each in made), reverse=True
    )
    assert {each.gathering_id for each in walked} == {each.gathering_id for each in made}


def test_gatherings_are_chosen_by_town_and_kind(service: Service) -> None:
    """Both criteria hold."""
    wanted = service.gathering(municipality="001171", kind=GatheringKind.HUB_EVENT)
    service.gathering(municipality="001171")
    service.gathering(kind=GatheringKind.HUB_EVENT)

    page = service.page(municipality="001171", kind=GatheringKind.HUB_EVENT)

    assert page.items == (wanted,)


def test_a_cursor_that_no_list_gave_names_the_field(service: Service) -> None:
    """It is the caller's mistake."""
    with pytest.raises(InvalidRequest) as refusal:
        service.page(cursor="x")

    assert list(refusal.value.fields) == ["cursor"]
