"""The tables of the referrals service: opaque ids and coded facts, no names and no free text."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from chassis import teams as team_tables
from chassis.db import new_metadata
from contracts.catalogue import ServiceStatus
from contracts.intake import Purpose
from contracts.referrals import (
    Blocker,
    Ground,
    Mode,
    NeedOutcome,
    NeedState,
    ReferralOutcome,
    ReferralState,
)
from contracts.screening import Decision

metadata: Final = new_metadata()


def _coded(codes: type[StrEnum]) -> sa.Enum:
    """Return the type of a column that holds a code: text, so that a new code is no migration."""
    return sa.Enum(
        codes,
        native_enum=False,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def _texts(name: str) -> sa.Column[Any]:
    """Return a column with a list of codes."""
    return sa.Column(name, ARRAY(sa.Text), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """Return a column with a point in time."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


needs: Final = sa.Table(
    "needs",
    metadata,
    sa.Column("need_id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, nullable=False),
    sa.Column("screening_id", sa.Uuid, nullable=False),
    sa.Column("agency_id", sa.Uuid, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    _texts("domains"),
    sa.Column("mode", _coded(Mode), nullable=False),
    sa.Column("state", _coded(NeedState), nullable=False),
    sa.Column("decision", _coded(Decision), nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("refusal_reason", sa.Text),
    sa.Column("outcome", _coded(NeedOutcome)),
    _texts("unmatched"),
    sa.Column("safety", sa.Boolean, nullable=False),
    sa.Column("municipality", sa.Text),
    sa.Column("language", sa.Text),
    _instant("opened_at"),
    _instant("closed_at", nullable=True),
    sa.CheckConstraint("(state = 'active') = (closed_at IS NULL)", name="closed"),
    # One active need per person and category, whatever the rules above believe.
    sa.Index(
        "ix_needs_active",
        "person_id",
        "category",
        unique=True,
        postgresql_where=sa.text("state = 'active'"),
    ),
    sa.Index("ix_needs_screening", "screening_id"),
    sa.Index("ix_needs_person", "person_id", "need_id"),
    sa.Index("ix_needs_agency", "agency_id", "need_id"),
    sa.Index("ix_needs_active_agency", "agency_id", postgresql_where=sa.text("state = 'active'")),
    sa.Index(
        "ix_needs_waiting",
        "category",
        postgresql_where=sa.text("state = 'active' AND cardinality(unmatched) > 0"),
    ),
)

_OPEN: Final = "state IN ('draft', 'requested', 'accepted', 'in_progress')"

referrals: Final = sa.Table(
    "referrals",
    metadata,
    sa.Column("referral_id", sa.Uuid, primary_key=True),
    sa.Column("need_id", sa.Uuid, sa.ForeignKey(needs.c.need_id), nullable=False),
    sa.Column("person_id", sa.Uuid, nullable=False),
    sa.Column("screening_id", sa.Uuid, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("mode", _coded(Mode), nullable=False),
    sa.Column("state", _coded(ReferralState), nullable=False),
    sa.Column("from_agency_id", sa.Uuid, nullable=False),
    sa.Column("to_agency_id", sa.Uuid, nullable=False),
    sa.Column("service_id", sa.Uuid, nullable=False),
    sa.Column("blocked_by", _coded(Blocker)),
    sa.Column("reason", sa.Text),
    sa.Column("outcome", _coded(ReferralOutcome)),
    sa.Column("first_contact_on", sa.Date),
    sa.Column("replaces", sa.Uuid),
    sa.Column("chosen_by", _coded(Ground), nullable=False),
    _instant("sent_at", nullable=True),
    sa.Column("sharing_suspended", sa.Boolean, nullable=False),
    sa.Column("safety", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    _instant("created_at"),
    _instant("changed_at"),
    sa.CheckConstraint("(state = 'draft') = (blocked_by IS NOT NULL)", name="blocked"),
    sa.CheckConstraint(
        "sent_at IS NULL AND state IN ('draft', 'cancelled', 'entered_in_error')"
        " OR sent_at IS NOT NULL AND state <> 'draft'",
        name="sent",
    ),
    # One open attempt per need, whatever the rules above believe.
    sa.Index("ix_referrals_open_need", "need_id", unique=True, postgresql_where=sa.text(_OPEN)),
    sa.Index("ix_referrals_open_service", "service_id", postgresql_where=sa.text(_OPEN)),
    sa.Index("ix_referrals_open_sender", "from_agency_id", postgresql_where=sa.text(_OPEN)),
    sa.Index("ix_referrals_open_recipient", "to_agency_id", postgresql_where=sa.text(_OPEN)),
    sa.Index("ix_referrals_need", "need_id"),
    sa.Index("ix_referrals_person", "person_id", "referral_id"),
    sa.Index("ix_referrals_sender", "from_agency_id", "referral_id"),
    sa.Index(
        "ix_referrals_recipient",
        "to_agency_id",
        "referral_id",
        postgresql_where=sa.text("sent_at IS NOT NULL"),
    ),
)

confirmations: Final = sa.Table(
    "confirmations",
    metadata,
    sa.Column("need_id", sa.Uuid, sa.ForeignKey(needs.c.need_id), primary_key=True),
    sa.Column("screening_id", sa.Uuid, primary_key=True, index=True),
    sa.Column("mode", _coded(Mode), nullable=False),
    sa.Column("decision", _coded(Decision), nullable=False),
    sa.Column("safety", sa.Boolean, nullable=False),
    _instant("confirmed_at"),
)

services: Final = sa.Table(
    "services",
    metadata,
    sa.Column("service_id", sa.Uuid, primary_key=True),
    sa.Column("organization_id", sa.Uuid, nullable=False),
    sa.Column("status", _coded(ServiceStatus), nullable=False),
    _texts("categories"),
    _texts("municipalities"),
    _texts("languages"),
    sa.Column("review_due_on", sa.Date, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Index("ix_services_categories", "categories", postgresql_using="gin"),
)

# What a withdrawal that overtook its grant does not know is empty until the grant arrives.
consents: Final = sa.Table(
    "consents",
    metadata,
    sa.Column("consent_id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, nullable=False, index=True),
    sa.Column("recipient_id", sa.Uuid),
    sa.Column("purpose", _coded(Purpose)),
    sa.Column("categories", ARRAY(sa.Text)),
    sa.Column("expires_on", sa.Date),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
)

# Of a person's case, or of one screening: who may see what is about safety.
teams: Final = team_tables.new_table(metadata)
