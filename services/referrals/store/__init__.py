"""Needs, referrals and what they are matched by as rows: the only SQL of the service."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from chassis.unit import Store
from contracts.catalogue import ServicePublished
from contracts.intake import ConsentGranted, ConsentWithdrawn
from contracts.language import NotFound
from contracts.referrals import (
    Blocker,
    ListNeeds,
    ListReferrals,
    NeedQueue,
    NeedState,
    Referral,
    ReferralQueue,
    ReferralState,
    Worklist,
)
from services.referrals.domain import moves
from services.referrals.domain.consent import Grant
from services.referrals.domain.matching import Service
from services.referrals.domain.needs import Need
from services.referrals.domain.opening import Plan, Standing
from services.referrals.domain.reach import Reach
from services.referrals.models import confirmations, consents, needs, referrals, services
from services.referrals.store import queues, reaching, rows

LOAD_COUNTED: Final = 50
"""Open attempts are counted up to here: beyond it one service is as busy as another."""

_CATALOGUE: Final = sa.func.hashtextextended("catalogue", 0)
_NEED_CHANGES: Final = (
    "state",
    "decision",
    "reason",
    "refusal_reason",
    "outcome",
    "unmatched",
    "municipality",
    "language",
    "closed_at",
)
_REFERRAL_CHANGES: Final = (
    "state",
    "blocked_by",
    "reason",
    "outcome",
    "first_contact_on",
    "sent_at",
    "sharing_suspended",
    "version",
    "changed_at",
)
_OPEN: Final = referrals.c.state.in_(sorted(moves.OPEN))
_UNDER_WAY: Final = (referrals.c.state == ReferralState.DRAFT) & (
    referrals.c.blocked_by != Blocker.DECISION
)

# Built once: putting a statement of so many columns together costs as much as running it.
_STANDINGS: Final = (
    sa.select(needs, *(column.label(f"its_{column.name}") for column in referrals.c))
    .outerjoin_from(needs, referrals, referrals.c.need_id == needs.c.need_id)
    .order_by(needs.c.need_id, referrals.c.referral_id)
)
_COUNTED: Final = (
    sa.select(sa.literal(1))
    .where(referrals.c.service_id == services.c.service_id, _OPEN)
    .limit(LOAD_COUNTED)
    .correlate(services)
    .subquery()
)
_SERVICES: Final = sa.select(
    services, sa.select(sa.func.count()).select_from(_COUNTED).scalar_subquery().label("load")
)


class VersionLost(Exception):
    """A referral changed although its person was locked: a writer forgot the lock."""


class ReferralsStore(Store):
    """The needs and referrals of the network; a ``Reach`` says which of them exist for a caller."""

    def lock_person(self, person_id: UUID) -> None:
        """Let nobody else change anything about the person, nor the catalogue, until the end."""
        self.connection.execute(sa.select(*_locks(sa.literal(str(person_id)))))

    def lock_catalogue(self) -> None:
        """Let nobody else change anything until the end."""
        self.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_CATALOGUE)))

    # What a caller asks for.

    def referral_to_change(self, referral_id: UUID, reach: Reach) -> Referral:
        """Return a referral that nobody else can change until the end.

        Raises:
            NotFound: there is none in the caller's reach.

        """
        self._lock_person_of(referrals, referrals.c.referral_id == referral_id)
        return self.referral(referral_id, reach)

    def referral(self, referral_id: UUID, reach: Reach) -> Referral:
        """Return a referral.

        Raises:
            NotFound: there is none in the caller's reach.

        """
        statement = sa.select(referrals).where(
            referrals.c.referral_id == referral_id, reaching.referral_in(reach)
        )
        row = self.connection.execute(statement).mappings().one_or_none()
        if row is None:
            raise NotFound("There is no such referral.")
        return rows.referral_of(row)

    def need_to_change(self, need_id: UUID, reach: Reach) -> Standing:
        """Return a need that nobody else can change until the end, with its attempts.

        Raises:
            NotFound: there is none in the caller's reach.

        """
        self._lock_person_of(needs, needs.c.need_id == need_id)
        found = self._standings(needs.c.need_id == need_id, reaching.need_in(reach))
        if not found:
            raise NotFound("There is no such need.")
        return found[0]

    def list_referrals(
        self, query: ListReferrals, reach: Reach, before: UUID, *, today: date
    ) -> list[Referral]:
        """Return the referrals that fit, newest first, and one more if there are more."""
        table = referrals.c
        of_screening = sa.union_all(
            sa.select(needs.c.need_id).where(needs.c.screening_id == query.screening_id),
            reaching.confirmed_by(query.screening_id, reach),
        )
        direction = {
            "sent": table.from_agency_id == reach.agency_id,
            "received": (table.to_agency_id == reach.agency_id) & table.sent_at.is_not(None),
            "any": sa.true(),
        }
        conditions = (
            (table.person_id == query.person_id, query.person_id),
            (table.need_id.in_(of_screening), query.screening_id),
            # A recipient whose sharing was suspended must not find the person by it.
            (
                reaching.seen_whole(reach) | ~table.sharing_suspended,
                query.person_id or query.screening_id,
            ),
            (table.state == query.state, query.state),
        )
        waits = queues.referral_waits(query.queue, reach.agency_id, today=today)
        statement = (
            sa.select(referrals)
            .where(reaching.referral_in(reach), direction[query.direction], *_given(conditions))
            .where(table.referral_id < before, waits)
            .order_by(table.referral_id.desc())
            .limit(query.limit + 1)
        )
        return [rows.referral_of(row) for row in self.connection.execute(statement).mappings()]

    def list_needs(self, query: ListNeeds, reach: Reach, before: UUID) -> list[Standing]:
        """Return the needs that fit, newest first, and one more if there are more."""
        confirmed = needs.c.need_id.in_(reaching.confirmed_by(query.screening_id, reach))
        conditions = (
            (needs.c.person_id == query.person_id, query.person_id),
            ((needs.c.screening_id == query.screening_id) | confirmed, query.screening_id),
            (needs.c.state == query.state, query.state),
        )
        waits = queues.need_waits(query.queue, reach.agency_id)
        page = (
            sa.select(needs.c.need_id)
            .where(reaching.need_in(reach), needs.c.need_id < before, *_given(conditions))
            .where(waits)
            .order_by(needs.c.need_id.desc())
            .limit(query.limit + 1)
        )
        return self._standings(needs.c.need_id.in_(page))[::-1]

    def worklist(self, reach: Reach, *, today: date) -> Worklist:
        """Count what waits for the caller's agency, within the caller's reach, in one query."""
        counts = self.connection.execute(queues.counts(reach, today=today)).mappings().one()
        return Worklist(
            referrals={queue: counts[queue] for queue in ReferralQueue},
            needs={queue: counts[queue] for queue in NeedQueue},
        )

    # What an event is worked out from.

    def standings(
        self, person_id: UUID, screening_id: UUID, categories: Collection[str]
    ) -> dict[str, Standing]:
        """Return, by category, what is active for the person or was opened by this screening."""
        found = self._standings(
            needs.c.person_id == person_id,
            needs.c.category.in_(sorted(categories)),
            (needs.c.state == NeedState.ACTIVE) | (needs.c.screening_id == screening_id),
        )
        # A screening that was told before must meet what it opened then.
        found.sort(key=lambda standing: standing.need.screening_id == screening_id)
        return {standing.need.category: standing for standing in found}

    def services_offering(self, categories: Collection[str]) -> dict[UUID, Service]:
        """Return the services that offer one of the categories, with their loads."""
        wanted = sa.cast(sorted(categories), services.c.categories.type)
        return self._services(services.c.categories.op("&&")(wanted))

    def service(self, service_id: UUID) -> Service | None:
        """Return a service, if it is known."""
        return self._services(services.c.service_id == service_id).get(service_id)

    def services_of(self, attempts: Iterable[Referral]) -> dict[UUID, Service]:
        """Return the services that attempts are addressed to, as far as they are known."""
        wanted = {attempt.service_id for attempt in attempts}
        return self._services(services.c.service_id.in_(wanted))

    def waiting_needs(self, service: Service) -> list[Need]:
        """Return the needs without a service that this one may fit."""
        statement = (
            sa.select(needs)
            .where(
                needs.c.state == NeedState.ACTIVE,
                sa.func.cardinality(needs.c.unmatched) > 0,
                needs.c.category.in_(service.categories),
                needs.c.municipality.in_(service.municipalities),
            )
            .order_by(needs.c.need_id)
        )
        return [rows.need_of(row) for row in self.connection.execute(statement).mappings()]

    def waiting_drafts(self, service_id: UUID) -> list[Referral]:
        """Return the drafts for the service that wait for more than the person's decision."""
        return self._referrals(referrals.c.service_id == service_id, _UNDER_WAY)

    def waiting_attempts(self, person_id: UUID) -> list[Referral]:
        """Return what a new consent of the person may set going."""
        waiting = _UNDER_WAY | (_OPEN & referrals.c.sharing_suspended)
        return self._referrals(referrals.c.person_id == person_id, waiting)

    def sent_attempts(self, person_id: UUID) -> list[Referral]:
        """Return what the person's consents carry now."""
        return self._referrals(
            referrals.c.person_id == person_id, _OPEN, referrals.c.sent_at.is_not(None)
        )

    def grants(self, person_id: UUID) -> list[Grant]:
        """Return the consents of a person that are not withdrawn."""
        return self.grants_of({person_id})[person_id]

    def grants_of(self, person_ids: Collection[UUID]) -> dict[UUID, list[Grant]]:
        """Return, by person, the consents that are not withdrawn."""
        found: dict[UUID, list[Grant]] = {person_id: [] for person_id in person_ids}
        statement = sa.select(consents).where(
            consents.c.person_id.in_(person_ids), ~consents.c.withdrawn
        )
        for row in self.connection.execute(statement).mappings():
            found[row["person_id"]].append(rows.grant_of(row))
        return found

    # What is kept.

    def keep_plan(self, plan: Plan) -> None:
        """Keep what was planned, in as many statements as there are kinds of rows."""
        self._insert(needs, rows.of(needs, plan.opened.values()))
        if plan.confirmations:
            statement = insert(confirmations).on_conflict_do_nothing()
            self.connection.execute(statement, rows.of(confirmations, plan.confirmations))
        self.keep_needs(plan.changed.values())
        self.keep_moved(plan.moved)
        self.keep_begun(plan.begun)

    def keep_begun(self, begun: Iterable[Referral]) -> None:
        """Keep new attempts."""
        self._insert(referrals, rows.of(referrals, begun))

    def keep_moved(self, moved: Collection[Referral]) -> None:
        """Keep what changed in attempts whose person is locked.

        Raises:
            VersionLost: somebody changed one without the lock.

        """
        if not moved:
            return
        values, statement = rows.changes(referrals, "referral_id", _REFERRAL_CHANGES, moved)
        previous = sa.cast(values.c.version, sa.Integer) - 1
        guarded = statement.where(referrals.c.version == previous)
        if self.connection.execute(guarded).rowcount != len(moved):
            raise VersionLost

    def keep_needs(self, changed: Collection[Need]) -> None:
        """Keep what changed in needs."""
        if changed:
            _, statement = rows.changes(needs, "need_id", _NEED_CHANGES, changed)
            self.connection.execute(statement)

    def keep_service(self, event: ServicePublished, sequence: int) -> bool:
        """Keep what was published of a service, unless something newer is known."""
        row = {
            "service_id": event.service_id,
            "organization_id": event.organization_id,
            "status": event.status,
            "categories": event.categories,
            "municipalities": event.municipalities,
            "languages": event.languages,
            "review_due_on": event.review_due_on,
            "sequence": sequence,
        }
        statement = insert(services).values(row)
        newer = statement.on_conflict_do_update(
            index_elements=[services.c.service_id],
            set_=row,
            where=services.c.sequence < statement.excluded.sequence,
        )
        return self.connection.execute(newer).rowcount == 1

    def keep_consent(self, event: ConsentGranted) -> None:
        """Keep a consent; if its withdrawal came first, it stays withdrawn."""
        row = {
            "person_id": event.person_id,
            "recipient_id": event.recipient_id,
            "purpose": event.purpose,
            "categories": event.categories,
            "expires_on": event.expires_on,
        }
        statement = insert(consents).values(**row, consent_id=event.consent_id, withdrawn=False)
        self.connection.execute(
            statement.on_conflict_do_update(index_elements=[consents.c.consent_id], set_=row)
        )

    def withdraw_consent(self, event: ConsentWithdrawn) -> Grant | None:
        """Keep a withdrawal; return the consent it ends, unless that has not arrived yet."""
        row = {"consent_id": event.consent_id, "person_id": event.person_id, "withdrawn": True}
        statement = (
            insert(consents)
            .values(row)
            .on_conflict_do_update(index_elements=[consents.c.consent_id], set_={"withdrawn": True})
            .returning(consents)
        )
        kept = self.connection.execute(statement).mappings().one()
        return None if kept["purpose"] is None else rows.grant_of(kept)

    def _lock_person_of(self, table: sa.Table, which: sa.ColumnElement[bool]) -> None:
        """Lock the person that a row is about.

        The row is read in the next statement: what this one saw may be older than the lock.
        """
        locks = _locks(sa.cast(table.c.person_id, sa.Text))
        self.connection.execute(sa.select(*locks).where(which))

    def _standings(self, *which: sa.ColumnElement[bool]) -> list[Standing]:
        """Return needs, oldest first, each with its attempts, oldest first."""
        found: list[Standing] = []
        joins = self.connection.execute(_STANDINGS.where(*which)).mappings().all()
        for _, of_need in groupby(joins, key=itemgetter("need_id")):
            joined = list(of_need)
            attempts = tuple(
                rows.referral_of({name: row[f"its_{name}"] for name in referrals.c.keys()})  # noqa: SIM118 - a collection of columns, not a dict
                for row in joined
                if row["its_referral_id"] is not None
            )
            found.append(Standing(need=rows.need_of(joined[0]), attempts=attempts))
        return found

    def _referrals(self, *which: sa.ColumnElement[bool]) -> list[Referral]:
        """Return attempts, oldest first."""
        statement = sa.select(referrals).where(*which).order_by(referrals.c.referral_id)
        return [rows.referral_of(row) for row in self.connection.execute(statement).mappings()]

    def _services(self, which: sa.ColumnElement[bool]) -> dict[UUID, Service]:
        """Return services with their loads."""
        found = self.connection.execute(_SERVICES.where(which)).mappings()
        return {row["service_id"]: rows.service_of(row) for row in found}

    def _insert(self, table: sa.Table, new: list[dict[str, Any]]) -> None:
        """Insert rows, if there are any, in one statement."""
        if new:
            self.connection.execute(sa.insert(table), new)


def _locks(person: sa.ColumnElement[str]) -> tuple[sa.ColumnElement[Any], ...]:
    """Return the locks of whoever changes something about a person, in the order they are taken."""
    return (
        sa.func.pg_advisory_xact_lock_shared(_CATALOGUE),
        sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(person, 0)),
    )


def _given(
    conditions: Iterable[tuple[sa.ColumnElement[bool], object]],
) -> list[sa.ColumnElement[bool]]:
    """Return the conditions whose value was given."""
    return [condition for condition, value in conditions if value is not None]
