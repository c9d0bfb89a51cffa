"""RabbitMQ as Plurali uses it."""

from __future__ import annotations

from typing import Final

from launcher.monitoring.panels import Better, Drawing, Figure, Lines, Query, Section, Unit
from launcher.monitoring.series import MESSAGES, MINE, RATE


def _broker(title: str, about: str, unit: Unit, *queries: Query, stacked: bool = False) -> Lines:
    return Lines(title=title, about=about, unit=unit, queries=queries, stacked=stacked)


def _passing(metric: str) -> Query:
    name = metric.removeprefix("rabbitmq_global_messages_").removesuffix("_total")
    return Query(f"sum(rate({metric}{RATE}))", name.replace("_", " "))


DRAWING: Final = Drawing(
    uid="plurali-broker",
    title="Plurali: broker",
    about="RabbitMQ as Plurali uses it; its makers' dashboards 10991 and 11340 go further.",
    sections=(
        Section(
            title="Now",
            panels=(
                Figure(
                    title="Nodes",
                    about="Nodes that answer.",
                    unit=Unit.COUNT,
                    query=Query('sum(up{job="rabbitmq"})'),
                    better=Better.HIGH,
                    limits=(1, 1),
                ),
                Figure(
                    title="Alarms",
                    about="Memory or disk is short: nobody may publish.",
                    unit=Unit.COUNT,
                    query=Query(
                        "sum(rabbitmq_alarms_memory_used_watermark)"
                        " + sum(rabbitmq_alarms_free_disk_space_watermark)"
                    ),
                    limits=(1, 1),
                ),
                Figure(
                    title="Memory used",
                    about="Of what the broker may use before it stops publishers.",
                    unit=Unit.SHARE,
                    query=Query(
                        "max(rabbitmq_process_resident_memory_bytes"
                        " / rabbitmq_resident_memory_limit_bytes)"
                    ),
                    limits=(0.7, 0.9),
                ),
                Figure(
                    title="Disk free",
                    about="Below its limit the broker takes no message.",
                    unit=Unit.BYTES,
                    query=Query("min(rabbitmq_disk_space_available_bytes)"),
                    better=Better.HIGH,
                    limits=(2e9, 5e9),
                ),
                Figure(
                    title="Connections",
                    about="Four for each service, one for the gateway, and the subscribers'.",
                    unit=Unit.COUNT,
                    query=Query("sum(rabbitmq_connections)"),
                ),
                Figure(
                    title="Queues",
                    about="Work queues, their dead letters, resting places and replies.",
                    unit=Unit.COUNT,
                    query=Query("sum(rabbitmq_queues)"),
                ),
            ),
        ),
        Section(
            title="Messages",
            panels=(
                _broker(
                    "Coming",
                    "What is published, and what a queue has confirmed.",
                    Unit.PER_SECOND,
                    _passing("rabbitmq_global_messages_received_total"),
                    _passing("rabbitmq_global_messages_confirmed_total"),
                    _passing("rabbitmq_global_messages_unroutable_returned_total"),
                ),
                _broker(
                    "Going",
                    "What is delivered, settled, and delivered again.",
                    Unit.PER_SECOND,
                    _passing("rabbitmq_global_messages_delivered_total"),
                    _passing("rabbitmq_global_messages_acknowledged_total"),
                    _passing("rabbitmq_global_messages_redelivered_total"),
                ),
                _broker(
                    "Ready and under way",
                    "Messages in all queues.",
                    Unit.COUNT,
                    Query("sum(rabbitmq_queue_messages_ready)", "ready"),
                    Query("sum(rabbitmq_queue_messages_unacked)", "under way"),
                    stacked=True,
                ),
                _broker(
                    "Longest queues",
                    "The ten with the most messages.",
                    Unit.COUNT,
                    Query(f"topk(10, sum by (vhost, queue) ({MESSAGES}))", "{{vhost}} {{queue}}"),
                ),
                _broker(
                    "Consumers",
                    "Of each work queue: one for each process of its service.",
                    Unit.COUNT,
                    Query(
                        "sum by (queue) (rabbitmq_detailed_queue_consumers"
                        f'{{{MINE},queue!~".+[.]dead|retry.+|rpc[.]reply.+"}})',
                        "{{queue}}",
                    ),
                ),
                _broker(
                    "Connections opened and closed",
                    "Many of them tell of processes that start again and again.",
                    Unit.PER_SECOND,
                    Query(f"sum(rate(rabbitmq_connections_opened_total{RATE}))", "opened"),
                    Query(f"sum(rate(rabbitmq_connections_closed_total{RATE}))", "closed"),
                ),
            ),
        ),
        Section(
            title="Node",
            panels=(
                _broker(
                    "Memory",
                    "Resident, and the limit at which publishers are stopped.",
                    Unit.BYTES,
                    Query("max(rabbitmq_process_resident_memory_bytes)", "used"),
                    Query("min(rabbitmq_resident_memory_limit_bytes)", "limit"),
                ),
                _broker(
                    "Disk",
                    "Free space, and the limit below which no message is taken.",
                    Unit.BYTES,
                    Query("min(rabbitmq_disk_space_available_bytes)", "free"),
                    Query("max(rabbitmq_disk_space_available_limit_bytes)", "limit"),
                ),
                _broker(
                    "Open files",
                    "Of those that the node may have.",
                    Unit.SHARE,
                    Query("max(rabbitmq_process_open_fds / rabbitmq_process_max_fds)", "files"),
                ),
                _broker(
                    "Commit of quorum queues",
                    "How long a write takes until the majority has it.",
                    Unit.SECONDS,
                    Query("avg(rabbitmq_raft_entry_commit_latency_seconds)", "commit"),
                ),
            ),
        ),
    ),
)
