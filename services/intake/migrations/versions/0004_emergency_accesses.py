"""Create the emergency accesses: who opened a person out of reach, why, and who reviewed it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "emergency_accesses",
        sa.Column("access_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("registering_agency_id", sa.Uuid()),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.Text()),
        sa.Column("reviewed_at", sa.DateTime(timezone=True)),
        sa.Column("reviewed_by", sa.Uuid()),
        sa.Column("review_note", sa.Text()),
        sa.PrimaryKeyConstraint("access_id", name=op.f("pk_emergency_accesses")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.person_id"], name=op.f("fk_emergency_accesses_person_id")
        ),
        sa.CheckConstraint(
            "(person_id IS NULL) = (registering_agency_id IS NULL)"
            " AND (person_id IS NULL) = (ends_at IS NULL)",
            name=op.f("ck_emergency_accesses_person_found"),
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (reviewed_at IS NULL)"
            " AND (outcome IS NULL) = (reviewed_by IS NULL)"
            " AND (outcome IS NULL OR person_id IS NOT NULL) AND reviewed_by <> user_id",
            name=op.f("ck_emergency_accesses_reviewed_by_another"),
        ),
    )
    op.create_index("ix_emergency_accesses_user", "emergency_accesses", ["user_id", "opened_at"])
    op.create_index(
        "ix_emergency_accesses_registering_agency",
        "emergency_accesses",
        ["registering_agency_id", "access_id"],
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("emergency_accesses")
