"""PostgreSQL: lost, or short of connections."""

from __future__ import annotations

from typing import Final

from launcher.monitoring.alerts import Alert, Case, Severity
from launcher.monitoring.series import named

ALERTS: Final = (
    Alert(
        name="DatabaseDown",
        severity=Severity.PAGE,
        # Where nobody measures PostgreSQL there is no series; then the relays tell of its loss.
        expr='min(pg_up{job="postgresql"}) == 0 or max(up{job="postgresql"}) == 0',
        wait="1m",
        summary="PostgreSQL does not answer",
        runbook="database-lost",
        fires=Case(
            series={
                named("up", job="postgresql"): "1+0x60",
                named("pg_up", job="postgresql"): "1+0x10 0+0x50",
            }
        ),
        silent=(
            Case(
                series={
                    named("up", job="postgresql"): "1+0x60",
                    named("pg_up", job="postgresql"): "1+0x60",
                }
            ),
            Case(series={named("up", job="plurali", component="intake"): "1+0x60"}),
        ),
    ),
    Alert(
        name="DatabaseConnectionsScarce",
        severity=Severity.TICKET,
        expr=(
            "sum by (instance) (pg_stat_activity_count)"
            " / max by (instance) (pg_settings_max_connections) > 0.85"
        ),
        wait="10m",
        summary="PostgreSQL {{ $labels.instance }} has hardly a connection left",
        runbook="connections-scarce",
        fires=Case(
            series={
                named(
                    "pg_stat_activity_count", instance="a", datname="intake", state="idle"
                ): "95+0x60",
                named("pg_settings_max_connections", instance="a"): "100+0x60",
            },
            labels={"instance": "a"},
        ),
        silent=(
            Case(
                series={
                    named(
                        "pg_stat_activity_count", instance="a", datname="intake", state="idle"
                    ): "40+0x60",
                    named("pg_settings_max_connections", instance="a"): "100+0x60",
                }
            ),
        ),
    ),
    Alert(
        name="TransactionOpenTooLong",
        severity=Severity.TICKET,
        expr="max by (datname) (pg_stat_activity_max_tx_duration) > 900",
        wait="5m",
        summary="A transaction in {{ $labels.datname }} has been open for more than 15 minutes",
        runbook="connections-scarce",
        fires=Case(
            series={
                named(
                    "pg_stat_activity_max_tx_duration",
                    datname="intake",
                    state="idle in transaction",
                ): "0+60x60"
            },
            labels={"datname": "intake"},
        ),
        silent=(
            Case(
                series={
                    named(
                        "pg_stat_activity_max_tx_duration", datname="intake", state="active"
                    ): "5+0x60"
                }
            ),
        ),
    ),
    Alert(
        name="PoolExhausted",
        severity=Severity.TICKET,
        expr="plurali_db_pool_in_use / plurali_db_pool_size > 0.9",
        wait="5m",
        summary="{{ $labels.service }} has all of its database connections in use",
        runbook="connections-scarce",
        fires=Case(
            series={
                named("plurali_db_pool_in_use", service="intake"): "13+0x60",
                named("plurali_db_pool_size", service="intake"): "13+0x60",
            },
            labels={"service": "intake"},
        ),
        silent=(
            Case(
                series={
                    named("plurali_db_pool_in_use", service="intake"): "13+0x20 3+0x40",
                    named("plurali_db_pool_size", service="intake"): "13+0x60",
                }
            ),
        ),
    ),
)
