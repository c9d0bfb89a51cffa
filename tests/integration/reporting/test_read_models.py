"""The read models on a real database: any order, any repetition, the same story and figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from chassis.clock import new_id
from chassis.edge import doors_of
from chassis.envelope import Envelope
from chassis.migrate import migrate
from chassis.testing import unit_for
from chassis.unit import Unit
from contracts.access import Principal, Role
from contracts.events import AttendanceRecorded, GatheringKind, GatheringScheduled
from contracts.intake import CaseOpened, CaseStaffed, PersonCorrected, PersonRegistered
from contracts.language import Event, InvalidRequest, NotFound
from contracts.pathways import EnrolmentConfirmed, EnrolmentState
from contracts.referrals import (
    Mode,
    ReferralAccepted,
    ReferralDrafted,
    ReferralRequested,
    ReferralState,
)
from contracts.reporting import (
    GetIndicators,
    GetTimeline,
    Indicator,
    IndicatorSheet,
    Timeline,
    TimelineEntry,
)
from contracts.screening import Gender, Profile
from services.reporting import handlers, models
from services.reporting.service import ReportingService
from services.reporting.store import ReportingStore
from tests.support.completed_screenings import a_screening
from tests.support.drift import drift
from tests.support.messages import message_of

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HELD = datetime(2025, 3, 14, 16, 0, tzinfo=UTC)
AGENCY, RECIPIENT, STRANGER = new_id(), new_id(), new_id()
PERSON = new_id()


def as_role(role: Role, agency_id: UUID = AGENCY) -> Principal:
    """Return somebody of an agency."""
    return Principal(user_id=new_id(), agency_id=agency_id, roles=(role,))


WORKER = as_role(Role.CASE_WORKER)
DESK = as_role(Role.DESK_OPERATOR)
NETWORK = as_role(Role.NETWORK_COORDINATOR, STRANGER)
ON_THE_TEAM = as_role(Role.CASE_WORKER)
DESK_ON_THE_TEAM = as_role(Role.DESK_OPERATOR)
DESK_CONDUCTING = as_role(Role.DESK_OPERATOR)


def registered(person_id: UUID = PERSON, **facts: Any) -> PersonRegistered:
    """Return that a person was registered: a woman with a migratory background."""
    event = PersonRegistered(
        person_id=person_id,
        agency_id=AGENCY,
        gender=Gender.FEMALE,
        migratory_background=True,
        municipality="001194",
        language="fr",
    )
    return replace(event, **facts)


def staffed(*team: Principal) -> CaseStaffed:
    """Return who works on the person's case."""
    return CaseStaffed(
        case_id=new_id(),
        person_id=PERSON,
        agency_id=AGENCY,
        team=tuple(each.user_id for each in team),
    )


def corrected(**facts: Any) -> PersonCorrected:
    """Return that facts about the person were corrected."""
    return PersonCorrected(**{**vars(registered()), **facts})


def fragile(person_id: UUID = PERSON) -> Event:
    """Return that a screening found the person in a fragile condition."""
    return a_screening(
        person_id=person_id,
        agency_id=AGENCY,
        profile=Profile.P3,
        profile_without_safety=Profile.P1,
    )


def scheduled(**facts: Any) -> GatheringScheduled:
    """Return that a cultural meeting takes place."""
    event = GatheringScheduled(
        gathering_id=new_id(),
        agency_id=AGENCY,
        kind=GatheringKind.CULTURAL_PROGRAMMING,
        municipality="001194",
        starts_at=HELD,
    )
    return replace(event, **facts)


def attended(
    gathering: GatheringScheduled, person_id: UUID | None = PERSON, headcount: int = 1
) -> AttendanceRecorded:
    """Return that somebody came."""
    return AttendanceRecorded(
        attendance_id=new_id(),
        gathering_id=gathering.gathering_id,
        agency_id=gathering.agency_id,
        kind=gathering.kind,
        municipality=gathering.municipality,
        starts_at=gathering.starts_at,
        person_id=person_id,
        headcount=headcount,
    )


def enrolled(*, safety: bool = False) -> EnrolmentConfirmed:
    """Return that the person has a place."""
    return EnrolmentConfirmed(
        enrolment_id=new_id(),
        person_id=PERSON,
        screening_id=new_id(),
        agency_id=AGENCY,
        pathway="PAI",
        state=EnrolmentState.ENROLLED,
        safety=safety,
    )


def referral(*, safety: bool = False) -> ReferralRequested:
    """Return that a referral was sent."""
    return ReferralRequested(
        referral_id=new_id(),
        need_id=new_id(),
        person_id=PERSON,
        screening_id=new_id(),
        from_agency_id=AGENCY,
        to_agency_id=RECIPIENT,
        service_id=new_id(),
        category="CAS.1",
        mode=Mode.WARM,
        state=ReferralState.REQUESTED,
        safety=safety,
    )


def hear(unit: Unit[ReportingStore], message: Envelope, event: Event) -> None:
    """Bring one message to the door that listens to it."""
    inner = Unit(store=unit.store, call=unit.call, now=unit.now, message=message)
    (door,) = (
        name for name, events in doors_of(ReportingService).listens.items() if type(event) in events
    )
    getattr(ReportingService, door)(ReportingService(), inner, event)
    inner.close()


class Service:
    """The reporting service over one database."""

    def __init__(self, database: str) -> None:
        """Keep the address."""
        self.database = database

    def hear(self, *events: Event) -> None:
        """Handle events, one second after the other."""
        with unit_for(ReportingStore, self.database, now=NOW) as unit:
            for second, event in enumerate(events):
                hear(unit, message_of(event, time=NOW + timedelta(seconds=second)), event)

    def ask(self, handler: Callable[..., Any], request: Any, who: Principal) -> Any:
        """Answer a request of somebody."""
        with unit_for(ReportingStore, self.database, principal=who, now=NOW) as unit:
            return handler(unit, request)

    def timeline(self, who: Principal = WORKER, **criteria: Any) -> tuple[TimelineEntry, ...]:
        """Return what somebody sees of the person's story."""
        found: tuple[TimelineEntry, ...] = self.ask(
            handlers.get_timeline, GetTimeline(**{"person_id": PERSON, **criteria}), who
        ).items
        return found

    def indicators(self, **period: date) -> dict[str, Indicator]:
        """Return the figures by code."""
        sheet: IndicatorSheet = self.ask(
            handlers.get_indicators, GetIndicators(**period), as_role(Role.VIEWER)
        )
        return {each.code: each for each in sheet.items}


@pytest.fixture
def service(database: str) -> Service:
    """Give the service."""
    return Service(database)


def test_the_tables_are_those_of_the_migrations(database: str) -> None:
    """Code and database agree."""
    assert drift(database, models.metadata) == []


def test_the_migrations_go_down_and_up_again(database: str) -> None:
    """Nothing stays behind."""
    migrate("reporting", database, revision="base")

    assert migrate("reporting", database) == "0002"


def read_model(
    unit: Unit[ReportingStore], messages: Sequence[tuple[Envelope, Event]]
) -> tuple[Timeline, IndicatorSheet]:
    """Return story and figures after these messages, and forget them."""
    forgotten = unit.store.connection.begin_nested()
    for message, event in messages:
        hear(unit, message, event)
    seen = (
        handlers.get_timeline(unit, GetTimeline(person_id=PERSON)),
        handlers.get_indicators(unit, GetIndicators()),
    )
    forgotten.rollback()
    return seen


def test_neither_order_nor_repetition_changes_what_is_read(database: str) -> None:
    """Every order of five events, each of them twice."""
    gathering = scheduled()
    events = (registered(), fragile(), gathering, attended(gathering), enrolled())
    messages = [(message_of(event), event) for event in events]

    with unit_for(ReportingStore, database, principal=WORKER, now=NOW) as unit:
        results = [read_model(unit, [*order, *reversed(order)]) for order in permutations(messages)]

    assert all(result == results[0] for result in results)
    timeline, sheet = results[0]
    assert len(timeline.items) == 4
    assert [indicator.value for indicator in sheet.items] == [1, 100, 0]


def test_facts_about_a_person_never_go_back_to_older_ones(service: Service, database: str) -> None:
    """The sequence of the person's events decides, not their arrival."""
    gathering = scheduled()
    newer, older = registered(gender=Gender.MALE), registered()
    with unit_for(ReportingStore, database, now=NOW) as unit:
        hear(unit, message_of(newer, sequence=2), newer)
        hear(unit, message_of(older, sequence=1), older)
    service.hear(fragile(), gathering, attended(gathering))

    assert service.indicators()["I01a"].value == 0


@pytest.mark.parametrize(
    ("facts", "participants", "women"),
    [
        ({"gender": Gender.MALE}, 1, 0),
        ({"gender": Gender.UNKNOWN}, 1, None),
        ({"migratory_background": False}, 0, None),
    ],
)
def test_indicators_follow_a_correction_in_whatever_order_it_arrives(
    database: str, facts: dict[str, Any], participants: int, women: int | None
) -> None:
    """A figure that was drawn from a mistake must not outlive it."""
    gathering = scheduled()
    events = (registered(), corrected(**facts), fragile(), gathering, attended(gathering))
    numbers = (1, 2, 1, 1, 1)
    messages = [
        (message_of(event, sequence=number), event)
        for number, event in zip(numbers, events, strict=True)
    ]
    with unit_for(ReportingStore, database, principal=WORKER, now=NOW) as unit:
        results = [read_model(unit, [*order, *reversed(order)]) for order in permutations(messages)]
    assert all(result == results[0] for result in results)
    timeline, sheet = results[0]
    assert [indicator.value for indicator in sheet.items][:2] == [participants, women]
    assert "person.corrected.v1" in {entry.type for entry in timeline.items}


def test_the_story_is_told_newest_first(service: Service) -> None:
    """A gathering stands where it took place, whenever its sheet was entered."""
    gathering = scheduled()
    service.hear(registered(), attended(gathering), enrolled())

    assert [(each.type, each.code) for each in service.timeline()] == [
        ("enrolment.confirmed.v1", "PAI"),
        ("person.registered.v1", None),
        ("attendance.recorded.v1", "cultural_programming"),
    ]


def test_the_agency_that_registered_the_person_sees_what_others_did(service: Service) -> None:
    """Also a gathering of another agency."""
    service.hear(registered(), attended(scheduled(agency_id=STRANGER)))

    assert len(service.timeline()) == 2


def test_a_recipient_sees_its_own_referral_and_nothing_else(service: Service) -> None:
    """Neither the draft nor the person's other story."""
    sent = referral()
    service.hear(
        registered(),
        fragile(),
        ReferralDrafted(**{**vars(sent), "state": ReferralState.DRAFT}),
        sent,
        ReferralAccepted(**{**vars(sent), "state": ReferralState.ACCEPTED}),
        replace(referral(), to_agency_id=STRANGER),
        enrolled(),
    )

    seen = service.timeline(as_role(Role.CASE_WORKER, RECIPIENT))

    assert [(each.type, each.subject) for each in seen] == [
        ("referral.accepted.v1", sent.referral_id),
        ("referral.requested.v1", sent.referral_id),
    ]


def test_the_network_sees_every_story_but_safety(service: Service) -> None:
    """Its coordinator has no relation with the person."""
    service.hear(registered(), enrolled(), enrolled(safety=True), referral(safety=True))

    assert len(service.timeline(NETWORK)) == 2


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (ON_THE_TEAM, 4),
        (as_role(Role.AGENCY_COORDINATOR), 4),
        (WORKER, 2),
        (DESK_CONDUCTING, 3),
        (DESK_ON_THE_TEAM, 2),
        (DESK, 2),
        (as_role(Role.CASE_WORKER, RECIPIENT), 1),
    ],
)
def test_safety_is_told_to_its_own_agencies_and_there_to_who_may_see_it(
    service: Service, who: Principal, seen: int
) -> None:
    """The team of the case, who conducted the screening, the worker who receives the referral."""
    conducted = a_screening(person_id=PERSON, agency_id=AGENCY, worker_id=DESK_CONDUCTING.user_id)
    service.hear(
        registered(),
        staffed(ON_THE_TEAM, DESK_ON_THE_TEAM),
        conducted,
        replace(enrolled(safety=True), screening_id=conducted.screening_id),
        referral(safety=True),
    )

    assert len(service.timeline(who)) == seen


@pytest.mark.parametrize(
    "who",
    [as_role(Role.CASE_WORKER, STRANGER), as_role(Role.DESK_OPERATOR, RECIPIENT)],
)
def test_without_a_relation_the_person_does_not_exist(service: Service, who: Principal) -> None:
    """A stranger, and a desk whose agency has nothing but a safety referral."""
    service.hear(registered(), referral(safety=True))

    with pytest.raises(NotFound):
        service.timeline(who)


def test_pages_of_a_story_follow_one_another(service: Service) -> None:
    """Entries of the same instant included."""
    case = CaseOpened(case_id=new_id(), person_id=PERSON, agency_id=AGENCY, worker_id=new_id())
    with unit_for(ReportingStore, service.database, now=NOW) as unit:
        for event in (registered(), case, enrolled(), enrolled(), enrolled()):
            hear(unit, message_of(event), event)

    walked: list[TimelineEntry] = []
    query = GetTimeline(person_id=PERSON, limit=2)
    while True:
        page = service.ask(handlers.get_timeline, query, WORKER)
        walked += page.items
        if page.next_cursor is None:
            break
        query = replace(query, cursor=page.next_cursor)

    assert tuple(walked) == service.timeline()


def test_a_cursor_that_no_list_gave_names_the_field(service: Service) -> None:
    """It is the caller's mistake."""
    with pytest.raises(InvalidRequest) as refusal:
        service.timeline(cursor="x")

    assert list(refusal.value.fields) == ["cursor"]


def test_persons_count_once_and_only_within_the_period(service: Service) -> None:
    """Two meetings inside, one after the window's last day, one of another kind."""
    last_hour = datetime(2025, 10, 31, 22, 59, tzinfo=UTC)
    meetings = (
        scheduled(),
        scheduled(kind=GatheringKind.PATHWAY_ACTIVITY, starts_at=last_hour),
        scheduled(starts_at=last_hour + timedelta(minutes=1)),
        scheduled(kind=GatheringKind.CO_DESIGN),
    )
    service.hear(registered(), fragile(), *(attended(each) for each in meetings))

    figure = service.indicators()["I01"]

    assert (figure.value, figure.counted, figure.unknown) == (1, 2, 0)


def test_a_person_of_whom_nothing_is_known_is_shown_as_unknown(service: Service) -> None:
    """The facts may still be on their way."""
    service.hear(attended(scheduled()), attended(scheduled(), person_id=new_id()))

    figure = service.indicators()["I01"]

    assert (figure.value, figure.unknown) == (0, 2)


def test_one_fragile_screening_is_enough(service: Service) -> None:
    """A later one without fragility changes nothing."""
    settled = a_screening(person_id=PERSON, agency_id=AGENCY)
    service.hear(registered(), fragile(), settled, attended(scheduled()))

    assert service.indicators()["I01"].value == 1


def test_presences_add_up_and_tell_which_gatherings_have_no_sheet(service: Service) -> None:
    """One still to come is not missing."""
    held = scheduled(kind=GatheringKind.HUB_EVENT)
    service.hear(
        held,
        attended(held, person_id=None, headcount=40),
        attended(held),
        scheduled(kind=GatheringKind.HUB_EVENT),
        scheduled(kind=GatheringKind.HUB_EVENT, starts_at=NOW + timedelta(days=1)),
    )

    figure = service.indicators(period_to=date(2026, 12, 31))["I07"]

    assert (figure.value, figure.counted, figure.unknown) == (41, 1, 1)


def test_the_sheet_names_its_window_and_its_source(service: Service) -> None:
    """Without dates it is the project's own period."""
    sheet = service.ask(handlers.get_indicators, GetIndicators(), as_role(Role.VIEWER))

    assert (sheet.period_from, sheet.period_to) == (date(2023, 11, 1), date(2025, 10, 31))
    assert sheet.source_it
    assert sheet.source_en
