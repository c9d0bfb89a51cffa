"""The gateway's tables as its migrations make them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import gateway.access_chain
import gateway.access_log
import gateway.feedback
import gateway.identity.models
import gateway.limits
from chassis import clock
from chassis.migrate import migrate
from gateway.access_log import Access, StoredAccessLog
from gateway.database import Database, metadata


def test_migrations_make_what_the_models_say(gateway_database: Database) -> None:
    """Tables, columns and indexes are equal."""
    known = {gateway.access_log.access_log.name, gateway.identity.models.users.name}
    assert known <= metadata.tables.keys()
    with gateway_database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrations_go_down_and_up_again(database_url: str) -> None:
    """Nothing is left behind that a second way up would stumble over."""
    migrate("gateway", database_url)
    migrate("gateway", database_url, revision="base")
    assert migrate("gateway", database_url) == "0008"


@pytest.mark.parametrize(
    "statement",
    ["UPDATE access_log SET status = 200", "DELETE FROM access_log", "TRUNCATE access_log"],
)
def test_access_log_is_only_ever_added_to(gateway_database: Database, statement: str) -> None:
    """The database itself refuses to change what happened."""
    access = Access(
        access_id=clock.new_id(),
        at=clock.now(),
        user_id=clock.new_id(),
        agency_id=clock.new_id(),
        operation="person",
        person_id=clock.new_id(),
        status=200,
        address="192.0.2.1",
        correlation_id="c-1",
    )
    StoredAccessLog(gateway_database).add([access])
    with pytest.raises(sa.exc.DBAPIError, match="only ever added to"):
        gateway_database.transact(lambda connection: connection.execute(sa.text(statement)))
