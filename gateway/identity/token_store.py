"""The SQL of tokens, of persons and of clients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from contracts.access import Principal, Role
from gateway.identity.domain import SCOPES
from gateway.identity.language import TokenSummary
from gateway.identity.models import (
    access_tokens,
    api_clients,
    client_secrets,
    client_tokens,
    conduct_acceptances,
    memberships,
    second_steps,
    users,
)
from gateway.identity.store import roles_of

_TOUCHED_EVERY: Final = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class NewToken:
    """A token to be entered; ``stepped_at`` and ``proved_at`` tell what was proven with it."""

    token_id: UUID
    token_hash: str
    user_id: UUID
    agency_id: UUID
    created_at: datetime
    expires_at: datetime
    proved_at: datetime | None
    stepped_at: datetime | None
    address: str | None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A live token, and what decides what its person still owes."""

    token_id: UUID
    principal: Principal
    expires_at: datetime
    proved_at: datetime | None
    stepped: bool
    enrolled: bool
    conduct_accepted: bool


@dataclass(frozen=True)
class Tokens:
    """Tokens inside one transaction."""

    connection: sa.Connection

    def add(self, token: NewToken) -> None:
        """Enter a token of a person."""
        self.connection.execute(
            sa.insert(access_tokens).values(**vars(token), last_used_at=token.created_at)
        )

    def standing(
        self, token_hash: str, *, now: datetime, idle: timedelta, conduct: str
    ) -> Standing | None:
        """Return whom a live token of an open account speaks for, with the roles held now."""
        accepted = sa.exists().where(
            conduct_acceptances.c.user_id == access_tokens.c.user_id,
            conduct_acceptances.c.version == conduct,
        )
        row = self.connection.execute(
            sa.select(
                access_tokens,
                memberships.c.roles,
                second_steps.c.sealed_secret.is_not(None).label("enrolled"),
                accepted.label("conduct_accepted"),
            )
            .join(users, users.c.user_id == access_tokens.c.user_id)
            .join(
                memberships,
                (memberships.c.user_id == access_tokens.c.user_id)
                & (memberships.c.agency_id == access_tokens.c.agency_id),
            )
            .outerjoin(second_steps, second_steps.c.user_id == access_tokens.c.user_id)
            .where(
                access_tokens.c.token_hash == token_hash,
                *_live(now),
                access_tokens.c.last_used_at > now - idle,
                users.c.disabled_at.is_(None),
                users.c.valid_until.is_(None) | (users.c.valid_until > now),
            )
        ).one_or_none()
        if row is None:
            return None
        if row.last_used_at <= now - min(_TOUCHED_EVERY, idle / 2):
            self._touch(row.token_id, now)
        return Standing(
            token_id=row.token_id,
            principal=Principal(
                user_id=row.user_id, agency_id=row.agency_id, roles=roles_of(row.roles)
            ),
            expires_at=row.expires_at,
            proved_at=row.proved_at,
            stepped=row.stepped_at is not None,
            enrolled=row.enrolled,
            conduct_accepted=row.conduct_accepted,
        )

    def prove(
        self, token_id: UUID, now: datetime, *, stepped: bool, life: timedelta | None = None
    ) -> datetime:
        """Note a fresh proof and return when the token ends; ``life`` is that of a whole one."""
        values: dict[str, object] = {"proved_at": now}
        if stepped:
            values["stepped_at"] = now
        if life is not None:
            values["expires_at"] = access_tokens.c.created_at + life
        ends: datetime = self.connection.execute(
            sa.update(access_tokens)
            .where(access_tokens.c.token_id == token_id)
            .values(values)
            .returning(access_tokens.c.expires_at)
        ).scalar_one()
        return ends

    def of_user(
        self, user_id: UUID, *, current: UUID | None, now: datetime, idle: timedelta
    ) -> tuple[TokenSummary, ...]:
        """Return the live tokens of a user, newest first."""
        rows = self.connection.execute(
            sa.select(access_tokens)
            .where(
                access_tokens.c.user_id == user_id,
                *_live(now),
                access_tokens.c.last_used_at > now - idle,
            )
            .order_by(access_tokens.c.token_id.desc())
        )
        return tuple(
            TokenSummary(
                token_id=row.token_id,
                agency_id=row.agency_id,
                created_at=row.created_at,
                last_used_at=row.last_used_at,
                expires_at=row.expires_at,
                address=row.address,
                current=row.token_id == current,
            )
            for row in rows
        )

    def end(
        self,
        user_id: UUID,
        now: datetime,
        *,
        token_id: UUID | None = None,
        but: UUID | None = None,
    ) -> int:
        """End one live token of a user, or all of them but one; return how many that were."""
        ended = sa.update(access_tokens).where(access_tokens.c.user_id == user_id, *_live(now))
        if token_id is not None:
            ended = ended.where(access_tokens.c.token_id == token_id)
        if but is not None:
            ended = ended.where(access_tokens.c.token_id != but)
        return self.connection.execute(ended.values(ended_at=now)).rowcount

    def prune(self, before: datetime) -> None:
        """Drop tokens that ended long ago."""
        for table in (access_tokens, client_tokens):
            self.connection.execute(sa.delete(table).where(table.c.expires_at < before))

    def add_of_client(  # noqa: PLR0913 - the columns of a row
        self,
        token_id: UUID,
        *,
        token_hash: str,
        client_id: UUID,
        secret_id: UUID,
        scopes: tuple[str, ...],
        created_at: datetime,
        expires_at: datetime,
    ) -> None:
        """Enter a token of a client, and that its secret was used."""
        self.connection.execute(
            sa.insert(client_tokens).values(
                token_id=token_id,
                token_hash=token_hash,
                client_id=client_id,
                scopes=list(scopes),
                created_at=created_at,
                expires_at=expires_at,
            )
        )
        for table, column, key in (
            (api_clients, api_clients.c.client_id, client_id),
            (client_secrets, client_secrets.c.secret_id, secret_id),
        ):
            self.connection.execute(
                sa.update(table).where(column == key).values(last_used_at=created_at)
            )

    def of_client(self, token_hash: str, now: datetime) -> Standing | None:
        """Return which client a live token speaks for, within the scopes it has by now."""
        row = self.connection.execute(
            sa.select(client_tokens, api_clients.c.agency_id, api_clients.c.scopes.label("held"))
            .join(api_clients, api_clients.c.client_id == client_tokens.c.client_id)
            .where(
                client_tokens.c.token_hash == token_hash,
                client_tokens.c.ended_at.is_(None),
                client_tokens.c.expires_at > now,
                api_clients.c.disabled_at.is_(None),
                api_clients.c.expires_at > now,
            )
        ).one_or_none()
        roles = _roles_of_scopes(set(row.scopes) & set(row.held)) if row is not None else ()
        if row is None or not roles:
            return None
        return Standing(
            token_id=row.token_id,
            principal=Principal(user_id=row.client_id, agency_id=row.agency_id, roles=roles),
            expires_at=row.expires_at,
            proved_at=None,
            stepped=True,
            enrolled=False,
            conduct_accepted=True,
        )

    def end_of_client(self, client_id: UUID, now: datetime, *, token_id: UUID | None = None) -> int:
        """End one live token of a client, or all of them; return how many that were."""
        ended = sa.update(client_tokens).where(
            client_tokens.c.client_id == client_id,
            client_tokens.c.ended_at.is_(None),
            client_tokens.c.expires_at > now,
        )
        if token_id is not None:
            ended = ended.where(client_tokens.c.token_id == token_id)
        return self.connection.execute(ended.values(ended_at=now)).rowcount

    def _touch(self, token_id: UUID, now: datetime) -> None:
        self.connection.execute(
            sa.update(access_tokens)
            .where(access_tokens.c.token_id == token_id, access_tokens.c.last_used_at < now)
            .values(last_used_at=now)
        )


def _live(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (access_tokens.c.ended_at.is_(None), access_tokens.c.expires_at > now)


def _roles_of_scopes(scopes: set[str]) -> tuple[Role, ...]:
    return tuple(SCOPES[scope] for scope in sorted(scopes) if scope in SCOPES)
