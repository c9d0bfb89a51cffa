"""Staff at work in tests: each request is one unit of work on a real database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

from chassis.testing import unit_for
from chassis.unit import Unit
from contracts.access import Principal
from contracts.catalogue import FindServices, PublishOrganization, PublishService, ServicePage
from contracts.catalogue import Service as PublishedService
from contracts.intake import (
    Consent,
    CorrectPerson,
    DataCategory,
    FindPeople,
    GetPerson,
    GetSharedPerson,
    ListNames,
    Person,
    PersonNames,
    PersonPage,
    Purpose,
    RecordConsent,
    RegisterPerson,
    SharedPerson,
    WithdrawConsent,
)
from contracts.language import Event
from services.catalogue import handlers as catalogue
from services.catalogue.store import CatalogueStore
from services.intake import handlers as intake
from services.intake.store import IntakeStore
from tests.support.directory import an_organization, publication
from tests.support.messages import message_of
from tests.support.people import some_details

T = TypeVar("T")
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


class IntakeDesk:
    """Somebody who works with intake."""

    def __init__(self, database_url: str, principal: Principal) -> None:
        """Sit down; ``told`` collects the events of what is done here."""
        self.database_url = database_url
        self.principal = principal
        self.told: list[Event] = []

    def do(self, work: Callable[[Unit[IntakeStore]], T], *, now: datetime = NOW) -> T:
        """Do the work in one transaction."""
        with unit_for(IntakeStore, self.database_url, principal=self.principal, now=now) as unit:
            result = work(unit)
            self.told.extend(unit.published)
        return result

    def register(self, **changes: Any) -> Person:
        """Register a person with these details."""
        command = RegisterPerson(details=some_details(**changes))
        return self.do(lambda unit: intake.register_person(unit, command))

    def correct(self, person_id: UUID, version: int = 1, **changes: Any) -> Person:
        """Put these details of a person right."""
        command = CorrectPerson(
            person_id=person_id, version=version, details=some_details(**changes)
        )
        return self.do(lambda unit: intake.correct_person(unit, command))

    def get(self, person_id: UUID) -> Person:
        """Look at a person."""
        return self.do(lambda unit: intake.get_person(unit, GetPerson(person_id=person_id)))

    def find(self, **criteria: Any) -> PersonPage:
        """Search persons."""
        return self.do(lambda unit: intake.find_people(unit, FindPeople(**criteria)))

    def hear(self, event: Event, *, sequence: int = 1, time: datetime = NOW) -> None:
        """Let intake hear a referral's event."""
        message = message_of(event, sequence=sequence, time=time)
        with unit_for(IntakeStore, self.database_url, now=time, message=message) as unit:
            intake.on_referral_moved(unit, event)

    def shared(self, referral_id: UUID, *, now: datetime = NOW) -> SharedPerson:
        """Look at the person of a referral."""
        query = GetSharedPerson(referral_id=referral_id)
        return self.do(lambda unit: intake.get_shared_person(unit, query), now=now)

    def names(self, *person_ids: UUID, now: datetime = NOW) -> PersonNames:
        """Name the persons of a page."""
        query = ListNames(person_ids=person_ids)
        return self.do(lambda unit: intake.list_names(unit, query), now=now)

    def withdraw(self, consent: Consent) -> Consent:
        """Take a consent back."""
        command = WithdrawConsent(person_id=consent.person_id, consent_id=consent.consent_id)
        return self.do(lambda unit: intake.withdraw_consent(unit, command))

    def consent(
        self,
        person_id: UUID,
        *,
        expires_on: date = date(2027, 5, 1),
        recipient_id: UUID | None = None,
        categories: tuple[DataCategory, ...] = (DataCategory.NEEDS,),
    ) -> Consent:
        """Record a consent, for the whole network unless a recipient is named."""
        command = RecordConsent(
            person_id=person_id,
            recipient_id=recipient_id,
            purpose=Purpose.REFERRAL,
            categories=categories,
            expires_on=expires_on,
        )
        return self.do(lambda unit: intake.record_consent(unit, command))


class CatalogueDesk:
    """Somebody who works with the catalogue."""

    def __init__(self, database_url: str, principal: Principal) -> None:
        """Sit down; ``told`` collects the events of what is done here."""
        self.database_url = database_url
        self.principal = principal
        self.told: list[Event] = []

    def do(self, work: Callable[[Unit[CatalogueStore]], T], *, now: datetime = NOW) -> T:
        """Do the work in one transaction."""
        with unit_for(CatalogueStore, self.database_url, principal=self.principal, now=now) as unit:
            result = work(unit)
            self.told.extend(unit.published)
        return result

    def open_organization(self, organization_id: UUID, **changes: Any) -> None:
        """Publish an organization."""
        command = PublishOrganization(organization=an_organization(organization_id, **changes))
        self.do(lambda unit: catalogue.publish_organization(unit, command))

    def publish(self, command: PublishService | None = None, **changes: Any) -> PublishedService:
        """Publish a service."""
        sent = command or publication(**changes)
        return self.do(lambda unit: catalogue.publish_service(unit, sent))

    def find(self, **filters: Any) -> ServicePage:
        """Search the directory."""
        return self.do(lambda unit: catalogue.find_services(unit, FindServices(**filters)))
