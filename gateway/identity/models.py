"""Tables of identity."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from gateway.database import metadata

_Instant: Final = sa.DateTime(timezone=True)

users: Final = sa.Table(
    "users",
    metadata,
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("email", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("creation_key", sa.Text, unique=True),
    sa.Column("created_at", _Instant, nullable=False),
    sa.Column("disabled_at", _Instant),
)

memberships: Final = sa.Table(
    "memberships",
    metadata,
    sa.Column("user_id", sa.ForeignKey("users.user_id"), primary_key=True),
    sa.Column("agency_id", sa.Uuid, primary_key=True),
    sa.Column("roles", ARRAY(sa.Text), nullable=False),
    sa.CheckConstraint("cardinality(roles) > 0", name="some_role"),
)

access_tokens: Final = sa.Table(
    "access_tokens",
    metadata,
    sa.Column("token_id", sa.Uuid, primary_key=True),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),
    sa.Column("user_id", sa.Uuid, nullable=False, index=True),
    sa.Column("agency_id", sa.Uuid, nullable=False),
    sa.Column("created_at", _Instant, nullable=False),
    sa.Column("expires_at", _Instant, nullable=False, index=True),
    sa.Column("ended_at", _Instant),
    sa.ForeignKeyConstraint(
        ["user_id", "agency_id"],
        ["memberships.user_id", "memberships.agency_id"],
        name="fk_access_tokens_membership",
    ),
)

sign_in_failures: Final = sa.Table(
    "sign_in_failures",
    metadata,
    sa.Column("failure_id", sa.Uuid, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("at", _Instant, nullable=False),
    sa.Index("ix_sign_in_failures_account_at", "account", "at"),
    sa.Index("ix_sign_in_failures_address_at", "address", "at"),
    sa.Index("ix_sign_in_failures_at", "at"),
)
