"""Create the tables of referrals and the chassis's own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.db import create_chassis_tables, drop_chassis_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    create_chassis_tables(op)
    op.create_table(
        "consents",
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid()),
        sa.Column("purpose", sa.String(40)),
        sa.Column("categories", ARRAY(sa.Text())),
        sa.Column("expires_on", sa.Date()),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("consent_id", name="pk_consents"),
    )
    op.create_index("ix_consents_person_id", "consents", ["person_id"])
    op.create_table(
        "needs",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("domains", ARRAY(sa.Text()), nullable=False),
        sa.Column("mode", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("decision", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("refusal_reason", sa.Text()),
        sa.Column("outcome", sa.String(40)),
        sa.Column("unmatched", ARRAY(sa.Text()), nullable=False),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.Column("municipality", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "(state = 'active') = (closed_at IS NULL)", name=op.f("ck_needs_closed")
        ),
        sa.PrimaryKeyConstraint("need_id", name="pk_needs"),
    )
    op.create_index(
        "ix_needs_active",
        "needs",
        ["person_id", "category"],
        unique=True,
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index("ix_needs_agency", "needs", ["agency_id", "need_id"])
    op.create_index("ix_needs_person", "needs", ["person_id", "need_id"])
    op.create_index("ix_needs_screening", "needs", ["screening_id"])
    op.create_index(
        "ix_needs_waiting",
        "needs",
        ["category"],
        postgresql_where=sa.text("state = 'active' AND cardinality(unmatched) > 0"),
    )
    op.create_table(
        "services",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("categories", ARRAY(sa.Text()), nullable=False),
        sa.Column("municipalities", ARRAY(sa.Text()), nullable=False),
        sa.Column("languages", ARRAY(sa.Text()), nullable=False),
        sa.Column("review_due_on", sa.Date(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("service_id", name="pk_services"),
    )
    op.create_index("ix_services_categories", "services", ["categories"], postgresql_using="gin")
    op.create_table(
        "confirmations",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.String(40), nullable=False),
        sa.Column("decision", sa.String(40), nullable=False),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["needs.need_id"], name="fk_confirmations_need_id"),
        sa.PrimaryKeyConstraint("need_id", "screening_id", name="pk_confirmations"),
    )
    op.create_index("ix_confirmations_screening_id", "confirmations", ["screening_id"])
    op.create_table(
        "referrals",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("mode", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("from_agency_id", sa.Uuid(), nullable=False),
        sa.Column("to_agency_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("blocked_by", sa.String(40)),
        sa.Column("reason", sa.Text()),
        sa.Column("outcome", sa.String(40)),
        sa.Column("first_contact_on", sa.Date()),
        sa.Column("replaces", sa.Uuid()),
        sa.Column("chosen_by", sa.String(40), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("sharing_suspended", sa.Boolean(), nullable=False),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'draft') = (blocked_by IS NOT NULL)", name=op.f("ck_referrals_blocked")
        ),
        sa.CheckConstraint(
            "sent_at IS NULL AND state IN ('draft', 'cancelled', 'entered_in_error') OR sent_at IS NOT NULL AND state <> 'draft'",
            name=op.f("ck_referrals_sent"),
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.need_id"], name="fk_referrals_need_id"),
        sa.PrimaryKeyConstraint("referral_id", name="pk_referrals"),
    )
    op.create_index("ix_referrals_need", "referrals", ["need_id"])
    op.create_index(
        "ix_referrals_open_need",
        "referrals",
        ["need_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('draft', 'requested', 'accepted', 'in_progress')"),
    )
    op.create_index(
        "ix_referrals_open_service",
        "referrals",
        ["service_id"],
        postgresql_where=sa.text("state IN ('draft', 'requested', 'accepted', 'in_progress')"),
    )
    op.create_index("ix_referrals_person", "referrals", ["person_id", "referral_id"])
    op.create_index(
        "ix_referrals_recipient",
        "referrals",
        ["to_agency_id", "referral_id"],
        postgresql_where=sa.text("sent_at IS NOT NULL"),
    )
    op.create_index("ix_referrals_sender", "referrals", ["from_agency_id", "referral_id"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("confirmations", "referrals", "needs", "services", "consents"):
        op.drop_table(table)
    drop_chassis_tables(op)
