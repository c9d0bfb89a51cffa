"""A unit of work: one transaction, one instant, one call, and the events it tells."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
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


class Store:
    """The rows of a service, through one connection in one transaction; subclasses hold the SQL."""

    def __init__(self, connection: sa.Connection) -> None:
        """Use the connection of the unit of work."""
        self.connection = connection


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
        self.published: list[Event] = []
        self._closing: list[tuple[str, Mapping[str, Any]]] = []

    @property
    def principal(self) -> Principal:
        """Who calls.

        Raises:
            Forbidden: nobody does.

        """
        return self.call.caller()

    def new_id(self) -> UUID:
        """Return a new UUIDv7."""
        return clock.new_id()

    def publish(self, *events: Event) -> None:
        """Tell these facts, in this order, if the unit is kept."""
        self.published.extend(events)

    def at_close(self, statement: str, parameters: Mapping[str, Any]) -> None:
        """Add a statement to the last round trip; its parameters need names of their own."""
        self._closing.append((statement, parameters))

    def close(self) -> None:
        """Send what waits for the end, in one round trip."""
        if self.published:
            self.at_close(
                *outbox.appending(self.published, call=self.call, time=self.now, new_id=self.new_id)
            )
        if self._closing:
            self.store.connection.exec_driver_sql(
                ";\n".join(statement for statement, _ in self._closing),
                {name: value for _, values in self._closing for name, value in values.items()},
            )


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
        self, call: Call, work: Callable[[Unit[S]], T], *, message: Envelope | None = None
    ) -> T:
        """Do the work in one transaction; run it again when the database was in trouble.

        Whether a commit whose connection broke took place is unknown: what must not happen twice
        asks the inbox or the answers first, inside the work.
        """
        for pause in PAUSES:
            try:
                return self._run_once(call, work, message)
            except Exception as error:
                if not is_transient(error):
                    raise
            time.sleep(pause)
        return self._run_once(call, work, message)

    def _run_once(self, call: Call, work: Callable[[Unit[S]], T], message: Envelope | None) -> T:
        with self.engine.begin() as connection:
            unit = Unit(
                store=self._store_class(connection), call=call, now=clock.now(), message=message
            )
            result = work(unit)
            unit.close()
        if unit.published:
            self._committed()
        return result
