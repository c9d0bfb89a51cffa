"""The files of rules that Prometheus loads, and the tests of every alert in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from launcher.monitoring import objectives
from launcher.monitoring.alerts import Alert
from launcher.monitoring.causes import CAUSES

SYMPTOMS: Final = tuple(objectives.alerts())
ALERTS: Final = (*SYMPTOMS, *CAUSES)


def files() -> dict[str, dict[str, Any]]:
    """Return every file of rules by its name."""
    return {
        "objectives.yml": {
            "groups": [
                _group("objectives", objectives.recordings(objectives.SHORT_WINDOWS)),
                _group(
                    "objectives over days",
                    objectives.recordings(objectives.LONG_WINDOWS),
                    interval="5m",
                ),
                _group("symptoms", (alert.rule() for alert in SYMPTOMS)),
            ]
        },
        "causes.yml": {"groups": [_group("causes", (alert.rule() for alert in CAUSES))]},
    }


def tests() -> dict[str, dict[str, Any]]:
    """Return the files of tests by their names, each for the file of rules of the same name."""
    return {
        # Hours pass in these, and every rule is evaluated at every step.
        "objectives.yml": _tests("objectives.yml", SYMPTOMS, step="5m"),
        "causes.yml": _tests("causes.yml", CAUSES, step="1m"),
    }


def _group(
    name: str, rules: Iterable[dict[str, Any]], *, interval: str | None = None
) -> dict[str, Any]:
    return {"name": name, **({"interval": interval} if interval else {}), "rules": list(rules)}


def _tests(name: str, alerts: Iterable[Alert], *, step: str) -> dict[str, Any]:
    return {
        "rule_files": [f"../rules/{name}"],
        "evaluation_interval": step,
        "tests": [test for alert in alerts for test in alert.tests()],
    }
