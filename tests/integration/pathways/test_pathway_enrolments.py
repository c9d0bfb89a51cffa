"""Enrolments on a real database: repetition, order, places and who sees what."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.clock import new_id
from chassis.db import make_engine
from chassis.migrate import migrate
from chassis.testing import eventually, unit_for
from contracts.access import Principal, Role
from contracts.intake import CaseStaffed
from contracts.language import InvalidRequest, NotFound
from contracts.pathways import (
    Enrolment,
    EnrolmentConfirmed,
    EnrolmentMoveImpossible,
    EnrolmentState,
    EnrolPerson,
    ListEnrolments,
    ListOffers,
    Offer,
    RefusalReason,
    RefusePathway,
    SetPlaces,
    WithdrawEnrolment,
)
from contracts.screening import Decision, Gender, ScreeningCompleted, SuggestedPathway
from services.pathways import handlers, models
from services.pathways.store import PathwayStore
from tests.support.completed_screenings import CONTEXT, a_screening
from tests.support.drift import drift
from tests.support.messages import message_of

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
AGENCY, OTHER_AGENCY = new_id(), new_id()
V1 = ("ITA", "ORG", "ORI", "DOT", "TIR", "CON", "CUL", "PAI")


def as_role(role: Role, agency_id: UUID = AGENCY) -> Principal:
    """Return somebody of an agency."""
    return Principal(user_id=new_id(), agency_id=agency_id, roles=(role,))


WORKER = as_role(Role.CASE_WORKER)
DESK = as_role(Role.DESK_OPERATOR)
NETWORK = as_role(Role.NETWORK_COORDINATOR, OTHER_AGENCY)
ON_THE_TEAM = as_role(Role.CASE_WORKER)
DESK_ON_THE_TEAM = as_role(Role.DESK_OPERATOR)
DESK_CONDUCTING = as_role(Role.DESK_OPERATOR)
COORDINATOR = as_role(Role.AGENCY_COORDINATOR)
OWN_NETWORK = as_role(Role.NETWORK_COORDINATOR)


def suggested(*codes: str, decision: Decision = Decision.AGREED) -> tuple[SuggestedPathway, ...]:
    """Return pathways with what the person said."""
    return tuple(SuggestedPathway(code=code, decision=decision) for code in codes)


class Service:
    """The handlers of pathways over one database, each call in its own unit of work."""

    def __init__(self, database: str) -> None:
        """Keep the address."""
        self.database = database

    def hear(self, screening: ScreeningCompleted, *, now: datetime = NOW) -> list[Any]:
        """React to a screening and return what was told."""
        with unit_for(PathwayStore, self.database, now=now) as unit:
            handlers.on_screening_completed(unit, screening)
            return unit.published

    def staff(self, person_id: UUID, *team: Principal, sequence: int = 1) -> None:
        """Hear who works on the person's case."""
        event = CaseStaffed(
            case_id=new_id(),
            person_id=person_id,
            agency_id=AGENCY,
            team=tuple(each.user_id for each in team),
        )
        message = message_of(event, sequence=sequence)
        with unit_for(PathwayStore, self.database, now=NOW, message=message) as unit:
            handlers.on_case_staffed(unit, event)

    def ask(self, handler: Callable[..., Any], request: Any, who: Principal = WORKER) -> Any:
        """Answer a request of somebody."""
        with unit_for(PathwayStore, self.database, principal=who, now=NOW) as unit:
            return handler(unit, request)

    def enrolments(self, who: Principal = WORKER, **criteria: Any) -> tuple[Enrolment, ...]:
        """Return the enrolments that somebody sees."""
        found: tuple[Enrolment, ...] = self.ask(
            handlers.list_enrolments, ListEnrolments(**criteria), who
        ).items
        return found

    def states(self, **criteria: Any) -> dict[str, EnrolmentState]:
        """Return the state of each pathway."""
        return {each.pathway: each.state for each in self.enrolments(**criteria)}

    def set_places(self, places: int | None, pathway: str = "IMP") -> Offer:
        """Change how many places a pathway has."""
        offer: Offer = self.ask(
            handlers.set_places, SetPlaces(pathway=pathway, places=places), NETWORK
        )
        return offer


@pytest.fixture
def service(database: str) -> Service:
    """Give the service."""
    return Service(database)


def waiting_for_a_lock(database: str) -> bool:
    """Tell whether some session of the database waits for a lock."""
    engine = make_engine(database, name="observer", workers=1)
    try:
        with engine.connect() as connection:
            return bool(
                connection.exec_driver_sql(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                ).scalar_one()
            )
    finally:
        engine.dispose()


def test_the_tables_are_those_of_the_migrations(database: str) -> None:
    """Code and database agree."""
    assert drift(database, models.metadata) == []


def test_the_migrations_go_down_and_up_again(database: str) -> None:
    """Nothing stays behind."""
    migrate("pathways", database, revision="base")

    assert migrate("pathways", database) == "0002"


def test_the_offers_are_loaded_with_their_source(service: Service) -> None:
    """Self-entrepreneurship training has thirty places, the others are not counted."""
    offers = service.ask(handlers.list_offers, ListOffers()).items

    assert {offer.pathway: offer.places for offer in offers if offer.places is not None} == {
        "IMP": 30
    }
    assert all(offer.source for offer in offers)
    assert {offer.pathway for offer in offers} == {*V1, "TIS", "IMP"}


def test_every_suggestion_gets_its_enrolment(service: Service) -> None:
    """What was agreed, refused and left open."""
    screening = a_screening(
        *suggested("ITA", "ORG"),
        SuggestedPathway(code="CUL", decision=Decision.REFUSED, reason=RefusalReason.DISTANCE),
        SuggestedPathway(code="PAI"),
        agency_id=AGENCY,
    )

    told = service.hear(screening)

    assert service.states(screening_id=screening.screening_id) == {
        "ITA": EnrolmentState.ENROLLED,
        "ORG": EnrolmentState.ENROLLED,
        "CUL": EnrolmentState.REFUSED,
        "PAI": EnrolmentState.PROPOSED,
    }
    assert len(told) == 4


def test_a_screening_without_suggestions_leaves_nothing(service: Service) -> None:
    """There is nothing to do."""
    assert service.hear(a_screening(agency_id=AGENCY)) == []


def test_a_screening_that_arrives_again_in_another_message_changes_nothing(
    service: Service,
) -> None:
    """A replay has a message id of its own."""
    screening = a_screening(*suggested(*V1), agency_id=AGENCY)
    service.hear(screening)
    before = service.enrolments()

    assert service.hear(screening) == []
    assert service.enrolments() == before


def test_a_later_screening_shows_the_enrolments_that_are_open_already(service: Service) -> None:
    """One open enrolment for a person and a pathway, seen from both screenings."""
    person_id = new_id()
    first = a_screening(*suggested("ITA"), person_id=person_id, agency_id=AGENCY)
    second = a_screening(
        *suggested("ITA", "ORG"),
        person_id=person_id,
        agency_id=AGENCY,
        completed_at=first.completed_at + timedelta(days=90),
    )
    service.hear(first)
    service.hear(second)

    (italian,) = service.enrolments(screening_id=first.screening_id)
    assert italian in service.enrolments(screening_id=second.screening_id)
    assert len(service.enrolments(person_id=person_id)) == 2


def test_what_was_refused_can_be_suggested_and_agreed_later(service: Service) -> None:
    """A closed enrolment stays as it is and a new one opens."""
    person_id = new_id()
    refused = a_screening(
        *suggested("ITA", decision=Decision.REFUSED), person_id=person_id, agency_id=AGENCY
    )
    agreed = a_screening(
        *suggested("ITA"),
        person_id=person_id,
        agency_id=AGENCY,
        completed_at=refused.completed_at + timedelta(days=90),
    )
    service.hear(refused)
    service.hear(agreed)

    assert [each.state for each in service.enrolments(person_id=person_id)] == [
        EnrolmentState.ENROLLED,
        EnrolmentState.REFUSED,
    ]


def test_the_order_of_screenings_does_not_matter(database: str, service: Service) -> None:
    """Whatever arrives first, everybody ends where they belong, in the same order of waiting."""
    service.set_places(0)
    person_id = new_id()
    early = NOW - timedelta(days=2)
    screenings = (
        a_screening(
            *suggested("ITA", "IMP", decision=Decision.TO_DISCUSS),
            person_id=person_id,
            agency_id=AGENCY,
            completed_at=early,
        ),
        a_screening(
            *suggested("ITA", "IMP"), person_id=person_id, agency_id=AGENCY, completed_at=NOW
        ),
        a_screening(*suggested("IMP"), agency_id=AGENCY, completed_at=NOW - timedelta(minutes=5)),
    )

    def outcome(order: tuple[ScreeningCompleted, ...]) -> Any:
        engine = make_engine(database, name="tests", workers=1)
        with engine.begin() as connection:
            connection.exec_driver_sql("TRUNCATE suggestions, enrolments")
        engine.dispose()
        for screening in (*order, *order):
            service.hear(screening)
        return sorted(
            (each.person_id, each.pathway, each.state, each.waiting_position)
            for each in service.enrolments()
        )

    results = [outcome(order) for order in permutations(screenings)]

    assert all(result == results[0] for result in results)


def test_a_screening_costs_at_most_five_round_trips(database: str) -> None:
    """The chain's latency rests on it: eight suggestions, one of them with counted places."""
    screening = a_screening(*suggested(*V1, "IMP"), agency_id=AGENCY)
    statements: list[str] = []

    with unit_for(PathwayStore, database, now=NOW) as unit:

        def count(*arguments: Any) -> None:
            statements.append(arguments[2])

        sa.event.listen(unit.store.connection, "before_cursor_execute", count)
        handlers.on_screening_completed(unit, screening)
        spent = len(statements)

    assert spent == 5


def test_the_last_place_is_given_once(database: str, service: Service) -> None:
    """Two screenings at once, one place: the second waits until the first is kept."""
    service.set_places(1)
    first, second = (a_screening(*suggested("IMP"), agency_id=AGENCY) for _ in range(2))
    other = threading.Thread(target=service.hear, args=(second,))

    with unit_for(PathwayStore, database, now=NOW) as unit:
        handlers.on_screening_completed(unit, first)
        other.start()
        eventually(lambda: waiting_for_a_lock(database))
    other.join()

    assert service.states(screening_id=first.screening_id) == {"IMP": EnrolmentState.ENROLLED}
    assert service.states(screening_id=second.screening_id) == {"IMP": EnrolmentState.WAITING_LIST}


def test_two_screenings_of_a_person_at_once_open_one_enrolment(
    database: str, service: Service
) -> None:
    """The person is decided about by one at a time."""
    person_id = new_id()
    first, second = (
        a_screening(*suggested("ITA"), person_id=person_id, agency_id=AGENCY) for _ in range(2)
    )
    other = threading.Thread(target=service.hear, args=(second,))

    with unit_for(PathwayStore, database, now=NOW) as unit:
        handlers.on_screening_completed(unit, first)
        other.start()
        eventually(lambda: waiting_for_a_lock(database))
    other.join()

    assert len(service.enrolments(person_id=person_id)) == 1


def test_pathways_without_counted_places_do_not_wait_for_one_another(
    database: str, service: Service
) -> None:
    """The second screening is kept while the first is still open."""
    first, second = (a_screening(*suggested(*V1), agency_id=AGENCY) for _ in range(2))

    with unit_for(PathwayStore, database, now=NOW) as unit:
        handlers.on_screening_completed(unit, first)
        told = service.hear(second)

    assert len(told) == len(V1)


def test_new_places_go_to_who_has_precedence_and_then_to_who_asked_first(
    service: Service,
) -> None:
    """Women with a migratory background come before others who have waited longer."""
    service.set_places(0)
    man = a_screening(
        *suggested("IMP"),
        agency_id=AGENCY,
        completed_at=NOW - timedelta(days=3),
        context=replace(CONTEXT, gender=Gender.MALE),
    )
    later = a_screening(*suggested("IMP"), agency_id=AGENCY, completed_at=NOW - timedelta(days=1))
    sooner = a_screening(*suggested("IMP"), agency_id=AGENCY, completed_at=NOW - timedelta(days=2))
    for screening in (man, later, sooner):
        service.hear(screening)

    positions = {each.person_id: each.waiting_position for each in service.enrolments()}
    offer = service.set_places(2)

    assert positions == {sooner.person_id: 1, later.person_id: 2, man.person_id: 3}
    assert (offer.places, offer.enrolled, offer.waiting) == (2, 2, 1)
    assert service.states(person_id=man.person_id) == {"IMP": EnrolmentState.WAITING_LIST}


def test_a_place_given_back_goes_to_the_first_who_waits(database: str, service: Service) -> None:
    """Both changes are told."""
    service.set_places(1)
    first, second = (a_screening(*suggested("IMP"), agency_id=AGENCY) for _ in range(2))
    service.hear(first)
    service.hear(second)
    (held,) = service.enrolments(person_id=first.person_id)

    with unit_for(PathwayStore, database, principal=WORKER, now=NOW) as unit:
        answer = handlers.withdraw_enrolment(
            unit, WithdrawEnrolment(enrolment_id=held.enrolment_id)
        )
        told = {event.person_id: event.type for event in unit.published}  # type: ignore[attr-defined]

    assert answer.state is EnrolmentState.WITHDRAWN
    assert told == {
        first.person_id: "enrolment.withdrawn.v1",
        second.person_id: "enrolment.confirmed.v1",
    }


def test_fewer_places_take_nothing_from_who_is_enrolled(service: Service) -> None:
    """The next ones wait."""
    first, second = (a_screening(*suggested("IMP"), agency_id=AGENCY) for _ in range(2))
    service.hear(first)
    service.set_places(0)
    service.hear(second)

    assert service.states(person_id=first.person_id) == {"IMP": EnrolmentState.ENROLLED}
    assert service.states(person_id=second.person_id) == {"IMP": EnrolmentState.WAITING_LIST}


def test_places_without_number_let_everybody_in(service: Service) -> None:
    """The waiting list empties."""
    service.set_places(0)
    service.hear(a_screening(*suggested("IMP"), agency_id=AGENCY))

    offer = service.set_places(None)

    assert (offer.places, offer.enrolled, offer.waiting) == (None, 1, 0)


def test_a_proposal_is_enrolled_once(service: Service) -> None:
    """The second time is a conflict."""
    screening = a_screening(*suggested("ITA", decision=Decision.TO_DISCUSS), agency_id=AGENCY)
    service.hear(screening)
    (proposed,) = service.enrolments()
    command = EnrolPerson(enrolment_id=proposed.enrolment_id)

    enrolled = service.ask(handlers.enrol_person, command)

    assert (enrolled.state, enrolled.version) == (EnrolmentState.ENROLLED, 2)
    with pytest.raises(EnrolmentMoveImpossible):
        service.ask(handlers.enrol_person, command)


def test_a_refusal_by_the_worker_keeps_its_reason(service: Service) -> None:
    """What the person said is shown with the enrolment."""
    service.hear(a_screening(*suggested("ITA", decision=Decision.UNDECIDED), agency_id=AGENCY))
    (proposed,) = service.enrolments()

    refused = service.ask(
        handlers.refuse_pathway,
        RefusePathway(enrolment_id=proposed.enrolment_id, reason=RefusalReason.NOT_NOW),
    )

    assert (refused.state, refused.reason) == (EnrolmentState.REFUSED, "not-now")


def test_a_pathway_that_is_not_offered_has_no_places_to_set(service: Service) -> None:
    """It does not exist."""
    with pytest.raises(NotFound):
        service.set_places(3, pathway="XXX")


@pytest.fixture
def hidden(service: Service) -> ScreeningCompleted:
    """Give a screening that suggests one pathway to everybody and one for safety."""
    screening = a_screening(
        *suggested("CUL"),
        SuggestedPathway(code="PAI", safety=True, decision=Decision.AGREED),
        agency_id=AGENCY,
        worker_id=DESK_CONDUCTING.user_id,
    )
    service.hear(screening)
    service.staff(screening.person_id, ON_THE_TEAM, DESK_ON_THE_TEAM)
    return screening


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (ON_THE_TEAM, {"CUL", "PAI"}),
        (DESK_CONDUCTING, {"CUL", "PAI"}),
        (COORDINATOR, {"CUL", "PAI"}),
        (WORKER, {"CUL"}),
        (DESK, {"CUL"}),
        (DESK_ON_THE_TEAM, {"CUL"}),
        (NETWORK, {"CUL"}),
        (OWN_NETWORK, {"CUL"}),
        (as_role(Role.CASE_WORKER, OTHER_AGENCY), set()),
    ],
)
def test_enrolments_for_safety_are_seen_where_safety_is(
    service: Service, hidden: ScreeningCompleted, who: Principal, seen: set[str]
) -> None:
    """By person, by screening and in the whole list alike; at home by the case's team alone."""
    views = (
        service.enrolments(who),
        service.enrolments(who, person_id=hidden.person_id),
        service.enrolments(who, screening_id=hidden.screening_id),
    )

    assert [{each.pathway for each in view} for view in views] == [seen, seen, seen]


def test_who_left_the_team_sees_no_safety_in_whatever_order_it_is_told(
    service: Service, hidden: ScreeningCompleted
) -> None:
    """An older team that arrives late changes nothing."""
    service.staff(hidden.person_id, WORKER, sequence=3)
    service.staff(hidden.person_id, ON_THE_TEAM, sequence=2)

    seen = [
        {each.pathway for each in service.enrolments(who, person_id=hidden.person_id)}
        for who in (WORKER, ON_THE_TEAM)
    ]
    assert seen == [{"CUL", "PAI"}, {"CUL"}]


@pytest.mark.parametrize("who", [WORKER, DESK, NETWORK, as_role(Role.CASE_WORKER, OTHER_AGENCY)])
def test_an_enrolment_for_safety_does_not_exist_for_others(
    service: Service, hidden: ScreeningCompleted, who: Principal
) -> None:
    """Guessing its id gives what a wrong id gives."""
    (enrolment,) = service.enrolments(COORDINATOR, screening_id=hidden.screening_id, pathway="PAI")

    with pytest.raises(NotFound):
        service.ask(
            handlers.withdraw_enrolment,
            WithdrawEnrolment(enrolment_id=enrolment.enrolment_id),
            who,
        )


def test_the_totals_of_an_offer_leave_out_who_is_there_for_safety(
    service: Service, hidden: ScreeningCompleted
) -> None:
    """A total that grows would tell an answer."""
    assert len(service.enrolments(COORDINATOR, screening_id=hidden.screening_id)) == 2
    offers = {each.pathway: each for each in service.ask(handlers.list_offers, ListOffers()).items}

    assert (offers["CUL"].enrolled, offers["PAI"].enrolled) == (1, 0)


def test_what_is_told_of_an_enrolment_for_safety_is_restricted(service: Service) -> None:
    """Partners never hear of it."""
    screening = a_screening(
        SuggestedPathway(code="PAI", safety=True, decision=Decision.AGREED), agency_id=AGENCY
    )

    (told,) = service.hear(screening)

    assert isinstance(told, EnrolmentConfirmed)
    assert told.restricted


def pages(service: Service, limit: int) -> Iterator[tuple[Enrolment, ...]]:
    """Walk through the list."""
    cursor: str | None = None
    while True:
        page = service.ask(handlers.list_enrolments, ListEnrolments(limit=limit, cursor=cursor))
        yield page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def test_pages_follow_one_another_without_gap_or_overlap(service: Service) -> None:
    """Newest first."""
    service.hear(a_screening(*suggested(*V1), agency_id=AGENCY))

    walked = [each for page in pages(service, 3) for each in page]

    assert walked == list(service.enrolments())


def test_a_cursor_that_no_list_gave_names_the_field(service: Service) -> None:
    """It is the caller's mistake."""
    with pytest.raises(InvalidRequest) as refusal:
        service.enrolments(cursor="x")

    assert list(refusal.value.fields) == ["cursor"]
