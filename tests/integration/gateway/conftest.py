"""Identity and access log on a database made by the gateway's own migrations."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from chassis.db import make_engine
from gateway.database import Database
from gateway.identity.handlers import Identity
from gateway.identity.models import sign_in_failures
from gateway.identity.sealing import Seal
from tests.support.databases import migrated_database
from tests.support.identity import FREE, KEY, House
from tests.support.post_office import PostOffice, opened


@pytest.fixture(scope="session")
def gateway_database_url(engines: None) -> Iterator[str]:  # noqa: ARG001 - it must be there first
    """Give the address of an empty, migrated database."""
    with migrated_database("gateway") as url:
        yield url


@pytest.fixture(scope="session")
def gateway_database(gateway_database_url: str) -> Iterator[Database]:
    """Give the gateway's database."""
    engine = make_engine(gateway_database_url, name="test", workers=8)
    yield Database(engine)
    engine.dispose()


@pytest.fixture
def house(gateway_database: Database) -> House:
    """Give identity at the start of a day on which nobody has failed yet."""
    started = House(Identity(gateway_database, Seal(KEY), policy=FREE))
    gateway_database.transact(lambda connection: connection.execute(sa.delete(sign_in_failures)))
    return started


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    """Give a mail server of this machine."""
    with opened() as office:
        yield office
