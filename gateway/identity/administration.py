"""The administration log: who did what to whom, only ever added to, each entry sealing the last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from gateway.identity.language import AdministrationEntry, AdministrationVerdict
from gateway.identity.models import administration_log

_LOCK: Final = 0x1D_1064
_BEGINNING: Final = "0" * 64
_BATCH: Final = 1000


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Something that was done to an account; ``details`` are codes and ids, never a name."""

    actor_id: UUID
    action: str
    target_id: UUID
    details: Mapping[str, Any]


@dataclass(frozen=True)
class AdministrationLog:
    """The log inside one transaction: a deed and its entry are kept or undone together."""

    connection: sa.Connection

    def write(self, deed: Deed, at: datetime) -> None:
        """Add an entry behind the last one; who writes at the same time waits."""
        self.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        last = self.connection.execute(
            sa.select(administration_log.c.number, administration_log.c.hash)
            .order_by(administration_log.c.number.desc())
            .limit(1)
        ).one_or_none()
        number, previous = (last.number, last.hash) if last else (0, _BEGINNING)
        row = {
            "number": number + 1,
            "at": at,
            "actor_id": deed.actor_id,
            "action": deed.action,
            "target_id": deed.target_id,
            "details": json.dumps(deed.details, sort_keys=True, default=str),
        }
        self.connection.execute(
            sa.insert(administration_log).values(**row, hash=chained(previous, row))
        )

    def entries(
        self, *, before: int | None, target_id: UUID | None, limit: int
    ) -> tuple[AdministrationEntry, ...]:
        """Return entries, newest first, from where a page ended."""
        query = (
            sa.select(administration_log).order_by(administration_log.c.number.desc()).limit(limit)
        )
        if before is not None:
            query = query.where(administration_log.c.number < before)
        if target_id is not None:
            query = query.where(administration_log.c.target_id == target_id)
        return tuple(
            AdministrationEntry(
                number=row.number,
                at=row.at,
                actor_id=row.actor_id,
                action=row.action,
                target_id=row.target_id,
                details=json.loads(row.details),
                hash=row.hash,
            )
            for row in self.connection.execute(query)
        )

    def verdict(self) -> AdministrationVerdict:
        """Tell whether every number is there and every hash is right."""
        previous, number = _BEGINNING, 0
        for row in self._rows():
            number += 1
            if row["number"] != number or row["hash"] != chained(previous, row):
                return AdministrationVerdict(whole=False, entries=number - 1, broken_at=number)
            previous = row["hash"]
        return AdministrationVerdict(whole=True, entries=number, last_hash=previous)

    def _rows(self) -> Iterator[Mapping[str, Any]]:
        last = 0
        while True:
            rows = self.connection.execute(
                sa.select(administration_log)
                .where(administration_log.c.number > last)
                .order_by(administration_log.c.number)
                .limit(_BATCH)
            ).all()
            yield from (dict(row._mapping) for row in rows)  # noqa: SLF001 - the public name of a row's columns
            if len(rows) < _BATCH:
                return
            last = rows[-1].number


def chained(previous: str, row: Mapping[str, Any]) -> str:
    """Return the hash of an entry behind another one."""
    parts = (
        previous,
        str(row["number"]),
        row["at"].astimezone(UTC).isoformat(),
        str(row["actor_id"]),
        row["action"],
        str(row["target_id"]),
        row["details"],
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
