"""Events: handled once each, laid to rest or buried with a reason, and never lost."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from chassis import clock, dead_letters
from chassis.dead_letters import DeadLetter
from chassis.testing import eventually
from tests.support.stage import QUEUE, Process, Stage, an_event

ASLEEP = "SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND state = 'active' AND datname = current_database() AND pid <> pg_backend_pid()"  # noqa: E501 - one statement

TOO_LARGE = json.dumps({"padding": "x" * 10_000_000})
GOOD_ID = str(clock.new_id())


def poison(**changes: Any) -> tuple[str, dict[str, Any]]:
    """Return an event that differs from a good one, as a message."""
    _, content = an_event(**changes)
    return json.dumps(content), {"message_id": content["id"]}


POISON: dict[str, tuple[bytes | str, dict[str, Any], str]] = {
    "not JSON": (b"{", {"message_id": GOOD_ID}, "not-json"),
    "not UTF-8": (b"\xff\xfe\xfd", {"message_id": GOOD_ID}, "not-json"),
    "nested too deep": (b"[" * 200_000, {"message_id": GOOD_ID}, "not-json"),
    "number too long": (b"1" * 10_000, {"message_id": GOOD_ID}, "not-json"),
    "a list": (b"[]", {"message_id": GOOD_ID}, "not-an-object"),
    "no event": (b"{}", {"message_id": GOOD_ID}, "not-an-event"),
    "kombu's own objects": (
        b'{"__type__": "uuid", "__value__": {}}',
        {"message_id": GOOD_ID},
        "not-an-event",
    ),
    "unknown encoding": (b"{", {"message_id": GOOD_ID, "content_encoding": "nonsense"}, "not-json"),
    "false compression": (
        b"{}",
        {"message_id": GOOD_ID, "application_headers": {"compression": "application/x-gzip"}},
        "not-an-event",
    ),
    "too large": (TOO_LARGE, {"message_id": GOOD_ID}, "too-large"),
    "no message id": (poison()[0], {}, "no-message-id"),
    "odd message id": (poison()[0], {"message_id": "7"}, "no-message-id"),
    "other message id": (poison()[0], {"message_id": GOOD_ID}, "other-message-id"),
    "next version": (*poison(type="greeting.kept.v2"), "unknown-type"),
    "wrong data": (*poison(data={"greeting_id": 7}), "invalid-event"),
    "data not an object": (*poison(data="x"), "not-an-event"),
    "time without offset": (*poison(time="2026-01-01T00:00:00"), "not-an-event"),
}


def buried(stage: Stage, matches: Callable[[DeadLetter], bool]) -> DeadLetter:
    """Return the dead letter that matches, once it is there."""
    return eventually(
        lambda: [letter for letter in dead_letters.show(stage.amqp_uri, QUEUE) if matches(letter)]
    )[0]


def about(greeting_id: UUID) -> Callable[[DeadLetter], bool]:
    """Return what matches the dead letter of a greeting."""
    return lambda letter: bool(letter.body) and letter.body.get("subject") == str(greeting_id)


@pytest.mark.usefixtures("process")
@pytest.mark.parametrize("kind", POISON)
def test_poison_is_buried_with_its_reason(stage: Stage, kind: str) -> None:
    """What cannot be read is laid aside, and the event behind it is handled."""
    body, properties, reason = POISON[kind]
    dead_letters.drop(stage.amqp_uri, QUEUE)
    stage.put(body, **properties)
    healthy = stage.put_event()
    assert eventually(lambda: stage.effects(healthy)) == 1
    letter = buried(stage, lambda letter: (letter.size, letter.reason) == (len(body), reason))
    assert letter.origin == f"/{QUEUE}"


@pytest.mark.usefixtures("process")
@pytest.mark.parametrize("header", [None, 5, [5], "x", {"a": 1}])
def test_malformed_headers_of_nameko_do_no_harm(stage: Stage, header: Any) -> None:
    """An event is handled whatever its headers hold."""
    headers = {"nameko.call_id_stack": header, "nameko.call": header, "x-attempt": header}
    greeting_id = stage.put_event(headers=headers)
    assert eventually(lambda: stage.effects(greeting_id)) == 1


@pytest.mark.usefixtures("process")
def test_unknown_attributes_and_fields_are_ignored(stage: Stage) -> None:
    """A publisher that is one version ahead is understood."""
    greeting_id, content = an_event(colour="red")
    content["data"]["colour"] = "red"
    stage.put(json.dumps(content), message_id=content["id"])
    assert eventually(lambda: stage.effects(greeting_id)) == 1


def test_duplicate_has_no_second_effect(stage: Stage, process: Process) -> None:
    """The inbox knows the message."""
    greeting_id, content = an_event()
    for _ in range(3):
        stage.put(json.dumps(content), message_id=content["id"])
    series = 'plurali_inbox_duplicates_total{entrypoint="on_greeted",service="greetings"} 2.0'
    assert eventually(lambda: series in process.page("/metrics")[1])
    assert stage.effects(greeting_id) == 1


@pytest.mark.usefixtures("process")
def test_concurrent_duplicates_have_one_effect(stage: Stage) -> None:
    """Duplicates that are handled at the same time wait for one another."""
    greeting_id, content = an_event(mood="sleep")
    for _ in range(3):
        stage.put(json.dumps(content), message_id=content["id"])
    assert eventually(lambda: stage.effects(greeting_id)) == 1
    eventually(lambda: stage.count(QUEUE) == 0)
    assert stage.effects(greeting_id) == 1


@pytest.mark.usefixtures("process")
def test_restricted_event_reaches_its_listener(stage: Stage) -> None:
    """The queue is bound to the restricted route as well."""
    greeting_id = stage.greet(restricted=True)
    assert eventually(lambda: stage.effects(greeting_id)) == 1


@pytest.mark.usefixtures("process")
def test_refused_event_is_buried_with_the_slug(stage: Stage) -> None:
    """A rule that refuses will refuse again: there is no second try."""
    greeting_id = stage.put_event(mood="refuse")
    letter = buried(stage, about(greeting_id))
    assert (letter.reason, letter.attempt, stage.effects(greeting_id)) == ("grumpy", 1, 0)


@pytest.mark.usefixtures("process")
def test_event_that_failed_comes_back_by_itself(stage: Stage) -> None:
    """A handler that is mended gets the event again."""
    stage.query("UPDATE mending SET done = false")
    greeting_id = stage.put_event(mood="mending")
    eventually(lambda: stage.count("retry.1s"))
    stage.query("UPDATE mending SET done = true")
    assert eventually(lambda: stage.effects(greeting_id)) == 1


@pytest.mark.usefixtures("process")
@pytest.mark.parametrize(("failed", "queue"), [(0, "retry.1s"), (1, "retry.5s"), (3, "retry.300s")])
def test_rest_grows_with_the_attempts(stage: Stage, failed: int, queue: str) -> None:
    """Each failure lays the event to rest for longer."""
    before = stage.count(queue)
    stage.put_event(mood="fail", headers={"x-attempt": failed})
    assert eventually(lambda: stage.count(queue) > before)


@pytest.mark.usefixtures("process")
def test_event_is_buried_when_its_attempts_are_used_up(stage: Stage) -> None:
    """The eighth failure is the last one."""
    greeting_id = stage.put_event(mood="fail", headers={"x-attempt": 7})
    letter = buried(stage, about(greeting_id))
    assert (letter.reason, letter.attempt, letter.error) == (
        "attempts-exhausted",
        8,
        "builtins.RuntimeError",
    )


@pytest.mark.usefixtures("process")
def test_trouble_costs_no_attempt(stage: Stage) -> None:
    """What is no fault of the event never buries it."""
    stage.put_event(mood="absent", headers={"x-attempt": 7, "x-trouble": 1})
    assert eventually(lambda: stage.count("retry.5s"))


def test_killed_process_leaves_one_effect(stage: Stage, process: Process) -> None:
    """A process that dies in mid-handling acknowledges nothing and keeps nothing."""
    greeting_id = stage.put_event(mood="sleep")
    eventually(lambda: stage.query(ASLEEP))
    process.end(signal.SIGKILL)
    stage.launch()
    assert eventually(lambda: stage.effects(greeting_id), seconds=30) == 1


@pytest.mark.usefixtures("process")
def test_lost_database_connection_leaves_one_effect(stage: Stage) -> None:
    """A unit whose connection is cut is run again as a whole."""
    greeting_id = stage.put_event(mood="sleep")
    ((pid,), *_) = eventually(lambda: stage.query(ASLEEP))
    stage.query("SELECT pg_terminate_backend(:pid)", pid=pid)
    assert eventually(lambda: stage.effects(greeting_id), seconds=30) == 1


def test_leaving_process_finishes_and_acknowledges(stage: Stage, process: Process) -> None:
    """SIGTERM ends a process after its work, not in the midst of it."""
    greeting_id = stage.put_event(mood="sleep")
    eventually(lambda: stage.query(ASLEEP))
    code = process.end()
    assert (code, stage.effects(greeting_id)) == (0, 1)
    assert not any(str(greeting_id).encode() in body for body in stage.waiting(QUEUE))


@pytest.mark.usefixtures("process")
def test_dead_letter_stays_when_it_is_shown(stage: Stage) -> None:
    """Looking takes nothing away."""
    greeting_id = stage.put_event(mood="refuse")
    shown = [buried(stage, about(greeting_id)) for _ in range(3)]
    assert shown[0] == shown[1] == shown[2]
    assert eventually(lambda: dead_letters.counts(stage.amqp_uri, [QUEUE])[QUEUE] > 0)


@pytest.mark.usefixtures("process")
def test_replayed_dead_letter_is_handled(stage: Stage) -> None:
    """A letter goes back with its id and a clean slate."""
    stage.query("UPDATE mending SET done = false")
    greeting_id = stage.put_event(mood="mending", headers={"x-attempt": 7})
    letter = buried(stage, about(greeting_id))
    stage.query("UPDATE mending SET done = true")
    eventually(
        lambda: dead_letters.replay(stage.amqp_uri, QUEUE, message_id=letter.message_id) == 1
    )
    assert eventually(lambda: stage.effects(greeting_id)) == 1


@pytest.mark.usefixtures("process")
def test_dropped_dead_letter_is_gone_and_the_others_stay(stage: Stage) -> None:
    """One letter can be chosen."""
    gone, stays = (
        buried(stage, about(stage.put_event(mood="refuse"))).message_id for _ in range(2)
    )
    eventually(lambda: dead_letters.drop(stage.amqp_uri, QUEUE, message_id=gone))
    buried(stage, lambda letter: letter.message_id == stays)
    assert gone not in {letter.message_id for letter in dead_letters.show(stage.amqp_uri, QUEUE)}


def test_queue_without_dead_letters_counts_none(stage: Stage) -> None:
    """A queue that does not exist has no dead letters."""
    assert dead_letters.counts(stage.amqp_uri, ["nobody.on_nothing"]) == {"nobody.on_nothing": 0}
