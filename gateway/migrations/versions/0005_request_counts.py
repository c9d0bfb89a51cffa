"""How many requests each caller has made in the window that runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for one row per caller, which no crash needs to survive."""
    op.create_table(
        "request_counts",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("window_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_request_counts"),
        prefixes=["UNLOGGED"],
        # Every request updates a row: with room on its page that touches no index.
        postgresql_with={"fillfactor": "50"},
    )


def downgrade() -> None:
    """Count no more."""
    op.drop_table("request_counts")
