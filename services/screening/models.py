"""The table of the screening service: coded facts and opaque ids, no names and no free text."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from chassis import teams as team_tables
from chassis.db import new_metadata

metadata: Final = new_metadata()

screenings: Final = sa.Table(
    "screenings",
    metadata,
    sa.Column("screening_id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, nullable=False),
    sa.Column("case_id", sa.Uuid),
    sa.Column("agency_id", sa.Uuid, nullable=False),
    sa.Column("worker_id", sa.Uuid, nullable=False),
    sa.Column("form_version", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("language", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("context", JSONB, nullable=False),
    sa.Column("answers", JSONB, nullable=False),
    sa.Column("result", JSONB(none_as_null=True)),
    sa.Column("result_without_safety", JSONB(none_as_null=True)),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("completed_at", sa.DateTime(timezone=True)),
    sa.Column("marks", JSONB(none_as_null=True)),
    sa.CheckConstraint("mode IN ('full', 'brief')", name="mode"),
    sa.CheckConstraint("status IN ('draft', 'completed')", name="status"),
    sa.CheckConstraint(
        "(status = 'completed') = (completed_at IS NOT NULL)"
        " AND (completed_at IS NULL) = (result IS NULL)"
        " AND (completed_at IS NULL) = (result_without_safety IS NULL)",
        name="completed",
    ),
    sa.Index("ix_screenings_person", "person_id", "screening_id"),
    sa.Index("ix_screenings_agency", "agency_id", "screening_id"),
)

# Of a person's case, known from intake's events: who may see the answers about safety.
teams: Final = team_tables.new_table(metadata)
