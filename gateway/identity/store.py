"""The SQL of identity; rows never leave it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from contracts.access import Principal, Role
from gateway.identity.language import Membership, Session, TokenSummary, User
from gateway.identity.models import access_tokens, memberships, sign_in_failures, users


@dataclass(frozen=True, kw_only=True)
class Account:
    """What a sign-in is checked against."""

    user_id: UUID
    password_hash: str
    disabled: bool
    memberships: tuple[Membership, ...]


@dataclass(frozen=True)
class Store:
    """Users, memberships, tokens and failed sign-ins, inside one transaction."""

    connection: sa.Connection

    def account(self, email: str) -> Account | None:
        """Return what a sign-in with the address is checked against."""
        row = self.connection.execute(sa.select(users).where(users.c.email == email)).one_or_none()
        if row is None:
            return None
        return Account(
            user_id=row.user_id,
            password_hash=row.password_hash,
            disabled=row.disabled_at is not None,
            memberships=self._memberships([row.user_id]).get(row.user_id, ()),
        )

    def locked_password_hash(self, user_id: UUID) -> str | None:
        """Return the password's hash, and keep it from changing until the transaction ends."""
        return self.connection.scalar(
            sa.select(users.c.password_hash).where(users.c.user_id == user_id).with_for_update()
        )

    def add_user(self, user: User, *, password_hash: str, creation_key: str | None) -> bool:
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
            )
            .on_conflict_do_nothing()
        )
        if entered.rowcount:
            for membership in user.memberships:
                self.set_membership(user.user_id, membership)
        return bool(entered.rowcount)

    def user(self, user_id: UUID) -> User | None:
        """Return one user."""
        return self._one(users.c.user_id == user_id)

    def user_with_email(self, email: str) -> User | None:
        """Return the user who signs in with the address."""
        return self._one(users.c.email == email)

    def user_made_with(self, creation_key: str) -> User | None:
        """Return the user who was created under the key."""
        return self._one(users.c.creation_key == creation_key)

    def users(self, *, before: UUID | None, limit: int) -> tuple[User, ...]:
        """Return users, newest first, from where a page ended."""
        query = sa.select(users).order_by(users.c.user_id.desc()).limit(limit)
        return self._users(query if before is None else query.where(users.c.user_id < before))

    def set_membership(self, user_id: UUID, membership: Membership) -> None:
        """Give the user these roles in the agency, instead of any held there."""
        roles = [role.value for role in membership.roles]
        self.connection.execute(
            insert(memberships)
            .values(user_id=user_id, agency_id=membership.agency_id, roles=roles)
            .on_conflict_do_update(index_elements=["user_id", "agency_id"], set_={"roles": roles})
        )

    def set_password(self, user_id: UUID, password_hash: str) -> None:
        """Replace the password."""
        self._update_user(user_id, password_hash=password_hash)

    def set_disabled(self, user_id: UUID, at: datetime | None) -> None:
        """Shut the door for the user, or open it again."""
        self._update_user(user_id, disabled_at=at)

    def add_token(self, session: Session, *, token_hash: str, created_at: datetime) -> None:
        """Enter a token."""
        self.connection.execute(
            sa.insert(access_tokens).values(
                token_id=session.token_id,
                token_hash=token_hash,
                user_id=session.principal.user_id,
                agency_id=session.principal.agency_id,
                created_at=created_at,
                expires_at=session.expires_at,
            )
        )

    def session(self, token_hash: str, now: datetime) -> Session | None:
        """Return whom a live token of an enabled user speaks for, with the roles held now."""
        row = self.connection.execute(
            sa.select(
                access_tokens.c.token_id,
                access_tokens.c.user_id,
                access_tokens.c.agency_id,
                access_tokens.c.expires_at,
                memberships.c.roles,
            )
            .join(users, users.c.user_id == access_tokens.c.user_id)
            .join(
                memberships,
                (memberships.c.user_id == access_tokens.c.user_id)
                & (memberships.c.agency_id == access_tokens.c.agency_id),
            )
            .where(
                access_tokens.c.token_hash == token_hash,
                access_tokens.c.ended_at.is_(None),
                access_tokens.c.expires_at > now,
                users.c.disabled_at.is_(None),
            )
        ).one_or_none()
        if row is None:
            return None
        return Session(
            token_id=row.token_id,
            principal=Principal(
                user_id=row.user_id, agency_id=row.agency_id, roles=_roles(row.roles)
            ),
            expires_at=row.expires_at,
        )

    def tokens(self, user_id: UUID, *, current: UUID, now: datetime) -> tuple[TokenSummary, ...]:
        """Return the live tokens of a user, newest first."""
        rows = self.connection.execute(
            sa.select(access_tokens)
            .where(access_tokens.c.user_id == user_id, *_live(now))
            .order_by(access_tokens.c.token_id.desc())
        )
        return tuple(
            TokenSummary(
                token_id=row.token_id,
                agency_id=row.agency_id,
                created_at=row.created_at,
                expires_at=row.expires_at,
                current=row.token_id == current,
            )
            for row in rows
        )

    def end_tokens(self, user_id: UUID, now: datetime, *, token_id: UUID | None = None) -> int:
        """End one live token of a user, or all of them; return how many that were."""
        ended = sa.update(access_tokens).where(access_tokens.c.user_id == user_id, *_live(now))
        if token_id is not None:
            ended = ended.where(access_tokens.c.token_id == token_id)
        return self.connection.execute(ended.values(ended_at=now)).rowcount

    def failures(self, *, account: str, address: str, since: datetime) -> Failures:
        """Return when sign-ins failed for either, and let who asks the same wait meanwhile."""
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

    def prune(self, *, failures_before: datetime, tokens_before: datetime) -> None:
        """Drop failures and tokens that can no longer decide anything."""
        self.connection.execute(
            sa.delete(sign_in_failures).where(sign_in_failures.c.at < failures_before)
        )
        self.connection.execute(
            sa.delete(access_tokens).where(access_tokens.c.expires_at < tokens_before)
        )

    def _failed_at(self, which: sa.ColumnElement[bool], since: datetime) -> list[datetime]:
        query = sa.select(sign_in_failures.c.at).where(which, sign_in_failures.c.at > since)
        return list(self.connection.scalars(query))

    def _update_user(self, user_id: UUID, **values: Any) -> None:
        self.connection.execute(sa.update(users).where(users.c.user_id == user_id).values(values))

    def _one(self, which: sa.ColumnElement[bool]) -> User | None:
        return next(iter(self._users(sa.select(users).where(which))), None)

    def _users(self, query: sa.Select[Any]) -> tuple[User, ...]:
        rows = self.connection.execute(query).all()
        held = self._memberships([row.user_id for row in rows])
        return tuple(
            User(
                user_id=row.user_id,
                email=row.email,
                name=row.name,
                memberships=held.get(row.user_id, ()),
                created_at=row.created_at,
                disabled_at=row.disabled_at,
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
            membership = Membership(agency_id=row.agency_id, roles=_roles(row.roles))
            held[row.user_id] = (*held.get(row.user_id, ()), membership)
        return held


@dataclass(frozen=True, kw_only=True)
class Failures:
    """When sign-ins failed, by what they are counted under."""

    of_account: list[datetime]
    from_address: list[datetime]


def _live(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (access_tokens.c.ended_at.is_(None), access_tokens.c.expires_at > now)


def _roles(values: Iterable[str]) -> tuple[Role, ...]:
    return tuple(Role(value) for value in values)
