"""Create the table of screenings, and the chassis's own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db import create_chassis_tables, drop_chassis_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    create_chassis_tables(op)
    op.create_table(
        "screenings",
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("form_version", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("context", JSONB(), nullable=False),
        sa.Column("answers", JSONB(), nullable=False),
        sa.Column("result", JSONB()),
        sa.Column("result_without_safety", JSONB()),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("screening_id", name="pk_screenings"),
        sa.CheckConstraint("mode IN ('full', 'brief')", name=op.f("ck_screenings_mode")),
        sa.CheckConstraint("status IN ('draft', 'completed')", name=op.f("ck_screenings_status")),
        sa.CheckConstraint(
            "(status = 'completed') = (completed_at IS NOT NULL)"
            " AND (completed_at IS NULL) = (result IS NULL)"
            " AND (completed_at IS NULL) = (result_without_safety IS NULL)",
            name=op.f("ck_screenings_completed"),
        ),
    )
    op.create_index("ix_screenings_person", "screenings", ["person_id", "screening_id"])
    op.create_index("ix_screenings_agency", "screenings", ["agency_id", "screening_id"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("screenings")
    drop_chassis_tables(op)
