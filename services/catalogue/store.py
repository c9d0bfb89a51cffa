"""Organizations and services as rows: the only SQL of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from chassis.folding import folded
from chassis.unit import Store
from contracts.catalogue import (
    Organization,
    OrganizationKind,
    Service,
    ServiceDetails,
    ServiceStatus,
)
from services.catalogue.models import organizations, services


class CatalogueStore(Store):
    """The whole directory; who may change what is decided by the rules."""

    def hold(self, entry_id: UUID) -> None:
        """Let nobody else publish this entry until this unit of work ends, be it new or known."""
        key = sa.func.hashtextextended(str(entry_id), 0)
        self.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))

    def find_organization(self, organization_id: UUID) -> Organization | None:
        """Return an organization."""
        statement = sa.select(organizations).where(
            organizations.c.organization_id == organization_id
        )
        row = self.connection.execute(statement).mappings().one_or_none()
        return None if row is None else _organization(row)

    def organizations(self) -> tuple[Organization, ...]:
        """Return every organization by name."""
        statement = sa.select(organizations).order_by(
            organizations.c.folded_name, organizations.c.organization_id
        )
        return tuple(map(_organization, self.connection.execute(statement).mappings()))

    def save_organization(self, organization: Organization) -> None:
        """Keep an organization in place of what was known of it."""
        row = {
            "organization_id": organization.organization_id,
            "name": organization.name,
            "kind": organization.kind.value,
            "demonstration": organization.demonstration,
            "folded_name": folded(organization.name),
        }
        statement = insert(organizations).values(row)
        self.connection.execute(
            statement.on_conflict_do_update(index_elements=["organization_id"], set_=row)
        )

    def find_service(self, service_id: UUID) -> Service | None:
        """Return a service, address and all."""
        statement = sa.select(services).where(services.c.service_id == service_id)
        row = self.connection.execute(statement).mappings().one_or_none()
        return None if row is None else _service(row)

    def search(  # noqa: PLR0913 - the filters of a search, each by its name
        self,
        *,
        text: str | None,
        categories: frozenset[str] | None,
        municipality: str | None,
        language: str | None,
        status: ServiceStatus | None,
        after: UUID | None,
        limit: int,
    ) -> tuple[Service, ...]:
        """Return the services that fit every filter, by name, from behind the service ``after``.

        Of a text every word must occur in what the service or its organization says of itself.
        """
        place = sa.tuple_(services.c.folded_name, services.c.service_id)
        statement = sa.select(services).join(organizations)
        statement = statement.order_by(services.c.folded_name, services.c.service_id).limit(limit)
        if text is not None:
            said = services.c.folded_text + " " + organizations.c.folded_name
            words = folded(text).split()
            fits = (said.like(f"%{word}%") for word in words)
            statement = statement.where(sa.and_(sa.literal(bool(words)), *fits))
        if categories is not None:
            statement = statement.where(services.c.categories.overlap(sorted(categories)))
        if municipality is not None:
            statement = statement.where(services.c.municipalities.contains([municipality]))
        if language is not None:
            statement = statement.where(services.c.languages.contains([language]))
        if status is not None:
            statement = statement.where(services.c.status == status.value)
        if after is not None:
            last = sa.select(services.c.folded_name).where(services.c.service_id == after)
            statement = statement.where(place > sa.tuple_(last.scalar_subquery(), after))
        return tuple(map(_service, self.connection.execute(statement).mappings()))

    def save_service(self, service: Service) -> None:
        """Keep a service in place of what was published of it."""
        details = service.details
        row = {
            "service_id": service.service_id,
            "organization_id": details.organization_id,
            "version": service.version,
            "folded_name": folded(details.name),
            "folded_text": folded(
                " ".join((details.name, details.description or "", details.audience or ""))
            ),
            "status": details.status.value,
            "categories": list(details.categories),
            "municipalities": list(details.municipalities),
            "languages": list(details.languages),
            "details": details.dump(),
        }
        statement = insert(services).values(row)
        self.connection.execute(
            statement.on_conflict_do_update(index_elements=["service_id"], set_=row)
        )


def _organization(row: Mapping[Any, Any]) -> Organization:
    return Organization(
        organization_id=row["organization_id"],
        name=row["name"],
        kind=OrganizationKind(row["kind"]),
        demonstration=row["demonstration"],
    )


def _service(row: Mapping[Any, Any]) -> Service:
    """Return the service of a row; fields that a newer version of the code wrote are ignored."""
    return Service(
        service_id=row["service_id"],
        version=row["version"],
        details=ServiceDetails.load(row["details"], tolerant=True),
    )
