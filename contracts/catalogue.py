"""Organizations and the services they offer, in the terms of HSDS."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from contracts.language import (
    About,
    Code,
    Command,
    Event,
    LanguageTag,
    Many,
    Municipality,
    Number,
    Query,
    Resource,
    Text,
)


class OrganizationKind(StrEnum):
    """The legal kind of an organization of the network."""

    MUNICIPALITY = "comune"
    MANAGING_BODY = "ente_gestore"
    ASSOCIATION = "associazione"
    COOPERATIVE = "cooperativa"
    PUBLIC_BODY = "ente_pubblico"
    OTHER = "altro"


class ServiceStatus(StrEnum):
    """HSDS's words for whether a service can be used."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"


class AccessMode(StrEnum):
    """How one gets into a service."""

    OPEN = "libero"
    APPOINTMENT = "appuntamento"
    REFERRAL = "invio"
    REGISTRATION = "iscrizione"
    APPLICATION = "domanda"
    ON_REQUEST_OF_SERVICES = "richiesta_servizi"


class Organization(Resource):
    """An agency of the network; its id is the agency id of its staff."""

    organization_id: UUID
    name: Annotated[str, Text(maximum=200)]
    kind: OrganizationKind
    demonstration: bool = False


class OrganizationPage(Resource):
    """The organizations of the network by name."""

    items: tuple[Organization, ...]


class ServiceDetails(Resource):
    """What an organization publishes about a service."""

    organization_id: UUID
    name: Annotated[str, Text(maximum=200)]
    description: Annotated[str | None, Text(maximum=2000)] = None
    status: ServiceStatus = ServiceStatus.ACTIVE
    categories: Annotated[
        tuple[Code, ...], Many(minimum=1, maximum=10, about="Leaves of the taxonomy, such as LIN.2")
    ]
    municipalities: Annotated[tuple[Municipality, ...], Many(minimum=1, maximum=50)]
    languages: Annotated[tuple[LanguageTag, ...], Many(minimum=1, maximum=20)] = ("it",)
    access_mode: AccessMode
    cost: Annotated[str | None, Text(maximum=60)] = None
    audience: Annotated[str | None, Text(maximum=300)] = None
    opening_hours: Annotated[str | None, Text(maximum=300)] = None
    address: Annotated[str | None, Text(maximum=300)] = None
    address_public: bool = True
    phone: Annotated[str | None, Text(maximum=40)] = None
    email: Annotated[str | None, Text(maximum=120)] = None
    assured_date: Annotated[date, About("The day on which somebody last checked this entry")]
    review_due_on: Annotated[date, About("From this day on the entry counts as stale")]
    demonstration: bool = False


class Service(Resource):
    """A service as the directory shows it; other agencies never see a confidential address."""

    service_id: UUID
    version: int
    details: ServiceDetails
    stale: Annotated[bool, About("Its review is due today or was before")] = False


class ServicePage(Resource):
    """Services that fit the filters, by name."""

    items: tuple[Service, ...]
    next_cursor: str | None = None


class TaxonomyTerm(Resource):
    """A category of needs and services."""

    code: Code
    name_it: str
    name_en: str
    parent: Code | None = None


class Taxonomy(Resource):
    """The whole taxonomy, roots before leaves."""

    version: str
    items: tuple[TaxonomyTerm, ...]


class PublishOrganization(
    Command[Organization],
    service="catalogue",
    method="publish_organization",
    permission="catalogue:publish",
):
    """Enter an organization into the network, or replace what is known of it."""

    organization: Organization


class ListOrganizations(
    Query[OrganizationPage],
    service="catalogue",
    method="list_organizations",
    permission="catalogue:read",
):
    """Show the organizations of the network."""


class PublishService(
    Command[Service], service="catalogue", method="publish_service", permission="catalogue:publish"
):
    """Publish a service, or replace what is published of it."""

    service_id: UUID
    version: Annotated[
        int | None,
        Number(
            minimum=0,
            maximum=1_000_000_000,
            about="What the caller saw, 0 for no such service; absent: whatever there is",
        ),
    ] = None
    details: ServiceDetails


class GetService(
    Query[Service], service="catalogue", method="get_service", permission="catalogue:read"
):
    """Show one service."""

    service_id: UUID


class FindServices(
    Query[ServicePage], service="catalogue", method="find_services", permission="catalogue:read"
):
    """Search the directory; every filter given must fit."""

    text: Annotated[str | None, Text(maximum=120)] = None
    category: Code | None = None
    municipality: Municipality | None = None
    language: LanguageTag | None = None
    status: ServiceStatus | None = None
    cursor: Annotated[str | None, Text(maximum=200)] = None
    limit: Annotated[int, Number(minimum=1, maximum=100)] = 20


class GetTaxonomy(
    Query[Taxonomy], service="catalogue", method="get_taxonomy", permission="catalogue:read"
):
    """Show the taxonomy of needs and services."""


class OrganizationPublished(
    Event,
    type="organization.published.v1",
    source="catalogue",
    subject="organization_id",
    partners=True,
):
    """What is known of an organization of the network, whole."""

    organization_id: UUID
    kind: OrganizationKind


class ServicePublished(
    Event, type="service.published.v1", source="catalogue", subject="service_id", partners=True
):
    """What a match needs to know of a service, whole: each event replaces the one before it."""

    service_id: UUID
    organization_id: UUID
    status: ServiceStatus
    categories: tuple[Code, ...]
    municipalities: tuple[Municipality, ...]
    languages: tuple[LanguageTag, ...]
    access_mode: AccessMode
    assured_date: date
    review_due_on: date
