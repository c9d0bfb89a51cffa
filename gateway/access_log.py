"""Who looked at whom: a row for every person that an API call touches; rows are only ever added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

import sqlalchemy as sa

from chassis import metrics
from gateway.database import Database, metadata

SUBJECT: Final = "person_id"

access_log: Final = sa.Table(
    "access_log",
    metadata,
    sa.Column("access_id", sa.Uuid, primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("user_id", sa.Uuid, nullable=False),
    sa.Column("agency_id", sa.Uuid, nullable=False),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("person_id", sa.Uuid),
    sa.Column("status", sa.SmallInteger, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("correlation_id", sa.Text, nullable=False),
    sa.Index("ix_access_log_person_id_at", "person_id", "at"),
    sa.Index("ix_access_log_user_id_at", "user_id", "at"),
)


@dataclass(frozen=True, kw_only=True)
class Access:
    """One row: ``person_id`` is absent where a call asked for persons and met none."""

    access_id: UUID
    at: datetime
    user_id: UUID
    agency_id: UUID
    operation: str
    person_id: UUID | None
    status: int
    address: str
    correlation_id: str


class AccessLog(Protocol):
    """Where accesses are written down before an answer leaves."""

    def add(self, accesses: Sequence[Access]) -> None:
        """Write them down for good, or fail."""
        ...


@dataclass(frozen=True)
class StoredAccessLog:
    """The access log in the gateway's database."""

    database: Database

    def add(self, accesses: Sequence[Access]) -> None:
        """Write them down for good, or fail."""
        rows = [asdict(access) for access in accesses]
        self.database.transact(
            lambda connection: connection.execute(sa.insert(access_log), rows) and None
        )
        for access in accesses:
            metrics.ACCESS_LOG_ROWS.labels(access.operation).inc()


def subjects(*parts: Any) -> tuple[UUID, ...]:
    """Return the persons that JSON-like data speaks of, each once, in order."""
    found = dict.fromkeys(each for part in parts for each in _subjects(part))
    return tuple(found)


def _subjects(part: Any) -> Iterator[UUID]:
    """Walk through the data and yield every person's id."""
    if isinstance(part, Mapping):
        for name, value in part.items():
            if name == SUBJECT:
                yield from _readable(value)
            else:
                yield from _subjects(value)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _subjects(each)


def _readable(value: Any) -> Iterator[UUID]:
    """Yield the id if it is one; what a caller sent may be anything."""
    try:
        yield UUID(str(value))
    except ValueError:
        return
