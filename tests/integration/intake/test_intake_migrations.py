"""The migrations of intake: they make the tables that the code knows, and can be taken back."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from chassis.db import CHASSIS_TABLES
from chassis.migrate import migrate
from services.intake.models import metadata
from tests.support.databases import connected, migrated_database


def test_the_migrations_make_the_tables_that_the_code_knows(intake_database: str) -> None:
    """No column, key or index more or less."""
    with connected(intake_database) as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _parents: (
                    kind != "table" or name not in CHASSIS_TABLES
                ),
            },
        )
        assert compare_metadata(context, metadata) == []


@pytest.mark.usefixtures("engines")
def test_the_migrations_can_be_taken_back_and_done_again() -> None:
    """An empty database is empty again, and then whole."""
    with migrated_database("intake") as url:
        assert migrate("intake", url, revision="base") is None
        assert migrate("intake", url) == "0006"
