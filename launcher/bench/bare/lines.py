"""Plain connections to the broker and to a database, and the one loop that publishes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import amqp
import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, connection

WINDOW: Final = 100
POLL_SECONDS: Final = 0.5

_WAITING: Final = """
select id, message_id, type, routing_key, body from outbox
where published_at is null order by id limit 500
"""


def broker(uri: str) -> amqp.Connection:
    """Connect to the broker."""
    parts = urlsplit(uri)
    opened = amqp.Connection(
        f"{parts.hostname}:{parts.port}",
        userid=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        virtual_host=unquote(parts.path[1:]),
    )
    opened.connect()
    return opened


def database(url: str, *, autocommit: bool = False) -> connection:
    """Connect to a database."""
    opened = psycopg2.connect(url)
    if autocommit:
        opened.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    return opened


def consume(uri: str, queue: str, handle: Callable[[Any, Any], None]) -> None:
    """Handle one message after the other on a connection of its own, for ever."""
    line = broker(uri)
    channel = line.channel()
    channel.auto_decode = False
    # The second message waits here while the first one's commit reaches the disk.
    channel.basic_qos(0, 2, False)  # noqa: FBT003 - amqp's own signature
    channel.basic_consume(queue, callback=lambda message: handle(channel, message))
    while True:
        line.drain_events()


class Relay:
    """Publishes what commits left in the outbox, with a window of unconfirmed messages."""

    def __init__(self, uri: str, url: str, exchange: str) -> None:
        """Connect; ``wake`` is to be called after each commit."""
        self._line = broker(uri)
        self._channel = self._line.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._acknowledged)
        self._channel.events["basic_nack"].add(_refused)
        self._channel.events["basic_return"].add(_refused)
        self._cursor = database(url, autocommit=True).cursor()
        # As in the product: a mark that a crash loses means one more delivery.
        self._cursor.execute("set synchronous_commit = off")
        self._exchange = exchange
        self._awake = threading.Event()
        self._sent = self._confirmed = 0

    def wake(self) -> None:
        """Tell that a commit left events."""
        self._awake.set()

    def run(self) -> None:
        """Publish for ever."""
        while True:
            self._cursor.execute(_WAITING)
            rows = self._cursor.fetchall()
            if rows:
                self._publish(rows)
                continue
            self._awake.wait(POLL_SECONDS)
            self._awake.clear()

    def _publish(self, rows: list[tuple[Any, ...]]) -> None:
        for _, message_id, type_, routing_key, body in rows:
            self._await(WINDOW - 1)
            message = amqp.Message(body, delivery_mode=2, message_id=message_id, type=type_)
            self._channel.basic_publish(
                message, exchange=self._exchange, routing_key=routing_key, mandatory=True
            )
            self._sent += 1
        self._await(0)
        self._cursor.execute(
            "update outbox set published_at = now() where id = any(%s)", ([row[0] for row in rows],)
        )

    def _await(self, unconfirmed: int) -> None:
        """Wait until no more than so many messages are unconfirmed."""
        while self._sent - self._confirmed > unconfirmed:
            self._line.drain_events()

    def _acknowledged(self, tag: int, many: bool) -> None:  # noqa: FBT001 - amqp's own signature
        # Confirms of single messages may come in any order; only their number is of interest.
        self._confirmed = max(self._confirmed, tag) if many else self._confirmed + 1


def _refused(*_details: Any) -> None:
    raise RuntimeError("the broker did not take an event of the baseline")
