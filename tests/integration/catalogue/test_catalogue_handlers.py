"""The handlers of the catalogue on a real database."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from chassis.clock import new_id
from contracts.access import PermissionMissing, Role
from contracts.catalogue import (
    AccessMode,
    GetService,
    GetTaxonomy,
    ListOrganizations,
    OrganizationKind,
    OrganizationPublished,
    Service,
    ServicePublished,
    ServiceStatus,
)
from contracts.language import InvalidRequest, NotFound
from services.catalogue import handlers
from services.catalogue.domain import NotYourOrganization, ServiceOfAnotherOrganization
from tests.support.desks import CatalogueDesk
from tests.support.directory import publication
from tests.support.people import caller


def _get(desk: CatalogueDesk, service_id: Any) -> Service:
    query = GetService(service_id=service_id)
    return desk.do(lambda unit: handlers.get_service(unit, query))


def _publish(desk: CatalogueDesk, **changes: Any) -> Service:
    """Publish a service of the desk's organization, under a new id unless told one."""
    sent = {"service_id": new_id(), "organization_id": desk.principal.agency_id, **changes}
    return desk.publish(**sent)


def _names(desk: CatalogueDesk, **filters: Any) -> list[str]:
    """Return the names of the desk's own services that fit, in the order in which they come."""
    own = desk.principal.agency_id
    found = desk.find(limit=100, **filters).items
    return [each.details.name for each in found if each.details.organization_id == own]


def test_a_published_service_comes_back_as_published(desk: CatalogueDesk) -> None:
    """Everything that was told is kept, and told once."""
    service = _publish(desk, status=ServiceStatus.TEMPORARILY_CLOSED, languages=("it", "sq"))
    assert _get(desk, service.service_id) == service
    (event,) = desk.told
    assert isinstance(event, ServicePublished)
    assert (event.service_id, event.languages) == (service.service_id, ("it", "sq"))


def test_the_same_publication_again_changes_and_tells_nothing(desk: CatalogueDesk) -> None:
    """Seeding twice is seeding once."""
    service = _publish(desk)
    assert _publish(desk, service_id=service.service_id) == service
    assert len(desk.told) == 1


def test_a_changed_publication_replaces_the_one_before(desk: CatalogueDesk) -> None:
    """Whole, with the next version."""
    service = _publish(desk, cost="gratuito")
    changed = _publish(desk, service_id=service.service_id, access_mode=AccessMode.OPEN)
    assert (changed.version, changed.details.cost) == (2, None)
    assert _get(desk, service.service_id) == changed
    assert len(desk.told) == 2


def test_two_publications_at_the_same_moment_follow_each_other(desk: CatalogueDesk) -> None:
    """Of a new service too, where there is no row yet to lock."""
    together = threading.Barrier(4)
    service_id = new_id()

    def publish(number: int) -> None:
        together.wait()
        _publish(desk, service_id=service_id, name=f"Corso {number}")

    desks = [threading.Thread(target=publish, args=(number,)) for number in range(4)]
    for one in desks:
        one.start()
    for one in desks:
        one.join()
    assert (_get(desk, service_id).version, len(desk.told)) == (4, 4)


def test_an_agency_publishes_for_itself_alone(desk: CatalogueDesk) -> None:
    """Neither a service nor an organization of another agency."""
    other = new_id()
    with pytest.raises(NotYourOrganization):
        _publish(desk, organization_id=other)
    with pytest.raises(NotYourOrganization):
        desk.open_organization(other)
    assert desk.told == []


def test_the_id_of_anothers_service_is_taken(
    desk: CatalogueDesk, administrator: CatalogueDesk
) -> None:
    """Nobody takes over a service by publishing under its id."""
    other = new_id()
    administrator.open_organization(other)
    theirs = administrator.publish(service_id=new_id(), organization_id=other)
    with pytest.raises(ServiceOfAnotherOrganization):
        _publish(desk, service_id=theirs.service_id)


def test_an_unknown_organization_is_named(administrator: CatalogueDesk) -> None:
    """It has to be entered first."""
    with pytest.raises(InvalidRequest) as refused:
        administrator.publish(service_id=new_id(), organization_id=new_id())
    assert list(refused.value.fields) == ["details.organization_id"]


def test_who_may_not_publish_is_told_so(desk: CatalogueDesk) -> None:
    """Reading the catalogue is not writing it."""
    desk.principal = caller(Role.DESK_OPERATOR, agency_id=desk.principal.agency_id)
    with pytest.raises(PermissionMissing):
        _publish(desk)


def test_a_confidential_address_stays_with_its_owner(
    desk: CatalogueDesk, administrator: CatalogueDesk
) -> None:
    """In the list, in the entry, and in the answer to somebody else's correction."""
    service = _publish(desk, address="Via Rifugio 7", address_public=False)
    shown = _get(administrator, service.service_id)
    listed = [
        each
        for each in administrator.find(limit=100).items
        if each.service_id == service.service_id
    ]
    corrected = administrator.publish(
        publication(
            service.service_id,
            **{**vars(shown.details), "opening_hours": "mar 9-12"},
        )
    )
    assert [each.details.address for each in (shown, *listed, corrected)] == [None] * 3
    own = _get(desk, service.service_id).details
    assert (own.address, own.opening_hours) == ("Via Rifugio 7", "mar 9-12")


@pytest.mark.parametrize(
    "filters",
    [
        {"text": "CITTA aperta"},
        {"text": "bimbi"},
        {"text": "donne italiano"},
        {"category": "LIN.2"},
        {"category": "LIN"},
        {"municipality": "001171"},
        {"language": "ar"},
        {"status": ServiceStatus.ACTIVE},
        {"text": "scuola", "category": "LIN", "municipality": "001171", "language": "it"},
    ],
)
def test_a_service_is_found(desk: CatalogueDesk, filters: dict[str, Any]) -> None:
    """By words in any spelling, category or area, town, language, status, and all of them."""
    _publish(desk)
    assert len(_names(desk, **filters)) == 1


@pytest.mark.parametrize(
    "filters",
    [
        {"text": "scuola di cucina"},
        {"text": "%"},
        {"category": "LIN.3"},
        {"category": "CAS"},
        {"municipality": "001194"},
        {"language": "zh"},
        {"status": ServiceStatus.DEFUNCT},
        {"category": "LIN.2", "language": "zh"},
    ],
)
def test_every_filter_must_fit(desk: CatalogueDesk, filters: dict[str, Any]) -> None:
    """Filters narrow, never widen."""
    _publish(desk)
    assert _names(desk, **filters) == []


def test_a_service_is_found_by_the_name_of_its_organization(desk: CatalogueDesk) -> None:
    """As it is called today."""
    _publish(desk)
    desk.open_organization(desk.principal.agency_id, name="Circolo Girasole")
    assert len(_names(desk, text="scuola girasole")) == 1


def test_pages_hold_every_service_once_by_name(desk: CatalogueDesk) -> None:
    """Without regard to accents and capitals, from cursor to cursor until there is none."""
    word = f"w{new_id().hex}"
    for name in ("Zoo", "alba", "Élan", "zebra", "Dora"):
        _publish(desk, name=name, description=word)
    found = []
    cursor, more = None, True
    while more:
        page = desk.find(text=word, limit=2, cursor=cursor)
        found += [service.details.name for service in page.items]
        cursor = page.next_cursor
        more = cursor is not None
    assert found == ["alba", "Dora", "Élan", "zebra", "Zoo"]


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"category": "XYZ.9"}, "category"),
        ({"municipality": "058091"}, "municipality"),
        ({"cursor": "page-2"}, "cursor"),
    ],
)
def test_a_filter_that_means_nothing_is_named(
    desk: CatalogueDesk, filters: dict[str, Any], field: str
) -> None:
    """It must not look like an empty directory."""
    with pytest.raises(InvalidRequest) as refused:
        desk.find(**filters)
    assert list(refused.value.fields) == [field]


def test_an_absent_service_is_not_found(desk: CatalogueDesk) -> None:
    """Nor is it anything else."""
    with pytest.raises(NotFound):
        _get(desk, new_id())


def test_organizations_are_listed_by_name_and_told_when_they_change(
    desk: CatalogueDesk,
) -> None:
    """The same again is no news."""
    own = desk.principal.agency_id
    for name, kind in (
        ("Zeta", OrganizationKind.OTHER),
        ("Àgape", OrganizationKind.COOPERATIVE),
        ("Àgape", OrganizationKind.COOPERATIVE),
    ):
        desk.open_organization(own, name=name, kind=kind)
    page = desk.do(lambda unit: handlers.list_organizations(unit, ListOrganizations()))
    names = [each.name for each in page.items if each.organization_id == own]
    assert (names, page.items[0].organization_id) == (["Àgape"], own)
    assert [type(event) for event in desk.told] == [OrganizationPublished] * 2


def test_the_taxonomy_is_shown_whole(desk: CatalogueDesk) -> None:
    """Areas and categories, without the mappings to other taxonomies."""
    taxonomy = desk.do(lambda unit: handlers.get_taxonomy(unit, GetTaxonomy()))
    assert (taxonomy.version, len(taxonomy.items)) == ("0.1", 72)
