"""What the catalogue does: load, let the rules decide, keep, tell; each in one unit of work."""

from __future__ import annotations

from uuid import UUID

from chassis.paging import position
from chassis.unit import Unit
from contracts.calendar import day_of
from contracts.catalogue import (
    FindServices,
    GetService,
    GetTaxonomy,
    ListOrganizations,
    Organization,
    OrganizationPage,
    PublishOrganization,
    PublishService,
    Service,
    ServicePage,
    Taxonomy,
)
from contracts.language import NotFound
from services.catalogue import domain
from services.catalogue.store import CatalogueStore
from services.catalogue.tables import tables


def publish_organization(unit: Unit[CatalogueStore], command: PublishOrganization) -> Organization:
    """Enter an organization into the network, or replace what is known of it."""
    organization_id = command.organization.organization_id
    _require_reach(unit, command.permission, organization_id)
    unit.store.hold(organization_id)
    outcome = domain.publish_organization(
        command.organization, current=unit.store.find_organization(organization_id)
    )
    if outcome.events:
        unit.store.save_organization(outcome.state)
        unit.publish(*outcome.events)
    return outcome.state


def list_organizations(unit: Unit[CatalogueStore], query: ListOrganizations) -> OrganizationPage:
    """Show the organizations of the network."""
    unit.principal.require(query.permission)
    return OrganizationPage(items=unit.store.organizations())


def publish_service(unit: Unit[CatalogueStore], command: PublishService) -> Service:
    """Publish a service, or replace what is published of it."""
    organization_id = command.details.organization_id
    _require_reach(unit, command.permission, organization_id)
    unit.store.hold(command.service_id)
    outcome = domain.publish_service(
        command,
        current=unit.store.find_service(command.service_id),
        publisher=unit.principal.agency_id,
        organization_known=unit.store.find_organization(organization_id) is not None,
        tables=tables(),
        today=day_of(unit.now),
    )
    if outcome.events:
        unit.store.save_service(outcome.state)
        unit.publish(*outcome.events)
    return _shown(unit, outcome.state)


def get_service(unit: Unit[CatalogueStore], query: GetService) -> Service:
    """Show one service."""
    unit.principal.require(query.permission)
    service = unit.store.find_service(query.service_id)
    if service is None:
        raise NotFound("There is no such service.")
    return _shown(unit, service)


def find_services(unit: Unit[CatalogueStore], query: FindServices) -> ServicePage:
    """Search the directory."""
    unit.principal.require(query.permission)
    found = unit.store.search(
        text=query.text,
        categories=domain.categories_searched(query.category, tables()),
        municipality=domain.municipality_searched(query.municipality, tables()),
        language=query.language,
        status=query.status,
        after=position(query.cursor),
        limit=query.limit + 1,
    )
    page = found[: query.limit]
    return ServicePage(
        items=tuple(_shown(unit, service) for service in page),
        next_cursor=str(page[-1].service_id) if len(found) > len(page) else None,
    )


def get_taxonomy(unit: Unit[CatalogueStore], query: GetTaxonomy) -> Taxonomy:
    """Show the taxonomy of needs and services."""
    unit.principal.require(query.permission)
    return tables().taxonomy


def _shown(unit: Unit[CatalogueStore], service: Service) -> Service:
    return domain.show(service, agency_id=unit.principal.agency_id, today=day_of(unit.now))


def _require_reach(unit: Unit[CatalogueStore], permission: str, organization_id: UUID) -> None:
    """Refuse a caller whose permission does not cover the organization.

    Raises:
        NotYourOrganization: it covers the own agency only.

    """
    unit.principal.require(permission)
    if not unit.principal.reaches(permission, organization_id):
        raise domain.NotYourOrganization
