"""A database of the events service for these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.databases import migrated_database, sweep


@pytest.fixture(scope="module")
def migrated() -> Iterator[str]:
    """Give the address of a migrated database."""
    with migrated_database("events") as url:
        yield url


@pytest.fixture
def database(migrated: str) -> str:
    """Give the address of an empty database."""
    return sweep(migrated, "TRUNCATE attendances, gatherings, outbox, streams")
