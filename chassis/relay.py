"""The relay: publishes what stands in the outbox, one relay per database at a time."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter, deque
from concurrent.futures import Future
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import amqp
import sqlalchemy as sa
import structlog

from chassis import metrics
from chassis.broker import Publisher, Unroutable
from chassis.db import revision_of
from chassis.envelope import CONTENT_TYPE
from chassis.layout import events_exchange
from chassis.log import name_of
from chassis.tracing import TRACING, Kind

LOCK: Final = 7205
WINDOW: Final = 100
BATCH: Final = 500
POLL_SECONDS: Final = 0.5
CONFIRM_SECONDS: Final = 20.0
OBSERVE_SECONDS: Final = 5.0
CLEAN_SECONDS: Final = 60.0

# Ids are not in the order of the commits: asking for what follows the last one seen would skip a
# late commit.
_WAITING: Final = """
SELECT id, message_id, type, routing_key, body, created_at FROM outbox
WHERE published_at IS NULL AND next_attempt_at <= now() ORDER BY id LIMIT %(batch)s
"""
_PUBLISHED: Final = "UPDATE outbox SET published_at = now() WHERE id = ANY(%(ids)s)"
_REFUSED: Final = """
UPDATE outbox SET attempts = attempts + 1, last_error = %(reason)s,
    next_attempt_at = now()
        + least(interval '1 second' * power(2, least(attempts, 10)), interval '5 minutes')
WHERE id = ANY(%(ids)s)
"""
BACKLOG: Final = """
SELECT count(*) AS pending, coalesce(extract(epoch FROM now() - min(created_at)), 0) AS age
FROM outbox WHERE published_at IS NULL
"""
# The inbox outlives the longest way back from a dead-letter queue; the outbox is also what a replay
# reads.
_CLEAN: Final = tuple(
    f"DELETE FROM {table} WHERE ctid IN (SELECT ctid FROM {table} WHERE {column}"  # noqa: S608 - constants of this file
    f" < now() - interval '{kept}' LIMIT 5000)"
    for table, column, kept in (
        ("outbox", "published_at", "30 days"),
        ("inbox", "handled_at", "60 days"),
        ("answers", "answered_at", "7 days"),
    )
)

log = structlog.get_logger()


class Relay:
    """Moves events from the outbox of a database to the exchange of its service."""

    def __init__(
        self, engine: sa.Engine, publisher: Publisher, service: str, *, window: int = WINDOW
    ) -> None:
        """Keep what it reads from and writes to; ``window`` messages may be unconfirmed."""
        self._engine = engine
        self._publisher = publisher
        self._service = service
        self._window = window
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._observed = self._cleaned = 0.0
        self._beat = time.monotonic()
        self.leads = False
        """Whether this relay holds the lock, so that it is the one that publishes and measures."""

    @property
    def beat_age(self) -> float:
        """Seconds since the relay last looked at the outbox or at who holds the lock."""
        return time.monotonic() - self._beat

    def wake(self) -> None:
        """Tell that a commit left events in the outbox."""
        self._wake.set()

    def stop(self) -> None:
        """Ask ``run`` to end once nothing is left to publish."""
        self._stop.set()
        self._wake.set()

    def run(self) -> None:
        """Relay until asked to stop, through every failure of database and broker."""
        pause = POLL_SECONDS
        while not self._stop.is_set():
            try:
                self._take_turn()
                pause = POLL_SECONDS
            except Exception as error:  # noqa: BLE001 - whatever it was, the relay must go on
                self.leads = False
                log.warning("relay_interrupted", error=name_of(error), delay=pause)
                self._publisher.drop()
                self._stop.wait(pause)
                pause = min(pause * 2, 10.0)

    def _take_turn(self) -> None:
        """Relay while this session holds the database's lock, which ends with it."""
        with self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            # Taken out of the pool: the lock belongs to the session and must end with it.
            connection.detach()
            # A mark lost in a crash of the database means one more delivery, which the inbox knows.
            connection.exec_driver_sql("SET synchronous_commit = off")
            while not self._holds_lock(connection):
                self._beat = time.monotonic()
                self._leave_measuring()
                if self._stop.wait(1):
                    return
            self.leads = True
            log.info("relay_leads")
            while True:
                self._beat = time.monotonic()
                self._tend(connection)
                if self._publish_batch(connection):
                    continue
                if self._stop.is_set():
                    return
                self._wake.wait(POLL_SECONDS)
                self._wake.clear()

    @staticmethod
    def _holds_lock(connection: sa.Connection) -> bool:
        return bool(connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LOCK})").scalar_one())

    def _leave_measuring(self) -> None:
        """Forget the backlog that was seen as leader: it would be told for ever."""
        metrics.OUTBOX_PENDING.labels(self._service).set(0)
        metrics.OUTBOX_OLDEST_AGE.labels(self._service).set(0)

    def _publish_batch(self, connection: sa.Connection) -> int:
        """Publish what waits and mark it; return how many events a queue took."""
        rows = connection.exec_driver_sql(_WAITING, {"batch": BATCH}).all()
        deadline = time.monotonic() + CONFIRM_SECONDS
        window: deque[tuple[sa.Row[Any], Future[None]]] = deque()
        published: list[sa.Row[Any]] = []
        refused: dict[str, list[int]] = {}

        def settle() -> None:
            row, outcome = window.popleft()
            try:
                outcome.result(timeout=max(0.0, deadline - time.monotonic()))
                published.append(row)
            except Unroutable as error:
                refused.setdefault(str(error), []).append(row.id)

        try:
            for row in rows:
                if len(window) >= self._window:
                    settle()
                window.append((row, self._send(row)))
            while window:
                settle()
        finally:
            self._mark(connection, published, refused)
        return len(published)

    def _send(self, row: sa.Row[Any]) -> Future[None]:
        message = message_of(
            row.body, message_id=row.message_id, type=row.type, time=row.created_at
        )
        parent = json.loads(row.body).get("traceparent") if TRACING.is_on else None
        with TRACING.span(
            f"{row.type} publish",
            Kind.PRODUCER,
            parent,
            messaging__message__id=str(row.message_id),
        ):
            return self._publisher.send(message, events_exchange(self._service), row.routing_key)

    def _mark(
        self,
        connection: sa.Connection,
        published: list[sa.Row[Any]],
        refused: dict[str, list[int]],
    ) -> None:
        if published:
            connection.exec_driver_sql(_PUBLISHED, {"ids": [row.id for row in published]})
            for type_, count in Counter(row.type for row in published).items():
                metrics.OUTBOX_PUBLISHED.labels(self._service, type_).inc(count)
        for reason, ids in refused.items():
            connection.exec_driver_sql(_REFUSED, {"ids": ids, "reason": reason})
            metrics.OUTBOX_PUBLISH_FAILURES.labels(self._service, reason).inc(len(ids))
            log.error("events_not_taken", count=len(ids), reason=reason)

    def _tend(self, connection: sa.Connection) -> None:
        """Measure the backlog and clear away what is old, each from time to time."""
        if time.monotonic() - self._observed > OBSERVE_SECONDS:
            self._observed = time.monotonic()
            backlog = connection.exec_driver_sql(BACKLOG).one()
            metrics.OUTBOX_PENDING.labels(self._service).set(backlog.pending)
            metrics.OUTBOX_OLDEST_AGE.labels(self._service).set(float(backlog.age))
            metrics.show_revision(self._service, revision_of(connection))
        if time.monotonic() - self._cleaned > CLEAN_SECONDS:
            self._cleaned = time.monotonic()
            for statement in _CLEAN:
                connection.exec_driver_sql(statement)


def message_of(
    body: str | bytes,
    *,
    message_id: UUID | str,
    type: str,  # noqa: A002 - AMQP's own name
    time: datetime,
    headers: dict[str, Any] | None = None,
) -> amqp.Message:
    """Return an event as a durable AMQP message."""
    return amqp.Message(
        body,
        content_type=CONTENT_TYPE,
        content_encoding="utf-8",
        delivery_mode=2,
        message_id=str(message_id),
        type=type,
        timestamp=int(time.timestamp()),
        application_headers=headers or {},
    )
