"""The doors of a service: what a request, an event or a tick goes through around its handler.

    class GreetingsService(Service[Store]):
        name = "greetings"
        database = Database(Store)

        @answers(Greet)
        def greet(self, unit: Unit[Store], command: Greet) -> Greeting:
            return handlers.greet(unit, command)

A decorated method stays a plain method: tests call it with a unit.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar, Final, Generic, TypeVar
from uuid import UUID

import structlog
from marshmallow import ValidationError

from chassis import answers as answer_book
from chassis import clock, inbox, metrics, topology, wire
from chassis.broker import BrokerGone, Confirms, Publisher
from chassis.call import HEADER, Call
from chassis.consumer import Delivery, Events, Post, Requests
from chassis.db import is_transient, make_engine
from chassis.envelope import MAXIMUM_BYTES, Envelope, Unreadable
from chassis.errors import INTERNAL, ServiceError, as_service_error
from chassis.framework import (
    ContainerBeingKilled,
    DependencyProvider,
    Entrypoint,
    Timer,
    deserialize_to_instance,
    register_entrypoint,
)
from chassis.log import bound, name_of
from chassis.relay import Relay
from chassis.unit import S, Store, Unit, Units
from contracts.language import (
    EVENTS,
    Category,
    DomainError,
    Event,
    InvalidRequest,
    Message,
    Request,
    schema_of,
)

MOST_ATTEMPTS: Final = 8
TROUBLE_DELAYS: Final = topology.DELAYS[:2]
"""A database or broker that is away is no fault of the message and costs no attempt."""

EVENT_PREFETCH: Final = 10

log = structlog.get_logger()
deserialize_to_instance(ServiceError)

E = TypeVar("E", bound=Event)
R = TypeVar("R", bound=Request[Any])
A = TypeVar("A", bound=Message)
V = TypeVar("V", bound="Service[Any]")

Handler = Callable[[V, Unit[S], R], A]


class Database(DependencyProvider, Generic[S]):  # type: ignore[misc]  # nameko is untyped
    """The service's database: units of work for its doors, a relay for its outbox."""

    def __init__(self, store_class: type[S]) -> None:
        """Keep the store class; nameko also calls this for every container."""
        self._store_class = store_class
        self.units: Units[S]
        self.relay: Relay
        self._relaying: Any

    def setup(self) -> None:
        """Make the engine and the relay; both connect when first used."""
        settings, name = self.container.config["settings"], self.container.service_name
        engine = make_engine(settings.database_url, name=name, workers=settings.workers)
        publisher = Publisher(partial(RelayLine, settings.amqp_uri, name))
        self.relay = Relay(engine, publisher, name)
        self.units = Units(engine, self._store_class, committed=self.relay.wake)
        relay: Relay = self.relay
        told = [type_ for type_, event in EVENTS.items() if event.source == name]
        metrics.prepare_service(name, told)
        metrics.RELAY_BEAT_AGE.labels(name).set_function(lambda: relay.beat_age)
        metrics.RELAY_LEADS.labels(name).set_function(lambda: relay.leads)
        metrics.watch_pool(name, engine.pool)

    def start(self) -> None:
        """Start the relay."""
        self._relaying = self.container.spawn_managed_thread(self.relay.run, identifier="relay")

    def stop(self) -> None:
        """Publish what the last workers left, then close."""
        self.relay.stop()
        self._relaying.wait()
        self.units.engine.dispose()

    def get_dependency(self, worker_ctx: Any) -> Units[S]:  # noqa: ARG002 - nameko's signature
        """Give the doors their units."""
        return self.units


class RelayLine(Confirms):
    """The connection of the relay, which makes sure that its exchange exists."""

    def __init__(self, uri: str, service: str) -> None:
        """Connect."""
        self._service = service
        super().__init__(uri, f"{service} relay")

    def opened(self) -> None:
        """Declare the exchange; the topology has done so before, unless the broker is new."""
        self.outgoing.exchange_declare(
            topology.events_exchange(self._service), "topic", durable=True, auto_delete=False
        )


@dataclass
class Doors:
    """The doors of a service class, by method name."""

    answers: dict[str, type[Request[Any]]] = field(default_factory=dict)
    listens: dict[str, tuple[type[Event], ...]] = field(default_factory=dict)
    every: dict[str, float] = field(default_factory=dict)


class Service(Generic[S]):
    """Root of the services: a name, a database and doors."""

    name: ClassVar[str]
    database: Any

    def perform(self, errand: Callable[[Units[S]], None]) -> None:
        """Do what came through a door; this is the one method that nameko calls."""
        errand(self.database)


def doors_of(service: type[Any]) -> Doors:
    """Return the doors of a service class."""
    doors = Doors()
    for name in sorted(dir(service)):
        for door in getattr(getattr(service, name), "nameko_entrypoints", ()):
            door.enter(doors, name)
    return doors


class Door:
    """What entrypoints share: they work in ``perform`` and leave the decorated method alone."""

    kind = ""
    door = ""
    container: Any

    def bind(self, container: Any, method_name: str) -> Any:
        """Bind to ``perform`` instead of the decorated method, whose name names the door."""
        bound_door = super().bind(container, "perform")  # type: ignore[misc]  # an entrypoint follows in the bases
        bound_door.door = method_name
        return bound_door

    def setup(self) -> None:
        """Create the metrics of the door."""
        metrics.prepare_entrypoint(self.container.service_name, self.door, self.kind)

    def spawn(
        self, errand: Callable[[Any, Units[Any]], None], *, ended: Callable[[], None]
    ) -> None:
        """Run the errand in a worker."""

        def tell(_context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            ended()
            return result, exc_info

        service = self.container.service_cls()
        self.container.spawn_worker(self, (partial(errand, service),), {}, handle_result=tell)

    @contextmanager
    def watched(self, outcome: list[str], **ids: str | None) -> Iterator[None]:
        """Bind the ids to every log line; in the end tell log and metrics how it went."""
        labels = (self.container.service_name, self.door, self.kind)
        started = time.perf_counter()
        metrics.ENTRYPOINT_ACTIVE.labels(*labels).inc()
        with bound(service=labels[0], entrypoint=self.door, **ids):
            try:
                yield
            finally:
                seconds = time.perf_counter() - started
                metrics.ENTRYPOINT_ACTIVE.labels(*labels).dec()
                trace = metrics.exemplar_of(ids.get("traceparent"))
                metrics.ENTRYPOINT_DURATION.labels(*labels).observe(seconds, trace)
                metrics.ENTRYPOINT_HANDLED.labels(*labels, outcome[-1]).inc()
                log.info(
                    "entrypoint_handled",
                    kind=self.kind,
                    outcome=outcome[-1],
                    duration_ms=round(seconds * 1000, 1),
                )


class RequestDoor(Door, Entrypoint):  # type: ignore[misc]  # nameko is untyped
    """Answers one kind of request over nameko's RPC."""

    kind = "request"
    line = Requests()

    def __init__(self, function: Callable[..., Message], request: type[Request[Any]]) -> None:
        """Keep the handler and what it answers; nameko also calls this for every container."""
        super().__init__()
        self.function = function
        self.request = request

    def enter(self, doors: Doors, name: str) -> None:
        """Enter this door among those of its class."""
        doors.answers[name] = self.request

    def setup(self) -> None:
        """Share the service's one queue of requests with its other doors."""
        super().setup()
        name = self.container.service_name
        queue = topology.rpc_queue(name)
        if queue not in self.line.posts:
            post = Post(queue, self.line.settings.workers, topology.rpc(name), self._show_in)
            self.line.register(post)
        self.line.doors[f"{name}.{self.door}"] = self

    def start(self) -> None:
        """Open the connection."""
        self.line.start()

    def stop(self) -> None:
        """Let no new request in."""
        self.line.cancel()

    def _show_in(self, delivery: Delivery) -> None:
        """Hand a request to the door that its routing key names."""
        door = self.line.doors.get(delivery.message.delivery_info["routing_key"])
        if door is None:
            delivery.ack(
                wire.error_text(
                    ServiceError(Category.UNAVAILABLE, "unknown-method", "No such request.")
                )
            )
            return
        try:
            door.spawn(partial(door.answer, delivery), ended=lambda: None)
        except ContainerBeingKilled:
            delivery.requeue()

    def answer(self, delivery: Delivery, service: Any, units: Units[Any]) -> None:
        """Answer a delivery; whatever happens, it ends in a reply and an acknowledgement."""
        outcome = ["error"]
        try:
            call = Call.from_header(delivery.headers.get(HEADER))
        except ValueError:
            call = None
        ids = (call.correlation_id, call.traceparent) if call else (None, None)
        with self.watched(outcome, correlation_id=ids[0], traceparent=ids[1]):
            try:
                reply = wire.result_text(self._result(call, delivery.body, service, units))
                outcome.append("ok")
            except Exception as error:  # noqa: BLE001 - every failure has its reply
                reply, word = self._refusal(error)
                outcome.append(word)
            delivery.ack(reply)

    def _result(self, call: Call | None, body: bytes, service: Any, units: Units[Any]) -> str:
        """Return the JSON text of the answer."""
        if call is None:
            raise InvalidRequest("The call header cannot be read.")
        if len(body) > MAXIMUM_BYTES:
            raise InvalidRequest("The request is too large.")
        try:
            fields = wire.request_fields(body)
        except (ValueError, RecursionError) as error:
            raise InvalidRequest("The request cannot be read.") from error
        request = self.request.load(fields)
        if self.request.permission:
            call.caller().require(self.request.permission)
        if not self.request.changes_state:
            return units.run(call, partial(self._query, service, request))
        mark = answer_book.fingerprint_of(fields)
        claim = answer_book.claim(call, method=self.door, fingerprint=mark)
        return units.run(call, partial(self._command, service, request, mark), claim=claim)

    def _query(self, service: Any, request: Request[Any], unit: Unit[Any]) -> str:
        return _text(self.function(service, unit, request))

    def _command(self, service: Any, request: Request[Any], mark: bytes, unit: Unit[Any]) -> str:
        if not unit.first:
            return answer_book.recall(unit, method=self.door, fingerprint=mark)
        text = _text(self.function(service, unit, request))
        answer_book.keep(unit, text)
        return text

    def _refusal(self, error: Exception) -> tuple[str, str]:
        """Return the reply of a failure, and the word for it."""
        if is_transient(error):
            log.warning("database_in_trouble", error=name_of(error))
            away = ServiceError(Category.UNAVAILABLE, "database-unavailable", "Try again shortly.")
            return wire.error_text(away), "error"
        refusal = as_service_error(error, self.request)
        if refusal.category == INTERNAL:
            log.error("request_failed", exc_info=error)
            return wire.error_text(refusal), "error"
        log.info("request_refused", category=refusal.category, slug=refusal.slug)
        return wire.error_text(refusal), "refused"


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
        needs = topology.subscription(
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
        with self.watched(
            outcome,
            correlation_id=envelope.correlation_id,
            causation_id=envelope.causation_id,
            traceparent=envelope.traceparent,
            message_id=str(envelope.id),
            event_type=envelope.type,
        ):
            try:
                first = units.run(
                    envelope.call(),
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
        delay = topology.DELAYS[min(attempt, len(topology.DELAYS)) - 1]
        self._rest(delivery, error, delay, {"x-attempt": attempt})
        return "retry"

    def _rest(
        self, delivery: Delivery, error: Exception, delay: int, counted: dict[str, int]
    ) -> None:
        """Lay an event to rest; it comes back to this queue by itself."""
        log.warning("event_rests", exc_info=error, delay=delay, queue=self.queue)
        metrics.EVENT_RETRIES.labels(self.container.service_name, self.door).inc()
        headers = {**_history(delivery), **counted, "x-error": name_of(error)}
        self.line.move(delivery, topology.retry_exchange(delay), self.queue, headers)

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
        self.line.move(delivery, topology.DEAD, self.queue, headers)


class TimerDoor(Door, Timer):  # type: ignore[misc]  # nameko is untyped
    """Runs a unit of work from time to time, on one process at a time."""

    kind = "tick"

    def __init__(self, function: Callable[..., Any], seconds: float) -> None:
        """Keep the handler and the interval; nameko also calls this for every container."""
        super().__init__(seconds)
        self.function = function

    def enter(self, doors: Doors, name: str) -> None:
        """Enter this door among those of its class."""
        doors.every[name] = self.interval

    def handle_timer_tick(self) -> None:
        """Do what nameko's timer asks for at each tick."""
        self.spawn(self.tick, ended=self.worker_complete.send)

    def tick(self, service: Any, units: Units[Any]) -> None:
        """Run the handler unless another process is at it."""
        outcome = ["error"]
        call = Call()
        with self.watched(outcome, correlation_id=call.correlation_id):
            try:
                ran = units.run(call, partial(self._alone, service))
                outcome.append("ok" if ran else "elsewhere")
            except Exception:
                log.exception("tick_failed")  # the next tick tries again

    def _alone(self, service: Any, unit: Unit[Any]) -> bool:
        """Run the handler if the lock of this timer is free; the transaction's end frees it."""
        free = unit.store.connection.exec_driver_sql(
            "SELECT pg_try_advisory_xact_lock(hashtext(%(door)s))", {"door": self.door}
        ).scalar_one()
        if free:
            self.function(service, unit)
        return bool(free)


def answers(
    request: type[R],
) -> Callable[[Callable[[V, Unit[S], R], A]], Callable[[V, Unit[S], R], A]]:
    """Make the method answer a command or a query.

    It runs in one transaction, after the caller's permission was checked. A command is done once
    per key.
    """

    def register(function: Callable[[V, Unit[S], R], A]) -> Callable[[V, Unit[S], R], A]:
        register_entrypoint(function, RequestDoor(function, request))
        return function

    return register


def listens(
    *events: type[E],
) -> Callable[[Callable[[V, Unit[S], E], None]], Callable[[V, Unit[S], E], None]]:
    """Make the method handle these events, each once, from the queue ``<service>.<method>``."""

    def register(function: Callable[[V, Unit[S], E], None]) -> Callable[[V, Unit[S], E], None]:
        register_entrypoint(function, EventDoor(function, events))
        return function

    return register


def every(
    *, seconds: float
) -> Callable[[Callable[[V, Unit[S]], None]], Callable[[V, Unit[S]], None]]:
    """Make the method run every so many seconds, as one unit of work."""

    def register(function: Callable[[V, Unit[S]], None]) -> Callable[[V, Unit[S]], None]:
        register_entrypoint(function, TimerDoor(function, seconds))
        return function

    return register


def _text(answer: Message) -> str:
    """Return an answer as JSON text."""
    return json.dumps(answer.dump(), separators=(",", ":"))


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


__all__ = ["Database", "Doors", "Service", "Store", "answers", "doors_of", "every", "listens"]
