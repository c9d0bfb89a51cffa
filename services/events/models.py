"""The tables of gatherings and attendances."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from chassis.db import new_metadata

metadata: Final = new_metadata()
_moment: Final = sa.DateTime(timezone=True)

gatherings: Final = sa.Table(
    "gatherings",
    metadata,
    sa.Column("gathering_id", sa.Uuid, primary_key=True),
    sa.Column("agency_id", sa.Uuid, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("municipality", sa.Text, nullable=False),
    sa.Column("starts_at", _moment, nullable=False),
    sa.Index("ix_gatherings_starts_at", "starts_at", "gathering_id"),
)

attendances: Final = sa.Table(
    "attendances",
    metadata,
    sa.Column("attendance_id", sa.Uuid, primary_key=True),
    sa.Column("gathering_id", sa.Uuid, sa.ForeignKey("gatherings.gathering_id"), nullable=False),
    sa.Column("person_id", sa.Uuid),
    sa.Column("headcount", sa.Integer, nullable=False),
    sa.Column("recorded_at", _moment, nullable=False),
    sa.Column("recorded_by", sa.Uuid, nullable=False),
    sa.CheckConstraint("headcount >= 1", name="headcount"),
    sa.CheckConstraint("person_id IS NULL OR headcount = 1", name="known_person"),
    sa.Index(
        "ux_attendances_person",
        "gathering_id",
        "person_id",
        unique=True,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    ),
    sa.Index("ix_attendances_gathering_id", "gathering_id"),
)
