"""Keep who changed which answer, and when; of earlier changes it is not known."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; rows that are there have none."""
    op.add_column("screenings", sa.Column("marks", JSONB()))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("screenings", "marks")
