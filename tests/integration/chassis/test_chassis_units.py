"""Units of work on a real database, without broker and green threads."""

from __future__ import annotations

import contextlib
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
from chassis.unit import Store, Unit, Units, UnitUndone
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


def test_unit_has_two_round_trips_of_its_own(engine: sa.Engine) -> None:
    """One begins and claims; one tells ten events, keeps the answer and commits."""
    call = Call(key=str(clock.new_id()))

    def work(unit: Unit[Store]) -> None:
        answers.keep(unit, "{}")
        unit.publish(*(Greeted(greeting_id=clock.new_id(), mood="x") for _ in range(10)))

    units = Units(engine, Store)
    units.run(Call(), lambda _unit: None)
    with counted(engine) as sent:
        units.run(call, work, claim=answers.claim(call, method="m", fingerprint=b"f"))
    assert len(sent) == 2


def test_swallowed_failure_is_not_taken_for_success(engine: sa.Engine) -> None:
    """PostgreSQL keeps nothing after a failed statement, and the unit says so."""

    def swallow(unit: Unit[Store]) -> None:
        with contextlib.suppress(sa.exc.DBAPIError):
            unit.store.connection.exec_driver_sql("SELECT 1/0")

    with pytest.raises(UnitUndone):
        Units(engine, Store).run(Call(), swallow)


def test_failure_inside_a_savepoint_is_left_behind(engine: sa.Engine) -> None:
    """A handler may try something and go on without it."""

    def attempt(unit: Unit[Store]) -> int:
        connection = unit.store.connection
        with contextlib.suppress(sa.exc.DBAPIError), connection.begin_nested():
            connection.exec_driver_sql("SELECT 1/0")
        return int(connection.exec_driver_sql("SELECT 7").scalar_one())

    assert Units(engine, Store).run(Call(), attempt) == 7


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
    units = Units(engine, Store)
    seen = [
        units.run(
            Call(),
            lambda unit: unit.first,
            claim=inbox.claim(consumer=consumer, message_id=message_id),
        )
        for consumer in ("a", "a", "b")
    ]
    assert seen == [True, False, True]


def answered(engine: sa.Engine, call: Call, method: str, fingerprint: bytes) -> str:
    """Return the answer to a command, given now or before."""

    def work(unit: Unit[Store]) -> str:
        if not unit.first:
            return answers.recall(unit, method=method, fingerprint=fingerprint)
        answers.keep(unit, '{"first":true}')
        return "new"

    claim = answers.claim(call, method=method, fingerprint=fingerprint)
    return Units(engine, Store).run(call, work, claim=claim)


def test_answer_is_recalled(engine: sa.Engine) -> None:
    """The same command gets the same answer."""
    call = Call(key=str(clock.new_id()))
    assert [answered(engine, call, "m", b"f") for _ in range(2)] == ["new", '{"first":true}']


@pytest.mark.parametrize(("method", "fingerprint"), [("n", b"f"), ("m", b"g")])
def test_key_belongs_to_one_command(engine: sa.Engine, method: str, fingerprint: bytes) -> None:
    """Another method or other fields under the same key are refused."""
    call = Call(key=str(clock.new_id()))
    answered(engine, call, "m", b"f")
    with pytest.raises(KeyReused):
        answered(engine, call, method, fingerprint)


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
