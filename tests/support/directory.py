"""Organizations and services for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from contracts.catalogue import (
    AccessMode,
    Organization,
    OrganizationKind,
    PublishService,
    ServiceDetails,
)

OWNER: Final = UUID("01920000-0000-7000-8000-0000000000a1")
NEIGHBOUR: Final = UUID("01920000-0000-7000-8000-0000000000a2")
SERVICE: Final = UUID("01920000-0000-7000-8000-0000000000e1")

_DETAILS: Final = ServiceDetails(
    organization_id=OWNER,
    name="Scuola di italiano Città Aperta",
    description="Corsi con spazio bimbi",
    categories=("LIN.1", "LIN.2"),
    municipalities=("001171",),
    languages=("it", "ar"),
    access_mode=AccessMode.REGISTRATION,
    audience="Donne",
    address="Via Esempio 1",
    assured_date=date(2026, 11, 22),
    review_due_on=date(2027, 5, 21),
)


def some_service(**changes: Any) -> ServiceDetails:
    """Return what is published of a service, with changes."""
    return replace(_DETAILS, **changes)


def publication(service_id: UUID = SERVICE, **changes: Any) -> PublishService:
    """Return the command that publishes a service, with changes of its details."""
    return PublishService(service_id=service_id, details=some_service(**changes))


def an_organization(organization_id: UUID = OWNER, **changes: Any) -> Organization:
    """Return an organization, with changes."""
    organization = Organization(
        organization_id=organization_id,
        name="Associazione Città Aperta",
        kind=OrganizationKind.ASSOCIATION,
    )
    return replace(organization, **changes)
