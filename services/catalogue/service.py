"""The doors of the catalogue."""

from __future__ import annotations

from chassis.edge import Database, Service, answers
from chassis.unit import Unit
from contracts import catalogue as language
from contracts.catalogue import (
    FindServices,
    GetService,
    GetTaxonomy,
    ListOrganizations,
    Organization,
    OrganizationPage,
    PublishOrganization,
    PublishService,
    ServicePage,
    Taxonomy,
)
from services.catalogue import handlers
from services.catalogue.store import CatalogueStore


class CatalogueService(Service[CatalogueStore]):
    """Knows who offers what in the network."""

    name = "catalogue"
    database = Database(CatalogueStore)

    @answers(PublishOrganization)
    def publish_organization(
        self, unit: Unit[CatalogueStore], command: PublishOrganization
    ) -> Organization:
        """Enter an organization, or replace what is known of it."""
        return handlers.publish_organization(unit, command)

    @answers(ListOrganizations)
    def list_organizations(
        self, unit: Unit[CatalogueStore], query: ListOrganizations
    ) -> OrganizationPage:
        """Show the organizations of the network."""
        return handlers.list_organizations(unit, query)

    @answers(PublishService)
    def publish_service(
        self, unit: Unit[CatalogueStore], command: PublishService
    ) -> language.Service:
        """Publish a service, or replace what is published of it."""
        return handlers.publish_service(unit, command)

    @answers(GetService)
    def get_service(self, unit: Unit[CatalogueStore], query: GetService) -> language.Service:
        """Show one service."""
        return handlers.get_service(unit, query)

    @answers(FindServices)
    def find_services(self, unit: Unit[CatalogueStore], query: FindServices) -> ServicePage:
        """Search the directory."""
        return handlers.find_services(unit, query)

    @answers(GetTaxonomy)
    def get_taxonomy(self, unit: Unit[CatalogueStore], query: GetTaxonomy) -> Taxonomy:
        """Show the taxonomy."""
        return handlers.get_taxonomy(unit, query)
