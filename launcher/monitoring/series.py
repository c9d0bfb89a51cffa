"""Names of series and the labels that pick some of them, shared by alerts and dashboards."""

from __future__ import annotations

from typing import Final

from launcher.settings import SERVICES

MESSAGES: Final = "rabbitmq_detailed_queue_messages"
CONSUMERS: Final = "rabbitmq_detailed_queue_consumers"
MINE: Final = 'vhost!="partners"'
"""Queues of our own, in whatever virtual host they are."""
THEIRS: Final = 'vhost="partners"'
DEAD: Final = 'queue=~".+[.]dead"'
ALIVE: Final = 'queue!~".+[.]dead"'
WORK: Final = f'queue=~"({"|".join(SERVICES)})[.].+",{ALIVE}'
FEEDING: Final = f'{MINE},queue=~"partners[.].+"'
"""Queues that a shovel empties into those of subscribers."""
RATE: Final = "[$__rate_interval]"


def named(metric: str, **labels: str) -> str:
    """Return one series by its labels."""
    inside = ",".join(f'{name}="{value}"' for name, value in labels.items())
    return f"{metric}{{{inside}}}"


def queue(
    name: str, values: str, *, vhost: str = "plurali", metric: str = MESSAGES
) -> dict[str, str]:
    """Return the course of a queue, for a test."""
    return {named(metric, vhost=vhost, queue=name): values}
