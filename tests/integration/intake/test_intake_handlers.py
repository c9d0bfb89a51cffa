"""The handlers of intake on a real database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from chassis.clock import new_id
from chassis.unit import Unit
from contracts.access import Role
from contracts.catalogue import OrganizationKind, OrganizationPublished
from contracts.intake import (
    CaseOpened,
    CaseStaffed,
    ConsentGranted,
    ConsentState,
    ConsentWithdrawn,
    GetScreeningContext,
    ListCases,
    ListConsents,
    OpenCase,
    PersonRegistered,
    WithdrawConsent,
)
from contracts.language import InvalidRequest, NotFound
from contracts.screening import CitizenshipGroup
from services.intake import handlers
from services.intake.domain.cases import CaseAlreadyOpen
from services.intake.domain.consents import ConsentAlreadyWithdrawn
from services.intake.domain.persons import PersonAlreadyRegistered
from services.intake.store import IntakeStore
from tests.support.desks import NOW, IntakeDesk
from tests.support.people import (
    DEFINITIVE,
    OTHER_AGENCY,
    PROVISIONAL,
    caller,
    household,
    some_details,
)

Asked = Callable[[IntakeDesk, Any], Any]


def _open_case(desk: IntakeDesk, person_id: Any) -> Any:
    command = OpenCase(person_id=person_id)
    return desk.do(lambda unit: handlers.open_case(unit, command))


def _list_cases(desk: IntakeDesk, person_id: Any) -> Any:
    query = ListCases(person_id=person_id)
    return desk.do(lambda unit: handlers.list_cases(unit, query))


def _list_consents(desk: IntakeDesk, person_id: Any, *, now: datetime = NOW) -> Any:
    query = ListConsents(person_id=person_id)
    return desk.do(lambda unit: handlers.list_consents(unit, query), now=now)


def _context(desk: IntakeDesk, person_id: Any) -> Any:
    query = GetScreeningContext(person_id=person_id)
    return desk.do(lambda unit: handlers.get_screening_context(unit, query))


def _withdraw(desk: IntakeDesk, person_id: Any, consent_id: Any = None) -> Any:
    command = WithdrawConsent(person_id=person_id, consent_id=consent_id or new_id())
    return desk.do(lambda unit: handlers.withdraw_consent(unit, command))


ABOUT_A_PERSON: Final[dict[str, Asked]] = {
    "get_person": lambda desk, person_id: desk.get(person_id),
    "correct_person": lambda desk, person_id: desk.correct(person_id),
    "get_screening_context": _context,
    "open_case": _open_case,
    "list_cases": _list_cases,
    "record_consent": lambda desk, person_id: desk.consent(person_id),
    "withdraw_consent": _withdraw,
    "list_consents": _list_consents,
}


def test_a_registered_person_comes_back_as_registered(desk: IntakeDesk) -> None:
    """Everything that was told is kept."""
    details = some_details(household=household(date(2019, 5, 4)), citizenships=("RO", "MD"))
    person_id = desk.register(**vars(details)).person_id
    person = desk.get(person_id)
    assert person.details == details
    assert (person.agency_id, person.version) == (desk.principal.agency_id, 1)


def test_a_registration_is_told_once(desk: IntakeDesk) -> None:
    """In the transaction that keeps the person."""
    person = desk.register()
    (event,) = desk.told
    assert isinstance(event, PersonRegistered)
    assert event.person_id == person.person_id


def test_the_tax_code_is_shown_by_one_query_alone(desk: IntakeDesk) -> None:
    """A repeated answer is kept as it was given, and lists are read over shoulders."""
    registered = desk.register()
    (found,) = desk.find().items
    assert (registered.details.tax_code, found.details.tax_code) == (None, None)
    assert (registered.tax_code_kind, found) == (found.tax_code_kind, registered)
    assert desk.get(registered.person_id).details.tax_code == DEFINITIVE


def test_a_second_registration_by_the_agency_names_the_person(desk: IntakeDesk) -> None:
    """The worker is led to the person and nothing is told twice."""
    person = desk.register()
    with pytest.raises(PersonAlreadyRegistered) as refused:
        desk.register(given_name="Ana", tax_code=DEFINITIVE.lower())
    assert str(person.person_id) in refused.value.message
    assert list(refused.value.fields) == ["details.tax_code"]
    assert len(desk.told) == 1


def test_another_agencys_person_is_never_revealed(desk: IntakeDesk, neighbour: IntakeDesk) -> None:
    """Whether somebody else helps a person is not for everybody to know."""
    assert desk.register().person_id != neighbour.register().person_id


def test_persons_without_tax_code_are_registered_side_by_side(desk: IntakeDesk) -> None:
    """No code is no duplicate."""
    assert desk.register(tax_code=None).person_id != desk.register(tax_code=None).person_id


def test_of_two_registrations_at_the_same_moment_one_is_a_conflict(desk: IntakeDesk) -> None:
    """Two desks of an agency may have the same person before them."""
    together = threading.Barrier(2)
    ended: list[object] = []

    def register() -> None:
        together.wait()
        try:
            ended.append(desk.register().person_id)
        except PersonAlreadyRegistered as conflict:
            ended.append(conflict)

    desks = [threading.Thread(target=register) for _ in range(2)]
    for one in desks:
        one.start()
    for one in desks:
        one.join()
    (conflict,) = (end for end in ended if isinstance(end, PersonAlreadyRegistered))
    (person,) = desk.find().items
    assert str(person.person_id) in conflict.message
    assert len(desk.told) == 1


@pytest.mark.parametrize(
    "criteria",
    [
        {"name": "mara"},
        {"name": "ÉLISE petr"},
        {"name": "d'ossola"},
        {"name": "ROVA"},
        {"birth_date": date(1988, 3, 12)},
        {"tax_code": DEFINITIVE.lower()},
        {"name": "petrova", "birth_date": date(1988, 3, 12), "tax_code": DEFINITIVE},
        {},
    ],
)
def test_a_person_is_found(desk: IntakeDesk, criteria: dict[str, Any]) -> None:
    """By part of a name in any spelling, by birth date, by tax code, by all of them."""
    person = desk.register()
    assert [found.person_id for found in desk.find(**criteria).items] == [person.person_id]


@pytest.mark.parametrize(
    "criteria",
    [
        {"name": "mara rossi"},
        {"name": "%"},
        {"name": "_"},
        {"birth_date": date(1988, 3, 13)},
        {"tax_code": PROVISIONAL},
        {"tax_code": "not-a-code-12"},
        {"name": "petrova", "birth_date": date(1990, 1, 1)},
    ],
)
def test_every_criterion_must_fit(desk: IntakeDesk, criteria: dict[str, Any]) -> None:
    """A sign that a database would take for any text finds nobody."""
    desk.register()
    assert desk.find(**criteria).items == ()


def test_pages_hold_everybody_once_newest_first(desk: IntakeDesk) -> None:
    """From cursor to cursor until there is none."""
    registered = [desk.register(tax_code=None).person_id for _ in range(5)]
    found = []
    cursor, more = None, True
    while more:
        page = desk.find(limit=2, cursor=cursor)
        found += [person.person_id for person in page.items]
        cursor = page.next_cursor
        more = cursor is not None
    assert found == sorted(registered, reverse=True)


def test_a_cursor_of_ones_own_making_is_named(desk: IntakeDesk) -> None:
    """It is opaque."""
    with pytest.raises(InvalidRequest) as refused:
        desk.find(cursor="page-2")
    assert list(refused.value.fields) == ["cursor"]


def test_a_search_stays_within_the_agency(desk: IntakeDesk, neighbour: IntakeDesk) -> None:
    """A tax code in hand does not tell where else a person goes."""
    desk.register()
    assert neighbour.find(tax_code=DEFINITIVE).items == ()


def test_a_coordinator_of_the_network_finds_everybody(
    desk: IntakeDesk, neighbour: IntakeDesk
) -> None:
    """That is what the wider reach is for."""
    registered = {desk.register().person_id, neighbour.register().person_id}
    coordinator = IntakeDesk(
        desk.database_url, caller(Role.NETWORK_COORDINATOR, agency_id=new_id())
    )
    found = {person.person_id for person in coordinator.find(tax_code=DEFINITIVE, limit=100).items}
    assert registered <= found


@pytest.mark.parametrize("asked", ABOUT_A_PERSON.values(), ids=ABOUT_A_PERSON.keys())
def test_a_person_out_of_reach_does_not_exist(
    desk: IntakeDesk, neighbour: IntakeDesk, asked: Asked
) -> None:
    """In the same words for another agency's person and for nobody."""
    person = desk.register()
    words = set()
    for person_id in (person.person_id, new_id()):
        with pytest.raises(NotFound) as refused:
            asked(neighbour, person_id)
        words.add((refused.value.slug, refused.value.message, str(refused.value.fields)))
    assert len(words) == 1
    assert neighbour.told == []


def test_the_screening_context_is_that_of_the_day(desk: IntakeDesk) -> None:
    """A child is six on the birthday in Italy, where it is tomorrow before it is in UTC."""
    person = desk.register(household=household(date(2020, 11, 23)))
    query = GetScreeningContext(person_id=person.person_id)

    def ask(unit: Unit[IntakeStore]) -> Any:
        return handlers.get_screening_context(unit, query)

    before = desk.do(ask, now=datetime(2026, 11, 22, 22, 59, tzinfo=UTC))
    after = desk.do(ask, now=datetime(2026, 11, 22, 23, 0, tzinfo=UTC))
    assert (before.minors_0_5, after.minors_0_5) == (1, 0)
    assert before.citizenship_group is CitizenshipGroup.EU


def test_who_opens_a_case_becomes_its_lead(desk: IntakeDesk) -> None:
    """The case belongs to the agency, and the network learns of it."""
    person = desk.register()
    case = _open_case(desk, person.person_id)
    assert (case.worker_id, case.agency_id) == (
        desk.principal.user_id,
        desk.principal.agency_id,
    )
    assert _list_cases(desk, person.person_id).items == (case,)
    assert desk.told[1:] == [
        CaseOpened(
            case_id=case.case_id,
            person_id=person.person_id,
            agency_id=case.agency_id,
            worker_id=case.worker_id,
        ),
        CaseStaffed(
            case_id=case.case_id,
            person_id=person.person_id,
            agency_id=case.agency_id,
            team=(case.worker_id,),
        ),
    ]


def test_a_second_open_case_of_the_agency_is_a_conflict(desk: IntakeDesk) -> None:
    """It names the case that is open."""
    person = desk.register()
    case = _open_case(desk, person.person_id)
    with pytest.raises(CaseAlreadyOpen) as refused:
        _open_case(desk, person.person_id)
    assert str(case.case_id) in refused.value.message


def test_a_consent_lives_until_it_is_withdrawn(desk: IntakeDesk) -> None:
    """Both are told, and the list shows how it stands."""
    person = desk.register()
    consent = desk.consent(person.person_id)
    assert _list_consents(desk, person.person_id).items == (consent,)
    withdrawn = _withdraw(desk, person.person_id, consent.consent_id)
    assert _list_consents(desk, person.person_id).items == (withdrawn,)
    assert (withdrawn.state, withdrawn.withdrawn_at) == (ConsentState.WITHDRAWN, NOW)
    assert [type(event) for event in desk.told[1:]] == [ConsentGranted, ConsentWithdrawn]


def test_a_consent_names_an_agency_once_the_directory_told_of_it(desk: IntakeDesk) -> None:
    """Before, the recipient is unknown; told twice, it is known once."""
    person = desk.register()
    with pytest.raises(InvalidRequest):
        desk.consent(person.person_id, recipient_id=OTHER_AGENCY)
    told = OrganizationPublished(organization_id=OTHER_AGENCY, kind=OrganizationKind.ASSOCIATION)
    for _ in range(2):
        desk.do(lambda unit: handlers.on_organization_published(unit, told))
    consent = desk.consent(person.person_id, recipient_id=OTHER_AGENCY)
    assert consent.recipient_id == OTHER_AGENCY


def test_a_consent_is_shown_as_expired_after_its_last_day(desk: IntakeDesk) -> None:
    """Nobody has to end it."""
    person = desk.register()
    consent = desk.consent(person.person_id, expires_on=NOW.date())
    (today,) = _list_consents(desk, person.person_id).items
    (tomorrow,) = _list_consents(desk, person.person_id, now=NOW + timedelta(days=1)).items
    assert (consent.state, today.state, tomorrow.state) == (
        ConsentState.LIVE,
        ConsentState.LIVE,
        ConsentState.EXPIRED,
    )


def test_a_consent_is_withdrawn_once(desk: IntakeDesk) -> None:
    """The second time is a conflict."""
    person = desk.register()
    consent = desk.consent(person.person_id)
    _withdraw(desk, person.person_id, consent.consent_id)
    with pytest.raises(ConsentAlreadyWithdrawn):
        _withdraw(desk, person.person_id, consent.consent_id)


def test_a_consent_is_withdrawn_by_the_person_who_gave_it(desk: IntakeDesk) -> None:
    """Another person's consent is not found."""
    consent = desk.consent(desk.register().person_id)
    with pytest.raises(NotFound):
        _withdraw(desk, desk.register(tax_code=None).person_id, consent.consent_id)
