"""Processes that do not answer, start again or carry the wrong schema."""

from __future__ import annotations

from typing import Final

from launcher.monitoring.alerts import Alert, Case, Severity
from launcher.monitoring.series import named
from launcher.settings import DATABASES

_ALL_UP: Final = {
    named("up", job="plurali", component=name, instance="a"): "1+0x60" for name in DATABASES
}
_ONE_OF_TWO: Final = {
    **_ALL_UP,
    named("up", job="plurali", component="referrals", instance="b"): "0+0x60",
}
_NEVER_SEEN: Final = "\n    or ".join(
    f'absent(up{{job="plurali",component="{name}"}})' for name in DATABASES
)

ALERTS: Final = (
    Alert(
        name="ComponentDown",
        severity=Severity.PAGE,
        expr=(
            'sum by (component) (up{job="plurali"}) == 0\n'
            f"or\nmax by (component) (\n    {_NEVER_SEEN}\n)"
        ),
        wait="2m",
        summary="No process of {{ $labels.component }} answers",
        runbook="process-down",
        fires=Case(
            series={name: values for name, values in _ALL_UP.items() if "referrals" not in name},
            labels={"component": "referrals"},
        ),
        silent=(Case(series=_ONE_OF_TWO),),
    ),
    Alert(
        name="ProcessDown",
        severity=Severity.TICKET,
        expr=(
            'up{job="plurali"} == 0\n'
            'and on (component) (sum by (component) (up{job="plurali"}) > 0)'
        ),
        wait="10m",
        summary="One process of {{ $labels.component }} does not answer, others do",
        runbook="process-down",
        fires=Case(
            series=_ONE_OF_TWO,
            labels={"job": "plurali", "component": "referrals", "instance": "b"},
        ),
        silent=(Case(series=_ALL_UP),),
    ),
    Alert(
        name="ProcessRestarts",
        severity=Severity.TICKET,
        expr='changes(process_start_time_seconds{job="plurali"}[1h]) > 3',
        summary="{{ $labels.component }} starts again and again",
        runbook="process-down",
        fires=Case(
            series={
                named("process_start_time_seconds", job="plurali", component="intake"): "0+60x30"
            },
            labels={"job": "plurali", "component": "intake"},
        ),
        silent=(
            Case(
                series={
                    named(
                        "process_start_time_seconds", job="plurali", component="intake"
                    ): "1+0x9 2+0x50"
                }
            ),
        ),
    ),
    Alert(
        name="FilesScarce",
        severity=Severity.TICKET,
        expr='process_open_fds{job="plurali"} / process_max_fds{job="plurali"} > 0.8',
        wait="10m",
        summary="{{ $labels.component }} has hardly a file left to open",
        runbook="process-down",
        fires=Case(
            series={
                named("process_open_fds", job="plurali", component="intake"): "900+0x60",
                named("process_max_fds", job="plurali", component="intake"): "1024+0x60",
            },
            labels={"job": "plurali", "component": "intake"},
        ),
        silent=(
            Case(
                series={
                    named("process_open_fds", job="plurali", component="intake"): "90+0x60",
                    named("process_max_fds", job="plurali", component="intake"): "1024+0x60",
                }
            ),
        ),
    ),
    Alert(
        name="SchemaDiffers",
        severity=Severity.TICKET,
        expr=(
            "max by (service, revision) (plurali_schema_revision)\n"
            "unless on (service, revision) plurali_schema_expected"
        ),
        wait="15m",
        summary="The database of {{ $labels.service }} has another schema than its code expects",
        runbook="schema-differs",
        fires=Case(
            series={
                named("plurali_schema_revision", service="intake", revision="0001"): "1+0x60",
                named("plurali_schema_expected", service="intake", revision="0002"): "1+0x60",
            },
            labels={"service": "intake", "revision": "0001"},
        ),
        silent=(
            Case(
                series={
                    named("plurali_schema_revision", service="intake", revision="0002"): "1+0x60",
                    named(
                        "plurali_schema_expected", service="intake", revision="0002", instance="a"
                    ): "1+0x60",
                    named(
                        "plurali_schema_expected", service="intake", revision="0001", instance="b"
                    ): "1+0x60",
                }
            ),
        ),
    ),
    Alert(
        name="MeasurementMissing",
        severity=Severity.TICKET,
        expr='up{job!="plurali"} == 0',
        wait="10m",
        summary="{{ $labels.job }} cannot be measured",
        runbook="measurement-missing",
        fires=Case(
            series={named("up", job="rabbitmq-queues", instance="a"): "1+0x10 0+0x50"},
            labels={"job": "rabbitmq-queues", "instance": "a"},
        ),
        silent=(Case(series={named("up", job="rabbitmq-queues", instance="a"): "1+0x60"}),),
    ),
)
