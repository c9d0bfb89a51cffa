"""What is deployed to watch the network is sound: rules, their tests, dashboards and runbooks."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Counter as Total
from prometheus_client import Gauge, Histogram

from chassis import metrics
from contracts.language import EVENTS
from gateway.api.operations import OPERATIONS
from gateway.api.views import PREFIX
from launcher.monitoring import generated, rules, tools
from launcher.monitoring.alerts import RUNBOOKS
from launcher.monitoring.dashboards import DASHBOARDS
from launcher.monitoring.panels import understood
from launcher.settings import DATABASES, ROOT, Settings

PROMETHEUS = generated.DIRECTORY / "prometheus"
OWN = [each for each in vars(metrics).values() if isinstance(each, Total | Gauge | Histogram)]
LABELS = {
    "service", "entrypoint", "kind", "outcome", "target", "method", "route", "status", "reason",
    "type", "from_event", "to", "version", "revision", "operation",
}  # fmt: skip
"""Labels whose values come from the code; an id of anything would make series without end."""


@pytest.fixture(scope="session")
def promtool() -> Path:
    """Give Prometheus's own checker, brought from the distribution when it is missing."""
    return tools.acquire(Settings.from_environment(), "promtool")["promtool"]


def complaints(promtool: Path, *arguments: str) -> str:
    """Return what promtool finds fault with."""
    done = subprocess.run(  # noqa: S603 - it runs what it was given
        [promtool, *arguments], cwd=PROMETHEUS, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr if done.returncode else ""


def test_nothing_deployed_is_stale() -> None:
    """Whoever changes an alert or a dashboard runs ``./plurali monitoring write``."""
    assert generated.stale() == []


@pytest.mark.parametrize("name", ["prometheus.yml", "one-machine.yml"])
def test_configuration_and_rules_are_valid(promtool: Path, name: str) -> None:
    """Prometheus loads what it is given."""
    assert complaints(promtool, "check", "config", name) == ""


@pytest.mark.parametrize("name", ["objectives.yml", "causes.yml"])
def test_every_alert_fires_when_it_should_and_only_then(promtool: Path, name: str) -> None:
    """Promtool plays the course of things that each alert names."""
    assert complaints(promtool, "test", "rules", f"tests/{name}") == ""


def test_every_alert_is_played_in_both_directions() -> None:
    """One case in which it fires and one at least in which it is silent."""
    played: dict[str, set[bool]] = {}
    for document in rules.tests().values():
        for test in document["tests"]:
            for looked in test["alert_rule_test"]:
                played.setdefault(looked["alertname"], set()).add(bool(looked["exp_alerts"]))
    assert played == {alert.name: {True, False} for alert in rules.ALERTS}


def test_alerts_have_names_of_their_own() -> None:
    """A name in a message leads to one rule."""
    assert {name for name, n in Counter(each.name for each in rules.ALERTS).items() if n > 1} == (
        set()
    )


def test_every_alert_has_a_runbook() -> None:
    """The link of the alert ends at a heading that exists."""
    headings = re.findall(r"^#+ (.+)$", (ROOT / RUNBOOKS).read_text(), re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", each.lower()).replace(" ", "-") for each in headings}
    assert {alert.runbook for alert in rules.ALERTS} - anchors == set()


def test_every_process_is_scraped() -> None:
    """None of the services, nor the gateway, is forgotten."""
    for name in ("prometheus.yml", "one-machine.yml"):
        jobs = yaml.safe_load((PROMETHEUS / name).read_text())["scrape_configs"]
        (own,) = (job for job in jobs if job["job_name"] == "plurali")
        scraped = [target["labels"]["component"] for target in own["static_configs"]]
        assert scraped == list(DATABASES)


def test_labels_have_values_that_the_code_knows() -> None:
    """No label takes what a caller or a person makes up."""
    assert {label for metric in OWN for label in metric._labelnames} == LABELS


@pytest.mark.parametrize("source", ["alerts", "dashboards"])
def test_queries_name_series_that_exist(source: str) -> None:
    """A misspelt metric is an alert that never fires and a panel that is always empty."""
    known = {name for metric in OWN for name in _names(metric)}
    asked = set(re.findall(r"\bplurali_\w+", "\n".join(expressions(source))))
    assert asked - known == set()


@pytest.mark.parametrize("source", ["alerts", "dashboards"])
def test_queries_name_values_that_exist(source: str) -> None:
    """Routes, operations and event types are spelt as in the code."""
    text = "\n".join(expressions(source))
    routes = {PREFIX + operation.path for operation in OPERATIONS}
    assert set(re.findall(r'route="([^"]+)"', text)) <= routes
    assert set(re.findall(r'operation="([^"]+)"', text)) <= {each.name for each in OPERATIONS}
    assert set(re.findall(r'[{,]type="([^"]+)"', text)) <= EVENTS.keys()
    assert set(re.findall(r"plurali:[\w:]+", text)) <= {
        rule["record"]
        for document in rules.files().values()
        for group in document["groups"]
        for rule in group["rules"]
        if "record" in rule
    }


def test_dashboards_have_ids_of_their_own() -> None:
    """A link to a dashboard, and to a panel of it, leads to one place."""
    documents = [dashboard(each.uid) for each in DASHBOARDS]
    assert len({each["uid"] for each in documents}) == len(documents)
    for each in documents:
        ids = [panel["id"] for panel in each["panels"]]
        assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("uid", [each.uid for each in DASHBOARDS])
def test_no_panel_lies_on_another(uid: str) -> None:
    """Every panel has its place on the grid of 24 columns."""
    places = [panel["gridPos"] for panel in dashboard(uid)["panels"]]
    assert [one for one in places if one["x"] + one["w"] > 24] == []
    assert [(one, other) for one, other in combinations(places, 2) if _overlap(one, other)] == []


@pytest.mark.parametrize("uid", [each.uid for each in DASHBOARDS])
def test_every_panel_says_what_it_counts_and_asks_the_chosen_prometheus(uid: str) -> None:
    """A panel has a unit, a sentence and the dashboard's variable as its source."""
    document = dashboard(uid)
    chosen = {"type": "prometheus", "uid": "${datasource}"}
    assert document["templating"]["list"][0]["type"] == "datasource"
    for panel in (each for each in document["panels"] if each["type"] != "row"):
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        assert panel["description"], panel["title"]
        assert [panel["datasource"], *(each["datasource"] for each in panel["targets"])] == [
            chosen
        ] * (1 + len(panel["targets"])), panel["title"]


@pytest.mark.parametrize("uid", [each.uid for each in DASHBOARDS])
def test_grafana_knows_every_field_of_a_dashboard(uid: str) -> None:
    """Its schema drops what it does not know, so nothing may be missing after a reading."""
    document = dashboard(uid)
    read = understood(json.dumps(document))
    assert _meaning(read) == _meaning(document)


def expressions(source: str) -> list[str]:
    """Return all expressions of the alerts and recordings, or of the dashboards."""
    if source == "dashboards":
        return [query.expr for each in DASHBOARDS for _, query in each.queries]
    return [
        rule["expr"]
        for document in rules.files().values()
        for group in document["groups"]
        for rule in group["rules"]
    ]


def dashboard(uid: str) -> dict[str, Any]:
    """Return a committed dashboard."""
    path = generated.DIRECTORY / "grafana" / "dashboards" / f"{uid}.json"
    document: dict[str, Any] = json.loads(path.read_text())
    return document


def _names(metric: Any) -> set[str]:
    name = metric._name
    if isinstance(metric, Histogram):
        return {f"{name}_{part}" for part in ("bucket", "count", "sum")}
    return {f"{name}_total"} if isinstance(metric, Total) else {name}


def _overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    return all(
        one[start] < other[start] + other[size] and other[start] < one[start] + one[size]
        for start, size in (("x", "w"), ("y", "h"))
    )


def _meaning(value: Any) -> Any:
    """Drop what stands for nothing: an encoder may write it or leave it out."""
    match value:
        case dict():
            inner = {key: _meaning(each) for key, each in value.items()}
            return {key: each for key, each in inner.items() if each not in (None, {}, [], "")}
        case list():
            return [_meaning(each) for each in value]
        case _:
            return value
