"""The tables of the catalogue."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.db import new_metadata

metadata: Final = new_metadata()

organizations: Final = sa.Table(
    "organizations",
    metadata,
    sa.Column("organization_id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("demonstration", sa.Boolean, nullable=False),
    sa.Column("folded_name", sa.Text, nullable=False),
)

services: Final = sa.Table(
    "services",
    metadata,
    sa.Column("service_id", sa.Uuid, primary_key=True),
    sa.Column("organization_id", sa.ForeignKey(organizations.c.organization_id), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("folded_name", sa.Text, nullable=False),
    sa.Column("folded_text", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("categories", ARRAY(sa.Text), nullable=False),
    sa.Column("municipalities", ARRAY(sa.Text), nullable=False),
    sa.Column("languages", ARRAY(sa.Text), nullable=False),
    sa.Column("details", JSONB, nullable=False),
    sa.Index("ix_services_name", "folded_name", "service_id"),
    sa.Index("ix_services_categories", "categories", postgresql_using="gin"),
)
