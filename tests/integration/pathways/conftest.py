"""A database of the pathways service for these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.databases import migrated_database, sweep


@pytest.fixture(scope="module")
def migrated() -> Iterator[str]:
    """Give the address of a migrated database."""
    with migrated_database("pathways") as url:
        yield url


@pytest.fixture
def database(migrated: str) -> str:
    """Give the address of a database with the offers as they were loaded and no enrolment."""
    return sweep(
        migrated,
        "TRUNCATE suggestions, enrolments, outbox, streams",
        "UPDATE offers SET places = 30 WHERE pathway = 'IMP'",
    )
