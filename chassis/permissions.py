"""What each user of the broker may do, as data; whoever deploys gives these rights and no others.

Every process has a user of its own. It may declare what it needs, publish its own events, answer,
and read its own queues: it can neither speak in another's name nor take another's messages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from chassis import layout, partners, roster, topology
from chassis.envelope import RESTRICTED
from chassis.layout import Topology

VHOST: Final = "plurali"
GATEWAY: Final = "gateway"
DECLARER: Final = "topology"
CARRIER: Final = "partners"
OPERATOR: Final = "operator"
WATCHER: Final = "watcher"

NOTHING: Final = "^$"
EVERYTHING: Final = ".*"

_DEFAULT_EXCHANGE: Final = r"amq\.default"
_REPLIES: Final = r"rpc\.reply-gateway-.+"
_REPLY: Final = r"[0-9a-f-]{36}"
_REQUEST: Final = r"[a-z]+\.[a-z_]+"
_DEAD_LETTERS: Final = r"[a-z]+\.[a-z_]+\.dead"
_SUBSCRIPTIONS: Final = r"partners\.[A-Za-z0-9-]+"
_EVENTS: Final = r"[a-z]+\.events"


@dataclass(frozen=True)
class Rights:
    """Names, as regular expressions, of what may be declared, written to and read from."""

    configure: frozenset[str] = frozenset()
    write: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()

    def __or__(self, other: Rights) -> Rights:
        """Return what either allows."""
        return Rights(
            self.configure | other.configure, self.write | other.write, self.read | other.read
        )


@dataclass(frozen=True, order=True)
class Permission:
    """A user's rights in a virtual host, in the broker's own form."""

    user: str
    vhost: str
    configure: str
    write: str
    read: str


@dataclass(frozen=True, order=True)
class TopicPermission:
    """The routing keys by which a user may publish to and bind to an exchange."""

    user: str
    vhost: str
    exchange: str
    write: str
    read: str


def as_definitions() -> dict[str, Any]:
    """Return all of it as the broker's definitions file names it, without users and passwords."""
    return {
        "vhosts": [{"name": VHOST}, {"name": partners.VHOST}],
        "permissions": [asdict(each) for each in permissions()],
        "topic_permissions": [asdict(each) for each in topic_permissions()],
    }


def users() -> list[str]:
    """Return the name of every user."""
    return sorted({each.user for each in permissions()})


def permissions() -> list[Permission]:
    """Return every right of every user."""
    rights = {
        **{name: _of_service(name) for name in roster.SERVICES},
        GATEWAY: _GATEWAY,
        DECLARER: _declaring(topology.whole()) | Rights(configure=frozenset([_MARK])),
        CARRIER: _CARRIER,
        OPERATOR: _OPERATOR,
        # It reads the lengths of queues in the management interface, and nothing that is in them.
        WATCHER: Rights(),
    }
    here = [
        Permission(user, VHOST, _any(of.configure), _any(of.write), _any(of.read | {_MARK}))
        for user, of in rights.items()
    ]
    there = Permission(CARRIER, partners.VHOST, EVERYTHING, EVERYTHING, EVERYTHING)
    return sorted([*here, there])


def topic_permissions() -> list[TopicPermission]:
    """Return by which routing keys users may speak and listen.

    A request names its sender itself, so no service may make one; and an event that is restricted
    reaches those alone who listen to its type.
    """
    rpc = layout.RPC_EXCHANGE
    found = [TopicPermission(GATEWAY, VHOST, rpc, _any({_REQUEST}), _any({_REPLY}))]
    for name in roster.SERVICES:
        own = layout.events_exchange(name)
        spoken = {rpc: _any({_REPLY}), own: EVERYTHING}
        heard: dict[str, set[str]] = {rpc: set(), own: set()}
        for each in _needs(name).bindings:
            if each.exchange != layout.DEAD:
                heard.setdefault(each.exchange, set()).add(_literal(each.routing_key))
        found += [
            TopicPermission(name, VHOST, exchange, spoken.get(exchange, NOTHING), _any(keys))
            for exchange, keys in heard.items()
        ]
    found += [
        TopicPermission(
            CARRIER,
            VHOST,
            layout.events_exchange(name),
            write=NOTHING,
            read=f"^(?!{_literal(RESTRICTED)})[a-z].*$",
        )
        for name in roster.SERVICES
    ]
    return sorted(found)


def _needs(name: str) -> Topology:
    return topology.of_service(topology.load_service(name))


def _of_service(name: str) -> Rights:
    """Return what a service needs: its declarations, what it consumes and what it publishes.

    Only whoever makes a resting place needs the default exchange, by which anything can be put into
    any queue: so a service finds those places, and cannot make them.
    """
    shared, own = layout.shared(), _needs(name)
    consumed = {queue.name for queue in own.queues}
    published = {each.name for each in shared.exchanges} | {layout.events_exchange(name)}
    found = _declaring(shared | own) | Rights(write=_exactly(published), read=_exactly(consumed))
    return replace(found, write=found.write - {_DEFAULT_EXCHANGE})


def _declaring(wanted: Topology) -> Rights:
    """Return what the broker asks of whoever declares; a queue's dead letters are written too."""
    dying = {
        queue.name: str(dict(queue.arguments)["x-dead-letter-exchange"])
        for queue in wanted.queues
        if "x-dead-letter-exchange" in dict(queue.arguments)
    }
    declared = {each.name for each in wanted.exchanges} | {each.name for each in wanted.queues}
    return Rights(
        configure=_exactly(declared),
        write=_exactly([*(each.queue for each in wanted.bindings), *dying.values()]),
        read=_exactly([*(each.exchange for each in wanted.bindings), *dying]),
    )


def _exactly(names: Iterable[str]) -> frozenset[str]:
    return frozenset(_literal(name) or _DEFAULT_EXCHANGE for name in names)


def _literal(name: str) -> str:
    return name.replace(".", r"\.").replace("*", r"\*")


def _any(patterns: Iterable[str]) -> str:
    return f"^({'|'.join(found)})$" if (found := sorted(patterns)) else NOTHING


_MARK: Final = f"{_literal(layout.MARK)}[0-9a-f]+"
_RPC: Final = _exactly([layout.RPC_EXCHANGE]) | {_REPLIES}
_GATEWAY: Final = Rights(configure=_RPC, write=_RPC, read=_RPC)
_CARRIER: Final = Rights(
    configure=frozenset([_SUBSCRIPTIONS, _EVENTS]),
    write=frozenset([_SUBSCRIPTIONS]),
    read=frozenset([_SUBSCRIPTIONS, _EVENTS]),
)
_OPERATOR: Final = Rights(write=frozenset([_DEFAULT_EXCHANGE]), read=frozenset([_DEAD_LETTERS]))
