"""Names of agencies and colleagues, kept for a while."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

import pytest

from chassis import clock
from chassis.errors import ServiceUnavailable
from contracts.catalogue import ListOrganizations, OrganizationPage
from gateway.web.colleagues import Colleagues
from gateway.web.reference import SECONDS_KEPT, Reference
from tests.support.gateway import FakePort


class _Watch:
    """A clock in a test's hands."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> _Watch:
    """Give a clock that stands still until it is told."""
    return _Watch()


@pytest.fixture
def port() -> FakePort:
    """Give services of which the catalogue answers with an empty network."""
    taught = FakePort()
    taught.teach(ListOrganizations, OrganizationPage(items=()))
    return taught


def _asked(port: FakePort) -> int:
    return sum(isinstance(each, ListOrganizations) for each in port.asked)


def test_a_name_is_asked_for_once_in_a_while(port: FakePort, watch: _Watch) -> None:
    """Every page names agencies; the catalogue is not asked by every page."""
    reference = Reference(port, watch)
    for _ in range(3):
        assert reference.agencies == {}
    assert _asked(port) == 1


def test_names_grow_old(port: FakePort, watch: _Watch) -> None:
    """A new agency is there a minute later."""
    reference = Reference(port, watch)
    assert reference.agencies == {}
    watch.now = SECONDS_KEPT + 1
    assert reference.agencies == {}
    assert _asked(port) == 2


def test_a_catalogue_that_is_down_stops_no_page(port: FakePort, watch: _Watch) -> None:
    """What was known last is good enough to read by."""
    port.teach(ListOrganizations, ServiceUnavailable())
    assert Reference(port, watch).agencies == {}


def test_a_colleague_is_looked_up_once_in_a_while(watch: _Watch) -> None:
    """Whether known or not."""
    looked: list[UUID] = []

    def look_up(user_ids: Collection[UUID]) -> Mapping[UUID, str]:
        looked.extend(user_ids)
        return {}

    colleagues, somebody = Colleagues(look_up, watch), clock.new_id()
    assert colleagues.name(somebody) is None
    watch.now = SECONDS_KEPT / 2
    assert colleagues.name(somebody) is None
    watch.now = SECONDS_KEPT * 2
    assert colleagues.name(somebody) is None
    assert looked == [somebody, somebody]
