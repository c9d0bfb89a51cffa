"""Events that stop on their way: in an outbox, in a queue, among the dead letters."""

from __future__ import annotations

from typing import Final

from launcher.monitoring.alerts import Alert, Case, Severity
from launcher.monitoring.series import CONSUMERS, DEAD, MESSAGES, MINE, WORK, named, queue

ALERTS: Final = (
    Alert(
        name="NobodyRelays",
        severity=Severity.PAGE,
        expr="max by (service) (plurali_relay_leads) == 0",
        wait="2m",
        summary="No relay publishes the events of {{ $labels.service }}",
        runbook="stuck-outbox",
        fires=Case(
            series={
                named("plurali_relay_leads", service="intake", instance="a"): "1+0x10 0+0x50",
                named("plurali_relay_leads", service="intake", instance="b"): "0+0x60",
            },
            labels={"service": "intake"},
        ),
        silent=(
            Case(
                series={
                    named("plurali_relay_leads", service="intake", instance="a"): "1+0x10 0+0x50",
                    named("plurali_relay_leads", service="intake", instance="b"): "0+0x10 1+0x50",
                }
            ),
        ),
    ),
    Alert(
        name="RelayHangs",
        severity=Severity.PAGE,
        expr="plurali_relay_beat_age_seconds > 60 and plurali_relay_leads == 1",
        wait="2m",
        summary="The relay of {{ $labels.service }} holds its lock and does nothing",
        runbook="stuck-outbox",
        fires=Case(
            series={
                named("plurali_relay_beat_age_seconds", service="intake"): "0+60x60",
                named("plurali_relay_leads", service="intake"): "1+0x60",
            },
            labels={"service": "intake"},
        ),
        silent=(
            Case(
                series={
                    named("plurali_relay_beat_age_seconds", service="intake"): "1+0x60",
                    named("plurali_relay_leads", service="intake"): "1+0x60",
                }
            ),
        ),
    ),
    Alert(
        name="OutboxOld",
        severity=Severity.TICKET,
        expr="max by (service) (plurali_outbox_oldest_age_seconds) > 300",
        wait="5m",
        summary="For five minutes an event of {{ $labels.service }} has not been published",
        runbook="stuck-outbox",
        fires=Case(
            series={named("plurali_outbox_oldest_age_seconds", service="intake"): "0+60x60"},
            labels={"service": "intake"},
        ),
        silent=(
            Case(series={named("plurali_outbox_oldest_age_seconds", service="intake"): "20+0x60"}),
        ),
    ),
    Alert(
        name="EventsNotTaken",
        severity=Severity.TICKET,
        expr=(
            "sum by (service, reason) (increase(plurali_outbox_publish_failures_total[15m])) > 0"
        ),
        summary="No queue took events of {{ $labels.service }}: {{ $labels.reason }}",
        runbook="stuck-outbox",
        fires=Case(
            series={
                named(
                    "plurali_outbox_publish_failures_total", service="intake", reason="returned"
                ): "0+0x20 1+0x40"
            },
            labels={"service": "intake", "reason": "returned"},
        ),
        silent=(
            Case(
                series={
                    named(
                        "plurali_outbox_publish_failures_total", service="intake", reason="returned"
                    ): "7+0x60"
                }
            ),
        ),
    ),
    Alert(
        name="DeadLettersArrived",
        severity=Severity.TICKET,
        expr=f"sum by (queue) ({MESSAGES}{{{MINE},{DEAD}}}) > 0",
        summary="Messages were given up: {{ $labels.queue }}",
        runbook="dead-letters",
        fires=Case(
            series=queue("referrals.on_screening_completed.dead", "0+0x20 1+0x40"),
            labels={"queue": "referrals.on_screening_completed.dead"},
        ),
        silent=(
            Case(
                series={
                    **queue("referrals.on_screening_completed.dead", "0+0x60"),
                    **queue("referrals.on_screening_completed", "5+0x60"),
                }
            ),
        ),
    ),
    Alert(
        name="EventsRest",
        severity=Severity.TICKET,
        expr=f'sum({MESSAGES}{{{MINE},queue=~"retry[.].+"}}) > 0',
        wait="30m",
        summary="For half an hour there have been events that had to be tried again",
        runbook="handlers-fail",
        fires=Case(series=queue("retry.300s", "1+0x60"), at="50m"),
        silent=(Case(series=queue("retry.1s", "1+0x10 0+0x50"), at="50m"),),
    ),
    Alert(
        name="QueueGrows",
        severity=Severity.TICKET,
        expr=f"sum by (queue) ({MESSAGES}{{{WORK}}}) > 1000",
        wait="10m",
        summary="More than a thousand events wait in {{ $labels.queue }}",
        runbook="queue-grows",
        fires=Case(
            series=queue("reporting.on_story_told", "0+200x60"),
            labels={"queue": "reporting.on_story_told"},
        ),
        silent=(Case(series=queue("reporting.on_story_told", "400+0x60")),),
    ),
    Alert(
        name="NobodyListens",
        severity=Severity.PAGE,
        expr=(
            f"sum by (queue) ({CONSUMERS}{{{WORK}}}) == 0\n"
            f'or\nsum by (queue) ({CONSUMERS}{{queue=~"rpc-.+"}}) == 0'
        ),
        wait="5m",
        summary="No process takes from {{ $labels.queue }}",
        runbook="queue-grows",
        fires=Case(
            series=queue("rpc-intake", "1+0x10 0+0x50", metric=CONSUMERS),
            labels={"queue": "rpc-intake"},
        ),
        silent=(
            Case(
                series={
                    **queue("rpc-intake", "1+0x60", metric=CONSUMERS),
                    **queue("reporting.on_story_told.dead", "0+0x60", metric=CONSUMERS),
                }
            ),
        ),
    ),
)
