"""The door of requests: one queue per service, one reply per request, whatever happens."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import structlog

from chassis import answers as answer_book
from chassis import layout, wire
from chassis.call import HEADER, Call
from chassis.consumer import Delivery, Post, Requests
from chassis.db import is_transient
from chassis.edge.doors import Door, Doors, V
from chassis.errors import INTERNAL, ServiceError, as_service_error
from chassis.framework import (
    ContainerBeingKilled,
    Entrypoint,
    deserialize_to_instance,
    register_entrypoint,
)
from chassis.log import name_of
from chassis.tracing import Kind
from chassis.unit import S, Unit, Units
from contracts.language import Category, InvalidRequest, Message, Request

log = structlog.get_logger()
deserialize_to_instance(ServiceError)

R = TypeVar("R", bound=Request[Any])
A = TypeVar("A", bound=Message)


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
        queue = layout.rpc_queue(name)
        if queue not in self.line.posts:
            post = Post(queue, self.line.settings.workers, layout.rpc(name), self._show_in)
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
        with (
            self.traced(Kind.SERVER, outcome, ids[1], plurali__correlation_id=ids[0]) as span,
            self.watched(outcome, correlation_id=ids[0], traceparent=span.traceparent),
        ):
            below = call and replace(call, traceparent=span.traceparent)
            try:
                reply = wire.result_text(self._result(below, delivery.body, service, units))
                outcome.append("ok")
            except Exception as error:  # noqa: BLE001 - every failure has its reply
                reply, word = self._refusal(error)
                outcome.append(word)
            delivery.ack(reply)

    def _result(self, call: Call | None, body: bytes, service: Any, units: Units[Any]) -> str:
        """Return the JSON text of the answer."""
        if call is None:
            raise InvalidRequest("The call header cannot be read.")
        if len(body) > self.request.largest:
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


def _text(answer: Message) -> str:
    """Return an answer as JSON text."""
    return json.dumps(answer.dump(), separators=(",", ":"))
