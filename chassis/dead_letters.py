"""Dead letters: what lies in each queue of them, and the ways out. Everything goes through AMQP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import amqp

from chassis.broker import Line
from chassis.envelope import MAXIMUM_BYTES
from chassis.topology import dead_queue

_KEPT: Final = ("message_id", "type", "timestamp", "content_type", "content_encoding")


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """A message that was given up: why, its ids and the event's data."""

    message_id: str | None
    type: str | None
    reason: str
    error: str
    attempt: int
    origin: str
    failed_at: str | None
    size: int
    body: Any


def counts(uri: str, queues: Iterable[str]) -> dict[str, int]:
    """Return how many dead letters each work queue has; one that does not exist has none."""
    found: dict[str, int] = {}
    for queue in queues:
        with _line(uri) as line:
            try:
                declared = line.channel().queue_declare(dead_queue(queue), passive=True)
            except amqp.NotFound:
                found[queue] = 0
            else:
                found[queue] = declared.message_count
    return found


def show(uri: str, queue: str, most: int = 20) -> list[DeadLetter]:
    """Return the first dead letters of a work queue; they stay where they are, in their order."""
    with _line(uri) as line:
        channel = line.channel()
        # Never settled: the end of the connection gives all of them back.
        return [_letter(message) for message in islice(_letters(channel, queue), most)]


def replay(uri: str, queue: str, *, message_id: str | None = None) -> int:
    """Give dead letters back to their work queue, all or one, and return how many.

    The message id stays, so an event whose effect was kept after all has none again. Attempts count
    from the start.
    """

    def give_back(line: Line, message: Any) -> None:
        outgoing = line.connection.channel(2)
        copy = amqp.Message(
            message.body,
            delivery_mode=2,
            application_headers={"x-origin": _header(message, "x-origin")},
            **{name: message.properties[name] for name in _KEPT if name in message.properties},
        )
        # Confirmed and mandatory: the letter leaves its queue only when another one has it.
        outgoing.basic_publish_confirm(copy, exchange="", routing_key=queue, mandatory=True)

    return _settle(uri, queue, message_id, give_back)


def drop(uri: str, queue: str, *, message_id: str | None = None) -> int:
    """Throw dead letters of a work queue away, all or one, and return how many."""
    return _settle(uri, queue, message_id, lambda _line, _message: None)


def _settle(
    uri: str, queue: str, message_id: str | None, settle: Callable[[Line, Any], None]
) -> int:
    """Settle and acknowledge each chosen letter; the others go back when the connection ends."""
    settled = 0
    with _line(uri) as line:
        channel = line.channel()
        for message in _letters(channel, queue):
            if message_id in {None, message.properties.get("message_id")}:
                settle(line, message)
                channel.basic_ack(message.delivery_info["delivery_tag"])
                settled += 1
    return settled


def _letters(channel: Any, queue: str) -> Iterator[Any]:
    """Yield the letters that lie in the queue now; later ones wait for the next time."""
    lying = channel.queue_declare(dead_queue(queue), passive=True).message_count
    for _ in range(lying):
        message = channel.basic_get(dead_queue(queue))
        if message is None:
            return
        yield message


def _letter(message: Any) -> DeadLetter:
    properties = message.properties
    return DeadLetter(
        message_id=properties.get("message_id"),
        type=properties.get("type"),
        # Without our header the broker itself gave it up: it was delivered too often.
        reason=_header(message, "x-reason") or "delivered-too-often",
        error=_header(message, "x-error"),
        attempt=int((message.headers or {}).get("x-attempt", 0)),
        origin=_header(message, "x-origin"),
        failed_at=_header(message, "x-failed-at") or None,
        size=len(message.body),
        body=_content(message.body),
    )


def _content(body: bytes) -> Any:
    """Return the letter's content if it can be read."""
    if len(body) > MAXIMUM_BYTES:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _header(message: Any, name: str) -> str:
    value = (message.headers or {}).get(name)
    return value if isinstance(value, str) else ""


@contextmanager
def _line(uri: str) -> Iterator[Line]:
    line = Line(uri, "dead letters")
    try:
        yield line
    finally:
        line.close()
