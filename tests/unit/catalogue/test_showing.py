"""Showing: who sees a confidential address, and which entries are stale."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from contracts.catalogue import Service
from contracts.language import InvalidRequest
from services.catalogue import domain
from services.catalogue.tables import tables
from tests.support.directory import NEIGHBOUR, OWNER, SERVICE, publication, some_service

TODAY = date(2026, 11, 22)
CONFIDENTIAL = Service(
    service_id=SERVICE, version=1, details=some_service(address_public=False, address="Via Rifugio")
)


def test_a_confidential_address_is_shown_to_its_owner_alone() -> None:
    """Other agencies learn that there is a service, not where."""
    own = domain.show(CONFIDENTIAL, agency_id=OWNER, today=TODAY).details
    others = domain.show(CONFIDENTIAL, agency_id=NEIGHBOUR, today=TODAY).details
    assert (own.address, others.address, others.name) == ("Via Rifugio", None, own.name)


def test_a_public_address_is_shown_to_all() -> None:
    """That is what a directory is for."""
    service = Service(service_id=SERVICE, version=1, details=some_service())
    assert domain.show(service, agency_id=NEIGHBOUR, today=TODAY).details.address is not None


def _published_by_neighbour(**changes: Any) -> Service:
    return domain.publish_service(
        publication(**changes),
        current=CONFIDENTIAL,
        publisher=NEIGHBOUR,
        organization_known=True,
        tables=tables(),
        today=TODAY,
    ).state


def test_who_was_not_shown_an_address_cannot_erase_it() -> None:
    """A coordinator who corrects the hours sends back what was read: no address."""
    changed = _published_by_neighbour(address=None, address_public=False, opening_hours="mar 9-12")
    assert changed.details.address == "Via Rifugio"


def test_who_was_not_shown_an_address_cannot_publish_it() -> None:
    """Declaring the entry public does not bring the hidden address out."""
    assert _published_by_neighbour(address=None, address_public=True).details.address is None


def test_its_owner_can_erase_an_address() -> None:
    """What one sees one can take away."""
    outcome = domain.publish_service(
        publication(address=None, address_public=False),
        current=CONFIDENTIAL,
        publisher=OWNER,
        organization_known=True,
        tables=tables(),
        today=TODAY,
    )
    assert outcome.state.details.address is None


@pytest.mark.parametrize(
    ("today", "stale"),
    [(date(2027, 5, 20), False), (date(2027, 5, 21), True), (date(2027, 5, 22), True)],
)
def test_an_entry_is_stale_from_the_day_on_which_its_review_is_due(
    *, today: date, stale: bool
) -> None:
    """Nobody has to mark it."""
    service = Service(service_id=SERVICE, version=1, details=some_service())
    assert domain.show(service, agency_id=OWNER, today=today).stale is stale


def test_an_area_stands_for_all_its_categories() -> None:
    """Whoever looks for Italian finds every kind of course."""
    found = domain.categories_searched("LIN", tables())
    assert found == frozenset({"LIN.1", "LIN.2", "LIN.3", "LIN.4"})


@pytest.mark.parametrize(("code", "found"), [("LIN.2", frozenset({"LIN.2"})), (None, None)])
def test_a_category_stands_for_itself(code: str | None, found: frozenset[str] | None) -> None:
    """And no filter for everything."""
    assert domain.categories_searched(code, tables()) == found


def test_an_unknown_filter_is_named() -> None:
    """A mistyped code must not look like an empty directory."""
    with pytest.raises(InvalidRequest) as category:
        domain.categories_searched("LIN.9", tables())
    with pytest.raises(InvalidRequest) as municipality:
        domain.municipality_searched("058091", tables())
    assert (list(category.value.fields), list(municipality.value.fields)) == (
        ["category"],
        ["municipality"],
    )
