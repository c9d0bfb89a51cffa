"""What an alert is: when it fires, whom it wakes, where its runbook stands, and its proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

RUNBOOKS: Final = "docs/operating.md"


class Severity(StrEnum):
    """Whom an alert reaches: somebody at once, or somebody on the next working day."""

    PAGE = "page"
    TICKET = "ticket"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A course of things: series in promtool's notation, and the moment of looking.

    ``labels`` are what tells the alert that then fires from others of its name.
    """

    series: Mapping[str, str]
    at: str = "30m"
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One alert; ``wait`` is for how long its expression must hold."""

    name: str
    severity: Severity
    expr: str
    wait: str = "0m"
    summary: str
    runbook: str
    fires: Case
    silent: tuple[Case, ...]

    def rule(self) -> dict[str, Any]:
        """Return the rule as Prometheus reads it."""
        return {
            "alert": self.name,
            "expr": self.expr,
            "for": self.wait,
            "labels": {"severity": str(self.severity)},
            "annotations": {"summary": self.summary, "runbook_url": f"{RUNBOOKS}#{self.runbook}"},
        }

    def tests(self) -> Iterator[dict[str, Any]]:
        """Yield the tests as promtool reads them: one that it fires, and those that it does not."""
        yield self._test("fires", self.fires, [self._expected(self.fires.labels)])
        for number, case in enumerate(self.silent, 1):
            yield self._test(f"stays silent {number}", case, [])

    def _test(self, what: str, case: Case, expected: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "name": f"{self.name} {what}",
            "interval": "1m",
            "input_series": [
                {"series": series, "values": values} for series, values in case.series.items()
            ],
            "alert_rule_test": [
                {"eval_time": case.at, "alertname": self.name, "exp_alerts": expected}
            ],
        }

    def _expected(self, labels: Mapping[str, str]) -> dict[str, Any]:
        rule = self.rule()
        summary = self.summary
        for name, value in labels.items():
            summary = summary.replace(f"{{{{ $labels.{name} }}}}", value)
        return {
            "exp_labels": {**rule["labels"], **labels},
            "exp_annotations": {**rule["annotations"], "summary": summary},
        }
