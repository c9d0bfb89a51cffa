"""Create persons, cases, consents and known agencies, and the chassis's own tables."""

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
        "persons",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("details", JSONB(), nullable=False),
        sa.Column("tax_code_kind", sa.Text(), nullable=False),
        sa.Column("tax_code_remarks", JSONB(), nullable=False),
        sa.Column("tax_code_sealed", sa.Text()),
        sa.Column("tax_code_mark", sa.Text()),
        sa.Column("tax_code_key", sa.Text()),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_persons")),
        sa.CheckConstraint(
            "(tax_code_kind = 'absent') = (tax_code_sealed IS NULL)"
            " AND (tax_code_sealed IS NULL) = (tax_code_mark IS NULL)"
            " AND (tax_code_sealed IS NULL) = (tax_code_key IS NULL)",
            name=op.f("ck_persons_tax_code_sealed"),
        ),
        sa.CheckConstraint(
            "NOT details ? 'tax_code'", name=op.f("ck_persons_tax_code_not_in_clear")
        ),
    )
    op.create_index(
        "uq_persons_agency_tax_code", "persons", ["agency_id", "tax_code_mark"], unique=True
    )
    op.create_index("ix_persons_agency", "persons", ["agency_id", "person_id"])
    op.create_index("ix_persons_tax_code_mark", "persons", ["tax_code_mark"])
    op.create_index("ix_persons_birth_date", "persons", ["birth_date"])
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_cases")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.person_id"], name=op.f("fk_cases_person_id")
        ),
        sa.CheckConstraint("state IN ('open')", name=op.f("ck_cases_state")),
    )
    op.create_index("ix_cases_person", "cases", ["person_id", "case_id"])
    op.create_index(
        "uq_cases_open",
        "cases",
        ["person_id", "agency_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "agencies",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_agencies")),
    )
    op.create_table(
        "consents",
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid()),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("categories", JSONB(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_consents")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.person_id"], name=op.f("fk_consents_person_id")
        ),
    )
    op.create_index("ix_consents_person", "consents", ["person_id", "consent_id"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("agencies")
    op.drop_table("consents")
    op.drop_table("cases")
    op.drop_table("persons")
    drop_chassis_tables(op)
