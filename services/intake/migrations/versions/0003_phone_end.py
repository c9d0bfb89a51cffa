"""Index the end of telephone numbers: duplicates are looked for by it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_PHONE_END = sa.text("\"right\"(regexp_replace(details ->> 'phone', '[^0-9]', '', 'g'), 9)")


def upgrade() -> None:
    """Create the index."""
    op.create_index("ix_persons_phone_end", "persons", [_PHONE_END])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_persons_phone_end", "persons")
