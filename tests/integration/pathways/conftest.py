"""A database of the pathways service for these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from chassis.db import make_engine
from tests.support.databases import migrated_database


@pytest.fixture(scope="module")
def migrated() -> Iterator[str]:
    """Give the address of a migrated database."""
    with migrated_database("pathways") as url:
        yield url


@pytest.fixture(scope="module")
def broom(migrated: str) -> Iterator[sa.Engine]:
    """Give what sweeps the database between tests."""
    engine = make_engine(migrated, name="broom", workers=1)
    yield engine
    engine.dispose()


@pytest.fixture
def database(migrated: str, broom: sa.Engine) -> str:
    """Give the address of a database with the offers as they were loaded and no enrolment."""
    with broom.begin() as connection:
        connection.exec_driver_sql("TRUNCATE suggestions, enrolments, outbox, streams")
        connection.exec_driver_sql("UPDATE offers SET places = 30 WHERE pathway = 'IMP'")
    return migrated
