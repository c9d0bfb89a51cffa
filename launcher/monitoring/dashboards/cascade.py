"""The way of an event, and where it stops."""

from __future__ import annotations

from typing import Final

from launcher.monitoring.panels import Drawing, Lines, Query, Section, Unit
from launcher.monitoring.queries import quantile
from launcher.monitoring.series import DEAD, MESSAGES, MINE, RATE

DRAWING: Final = Drawing(
    uid="plurali-cascade",
    title="Plurali: the cascade",
    about="The way of an event: outbox, relay, queue, effect; and where it stops.",
    sections=(
        Section(
            title="In time",
            panels=(
                Lines(
                    title="Effects within 5 s",
                    about="Share of completed screenings whose effect came in time, by service.",
                    unit=Unit.SHARE,
                    queries=(
                        Query(
                            "sum by (to) (rate(plurali_cascade_latency_seconds_bucket"
                            f'{{le="5.0"}}{RATE}))\n/ (sum by (to)'
                            f" (rate(plurali_cascade_latency_seconds_count{RATE})) > 0)",
                            "{{to}}",
                        ),
                    ),
                ),
                Lines(
                    title="Reaction, 95 %",
                    about="95 of 100 completed screenings had their effect within this time.",
                    unit=Unit.SECONDS,
                    queries=(
                        Query(quantile(0.95, "plurali_cascade_latency_seconds", "to"), "{{to}}"),
                    ),
                ),
                Lines(
                    title="Age of events when handled, 95 %",
                    about="By queue: from the fact to the commit of its effect.",
                    unit=Unit.SECONDS,
                    queries=(
                        Query(
                            quantile(0.95, "plurali_event_lag_seconds", "service, entrypoint"),
                            "{{service}}.{{entrypoint}}",
                        ),
                    ),
                ),
                Lines(
                    title="Handling of events, 95 %",
                    about="From taking an event to the commit.",
                    unit=Unit.SECONDS,
                    queries=(
                        Query(
                            quantile(
                                0.95,
                                "plurali_entrypoint_duration_seconds",
                                "service, entrypoint",
                                '{kind="event"}',
                            ),
                            "{{service}}.{{entrypoint}}",
                        ),
                    ),
                ),
            ),
        ),
        Section(
            title="From the outbox to the queue",
            panels=(
                Lines(
                    title="Published",
                    about="Events that a queue keeps, by service.",
                    unit=Unit.PER_SECOND,
                    queries=(
                        Query(
                            f"sum by (service) (rate(plurali_outbox_published_total{RATE}))",
                            "{{service}}",
                        ),
                    ),
                ),
                Lines(
                    title="Oldest unpublished event",
                    about="Age; above 60 s the promise is broken.",
                    unit=Unit.SECONDS,
                    queries=(
                        Query(
                            "max by (service) (plurali_outbox_oldest_age_seconds)", "{{service}}"
                        ),
                    ),
                ),
                Lines(
                    title="Unpublished events",
                    about="Rows of the outbox that no queue has taken yet.",
                    unit=Unit.COUNT,
                    queries=(Query("sum by (service) (plurali_outbox_pending)", "{{service}}"),),
                ),
                Lines(
                    title="Refused by the broker",
                    about="Events that no queue took: nobody listens, or the queue is full.",
                    unit=Unit.PER_SECOND,
                    queries=(
                        Query(
                            "sum by (service, reason)"
                            f" (rate(plurali_outbox_publish_failures_total{RATE}))",
                            "{{service}} {{reason}}",
                        ),
                    ),
                ),
                Lines(
                    title="Relays",
                    about="Time since a relay last looked at its outbox.",
                    unit=Unit.SECONDS,
                    queries=(
                        Query("max by (service) (plurali_relay_beat_age_seconds)", "{{service}}"),
                    ),
                ),
                Lines(
                    title="Leading relays",
                    about="One for each service; none means that nothing is published.",
                    unit=Unit.COUNT,
                    queries=(Query("sum by (service) (plurali_relay_leads)", "{{service}}"),),
                ),
            ),
        ),
        Section(
            title="Where events stop",
            panels=(
                Lines(
                    title="Waiting",
                    about="Messages in the work queues.",
                    unit=Unit.COUNT,
                    queries=(
                        Query(
                            f"sum by (queue) ({MESSAGES}"
                            f'{{{MINE},queue!~".+[.]dead|rpc.+|partners[.].+|retry.+"}})',
                            "{{queue}}",
                        ),
                    ),
                    stacked=True,
                ),
                Lines(
                    title="Resting",
                    about="Events that failed and come back after a second, 5, 30 or 300.",
                    unit=Unit.COUNT,
                    queries=(
                        Query(
                            f'sum by (queue) ({MESSAGES}{{{MINE},queue=~"retry[.].+"}})',
                            "{{queue}}",
                        ),
                    ),
                    stacked=True,
                ),
                Lines(
                    title="Retries",
                    about="Events laid to rest.",
                    unit=Unit.PER_SECOND,
                    queries=(
                        Query(
                            "sum by (service, entrypoint)"
                            f" (rate(plurali_event_retries_total{RATE}))",
                            "{{service}}.{{entrypoint}}",
                        ),
                    ),
                ),
                Lines(
                    title="Dead letters",
                    about="What lies in the queues of dead letters.",
                    unit=Unit.COUNT,
                    queries=(Query(f"sum by (queue) ({MESSAGES}{{{MINE},{DEAD}}})", "{{queue}}"),),
                    stacked=True,
                ),
                Lines(
                    title="Given up",
                    about="Events that became dead letters.",
                    unit=Unit.PER_SECOND,
                    queries=(
                        Query(
                            "sum by (service, entrypoint)"
                            f" (rate(plurali_event_dead_lettered_total{RATE}))",
                            "{{service}}.{{entrypoint}}",
                        ),
                    ),
                ),
                Lines(
                    title="Duplicates",
                    about="Events that came twice and had one effect.",
                    unit=Unit.PER_SECOND,
                    queries=(
                        Query(
                            "sum by (service, entrypoint)"
                            f" (rate(plurali_inbox_duplicates_total{RATE}))",
                            "{{service}}.{{entrypoint}}",
                        ),
                    ),
                ),
            ),
        ),
    ),
)
