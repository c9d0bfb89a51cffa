"""Create the tables of pathways and the chassis's own, and load the offers."""

import json
from datetime import UTC, date, datetime, time
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db import create_chassis_tables, drop_chassis_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

OFFERS = Path(__file__).parents[2] / "data" / "offers.json"


def upgrade() -> None:
    """Create the tables and load the offers as they stand in the file."""
    create_chassis_tables(op)
    offers = op.create_table(
        "offers",
        sa.Column("pathway", sa.Text(), nullable=False),
        sa.Column("name_it", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("places", sa.Integer()),
        sa.Column("precedence", JSONB(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("pathway", name="pk_offers"),
        sa.CheckConstraint("places >= 0", name=op.f("ck_offers_places")),
    )
    history = op.create_table(
        "offer_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("pathway", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("places", sa.Integer()),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_offer_history"),
        sa.ForeignKeyConstraint(
            ["pathway"], ["offers.pathway"], name="fk_offer_history_pathway"
        ),
    )
    op.create_table(
        "enrolments",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("pathway", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("enrolment_id", name="pk_enrolments"),
        sa.CheckConstraint(
            "state IN ('proposed', 'waiting_list', 'enrolled', 'refused', 'withdrawn')",
            name=op.f("ck_enrolments_state"),
        ),
        sa.CheckConstraint(
            "(waiting_since IS NOT NULL) = (state = 'waiting_list')",
            name=op.f("ck_enrolments_waiting_since"),
        ),
    )
    op.create_index(
        "ux_enrolments_open",
        "enrolments",
        ["person_id", "pathway"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'waiting_list', 'enrolled')"),
    )
    op.create_index(
        "ix_enrolments_waiting",
        "enrolments",
        ["pathway", "rank", "waiting_since", "enrolment_id"],
        postgresql_where=sa.text("state = 'waiting_list'"),
    )
    op.create_index(
        "ix_enrolments_enrolled",
        "enrolments",
        ["pathway"],
        postgresql_where=sa.text("state = 'enrolled'"),
    )
    op.create_index("ix_enrolments_person_id", "enrolments", ["person_id", "enrolment_id"])
    op.create_index("ix_enrolments_agency_id", "enrolments", ["agency_id", "enrolment_id"])
    op.create_table(
        "suggestions",
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("pathway", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("screening_id", "pathway", name="pk_suggestions"),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolments.enrolment_id"],
            name="fk_suggestions_enrolment_id",
        ),
    )
    op.create_index(
        "ix_suggestions_person_id", "suggestions", ["person_id", "pathway", "completed_at"]
    )
    op.create_index("ix_suggestions_enrolment_id", "suggestions", ["enrolment_id"])
    rows = _offers()
    op.bulk_insert(offers, rows)
    op.bulk_insert(history, [_first_entry(row) for row in rows])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("suggestions", "enrolments", "offer_history", "offers"):
        op.drop_table(table)
    drop_chassis_tables(op)


def _offers() -> list[dict[str, object]]:
    """Return the offers of the file; what an offer leaves out stands for all of them."""
    loaded = json.loads(OFFERS.read_text(encoding="utf-8"))
    return [
        {
            "places": None,
            "precedence": [],
            "source": loaded["source"],
            **offer,
            "valid_from": date.fromisoformat(loaded["valid_from"]),
        }
        for offer in loaded["offers"]
    ]


def _first_entry(row: dict[str, object]) -> dict[str, object]:
    valid_from = row["valid_from"]
    assert isinstance(valid_from, date)
    return {
        **{name: row[name] for name in ("pathway", "places", "valid_from", "source")},
        "set_at": datetime.combine(valid_from, time(), UTC),
    }
