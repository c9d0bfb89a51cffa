"""Migrations: there and back, and twice at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from chassis.db import CHASSIS_TABLES, make_engine, revision_of
from chassis.migrate import migrate
from tests.support.fresh import fresh_database
from tests.support.stage import PACKAGE


@pytest.fixture
def empty() -> Iterator[str]:
    """Give an empty database."""
    with fresh_database() as url:
        yield url


def tables(url: str) -> set[str]:
    """Return the names of the tables."""
    engine = make_engine(url, name="tests", workers=1)
    found = set(sa.inspect(engine).get_table_names())
    engine.dispose()
    return found


def test_migration_makes_the_tables(empty: str) -> None:
    """The service's and the chassis's tables are there."""
    assert migrate(PACKAGE, empty) == "0001"
    assert tables(empty) >= CHASSIS_TABLES | {"greetings"}


def test_migration_goes_back(empty: str) -> None:
    """Nothing is left but alembic's own table, and the way up is open again."""
    migrate(PACKAGE, empty)
    assert migrate(PACKAGE, empty, revision="base") is None
    assert tables(empty) == {"alembic_version"}
    assert migrate(PACKAGE, empty) == "0001"


def test_two_migrations_at_the_same_time_are_safe(empty: str) -> None:
    """The second waits for the first and finds nothing left to do."""
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(migrate, PACKAGE, empty)
        assert (migrate(PACKAGE, empty), other.result()) == ("0001", "0001")


def test_revision_of_a_new_database_is_none(empty: str) -> None:
    """A process may ask before any migration has run."""
    engine = make_engine(empty, name="tests", workers=1)
    with engine.begin() as connection:
        assert revision_of(connection) == "none"
    engine.dispose()
