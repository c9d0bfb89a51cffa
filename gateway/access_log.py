"""Who looked at whom: a row for every person that an API call touches; rows are only ever added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Annotated, Any, Final, Protocol
from uuid import UUID

import sqlalchemy as sa

from chassis import metrics
from contracts.access import AccessPurpose
from contracts.language import About, Message, Resource
from gateway.database import Database, metadata
from gateway.identity.models import users

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
    sa.Column("purpose", sa.Text),
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
    purpose: AccessPurpose | None = None


class PersonAccess(Resource):
    """One access to a person's data: who, for which agency, when, what, why and from where."""

    access_id: UUID
    at: datetime
    user_id: UUID
    name: Annotated[str | None, About("Of the user; a program has none")] = None
    agency_id: UUID
    operation: Annotated[str, About("The operation of this API")]
    purpose: AccessPurpose | None = None
    status: Annotated[int, About("Of the answer; from 400 on nothing was shown")]
    address: str
    correlation_id: str


class AccessLog(Protocol):
    """Where accesses are written down before an answer leaves."""

    def add(self, accesses: Sequence[Access]) -> None:
        """Write them down for good, or fail."""
        ...

    def of_person(
        self, person_id: UUID, *, before: UUID | None, limit: int
    ) -> tuple[PersonAccess, ...]:
        """Return who touched a person's data, newest first, from where a page ended."""
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

    def of_person(
        self, person_id: UUID, *, before: UUID | None, limit: int
    ) -> tuple[PersonAccess, ...]:
        """Return who touched a person's data, newest first, from where a page ended."""
        columns = [access_log.c[each.name] for each in fields(PersonAccess) if each.name != "name"]
        query = (
            sa.select(*columns, users.c.name)
            .outerjoin(users, users.c.user_id == access_log.c.user_id)
            .where(access_log.c.person_id == person_id)
            .order_by(access_log.c.access_id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(access_log.c.access_id < before)
        rows = self.database.transact(lambda connection: connection.execute(query).mappings().all())
        return tuple(_shown(row) for row in rows)


def _shown(row: Mapping[Any, Any]) -> PersonAccess:
    """Return the access of a row, whose purpose is kept as text."""
    purpose = row["purpose"]
    return PersonAccess(**{**row, "purpose": None if purpose is None else AccessPurpose(purpose)})


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


def persons_of(message: Any) -> Iterator[UUID]:
    """Walk through a message itself, quicker than through its JSON, and yield persons' ids."""
    if isinstance(message, Message):
        for each in fields(message):  # type: ignore[arg-type]  # every Message is made a dataclass at birth
            value = getattr(message, each.name)
            if each.name == SUBJECT and isinstance(value, UUID):
                yield value
            elif isinstance(value, _CONTAINERS):
                yield from persons_of(value)
    elif isinstance(message, tuple | list):
        for each in message:
            yield from persons_of(each)
    elif isinstance(message, Mapping):
        yield from persons_of(tuple(message.values()))


_CONTAINERS: Final = (Message, tuple, list, Mapping)
