"""Dead letters: what lies in each queue of them, and the ways out. Everything goes through AMQP."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import amqp

from chassis.broker import Line
from chassis.envelope import MAXIMUM_BYTES
from chassis.layout import dead_queue

_DEFAULT_EXCHANGE: Final = ""
_GIVING_BACK_SECONDS: Final = 5.0
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


@dataclass(frozen=True)
class Length:
    """How many messages wait in a queue, and how many take from it."""

    messages: int = 0
    consumers: int = 0


def counts(uri: str, queues: Iterable[str]) -> dict[str, int]:
    """Return how many dead letters each work queue has; one that does not exist has none."""
    wanted = list(queues)
    found = lengths(uri, [dead_queue(queue) for queue in wanted])
    return {queue: found[dead_queue(queue)].messages for queue in wanted}


def lengths(uri: str, queues: Iterable[str]) -> dict[str, Length]:
    """Return what each queue holds; one that does not exist holds nothing."""
    found: dict[str, Length] = {}
    with _line(uri) as line:
        for queue in queues:
            # The broker closes the channel by which it was asked for a queue that is not there.
            channel = line.channel()
            try:
                declared = channel.queue_declare(queue, passive=True)
            except amqp.NotFound:
                found[queue] = Length()
            else:
                found[queue] = Length(declared.message_count, declared.consumer_count)
                channel.close()
    return found


def show(uri: str, queue: str, most: int = 20) -> list[DeadLetter]:
    """Return the first dead letters of a work queue; they stay where they are, in their order."""
    with _line(uri) as line, _looking_through(line, queue) as letters:
        return [_letter(message) for message in islice(letters, most)]


def replay(
    uri: str,
    queue: str,
    *,
    message_id: str | None = None,
    most: int | None = None,
    by: str = _DEFAULT_EXCHANGE,
) -> int:
    """Give dead letters back to their work queue, all or one, and return how many.

    The message id stays, so an event whose effect was kept after all has none again. Attempts count
    from the start. ``by`` names the exchange through which they go.
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
        outgoing.basic_publish_confirm(copy, exchange=by, routing_key=queue, mandatory=True)

    return _settle(uri, queue, message_id, most, give_back)


def drop(uri: str, queue: str, *, message_id: str | None = None, most: int | None = None) -> int:
    """Throw dead letters of a work queue away, all or one, and return how many."""
    return _settle(uri, queue, message_id, most, lambda _line, _message: None)


def _settle(
    uri: str,
    queue: str,
    message_id: str | None,
    most: int | None,
    settle: Callable[[Line, Any], None],
) -> int:
    """Settle and acknowledge each chosen letter; the others stay."""
    settled = 0
    with _line(uri) as line, _looking_through(line, queue) as letters:
        for message in letters:
            if settled == most:
                break
            if message_id in {None, message.properties.get("message_id")}:
                settle(line, message)
                letters.take_out(message)
                settled += 1
    return settled


class _Letters:
    """The letters that lie in a queue now, one after the other; later ones wait for next time."""

    def __init__(self, channel: Any, queue: str) -> None:
        self._channel = channel
        self._name = dead_queue(queue)
        self._held = 0

    def __iter__(self) -> Iterator[Any]:
        for _ in range(self._ready()):
            message = self._channel.basic_get(self._name)
            if message is None:
                return
            self._held += 1
            yield message

    def take_out(self, message: Any) -> None:
        self._channel.basic_ack(message.delivery_info["delivery_tag"])
        self._held -= 1

    def give_back(self) -> None:
        """Give back what was only looked at, and wait until it lies in the queue again.

        The broker does so in its own time: whoever looked again at once would miss letters.
        """
        if not self._held:
            return
        ready = self._ready()
        self._channel.basic_recover(requeue=True)
        deadline = time.monotonic() + _GIVING_BACK_SECONDS
        while self._ready() < ready + self._held and time.monotonic() < deadline:
            time.sleep(0.02)

    def _ready(self) -> int:
        count: int = self._channel.queue_declare(self._name, passive=True).message_count
        return count


@contextmanager
def _looking_through(line: Line, queue: str) -> Iterator[_Letters]:
    letters = _Letters(line.channel(), queue)
    try:
        yield letters
    finally:
        letters.give_back()


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
