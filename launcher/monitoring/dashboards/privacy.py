"""How much is looked at, never who or what."""

from __future__ import annotations

from typing import Final

from launcher.monitoring.panels import Drawing, Figure, Lines, Query, Section, Unit
from launcher.monitoring.queries import told
from launcher.monitoring.series import RATE


def _answers(statuses: str, span: str) -> str:
    series = f'plurali_http_requests_total{{status=~"{statuses}"}}'
    return f"sum(increase({series}[{span}])) or vector(0)"


def _sign_ins(statuses: str) -> str:
    series = (
        f'plurali_http_requests_total{{method="POST",route="/api/v1/tokens",status=~"{statuses}"}}'
    )
    return f"sum(increase({series}[24h])) or vector(0)"


DRAWING: Final = Drawing(
    uid="plurali-privacy",
    title="Plurali: privacy",
    about="How much is looked at, never who or what: that stands in the access log alone.",
    sections=(
        Section(
            title="The last 24 hours",
            panels=(
                Figure(
                    title="Accesses to persons' data",
                    about="Rows of the access log: one for every person that a request touched.",
                    unit=Unit.COUNT,
                    query=Query("sum(increase(plurali_access_log_rows_total[24h]))"),
                ),
                Figure(
                    title="Searches for persons",
                    about="Rows of the access log that searches left.",
                    unit=Unit.COUNT,
                    query=Query(
                        "sum(increase("
                        'plurali_access_log_rows_total{operation="person_search"}[24h]))'
                    ),
                ),
                Figure(
                    title="Sign-ins",
                    about="That opened the door.",
                    unit=Unit.COUNT,
                    query=Query(_sign_ins("2..")),
                ),
                Figure(
                    title="Failed sign-ins",
                    about="Wrong credentials, or too many attempts.",
                    unit=Unit.COUNT,
                    query=Query(_sign_ins("401|422|429")),
                    limits=(50, 500),
                ),
                Figure(
                    title="Refused for the role",
                    about="Answers 403: the caller's role does not permit it.",
                    unit=Unit.COUNT,
                    query=Query(_answers("403", "24h")),
                    limits=(50, 500),
                ),
                Figure(
                    title="Out of reach",
                    about="Answers 404: it does not exist, or not for this caller.",
                    unit=Unit.COUNT,
                    query=Query(_answers("404", "24h")),
                    limits=(100, 1000),
                ),
            ),
        ),
        Section(
            title="In the course of time",
            panels=(
                Lines(
                    title="Accesses by operation",
                    about="Rows of the access log, within one hour each.",
                    unit=Unit.COUNT,
                    queries=(
                        Query(
                            "sum by (operation) (increase(plurali_access_log_rows_total[1h])) > 0",
                            "{{operation}}",
                        ),
                    ),
                    stacked=True,
                ),
                Lines(
                    title="Refusals",
                    about="By status, within one hour each.",
                    unit=Unit.COUNT,
                    queries=tuple(
                        Query(_answers(status, "1h"), status) for status in ("401", "403", "404")
                    ),
                ),
                Lines(
                    title="Accesses for each request",
                    about="Persons touched by one request; a jump tells of reading in bulk.",
                    unit=Unit.COUNT,
                    queries=(
                        Query(
                            f"sum(rate(plurali_access_log_rows_total{RATE}))"
                            f" / (sum(rate(plurali_http_requests_total{RATE})) > 0)",
                            "persons",
                        ),
                    ),
                ),
                Lines(
                    title="Consents",
                    about="Granted and withdrawn, within one hour each.",
                    unit=Unit.COUNT,
                    queries=(
                        told("consent.granted.v1", "1h"),
                        told("consent.withdrawn.v1", "1h"),
                    ),
                ),
            ),
        ),
    ),
)
