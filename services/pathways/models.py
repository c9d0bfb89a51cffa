"""The tables of pathways."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from chassis import teams as team_tables
from chassis.db import new_metadata

metadata: Final = new_metadata()
_moment: Final = sa.DateTime(timezone=True)

offers: Final = sa.Table(
    "offers",
    metadata,
    sa.Column("pathway", sa.Text, primary_key=True),
    sa.Column("name_it", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("places", sa.Integer),
    sa.Column("precedence", JSONB, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.CheckConstraint("places >= 0", name="places"),
)

offer_history: Final = sa.Table(
    "offer_history",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("pathway", sa.Text, sa.ForeignKey("offers.pathway"), nullable=False),
    sa.Column("set_at", _moment, nullable=False),
    sa.Column("places", sa.Integer),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
)

enrolments: Final = sa.Table(
    "enrolments",
    metadata,
    sa.Column("enrolment_id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, nullable=False),
    sa.Column("screening_id", sa.Uuid, nullable=False),
    sa.Column("agency_id", sa.Uuid, nullable=False),
    sa.Column("pathway", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("safety", sa.Boolean, nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("waiting_since", _moment),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", _moment, nullable=False),
    sa.Column("changed_at", _moment, nullable=False),
    sa.CheckConstraint(
        "state IN ('proposed', 'waiting_list', 'enrolled', 'refused', 'withdrawn')", name="state"
    ),
    sa.CheckConstraint(
        "(waiting_since IS NOT NULL) = (state = 'waiting_list')", name="waiting_since"
    ),
    sa.Index(
        "ux_enrolments_open",
        "person_id",
        "pathway",
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'waiting_list', 'enrolled')"),
    ),
    sa.Index(
        "ix_enrolments_waiting",
        "pathway",
        "rank",
        "waiting_since",
        "enrolment_id",
        postgresql_where=sa.text("state = 'waiting_list'"),
    ),
    sa.Index("ix_enrolments_enrolled", "pathway", postgresql_where=sa.text("state = 'enrolled'")),
    sa.Index("ix_enrolments_person_id", "person_id", "enrolment_id"),
    sa.Index("ix_enrolments_agency_id", "agency_id", "enrolment_id"),
)

suggestions: Final = sa.Table(
    "suggestions",
    metadata,
    sa.Column("screening_id", sa.Uuid, primary_key=True),
    sa.Column("pathway", sa.Text, primary_key=True),
    sa.Column("person_id", sa.Uuid, nullable=False),
    sa.Column("enrolment_id", sa.Uuid, sa.ForeignKey("enrolments.enrolment_id"), nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("safety", sa.Boolean, nullable=False),
    sa.Column("completed_at", _moment, nullable=False),
    sa.Index("ix_suggestions_person_id", "person_id", "pathway", "completed_at"),
    sa.Index("ix_suggestions_enrolment_id", "enrolment_id"),
)

# Of a person's case, or of one screening: who may see what is about safety.
teams: Final = team_tables.new_table(metadata)
