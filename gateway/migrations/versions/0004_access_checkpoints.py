"""A checkpoint must stand for old links only, whoever makes it."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the database look at a checkpoint before rows may go behind it."""
    # Configuration may keep accesses longer; six months are the least for those of administrators
    # (Garante, provvedimento 27 November 2008). Who may write rows must not be able to go below it.
    op.execute(
        """
        CREATE FUNCTION refuse_young_checkpoint() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.kept_since <= now() - interval '6 months'
            AND EXISTS (
                SELECT FROM access_chain WHERE position = NEW.position AND digest = NEW.digest
            )
            AND NOT EXISTS (
                SELECT FROM access_chain
                WHERE position <= NEW.position AND sealed_at >= NEW.kept_since
            ) THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'a checkpoint stands for old links only'
            USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER access_checkpoints_are_old BEFORE INSERT ON access_checkpoints
        FOR EACH ROW EXECUTE FUNCTION refuse_young_checkpoint()
        """
    )


def downgrade() -> None:
    """Look no more."""
    op.execute("DROP TRIGGER access_checkpoints_are_old ON access_checkpoints")
    op.execute("DROP FUNCTION refuse_young_checkpoint()")
