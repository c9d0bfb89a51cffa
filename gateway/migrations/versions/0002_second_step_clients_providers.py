"""Second step, one-time links, code of conduct, clients, identity providers, administration log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Widen users and tokens, and create the tables."""
    op.alter_column("users", "password_hash", nullable=True)
    op.add_column("users", sa.Column("disabled_for", sa.Text))
    for name in ("enabled_at", "valid_until", "last_sign_in_at"):
        op.add_column("users", sa.Column(name, _INSTANT))
    for name in ("last_used_at", "proved_at", "stepped_at"):
        op.add_column("access_tokens", sa.Column(name, _INSTANT))
    op.add_column("access_tokens", sa.Column("address", sa.Text))
    op.execute("UPDATE access_tokens SET last_used_at = created_at, proved_at = created_at")
    op.alter_column("access_tokens", "last_used_at", nullable=False)
    _create_for_persons()
    _create_for_clients()
    _create_for_providers()
    _create_log()


def _create_for_persons() -> None:
    op.create_table(
        "second_steps",
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("sealed_secret", sa.Text),
        sa.Column("sealed_candidate", sa.Text),
        sa.Column("confirmed_at", _INSTANT),
        sa.Column("last_counter", sa.BigInteger),
        sa.PrimaryKeyConstraint("user_id", name="pk_second_steps"),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_second_steps_user_id"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_id", sa.Uuid, nullable=False),
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("used_at", _INSTANT),
        sa.PrimaryKeyConstraint("code_id", name="pk_recovery_codes"),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_recovery_codes_user_id"),
        sa.UniqueConstraint("user_id", "digest", name="uq_recovery_codes_user_id_digest"),
    )
    op.create_table(
        "links",
        sa.Column("link_id", sa.Uuid, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("used_at", _INSTANT),
        sa.PrimaryKeyConstraint("link_id", name="pk_links"),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_links_user_id"),
        sa.UniqueConstraint("token_hash", name="uq_links_token_hash"),
    )
    op.create_index("ix_links_user_id", "links", ["user_id"])
    op.create_table(
        "conduct_acceptances",
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("accepted_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "version", name="pk_conduct_acceptances"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name="fk_conduct_acceptances_user_id"
        ),
    )


def _create_for_clients() -> None:
    op.create_table(
        "api_clients",
        sa.Column("client_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("agency_id", sa.Uuid, nullable=False),
        sa.Column("scopes", ARRAY(sa.Text), nullable=False),
        sa.Column("creation_key", sa.Text),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("disabled_at", _INSTANT),
        sa.Column("last_used_at", _INSTANT),
        sa.PrimaryKeyConstraint("client_id", name="pk_api_clients"),
        sa.UniqueConstraint("creation_key", name="uq_api_clients_creation_key"),
        sa.CheckConstraint("cardinality(scopes) > 0", name="ck_api_clients_some_scope"),
    )
    op.create_table(
        "client_secrets",
        sa.Column("secret_id", sa.Uuid, nullable=False),
        sa.Column("secret_hash", sa.Text, nullable=False),
        sa.Column("client_id", sa.Uuid, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("last_used_at", _INSTANT),
        sa.PrimaryKeyConstraint("secret_id", name="pk_client_secrets"),
        sa.UniqueConstraint("secret_hash", name="uq_client_secrets_secret_hash"),
        sa.ForeignKeyConstraint(
            ["client_id"], ["api_clients.client_id"], name="fk_client_secrets_client_id"
        ),
    )
    op.create_index("ix_client_secrets_client_id", "client_secrets", ["client_id"])
    op.create_table(
        "client_tokens",
        sa.Column("token_id", sa.Uuid, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("client_id", sa.Uuid, nullable=False),
        sa.Column("scopes", ARRAY(sa.Text), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT),
        sa.PrimaryKeyConstraint("token_id", name="pk_client_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_client_tokens_token_hash"),
        sa.ForeignKeyConstraint(
            ["client_id"], ["api_clients.client_id"], name="fk_client_tokens_client_id"
        ),
    )
    op.create_index("ix_client_tokens_client_id", "client_tokens", ["client_id"])
    op.create_index("ix_client_tokens_expires_at", "client_tokens", ["expires_at"])


def _create_for_providers() -> None:
    op.create_table(
        "external_identities",
        sa.Column("provider", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("linked_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("provider", "subject", name="pk_external_identities"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name="fk_external_identities_user_id"
        ),
        sa.UniqueConstraint("user_id", "provider", name="uq_external_identities_user_id_provider"),
    )
    op.create_table(
        "provider_attempts",
        sa.Column("state_hash", sa.Text, nullable=False),
        sa.Column("provider", sa.Text, nullable=False),
        sa.Column("browser_hash", sa.Text, nullable=False),
        sa.Column("sealed_nonce", sa.Text, nullable=False),
        sa.Column("sealed_verifier", sa.Text, nullable=False),
        sa.Column("agency_id", sa.Uuid),
        sa.Column("link_id", sa.Uuid),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name="pk_provider_attempts"),
        sa.ForeignKeyConstraint(["link_id"], ["links.link_id"], name="fk_provider_attempts_link_id"),
    )
    op.create_index("ix_provider_attempts_expires_at", "provider_attempts", ["expires_at"])


def _create_log() -> None:
    op.create_table(
        "administration_log",
        sa.Column("number", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("actor_id", sa.Uuid, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("target_id", sa.Uuid, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_administration_log"),
    )
    op.create_index("ix_administration_log_target_id", "administration_log", ["target_id"])
    op.execute(
        """
        CREATE FUNCTION refuse_change_of_administration_log() RETURNS trigger
        LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the administration log is only ever added to'
            USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER administration_log_is_append_only
        BEFORE UPDATE OR DELETE OR TRUNCATE ON administration_log
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_administration_log()
        """
    )


def downgrade() -> None:
    """Drop the tables; who has no password yet could not sign in with the schema before."""
    for table in (
        "administration_log",
        "provider_attempts",
        "external_identities",
        "client_tokens",
        "client_secrets",
        "api_clients",
        "conduct_acceptances",
        "links",
        "recovery_codes",
        "second_steps",
    ):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_change_of_administration_log()")
    for name in ("last_used_at", "proved_at", "stepped_at", "address"):
        op.drop_column("access_tokens", name)
    for name in ("disabled_for", "enabled_at", "valid_until", "last_sign_in_at"):
        op.drop_column("users", name)
    op.execute("UPDATE users SET password_hash = '' WHERE password_hash IS NULL")
    op.alter_column("users", "password_hash", nullable=False)
