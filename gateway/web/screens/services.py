"""The directory of services: looking for one, and keeping the own ones true."""

from __future__ import annotations

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
from gateway.sheets import CSV, sheet
from gateway.web import forms
from gateway.web.screen import Download, Go, Outcome, Page, Screen, Visit
from gateway.web.screens.referrals import kept_filters

_EVERY: Final = 100
_COLUMNS: Final = (
    "service_id",
    "organization_id",
    "name",
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
        rows += [_row(each) for each in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    text = sheet(_COLUMNS, rows).text
    return Download(body=text.encode("utf-8-sig"), media=CSV, name="services.csv")


def _row(service: Service) -> list[str | None]:
    shown = {**service.details.dump(), "service_id": str(service.service_id)}
    return [
        " ".join(value) if isinstance(value, list) else value
        for value in (shown.get(name) for name in _COLUMNS)
    ]


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
