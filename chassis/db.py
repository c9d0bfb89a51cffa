"""The database of a service: engine, names of constraints, and the chassis's own tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import exc

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SESSION: Final = (
    "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000"
    " -c timezone=UTC"
)
SPARE_CONNECTIONS: Final = 3
"""Beside one connection per worker: the relay, its wait for the lock, and the readiness probe."""


def new_metadata() -> sa.MetaData:
    """Return metadata whose constraints get the house's names."""
    return sa.MetaData(naming_convention=NAMING)


_now: Final = sa.func.now()
_chassis: Final = new_metadata()

outbox: Final = sa.Table(
    "outbox",
    _chassis,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("message_id", sa.Uuid, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("routing_key", sa.Text, nullable=False),
    sa.Column("aggregate_id", sa.Uuid, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), server_default=_now, nullable=False),
    sa.Column("next_attempt_at", sa.DateTime(timezone=True), server_default=_now, nullable=False),
    sa.Column("published_at", sa.DateTime(timezone=True)),
    sa.Column("attempts", sa.Integer, server_default="0", nullable=False),
    sa.Column("last_error", sa.Text),
    sa.Index("ix_outbox_unpublished", "id", postgresql_where=sa.text("published_at IS NULL")),
    sa.Index(
        "ix_outbox_published", "published_at", postgresql_where=sa.text("published_at IS NOT NULL")
    ),
)
inbox: Final = sa.Table(
    "inbox",
    _chassis,
    sa.Column("consumer", sa.Text, primary_key=True),
    sa.Column("message_id", sa.Uuid, primary_key=True),
    sa.Column(
        "handled_at", sa.DateTime(timezone=True), server_default=_now, nullable=False, index=True
    ),
)
answers: Final = sa.Table(
    "answers",
    _chassis,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("caller", sa.Uuid),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
    sa.Column("body", sa.Text),
    sa.Column(
        "answered_at", sa.DateTime(timezone=True), server_default=_now, nullable=False, index=True
    ),
)
streams: Final = sa.Table(
    "streams",
    _chassis,
    sa.Column("aggregate_id", sa.Uuid, primary_key=True),
    sa.Column("last", sa.BigInteger, nullable=False),
)
CHASSIS_TABLES: Final = frozenset(_chassis.tables)


def create_chassis_tables(op: Any) -> None:
    """Create outbox, inbox, answers and streams, inside a service's first migration."""
    _chassis.create_all(op.get_bind(), checkfirst=False)


def drop_chassis_tables(op: Any) -> None:
    """Drop what ``create_chassis_tables`` made."""
    _chassis.drop_all(op.get_bind(), checkfirst=False)


def make_engine(
    url: str, *, name: str, workers: int, now: Callable[[], str] | None = None
) -> sa.Engine:
    """Make the engine of a process; it connects when first used.

    ``now`` tells the address again for each new connection: its password may have changed. There is
    no ping before use: a unit of work that meets a dead connection is run again on a fresh one.
    """
    engine = sa.create_engine(
        sa.make_url(url).set(drivername="postgresql+psycopg2"),
        pool_size=workers + SPARE_CONNECTIONS,
        max_overflow=0,
        pool_timeout=5,
        pool_recycle=1800,
        pool_use_lifo=True,
        # The values of a failed statement are personal data; an error's text must not carry them.
        hide_parameters=True,
        use_native_hstore=False,
        connect_args={
            "connect_timeout": 5,
            "application_name": name,
            "options": SESSION,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 20000,
        },
    )
    if now is not None:
        address = now

        @sa.event.listens_for(engine, "do_connect")
        def renew(_dialect: Any, _record: Any, _arguments: Any, named: dict[str, Any]) -> None:
            named["password"] = sa.make_url(address()).password

    return engine


_TRANSIENT_CLASSES: Final = frozenset({"08", "40", "53"})
_TRANSIENT_STATES: Final = frozenset({"55P03", "57P01", "57P02", "57P03", "25P03"})


def revision_of(connection: sa.Connection) -> str:
    """Return the migration that the database has reached; ``none`` without any."""
    known = connection.exec_driver_sql("SELECT to_regclass('alembic_version')").scalar_one()
    if known is None:
        return "none"
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return str(found or "none")


def is_transient(error: BaseException) -> bool:
    """Tell whether the same unit of work may succeed when run again.

    True for a lost connection, a deadlock, a serialisation failure and a wait for a lock or a
    pooled connection; false for a statement that took too long, since it would again.
    """
    if isinstance(error, exc.TimeoutError):
        return True
    if not isinstance(error, exc.DBAPIError):
        return False
    state = getattr(error.orig, "pgcode", None)
    if state is None:
        return error.connection_invalidated or isinstance(
            error, exc.OperationalError | exc.InterfaceError
        )
    return state[:2] in _TRANSIENT_CLASSES or state in _TRANSIENT_STATES
