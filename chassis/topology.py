"""What all services need of the broker; ``python -m chassis.topology`` declares it.

It runs before any service publishes: ``mandatory`` proves only that one queue wanted an event, not
that all did.
"""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from typing import Any

from chassis.edge import Service, doors_of
from chassis.envelope import RESTRICTED
from chassis.layout import (
    Exchange,
    Topology,
    apply,
    events_exchange,
    mark_of,
    rpc,
    shared,
    subscription,
)
from chassis.roster import SERVICES, package_of
from chassis.settings import secret


def of_service(service: type[Any]) -> Topology:
    """Return what one service class needs."""
    name = service.name
    whole = Topology(exchanges=frozenset([Exchange(events_exchange(name), "topic")]))
    if doors_of(service).answers:
        whole |= rpc(name)
    for method, events in doors_of(service).listens.items():
        whole |= subscription(f"{name}.{method}", [(event.source, event.type) for event in events])
    return whole


def whole() -> Topology:
    """Return what all services together need."""
    topology = shared()
    for name in SERVICES:
        topology |= of_service(load_service(name))
    return topology


def subscriptions() -> dict[str, tuple[str, ...]]:
    """Return, by event type, the queues of the services that listen to it."""
    wanted: dict[str, list[str]] = {}
    for binding in sorted(whole().bindings):
        if binding.exchange.endswith(".events") and not binding.routing_key.startswith(RESTRICTED):
            wanted.setdefault(binding.routing_key, []).append(binding.queue)
    return {type_: tuple(queues) for type_, queues in wanted.items()}


def load_service(name: str) -> type[Any]:
    """Return the service class of a package.

    Raises:
        LookupError: its module ``service`` does not define exactly one.

    """
    module = importlib.import_module(f"{package_of(name)}.service")
    found = [
        member
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, Service) and member.__module__ == module.__name__
    ]
    if len(found) != 1:
        raise LookupError(f"{module.__name__} defines {len(found)} services instead of one")
    return found[0]


def main() -> None:
    """Declare the topology of all services at ``AMQP_URI``, and last of all its mark."""
    topology, uri = whole(), secret(os.environ, "AMQP_URI")
    apply(uri, topology)
    apply(uri, Topology(frozenset([mark_of(topology)])))
    sys.stdout.write(f"{len(topology.queues)} queues, {len(topology.bindings)} bindings\n")


if __name__ == "__main__":
    main()
