"""Create the tables of the greeting service."""

import sqlalchemy as sa
from alembic import op

from chassis.db import create_chassis_tables, drop_chassis_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    create_chassis_tables(op)
    op.create_table(
        "greetings",
        sa.Column("greeting_id", sa.Uuid(), primary_key=True),
        sa.Column("word", sa.Text(), nullable=False),
    )
    op.create_table("effects", sa.Column("greeting_id", sa.Uuid(), nullable=False))
    op.create_table("ticks", sa.Column("count", sa.Integer(), nullable=False))
    op.execute("INSERT INTO ticks VALUES (0)")
    op.create_table("mending", sa.Column("done", sa.Boolean(), nullable=False))
    op.execute("INSERT INTO mending VALUES (false)")


def downgrade() -> None:
    """Drop the tables."""
    for table in ("mending", "ticks", "effects", "greetings"):
        op.drop_table(table)
    drop_chassis_tables(op)
