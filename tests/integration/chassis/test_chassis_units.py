"""Units of work on a real database, without broker and green threads."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis import answers, clock, db, inbox
from chassis.call import Call
from chassis.db import is_transient, make_engine
from chassis.envelope import Envelope
from chassis.errors import KeyReused
from chassis.testing import unit_for
from chassis.unit import Store, Unit, Units
from tests.support.databases import migrated_database
from tests.support.greetings.language import Greeted
from tests.support.stage import PACKAGE


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """Give a database with the tables of the chassis."""
    with migrated_database(PACKAGE) as url:
        yield url


@pytest.fixture
def engine(database: str) -> Iterator[sa.Engine]:
    """Give an engine as the services have it."""
    engine = make_engine(database, name="tests", workers=4)
    yield engine
    engine.dispose()


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
    """Collect the statements that the block sends."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", note)


def bodies(engine: sa.Engine, *aggregates: object) -> list[Envelope]:
    """Return the events of some aggregates in the outbox, in the order of their ids."""
    rows = sa.select(db.outbox.c.body).where(db.outbox.c.aggregate_id.in_(aggregates))
    with engine.begin() as connection:
        found = connection.execute(rows.order_by(db.outbox.c.id)).scalars()
        return [Envelope.parse(body.encode()) for body in found]


def test_events_are_numbered_within_their_aggregate(engine: sa.Engine) -> None:
    """Each aggregate counts for itself, across units and without a gap."""
    one, two = clock.new_id(), clock.new_id()
    units = Units(engine, Store)

    def tell(*ids: UUID) -> None:
        events = [Greeted(greeting_id=greeting_id, mood="x") for greeting_id in ids]
        units.run(Call(), lambda unit: unit.publish(*events))

    tell(one, two, one)
    tell(two, one)
    assert [(e.subject, e.sequence) for e in bodies(engine, one, two)] == [
        (str(one), 1), (str(two), 1), (str(one), 2), (str(two), 2), (str(one), 3),
    ]  # fmt: skip


def test_undone_unit_leaves_no_event_and_no_gap(engine: sa.Engine) -> None:
    """What is undone was never numbered."""
    aggregate = clock.new_id()
    units = Units(engine, Store)

    def fail(unit: Unit[Store]) -> None:
        unit.publish(Greeted(greeting_id=aggregate, mood="x"))
        unit.close()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        units.run(Call(), fail)
    units.run(Call(), lambda unit: unit.publish(Greeted(greeting_id=aggregate, mood="x")))
    assert [event.sequence for event in bodies(engine, aggregate)] == [1]


def test_concurrent_writers_of_an_aggregate_are_numbered_in_order(engine: sa.Engine) -> None:
    """The order of the ids is the order of the numbers."""
    aggregate = clock.new_id()
    units = Units(engine, Store)
    with ThreadPoolExecutor(4) as pool:
        for _ in range(20):
            pool.submit(
                units.run,
                Call(),
                lambda unit: unit.publish(Greeted(greeting_id=aggregate, mood="x")),
            )
    assert [event.sequence for event in bodies(engine, aggregate)] == list(range(1, 21))


def test_all_that_waits_for_the_end_is_one_round_trip(engine: sa.Engine) -> None:
    """Ten events and the answer cost one statement more."""
    call = Call(key=str(clock.new_id()))

    def work(unit: Unit[Store]) -> None:
        answers.recall(unit, key=str(call.key), method="m", fingerprint=b"f")
        answers.keep(unit, key=str(call.key), body="{}")
        unit.publish(*(Greeted(greeting_id=clock.new_id(), mood="x") for _ in range(10)))

    units = Units(engine, Store)
    units.run(Call(), lambda _unit: None)
    with counted(engine) as sent:
        units.run(call, work)
    assert len(sent) == 2


def test_commit_with_events_is_told(engine: sa.Engine) -> None:
    """The relay is woken by units that left events, and by no other."""
    told: list[int] = []
    units = Units(engine, Store, committed=lambda: told.append(1))
    units.run(Call(), lambda _unit: None)
    units.run(Call(), lambda unit: unit.publish(Greeted(greeting_id=clock.new_id(), mood="x")))
    assert told == [1]


def test_second_entry_in_the_inbox_is_no_first(engine: sa.Engine) -> None:
    """A consumer sees a message once; another consumer sees it too."""
    message_id = clock.new_id()
    with engine.begin() as connection:
        seen = [
            inbox.is_first(connection, consumer=consumer, message_id=message_id)
            for consumer in ("a", "a", "b")
        ]
    assert seen == [True, False, True]


def test_answer_is_recalled(database: str) -> None:
    """The same command gets the same answer."""
    call = Call(key=str(clock.new_id()))
    with unit_for(Store, database, call=call) as unit:
        answers.recall(unit, key=str(call.key), method="m", fingerprint=b"f")
        answers.keep(unit, key=str(call.key), body='{"a":1}')
    with unit_for(Store, database, call=call) as unit:
        found = answers.recall(unit, key=str(call.key), method="m", fingerprint=b"f")
    assert found == '{"a":1}'


@pytest.mark.parametrize(("method", "fingerprint"), [("n", b"f"), ("m", b"g")])
def test_key_belongs_to_one_command(database: str, method: str, fingerprint: bytes) -> None:
    """Another method or other fields under the same key are refused."""
    call = Call(key=str(clock.new_id()))
    with unit_for(Store, database, call=call) as unit:
        answers.recall(unit, key=str(call.key), method="m", fingerprint=b"f")
        answers.keep(unit, key=str(call.key), body="{}")
    with pytest.raises(KeyReused), unit_for(Store, database, call=call) as unit:
        answers.recall(unit, key=str(call.key), method=method, fingerprint=fingerprint)


def test_unit_is_run_again_after_a_lost_connection(engine: sa.Engine) -> None:
    """The second try has a fresh connection."""
    tries: list[int] = []

    def work(unit: Unit[Store]) -> int:
        tries.append(1)
        connection = unit.store.connection
        if len(tries) == 1:
            connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
        return int(connection.exec_driver_sql("SELECT 7").scalar_one())

    assert (Units(engine, Store).run(Call(), work), len(tries)) == (7, 2)


def test_refusal_is_not_tried_again(engine: sa.Engine) -> None:
    """Only the database's own trouble is worth another try."""
    tries: list[int] = []

    def work(_unit: Unit[Store]) -> None:
        tries.append(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Units(engine, Store).run(Call(), work)
    assert tries == [1]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SET lock_timeout = 1; LOCK TABLE greetings", True),
        ("SELECT pg_terminate_backend(pg_backend_pid())", True),
        ("SET statement_timeout = 1; SELECT pg_sleep(1)", False),
        ("SELECT 1/0", False),
        ("INSERT INTO greetings (greeting_id) VALUES (gen_random_uuid())", False),
    ],
    ids=["lock", "connection", "statement", "arithmetic", "constraint"],
)
def test_transient_trouble_is_told_from_errors(
    engine: sa.Engine,
    statement: str,
    expected: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """A wait that was too long and a lost connection may pass; a wrong statement stays wrong."""
    with engine.begin() as holder:
        holder.exec_driver_sql("LOCK TABLE greetings IN ACCESS SHARE MODE")
        with pytest.raises(sa.exc.DBAPIError) as caught, engine.begin() as connection:
            connection.exec_driver_sql(statement)
    assert is_transient(caught.value) is expected
