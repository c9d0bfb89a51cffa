"""RabbitMQ: lost, or short of memory or disk."""

from __future__ import annotations

from typing import Final

from launcher.monitoring.alerts import Alert, Case, Severity
from launcher.monitoring.series import named

ALERTS: Final = (
    Alert(
        name="BrokerDown",
        severity=Severity.PAGE,
        expr='(sum(up{job="rabbitmq"}) or vector(0)) == 0',
        wait="1m",
        summary="RabbitMQ does not answer",
        runbook="broker-lost",
        fires=Case(series={named("up", job="rabbitmq", instance="a"): "1+0x10 0+0x50"}),
        silent=(
            Case(
                series={
                    named("up", job="rabbitmq", instance="a"): "0+0x60",
                    named("up", job="rabbitmq", instance="b"): "1+0x60",
                }
            ),
        ),
    ),
    Alert(
        name="BrokerOutOfMemory",
        severity=Severity.PAGE,
        expr="max(rabbitmq_alarms_memory_used_watermark) == 1",
        wait="1m",
        summary="RabbitMQ has no memory left and takes no message",
        runbook="broker-lost",
        fires=Case(series={"rabbitmq_alarms_memory_used_watermark": "0+0x10 1+0x50"}),
        silent=(Case(series={"rabbitmq_alarms_memory_used_watermark": "0+0x60"}),),
    ),
    Alert(
        name="BrokerOutOfDisk",
        severity=Severity.PAGE,
        expr="max(rabbitmq_alarms_free_disk_space_watermark) == 1",
        wait="1m",
        summary="RabbitMQ has no disk left and takes no message",
        runbook="full-disk",
        fires=Case(series={"rabbitmq_alarms_free_disk_space_watermark": "0+0x10 1+0x50"}),
        silent=(Case(series={"rabbitmq_alarms_free_disk_space_watermark": "0+0x60"}),),
    ),
    Alert(
        name="DiskFills",
        severity=Severity.TICKET,
        expr=(
            "min(rabbitmq_disk_space_available_bytes)"
            " < 5 * max(rabbitmq_disk_space_available_limit_bytes)\n"
            "or\nmin(predict_linear(rabbitmq_disk_space_available_bytes[6h], 86400)) < 0"
        ),
        wait="15m",
        summary="The disk of RabbitMQ is nearly full, or will be within a day",
        runbook="full-disk",
        fires=Case(
            series={
                "rabbitmq_disk_space_available_bytes": "9e10-1e8x60",
                "rabbitmq_disk_space_available_limit_bytes": "1e9+0x60",
            },
            at="1h",
        ),
        silent=(
            Case(
                series={
                    "rabbitmq_disk_space_available_bytes": "9e10-1e5x60",
                    "rabbitmq_disk_space_available_limit_bytes": "1e9+0x60",
                },
                at="1h",
            ),
        ),
    ),
    Alert(
        name="VolumeFills",
        severity=Severity.TICKET,
        expr=(
            "kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes < 0.15\n"
            'or\nnode_filesystem_avail_bytes{fstype!~"tmpfs|overlay|squashfs"}'
            ' / node_filesystem_size_bytes{fstype!~"tmpfs|overlay|squashfs"} < 0.15'
        ),
        wait="15m",
        summary="A volume is more than 85 % full",
        runbook="full-disk",
        fires=Case(
            series={
                named(
                    "kubelet_volume_stats_available_bytes", persistentvolumeclaim="pg-1"
                ): "10+0x60",
                named(
                    "kubelet_volume_stats_capacity_bytes", persistentvolumeclaim="pg-1"
                ): "100+0x60",
            },
            labels={"persistentvolumeclaim": "pg-1"},
        ),
        silent=(
            Case(
                series={
                    named("node_filesystem_avail_bytes", fstype="ext4", mountpoint="/"): "50+0x60",
                    named("node_filesystem_size_bytes", fstype="ext4", mountpoint="/"): "100+0x60",
                    named(
                        "node_filesystem_avail_bytes", fstype="tmpfs", mountpoint="/run"
                    ): "1+0x60",
                    named(
                        "node_filesystem_size_bytes", fstype="tmpfs", mountpoint="/run"
                    ): "100+0x60",
                }
            ),
        ),
    ),
)
