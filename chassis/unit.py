"""A unit of work: one transaction, one instant, one call, and the events it tells."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa

from chassis import clock, outbox
from chassis.call import Call
from chassis.db import is_transient
from chassis.envelope import Envelope
from contracts.access import Principal
from contracts.language import Event

PAUSES: Final = (0.05, 0.25)


class UnitUndone(RuntimeError):
    """The database kept nothing of a unit that believed to have succeeded."""


class Store:
    """The rows of a service, through one connection in one transaction; subclasses hold the SQL."""

    def __init__(self, connection: sa.Connection) -> None:
        """Use the connection of the unit of work."""
        self.connection = connection


Statement = tuple[str, Mapping[str, Any]]
S = TypeVar("S", bound=Store)
T = TypeVar("T")


class Unit(Generic[S]):
    """What a handler works with; everything it does is kept or undone as one."""

    def __init__(
        self, *, store: S, call: Call, now: datetime, message: Envelope | None = None
    ) -> None:
        """Open the unit over a store whose transaction has begun."""
        self.store = store
        self.call = call
        self.now = now
        self.message = message
        self.first = True
        """Whether the claim with which the unit was opened is new."""
        self.published: list[Event] = []
        self._closing: list[tuple[str, Mapping[str, Any]]] = []

    @property
    def principal(self) -> Principal:
        """Who calls.

        Raises:
            Forbidden: nobody does.

        """
        return self.call.caller()

    @property
    def received(self) -> Envelope:
        """The message in which the event came that is being handled.

        Raises:
            LookupError: it is no event that is being handled.

        """
        if self.message is None:
            raise LookupError("an event comes in a message")
        return self.message

    def new_id(self) -> UUID:
        """Return a new UUIDv7."""
        return clock.new_id()

    def publish(self, *events: Event) -> None:
        """Tell these facts, in this order, if the unit is kept."""
        self.published.extend(events)

    def at_close(
        self, statement: str, parameters: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        """Add a statement to the last round trip; its parameters need names of their own."""
        self._closing.append((statement, parameters))

    def close(self, *, last: str = "") -> sa.CursorResult[Any] | None:
        """Send what waits for the end, in one round trip, and ``last`` behind it."""
        if self.published:
            self.at_close(
                *outbox.appending(self.published, call=self.call, time=self.now, new_id=self.new_id)
            )
        if last:
            self.at_close(last)
        if self._closing:
            return self.store.connection.exec_driver_sql(
                ";\n".join(statement for statement, _ in self._closing),
                {name: value for _, values in self._closing for name, value in values.items()},
            )
        return None


class Units(Generic[S]):
    """Opens units of work on one database."""

    def __init__(
        self,
        engine: sa.Engine,
        store_class: type[S],
        *,
        committed: Callable[[], None] = lambda: None,
    ) -> None:
        """Keep the engine; ``committed`` is told of each commit that left events."""
        self.engine = engine
        self._store_class = store_class
        self._committed = committed

    def run(
        self,
        call: Call,
        work: Callable[[Unit[S]], T],
        *,
        message: Envelope | None = None,
        claim: Statement | None = None,
    ) -> T:
        """Do the work in one transaction; run it again when the database was in trouble.

        Whether a commit whose connection broke took place is unknown: what must not happen twice
        is opened with a claim, a statement that inserts one row or none.
        """
        for pause in PAUSES:
            try:
                return self._run_once(call, work, message, claim)
            except Exception as error:
                if not is_transient(error):
                    raise
            time.sleep(pause)
        return self._run_once(call, work, message, claim)

    def _run_once(
        self,
        call: Call,
        work: Callable[[Unit[S]], T],
        message: Envelope | None,
        claim: Statement | None,
    ) -> T:
        """Do the work in a transaction that begins with the claim and ends with the last statement.

        The driver would send BEGIN and COMMIT on round trips of their own.
        """
        with self.engine.connect() as connection, _by_hand(connection):
            unit = Unit(
                store=self._store_class(connection), call=call, now=clock.now(), message=message
            )
            statement, parameters = claim or ("", {})
            opened = connection.exec_driver_sql(f"BEGIN; {statement}", dict(parameters))
            unit.first = claim is None or opened.rowcount == 1
            result = work(unit)
            _check_kept(unit.close(last="COMMIT"))
        if unit.published:
            self._committed()
        return result


@contextmanager
def _by_hand(connection: sa.Connection) -> Iterator[None]:
    """Let the block send BEGIN and COMMIT itself, and undo whatever an error left open."""
    driver: Any = connection.connection.driver_connection
    driver.autocommit = True
    try:
        yield
    except BaseException:
        try:
            connection.exec_driver_sql("ROLLBACK")
        except Exception:  # noqa: BLE001 - the first error is the one to tell
            connection.invalidate()
        raise
    finally:
        if not connection.invalidated:
            driver.autocommit = False


def _check_kept(closed: sa.CursorResult[Any] | None) -> None:
    """Refuse to believe a COMMIT that PostgreSQL turned into a ROLLBACK after a swallowed error."""
    cursor: Any = closed.context.cursor if closed is not None else None
    if cursor is None or cursor.statusmessage != "COMMIT":
        raise UnitUndone("a statement of the unit failed and the failure was swallowed")
