"""A database of the reporting service for these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.databases import migrated_database, sweep


@pytest.fixture(scope="module")
def migrated() -> Iterator[str]:
    """Give the address of a migrated database."""
    with migrated_database("reporting") as url:
        yield url


@pytest.fixture
def database(migrated: str) -> str:
    """Give the address of an empty database."""
    return sweep(
        migrated,
        "TRUNCATE entries, people, screenings, gatherings, participations, outbox, streams",
    )
