"""What a process measures of its events, from the outbox to the effect."""

from __future__ import annotations

import pytest

from chassis.testing import eventually
from tests.support.stage import Process, Stage


@pytest.mark.parametrize(
    "series",
    [
        'plurali_cascade_latency_seconds_count{from_event="greeting.kept.v1",to="greetings"}',
        'plurali_outbox_published_total{service="greetings",type="greeting.kept.v1"}',
        'plurali_relay_leads{service="greetings"}',
    ],
)
def test_a_handled_event_is_measured(stage: Stage, process: Process, series: str) -> None:
    """Its publication is counted by type, the relay that led is known, the reaction is timed."""
    greeting_id = stage.greet()
    eventually(lambda: stage.effects(greeting_id))
    assert eventually(lambda: _value(process, series) > 0)


def test_every_event_type_has_a_series_before_it_happens(process: Process) -> None:
    """The first event of its kind is a change and not a birth."""
    text = eventually(lambda: process.page("/metrics")[1])
    assert 'plurali_outbox_published_total{service="greetings",type="greeting.answered.v1"}' in text


def test_log_line_tells_the_trace(stage: Stage, process: Process) -> None:
    """The trace of a request is on the line of its effect."""
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    stage.greet(traceparent=trace)
    lines = eventually(
        lambda: [line for line in process.lines() if line.get("traceparent") == trace][1:]
    )
    assert lines[-1]["kind"] == "event"


def _value(process: Process, series: str) -> float:
    lines = process.page("/metrics")[1].splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(series))
