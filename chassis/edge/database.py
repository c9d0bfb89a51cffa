"""The database of a service as its doors get it, with the relay of its outbox."""

from __future__ import annotations

from typing import Any, Generic

from chassis import layout, metrics
from chassis.broker import Confirms, Publisher
from chassis.db import make_engine
from chassis.framework import DependencyProvider
from chassis.relay import Relay
from chassis.unit import S, Units
from contracts.language import EVENTS


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
        engine = make_engine(
            settings.database_url,
            name=name,
            workers=settings.workers,
            now=settings.database_now,
        )
        publisher = Publisher(lambda: RelayLine(settings.broker_now(), name))
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
            layout.events_exchange(self._service), "topic", durable=True, auto_delete=False
        )
