"""What every service tells and does for whoever operates it, on a real broker and database."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chassis import clock, layout
from chassis.call import Call
from chassis.errors import ServiceError
from chassis.testing import eventually
from contracts.access import Role
from contracts.operations import (
    DeadLetter,
    DropDeadLetters,
    GetStanding,
    ListDeadLetters,
    ReplayDeadLetters,
    SettledLetters,
)
from tests.support.greetings.language import Greet
from tests.support.stage import QUEUE, Stage, a_principal, an_event

_DEAD = layout.dead_queue(QUEUE)


def _call(role: Role = Role.ADMINISTRATOR) -> Call:
    return Call(principal=a_principal(role), key=str(clock.new_id()))


def _ask(stage: Stage, request: Any, role: Role = Role.ADMINISTRATOR) -> Any:
    return stage.client.ask(request, _call(role), timeout=10)


def _letters(stage: Stage) -> tuple[DeadLetter, ...]:
    found: tuple[DeadLetter, ...] = _ask(stage, ListDeadLetters(component="greetings")).items
    return found


@pytest.fixture
def stage_without_letters(stage: Stage) -> Stage:
    """Give a stage with a living process and nothing given up."""
    assert stage.process
    _ask(stage, DropDeadLetters(queue=QUEUE))
    return stage


@pytest.fixture
def letter(stage_without_letters: Stage) -> DeadLetter:
    """Give a dead letter: an event that the domain refused."""
    stage_without_letters.put_event(mood="refuse")
    eventually(lambda: stage_without_letters.count(_DEAD) == 1)
    (letter,) = _letters(stage_without_letters)
    return letter


def test_a_service_tells_how_it_stands(stage_without_letters: Stage) -> None:
    """Version, schema, outbox, processes and queues are those of the living process."""
    standing = _ask(stage_without_letters, GetStanding(component="greetings"))
    assert standing.dump() == {
        "component": "greetings",
        "version": "dev",
        "schema_revision": "0001",
        "schema_expected": "0001",
        "processes": len(stage_without_letters.processes),
        "outbox_pending": 0,
        "outbox_oldest_seconds": 0,
        "dead_letters": 0,
        "queues": [
            {
                "queue": QUEUE,
                "waiting": 0,
                "consumers": len(stage_without_letters.processes),
                "dead_letters": 0,
            }
        ],
    }


def test_a_service_tells_what_waits_in_its_outbox(stage_without_letters: Stage) -> None:
    """An event that nobody wants stays, and is counted."""
    greet = Greet(greeting_id=clock.new_id(), word="ciao", mood="unheard")
    _ask(stage_without_letters, greet, Role.CASE_WORKER)
    standing = _ask(stage_without_letters, GetStanding(component="greetings"))
    stage_without_letters.query("DELETE FROM outbox WHERE published_at IS NULL")
    assert standing.outbox_pending == 1


def test_a_dead_letter_tells_why_and_what_its_envelope_says(letter: DeadLetter) -> None:
    """Reason, error, attempts and the attributes of CloudEvents."""
    assert (letter.queue, letter.reason, letter.error, letter.attempts, letter.type) == (
        QUEUE,
        "grumpy",
        "tests.support.greetings.language.Grumpy",
        1,
        "greeting.kept.v1",
    )


def test_nothing_of_a_letter_s_data_is_told(stage_without_letters: Stage) -> None:
    """Neither what an event carries nor what a stranger wrote where an attribute should be."""
    written = "Mario Rossi, via Roma 1"
    _, content = an_event()
    content["data"]["mood"] = written
    poison = {**content, "type": written, "correlationid": written, "source": written}
    stage_without_letters.put(json.dumps(poison), message_id=written, type=written)
    stage_without_letters.put_event(type=written)
    eventually(lambda: stage_without_letters.count(_DEAD) == 2)
    assert written not in str([each.dump() for each in _letters(stage_without_letters)])


def test_a_replayed_letter_is_handled_again(
    stage_without_letters: Stage, letter: DeadLetter
) -> None:
    """It comes back after a rest, is refused once more, and lies among the dead again."""
    settled = _ask(
        stage_without_letters, ReplayDeadLetters(queue=QUEUE, message_id=letter.message_id)
    )
    assert settled == SettledLetters(queue=QUEUE, settled=1, left=0)
    eventually(lambda: stage_without_letters.count(_DEAD) == 1)


def test_a_dropped_letter_is_gone(stage_without_letters: Stage, letter: DeadLetter) -> None:
    """The others stay."""
    stage_without_letters.put_event(mood="refuse")
    eventually(lambda: stage_without_letters.count(_DEAD) == 2)
    settled = _ask(
        stage_without_letters, DropDeadLetters(queue=QUEUE, message_id=letter.message_id)
    )
    assert settled == SettledLetters(queue=QUEUE, settled=1, left=1)


def test_a_queue_is_settled_in_portions(stage_without_letters: Stage) -> None:
    """What is left is told, so that nobody takes a portion for the whole."""
    for _ in range(3):
        stage_without_letters.put_event(mood="refuse")
    eventually(lambda: stage_without_letters.count(_DEAD) == 3)
    settled = _ask(stage_without_letters, DropDeadLetters(queue=QUEUE, limit=2))
    assert settled == SettledLetters(queue=QUEUE, settled=2, left=1)


@pytest.mark.parametrize(
    "command",
    [
        DropDeadLetters(queue=QUEUE, message_id="nobody-s"),
        ReplayDeadLetters(queue=QUEUE, message_id="nobody-s"),
        ReplayDeadLetters(queue="greetings.on_nothing"),
    ],
)
def test_what_is_not_there_cannot_be_settled(stage_without_letters: Stage, command: Any) -> None:
    """Neither an unknown letter nor a queue of somebody else."""
    with pytest.raises(ServiceError) as refusal:
        _ask(stage_without_letters, command)
    assert refusal.value.slug == "not-found"


@pytest.mark.parametrize(
    "request_",
    [
        GetStanding(component="greetings"),
        ListDeadLetters(component="greetings"),
        ReplayDeadLetters(queue=QUEUE),
        DropDeadLetters(queue=QUEUE),
    ],
)
def test_nobody_but_an_administrator_asks(stage_without_letters: Stage, request_: Any) -> None:
    """The service itself checks, whatever the gateway did."""
    with pytest.raises(ServiceError) as refusal:
        _ask(stage_without_letters, request_, Role.CASE_WORKER)
    assert refusal.value.slug == "permission-missing"
