"""Connections to the broker: many writers with one pen, one reader, confirmed publishing.

Plain threading primitives: under a patched standard library they are green, elsewhere they are
threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import amqp

HEARTBEAT: Final = 20
READ_SECONDS: Final = 1.0
WRITE_SECONDS: Final = 10.0


class BrokerGone(ConnectionError):
    """The connection to the broker is lost, or could not be made."""


class Unroutable(Exception):
    """No queue wanted the message, or the queue refused it."""


class Line:
    """One connection: whoever holds the pen writes, one loop reads.

    A write that fails may have left half a frame, so it always ends the connection.
    """

    def __init__(self, uri: str, name: str) -> None:
        """Connect.

        Raises:
            BrokerGone: the broker cannot be reached or refuses.

        """
        parts = urlsplit(uri)
        self.lost = threading.Event()
        self._pen = threading.RLock()
        self.connection = amqp.Connection(
            f"{parts.hostname}:{parts.port or (5671 if parts.scheme == 'amqps' else 5672)}",
            userid=unquote(parts.username or "guest"),
            password=unquote(parts.password or "guest"),
            virtual_host=unquote(parts.path[1:]) or "/",
            # Only with a name does amqp ask whose certificate it is shown.
            ssl={"server_hostname": parts.hostname} if parts.scheme == "amqps" else False,
            heartbeat=HEARTBEAT,
            connect_timeout=3,
            login_method="PLAIN",
            client_properties={"connection_name": name},
        )
        # With this capability amqp reads before each publish, and two readers tear frames apart.
        self.connection.negotiate_capabilities = {
            **self.connection.negotiate_capabilities,
            "connection.blocked": False,
        }
        try:
            self.connection.connect()
        except (OSError, amqp.AMQPError) as error:
            self.drop()
            raise BrokerGone(type(error).__name__) from error

    def channel(self) -> Any:
        """Open a channel that hands over bodies as bytes; only before the reading begins."""
        channel = self.connection.channel()
        channel.auto_decode = False
        return channel

    @contextmanager
    def writing(self, seconds: float = WRITE_SECONDS) -> Iterator[None]:
        """Hold the pen.

        Raises:
            BrokerGone: the connection is or gets lost, or another writer is stuck.

        """
        if not self._pen.acquire(timeout=max(0.0, seconds)):
            raise BrokerGone("the broker does not read")
        try:
            self._check()
            yield
        except BrokerGone:
            raise
        except Exception as error:
            self.drop()
            raise BrokerGone(type(error).__name__) from error
        finally:
            self._pen.release()

    def _check(self) -> None:
        if self.lost.is_set():
            raise BrokerGone("the connection was lost before")

    def read(self, seconds: float = READ_SECONDS) -> None:
        """Handle what the broker sends within some seconds, and keep the heart beating.

        Raises:
            BrokerGone: the connection is lost.

        """
        try:
            self.connection.drain_events(timeout=seconds)
        except TimeoutError:
            pass
        except Exception as error:
            self.drop()
            raise BrokerGone(type(error).__name__) from error
        with self.writing():
            self.connection.heartbeat_tick()

    def drop(self) -> None:
        """End the connection without asking: a polite goodbye can hang on a blocked broker."""
        self.lost.set()
        # The socket may be in any state, and it is thrown away.
        with suppress(Exception):
            self.connection.collect()

    def close(self) -> None:
        """Say goodbye, so that everything written gets read; wait a few seconds at most."""
        try:
            with self.writing():
                self.connection.transport.sock.settimeout(5)
                self.connection.close()
        except BrokerGone:
            return
        self.lost.set()


class Confirms(Line):
    """A connection that publishes and learns what became of each message."""

    def __init__(self, uri: str, name: str) -> None:
        """Connect and start to read in a thread of its own."""
        super().__init__(uri, name)
        self._waiting: dict[int, tuple[str, Future[None]]] = {}
        self._returned: set[str] = set()
        self._tag = 0
        self._book = threading.Lock()
        self.outgoing = self.channel()
        self.outgoing.confirm_select()
        self.outgoing.events["basic_ack"].add(lambda tag, many: self._settle(tag, many, kept=True))
        self.outgoing.events["basic_nack"].add(
            lambda tag, many: self._settle(tag, many, kept=False)
        )
        self.outgoing.events["basic_return"].add(
            lambda _error, _exchange, _key, message: self._returned.add(
                message.properties.get("message_id", "")
            )
        )
        self.opened()
        threading.Thread(target=self._read_on, name=f"{name}-reader", daemon=True).start()

    def opened(self) -> None:
        """Prepare further channels, before the reading begins."""

    def send(
        self,
        message: amqp.Message,
        exchange: str,
        routing_key: str,
        *,
        seconds: float = WRITE_SECONDS,
    ) -> Future[None]:
        """Publish; the future is done when a queue keeps the message.

        The future fails with ``Unroutable`` when none does and with ``BrokerGone`` when nobody will
        ever know.

        Raises:
            BrokerGone: the message was not sent.

        """
        outcome: Future[None] = Future()
        with self.writing(seconds):
            with self._book:
                self._tag += 1
                self._waiting[self._tag] = (message.properties.get("message_id", ""), outcome)
            self.outgoing.basic_publish(
                message, exchange=exchange, routing_key=routing_key, mandatory=True
            )
        return outcome

    def _settle(self, tag: int, many: bool, *, kept: bool) -> None:  # noqa: FBT001 - amqp's own signature
        with self._book:
            tags = [known for known in self._waiting if known <= tag] if many else [tag]
            settled = [self._waiting.pop(known) for known in tags if known in self._waiting]
        for message_id, outcome in settled:
            if kept and message_id not in self._returned:
                outcome.set_result(None)
            else:
                self._returned.discard(message_id)
                outcome.set_exception(Unroutable("returned" if kept else "refused"))

    def _read_on(self) -> None:
        try:
            while not self.lost.is_set():
                self.read()
        except BrokerGone:
            pass
        finally:
            self.drop()
            with self._book:
                left = [outcome for _, outcome in self._waiting.values()]
                self._waiting.clear()
            for outcome in left:
                outcome.set_exception(BrokerGone("the connection was lost"))
            self.ended()

    def ended(self) -> None:
        """Tell whoever waits for something else on this connection that it will not come."""


class Publisher:
    """Publishes from any thread over one connection, made when first needed and again when lost."""

    def __init__(self, open_line: Callable[[], Confirms]) -> None:
        """Keep how to connect."""
        self._open_line = open_line
        self._line: Confirms | None = None
        self._opening = threading.Lock()

    def line(self, seconds: float = WRITE_SECONDS) -> Confirms:
        """Return a living connection.

        Raises:
            BrokerGone: there is none to be had.

        """
        line = self._line
        if line is not None and not line.lost.is_set():
            return line
        if not self._opening.acquire(timeout=max(0.0, seconds)):
            raise BrokerGone("the broker does not answer")
        try:
            if self._line is None or self._line.lost.is_set():
                self._line = self._open_line()
            return self._line
        finally:
            self._opening.release()

    def send(self, message: amqp.Message, exchange: str, routing_key: str) -> Future[None]:
        """Publish; see ``Confirms.send``."""
        return self.line().send(message, exchange, routing_key)

    def drop(self) -> None:
        """Give up the connection; whatever is unconfirmed on it fails at once."""
        if self._line is not None:
            self._line.drop()
