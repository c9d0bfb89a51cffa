"""What people report about the pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for reports."""
    op.create_table(
        "feedback_reports",
        sa.Column("report_id", sa.Uuid, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("contact", sa.Text),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("report_id", name="pk_feedback_reports"),
    )
    op.create_index("ix_feedback_reports_origin", "feedback_reports", ["origin", "at"])


def downgrade() -> None:
    """Keep no reports."""
    op.drop_table("feedback_reports")
