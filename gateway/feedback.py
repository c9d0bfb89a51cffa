"""What people report about the pages: kept for whoever administers, with nothing about persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final, Protocol
from uuid import UUID

import sqlalchemy as sa

from chassis import clock
from contracts.language import NotFound, Resource, Text
from gateway.database import Database, metadata
from gateway.limits import Allowance, TooManyRequests

LIMIT: Final = 5
"""Reports from one address in an hour; whoever has more to say can be spoken with."""

_WINDOW: Final = timedelta(hours=1)

feedback_reports: Final = sa.Table(
    "feedback_reports",
    metadata,
    sa.Column("report_id", sa.Uuid, primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("page", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("contact", sa.Text),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("settled_at", sa.DateTime(timezone=True)),
    sa.Index("ix_feedback_reports_origin", "origin", "at"),
)


class NewReport(Resource):
    """What somebody reports: on which page, what happened, and where an answer may go."""

    text: Annotated[str, Text(minimum=5, maximum=2000)]
    page: Annotated[str, Text(maximum=200)] = ""
    contact: Annotated[str | None, Text(maximum=120)] = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report as it is kept."""

    report_id: UUID
    at: datetime
    page: str
    text: str
    contact: str | None
    settled_at: datetime | None


class Reports(Protocol):
    """Where reports are kept."""

    def add(self, new: NewReport, *, origin: str) -> None:
        """Keep a report; ``origin`` stands for the address that it comes from."""

    def newest(self, *, before: UUID | None, limit: int) -> tuple[Report, ...]:
        """Return reports, newest first, from where a page ended."""

    def settle(self, report_id: UUID) -> None:
        """Note that a report is dealt with."""


@dataclass(frozen=True)
class StoredReports:
    """Reports in the gateway's database."""

    database: Database

    def add(self, new: NewReport, *, origin: str) -> None:
        """Keep a report.

        Raises:
            TooManyRequests: enough came from there within an hour.

        """
        now = clock.now()

        def keep(connection: sa.Connection) -> int:
            connection.execute(
                sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(origin, 0)))
            )
            lately = sa.select(sa.func.count()).where(
                feedback_reports.c.origin == origin, feedback_reports.c.at > now - _WINDOW
            )
            found = connection.scalar(lately) or 0
            if found < LIMIT:
                row = {"report_id": clock.new_id(), "at": now, "origin": origin, **vars(new)}
                connection.execute(sa.insert(feedback_reports).values(**row))
            return found

        found = self.database.transact(keep)
        if found >= LIMIT:
            raise TooManyRequests(Allowance(LIMIT, found + 1, int(_WINDOW.total_seconds())))

    def newest(self, *, before: UUID | None, limit: int) -> tuple[Report, ...]:
        """Return reports, newest first, from where a page ended."""
        query = (
            sa.select(*(each for each in feedback_reports.c if each.name != "origin"))
            .order_by(feedback_reports.c.report_id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(feedback_reports.c.report_id < before)
        return self.database.transact(
            lambda connection: tuple(
                Report(**row) for row in connection.execute(query).mappings().all()
            )
        )

    def settle(self, report_id: UUID) -> None:
        """Note that a report is dealt with.

        Raises:
            NotFound: there is none with this id.

        """
        settled = (
            sa.update(feedback_reports)
            .where(feedback_reports.c.report_id == report_id)
            .values(settled_at=sa.func.coalesce(feedback_reports.c.settled_at, clock.now()))
        )
        if not self.database.transact(lambda connection: connection.execute(settled).rowcount):
            raise NotFound("There is no such report.")


class NoReports:
    """Keeps nothing, for a gateway without a database."""

    def add(self, new: NewReport, *, origin: str) -> None:
        """Keep nothing."""

    def newest(self, *, before: UUID | None, limit: int) -> tuple[Report, ...]:  # noqa: ARG002 - the port names them
        """Return nothing."""
        return ()

    def settle(self, report_id: UUID) -> None:
        """Know of no report.

        Raises:
            NotFound: always.

        """
        raise NotFound("There is no such report.", fields={"report_id": [str(report_id)]})
