"""The tables of the read models."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from chassis import teams as team_tables
from chassis.db import new_metadata

metadata: Final = new_metadata()
_moment: Final = sa.DateTime(timezone=True)

entries: Final = sa.Table(
    "entries",
    metadata,
    sa.Column("entry_id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, nullable=False),
    sa.Column("at", _moment, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("subject", sa.Uuid, nullable=False),
    sa.Column("agency_id", sa.Uuid, nullable=False),
    sa.Column("recipient_id", sa.Uuid),
    sa.Column("state", sa.Text),
    sa.Column("code", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("safety", sa.Boolean, nullable=False),
    sa.Column("screening_id", sa.Uuid),
    sa.Index("ix_entries_person_id", "person_id", "at", "entry_id"),
)

people: Final = sa.Table(
    "people",
    metadata,
    sa.Column("person_id", sa.Uuid, primary_key=True),
    sa.Column("agency_id", sa.Uuid, nullable=False),
    sa.Column("gender", sa.Text, nullable=False),
    sa.Column("migratory_background", sa.Boolean, nullable=False),
    sa.Column("municipality", sa.Text, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

screenings: Final = sa.Table(
    "screenings",
    metadata,
    sa.Column("screening_id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, nullable=False),
    sa.Column("fragile", sa.Boolean, nullable=False),
    sa.Index("ix_screenings_person_id", "person_id"),
)

gatherings: Final = sa.Table(
    "gatherings",
    metadata,
    sa.Column("gathering_id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("starts_at", _moment, nullable=False),
    sa.Index("ix_gatherings_starts_at", "starts_at"),
)

participations: Final = sa.Table(
    "participations",
    metadata,
    sa.Column("attendance_id", sa.Uuid, primary_key=True),
    sa.Column("gathering_id", sa.Uuid, nullable=False),
    sa.Column("person_id", sa.Uuid),
    sa.Column("headcount", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("starts_at", _moment, nullable=False),
    sa.Index("ix_participations_starts_at", "starts_at"),
    sa.Index("ix_participations_gathering_id", "gathering_id"),
)

# Of a person's case, or of one screening: who may see what is about safety.
teams: Final = team_tables.new_table(metadata)
