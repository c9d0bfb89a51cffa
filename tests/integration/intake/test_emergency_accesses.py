"""Emergency accesses on a real database: found by exact data, counted, read, and reviewed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from chassis.clock import new_id
from contracts.access import Role
from contracts.intake import (
    EmergencyAccess,
    EmergencyAccessOpened,
    EmergencyAccessPage,
    EmergencyAccessReviewed,
    EmergencyOutcome,
    EmergencyQueue,
    EmergencyReason,
    GetEmergencyPerson,
    ListEmergencyAccesses,
    ListOwnEmergencyAccesses,
    OpenEmergencyAccess,
    ReviewEmergencyAccess,
)
from contracts.language import InvalidRequest, NotFound
from services.intake import handlers
from services.intake.domain.emergencies import EmergencyLimitReached, PersonWithinReach
from tests.support.desks import NOW, IntakeDesk
from tests.support.people import PROVISIONAL, caller, some_details

# A name of its own for every person, so that one test's are not found by another one's data.
NOBODY: Final = {"tax_code": "RSSMRA85T10A562S"}


def _somebody(desk: IntakeDesk) -> dict[str, Any]:
    """Register a person with the desk; return by what they are found."""
    family = "".join(chr(ord("a") + int(digit, 16)) for digit in new_id().hex[-12:])
    details = some_details(family_name=f"D\u2019{family}", tax_code=None)
    person = desk.register(family_name=details.family_name, tax_code=None)
    return {
        "person_id": person.person_id,
        "given_name": details.given_name,
        "family_name": details.family_name,
        "birth_date": details.birth_date,
    }


def _open(desk: IntakeDesk, *, now: Any = NOW, **said: Any) -> tuple[EmergencyAccess, ...]:
    said.pop("person_id", None)
    command = OpenEmergencyAccess(reason=EmergencyReason.VIOLENCE_OR_THREAT, **said)
    return desk.do(lambda unit: handlers.open_emergency_access(unit, command), now=now).items


def _read(desk: IntakeDesk, access: EmergencyAccess, *, now: Any = NOW) -> Any:
    query = GetEmergencyPerson(access_id=access.access_id)
    return desk.do(lambda unit: handlers.get_emergency_person(unit, query), now=now)


def _queue(desk: IntakeDesk, queue: EmergencyQueue, **more: Any) -> EmergencyAccessPage:
    query = ListEmergencyAccesses(queue=queue, **more)
    return desk.do(lambda unit: handlers.list_emergency_accesses(unit, query))


def _as(desk: IntakeDesk, role: Role) -> IntakeDesk:
    """Return somebody else of the same agency."""
    principal = replace(caller(role, agency_id=desk.principal.agency_id), user_id=new_id())
    return IntakeDesk(desk.database_url, principal)


@pytest.fixture
def stranger(desk: IntakeDesk) -> IntakeDesk:
    """Give a worker of another agency whom no other test knows."""
    return _as(IntakeDesk(desk.database_url, caller(agency_id=new_id())), Role.CASE_WORKER)


def test_the_opener_reads_until_the_end_and_the_ordinary_way_stays_closed(
    desk: IntakeDesk, stranger: IntakeDesk
) -> None:
    """Nothing else is opened by it, so nothing can be changed."""
    known = _somebody(desk)
    (access,) = _open(stranger, **known)
    assert _read(stranger, access).person_id == known["person_id"]
    with pytest.raises(NotFound):
        stranger.get(known["person_id"])
    with pytest.raises(NotFound):
        _read(stranger, access, now=NOW + timedelta(hours=4))
    with pytest.raises(NotFound):
        _read(_as(stranger, Role.CASE_WORKER), access)


@pytest.mark.parametrize(
    "changes",
    [
        {"given_name": "MARA ELISE"},
        {"given_name": None, "family_name": None, "birth_date": None, "phone": "333 111 22 33"},
        {"given_name": None, "family_name": None, "birth_date": None, "tax_code": PROVISIONAL},
    ],
)
def test_a_person_is_found_by_exact_data(
    desk: IntakeDesk, stranger: IntakeDesk, changes: dict[str, Any]
) -> None:
    """However the name is written, by the telephone number or by the tax code."""
    known = _somebody(desk)
    other = desk.register(tax_code=PROVISIONAL, phone="+39 333 1112233")
    wanted = known["person_id"] if "tax_code" not in changes and "phone" not in changes else None
    found = _open(stranger, **{**known, **changes})
    assert (wanted or other.person_id) in {each.person_id for each in found}


def test_part_of_the_data_finds_nobody(desk: IntakeDesk, stranger: IntakeDesk) -> None:
    """A part of a name is no name; the attempt stands in the list of those that found nobody."""
    known = _somebody(desk)
    assert _open(stranger, **{**known, "given_name": "Mara"}) == ()
    officer = _as(desk, Role.PRIVACY_OFFICER)
    tried = {each.user_id for each in _queue(officer, EmergencyQueue.NOBODY_FOUND).items}
    assert stranger.principal.user_id in tried


def test_own_persons_are_no_emergency(desk: IntakeDesk) -> None:
    """The refusal names the person, whom the desk may see."""
    known = _somebody(desk)
    with pytest.raises(PersonWithinReach):
        _open(desk, **known)


def test_a_tax_code_that_is_none_is_refused_and_not_counted(stranger: IntakeDesk) -> None:
    """A slip of the pen is no attempt."""
    with pytest.raises(InvalidRequest) as refused:
        _open(stranger, tax_code="PPSMRA88C52Z129A")
    assert refused.value.fields.keys() == {"tax_code"}


def test_attempts_of_an_account_come_to_an_end_and_begin_anew(stranger: IntakeDesk) -> None:
    """Whether they found somebody or not."""
    for minute in range(5):
        _open(stranger, now=NOW + timedelta(minutes=minute), **NOBODY)
    with pytest.raises(EmergencyLimitReached):
        _open(stranger, now=NOW + timedelta(minutes=6), **NOBODY)
    assert _open(stranger, now=NOW + timedelta(minutes=61), **NOBODY) == ()


def test_asking_again_prolongs_nothing(desk: IntakeDesk, stranger: IntakeDesk) -> None:
    """The same access, told once, and the caller's own list has it once."""
    known = _somebody(desk)
    first = _open(stranger, **known)
    again = _open(stranger, now=NOW + timedelta(hours=1), **known)
    own = stranger.do(
        lambda unit: handlers.list_own_emergency_accesses(unit, ListOwnEmergencyAccesses())
    )
    assert (again, own.items) == (first, first)
    assert [type(each) for each in stranger.told] == [EmergencyAccessOpened]


def test_whoever_answers_for_the_person_reviews_it(desk: IntakeDesk, stranger: IntakeDesk) -> None:
    """The coordinator of the opener's agency is not asked; a review that finds fault ends it."""
    (access,) = _open(stranger, **_somebody(desk))
    coordinator, theirs = (_as(each, Role.AGENCY_COORDINATOR) for each in (desk, stranger))
    waiting = _queue(coordinator, EmergencyQueue.TO_REVIEW)
    assert (waiting.items, waiting.to_review) == ((access,), 1)
    assert _queue(theirs, EmergencyQueue.TO_REVIEW).items == ()
    command = ReviewEmergencyAccess(
        access_id=access.access_id, outcome=EmergencyOutcome.NOT_JUSTIFIED, note="Curiosity"
    )
    with pytest.raises(NotFound):
        theirs.do(lambda unit: handlers.review_emergency_access(unit, command))
    reviewed = coordinator.do(lambda unit: handlers.review_emergency_access(unit, command))
    assert _queue(coordinator, EmergencyQueue.REVIEWED).items == (reviewed,)
    assert _queue(coordinator, EmergencyQueue.TO_REVIEW).to_review == 0
    assert [type(each) for each in coordinator.told] == [EmergencyAccessReviewed]
    with pytest.raises(NotFound):
        _read(stranger, access)


def test_a_list_goes_on_where_its_page_ended(desk: IntakeDesk, stranger: IntakeDesk) -> None:
    """Newest first, each once."""
    opened = [_open(stranger, **_somebody(desk))[0] for _ in range(3)]
    coordinator = _as(desk, Role.AGENCY_COORDINATOR)
    first = _queue(coordinator, EmergencyQueue.OPEN, limit=2)
    rest = _queue(coordinator, EmergencyQueue.OPEN, limit=2, cursor=first.next_cursor)
    found = [each.access_id for each in (*first.items, *rest.items)]
    assert found == [each.access_id for each in reversed(opened)]
    assert rest.next_cursor is None
