"""The directory of services: looking for one, and keeping the own ones true."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from flask_babel import gettext as _

from chassis import clock
from contracts.access import Scope
from contracts.catalogue import (
    AccessMode,
    FindServices,
    GetService,
    GetTaxonomy,
    ListOrganizations,
    PublishService,
    Service,
    ServiceDetails,
    ServiceStatus,
)
from contracts.language import NotFound
from gateway.sheets import CSV, for_spreadsheets
from gateway.web import forms, rendering
from gateway.web.choices import field_label
from gateway.web.screen import Download, Go, Outcome, Page, Screen, Visit
from gateway.web.screens.referrals import kept_filters

_EVERY: Final = 100
_COLUMNS: Final = (
    "name",
    "organization_id",
    "status",
    "categories",
    "municipalities",
    "languages",
    "access_mode",
    "cost",
    "audience",
    "opening_hours",
    "address",
    "phone",
    "email",
    "assured_date",
)
"""What the table of the directory tells of a service; each column is called as on its form."""


def show_directory(visit: Visit) -> Outcome:
    """Show the services that fit what is looked for."""
    asked = forms.read(FindServices, visit.query)
    page, taxonomy = visit.ask_all(asked, GetTaxonomy())
    return Page(
        template="services/directory.html",
        context={
            "page": page,
            "asked": asked,
            "taxonomy": taxonomy.items,
            "statuses": ServiceStatus,
            "kind": FindServices,
            "filters": kept_filters(visit),
        },
    )


def show_export(visit: Visit) -> Outcome:
    """Hand the directory out as a table."""
    rows: list[list[str | None]] = []
    cursor: str | None = None
    while True:
        page = visit.ask(FindServices(cursor=cursor, limit=_EVERY))
        rows += [_row(visit, each.details) for each in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    columns = [field_label(ServiceDetails, name) for name in _COLUMNS]
    return Download(body=for_spreadsheets(columns, rows), media=CSV, name="services.csv")


def _row(visit: Visit, details: ServiceDetails) -> list[str | None]:
    said: dict[str, str | None] = {
        "organization_id": visit.speaker.agency(details.organization_id),
        "status": rendering.label(details.status),
        "access_mode": rendering.label(details.access_mode),
        "categories": ", ".join(map(visit.speaker.category, details.categories)),
        "municipalities": _all_spoken("municipality", details.municipalities),
        "languages": _all_spoken("language", details.languages),
        "assured_date": rendering.day(details.assured_date, "short"),
    }
    return [said.get(name, getattr(details, name)) for name in _COLUMNS]


def _all_spoken(kind: str, codes: Iterable[str]) -> str:
    return ", ".join(rendering.spoken(kind, code) for code in codes)


def show_service(visit: Visit) -> Outcome:
    """Show one service."""
    service = visit.ask(GetService(service_id=visit.path["service_id"]))
    return Page(
        template="services/service.html",
        context={"each": service, "may_edit": _may_publish(visit, service.details.organization_id)},
    )


def _may_publish(visit: Visit, organization_id: UUID) -> bool:
    """Tell whether the person at the desk keeps the entries of an organization."""
    return visit.turn.principal.reaches("catalogue:publish", organization_id)


def show_new(visit: Visit) -> Outcome:
    """Show the form of a new service."""
    return _form(visit, None)


def show_edit(visit: Visit) -> Outcome:
    """Show the form of a known service."""
    return _form(visit, visit.ask(GetService(service_id=visit.path["service_id"])))


def _form(visit: Visit, service: Service | None) -> Page:
    taxonomy, organizations = visit.ask_all(GetTaxonomy(), ListOrganizations())
    network = visit.turn.principal.scope("catalogue:publish") is Scope.NETWORK
    own = visit.turn.principal.agency_id
    return Page(
        template="services/edit.html",
        context={
            "each": service,
            "known": service.details if service else {},
            "taxonomy": taxonomy.items,
            "organizations": [
                (each.organization_id, each.name)
                for each in organizations.items
                if network or each.organization_id == own
            ],
            "statuses": ServiceStatus,
            "modes": AccessMode,
            "kind": ServiceDetails,
        },
    )


def take_new(visit: Visit) -> Outcome:
    """Publish a new service."""
    return _publish(visit, clock.new_id())


def take_edit(visit: Visit) -> Outcome:
    """Publish what changed in a service."""
    return _publish(visit, visit.path["service_id"])


def _publish(visit: Visit, service_id: UUID) -> Go:
    details = forms.read(ServiceDetails, visit.form)
    visit.ask(PublishService(service_id=service_id, details=details))
    return Go(to=f"/services/{service_id}", said=_("Il servizio è pubblicato per tutta la rete."))


def show_network(visit: Visit) -> Outcome:
    """Show the organizations of the network."""
    return Page(
        template="services/network.html",
        context={"organizations": visit.ask(ListOrganizations()).items},
    )


def show_organization(visit: Visit) -> Outcome:
    """Show one organization of the network with its services."""
    organization_id: UUID = visit.path["organization_id"]
    found = next(
        (
            each
            for each in visit.ask(ListOrganizations()).items
            if each.organization_id == organization_id
        ),
        None,
    )
    if found is None:
        raise NotFound("There is no such organization.")
    return Page(template="services/organization.html", context={"each": found})


_READ: Final = "catalogue:read"
_PUBLISH: Final = "catalogue:publish"

SCREENS: Final = (
    Screen(name="services", path="/services", shows=show_directory, permission=_READ),
    Screen(name="services_export", path="/services.csv", shows=show_export, permission=_READ),
    Screen(
        name="service_new",
        path="/services/new",
        shows=show_new,
        takes=take_new,
        permission=_PUBLISH,
    ),
    Screen(name="service", path="/services/{service_id}", shows=show_service, permission=_READ),
    Screen(
        name="service_edit",
        path="/services/{service_id}/edit",
        shows=show_edit,
        takes=take_edit,
        permission=_PUBLISH,
    ),
    Screen(name="network", path="/network", shows=show_network, permission=_READ),
    Screen(
        name="organization",
        path="/network/{organization_id}",
        shows=show_organization,
        permission=_READ,
    ),
)
