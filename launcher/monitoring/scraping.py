"""What Prometheus looks at: every process, the broker as a whole and queue by queue, PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from launcher import ports
from launcher.settings import DATABASES, Settings

COMPONENT: Final = "component"
"""The label that names a service or the gateway; ``service`` is a label of the metrics' own."""

_HEALTH, _BROKER, _DATABASE = 9000, 15692, 9187
_QUEUES: Final = ("queue_coarse_metrics", "queue_consumer_count")


@dataclass(frozen=True, kw_only=True)
class Targets:
    """Where everything is: each as host and port."""

    processes: Mapping[str, str]
    broker: str
    database: str | None

    @classmethod
    def of_compose(cls) -> Targets:
        """Return the targets as containers call each other."""
        return cls(
            processes={name: f"{name}:{_HEALTH}" for name in DATABASES},
            broker=f"rabbitmq:{_BROKER}",
            database=f"postgres-exporter:{_DATABASE}",
        )

    @classmethod
    def of_machine(cls, settings: Settings, *, database: str | None = None) -> Targets:
        """Return the targets of a stack on this machine; PostgreSQL needs an exporter beside it."""
        return cls(
            processes={
                name: f"{ports.LOOPBACK}:{settings.port(f'{name} health')}" for name in DATABASES
            },
            broker=f"{ports.LOOPBACK}:{settings.port('broker-metrics')}",
            database=database,
        )


def configuration(
    targets: Targets, *, rules: str = "rules/*.yml", interval: str = "15s"
) -> dict[str, Any]:
    """Return Prometheus's configuration."""
    jobs = [
        {
            "job_name": "plurali",
            "static_configs": [
                {"targets": [address], "labels": {COMPONENT: name}}
                for name, address in targets.processes.items()
            ],
        },
        {"job_name": "rabbitmq", "static_configs": [{"targets": [targets.broker]}]},
        {
            "job_name": "rabbitmq-queues",
            "metrics_path": "/metrics/detailed",
            "params": {"family": list(_QUEUES)},
            "static_configs": [{"targets": [targets.broker]}],
        },
    ]
    if targets.database is not None:
        jobs.append({"job_name": "postgresql", "static_configs": [{"targets": [targets.database]}]})
    return {
        "global": {"scrape_interval": interval, "evaluation_interval": interval},
        "rule_files": [rules],
        "scrape_configs": jobs,
    }
