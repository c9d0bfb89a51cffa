"""What an operator sees of a journey: numbers on every panel, one trace, one line for each work."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from chassis import roster, topology
from chassis.clock import new_id
from chassis.testing import eventually
from contracts.access import Role
from launcher.demonstration import REFERRER
from launcher.journey.chain import Journey, Network
from launcher.journey.client import Client, Problem
from launcher.journey.vignettes import chosen
from launcher.monitoring import rules
from launcher.monitoring.dashboards import DASHBOARDS
from launcher.stack import Stack
from tests.support.prometheus import Prometheus, watching
from tests.support.running import every_event, signed_in

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
EFFECTS = frozenset({"need.opened.v1", "referral.requested.v1", "enrolment.confirmed.v1"})
ELSEWHERE = ("kubelet_", "node_")
"""Measured on Kubernetes and by a node_exporter, neither of which is here."""
_SELECTOR = re.compile(r"\b((?:plurali|rabbitmq|pg|process|up)[a-z0-9_:]*)(\{[^}]*\})?")


@pytest.fixture(scope="module")
def prometheus(
    stack: Stack, tmp_path_factory: pytest.TempPathFactory, network: Network
) -> Iterator[Prometheus]:
    """Give a Prometheus that has watched a journey, and an attempt to sign in that failed."""
    with watching(stack, tmp_path_factory.mktemp("prometheus")) as prometheus:
        eventually(lambda: prometheus.ask('sum(up{job="plurali"}) == 8'), seconds=60)
        # A counter shows an increase only between two looks at it.
        assert Journey(network, chosen("V1")[0]).run().missing == []
        with Client(stack.gateway_url) as stranger, pytest.raises(Problem):
            stranger.sign_in("nobody@example.org", "not the password")
        yield prometheus


@pytest.fixture(scope="module")
def traced(stack: Stack, network: Network) -> tuple[Journey, list[dict[str, Any]]]:
    """Give a journey whose desk and worker carry a trace, and all events of that trace."""
    journey = Journey(network, chosen("V1")[0])
    for client in (journey._desk, journey._worker):
        client._session.headers["traceparent"] = f"00-{TRACE}-00f067aa0ba902b7-01"
    with every_event(stack) as events:
        assert journey.run().missing == []
    return journey, [each for each in events if TRACE in each.get("traceparent", "")]


@pytest.mark.parametrize("uid", [each.uid for each in DASHBOARDS])
def test_every_panel_shows_numbers(prometheus: Prometheus, uid: str) -> None:
    """After a journey no query of any dashboard is empty or not a number."""
    (drawing,) = (each for each in DASHBOARDS if each.uid == uid)

    def nothing_wrong() -> bool:
        faults = {
            (title, query.expr): fault
            for title, query in drawing.queries
            if (fault := prometheus.fault_of(query.expr))
        }
        assert faults == {}
        return True

    assert eventually(nothing_wrong, seconds=60)


def test_every_alert_looks_at_series_that_exist(prometheus: Prometheus) -> None:
    """No alert is silent because what it watches has another name or other labels."""
    selectors = {
        (alert.name, match[0])
        for alert in rules.ALERTS
        for match in _SELECTOR.finditer(alert.expr)
        if not match[1].startswith(ELSEWHERE)
    }

    def all_exist() -> bool:
        assert [each for each in sorted(selectors) if not prometheus.ask(f"count({each[1]})")] == []
        return True

    assert eventually(all_exist, seconds=60)


def test_a_healthy_network_wakes_nobody(prometheus: Prometheus) -> None:
    """After a journey no alert with severity page fires or is about to."""
    assert prometheus.ask('ALERTS{severity="page"}') == []


def test_prometheus_can_load_and_evaluate_every_rule(prometheus: Prometheus) -> None:
    """No rule fails, and each share of failures is known in every window."""
    wanted = [
        rule
        for document in rules.files().values()
        for group in document["groups"]
        for rule in group["rules"]
    ]
    assert eventually(lambda: prometheus.rule_states() == {"ok": len(wanted)}, seconds=60)
    recorded = [rule["record"] for rule in wanted if "record" in rule]

    def all_known() -> bool:
        assert [name for name in recorded if prometheus.fault_of(name)] == []
        return True

    # The journey shows in a share only after the next look and the next evaluation.
    assert eventually(all_known, seconds=60)


def test_one_trace_leads_from_the_request_to_the_last_effect(
    traced: tuple[Journey, list[dict[str, Any]]],
) -> None:
    """The id that a caller sends is in every event of the cascade, whoever tells it."""
    _, events = traced
    types = {each["type"] for each in events}
    assert types >= {"person.registered.v1", "screening.completed.v1", *EFFECTS}


def test_every_effect_names_its_cause(traced: tuple[Journey, list[dict[str, Any]]]) -> None:
    """Needs, referrals and enrolments are caused by the screening and share its correlation."""
    _, events = traced
    (screening,) = (each for each in events if each["type"] == "screening.completed.v1")
    effects = [each for each in events if each["type"] in EFFECTS]
    assert {each["causationid"] for each in effects} == {screening["id"]}
    assert {each["correlationid"] for each in effects} == {screening["correlationid"]}


def test_every_message_is_one_line(
    stack: Stack, traced: tuple[Journey, list[dict[str, Any]]]
) -> None:
    """Each event is handled in each queue that hears it, which leaves one line with its trace."""
    _, events = traced
    heard = topology.subscriptions()
    expected = Counter(
        f"{queue} {event['id']}" for event in events for queue in heard[event["type"]]
    )

    def found() -> bool:
        lines = [line for line in _lines(stack) if line.get("kind") == "event"]
        assert expected == Counter(
            f"{line['service']}.{line['entrypoint']} {line['message_id']}"
            for line in lines
            if TRACE in line.get("traceparent", "")
        )
        return True

    assert eventually(found, seconds=30)


def test_every_request_is_one_line_at_each_process(
    stack: Stack, traced: tuple[Journey, list[dict[str, Any]]]
) -> None:
    """A question leaves one line at the gateway and one at the service that answers it."""
    journey, _ = traced
    correlation = str(new_id())
    with signed_in(stack, REFERRER, Role.CASE_WORKER) as worker:
        worker._session.headers["X-Correlation-Id"] = correlation
        worker.get(f"/people/{journey.course.person_id}")
    lines = eventually(
        lambda: [line for line in _lines(stack) if line.get("correlation_id") == correlation][1:]
    )
    assert lines
    told = [
        (line["service"], line["event"], line.get("entrypoint"))
        for line in _lines(stack)
        if line.get("correlation_id") == correlation
    ]
    assert sorted(told, key=str) == [
        ("gateway", "http_request", None),
        ("intake", "entrypoint_handled", "get_person"),
    ]


def _lines(stack: Stack) -> Iterator[dict[str, Any]]:
    """Yield every line that a process of ours has logged."""
    for name in (*roster.SERVICES, "gateway"):
        for text in (stack.logs / f"{name}.log").read_text().splitlines():
            if text.startswith("{"):
                yield json.loads(text)
