"""Purposes of accesses, the chain that seals them, and the only way in which old ones may go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the chain; every access there is waits for its seal."""
    op.add_column("access_log", sa.Column("purpose", sa.Text))
    op.create_table(
        "access_chain",
        sa.Column("position", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("access_id", sa.Uuid, nullable=False),
        sa.Column("sealed_at", _INSTANT, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_access_chain"),
        sa.UniqueConstraint("access_id", name="uq_access_chain_access_id"),
    )
    op.create_index("ix_access_chain_sealed_at", "access_chain", ["sealed_at"])
    op.create_table(
        "access_checkpoints",
        sa.Column("position", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("kept_since", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_access_checkpoints"),
    )
    op.create_table(
        "access_unsealed",
        sa.Column("access_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("access_id", name="pk_access_unsealed"),
    )
    op.execute("INSERT INTO access_unsealed SELECT access_id FROM access_log")
    op.execute(
        """
        CREATE FUNCTION await_seal_of_access() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO access_unsealed SELECT access_id FROM written;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER access_awaits_seal AFTER INSERT ON access_log
        REFERENCING NEW TABLE AS written FOR EACH STATEMENT
        EXECUTE FUNCTION await_seal_of_access()
        """
    )
    _keep_what_no_checkpoint_covers()


def _keep_what_no_checkpoint_covers() -> None:
    """Let a row go once a checkpoint stands for it, and let nothing change."""
    op.execute(
        """
        CREATE FUNCTION refuse_loss_of_access() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM access_chain
                WHERE access_id = OLD.access_id
                AND position <= (SELECT max(position) FROM access_checkpoints)
            ) THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'the access log is only ever added to' USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    op.execute("DROP TRIGGER access_log_is_append_only ON access_log")
    for table in ("access_log", "access_chain"):
        op.execute(
            f"""
            CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_access_log()
            """
        )
        op.execute(
            f"""
            CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_loss_of_access()
            """
        )
    op.execute(
        """
        CREATE TRIGGER access_checkpoints_is_append_only
        BEFORE UPDATE OR DELETE OR TRUNCATE ON access_checkpoints
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_access_log()
        """
    )


def downgrade() -> None:
    """Drop the chain."""
    op.execute("DROP TRIGGER access_log_is_kept ON access_log")
    op.execute("DROP TRIGGER access_log_is_append_only ON access_log")
    op.execute("DROP TRIGGER access_awaits_seal ON access_log")
    for table in ("access_unsealed", "access_checkpoints", "access_chain"):
        op.drop_table(table)
    op.execute("DROP FUNCTION await_seal_of_access()")
    op.execute("DROP FUNCTION refuse_loss_of_access()")
    op.drop_column("access_log", "purpose")
    op.execute(
        """
        CREATE TRIGGER access_log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_log
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_access_log()
        """
    )
