"""Asking services from threads: the gateway, the seed, the tests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Final, TypeVar

import amqp

from chassis import clock, layout, metrics, wire
from chassis.broker import BrokerGone, Confirms, Publisher, Unroutable
from chassis.call import HEADER, Call
from chassis.errors import INTERNAL, ServiceError, ServiceTimeout, ServiceUnavailable
from chassis.tracing import TRACING, Kind
from contracts.language import Category, Request, Resource, schema_of

R = TypeVar("R", bound=Resource)

REPLY_QUEUE_EXPIRES: Final = 300_000
"""Milliseconds after which the broker forgets the reply queue of a caller that is gone."""

_OUTCOMES: Final[dict[str, str]] = {Category.UNAVAILABLE: "unavailable", INTERNAL: "error"}
"""By category, what is no refusal."""


class NoPlace(ServiceUnavailable):
    """Too many requests of this process wait already; no service was asked."""

    def __init__(self) -> None:
        """Make the error of a process that is busy enough."""
        super().__init__("Too many requests are waiting.")


class _ReplyLine(Confirms):
    """A connection that sends requests and receives their replies."""

    def __init__(self, uri: str, name: str) -> None:
        self.reply_to = str(clock.new_id())
        self.replies: dict[str, Future[bytes]] = {}
        self._caller = name
        super().__init__(uri, name)

    def opened(self) -> None:
        """Declare and consume the reply queue."""
        incoming = self.channel()
        queue = f"rpc.reply-{self._caller}-{self.reply_to}"
        incoming.exchange_declare(layout.RPC_EXCHANGE, "topic", durable=True, auto_delete=False)
        incoming.queue_declare(
            queue, durable=True, auto_delete=False, arguments={"x-expires": REPLY_QUEUE_EXPIRES}
        )
        incoming.queue_bind(queue, layout.RPC_EXCHANGE, self.reply_to)
        incoming.basic_consume(queue, no_ack=True, callback=self._receive)

    def _receive(self, message: Any) -> None:
        reply = self.replies.pop(message.properties.get("correlation_id"), None)
        if reply is not None:
            reply.set_result(message.body)

    def ended(self) -> None:
        """Fail every request that waits: its reply queue is out of reach, and the reply with it."""
        while self.replies:
            _, reply = self.replies.popitem()
            reply.set_exception(BrokerGone("the connection was lost"))


class RpcClient:
    """Asks any service, from any thread; it connects when first used and again when lost."""

    def __init__(
        self, uri: str | Callable[[], str], *, name: str = "gateway", at_once: int = 64
    ) -> None:
        """Keep the address, or how to learn it whenever a connection is made.

        ``at_once`` bounds how many requests wait at the same time.
        """
        self._uri = uri
        self._name = name
        self._places = threading.BoundedSemaphore(at_once)
        self._publisher = Publisher(self._connect)
        self._line: _ReplyLine | None = None

    def _connect(self) -> Confirms:
        uri = self._uri if isinstance(self._uri, str) else self._uri()
        self._line = _ReplyLine(uri, self._name)
        return self._line

    def ask(self, request: Request[R], call: Call, *, timeout: float = 5.0) -> R:
        """Send a request and return its answer.

        Raises:
            ServiceTimeout: no answer in time; a command may be sent again with its key.
            ServiceUnavailable: there is no such service, or no broker.
            ServiceError: the service refused.

        """
        started = time.perf_counter()
        outcome = "error"
        labels = (request.addressee, request.method)
        name = ".".join(labels)
        try:
            with TRACING.span(name, Kind.CLIENT, call.traceparent) as span:
                below = replace(call, traceparent=span.traceparent)
                answer = self._ask(request, below, timeout)
            outcome = "ok"
        except ServiceError as error:
            outcome = _OUTCOMES.get(error.category, "refused")
            raise
        finally:
            metrics.RPC_CLIENT_REQUESTS.labels(*labels, outcome).inc()
            metrics.RPC_CLIENT_DURATION.labels(*labels).observe(
                time.perf_counter() - started, metrics.exemplar_of(call.traceparent)
            )
        return answer

    def _ask(self, request: Request[R], call: Call, timeout: float) -> R:
        deadline = time.monotonic() + timeout
        if not self._places.acquire(timeout=timeout):
            raise NoPlace
        try:
            body = self._exchange(request, call, timeout, deadline)
        finally:
            self._places.release()
        # Tolerant: a service that is one version ahead may add fields to its answers.
        answer: R = schema_of(request.answer, tolerant=True).load(wire.result_of(body))
        return answer

    def _exchange(self, request: Request[R], call: Call, timeout: float, deadline: float) -> bytes:
        id_ = str(clock.new_id())
        reply: Future[bytes] = Future()
        line: Any = None
        try:
            line = self._publisher.line(timeout)
            line.replies[id_] = reply
            sent = line.send(
                self._message(request, call, id_, line.reply_to, timeout),
                layout.RPC_EXCHANGE,
                f"{request.addressee}.{request.method}",
                seconds=deadline - time.monotonic(),
            )
            sent.add_done_callback(lambda outcome: _give_up(outcome, reply))
            return reply.result(timeout=max(0.0, deadline - time.monotonic()))
        except TimeoutError as error:
            raise ServiceTimeout from error
        except (BrokerGone, Unroutable) as error:
            raise ServiceUnavailable from error
        finally:
            if line is not None:
                line.replies.pop(id_, None)

    @staticmethod
    def _message(
        request: Request[R], call: Call, id_: str, reply_to: str, timeout: float
    ) -> amqp.Message:
        return amqp.Message(
            wire.request_text(request.dump()),
            content_type="application/json",
            content_encoding="utf-8",
            reply_to=reply_to,
            correlation_id=id_,
            message_id=id_,
            # A request that nobody waits for any more must not be carried out later.
            expiration=str(int(timeout * 1000)),
            application_headers={HEADER: call.to_header()},
        )

    def is_reachable(self) -> bool:
        """Tell whether the broker can be talked to now, connecting if need be."""
        try:
            self._publisher.line()
        except BrokerGone:
            return False
        return True

    def close(self) -> None:
        """Drop the connection; requests that wait fail at once."""
        self._publisher.drop()


def _give_up(sent: Future[None], reply: Future[bytes]) -> None:
    """Fail the reply of a request that no service will ever see."""
    error = sent.exception()
    if error is not None and not reply.done():
        reply.set_exception(error)
