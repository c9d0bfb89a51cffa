"""Consuming: deliveries are acknowledged after their work is committed, never before.

nameko lends the life cycle and the workers; its own consumer acknowledges what failed, closes the
connection before the workers have ended, and dies of an acknowledgement on a broken socket.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, reduce
from operator import or_
from typing import Any, Final

import amqp
import structlog

from chassis import layout
from chassis.broker import BrokerGone, Confirms, Line, Publisher, Unroutable
from chassis.framework import SharedExtension
from chassis.green import eventlet
from chassis.log import name_of
from chassis.settings import Settings

RESERVED_WORKERS: Final = 4
"""Workers that slow events can never take from requests."""

MAXIMUM_PAUSE: Final = 10.0
MOVE_SECONDS: Final = 20.0

log = structlog.get_logger()


class Delivery:
    """One message and the connection it came by; settling it never raises."""

    def __init__(self, message: Any, line: Line, settled: Callable[[Delivery], None]) -> None:
        """Keep the message; ``settled`` is told when the work on it has ended."""
        self.message = message
        self.line = line
        self._settled = settled

    @property
    def body(self) -> bytes:
        """The bytes as they came."""
        body = self.message.body
        return body.encode() if isinstance(body, str) else bytes(body)

    @property
    def headers(self) -> dict[str, Any]:
        """The application's headers."""
        return dict(self.message.headers or {})

    def ack(self, reply: str | None = None) -> None:
        """Acknowledge; a reply goes before it on the same channel, so neither arrives alone."""
        self._finish(partial(self._reply_and_ack, reply))

    def requeue(self) -> None:
        """Give the message back."""
        self._finish(lambda channel, tag: channel.basic_reject(tag, requeue=True))

    def _finish(self, verb: Callable[[Any, int], None]) -> None:
        try:
            with self.line.writing():
                verb(self.message.channel, self.message.delivery_info["delivery_tag"])
        except BrokerGone:
            log.warning("delivery_not_settled")  # the broker delivers it again
        finally:
            self._settled(self)

    def _reply_and_ack(self, reply: str | None, channel: Any, tag: int) -> None:
        to = self.message.properties.get("reply_to")
        if reply is not None and to:
            answer = amqp.Message(
                reply,
                content_type="application/json",
                content_encoding="utf-8",
                correlation_id=self.message.properties.get("correlation_id", ""),
            )
            channel.basic_publish(answer, exchange=layout.RPC_EXCHANGE, routing_key=to)
        channel.basic_ack(tag)


@dataclass(frozen=True)
class Post:
    """A queue to consume and who takes its deliveries."""

    queue: str
    prefetch: int
    needs: layout.Topology
    take: Callable[[Delivery], None]


class Consumption(SharedExtension):  # type: ignore[misc]  # nameko is untyped
    """One connection, one channel per queue, and the deliveries that are being worked on."""

    kind = "consumption"

    def __init__(self) -> None:
        """Begin without posts; nameko also calls this for every container."""
        self.posts: dict[str, Post] = {}
        self.ready = False
        self._open: set[Delivery] = set()
        self._line: Line | None = None
        self._tags: list[tuple[Any, str]] = []
        self._loop: Any = None
        self._ending = threading.Event()

    @property
    def settings(self) -> Settings:
        """The settings of the process."""
        settings: Settings = self.container.config["settings"]
        return settings

    def register(self, post: Post) -> None:
        """Add a queue, before the start."""
        self.posts[post.queue] = post

    def start(self) -> None:
        """Consume in a green thread of the container; called once by each owner, it starts once."""
        if self._loop is None and self.posts:
            self._loop = self.container.spawn_managed_thread(self._run)

    def cancel(self) -> None:
        """Take nothing new and wait until everything taken has been settled."""
        self._ending.set()
        tags, self._tags = self._tags, []
        try:
            if self._line is not None:
                with self._line.writing():
                    for channel, tag in tags:
                        channel.basic_cancel(tag, nowait=True)
        except BrokerGone:
            pass
        while self._open:
            eventlet.sleep(0.02)

    def stop(self) -> None:
        """End after ``cancel``; the connection is closed by the loop that reads it."""
        self._ending.set()
        if self._loop is not None:
            self._loop.wait()

    def _run(self) -> None:
        pause = 0.5
        while not self._ending.is_set():
            try:
                self._line = Line(
                    self.settings.broker_now(), f"{self.container.service_name} {self.kind}"
                )
                self._consume(self._line)
                pause = 0.5
            except amqp.PreconditionFailed:
                raise  # a queue exists with other arguments: no patience mends that
            except (BrokerGone, amqp.AMQPError, OSError) as error:
                self._lose()
                if not self._ending.is_set():
                    log.warning("consumer_interrupted", error=name_of(error), delay=pause)
                    self._ending.wait(pause)
                    pause = min(pause * 2, MAXIMUM_PAUSE)

    def _consume(self, line: Line) -> None:
        self._begin(line)
        while not (self._ending.is_set() and not self._open):
            line.read(0.2 if self._ending.is_set() else 1.0)
        self.ready = False
        line.close()

    def _begin(self, line: Line) -> None:
        self._tags = []
        needs = reduce(or_, (post.needs for post in self.posts.values()), layout.shared())
        layout.declare(line.channel(), needs)
        for post in self.posts.values():
            channel = line.channel()
            channel.basic_qos(0, post.prefetch, False)  # noqa: FBT003 - amqp's own signature
            tag = channel.basic_consume(post.queue, callback=partial(self._deliver, line, post))
            self._tags.append((channel, tag))
        self.ready = True
        log.info("consumer_ready", kind=self.kind, count=len(self.posts))

    def _lose(self) -> None:
        """Forget what was open: the broker has taken it back."""
        self.ready = False
        self._open.clear()
        if self._line is not None:
            self._line.drop()

    def _deliver(self, line: Line, post: Post, message: Any) -> None:
        delivery = Delivery(message, line, self._open.discard)
        self._open.add(delivery)
        self.container.spawn_managed_thread(partial(post.take, delivery), identifier=post.queue)


class Requests(Consumption):
    """The connection by which requests come and replies go."""

    kind = "requests"

    def __init__(self) -> None:
        """Begin without posts and doors."""
        super().__init__()
        self.doors: dict[str, Any] = {}


class Events(Consumption):
    """The connection by which events come; it never publishes, so a full broker reads its acks."""

    kind = "events"

    def __init__(self) -> None:
        """Begin without posts."""
        super().__init__()
        self._places: Any = None
        self._publisher: Publisher | None = None

    @property
    def places(self) -> Any:
        """The workers that events may occupy at the same time."""
        if self._places is None:
            self._places = eventlet.Semaphore(max(1, self.settings.workers - RESERVED_WORKERS))
        return self._places

    def move(self, delivery: Delivery, exchange: str, queue: str, headers: dict[str, Any]) -> None:
        """Publish a copy, and acknowledge the original when a queue has confirmed the copy.

        A crash in between makes two of it; the inbox handles one.
        """
        properties = delivery.message.properties
        copy = amqp.Message(
            delivery.body,
            delivery_mode=2,
            content_type=str(properties.get("content_type", "application/octet-stream")),
            application_headers=headers,
            **{
                name: properties[name]
                for name in ("message_id", "type", "timestamp", "content_encoding")
                if name in properties
            },
        )
        try:
            self._publish(copy, exchange, queue).result(MOVE_SECONDS)
        except (BrokerGone, Unroutable, TimeoutError, OSError) as error:
            log.warning("event_not_moved", error=name_of(error), exchange=exchange)
            time.sleep(1)
            delivery.requeue()
        else:
            delivery.ack()

    def _publish(self, message: amqp.Message, exchange: str, routing_key: str) -> Any:
        if self._publisher is None:
            self._publisher = Publisher(
                lambda: Confirms(
                    self.settings.broker_now(), f"{self.container.service_name} second chances"
                )
            )
        return self._publisher.send(message, exchange, routing_key)
