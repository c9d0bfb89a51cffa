"""Versions of users and clients, so that nobody overrules a change that they have not seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let what is there begin at one."""
    for table in ("users", "api_clients"):
        op.add_column(
            table, sa.Column("version", sa.Integer, nullable=False, server_default="1")
        )


def downgrade() -> None:
    """Keep no versions."""
    for table in ("users", "api_clients"):
        op.drop_column(table, "version")
