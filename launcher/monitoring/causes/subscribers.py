"""Other organizations' systems: away, not fed, or refusing what they get."""

from __future__ import annotations

from typing import Final

from chassis.partners import BOUND
from launcher.monitoring.alerts import Alert, Case, Severity
from launcher.monitoring.series import (
    ALIVE,
    CONSUMERS,
    DEAD,
    FEEDING,
    MESSAGES,
    THEIRS,
    named,
    queue,
)

_NEARLY_FULL: Final = BOUND * 8 // 10

ALERTS: Final = (
    Alert(
        name="SubscriberQueueFills",
        severity=Severity.TICKET,
        expr=(
            f"sum by (queue) ({MESSAGES}{{{THEIRS},{ALIVE}}}) > {_NEARLY_FULL}\n"
            f"or\nsum by (queue) ({MESSAGES}{{{FEEDING}}}) > {_NEARLY_FULL}"
        ),
        wait="10m",
        summary="{{ $labels.queue }} is nearly full: then it drops its oldest events",
        runbook="subscriber-away",
        fires=Case(series=queue("cidis", "0+500x60", vhost="partners"), labels={"queue": "cidis"}),
        silent=(Case(series=queue("cidis", "1000+0x60", vhost="partners")),),
    ),
    Alert(
        name="SubscriberLosesEvents",
        severity=Severity.TICKET,
        expr="sum(increase(rabbitmq_global_messages_dead_lettered_maxlen_total[15m])) > 0",
        summary="A subscriber's full queue drops events",
        runbook="subscriber-away",
        fires=Case(
            series={
                named(
                    "rabbitmq_global_messages_dead_lettered_maxlen_total",
                    dead_letter_strategy="disabled",
                ): "0+1x60"
            }
        ),
        silent=(
            Case(
                series={
                    named(
                        "rabbitmq_global_messages_dead_lettered_maxlen_total",
                        dead_letter_strategy="disabled",
                    ): "9+0x60"
                }
            ),
        ),
    ),
    Alert(
        name="SubscriberNotFed",
        severity=Severity.TICKET,
        expr=f"sum by (queue) ({CONSUMERS}{{{FEEDING}}}) == 0",
        wait="10m",
        summary="No shovel carries events from {{ $labels.queue }} to its subscriber",
        runbook="subscriber-away",
        fires=Case(
            series=queue("partners.cidis", "1+0x10 0+0x50", metric=CONSUMERS),
            labels={"queue": "partners.cidis"},
        ),
        silent=(Case(series=queue("partners.cidis", "1+0x60", metric=CONSUMERS)),),
    ),
    Alert(
        name="SubscriberDeadLetters",
        severity=Severity.TICKET,
        expr=f"sum by (queue) ({MESSAGES}{{{THEIRS},{DEAD}}}) > 0",
        summary="A subscriber refused messages: {{ $labels.queue }}",
        runbook="dead-letters",
        fires=Case(
            series=queue("cidis.dead", "0+0x20 1+0x40", vhost="partners"),
            labels={"queue": "cidis.dead"},
        ),
        silent=(Case(series=queue("cidis", "9+0x60", vhost="partners")),),
    ),
)
