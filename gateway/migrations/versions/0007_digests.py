"""Who wants a digest by e-mail, and when the last one was dealt with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for the choice of each user."""
    op.create_table(
        "digests",
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("frequency", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("stop_id", sa.Uuid, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True)),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("user_id", name="pk_digests"),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_digests_user_id_users"),
        sa.UniqueConstraint("stop_id", name="uq_digests_stop_id"),
    )


def downgrade() -> None:
    """Send no digests."""
    op.drop_table("digests")
