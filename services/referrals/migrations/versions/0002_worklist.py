"""Index what is open by agency: every worklist counts it."""

from alembic import op
from sqlalchemy import text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OPEN = text("state IN ('draft', 'requested', 'accepted', 'in_progress')")
_INDEXES = (
    ("ix_needs_active_agency", "needs", "agency_id", text("state = 'active'")),
    ("ix_referrals_open_sender", "referrals", "from_agency_id", _OPEN),
    ("ix_referrals_open_recipient", "referrals", "to_agency_id", _OPEN),
)


def upgrade() -> None:
    """Create the indexes."""
    for name, table, column, which in _INDEXES:
        op.create_index(name, table, [column], postgresql_where=which)


def downgrade() -> None:
    """Drop the indexes."""
    for name, table, _column, _which in _INDEXES:
        op.drop_index(name, table)
