"""A database of the catalogue, and organizations that no other test knows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chassis.clock import new_id
from contracts.access import Role
from tests.support.databases import migrated_database
from tests.support.desks import CatalogueDesk
from tests.support.people import caller


@pytest.fixture(scope="session")
def catalogue_database(engines: None) -> Iterator[str]:  # noqa: ARG001 - it must be there first
    """Give the address of an empty database of the catalogue."""
    with migrated_database("catalogue") as url:
        yield url


@pytest.fixture
def desk(catalogue_database: str) -> CatalogueDesk:
    """Give a coordinator of a new organization, which is entered but has no service."""
    principal = caller(Role.AGENCY_COORDINATOR, agency_id=new_id())
    desk = CatalogueDesk(catalogue_database, principal)
    desk.open_organization(principal.agency_id, name=f"Ente {principal.agency_id.hex}")
    desk.told.clear()
    return desk


@pytest.fixture
def administrator(catalogue_database: str) -> CatalogueDesk:
    """Give somebody of another agency who may publish for all."""
    return CatalogueDesk(catalogue_database, caller(Role.ADMINISTRATOR, agency_id=new_id()))
