"""Exchanges, queues and bindings as data: their names, their arguments, and how they are declared.

Arguments belong to a queue for life. Changing one needs a queue of another name.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from chassis.broker import BrokerGone, Line
from chassis.envelope import RESTRICTED

DELAYS: Final = (1, 5, 30, 300)
"""Seconds that a message rests after its first, second ... failure; the last one repeats."""

DEAD: Final = "dead"
MARK: Final = "topology."
RPC_EXCHANGE: Final = "nameko-rpc"
QUORUM: Final = {"x-queue-type": "quorum"}
LASTING: Final = {**QUORUM, "x-delivery-limit": 1_000_000}
"""For what is looked at and put back: newer brokers would drop it at the twentieth look."""

_SAFE: Final = {
    **QUORUM,
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
}


@dataclass(frozen=True, order=True)
class Exchange:
    """A durable exchange."""

    name: str
    kind: str


@dataclass(frozen=True, order=True)
class Queue:
    """A durable queue and its arguments, as sorted pairs."""

    name: str
    arguments: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, order=True)
class Binding:
    """What a queue wants from an exchange."""

    exchange: str
    queue: str
    routing_key: str


@dataclass(frozen=True)
class Topology:
    """A set of declarations; two of them add up."""

    exchanges: frozenset[Exchange] = frozenset()
    queues: frozenset[Queue] = frozenset()
    bindings: frozenset[Binding] = frozenset()

    def __or__(self, other: Topology) -> Topology:
        """Return what either declares."""
        return Topology(
            self.exchanges | other.exchanges,
            self.queues | other.queues,
            self.bindings | other.bindings,
        )

    def as_data(self) -> dict[str, Any]:
        """Return it as sorted JSON data, for a snapshot."""
        return {
            "exchanges": {each.name: each.kind for each in sorted(self.exchanges)},
            "queues": {each.name: dict(each.arguments) for each in sorted(self.queues)},
            "bindings": [
                f"{each.exchange} --{each.routing_key}--> {each.queue}"
                for each in sorted(self.bindings)
            ],
        }


def events_exchange(service: str) -> str:
    """Return the name of the exchange that a service tells its events to."""
    return f"{service}.events"


def rpc_queue(service: str) -> str:
    """Return the name of the queue that nameko's callers reach a service through."""
    return f"rpc-{service}"


def retry_exchange(seconds: int) -> str:
    """Return the name of the resting place for so many seconds."""
    return f"retry.{seconds}s"


def dead_queue(queue: str) -> str:
    """Return the name of the queue where the dead letters of a queue lie."""
    return f"{queue}.dead"


def _queue(name: str, arguments: dict[str, Any]) -> Queue:
    return Queue(name, tuple(sorted(arguments.items())))


def shared() -> Topology:
    """Return what every service relies on: RPC, the dead letters' exchange and the resting places.

    A resting place serves every queue: what is published to it with a queue's name as routing key
    goes back to exactly that queue, since the default exchange takes it when its time is over. One
    time per place, so nothing waits behind something slower.
    """
    resting = [
        (
            Exchange(retry_exchange(seconds), "fanout"),
            _queue(
                retry_exchange(seconds),
                {**_SAFE, "x-message-ttl": seconds * 1000, "x-dead-letter-exchange": ""},
            ),
        )
        for seconds in DELAYS
    ]
    return Topology(
        frozenset(
            [
                Exchange(RPC_EXCHANGE, "topic"),
                Exchange(DEAD, "direct"),
                *(exchange for exchange, _ in resting),
            ]
        ),
        frozenset(queue for _, queue in resting),
        frozenset(Binding(exchange.name, queue.name, "") for exchange, queue in resting),
    )


def rpc(service: str) -> Topology:
    """Return the door for requests, with the arguments that nameko itself would give it."""
    queue = Queue(rpc_queue(service))
    return Topology(
        queues=frozenset([queue]),
        bindings=frozenset([Binding(RPC_EXCHANGE, queue.name, f"{service}.*")]),
    )


def subscription(queue: str, wanted: Iterable[tuple[str, str]]) -> Topology:
    """Return a work queue with dead letters and bindings; ``wanted`` pairs source and type."""
    wanted = list(wanted)
    work = _queue(
        queue,
        {
            **_SAFE,
            "x-dead-letter-exchange": DEAD,
            "x-dead-letter-routing-key": queue,
            # A message that kills the process each time ends here; its neighbours are counted too,
            # hence no less.
            "x-delivery-limit": 10,
        },
    )
    dead = _queue(dead_queue(queue), LASTING)
    return Topology(
        frozenset(Exchange(events_exchange(source), "topic") for source, _ in wanted),
        frozenset([work, dead]),
        frozenset(
            [
                Binding(DEAD, dead.name, queue),
                *(
                    Binding(events_exchange(source), queue, prefix + type_)
                    for source, type_ in wanted
                    for prefix in ("", RESTRICTED)
                ),
            ]
        ),
    )


def mark_of(topology: Topology) -> Exchange:
    """Return the exchange that tells, by being there, that exactly this topology was declared."""
    text = json.dumps(topology.as_data(), sort_keys=True)
    return Exchange(f"{MARK}{hashlib.sha256(text.encode()).hexdigest()[:16]}", "fanout")


def declare(channel: Any, topology: Topology) -> None:
    """Declare everything on a channel; what exists with the same arguments stays."""
    for exchange in sorted(topology.exchanges):
        channel.exchange_declare(exchange.name, exchange.kind, durable=True, auto_delete=False)
    for queue in sorted(topology.queues):
        channel.queue_declare(
            queue.name, durable=True, auto_delete=False, arguments=dict(queue.arguments)
        )
    for binding in sorted(topology.bindings):
        channel.queue_bind(binding.queue, binding.exchange, binding.routing_key)


def apply(uri: str, topology: Topology, *, patience: float = 60.0) -> None:
    """Declare everything at a broker, waiting for it to come up.

    Raises:
        BrokerGone: it did not come up in time.
        amqp.PreconditionFailed: a queue exists with other arguments.

    """
    deadline = time.monotonic() + patience
    while True:
        try:
            line = Line(uri, "topology")
            break
        except BrokerGone:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)
    try:
        declare(line.channel(), topology)
    finally:
        line.close()
