"""What the network is promised, and the alerts that burn with the budget of each promise.

Several windows and burn rates, after chapter 5 of Google's Site Reliability Workbook: a fast fire
is told at once, a slow one on a working day, and both end soon after their cause.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from launcher.monitoring.alerts import Alert, Case, Severity

PERIOD: Final = "30d"
LATE_SECONDS: Final = 60


@dataclass(frozen=True)
class Played:
    """A series of the tests: what a minute adds to it while all is well and while nothing is.

    A gauge has these as its values.
    """

    series: str
    well: float
    ill: float
    gauge: bool = False

    def over(self, *courses: tuple[float, int]) -> str:
        """Return its values through shares of failures, each for some minutes."""
        parts, total = [], 0.0
        for share, minutes in courses:
            pace = (1 - share) * self.well + share * self.ill
            if self.gauge:
                parts.append(f"{pace:g}+0x{minutes}")
            else:
                parts.append(f"{total:g}+{pace:g}x{minutes}")
                total += pace * minutes
        return " ".join(parts)


@dataclass(frozen=True, kw_only=True)
class Objective:
    """A promise: the share that must go well, and what went wrong of what was asked.

    A window stands for ``WINDOW``. Fewer failures than ``least`` in the long window wake nobody:
    in a quiet night one of three requests is a third.
    """

    name: str
    alert: str
    title: str
    target: float
    bad: str
    whole: str = ""
    least: int = 0
    summary: str
    runbook: str
    played: tuple[Played, ...]

    @property
    def budget(self) -> float:
        """The share that may go wrong."""
        return round(1 - self.target, 6)

    @property
    def ratio(self) -> str:
        """The share that goes wrong in a window."""
        return f"{self.bad} / ({self.whole} > 0)" if self.whole else self.bad

    def recorded(self, window: str) -> str:
        """Return the name under which the share is kept."""
        return f"plurali:{self.name}_errors:ratio_{window}"

    def case(self, *courses: tuple[float, int], traffic: float = 1.0) -> Case:
        """Return a case that goes through shares of failures; ``traffic`` is full or less."""
        minutes = sum(length for _, length in courses)
        played = [
            replace(one, well=one.well * traffic, ill=one.ill * traffic) for one in self.played
        ]
        return Case(series={one.series: one.over(*courses) for one in played}, at=f"{minutes}m")


OBJECTIVES: Final = (
    Objective(
        name="gateway",
        alert="GatewayFails",
        title="Requests answered",
        target=0.999,
        bad='sum(rate(plurali_http_requests_total{status=~"5.."}[WINDOW]))',
        whole="sum(rate(plurali_http_requests_total[WINDOW]))",
        least=10,
        summary="Requests to the gateway fail",
        runbook="requests-fail",
        played=(
            Played('plurali_http_requests_total{method="GET",route="/r",status="200"}', 60, 0),
            Played('plurali_http_requests_total{method="GET",route="/r",status="503"}', 0, 60),
        ),
    ),
    Objective(
        name="handlers",
        alert="HandlersFail",
        title="Work that services took up",
        target=0.999,
        bad='sum(rate(plurali_entrypoint_handled_total{outcome=~"error|retry|dead"}[WINDOW]))',
        whole="sum(rate(plurali_entrypoint_handled_total[WINDOW]))",
        least=10,
        summary="Requests, events or ticks fail in the services",
        runbook="handlers-fail",
        played=(
            Played('plurali_entrypoint_handled_total{service="referrals",outcome="ok"}', 60, 0),
            Played('plurali_entrypoint_handled_total{service="referrals",outcome="retry"}', 0, 60),
        ),
    ),
    Objective(
        name="cascade",
        alert="CascadeLate",
        title="Screenings that became referrals and enrolments within 5 s",
        target=0.95,
        bad=(
            '(sum(rate(plurali_cascade_latency_seconds_count{to=~"referrals|pathways"}[WINDOW]))'
            " - sum(rate(plurali_cascade_latency_seconds_bucket"
            '{to=~"referrals|pathways",le="5.0"}[WINDOW])))'
        ),
        whole='sum(rate(plurali_cascade_latency_seconds_count{to=~"referrals|pathways"}[WINDOW]))',
        least=5,
        summary="Completed screenings take more than 5 s to become referrals and enrolments",
        runbook="cascade-late",
        played=(
            Played('plurali_cascade_latency_seconds_bucket{to="referrals",le="5.0"}', 60, 0),
            Played('plurali_cascade_latency_seconds_count{to="referrals"}', 60, 60),
        ),
    ),
    Objective(
        name="outbox",
        alert="OutboxLate",
        title="Time without an event that waits 60 s to be published",
        target=0.999,
        bad="avg_over_time(plurali:outbox_late[WINDOW])",
        summary="Events wait to be published",
        runbook="stuck-outbox",
        played=(
            Played('plurali_outbox_oldest_age_seconds{service="screening"}', 1, 120, gauge=True),
        ),
    ),
)


@dataclass(frozen=True)
class Burn:
    """A rate of burning: so many times too fast, over a long window and still in a short one."""

    factor: float
    long: str
    short: str


BURNS: Final = {
    Severity.PAGE: (Burn(14.4, "1h", "5m"), Burn(6, "6h", "30m")),
    Severity.TICKET: (Burn(3, "1d", "2h"), Burn(1, "3d", "6h")),
}
_WAITS: Final = {Severity.PAGE: "2m", Severity.TICKET: "15m"}
_SUFFIXES: Final = {Severity.PAGE: "Fast", Severity.TICKET: "Slowly"}
SHORT_WINDOWS: Final = ("5m", "30m", "1h", "2h", "6h")
LONG_WINDOWS: Final = ("1d", "3d", PERIOD)


def recordings(windows: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield the rules that keep the share of each objective that went wrong in each window."""
    if windows is SHORT_WINDOWS:
        yield {
            "record": "plurali:outbox_late",
            "expr": f"max(plurali_outbox_oldest_age_seconds) > bool {LATE_SECONDS}",
        }
    for objective in OBJECTIVES:
        for window in windows:
            yield {
                "record": objective.recorded(window),
                "expr": objective.ratio.replace("WINDOW", window),
            }


def alerts() -> Iterator[Alert]:
    """Yield the alerts of every objective: one that wakes and one that waits for the morning."""
    for objective in OBJECTIVES:
        for severity, burns in BURNS.items():
            yield _alert(objective, severity, burns)


def _alert(objective: Objective, severity: Severity, burns: tuple[Burn, ...]) -> Alert:
    slowest = min(burn.factor for burn in burns)
    below = slowest / 2 * objective.budget
    silent = []
    if objective.whole:
        silent += [
            objective.case((below, 180)),
            # All of very little fails.
            objective.case((1.0, 180), traffic=0.0004),
        ]
    else:
        silent.append(objective.case((0.0, 180)))
    if severity is Severity.PAGE:
        # It ends soon after its cause.
        silent.append(objective.case((1.0, 60), (0.0, 40)))
    return Alert(
        name=f"{objective.alert}{_SUFFIXES[severity]}",
        severity=severity,
        expr="\nor\n".join(_burning(objective, burn) for burn in burns),
        wait=_WAITS[severity],
        summary=f"{objective.summary}: {slowest:g} times what may fail, or more",
        runbook=objective.runbook,
        fires=objective.case((1.0, 180)),
        silent=tuple(silent),
    )


def _burning(objective: Objective, burn: Burn) -> str:
    limit = f"{burn.factor * objective.budget:.6g}"
    held = [f"{objective.recorded(window)} > {limit}" for window in (burn.long, burn.short)]
    if objective.least:
        many = objective.bad.replace("rate(", "increase(").replace("WINDOW", burn.long)
        held.append(f"{many} >= {objective.least}")
    return "(\n  " + "\n  and ".join(held) + "\n)"
