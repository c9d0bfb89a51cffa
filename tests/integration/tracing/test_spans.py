"""Spans of a living process under eventlet, as a collector receives them over OTLP."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from structlog.testing import capture_logs

from chassis.errors import ServiceError
from chassis.testing import eventually
from chassis.tracing import ENDPOINT, TRACING, Tracing
from tests.integration.tracing.conftest import Collector, Recorded
from tests.support.gateway import Gateway, new_gateway
from tests.support.stage import Stage

_REQUEST = "greetings.greet SERVER"
_PUBLISH = "greeting.kept.v1 publish PRODUCER"
_EVENT = "greetings.on_greeted CONSUMER"


@pytest.fixture
def here() -> Iterator[Any]:
    """Record the spans of this process."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    TRACING.use(provider)
    yield exporter
    TRACING.use(None)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """Give a gateway over fakes."""
    with ThreadPoolExecutor(max_workers=1) as side:
        gateway = new_gateway(side)
        gateway.forget()
        yield gateway


def _greeted(
    stage: Stage, collector: Collector, *wanted: str, mood: str = "good"
) -> tuple[str, dict[str, Recorded]]:
    """Have a greeting kept below a span of a browser; return that span's id and all below it."""
    trace_id, span_id = secrets.token_hex(16), secrets.token_hex(8)
    stage.greet(traceparent=f"00-{trace_id}-{span_id}-01", mood=mood)
    eventually(lambda: collector.of_trace(trace_id).keys() >= set(wanted))
    return span_id, collector.of_trace(trace_id)


def test_one_trace_leads_from_the_caller_to_the_last_effect(
    stage: Stage, collector: Collector
) -> None:
    """The request hangs below the caller, the event and its handling below the request."""
    caller, spans = _greeted(stage, collector, _REQUEST, _PUBLISH, _EVENT)
    request = spans[_REQUEST]
    assert {name: span.parent_id for name, span in spans.items()} == {
        _REQUEST: caller,
        _PUBLISH: request.span_id,
        _EVENT: request.span_id,
    }


def test_a_span_tells_who_sent_it(stage: Stage, collector: Collector) -> None:
    """A collector sorts by the name of the service."""
    _, spans = _greeted(stage, collector, _EVENT)
    assert {span.service for span in spans.values()} == {"plurali-greetings"}


def test_a_span_holds_nothing_that_somebody_entered(stage: Stage, collector: Collector) -> None:
    """Names of things and ids of correlation alone."""
    _, spans = _greeted(stage, collector, _REQUEST, _PUBLISH, _EVENT)
    keys = {key for span in spans.values() for key in span.attributes}
    assert keys == {"plurali.correlation_id", "messaging.message.id", "plurali.outcome"}


def test_a_handler_that_failed_is_marked(stage: Stage, collector: Collector) -> None:
    """Whoever looks for failures finds the place."""
    _, spans = _greeted(stage, collector, _EVENT, mood="refuse")
    assert spans[_EVENT].failed


def test_a_question_over_rpc_is_a_span_around_the_answer(
    stage: Stage, collector: Collector, here: Any
) -> None:
    """The service's span hangs below the caller's."""
    trace_id, browser = secrets.token_hex(16), secrets.token_hex(8)
    stage.greet(traceparent=f"00-{trace_id}-{browser}-01")
    (question,) = here.get_finished_spans()
    eventually(lambda: _REQUEST in collector.of_trace(trace_id))
    answer = collector.of_trace(trace_id)[_REQUEST]
    assert (question.name, f"{question.context.span_id:016x}") == (
        "greetings.greet",
        answer.parent_id,
    )


def test_a_refused_question_is_marked(stage: Stage, here: Any) -> None:
    """On the caller's side as well."""
    with pytest.raises(ServiceError):
        stage.greet(mood="answer-refuse")
    (question,) = here.get_finished_spans()
    assert not question.status.is_ok


def test_a_request_of_a_browser_begins_or_continues_a_trace(gateway: Gateway, here: Any) -> None:
    """The span is named by the route, never by the path with its ids."""
    trace_id, browser = secrets.token_hex(16), secrets.token_hex(8)
    gateway.request("GET", "/forms/current", traceparent=f"00-{trace_id}-{browser}-01")
    (span,) = here.get_finished_spans()
    assert (span.name, f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}") == (
        "GET /api/v1/forms/current",
        trace_id,
        browser,
    )


def test_a_process_without_the_packages_works_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The image is the same with a collector and without one."""
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    tracing = Tracing()
    with capture_logs() as lines:
        tracing.configure("greetings", "1", {ENDPOINT: "http://127.0.0.1:4318"})
    assert (tracing.is_on, [line["event"] for line in lines]) == (False, ["tracing_not_installed"])
