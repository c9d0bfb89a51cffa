"""The rules of the catalogue: who publishes what, what a service must say, who sees an address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from uuid import UUID

from contracts.catalogue import (
    Organization,
    OrganizationPublished,
    PublishService,
    Service,
    ServiceDetails,
    ServicePublished,
    Taxonomy,
)
from contracts.language import (
    Category,
    DomainError,
    InvalidRequest,
    Outcome,
    VersionMismatch,
)


class NotYourOrganization(DomainError, category=Category.FORBIDDEN, slug="not-your-organization"):
    """The caller may publish for the own agency only."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("You may publish for your own organization only.")


class ServiceOfAnotherOrganization(
    DomainError, category=Category.CONFLICT, slug="service-of-another-organization"
):
    """The id belongs to a service of another organization: a service never changes hands."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            "This id belongs to a service of another organization; publish yours under a new id."
        )


@dataclass(frozen=True)
class Tables:
    """What categories and municipalities there are."""

    taxonomy: Taxonomy
    municipalities: frozenset[str]

    @cached_property
    def leaves(self) -> frozenset[str]:
        """The categories that a service can have."""
        return frozenset(term.code for term in self.taxonomy.items if term.parent is not None)

    def leaves_under(self, code: str) -> frozenset[str]:
        """Return the category itself, or those of an area; nothing for an unknown code."""
        under = {term.code for term in self.taxonomy.items if term.parent == code}
        return frozenset(under) or self.leaves & {code}


def publish_organization(
    organization: Organization, *, current: Organization | None
) -> Outcome[Organization]:
    """Enter an organization, or replace what is known of it; the same again is nothing new."""
    if organization == current:
        return Outcome(organization)
    event = OrganizationPublished(
        organization_id=organization.organization_id, kind=organization.kind
    )
    return Outcome(organization, (event,))


def publish_service(  # noqa: PLR0913 - the facts of a publication, each by its name
    command: PublishService,
    *,
    current: Service | None,
    publisher: UUID,
    organization_known: bool,
    tables: Tables,
    today: date,
) -> Outcome[Service]:
    """Publish a service, or replace what is published of it; the same again is nothing new.

    Raises:
        InvalidRequest: the service names what does not exist, or its dates cannot be.
        ServiceOfAnotherOrganization: the id is taken.
        VersionMismatch: it is no longer, or not yet, as the caller saw it.

    """
    details = _tidy(command.details)
    faults: dict[str, list[str]] = {}
    if not organization_known:
        faults["details.organization_id"] = ["There is no such organization; publish it first."]
    for name, sentence in _faults(details, tables=tables, today=today):
        faults.setdefault(f"details.{name}", []).append(sentence)
    if faults:
        raise InvalidRequest("Some details of the service cannot be right.", fields=faults)
    _require_version(command.version, 0 if current is None else current.version)
    if current is None:
        return _published(Service(service_id=command.service_id, version=1, details=details))
    if current.details.organization_id != details.organization_id:
        raise ServiceOfAnotherOrganization
    details = _keep_unseen_address(details, current.details, publisher)
    if details == current.details:
        return Outcome(current)
    return _published(replace(current, version=current.version + 1, details=details))


def _require_version(seen: int | None, standing: int) -> None:
    """Refuse to replace what the caller has not seen."""
    if seen is not None and seen != standing:
        sentence = f"Expected {standing}."
        raise VersionMismatch(
            "The service was published or changed in the meantime; read it again and repeat."
            if standing
            else "There is no such service yet, so no version of it either.",
            fields={"version": [sentence]},
        )


def _published(service: Service) -> Outcome[Service]:
    details = service.details
    event = ServicePublished(
        service_id=service.service_id,
        organization_id=details.organization_id,
        status=details.status,
        categories=details.categories,
        municipalities=details.municipalities,
        languages=details.languages,
        access_mode=details.access_mode,
        assured_date=details.assured_date,
        review_due_on=details.review_due_on,
    )
    return Outcome(service, (event,))


def _tidy(details: ServiceDetails) -> ServiceDetails:
    """Return the details without repetitions."""
    return replace(
        details,
        categories=tuple(dict.fromkeys(details.categories)),
        municipalities=tuple(dict.fromkeys(details.municipalities)),
        languages=tuple(dict.fromkeys(details.languages)),
    )


def _keep_unseen_address(
    details: ServiceDetails, current: ServiceDetails, publisher: UUID
) -> ServiceDetails:
    """Return the details with the confidential address that the publisher was not shown.

    Who reads an entry, changes it and sends it back must not erase by this what was hidden.
    """
    unseen = not sees_address(current, publisher)
    if unseen and details.address is None and not details.address_public:
        return replace(details, address=current.address)
    return details


def _faults(details: ServiceDetails, *, tables: Tables, today: date) -> Iterator[tuple[str, str]]:
    """Yield what cannot be right, as the path of the field and a sentence."""
    for place, category in enumerate(details.categories):
        if category not in tables.leaves:
            yield f"categories.{place}", "This is not a category; see the taxonomy's leaves."
    for place, municipality in enumerate(details.municipalities):
        if municipality not in tables.municipalities:
            yield f"municipalities.{place}", "This municipality is not in the network's territory."
    if details.assured_date > today:
        yield "assured_date", "This date is still to come."
    if details.review_due_on <= details.assured_date:
        yield "review_due_on", "The review must be due after the day of the last check."


def categories_searched(code: str | None, tables: Tables) -> frozenset[str] | None:
    """Return the categories that fit a filter; an area stands for all of its own.

    Raises:
        InvalidRequest: there is no such category.

    """
    leaves = None if code is None else tables.leaves_under(code)
    if leaves is not None and not leaves:
        raise InvalidRequest(
            "There is no such category.", fields={"category": ["See the taxonomy for the codes."]}
        )
    return leaves


def municipality_searched(code: str | None, tables: Tables) -> str | None:
    """Return the municipality of a filter.

    Raises:
        InvalidRequest: it is not in the network's territory.

    """
    if code is not None and code not in tables.municipalities:
        raise InvalidRequest(
            "There is no such municipality.",
            fields={"municipality": ["This municipality is not in the network's territory."]},
        )
    return code


def sees_address(details: ServiceDetails, agency_id: UUID) -> bool:
    """Tell whether staff of an agency see the address: a confidential one, only the owner's."""
    return details.address_public or agency_id == details.organization_id


def show(service: Service, *, agency_id: UUID, today: date) -> Service:
    """Return the service as staff of an agency see it today."""
    details = service.details
    if not sees_address(details, agency_id):
        details = replace(details, address=None)
    return replace(service, details=details, stale=details.review_due_on <= today)
