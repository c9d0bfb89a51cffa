"""Create the tables of the read models, and the chassis's own."""

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
        "entries",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid()),
        sa.Column("state", sa.Text()),
        sa.Column("code", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_entries"),
    )
    op.create_index("ix_entries_person_id", "entries", ["person_id", "at", "entry_id"])
    op.create_table(
        "people",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("gender", sa.Text(), nullable=False),
        sa.Column("migratory_background", sa.Boolean(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_people"),
    )
    op.create_table(
        "screenings",
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("fragile", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("screening_id", name="pk_screenings"),
    )
    op.create_index("ix_screenings_person_id", "screenings", ["person_id"])
    op.create_table(
        "gatherings",
        sa.Column("gathering_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("gathering_id", name="pk_gatherings"),
    )
    op.create_index("ix_gatherings_starts_at", "gatherings", ["starts_at"])
    op.create_table(
        "participations",
        sa.Column("attendance_id", sa.Uuid(), nullable=False),
        sa.Column("gathering_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("attendance_id", name="pk_participations"),
    )
    op.create_index("ix_participations_starts_at", "participations", ["starts_at"])
    op.create_index("ix_participations_gathering_id", "participations", ["gathering_id"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("participations", "gatherings", "screenings", "people", "entries"):
        op.drop_table(table)
    drop_chassis_tables(op)
