"""Other organizations' systems: what waits for them, and who is away."""

from __future__ import annotations

from typing import Final

from launcher.monitoring.panels import Drawing, Lines, Query, Section, Unit
from launcher.monitoring.series import DEAD, MESSAGES, MINE, RATE

DRAWING: Final = Drawing(
    uid="plurali-subscribers",
    title="Plurali: subscribers",
    about="Systems of other organizations: what waits for them, and who is away.",
    sections=(
        Section(
            title="Queues",
            panels=(
                Lines(
                    title="Waiting",
                    about="Events that a subscriber has not taken; at 5000 the oldest are dropped.",
                    unit=Unit.COUNT,
                    queries=(
                        Query(
                            f'sum by (queue) ({MESSAGES}{{vhost="partners",queue!~".+[.]dead"}})',
                            "{{queue}}",
                        ),
                    ),
                ),
                Lines(
                    title="Connected",
                    about="Readers of each subscriber's queue; none means that it is away.",
                    unit=Unit.COUNT,
                    queries=(
                        Query(
                            "sum by (queue) (rabbitmq_detailed_queue_consumers"
                            '{vhost="partners",queue!~".+[.]dead"})',
                            "{{queue}}",
                        ),
                    ),
                ),
                Lines(
                    title="On the way",
                    about="Events that the shovel has not carried over yet.",
                    unit=Unit.COUNT,
                    queries=(
                        Query(
                            f'sum by (queue) ({MESSAGES}{{{MINE},queue=~"partners[.].+"}})',
                            "{{queue}}",
                        ),
                    ),
                ),
                Lines(
                    title="Shovels",
                    about="One for each subscriber.",
                    unit=Unit.COUNT,
                    queries=(
                        Query(
                            "sum by (queue) (rabbitmq_detailed_queue_consumers"
                            f'{{{MINE},queue=~"partners[.].+"}})',
                            "{{queue}}",
                        ),
                    ),
                ),
                Lines(
                    title="Dead letters",
                    about="What a subscriber refused ten times.",
                    unit=Unit.COUNT,
                    queries=(
                        Query(
                            f'sum by (queue) ({MESSAGES}{{vhost="partners",{DEAD}}})', "{{queue}}"
                        ),
                    ),
                ),
                Lines(
                    title="Dropped",
                    about="Events that full queues let go; the subscriber asks for a replay.",
                    unit=Unit.PER_SECOND,
                    queries=(
                        Query(
                            f"sum(rate(rabbitmq_global_messages_dead_lettered_maxlen_total{RATE}))",
                            "dropped",
                        ),
                    ),
                ),
            ),
        ),
    ),
)
