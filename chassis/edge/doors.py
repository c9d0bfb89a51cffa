"""What all doors have in common: how they bind, work and are watched."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

import structlog

from chassis import metrics
from chassis.log import bound
from chassis.settings import Settings
from chassis.tracing import TRACING, Kind, Span
from chassis.unit import S, Units
from contracts.language import Event, Request

log = structlog.get_logger()

_FAILED = frozenset({"error", "dead", "retry"})

V = TypeVar("V", bound="BareService[Any]")


@dataclass
class Doors:
    """The doors of a service class, by method name."""

    answers: dict[str, type[Request[Any]]] = field(default_factory=dict)
    listens: dict[str, tuple[type[Event], ...]] = field(default_factory=dict)
    every: dict[str, float] = field(default_factory=dict)


class BareService(Generic[S]):
    """A service without a door: a name, a database, and the settings of the process it is in."""

    name: ClassVar[str]
    database: Any
    settings: Settings

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
        service.settings = self.container.config["settings"]
        self.container.spawn_worker(self, (partial(errand, service),), {}, handle_result=tell)

    @contextmanager
    def traced(
        self, kind: Kind, outcome: list[str], parent: str | None, **ids: str | None
    ) -> Iterator[Span]:
        """Give the span of a piece of work; in the end it tells how that went."""
        name = f"{self.container.service_name}.{self.door}"
        with TRACING.span(name, kind, parent, **ids) as span:
            yield span
            span.tell("plurali.outcome", outcome[-1])
            if outcome[-1] in _FAILED:
                span.fail()

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
