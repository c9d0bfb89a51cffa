"""Create the tables of gatherings and attendances, and the chassis's own."""

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
        "gatherings",
        sa.Column("gathering_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("gathering_id", name="pk_gatherings"),
    )
    op.create_index("ix_gatherings_starts_at", "gatherings", ["starts_at", "gathering_id"])
    op.create_table(
        "attendances",
        sa.Column("attendance_id", sa.Uuid(), nullable=False),
        sa.Column("gathering_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("attendance_id", name="pk_attendances"),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gatherings.gathering_id"], name="fk_attendances_gathering_id"
        ),
        sa.CheckConstraint("headcount >= 1", name=op.f("ck_attendances_headcount")),
        sa.CheckConstraint(
            "person_id IS NULL OR headcount = 1", name=op.f("ck_attendances_known_person")
        ),
    )
    op.create_index(
        "ux_attendances_person",
        "attendances",
        ["gathering_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index("ix_attendances_gathering_id", "attendances", ["gathering_id"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("attendances", "gatherings"):
        op.drop_table(table)
    drop_chassis_tables(op)
