"""Spans for whoever collects them (OpenTelemetry): an optional extra, off unless it is wanted.

``traceparent`` travels with every request and event in any case. Where
``OTEL_EXPORTER_OTLP_ENDPOINT`` is set and the packages of ``requirements/tracing.lock`` are there,
each piece of work becomes a span under it, and what the work causes hangs below that span. A span
carries names of routes, requests, events and ids of correlation; never what somebody entered.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import structlog

ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
HEADER: Final = "traceparent"

log = structlog.get_logger()


class Kind(StrEnum):
    """Which side of a conversation a span is, by OpenTelemetry's names."""

    SERVER = "SERVER"
    CLIENT = "CLIENT"
    PRODUCER = "PRODUCER"
    CONSUMER = "CONSUMER"


@dataclass
class Span:
    """A piece of work under way; ``traceparent`` is what its effects hang below."""

    traceparent: str | None
    real: Any = None

    def tell(self, name: str, value: str | int) -> None:
        """Add what is known only in the end."""
        if self.real is not None:
            self.real.set_attribute(name, value)

    def fail(self) -> None:
        """Mark the work as failed."""
        if self.real is not None:
            trace = importlib.import_module("opentelemetry.trace")
            self.real.set_status(trace.StatusCode.ERROR)


class Tracing:
    """The tracing of this process; without a tracer it hands on what it is given."""

    def __init__(self) -> None:
        """Begin without a tracer."""
        self._tracer: Any = None

    @property
    def is_on(self) -> bool:
        """Whether spans are recorded."""
        return self._tracer is not None

    def configure(self, service: str, version: str, told: Mapping[str, str] = os.environ) -> None:
        """Record spans from now on, if somebody collects them and the packages are there."""
        if not told.get(ENDPOINT):
            return
        try:
            sdk = importlib.import_module("opentelemetry.sdk.trace")
            export = importlib.import_module("opentelemetry.sdk.trace.export")
            otlp = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
            resources = importlib.import_module("opentelemetry.sdk.resources")
        except ImportError:
            log.warning("tracing_not_installed", lock="requirements/tracing.lock")
            return
        resource = resources.Resource.create(
            {"service.name": f"plurali-{service}", "service.version": version}
        )
        provider = sdk.TracerProvider(resource=resource)
        provider.add_span_processor(export.BatchSpanProcessor(otlp.OTLPSpanExporter()))
        self.use(provider)

    def use(self, provider: Any) -> None:
        """Record spans with a provider; without one, no longer."""
        self._tracer = None if provider is None else provider.get_tracer("plurali")

    @contextmanager
    def span(
        self, name: str, kind: Kind, parent: str | None, **attributes: str | int | None
    ) -> Iterator[Span]:
        """Give the span of a piece of work below its parent; an exception marks it as failed."""
        if self._tracer is None:
            yield Span(parent)
            return
        trace = importlib.import_module("opentelemetry.trace")
        propagation = importlib.import_module("opentelemetry.trace.propagation.tracecontext")
        form = propagation.TraceContextTextMapPropagator()
        known = {
            key.replace("__", "."): each for key, each in attributes.items() if each is not None
        }
        real = self._tracer.start_span(
            name,
            # Never the context of the thread: workers and green threads take turns there.
            context=form.extract(
                {HEADER: parent} if parent else {}, trace.set_span_in_context(trace.INVALID_SPAN)
            ),
            kind=trace.SpanKind[kind],
            attributes=known,
        )
        carrier: dict[str, str] = {}
        form.inject(carrier, trace.set_span_in_context(real))
        span = Span(carrier.get(HEADER, parent), real)
        try:
            yield span
        except BaseException as error:
            span.fail()
            span.tell("error.type", type(error).__qualname__)
            raise
        finally:
            real.end()


TRACING: Final = Tracing()
"""The tracing of this process."""
