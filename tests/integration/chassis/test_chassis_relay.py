"""The relay: nothing written to the outbox is lost, whatever breaks on the way to the queues."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from chassis.broker import Line
from chassis.broker_admin import BrokerAdmin
from chassis.layout import subscription
from chassis.testing import eventually
from tests.support.stage import QUEUE, Stage

WAITING = "SELECT count(*) FROM outbox WHERE published_at IS NULL AND type = 'greeting.kept.v1'"


@pytest.fixture
def ear(stage: Stage) -> Iterator[str]:
    """Give a queue of our own that hears every greeting."""
    name = "tests.on_greeted"
    stage.declare(subscription(name, [("greetings", "greeting.kept.v1")]))
    yield name
    line = Line(stage.amqp_uri, "tests")
    line.channel().queue_delete(name)
    line.close()


def heard(stage: Stage, queue: str) -> list[dict[str, Any]]:
    """Return the events that a queue holds, and leave none."""
    line = Line(stage.amqp_uri, "tests")
    channel = line.channel()
    events = []
    while (message := channel.basic_get(queue, no_ack=True)) is not None:
        events.append(json.loads(message.body))
    line.close()
    return events


def unpublished(stage: Stage, greeting_id: UUID) -> list[Any]:
    """Return the rows of a greeting that the relay has not been able to publish."""
    return stage.query(
        "SELECT attempts, last_error FROM outbox WHERE aggregate_id = :id AND published_at IS NULL"
        " AND attempts > 0",
        id=greeting_id,
    )


@pytest.mark.usefixtures("process")
def test_event_on_the_wire_is_a_cloud_event(stage: Stage, ear: str) -> None:
    """The envelope has the attributes of CloudEvents 1.0 and ours."""
    greeting_id = stage.greet()
    (event,) = eventually(lambda: heard(stage, ear))
    assert set(event) == {
        "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema",
        "correlationid", "data", "sequence",
    }  # fmt: skip
    assert (event["subject"], event["sequence"]) == (str(greeting_id), 1)


@pytest.mark.usefixtures("process")
def test_events_of_an_aggregate_arrive_in_order(stage: Stage, ear: str) -> None:
    """Three hundred events of one command keep their order through window after window."""
    stage.greet(times=300)
    eventually(lambda: stage.count(ear) == 300)
    assert [event["sequence"] for event in heard(stage, ear)] == list(range(1, 301))


@pytest.mark.usefixtures("process")
def test_event_that_nobody_wants_stays_and_is_tried_again(stage: Stage) -> None:
    """An unroutable event waits until somebody listens."""
    greeting_id = stage.greet(mood="unheard")
    assert eventually(lambda: unpublished(stage, greeting_id))[0].last_error == "returned"
    stage.declare(subscription("tests.on_answered", [("greetings", "greeting.answered.v1")]))
    assert eventually(lambda: not unpublished(stage, greeting_id))


@pytest.mark.usefixtures("process")
def test_event_that_nobody_wants_holds_nothing_up(stage: Stage) -> None:
    """The events behind it pass."""
    stage.greet(mood="unheard")
    greeting_id = stage.greet()
    assert eventually(lambda: stage.effects(greeting_id)) == 1


@pytest.mark.usefixtures("process")
def test_event_published_but_not_marked_has_one_effect(stage: Stage) -> None:
    """A relay that died between publishing and marking publishes again; the inbox knows it."""
    greeting_id = stage.greet()
    eventually(lambda: stage.effects(greeting_id))
    mark = "UPDATE outbox SET published_at = NULL WHERE aggregate_id = :id AND published_at IS NOT NULL RETURNING id"  # noqa: E501 - one statement
    eventually(lambda: stage.query(mark, id=greeting_id))
    eventually(lambda: stage.query(WAITING)[0][0] == 0)
    eventually(lambda: stage.count(QUEUE) == 0)
    assert stage.effects(greeting_id) == 1


def test_another_process_takes_over_the_relay(stage: Stage) -> None:
    """The lock of a killed relay is free at once."""
    leader = stage.process
    stage.launch()
    leader.end(signal.SIGKILL)
    greeting_id = stage.greet()
    assert eventually(lambda: stage.effects(greeting_id), seconds=30) == 1


@pytest.mark.usefixtures("process")
def test_nothing_is_lost_when_connections_are_cut(stage: Stage, admin: BrokerAdmin) -> None:
    """Each event has its one effect though the broker cut everybody off while it was relayed."""
    vhost = stage.amqp_uri.rpartition("/")[2]
    greeting_id = stage.greet(times=400)
    eventually(lambda: admin.close_connections(vhost))
    assert eventually(lambda: stage.effects(greeting_id) >= 400, seconds=60)
    eventually(lambda: stage.count(QUEUE) == 0 and stage.query(WAITING)[0][0] == 0, seconds=60)
    assert stage.effects(greeting_id) == 400


@pytest.mark.usefixtures("process")
def test_nothing_is_lost_when_the_relay_loses_its_database(stage: Stage) -> None:
    """The relay takes its turn again after PostgreSQL ended its session."""
    stage.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    greeting_id = stage.greet()
    assert eventually(lambda: stage.effects(greeting_id), seconds=30) == 1


@pytest.mark.usefixtures("process")
def test_published_event_goes_out_again_when_asked(stage: Stage, ear: str) -> None:
    """What a lost broker has taken along comes back from the outbox, and has no second effect."""
    greeting_id = stage.greet()
    (event,) = eventually(lambda: heard(stage, ear))
    eventually(lambda: stage.effects(greeting_id))
    stage.query("UPDATE outbox SET published_at = NULL WHERE aggregate_id = :id", id=greeting_id)
    assert eventually(lambda: heard(stage, ear)) == [event]
    eventually(lambda: stage.count(QUEUE) == 0)
    assert stage.effects(greeting_id) == 1
