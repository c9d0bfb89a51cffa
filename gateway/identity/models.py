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
    # Absent while an invitation waits, and for whoever comes in by an identity provider alone.
    sa.Column("password_hash", sa.Text),
    sa.Column("creation_key", sa.Text, unique=True),
    sa.Column("created_at", _Instant, nullable=False),
    sa.Column("disabled_at", _Instant),
    sa.Column("disabled_for", sa.Text),
    sa.Column("enabled_at", _Instant),
    sa.Column("valid_until", _Instant),
    sa.Column("last_sign_in_at", _Instant),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
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
    sa.Column("last_used_at", _Instant, nullable=False),
    sa.Column("proved_at", _Instant),
    sa.Column("stepped_at", _Instant),
    sa.Column("address", sa.Text),
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

second_steps: Final = sa.Table(
    "second_steps",
    metadata,
    sa.Column("user_id", sa.ForeignKey("users.user_id"), primary_key=True),
    sa.Column("sealed_secret", sa.Text),
    sa.Column("sealed_candidate", sa.Text),
    sa.Column("confirmed_at", _Instant),
    sa.Column("last_counter", sa.BigInteger),
)

recovery_codes: Final = sa.Table(
    "recovery_codes",
    metadata,
    sa.Column("code_id", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.ForeignKey("users.user_id"), nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("used_at", _Instant),
    sa.UniqueConstraint("user_id", "digest", name="uq_recovery_codes_user_id_digest"),
)

links: Final = sa.Table(
    "links",
    metadata,
    sa.Column("link_id", sa.Uuid, primary_key=True),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),
    sa.Column("user_id", sa.ForeignKey("users.user_id"), nullable=False, index=True),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("created_at", _Instant, nullable=False),
    sa.Column("expires_at", _Instant, nullable=False),
    sa.Column("used_at", _Instant),
)

conduct_acceptances: Final = sa.Table(
    "conduct_acceptances",
    metadata,
    sa.Column("user_id", sa.ForeignKey("users.user_id"), primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("accepted_at", _Instant, nullable=False),
)

api_clients: Final = sa.Table(
    "api_clients",
    metadata,
    sa.Column("client_id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("agency_id", sa.Uuid, nullable=False),
    sa.Column("scopes", ARRAY(sa.Text), nullable=False),
    sa.Column("creation_key", sa.Text, unique=True),
    sa.Column("created_at", _Instant, nullable=False),
    sa.Column("expires_at", _Instant, nullable=False),
    sa.Column("disabled_at", _Instant),
    sa.Column("last_used_at", _Instant),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.CheckConstraint("cardinality(scopes) > 0", name="some_scope"),
)

client_secrets: Final = sa.Table(
    "client_secrets",
    metadata,
    sa.Column("secret_id", sa.Uuid, primary_key=True),
    sa.Column("secret_hash", sa.Text, nullable=False, unique=True),
    sa.Column("client_id", sa.ForeignKey("api_clients.client_id"), nullable=False, index=True),
    sa.Column("created_at", _Instant, nullable=False),
    sa.Column("expires_at", _Instant, nullable=False),
    sa.Column("last_used_at", _Instant),
)

client_tokens: Final = sa.Table(
    "client_tokens",
    metadata,
    sa.Column("token_id", sa.Uuid, primary_key=True),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),
    sa.Column("client_id", sa.ForeignKey("api_clients.client_id"), nullable=False, index=True),
    sa.Column("scopes", ARRAY(sa.Text), nullable=False),
    sa.Column("created_at", _Instant, nullable=False),
    sa.Column("expires_at", _Instant, nullable=False, index=True),
    sa.Column("ended_at", _Instant),
)

external_identities: Final = sa.Table(
    "external_identities",
    metadata,
    sa.Column("provider", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("user_id", sa.ForeignKey("users.user_id"), nullable=False),
    sa.Column("linked_at", _Instant, nullable=False),
    sa.UniqueConstraint("user_id", "provider", name="uq_external_identities_user_id_provider"),
)

provider_attempts: Final = sa.Table(
    "provider_attempts",
    metadata,
    sa.Column("state_hash", sa.Text, primary_key=True),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("browser_hash", sa.Text, nullable=False),
    sa.Column("sealed_nonce", sa.Text, nullable=False),
    sa.Column("sealed_verifier", sa.Text, nullable=False),
    sa.Column("agency_id", sa.Uuid),
    sa.Column("link_id", sa.ForeignKey("links.link_id")),
    sa.Column("expires_at", _Instant, nullable=False, index=True),
)

digests: Final = sa.Table(
    "digests",
    metadata,
    sa.Column("user_id", sa.ForeignKey("users.user_id"), primary_key=True),
    sa.Column("frequency", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    # Whoever holds it may end these mails and do nothing else, so it is kept as it is sent.
    sa.Column("stop_id", sa.Uuid, nullable=False, unique=True),
    # The day that was dealt with last; it is set before anything is sent.
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("again_at", _Instant),
    sa.Column("sent_at", _Instant),
)

administration_log: Final = sa.Table(
    "administration_log",
    metadata,
    # Numbered by hand under a lock: a sequence leaves gaps, and a gap must mean that a row is gone.
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", _Instant, nullable=False),
    sa.Column("actor_id", sa.Uuid, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("target_id", sa.Uuid, nullable=False, index=True),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)
