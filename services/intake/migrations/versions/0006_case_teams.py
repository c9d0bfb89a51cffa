"""Give every case a team: who opened it leads it, and the others are to be told so."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what is there, or is opened by code of before, counts as not told yet."""
    op.add_column(
        "cases", sa.Column("members", ARRAY(sa.Uuid), server_default="{}", nullable=False)
    )
    op.add_column("cases", sa.Column("version", sa.Integer, server_default="0", nullable=False))
    op.create_index(
        "ix_cases_untold", "cases", ["case_id"], postgresql_where=sa.text("version = 0")
    )


def downgrade() -> None:
    """Drop the columns."""
    op.drop_index("ix_cases_untold", "cases")
    op.drop_column("cases", "version")
    op.drop_column("cases", "members")
