"""The chain that seals the access log: each link holds the digest of its row and of all before.

A request only adds its rows and waits for nobody. One process at a time chains what was added, in
the order in which it finds it, so that no two requests ever queue for the end of the chain. Old
rows go only when a checkpoint holds the digest at which they ended: the chain goes on from there.
Whoever owns the database could write a whole new chain; who keeps a head elsewhere sees that too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from gateway.access_log import access_log
from gateway.database import metadata

AT_ONCE: Final = 1000
BEGINNING: Final = "0" * 64
_LOCK: Final = 0x61636365737365
_INSTANT: Final = sa.DateTime(timezone=True)
# A column that joins the log later is no part of what older links sealed.
_SEALED: Final = (
    "access_id",
    "at",
    "user_id",
    "agency_id",
    "operation",
    "person_id",
    "status",
    "address",
    "correlation_id",
    "purpose",
)

access_chain: Final = sa.Table(
    "access_chain",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("access_id", sa.Uuid, nullable=False),
    sa.Column("sealed_at", _INSTANT, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.UniqueConstraint("access_id", name="uq_access_chain_access_id"),
    sa.Index("ix_access_chain_sealed_at", "sealed_at"),
)
access_checkpoints: Final = sa.Table(
    "access_checkpoints",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("made_at", _INSTANT, nullable=False),
    sa.Column("kept_since", _INSTANT, nullable=False),
)
access_unsealed: Final = sa.Table(
    "access_unsealed", metadata, sa.Column("access_id", sa.Uuid, primary_key=True)
)


@dataclass(frozen=True)
class Head:
    """The end of the chain: how many rows it ever held, and the digest of them all."""

    position: int = 0
    digest: str = BEGINNING

    def __str__(self) -> str:
        """Return the form in which a head is kept elsewhere."""
        return f"{self.position}:{self.digest}"

    @classmethod
    def read(cls, text: str) -> Head:
        """Return the head that was kept elsewhere.

        Raises:
            ValueError: the text is none.

        """
        position, _, digest = text.partition(":")
        if len(bytes.fromhex(digest)) != hashlib.sha256().digest_size:
            raise ValueError(text)
        return cls(int(position), digest.lower())


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a verification found; ``broken`` says where the chain breaks first, if it does."""

    head: Head
    rows: int
    waiting: int
    pruned: int
    broken: str = ""


def seal(connection: sa.Connection, now: datetime, *, at_once: int = AT_ONCE) -> int:
    """Chain what waits, and return how much that was; nothing while another process does it."""
    if not connection.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_LOCK))):
        return 0
    waiting = connection.execute(
        sa.select(access_log)
        .join(access_unsealed, access_unsealed.c.access_id == access_log.c.access_id)
        .order_by(access_log.c.access_id)
        .limit(at_once)
    ).all()
    if not waiting:
        return 0
    head, links = head_of(connection), []
    for row in waiting:
        head = Head(head.position + 1, _digest(head, row))
        links.append(
            {
                "position": head.position,
                "access_id": row.access_id,
                "sealed_at": now,
                "digest": head.digest,
            }
        )
    connection.execute(sa.insert(access_chain), links)
    sealed = [row.access_id for row in waiting]
    connection.execute(sa.delete(access_unsealed).where(access_unsealed.c.access_id.in_(sealed)))
    return len(links)


def prune(connection: sa.Connection, now: datetime, *, months: int, at_once: int = AT_ONCE) -> int:
    """Let go what is older than the months that it is kept, oldest first, behind a checkpoint."""
    if not connection.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_LOCK))):
        return 0
    since = connection.scalar(
        sa.select(sa.literal(now, _INSTANT) - sa.func.make_interval(0, months))
    )
    old = connection.execute(
        sa.select(access_chain)
        .where(access_chain.c.sealed_at < since)
        .order_by(access_chain.c.position)
        .limit(at_once)
    ).all()
    if not old:
        return 0
    last = old[-1]
    connection.execute(
        sa.insert(access_checkpoints).values(
            position=last.position, digest=last.digest, made_at=now, kept_since=since
        )
    )
    gone = [row.access_id for row in old]
    # The rows first: what may go is told by their links.
    for table in (access_log, access_chain):
        connection.execute(sa.delete(table).where(table.c.access_id.in_(gone)))
    return len(gone)


def head_of(connection: sa.Connection) -> Head:
    """Return the end of the chain."""
    for table in (access_chain, access_checkpoints):
        newest = sa.select(table.c.position, table.c.digest).order_by(table.c.position.desc())
        row = connection.execute(newest.limit(1)).one_or_none()
        if row is not None:
            return Head(row.position, row.digest)
    return Head()


def verify(connection: sa.Connection, *, through: Head | None = None) -> Verdict:
    """Follow the whole chain on a new connection; ``through`` is a head that was kept elsewhere."""
    # What is sealed meanwhile must not look like an error.
    connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
    start = _checkpoint(connection)
    head, rows, broken, met = start, 0, "", through is None or through == start
    for row in _links(connection):
        broken = _break_at(head, row)
        if broken:
            break
        head, rows = Head(row.position, row.digest), rows + 1
        met = met or head == through
    if not broken and not met:
        broken = f"The chain does not pass through the head {through}."
    return Verdict(
        head=head,
        rows=rows,
        waiting=connection.scalar(sa.select(sa.func.count()).select_from(access_unsealed)) or 0,
        pruned=start.position,
        broken=broken or _escaped(connection),
    )


def _checkpoint(connection: sa.Connection) -> Head:
    """Return where the chain begins now."""
    row = connection.execute(
        sa.select(access_checkpoints).order_by(access_checkpoints.c.position.desc()).limit(1)
    ).one_or_none()
    return Head() if row is None else Head(row.position, row.digest)


def _links(connection: sa.Connection) -> Iterator[Any]:
    """Yield every link with the row that it seals, in order, without holding them all."""
    link = [access_chain.c.position, access_chain.c.digest, access_chain.c.access_id.label("of")]
    yield from connection.execute(
        sa.select(*link, access_log)
        .outerjoin(access_log, access_log.c.access_id == access_chain.c.access_id)
        .order_by(access_chain.c.position)
        .execution_options(yield_per=AT_ONCE)
    )


def _break_at(head: Head, row: Any) -> str:
    """Say how the chain breaks at a link, or nothing."""
    if row.position != head.position + 1:
        return f"Link {head.position + 1} is missing; the next one is {row.position}."
    if row.access_id is None:
        return f"Row {row.of} at link {row.position} is missing."
    if row.digest != _digest(head, row):
        return f"Row {row.of} at link {row.position} is not what was sealed."
    return ""


def _escaped(connection: sa.Connection) -> str:
    """Name a row that is neither sealed nor waits for it, if there is one."""
    escaped = connection.scalar(
        sa.select(access_log.c.access_id)
        .outerjoin(access_chain, access_chain.c.access_id == access_log.c.access_id)
        .outerjoin(access_unsealed, access_unsealed.c.access_id == access_log.c.access_id)
        .where(access_chain.c.access_id.is_(None), access_unsealed.c.access_id.is_(None))
        .order_by(access_log.c.access_id)
        .limit(1)
    )
    return "" if escaped is None else f"Row {escaped} is in no link and does not wait for one."


def _digest(head: Head, row: Any) -> str:
    """Return the digest of a row behind a head."""
    content = [_plain(getattr(row, name)) for name in _SEALED]
    text = json.dumps([head.position + 1, head.digest, *content], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> str | int | None:
    """Return a value in the one form in which it is digested."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, UUID) else value
