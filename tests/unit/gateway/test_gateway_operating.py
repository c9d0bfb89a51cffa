"""Operations of whoever keeps the system running: all services asked, none waited for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from chassis.errors import ServiceTimeout
from chassis.roster import SERVICES
from contracts.access import Role
from contracts.language import Category, Resource
from contracts.operations import (
    DeadLetter,
    DeadLetterList,
    DropDeadLetters,
    GetStanding,
    ListDeadLetters,
    ReplayDeadLetters,
    SettledLetters,
    Standing,
)
from tests.support.gateway import TOKEN, Gateway, refusal

_QUEUE = "referrals.on_screening_completed"
_MESSAGE = "01920000-0000-7000-8000-0000000000f7"
_LETTERS = f"/operations/dead-letters/{_QUEUE}"


@pytest.fixture
def operator(gateway: Gateway) -> Gateway:
    """Give a gateway whose caller is an administrator."""
    gateway.identity.let_in(TOKEN, Role.ADMINISTRATOR)
    return gateway


def _standing(query: GetStanding) -> Standing:
    return Standing(
        component=query.component,
        version="1",
        schema_revision="0002",
        schema_expected="0002",
        processes=1,
        outbox_pending=0,
        outbox_oldest_seconds=0,
        dead_letters=0,
        queues=(),
    )


def _letters(query: ListDeadLetters) -> DeadLetterList:
    queue = f"{query.component}.on_thing_done"
    return DeadLetterList(items=(DeadLetter(queue=queue, attempts=8, size=2),), total=5)


def _settled(_command: Any) -> SettledLetters:
    return SettledLetters(queue=_QUEUE, settled=1, left=3)


def _all_but_reporting(query: GetStanding | ListDeadLetters) -> Resource:
    if query.component == "reporting":
        raise ServiceTimeout
    return _standing(query) if isinstance(query, GetStanding) else _letters(query)


def test_every_service_is_asked_how_it_stands(operator: Gateway) -> None:
    """In the order of the roster."""
    operator.port.teach(GetStanding, _standing)
    shown = operator.request("GET", "/operations/components").get_json()
    assert [each["component"] for each in shown["items"]] == list(SERVICES)


def test_a_service_that_does_not_answer_is_named_beside_the_others(operator: Gateway) -> None:
    """Just then somebody needs to see the rest."""
    operator.port.teach(GetStanding, _all_but_reporting)
    shown = operator.request("GET", "/operations/components").get_json()
    assert (len(shown["items"]), shown["unreached"]) == (
        len(SERVICES) - 1,
        [{"component": "reporting", "reason": "service-timeout"}],
    )


def test_nobody_waits_a_whole_deadline_for_a_service_that_is_down(operator: Gateway) -> None:
    """The page is looked at when something is down."""
    operator.request("GET", "/operations/components")
    assert max(operator.port.timeouts) <= 2.0


def test_dead_letters_of_all_services_are_one_list(operator: Gateway) -> None:
    """With the number of those that are not shown, and with who did not answer."""
    operator.port.teach(ListDeadLetters, _all_but_reporting)
    shown = operator.request("GET", "/operations/dead-letters").get_json()
    reached = len(SERVICES) - 1
    assert (len(shown["items"]), shown["total"], len(shown["unreached"])) == (
        reached,
        5 * reached,
        1,
    )


def test_dead_letters_of_one_service_ask_that_one_alone(operator: Gateway) -> None:
    """The others may rest."""
    operator.port.teach(ListDeadLetters, _letters)
    operator.request("GET", "/operations/dead-letters?component=intake&limit=5")
    assert operator.port.asked == [ListDeadLetters(component="intake", limit=5)]


@pytest.mark.parametrize(
    ("method", "path", "asked"),
    [
        ("POST", f"{_LETTERS}/replay", ReplayDeadLetters(queue=_QUEUE)),
        (
            "POST",
            f"{_LETTERS}/{_MESSAGE}/replay",
            ReplayDeadLetters(queue=_QUEUE, message_id=_MESSAGE),
        ),
        ("DELETE", _LETTERS, DropDeadLetters(queue=_QUEUE)),
        ("DELETE", f"{_LETTERS}/{_MESSAGE}", DropDeadLetters(queue=_QUEUE, message_id=_MESSAGE)),
    ],
)
def test_letters_are_settled_by_the_service_that_owns_the_queue(
    operator: Gateway, method: str, path: str, asked: ReplayDeadLetters | DropDeadLetters
) -> None:
    """One letter, or the first ones of a queue."""
    operator.port.teach(type(asked), _settled)
    response = operator.request(method, path)
    assert (response.status_code, operator.port.asked, asked.addressee) == (
        200,
        [asked],
        "referrals",
    )


def test_who_settled_a_letter_is_written_down(operator: Gateway) -> None:
    """The message is the target, the queue and the number are told with it."""
    operator.port.teach(DropDeadLetters, _settled)
    operator.request("DELETE", f"{_LETTERS}/{_MESSAGE}")
    details = {"queue": _QUEUE, "settled": 1, "message_id": _MESSAGE}
    assert operator.identity.noted == [("dead-letters-dropped", UUID(_MESSAGE), details)]


def test_what_the_service_refused_is_not_written_down_as_done(operator: Gateway) -> None:
    """The log tells deeds."""
    operator.port.teach(DropDeadLetters, refusal(Category.NOT_FOUND, "not-found"))
    operator.request("DELETE", f"{_LETTERS}/{_MESSAGE}")
    assert operator.identity.noted == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/operations/dead-letters?component=nobody"),
        ("POST", "/operations/dead-letters/nobody.on_thing_done/replay"),
    ],
)
def test_a_service_that_does_not_exist_is_not_waited_for(
    operator: Gateway, method: str, path: str
) -> None:
    """It is refused at once, and the answer names those that exist."""
    response = operator.request(method, path)
    assert (response.status_code, operator.port.asked) == (404, [])
