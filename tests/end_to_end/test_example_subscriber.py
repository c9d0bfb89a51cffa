"""The example for integrators survives restarts, duplicates and what it cannot read."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chassis.broker import Line
from chassis.clock import new_id, now
from chassis.testing import eventually
from launcher.settings import ROOT
from launcher.stack import Stack
from launcher.subscriber import Subscriber, Subscribers
from tests.support.running import cut_connections, publish_all, vhost_uri

PROGRAM = ROOT / "examples" / "subscriber" / "subscriber.py"
STATES = ("requested", "accepted", "in_progress", "completed")
REFERRALS = 100


@pytest.fixture
def subscriber(stack: Stack) -> Iterator[Subscriber]:
    """Give a subscriber of an event that nothing in this module causes."""
    subscribers = Subscribers(stack)
    made = subscribers.add(f"example-{new_id().hex[-8:]}", ["referral.failed.v1"])
    yield made
    subscribers.remove(made.name)


@pytest.fixture
def partners_uri(stack: Stack) -> str:
    """Give the application's address of the partners' virtual host."""
    return vhost_uri(stack, "partners")


def events_of(referral_id: str) -> list[dict[str, Any]]:
    """Return the story of one referral as the network tells it."""
    return [
        {
            "specversion": "1.0",
            "id": str(new_id()),
            "source": "referrals",
            "type": f"referral.{state}.v1",
            "subject": referral_id,
            "time": now().isoformat(),
            "sequence": sequence,
            "data": {
                "referral_id": referral_id,
                "state": state,
                "category": "LIN.2",
                "service_id": str(new_id()),
            },
        }
        for sequence, state in enumerate(STATES, start=1)
    ]


@contextmanager
def running(subscriber: Subscriber, database: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the example until the block ends."""
    process = subprocess.Popen(  # noqa: S603 - the program is ours
        [sys.executable, str(PROGRAM), subscriber.queue, "--database", str(database)],
        env={**os.environ, "PLURALI_AMQP_URI": subscriber.uri},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=15)


def rows(database: Path, statement: str) -> list[tuple[Any, ...]]:
    """Ask the example's own database."""
    with closing(sqlite3.connect(database, timeout=10)) as connection:
        return connection.execute(statement).fetchall()


def stored(database: Path) -> int:
    """Count the messages that the example has stored, be it before it made its tables."""
    if not rows(database, "select 1 from sqlite_master where name = 'messages'"):
        return 0
    return int(rows(database, "select count(*) from messages")[0][0])


def has_stored_more_than(count: int, database: Path) -> bool:
    """Tell whether the example has come that far."""
    return stored(database) > count


def waiting(uri: str, queue: str) -> int:
    """Count what lies ready in a queue."""
    line = Line(uri, "test count")
    try:
        return int(line.channel().queue_declare(queue, passive=True).message_count)
    finally:
        line.close()


def test_nothing_is_lost_or_counted_twice(
    subscriber: Subscriber, partners_uri: str, tmp_path: Path
) -> None:
    """Four hundred events, each sent twice, with kill -9 in the middle: each is stored once."""
    events = [event for _ in range(REFERRALS) for event in events_of(str(new_id()))]
    bodies = [json.dumps(event).encode() for event in events for _ in range(2)]
    publish_all(partners_uri, subscriber.name, bodies)
    database = tmp_path / "example.sqlite3"
    for part in (0, len(events) // 3):
        with running(subscriber, database) as process:
            eventually(partial(has_stored_more_than, part, database))
            process.send_signal(signal.SIGKILL)
            process.wait()
    assert stored(database) < len(events), "the kills came too late to prove anything"
    with running(subscriber, database):
        eventually(lambda: waiting(partners_uri, subscriber.queue) == 0, seconds=60)
        eventually(lambda: stored(database) == len(events), seconds=60)
    ids = {row[0] for row in rows(database, "select message_id from messages")}
    assert ids == {event["id"] for event in events}


def test_the_newest_state_wins_in_whatever_order(
    subscriber: Subscriber, partners_uri: str, tmp_path: Path
) -> None:
    """A late copy of an older event does not bring an older state back."""
    referral_id = str(new_id())
    events = events_of(referral_id)
    bodies = [json.dumps(event).encode() for event in (*reversed(events), *events)]
    publish_all(partners_uri, subscriber.name, bodies)
    database = tmp_path / "example.sqlite3"
    with running(subscriber, database):
        eventually(lambda: stored(database) == len(events))
        eventually(lambda: waiting(partners_uri, subscriber.queue) == 0)
    assert rows(database, "select referral_id, state from referrals") == [
        (referral_id, "completed")
    ]


def test_what_cannot_be_read_is_laid_aside(
    subscriber: Subscriber, partners_uri: str, tmp_path: Path
) -> None:
    """Unreadable messages become dead letters at once and stop nothing."""
    event = events_of(str(new_id()))[0]
    unreadable = [b"\xff", b"[]", json.dumps({**event, "data": {"state": "lost"}}).encode()]
    publish_all(partners_uri, subscriber.name, [*unreadable, json.dumps(event).encode()])
    database = tmp_path / "example.sqlite3"
    with running(subscriber, database):
        eventually(lambda: stored(database) == 1)
        dead = f"{subscriber.queue}.dead"
        eventually(lambda: waiting(partners_uri, dead) == len(unreadable))


def test_a_lost_connection_is_made_again(
    stack: Stack, subscriber: Subscriber, partners_uri: str, tmp_path: Path
) -> None:
    """When the broker cuts the connection, the example comes back and goes on."""
    first, second = (events_of(str(new_id()))[0] for _ in range(2))
    database = tmp_path / "example.sqlite3"
    publish_all(partners_uri, subscriber.name, [json.dumps(first).encode()])
    with running(subscriber, database) as process:
        eventually(lambda: stored(database) == 1)
        # The list of connections is some seconds old.
        eventually(lambda: cut_connections(stack, "partners"), seconds=30)
        publish_all(partners_uri, subscriber.name, [json.dumps(second).encode()])
        eventually(lambda: stored(database) == 2, seconds=30)
        assert process.poll() is None
