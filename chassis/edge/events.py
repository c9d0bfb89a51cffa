"""The door of events: handled once, laid to rest in trouble, dead when they can never succeed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeVar
from uuid import UUID

import structlog
from marshmallow import ValidationError

from chassis import clock, inbox, layout, metrics
from chassis.broker import BrokerGone
from chassis.consumer import Delivery, Events, Post
from chassis.db import is_transient
from chassis.edge.doors import Door, Doors, V
from chassis.envelope import Envelope, Unreadable
from chassis.errors import ServiceError
from chassis.framework import ContainerBeingKilled, Entrypoint, register_entrypoint
from chassis.log import name_of
from chassis.tracing import Kind
from chassis.unit import S, Unit, Units
from contracts.language import Category, DomainError, Event, schema_of

MOST_ATTEMPTS: Final = 8
TROUBLE_DELAYS: Final = layout.DELAYS[:2]
"""A database or broker that is away is no fault of the message and costs no attempt."""

EVENT_PREFETCH: Final = 10

log = structlog.get_logger()

E = TypeVar("E", bound=Event)


class EventDoor(Door, Entrypoint):  # type: ignore[misc]  # nameko is untyped
    """Handles events of one or more types from a queue of its own."""

    kind = "event"
    line = Events()

    def __init__(self, function: Callable[..., None], events: tuple[type[Event], ...]) -> None:
        """Keep the handler and what it listens to; nameko also calls this for every container."""
        super().__init__()
        self.function = function
        self.events = events

    def enter(self, doors: Doors, name: str) -> None:
        """Enter this door among those of its class."""
        doors.listens[name] = self.events

    def setup(self) -> None:
        """Register the door's queue."""
        super().setup()
        self.queue = f"{self.container.service_name}.{self.door}"
        self.types = {event.type: event for event in self.events}
        for event in self.events:
            if event.starts_cascade:
                metrics.CASCADE_LATENCY.labels(event.type, self.container.service_name)
        needs = layout.subscription(
            self.queue, [(event.source, event.type) for event in self.events]
        )
        self.line.register(Post(self.queue, EVENT_PREFETCH, needs, self._take))

    def start(self) -> None:
        """Open the connection."""
        self.line.start()

    def stop(self) -> None:
        """Let no new event in."""
        self.line.cancel()

    def _take(self, delivery: Delivery) -> None:
        places = self.line.places
        places.acquire()
        try:
            self.spawn(partial(self.handle, delivery), ended=places.release)
        except ContainerBeingKilled:
            places.release()
            delivery.requeue()

    def handle(self, delivery: Delivery, service: Any, units: Units[Any]) -> None:
        """Handle a delivery and settle it: acknowledged, laid to rest, or dead."""
        outcome = ["error"]
        try:
            envelope, event = self._read(delivery)
        except (Unreadable, ValidationError) as error:
            with self.watched(outcome):
                self._bury(delivery, error, getattr(error, "reason", "invalid-event"))
                outcome.append("dead")
            return
        ids = {
            "plurali__correlation_id": envelope.correlation_id,
            "messaging__message__id": str(envelope.id),
        }
        with (
            self.traced(Kind.CONSUMER, outcome, envelope.traceparent, **ids) as span,
            self.watched(
                outcome,
                correlation_id=envelope.correlation_id,
                causation_id=envelope.causation_id,
                traceparent=span.traceparent,
                message_id=str(envelope.id),
                event_type=envelope.type,
            ),
        ):
            try:
                first = units.run(
                    replace(envelope.call(), traceparent=span.traceparent),
                    partial(self._once, service, event),
                    message=envelope,
                    claim=inbox.claim(consumer=self.queue, message_id=envelope.id),
                )
            except Exception as error:  # noqa: BLE001 - every failure has its place
                outcome.append(self._failed(delivery, error))
                return
            outcome.append("ok" if first else "duplicate")
            delivery.ack()
            if first:
                self._tell_age(envelope)
            else:
                metrics.INBOX_DUPLICATES.labels(self.container.service_name, self.door).inc()

    def _tell_age(self, envelope: Envelope) -> None:
        """Measure how old an event is now that its effect is committed."""
        service, trace = self.container.service_name, metrics.exemplar_of(envelope.traceparent)
        age = max(0.0, (clock.now() - envelope.time).total_seconds())
        metrics.EVENT_LAG.labels(service, self.door).observe(age, trace)
        if self.types[envelope.type].starts_cascade:
            metrics.CASCADE_LATENCY.labels(envelope.type, service).observe(age, trace)

    def _read(self, delivery: Delivery) -> tuple[Envelope, Event]:
        """Read a delivery.

        Raises:
            Unreadable: it is not an event of this queue.
            ValidationError: its data break the event's contract.

        """
        envelope = Envelope.parse(delivery.body)
        try:
            message_id = UUID(delivery.message.properties["message_id"])
        except (KeyError, ValueError) as error:
            raise Unreadable("no-message-id") from error
        if message_id != envelope.id:
            raise Unreadable("other-message-id")
        event_class = self.types.get(envelope.type)
        if event_class is None:
            raise Unreadable("unknown-type")
        return envelope, schema_of(event_class, tolerant=True).load(envelope.data)

    def _once(self, service: Any, event: Event, unit: Unit[Any]) -> bool:
        """Run the handler unless the event was handled before; tell which."""
        if unit.first:
            self.function(service, unit, event)
        return unit.first

    def _failed(self, delivery: Delivery, error: Exception) -> str:
        """Settle a delivery whose handler failed; return the outcome's name."""
        if _is_trouble(error):
            troubles = _count(delivery, "x-trouble")
            delay = TROUBLE_DELAYS[min(troubles, len(TROUBLE_DELAYS) - 1)]
            self._rest(delivery, error, delay, {"x-trouble": troubles + 1})
            return "retry"
        attempt = _count(delivery, "x-attempt") + 1
        if isinstance(error, DomainError | ValidationError):
            self._bury(delivery, error, getattr(error, "slug", "invalid-data"))
            return "dead"
        if attempt >= MOST_ATTEMPTS:
            self._bury(delivery, error, "attempts-exhausted")
            return "dead"
        delay = layout.DELAYS[min(attempt, len(layout.DELAYS)) - 1]
        self._rest(delivery, error, delay, {"x-attempt": attempt})
        return "retry"

    def _rest(
        self, delivery: Delivery, error: Exception, delay: int, counted: dict[str, int]
    ) -> None:
        """Lay an event to rest; it comes back to this queue by itself."""
        log.warning("event_rests", exc_info=error, delay=delay, queue=self.queue)
        metrics.EVENT_RETRIES.labels(self.container.service_name, self.door).inc()
        headers = {**_history(delivery), **counted, "x-error": name_of(error)}
        self.line.move(delivery, layout.retry_exchange(delay), self.queue, headers)

    def _bury(self, delivery: Delivery, error: Exception, reason: str) -> None:
        """Lay an event among the dead letters, with the reason."""
        log.error("event_dead_lettered", exc_info=error, reason=reason, queue=self.queue)
        metrics.EVENT_DEAD_LETTERED.labels(self.container.service_name, self.door).inc()
        headers = {
            **_history(delivery),
            "x-attempt": _count(delivery, "x-attempt") + 1,
            "x-error": name_of(error),
            "x-reason": reason,
            "x-failed-at": clock.now().isoformat(),
        }
        self.line.move(delivery, layout.DEAD, self.queue, headers)


def listens(
    *events: type[E],
) -> Callable[[Callable[[V, Unit[S], E], None]], Callable[[V, Unit[S], E], None]]:
    """Make the method handle these events, each once, from the queue ``<service>.<method>``."""

    def register(function: Callable[[V, Unit[S], E], None]) -> Callable[[V, Unit[S], E], None]:
        register_entrypoint(function, EventDoor(function, events))
        return function

    return register


def _is_trouble(error: Exception) -> bool:
    """Tell whether an event failed through no fault of its own."""
    if isinstance(error, ServiceError | DomainError):
        return error.category == Category.UNAVAILABLE
    return is_transient(error) or isinstance(error, BrokerGone)


def _count(delivery: Delivery, header: str) -> int:
    """Read a counting header; anything else counts as none."""
    value = delivery.headers.get(header)
    return value if isinstance(value, int) else 0


def _history(delivery: Delivery) -> dict[str, Any]:
    """Return the headers that a moved message keeps: its counts and where it came from first."""
    info = delivery.message.delivery_info
    headers = delivery.headers
    origin = headers.get("x-origin")
    return {
        **{name: headers[name] for name in ("x-attempt", "x-trouble") if name in headers},
        "x-origin": origin
        if isinstance(origin, str)
        else f"{info['exchange']}/{info['routing_key']}",
    }
