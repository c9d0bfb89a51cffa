"""The tables of intake."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.db import new_metadata

metadata: Final = new_metadata()

persons: Final = sa.Table(
    "persons",
    metadata,
    sa.Column("person_id", sa.Uuid, primary_key=True),
    sa.Column("agency_id", sa.Uuid, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("folded_name", sa.Text, nullable=False),
    sa.Column("birth_date", sa.Date, nullable=False),
    sa.Column("details", JSONB, nullable=False),
    sa.Column("tax_code_kind", sa.Text, nullable=False),
    sa.Column("tax_code_remarks", JSONB, nullable=False),
    sa.Column("tax_code_sealed", sa.Text),
    sa.Column("tax_code_mark", sa.Text),
    sa.Column("tax_code_key", sa.Text),
    sa.CheckConstraint(
        "(tax_code_kind = 'absent') = (tax_code_sealed IS NULL)"
        " AND (tax_code_sealed IS NULL) = (tax_code_mark IS NULL)"
        " AND (tax_code_sealed IS NULL) = (tax_code_key IS NULL)",
        name="tax_code_sealed",
    ),
    sa.CheckConstraint("NOT details ? 'tax_code'", name="tax_code_not_in_clear"),
    sa.Index("uq_persons_agency_tax_code", "agency_id", "tax_code_mark", unique=True),
    sa.Index("ix_persons_agency", "agency_id", "person_id"),
    sa.Index("ix_persons_tax_code_mark", "tax_code_mark"),
    sa.Index("ix_persons_birth_date", "birth_date"),
    sa.Index(
        "ix_persons_phone_end",
        sa.text("\"right\"(regexp_replace(details ->> 'phone', '[^0-9]', '', 'g'), 9)"),
    ),
)

PHONE_END: Final = sa.func.right(
    sa.func.regexp_replace(persons.c.details["phone"].astext, "[^0-9]", "", "g"), 9
)
"""The end of the telephone number, as its index spells it."""

cases: Final = sa.Table(
    "cases",
    metadata,
    sa.Column("case_id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.ForeignKey(persons.c.person_id), nullable=False),
    sa.Column("agency_id", sa.Uuid, nullable=False),
    sa.Column("worker_id", sa.Uuid, nullable=False),
    sa.Column("members", ARRAY(sa.Uuid), server_default="{}", nullable=False),
    # 0 until the team has been told of a case that code older than teams has opened.
    sa.Column("version", sa.Integer, server_default="0", nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('open')", name="state"),
    sa.Index("ix_cases_person", "person_id", "case_id"),
    sa.Index(
        "uq_cases_open",
        "person_id",
        "agency_id",
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    ),
    sa.Index("ix_cases_untold", "case_id", postgresql_where=sa.text("version = 0")),
)

# Whom a consent can name: known from the catalogue's events, however late they come.
agencies: Final = sa.Table(
    "agencies",
    metadata,
    sa.Column("agency_id", sa.Uuid, primary_key=True),
)

consents: Final = sa.Table(
    "consents",
    metadata,
    sa.Column("consent_id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.ForeignKey(persons.c.person_id), nullable=False),
    sa.Column("recipient_id", sa.Uuid),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("categories", JSONB, nullable=False),
    sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("expires_on", sa.Date, nullable=False),
    sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
    sa.Index("ix_consents_person", "person_id", "consent_id"),
)

# What stands on paper goes with its consent, whoever erases that.
signed_sheets: Final = sa.Table(
    "signed_sheets",
    metadata,
    sa.Column(
        "consent_id", sa.ForeignKey(consents.c.consent_id, ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("added_by", sa.Uuid, nullable=False),
)

# Known from the events of the referrals service, which must never wait for a row of ours: hence no
# foreign key.
sent_referrals: Final = sa.Table(
    "sent_referrals",
    metadata,
    sa.Column("referral_id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, nullable=False),
    sa.Column("to_agency_id", sa.Uuid, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("safety", sa.Boolean, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Index("ix_sent_referrals_person", "person_id", "to_agency_id"),
)

# One row for each person whom an attempt found, or one without a person.
emergency_accesses: Final = sa.Table(
    "emergency_accesses",
    metadata,
    sa.Column("access_id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.ForeignKey(persons.c.person_id)),
    sa.Column("registering_agency_id", sa.Uuid),
    sa.Column("user_id", sa.Uuid, nullable=False),
    sa.Column("agency_id", sa.Uuid, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("note", sa.Text),
    sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ends_at", sa.DateTime(timezone=True)),
    sa.Column("outcome", sa.Text),
    sa.Column("reviewed_at", sa.DateTime(timezone=True)),
    sa.Column("reviewed_by", sa.Uuid),
    sa.Column("review_note", sa.Text),
    sa.CheckConstraint(
        "(person_id IS NULL) = (registering_agency_id IS NULL)"
        " AND (person_id IS NULL) = (ends_at IS NULL)",
        name="person_found",
    ),
    sa.CheckConstraint(
        "(outcome IS NULL) = (reviewed_at IS NULL) AND (outcome IS NULL) = (reviewed_by IS NULL)"
        " AND (outcome IS NULL OR person_id IS NOT NULL) AND reviewed_by <> user_id",
        name="reviewed_by_another",
    ),
    sa.Index("ix_emergency_accesses_user", "user_id", "opened_at"),
    sa.Index("ix_emergency_accesses_registering_agency", "registering_agency_id", "access_id"),
)
