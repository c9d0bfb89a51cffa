"""The SQL of users, memberships and failed attempts; rows never leave it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from contracts.access import Role
from gateway.identity.language import Membership, User, UserSearch, UserState
from gateway.identity.models import (
    access_tokens,
    conduct_acceptances,
    memberships,
    second_steps,
    sign_in_failures,
    users,
)


@dataclass(frozen=True, kw_only=True)
class Account:
    """What a sign-in is checked against."""

    user_id: UUID
    email: str
    name: str
    password_hash: str | None
    open: bool
    memberships: tuple[Membership, ...]


@dataclass(frozen=True, kw_only=True)
class Failures:
    """When attempts failed, by what they are counted under."""

    of_account: list[datetime]
    from_address: list[datetime]


@dataclass(frozen=True)
class Store:
    """Users, memberships and failed attempts, inside one transaction."""

    connection: sa.Connection

    def account(self, email: str, now: datetime) -> Account | None:
        """Return what a sign-in with the address is checked against."""
        return self._account(users.c.email == email, now)

    def account_of(self, user_id: UUID, now: datetime) -> Account | None:
        """Return what a proof of the user is checked against."""
        return self._account(users.c.user_id == user_id, now)

    def locked_password_hash(self, user_id: UUID) -> str | None:
        """Return the password's hash, and keep it from changing until the transaction ends."""
        return self.connection.scalar(
            sa.select(users.c.password_hash).where(users.c.user_id == user_id).with_for_update()
        )

    def add_user(self, user: User, *, password_hash: str | None, creation_key: str | None) -> bool:
        """Enter a user with memberships; false if address or key is already in use."""
        entered = self.connection.execute(
            insert(users)
            .values(
                user_id=user.user_id,
                email=user.email,
                name=user.name,
                password_hash=password_hash,
                creation_key=creation_key,
                created_at=user.created_at,
                valid_until=user.valid_until,
            )
            .on_conflict_do_nothing()
        )
        if entered.rowcount:
            for membership in user.memberships:
                self.set_membership(user.user_id, membership)
        return bool(entered.rowcount)

    def user(self, user_id: UUID, *, locked: bool = False) -> User | None:
        """Return one user; ``locked``, nobody changes them meanwhile."""
        query = sa.select(users).where(users.c.user_id == user_id)
        return self._only(query.with_for_update(of=users) if locked else query)

    def raise_version(self, user_id: UUID) -> None:
        """Let whoever saw the user before know that they are another one now."""
        self.update_user(user_id, version=users.c.version + 1)

    def names(self, user_ids: Collection[UUID]) -> dict[UUID, str]:
        """Return the names of users by id; whom nobody knows is left out."""
        query = sa.select(users.c.user_id, users.c.name).where(users.c.user_id.in_(user_ids))
        return {row.user_id: row.name for row in self.connection.execute(query)}

    def staff_of(self, agency_id: UUID, *, now: datetime) -> dict[UUID, str]:
        """Return the names of those who can sign in for an agency, by id, in their order."""
        query = (
            sa.select(users.c.user_id, users.c.name)
            .join(memberships, memberships.c.user_id == users.c.user_id)
            .where(memberships.c.agency_id == agency_id, *_in(UserState.OPEN, now))
            .order_by(users.c.name, users.c.user_id)
        )
        return {row.user_id: row.name for row in self.connection.execute(query)}

    def user_with_email(self, email: str) -> User | None:
        """Return the user who signs in with the address."""
        return self._one(users.c.email == email)

    def user_made_with(self, creation_key: str) -> User | None:
        """Return the user who was created under the key."""
        return self._one(users.c.creation_key == creation_key)

    def users(
        self, search: UserSearch, *, before: UUID | None, limit: int, now: datetime
    ) -> tuple[User, ...]:
        """Return users, newest first, from where a page ended."""
        query = sa.select(users).order_by(users.c.user_id.desc()).limit(limit)
        if before is not None:
            query = query.where(users.c.user_id < before)
        if search.agency_id is not None:
            belongs = sa.exists().where(
                memberships.c.user_id == users.c.user_id,
                memberships.c.agency_id == search.agency_id,
            )
            query = query.where(belongs)
        return self._users(query if search.state is None else query.where(*_in(search.state, now)))

    def set_membership(self, user_id: UUID, membership: Membership) -> None:
        """Give the user these roles in the agency, instead of any held there."""
        roles = [role.value for role in membership.roles]
        self.connection.execute(
            insert(memberships)
            .values(user_id=user_id, agency_id=membership.agency_id, roles=roles)
            .on_conflict_do_update(index_elements=["user_id", "agency_id"], set_={"roles": roles})
        )

    def end_membership(self, user_id: UUID, agency_id: UUID) -> bool:
        """Take the user out of the agency, with every token for it; false if they were not in."""
        for table in (access_tokens, memberships):
            removed = self.connection.execute(
                sa.delete(table).where(table.c.user_id == user_id, table.c.agency_id == agency_id)
            )
        return bool(removed.rowcount)

    def set_password(self, user_id: UUID, password_hash: str) -> None:
        """Replace the password."""
        self.update_user(user_id, password_hash=password_hash)

    def update_user(self, user_id: UUID, **values: Any) -> None:
        """Set columns of a user."""
        self.connection.execute(sa.update(users).where(users.c.user_id == user_id).values(values))

    def to_be_shut(self, *, now: datetime, idle_since: datetime) -> dict[UUID, str]:
        """Return the open accounts whose time has come, each with the reason, and lock them."""
        last_seen = sa.func.greatest(
            users.c.created_at, users.c.enabled_at, users.c.last_sign_in_at
        )
        expired = sa.func.coalesce(users.c.valid_until <= now, sa.false())
        rows = self.connection.execute(
            sa.select(users.c.user_id, expired.label("expired"))
            .where(users.c.disabled_at.is_(None), expired | (last_seen <= idle_since))
            .order_by(users.c.user_id)
            .with_for_update(skip_locked=True)
        )
        return {row.user_id: "expired" if row.expired else "dormant" for row in rows}

    def open_administrators(self) -> frozenset[UUID]:
        """Return who could still administer users."""
        rows = self.connection.scalars(
            sa.select(users.c.user_id)
            .join(memberships, memberships.c.user_id == users.c.user_id)
            .where(
                users.c.disabled_at.is_(None),
                memberships.c.roles.contains([Role.ADMINISTRATOR.value]),
            )
        )
        return frozenset(rows)

    def accept_conduct(self, user_id: UUID, version: str, at: datetime) -> bool:
        """Enter that the user accepts the version; false if that was known."""
        entered = self.connection.execute(
            insert(conduct_acceptances)
            .values(user_id=user_id, version=version, accepted_at=at)
            .on_conflict_do_nothing()
        )
        return bool(entered.rowcount)

    def failures(self, *, account: str, address: str, since: datetime) -> Failures:
        """Return when attempts failed for either, and let who asks the same wait meanwhile."""
        for name in sorted((f"account:{account}", f"address:{address}")):
            self.connection.execute(
                sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(name, 0)))
            )
        return Failures(
            of_account=self._failed_at(sign_in_failures.c.account == account, since),
            from_address=self._failed_at(sign_in_failures.c.address == address, since),
        )

    def add_failure(self, failure_id: UUID, *, account: str, address: str, at: datetime) -> None:
        """Count an attempt as failed."""
        self.connection.execute(
            sa.insert(sign_in_failures).values(
                failure_id=failure_id, account=account, address=address, at=at
            )
        )

    def forgive(self, failure_id: UUID) -> None:
        """Take back an attempt that did not fail."""
        self.connection.execute(
            sa.delete(sign_in_failures).where(sign_in_failures.c.failure_id == failure_id)
        )

    def clear_failures(self, account: str) -> None:
        """Forget the failures of an account whose person has signed in."""
        self.connection.execute(
            sa.delete(sign_in_failures).where(sign_in_failures.c.account == account)
        )

    def prune_failures(self, before: datetime) -> None:
        """Drop failures that can no longer decide anything."""
        self.connection.execute(sa.delete(sign_in_failures).where(sign_in_failures.c.at < before))

    def _account(self, which: sa.ColumnElement[bool], now: datetime) -> Account | None:
        row = self.connection.execute(sa.select(users).where(which)).one_or_none()
        if row is None:
            return None
        return Account(
            user_id=row.user_id,
            email=row.email,
            name=row.name,
            password_hash=row.password_hash,
            open=row.disabled_at is None and (row.valid_until is None or row.valid_until > now),
            memberships=self._memberships([row.user_id]).get(row.user_id, ()),
        )

    def _failed_at(self, which: sa.ColumnElement[bool], since: datetime) -> list[datetime]:
        query = sa.select(sign_in_failures.c.at).where(which, sign_in_failures.c.at > since)
        return list(self.connection.scalars(query))

    def _one(self, which: sa.ColumnElement[bool]) -> User | None:
        return self._only(sa.select(users).where(which))

    def _only(self, query: sa.Select[Any]) -> User | None:
        return next(iter(self._users(query)), None)

    def _users(self, query: sa.Select[Any]) -> tuple[User, ...]:
        conduct = (
            sa.select(sa.func.max(conduct_acceptances.c.version))
            .where(conduct_acceptances.c.user_id == users.c.user_id)
            .correlate(users)
            .scalar_subquery()
        )
        enrolled = (
            sa.exists()
            .where(
                second_steps.c.user_id == users.c.user_id, second_steps.c.sealed_secret.is_not(None)
            )
            .correlate(users)
        )
        rows = self.connection.execute(
            query.add_columns(conduct.label("conduct"), enrolled.label("enrolled"))
        ).all()
        held = self._memberships([row.user_id for row in rows])
        return tuple(
            User(
                user_id=row.user_id,
                email=row.email,
                name=row.name,
                memberships=held.get(row.user_id, ()),
                created_at=row.created_at,
                disabled_at=row.disabled_at,
                disabled_for=row.disabled_for,
                valid_until=row.valid_until,
                last_sign_in_at=row.last_sign_in_at,
                has_password=row.password_hash is not None,
                has_second_step=row.enrolled,
                code_of_conduct=row.conduct,
                version=row.version,
            )
            for row in rows
        )

    def _memberships(self, user_ids: Sequence[UUID]) -> dict[UUID, tuple[Membership, ...]]:
        held: dict[UUID, tuple[Membership, ...]] = {}
        query = (
            sa.select(memberships)
            .where(memberships.c.user_id.in_(user_ids))
            .order_by(memberships.c.agency_id)
        )
        for row in self.connection.execute(query):
            membership = Membership(agency_id=row.agency_id, roles=roles_of(row.roles))
            held[row.user_id] = (*held.get(row.user_id, ()), membership)
        return held


def _in(state: UserState, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Return what holds of users in a state."""
    is_open = users.c.disabled_at.is_(None) & (
        users.c.valid_until.is_(None) | (users.c.valid_until > now)
    )
    return {
        UserState.OPEN: (is_open,),
        UserState.SHUT: (~is_open,),
        UserState.NEW: (is_open, users.c.last_sign_in_at.is_(None)),
    }[state]


def roles_of(values: Iterable[str]) -> tuple[Role, ...]:
    """Return the roles that a row names."""
    return tuple(Role(value) for value in values)
