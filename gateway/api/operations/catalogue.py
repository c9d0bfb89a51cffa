"""Operations on the directory."""

from __future__ import annotations

from typing import Final

from contracts.catalogue import (
    FindServices,
    GetService,
    GetTaxonomy,
    ListOrganizations,
    PublishOrganization,
    PublishService,
)
from gateway.api.operation import Operation

_TAG: Final = "catalogue"

OPERATIONS: Final = (
    Operation(
        name="organizations",
        tag=_TAG,
        method="GET",
        path="/organizations",
        summary="Organizations of the network",
        asks=ListOrganizations,
    ),
    Operation(
        name="organization_publication",
        tag=_TAG,
        method="POST",
        path="/organizations",
        summary="Enter or replace an organization",
        asks=PublishOrganization,
        body="organization",
    ),
    Operation(
        name="services",
        tag=_TAG,
        method="GET",
        path="/services",
        summary="Search the directory",
        asks=FindServices,
        sparse=True,
    ),
    Operation(
        name="service",
        tag=_TAG,
        method="GET",
        path="/services/{service_id}",
        summary="One service",
        asks=GetService,
    ),
    Operation(
        name="service_publication",
        tag=_TAG,
        method="PUT",
        path="/services/{service_id}",
        summary="Publish or replace a service",
        asks=PublishService,
        body="details",
    ),
    Operation(
        name="taxonomy",
        tag=_TAG,
        method="GET",
        path="/taxonomy",
        summary="The taxonomy of needs and services",
        asks=GetTaxonomy,
    ),
)
