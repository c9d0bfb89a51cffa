"""Keep the teams of cases: who is on one sees what is about safety."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and the column; intake tells the teams of cases that are open already."""
    op.create_table(
        "teams",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("members", ARRAY(sa.Uuid()), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "agency_id", name="pk_teams"),
    )
    op.add_column("entries", sa.Column("screening_id", sa.Uuid()))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("entries", "screening_id")
    op.drop_table("teams")
