"""The network at a glance: whether its cases are moving."""

from __future__ import annotations

from typing import Final

from launcher.monitoring.objectives import OBJECTIVES, PERIOD
from launcher.monitoring.panels import Better, Drawing, Figure, Lines, Query, Section, Unit
from launcher.monitoring.queries import quantiles, told
from launcher.monitoring.series import DEAD, MESSAGES, MINE, RATE


def _day(title: str, type_: str) -> Figure:
    return Figure(
        title=title,
        about=f"Events {type_} published in the last 24 hours.",
        unit=Unit.COUNT,
        query=told(type_),
    )


_PROMISES: Final = Section(
    title="Promises",
    panels=tuple(
        Figure(
            title=objective.title,
            about=(
                f"Promised: {objective.target:.1%}. What is left of the failures that "
                f"{PERIOD} may have; below 0 the promise is broken."
            ),
            unit=Unit.SHARE,
            query=Query(f"1 - {objective.recorded(PERIOD)} / {objective.budget:g}"),
            better=Better.HIGH,
            limits=(0, 0.25),
        )
        for objective in OBJECTIVES
    ),
)

DRAWING: Final = Drawing(
    uid="plurali-network",
    title="Plurali: the network at a glance",
    about="Whether the network's cases are moving; if everything is green, close it again.",
    sections=(
        _PROMISES,
        Section(
            title="Now",
            panels=(
                Figure(
                    title="Alerts",
                    about="Alerts that fire at this moment.",
                    unit=Unit.COUNT,
                    query=Query('count(ALERTS{alertstate="firing"}) or vector(0)'),
                    limits=(1, 5),
                ),
                Figure(
                    title="Silent processes",
                    about="Processes that do not answer.",
                    unit=Unit.COUNT,
                    query=Query('count(up{job="plurali"} == 0) or vector(0)'),
                    limits=(1, 2),
                ),
                Figure(
                    title="Dead letters",
                    about="Messages that were given up and wait for a decision.",
                    unit=Unit.COUNT,
                    query=Query(f"sum({MESSAGES}{{{MINE},{DEAD}}})"),
                    limits=(1, 100),
                ),
                Figure(
                    title="Oldest unpublished event",
                    about="How long the oldest event has been waiting in an outbox.",
                    unit=Unit.SECONDS,
                    query=Query("max(plurali_outbox_oldest_age_seconds)"),
                    limits=(10, 60),
                ),
                Figure(
                    title="Waiting events",
                    about="Events in the work queues.",
                    unit=Unit.COUNT,
                    query=Query(
                        f'sum({MESSAGES}{{{MINE},queue!~".+[.]dead|rpc.+|partners[.].+"}})'
                    ),
                    limits=(100, 1000),
                ),
                Figure(
                    title="Reaction to a screening",
                    about="95 of 100 completed screenings had their effects within this time.",
                    unit=Unit.SECONDS,
                    query=Query(
                        "histogram_quantile(0.95, sum by (le)"
                        " (increase(plurali_cascade_latency_seconds_bucket[6h]))) >= 0"
                    ),
                    limits=(2.5, 5),
                ),
            ),
        ),
        Section(
            title="The last 24 hours",
            panels=(
                _day("Persons registered", "person.registered.v1"),
                _day("Screenings completed", "screening.completed.v1"),
                _day("Referrals requested", "referral.requested.v1"),
                _day("Referrals accepted", "referral.accepted.v1"),
                _day("Referrals completed", "referral.completed.v1"),
                _day("Enrolments confirmed", "enrolment.confirmed.v1"),
            ),
        ),
        Section(
            title="The course of the day",
            panels=(
                Lines(
                    title="What happened",
                    about="Events by type, within one hour each.",
                    unit=Unit.COUNT,
                    queries=(
                        Query(
                            "sum by (type) (increase(plurali_outbox_published_total[1h])) > 0",
                            "{{type}}",
                        ),
                    ),
                    stacked=True,
                ),
                Lines(
                    title="Requests",
                    about="Requests to the gateway by what came of them.",
                    unit=Unit.PER_SECOND,
                    queries=(
                        Query(
                            f"sum by (status) (rate(plurali_http_requests_total{RATE}))",
                            "{{status}}",
                        ),
                    ),
                    stacked=True,
                ),
                Lines(
                    title="Duration of requests",
                    about="Half, 95 and 99 of 100 requests were answered within this time.",
                    unit=Unit.SECONDS,
                    queries=quantiles("plurali_http_request_duration_seconds"),
                ),
                Lines(
                    title="Reaction to a screening",
                    about="From the completed screening to its effect; promised: 95 % within 5 s.",
                    unit=Unit.SECONDS,
                    queries=quantiles("plurali_cascade_latency_seconds"),
                ),
            ),
        ),
    ),
)
