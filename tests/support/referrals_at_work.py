"""The referrals service over a real database, each message in its own unit of work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import sqlalchemy as sa

from chassis import inbox
from chassis.clock import new_id
from chassis.db import make_engine
from chassis.testing import unit_for
from chassis.unit import Unit
from contracts.access import Principal
from contracts.catalogue import ServicePublished
from contracts.intake import CaseStaffed, ConsentGranted, ConsentWithdrawn
from contracts.language import Event, Request, Resource
from contracts.referrals import ListNeeds, ListReferrals, Need, Referral
from contracts.screening import ScreeningCompleted
from services.referrals import handlers, models
from services.referrals.store import ReferralsStore
from tests.support.messages import message_of
from tests.support.referring import CONDUCTING, NOW, SENDER

A = TypeVar("A", bound=Resource)

HEARD: Final[dict[type[Event], Callable[[Unit[ReferralsStore], Any], None]]] = {
    ScreeningCompleted: handlers.on_screening_completed,
    ServicePublished: handlers.on_service_published,
    ConsentGranted: handlers.on_consent_granted,
    ConsentWithdrawn: handlers.on_consent_withdrawn,
    CaseStaffed: handlers.on_case_staffed,
}
SENDING: Final = CONDUCTING


@dataclass(frozen=True)
class Office:
    """The service at work on one database."""

    database: str

    @contextmanager
    def unit(
        self, event: Event, *, message_id: UUID | None = None, sequence: int = 1
    ) -> Iterator[Unit[ReferralsStore]]:
        """Open the unit of work of an event."""
        message = message_of(event, message_id=message_id, sequence=sequence)
        with unit_for(ReferralsStore, self.database, now=NOW, message=message) as unit:
            yield unit

    def hear(
        self, event: Event, *, message_id: UUID | None = None, sequence: int = 1
    ) -> Counter[str]:
        """Handle an event like the chassis does, and return what was told, by type."""
        message_id = message_id or new_id()
        with self.unit(event, message_id=message_id, sequence=sequence) as unit:
            claim = inbox.claim(consumer=f"referrals.{event.type}", message_id=message_id)
            if unit.store.connection.exec_driver_sql(*claim).rowcount:
                HEARD[type(event)](unit, event)
            return Counter(told.type for told in unit.published)

    def staff(self, person_id: UUID, *team: Principal) -> None:
        """Hear who works on the sender's case with the person."""
        members = tuple(each.user_id for each in team)
        self.hear(
            CaseStaffed(case_id=new_id(), person_id=person_id, agency_id=SENDER, team=members)
        )

    def ask(self, request: Request[A], who: Principal = SENDING, now: datetime = NOW) -> A:
        """Answer a request of somebody."""
        with unit_for(ReferralsStore, self.database, principal=who, now=now) as unit:
            answer: A = getattr(handlers, request.method)(unit, request)
            return answer

    def referrals(self, who: Principal = SENDING, **criteria: Any) -> tuple[Referral, ...]:
        """Return the referrals that somebody sees."""
        return self.ask(ListReferrals(**{"limit": 100, **criteria}), who).items

    def needs(self, who: Principal = SENDING, **criteria: Any) -> tuple[Need, ...]:
        """Return the needs that somebody sees."""
        return self.ask(ListNeeds(**{"limit": 100, **criteria}), who).items

    def only_referral(self, who: Principal = SENDING, **criteria: Any) -> Referral:
        """Return the one referral there is."""
        (referral,) = self.referrals(who, **criteria)
        return referral

    def only_need(self, who: Principal = SENDING, **criteria: Any) -> Need:
        """Return the one need there is."""
        (need,) = self.needs(who, **criteria)
        return need

    def waits_for_a_lock(self) -> bool:
        """Tell whether some session of the database waits for a lock."""
        waiting = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        with _connection(self.database) as connection:
            return bool(connection.exec_driver_sql(waiting).scalar_one())

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        with _connection(self.database) as connection:
            counted = sa.select(sa.func.count()).select_from(models.metadata.tables[table])
            return int(connection.execute(counted).scalar_one())

    def empty(self) -> None:
        """Remove everything."""
        names = ", ".join([*models.metadata.tables, "inbox", "outbox", "streams"])
        with _connection(self.database) as connection:
            connection.exec_driver_sql(f"TRUNCATE {names}")


@contextmanager
def _connection(database: str) -> Iterator[sa.Connection]:
    engine = make_engine(database, name="observer", workers=1)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
