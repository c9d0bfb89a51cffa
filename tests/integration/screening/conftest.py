"""A database of the screening service for these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.databases import migrated_database


@pytest.fixture(scope="session")
def screening_database() -> Iterator[str]:
    """Give the address of a database made by the service's migrations."""
    with migrated_database("screening") as url:
        yield url
