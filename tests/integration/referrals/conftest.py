"""The referrals service over a real database for these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.databases import migrated_database
from tests.support.referrals_at_work import Office


@pytest.fixture(scope="session")
def referrals_database() -> Iterator[str]:
    """Give the address of a database made by the service's migrations."""
    with migrated_database("referrals") as url:
        yield url


@pytest.fixture
def office(referrals_database: str) -> Office:
    """Give the service over an empty database."""
    office = Office(referrals_database)
    office.empty()
    return office
