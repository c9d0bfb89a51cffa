"""After the storm nothing is lost, twice or stuck, and the count would notice if it were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import amqp
import psycopg2
import pytest

from chassis import dead_letters
from chassis.broker import Line
from launcher.chaos.command import Storm
from launcher.chaos.faults import TARGETS
from launcher.stack import Stack

pytestmark = pytest.mark.timeout(600)


@contextmanager
def _changed(stack: Stack, service: str, change: str, undo: str) -> Iterator[None]:
    """Change the database of a service behind its back for a while."""
    with closing(psycopg2.connect(stack.database_url(service))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(change)
            try:
                yield
            finally:
                cursor.execute(undo)


def test_every_part_was_killed(storm: Storm) -> None:
    """Services, gateway, a relay at work, broker and database died at least once each."""
    assert {fault.target for fault in storm.faults} == set(TARGETS)


def test_the_workers_could_go_on(storm: Storm) -> None:
    """A fault is met by asking again; nobody was turned away for good."""
    assert storm.ledger.refused == []
    assert len(storm.ledger.completed) >= len(TARGETS)


def test_nothing_is_lost(storm: Storm, stack: Stack) -> None:
    """Every completed screening has its needs, referrals, enrolments, timeline and messages."""
    assert storm.verdict(stack).lost == []


def test_nothing_happened_twice(storm: Storm, stack: Stack) -> None:
    """No effect stands there a second time, and none that nobody caused."""
    assert storm.verdict(stack).twice == []


def test_nothing_is_stuck(storm: Storm, stack: Stack) -> None:
    """Outboxes and queues are empty, and no message was given up."""
    assert storm.verdict(stack).stuck == []


def test_a_lost_enrolment_would_be_noticed(storm: Storm, stack: Stack) -> None:
    """The count is not blind to what is missing."""
    screening = storm.ledger.completed[0]
    code = screening.vignette.expected.pathways[0]
    hide, show = (
        f"update enrolments set pathway = '{new}' where screening_id = '{screening.screening_id}'"  # noqa: S608 - values of our own
        f" and pathway = '{old}'"
        for old, new in ((code, "gone"), ("gone", code))
    )
    with _changed(stack, "pathways", hide, show):
        lost = storm.verdict(stack).lost
    assert lost == [f"enrolment {screening.screening_id} {code}"]


def test_a_second_referral_would_be_noticed(storm: Storm, stack: Stack) -> None:
    """The count is not blind to what is there twice."""
    screening = next(each for each in storm.ledger.completed if each.vignette.expected.areas)
    copied = "00000000-0000-7000-8000-000000000001"
    columns = (
        "need_id, person_id, screening_id, category, mode, state, from_agency_id, to_agency_id,"
        " service_id, chosen_by, sent_at, sharing_suspended, safety, version, created_at,"
        " changed_at"
    )
    copy = (
        f"insert into referrals (referral_id, {columns}) select '{copied}', {columns}"  # noqa: S608 - values of our own
        f" from referrals where screening_id = '{screening.screening_id}' limit 1"
    )
    drop = "drop index ix_referrals_open_need"
    restore = (
        f"delete from referrals where referral_id = '{copied}';"  # noqa: S608 - values of our own
        " create unique index ix_referrals_open_need on referrals (need_id)"
        " where state in ('draft', 'requested', 'accepted', 'in_progress')"
    )
    with _changed(stack, "referrals", f"{drop}; {copy}", restore):
        twice = storm.verdict(stack).twice
    assert [sentence.partition(" of need")[0] for sentence in twice] == ["requested referral"]


def test_a_message_given_up_would_be_noticed(storm: Storm, stack: Stack) -> None:
    """The count is not blind to what is stuck."""
    queue = "referrals.on_screening_completed"
    line = Line(stack.amqp_uri, "test")
    try:
        line.channel().basic_publish(amqp.Message(b"{}"), exchange="dead", routing_key=queue)
    finally:
        line.close()
    try:
        stuck = storm.verdict(stack).stuck
    finally:
        dead_letters.drop(stack.amqp_uri, queue)
    assert stuck == [f"1 messages in {queue}.dead"]
