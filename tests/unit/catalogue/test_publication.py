"""Publishing: what must exist, what is told, and that the same again is nothing new."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from contracts.catalogue import (
    OrganizationKind,
    OrganizationPublished,
    PublishService,
    Service,
    ServicePublished,
    ServiceStatus,
)
from contracts.language import InvalidRequest, Outcome, VersionMismatch
from services.catalogue import domain
from services.catalogue.tables import tables
from tests.support.directory import (
    NEIGHBOUR,
    OWNER,
    SERVICE,
    an_organization,
    publication,
    some_service,
)

TODAY = date(2026, 11, 22)


def _publish(
    command: PublishService,
    *,
    current: Service | None = None,
    publisher: UUID = OWNER,
    organization_known: bool = True,
) -> Outcome[Service]:
    return domain.publish_service(
        command,
        current=current,
        publisher=publisher,
        organization_known=organization_known,
        tables=tables(),
        today=TODAY,
    )


def test_a_new_service_is_told_whole() -> None:
    """The event holds everything that a match needs."""
    outcome = _publish(publication())
    details = some_service()
    assert outcome.state == Service(service_id=SERVICE, version=1, details=details)
    assert outcome.events == (
        ServicePublished(
            service_id=SERVICE,
            organization_id=OWNER,
            status=ServiceStatus.ACTIVE,
            categories=details.categories,
            municipalities=details.municipalities,
            languages=details.languages,
            access_mode=details.access_mode,
            assured_date=details.assured_date,
            review_due_on=details.review_due_on,
        ),
    )


def test_the_same_publication_again_tells_nothing() -> None:
    """Neither the version nor the network moves."""
    current = _publish(publication()).state
    assert _publish(publication(), current=current) == Outcome(current)


@pytest.mark.parametrize(
    "change",
    [
        {"status": ServiceStatus.TEMPORARILY_CLOSED},
        {"phone": "+39 011 0000 000"},
        {"categories": ("LIN.2", "LIN.1")},
        {"description": None},
    ],
)
def test_a_change_raises_the_version_and_is_told(change: dict[str, Any]) -> None:
    """Each event replaces the one before it."""
    current = _publish(publication()).state
    outcome = _publish(publication(**change), current=current)
    assert (outcome.state.version, len(outcome.events)) == (2, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"categories": ("LIN.1", "LIN")}, "details.categories.1"),
        ({"categories": ("XYZ.1",)}, "details.categories.0"),
        ({"municipalities": ("001171", "058091")}, "details.municipalities.1"),
        ({"assured_date": date(2026, 11, 23)}, "details.assured_date"),
        ({"review_due_on": date(2026, 11, 22)}, "details.review_due_on"),
        ({"review_due_on": date(2025, 1, 1)}, "details.review_due_on"),
    ],
)
def test_what_does_not_exist_or_cannot_be_is_named(change: dict[str, Any], field: str) -> None:
    """An area is no category of a service, and a check cannot be of tomorrow."""
    with pytest.raises(InvalidRequest) as refused:
        _publish(publication(**change))
    assert list(refused.value.fields) == [field]


def test_an_unknown_organization_is_named() -> None:
    """A service is somebody's."""
    with pytest.raises(InvalidRequest) as refused:
        _publish(publication(), organization_known=False)
    assert list(refused.value.fields) == ["details.organization_id"]


def test_a_service_never_changes_hands() -> None:
    """Referrals to it would reach another recipient."""
    current = _publish(publication()).state
    with pytest.raises(domain.ServiceOfAnotherOrganization):
        _publish(publication(organization_id=NEIGHBOUR), current=current)


def test_repetitions_count_once() -> None:
    """Categories, municipalities and languages are sets, in the order in which they were named."""
    details = _publish(
        publication(
            categories=("LIN.2", "LIN.1", "LIN.2"),
            municipalities=("001171", "001171"),
            languages=("it", "it", "ar"),
        )
    ).state.details
    assert details.categories == ("LIN.2", "LIN.1")
    assert (details.municipalities, details.languages) == (("001171",), ("it", "ar"))


def test_an_organization_is_told_when_it_changes_and_only_then() -> None:
    """Its name is not in the event, and a new name is still news."""
    known = an_organization()
    renamed = replace(known, name="Città Aperta ODV")
    told = (OrganizationPublished(organization_id=OWNER, kind=OrganizationKind.ASSOCIATION),)
    assert domain.publish_organization(known, current=None) == Outcome(known, told)
    assert domain.publish_organization(renamed, current=known) == Outcome(renamed, told)
    assert domain.publish_organization(known, current=known) == Outcome(known)


@pytest.mark.parametrize(("standing", "seen"), [(None, 0), (3, 3)])
def test_publication_of_what_was_seen_is_taken(standing: int | None, seen: int) -> None:
    """Nothing where nothing was, or the version that stands."""
    current = standing and Service(service_id=SERVICE, version=standing, details=some_service())
    outcome = _publish(replace(publication(), version=seen), current=current or None)
    assert outcome.state.details == some_service()


@pytest.mark.parametrize(("standing", "seen"), [(None, 1), (3, 0), (3, 2), (3, 4)])
def test_publication_over_what_was_not_seen_is_refused(standing: int | None, seen: int) -> None:
    """Somebody was faster, or the version was never there."""
    current = standing and Service(service_id=SERVICE, version=standing, details=some_service())
    with pytest.raises(VersionMismatch):
        _publish(replace(publication(), version=seen), current=current or None)
