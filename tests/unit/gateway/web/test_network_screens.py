"""Pages of pathways, services, gatherings and indicators: what is shown, kept and withheld."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from contracts.access import Role
from contracts.catalogue import (
    FindServices,
    GetService,
    GetTaxonomy,
    ListOrganizations,
    OrganizationPage,
    PublishService,
    Service,
    ServicePage,
    Taxonomy,
)
from contracts.events import (
    Attendance,
    GetGathering,
    ListGatherings,
    RecordAttendance,
    ScheduleGathering,
)
from contracts.intake import FindPeople
from contracts.language import Category
from contracts.pathways import (
    EnrolmentPage,
    ListEnrolments,
    ListOffers,
    Offer,
    OfferPage,
    SetPlaces,
)
from contracts.reporting import GetIndicators
from gateway.web.words import places
from launcher.settings import ROOT
from tests.support.directory import SERVICE, an_organization, some_service
from tests.support.gateway import AGENCY, TOKEN, Gateway, refusal
from tests.support.page_answers import (
    GATHERING,
    OTHER_AGENCY,
    a_gathering,
    indicators,
    people,
)
from tests.support.pages import Browser, at_the_desk
from tests.support.service_answers import PERSON, a_person

OF_GATHERING = f"/gatherings/{GATHERING}"
OF_SERVICE = f"/services/{SERVICE}"
OFFER = Offer(
    pathway="dote",
    name_it="Dote",
    name_en="Voucher",
    places=30,
    enrolled=4,
    waiting=0,
    valid_from=date(2026, 1, 1),
    source="invented",
)


def _as(gateway: Gateway, role: Role) -> Browser:
    gateway.identity.let_in(TOKEN, role)
    return at_the_desk(gateway)


def _publishes(gateway: Gateway, **changes: Any) -> None:
    details = some_service(organization_id=AGENCY, **changes)
    service = Service(service_id=SERVICE, version=1, stale=False, details=details)
    gateway.port.teach(GetService, service)
    gateway.port.teach(FindServices, ServicePage(items=(service,)))
    gateway.port.teach(GetTaxonomy, Taxonomy(version="1", items=()))
    gateway.port.teach(ListOrganizations, OrganizationPage(items=(an_organization(AGENCY),)))


def test_a_small_count_is_told_nowhere_on_the_page(gateway: Gateway) -> None:
    """Not in the chart, not in the table, not by what it rests on."""
    gateway.port.teach(GetIndicators, indicators(value=3, counted=3))
    table = _as(gateway, Role.VIEWER).look("/indicators").text.split("<tbody>")[1]
    assert (table.count("&lt;5"), ">3<" in table) == (2, False)


def test_a_small_count_is_told_nowhere_in_the_table_to_keep(gateway: Gateway) -> None:
    """What is kept in a file goes furthest."""
    gateway.port.teach(GetIndicators, indicators(value=3, counted=3))
    body = _as(gateway, Role.VIEWER).look("/indicators.csv").data.decode("utf-8")
    assert body.splitlines()[1] == "Persone coinvolte;<5;300;persone;<5;0"


def test_what_is_not_small_is_told(gateway: Gateway) -> None:
    """The page is there to be read."""
    gateway.port.teach(GetIndicators, indicators(value=57, counted=57))
    body = _as(gateway, Role.VIEWER).look("/indicators.csv").data.decode("utf-8")
    assert body.splitlines()[1] == "Persone coinvolte;57;300;persone;57;0"


def test_the_table_of_services_is_in_words(gateway: Gateway) -> None:
    """And opens in columns."""
    _publishes(gateway)
    body = _as(gateway, Role.VIEWER).look("/services.csv").data.decode("utf-8")
    head, row = body.splitlines()
    assert head.startswith("\ufeff")
    assert "Italiano, Arabo" in row
    assert len(head.split(";")) == len(row.split(";"))


@pytest.mark.parametrize(
    ("role", "owner", "offered"),
    [
        (Role.AGENCY_COORDINATOR, AGENCY, True),
        (Role.AGENCY_COORDINATOR, OTHER_AGENCY, False),
        (Role.NETWORK_COORDINATOR, OTHER_AGENCY, True),
        (Role.CASE_WORKER, AGENCY, False),
    ],
)
def test_a_service_is_changed_by_whoever_keeps_it(
    gateway: Gateway,
    role: Role,
    owner: Any,
    offered: bool,  # noqa: FBT001 - a parameter of the table above
) -> None:
    """Nobody else is offered it."""
    _publishes(gateway)
    service = Service(
        service_id=SERVICE, version=1, stale=False, details=some_service(organization_id=owner)
    )
    gateway.port.teach(GetService, service)
    assert (f"{OF_SERVICE}/edit" in _as(gateway, role).look(OF_SERVICE).text) is offered


def test_a_refused_service_keeps_what_was_typed(gateway: Gateway) -> None:
    """Languages and places, too."""
    _publishes(gateway)
    gateway.port.teach(
        PublishService, refusal(Category.INVALID, "invalid-request", name=["It is so."])
    )
    typed = {
        **{name: value for name, value in some_service().dump().items() if value is not None},
        "organization_id": str(AGENCY),
        "name": "Sportello nuovo",
        "languages": ["uk"],
    }
    page = _as(gateway, Role.AGENCY_COORDINATOR).send(f"{OF_SERVICE}/edit", **typed)
    assert page.status_code == 422
    assert 'value="Sportello nuovo"' in page.text
    assert 'value="uk" selected' in page.text


def test_a_search_without_a_service_says_how_to_go_on(gateway: Gateway) -> None:
    """An empty page is no answer."""
    gateway.port.teach(FindServices, ServicePage(items=()))
    gateway.port.teach(GetTaxonomy, Taxonomy(version="1", items=()))
    text = _as(gateway, Role.VIEWER).look("/services?text=zzz").text
    assert "Togli un filtro" in text
    assert 'value="zzz"' in text


def test_refused_places_keep_what_was_typed(gateway: Gateway) -> None:
    """And say why at the field."""
    gateway.port.teach(ListOffers, OfferPage(items=(OFFER,)))
    gateway.port.teach(ListEnrolments, EnrolmentPage(items=()))
    gateway.port.teach(SetPlaces, refusal(Category.INVALID, "invalid-request", places=["So."]))
    page = _as(gateway, Role.NETWORK_COORDINATOR).send("/pathways/dote/places", places="2")
    assert page.status_code == 422
    assert 'id="f-places" name="places" value="2"' in page.text


def test_places_are_changed_by_the_coordinator_alone(gateway: Gateway) -> None:
    """A case worker sees them."""
    gateway.port.teach(ListOffers, OfferPage(items=(OFFER,)))
    gateway.port.teach(ListEnrolments, EnrolmentPage(items=()))
    text = _as(gateway, Role.CASE_WORKER).look("/pathways/dote").text
    assert 'name="places"' not in text


def test_whoever_is_counted_at_the_door_is_counted_with_one_tap(gateway: Gateway) -> None:
    """The count comes back on the same page."""
    gateway.port.teach(GetGathering, a_gathering())
    counted = Attendance(
        attendance_id=GATHERING,
        gathering_id=GATHERING,
        headcount=5,
        recorded_at=datetime(2024, 5, 4, 16, tzinfo=UTC),
    )
    gateway.port.teach(RecordAttendance, counted)
    answer = _as(gateway, Role.EVENT_ORGANISER).send(f"{OF_GATHERING}/headcount", headcount="5")
    asked = next(each for each in gateway.port.asked if isinstance(each, RecordAttendance))
    assert (answer.headers["Location"], asked.headcount) == (OF_GATHERING, 5)


def test_before_its_day_nobody_is_counted(gateway: Gateway) -> None:
    """The page says from when."""
    gateway.port.teach(GetGathering, a_gathering(starts_at=datetime(2999, 1, 1, tzinfo=UTC)))
    text = _as(gateway, Role.EVENT_ORGANISER).look(OF_GATHERING).text
    assert "/headcount" not in text
    assert "dal giorno dell" in text


def test_an_organiser_who_may_not_see_persons_is_not_offered_to_search_them(
    gateway: Gateway,
) -> None:
    """Counting needs no names."""
    gateway.port.teach(GetGathering, a_gathering())
    text = _as(gateway, Role.EVENT_ORGANISER).look(OF_GATHERING).text
    assert f"{OF_GATHERING}/people" not in text


def test_a_search_at_the_door_is_written_down(gateway: Gateway) -> None:
    """Looking for somebody is an access wherever it is done."""
    gateway.port.teach(GetGathering, a_gathering())
    gateway.port.teach(FindPeople, people(a_person()))
    _as(gateway, Role.CASE_WORKER).send(f"{OF_GATHERING}/people", name="Alb")
    written = [(row.operation, row.person_id) for row in gateway.access_log.rows]
    assert written == [("page.gathering_search", PERSON)]


def test_a_refused_gathering_keeps_what_was_typed(gateway: Gateway) -> None:
    """Title, kind and place."""
    desk = _as(gateway, Role.EVENT_ORGANISER)
    page = desk.send("/gatherings/new", title="Festa di strada", municipality="001171")
    assert page.status_code == 422
    assert 'value="Festa di strada"' in page.text
    assert 'href="#f-starts_at"' in page.text
    assert ScheduleGathering not in map(type, gateway.port.asked)


def test_a_service_that_is_down_is_told_in_plain_words(gateway: Gateway) -> None:
    """A page that is about nothing else cannot be shown without it."""
    page = _as(gateway, Role.VIEWER).look("/gatherings")
    assert page.status_code == 503
    assert ListGatherings in map(type, gateway.port.asked)


def test_a_service_is_offered_every_place_that_the_directory_knows_and_no_other() -> None:
    """A box that the directory refuses would be a trap."""
    known = json.loads(
        (ROOT / "services" / "catalogue" / "data" / "municipalities.json").read_text("utf-8")
    )
    assert set(places.served()) == {each["code"] for each in known["municipalities"]}
