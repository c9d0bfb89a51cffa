"""A database and a key of intake, and agencies that no other test knows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet

from chassis.clock import new_id
from services.intake.sealing import VARIABLE, process_seal
from tests.support.databases import migrated_database
from tests.support.desks import IntakeDesk
from tests.support.people import caller
from tests.support.sent_referrals import Sent


@pytest.fixture(scope="session")
def intake_database(engines: None) -> Iterator[str]:  # noqa: ARG001 - it must be there first
    """Give the address of an empty database of intake."""
    with migrated_database("intake") as url:
        yield url


@pytest.fixture(autouse=True, scope="session")
def intake_key() -> Iterator[str]:
    """Give the processes under test a key."""
    key = Fernet.generate_key().decode()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(VARIABLE, key)
        process_seal.cache_clear()
        yield key
    process_seal.cache_clear()


@pytest.fixture
def desk(intake_database: str) -> IntakeDesk:
    """Give a worker of a new agency."""
    return IntakeDesk(intake_database, caller(agency_id=new_id()))


@pytest.fixture
def neighbour(intake_database: str) -> IntakeDesk:
    """Give a worker of another new agency."""
    return IntakeDesk(intake_database, caller(agency_id=new_id()))


@pytest.fixture
def sent(desk: IntakeDesk, neighbour: IntakeDesk) -> Sent:
    """Give a person who is about to be referred."""
    return Sent(desk, neighbour)
