"""Subscriptions of other organisations: a queue of their own, in a virtual host of their own.

A bounded queue in the application's virtual host is emptied by RabbitMQ's shovel into the
partner's, so a slow or absent partner slows nobody. The partner's user reads that one queue and can
do nothing else. What a bound has dropped comes back by replay.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from chassis import layout
from chassis.broker import Line
from chassis.broker_admin import BrokerAdmin
from chassis.layout import DEAD, QUORUM, Binding, Exchange, Queue, Topology, dead_queue
from contracts.language import EVENTS

VHOST: Final = "partners"
BOUND: Final = 5000
MOST_CONNECTIONS: Final = 4
MOST_CHANNELS: Final = 20


class NotForPartners(ValueError):
    """An event was chosen that no partner may receive, or that does not exist."""


@dataclass(frozen=True)
class Subscription:
    """What one partner receives."""

    name: str
    types: tuple[str, ...]

    @classmethod
    def of(cls, name: str, types: Iterable[str]) -> Subscription:
        """Return a subscription to event types that partners may receive.

        Raises:
            NotForPartners: one of them is not such a type, or the name is not plain.

        """
        chosen = tuple(sorted(set(types)))
        closed = [each for each in chosen if each not in EVENTS or not EVENTS[each].partners]
        if closed or not chosen:
            raise NotForPartners(f"not open to partners: {', '.join(closed) or 'nothing'}")
        if not (name.isascii() and name.replace("-", "").isalnum()):
            raise NotForPartners("a partner's name has letters, digits and hyphens")
        return cls(name, chosen)

    @property
    def source_queue(self) -> str:
        """The bounded queue in the application's virtual host."""
        return f"partners.{self.name}"

    def source(self) -> Topology:
        """Return what stands in the application's virtual host; no restricted key is bound."""
        exchanges = {type_: layout.events_exchange(EVENTS[type_].source) for type_ in self.types}
        return Topology(
            frozenset(Exchange(exchange, "topic") for exchange in exchanges.values()),
            frozenset([_bounded(self.source_queue)]),
            frozenset(
                Binding(exchange, self.source_queue, type_) for type_, exchange in exchanges.items()
            ),
        )

    def destination(self) -> Topology:
        """Return what stands in the partners' virtual host."""
        dead = dead_queue(self.name)
        return Topology(
            frozenset([Exchange(self.name, "topic"), Exchange(DEAD, "direct")]),
            frozenset(
                [
                    _bounded(
                        self.name,
                        ("x-dead-letter-exchange", DEAD),
                        ("x-dead-letter-routing-key", self.name),
                        ("x-delivery-limit", 10),
                    ),
                    _bounded(dead),
                ]
            ),
            frozenset([Binding(self.name, self.name, "#"), Binding(DEAD, dead, self.name)]),
        )


def _bounded(name: str, *arguments: tuple[str, str | int]) -> Queue:
    """Return a quorum queue that drops its oldest message when it is full."""
    bound = (("x-max-length", BOUND), ("x-overflow", "drop-head"))
    return Queue(name, tuple(sorted((*QUORUM.items(), *bound, *arguments))))


def subscribe(
    admin: BrokerAdmin, uri: str, subscription: Subscription, password: str, *, vhost: str = VHOST
) -> str:
    """Set everything up and return the path of the partners' virtual host.

    ``uri`` is the application's address. The call may be repeated: with another password or more
    types.
    """
    parts = urlsplit(uri)
    app_vhost, app_user = unquote(parts.path[1:]) or "/", parts.username or "guest"
    admin.put_vhost(vhost)
    admin.permit(unquote(app_user), vhost, configure=".*", write=".*", read=".*")
    layout.apply(
        parts._replace(path=f"/{quote(vhost, safe='')}").geturl(), subscription.destination()
    )
    layout.apply(uri, subscription.source())
    admin.put_shovel(
        app_vhost,
        subscription.source_queue,
        {
            "src-protocol": "amqp091",
            "src-uri": _inside(app_user, app_vhost),
            "src-queue": subscription.source_queue,
            "src-prefetch-count": 200,
            "dest-protocol": "amqp091",
            "dest-uri": _inside(app_user, vhost),
            "dest-exchange": subscription.name,
            "ack-mode": "on-confirm",
            "reconnect-delay": 2,
        },
    )
    admin.put_user(
        subscription.name,
        password,
        most_connections=MOST_CONNECTIONS,
        most_channels=MOST_CHANNELS,
    )
    only = f"^{subscription.name}$"
    admin.permit(subscription.name, vhost, configure="^$", write="^$", read=only)
    return f"/{quote(vhost, safe='')}"


def is_fed(uri: str, name: str) -> bool:
    """Tell whether the shovel of a partner is at work."""
    line = Line(uri, "partners")
    try:
        queue = Subscription(name, ()).source_queue
        return bool(line.channel().queue_declare(queue, passive=True).consumer_count)
    finally:
        line.close()


def unsubscribe(admin: BrokerAdmin, uri: str, name: str, *, vhost: str = VHOST) -> None:
    """Remove a partner's user, shovel and queues, with what they hold."""
    parts = urlsplit(uri)
    subscription = Subscription(name, ())
    admin.delete_user(name)
    admin.delete_shovel(unquote(parts.path[1:]) or "/", subscription.source_queue)
    for address, queues in (
        (uri, [subscription.source_queue]),
        (parts._replace(path=f"/{quote(vhost, safe='')}").geturl(), [name, dead_queue(name)]),
    ):
        line = Line(address, "partners")
        channel = line.channel()
        for queue in queues:
            channel.queue_delete(queue)
        line.close()


def _inside(user: str, vhost: str) -> str:
    """Return the address of a connection inside the broker, which needs no password."""
    return f"amqp://{user}@/{quote(vhost, safe='')}"
