"""The SQL of clients: programs of agencies, and their secrets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from gateway.identity.language import Client, ClientSecret
from gateway.identity.models import api_clients, client_secrets


@dataclass(frozen=True, kw_only=True)
class LiveSecret:
    """A secret that opens the door, and what it opens."""

    secret_id: UUID
    secret_hash: str
    client_id: UUID
    agency_id: UUID
    scopes: tuple[str, ...]
    expires_at: datetime


@dataclass(frozen=True)
class Clients:
    """Clients inside one transaction."""

    connection: sa.Connection

    def add(self, client: Client, *, creation_key: str | None) -> bool:
        """Enter a client; false if the key is already in use."""
        entered = self.connection.execute(
            insert(api_clients)
            .values(
                client_id=client.client_id,
                name=client.name,
                agency_id=client.agency_id,
                scopes=list(client.scopes),
                creation_key=creation_key,
                created_at=client.created_at,
                expires_at=client.expires_at,
            )
            .on_conflict_do_nothing()
        )
        return bool(entered.rowcount)

    def add_secret(self, client_id: UUID, secret: ClientSecret, *, secret_hash: str) -> None:
        """Enter a secret of a client."""
        self.connection.execute(
            sa.insert(client_secrets).values(
                secret_id=secret.secret_id,
                client_id=client_id,
                secret_hash=secret_hash,
                created_at=secret.created_at,
                expires_at=secret.expires_at,
            )
        )

    def shorten_secrets(self, client_id: UUID, until: datetime) -> None:
        """Let the secrets that there are work no longer than this."""
        self.connection.execute(
            sa.update(client_secrets)
            .where(client_secrets.c.client_id == client_id, client_secrets.c.expires_at > until)
            .values(expires_at=until)
        )

    def live_secrets(self, client_id: UUID, now: datetime) -> tuple[LiveSecret, ...]:
        """Return the secrets with which an open client may come in."""
        rows = self.connection.execute(
            sa.select(
                client_secrets.c.secret_id,
                client_secrets.c.secret_hash,
                api_clients.c.client_id,
                api_clients.c.agency_id,
                api_clients.c.scopes,
                api_clients.c.expires_at,
            )
            .join(api_clients, api_clients.c.client_id == client_secrets.c.client_id)
            .where(
                client_secrets.c.client_id == client_id,
                client_secrets.c.expires_at > now,
                api_clients.c.disabled_at.is_(None),
                api_clients.c.expires_at > now,
            )
        )
        return tuple(
            LiveSecret(**{**row._mapping, "scopes": tuple(row.scopes)})  # noqa: SLF001 - the public name of a row's columns
            for row in rows
        )

    def client(self, client_id: UUID, now: datetime, *, locked: bool = False) -> Client | None:
        """Return one client with its live secrets; ``locked``, nobody changes it meanwhile."""
        query = sa.select(api_clients).where(api_clients.c.client_id == client_id)
        return self._one(query.with_for_update() if locked else query, now)

    def client_made_with(self, creation_key: str, now: datetime) -> Client | None:
        """Return the client that was made under the key."""
        return self._one(
            sa.select(api_clients).where(api_clients.c.creation_key == creation_key), now
        )

    def clients(self, *, before: UUID | None, limit: int, now: datetime) -> tuple[Client, ...]:
        """Return clients, newest first, from where a page ended."""
        query = sa.select(api_clients).order_by(api_clients.c.client_id.desc()).limit(limit)
        if before is not None:
            query = query.where(api_clients.c.client_id < before)
        return self._clients(query, now)

    def disable(self, client_id: UUID, now: datetime) -> None:
        """Shut the door for a client."""
        self.connection.execute(
            sa.update(api_clients)
            .where(api_clients.c.client_id == client_id, api_clients.c.disabled_at.is_(None))
            .values(disabled_at=now)
        )

    def raise_version(self, client_id: UUID) -> None:
        """Let whoever saw the client before know that it is another one now."""
        self.connection.execute(
            sa.update(api_clients)
            .where(api_clients.c.client_id == client_id)
            .values(version=api_clients.c.version + 1)
        )

    def _one(self, query: sa.Select[Any], now: datetime) -> Client | None:
        return next(iter(self._clients(query, now)), None)

    def _clients(self, query: sa.Select[Any], now: datetime) -> tuple[Client, ...]:
        rows = self.connection.execute(query).all()
        held = self._secrets([row.client_id for row in rows], now)
        return tuple(
            Client(
                client_id=row.client_id,
                name=row.name,
                agency_id=row.agency_id,
                scopes=tuple(row.scopes),
                created_at=row.created_at,
                expires_at=row.expires_at,
                disabled_at=row.disabled_at,
                last_used_at=row.last_used_at,
                secrets=held.get(row.client_id, ()),
                version=row.version,
            )
            for row in rows
        )

    def _secrets(
        self, client_ids: Sequence[UUID], now: datetime
    ) -> dict[UUID, tuple[ClientSecret, ...]]:
        held: dict[UUID, tuple[ClientSecret, ...]] = {}
        query = (
            sa.select(client_secrets)
            .where(client_secrets.c.client_id.in_(client_ids), client_secrets.c.expires_at > now)
            .order_by(client_secrets.c.secret_id.desc())
        )
        for row in self.connection.execute(query):
            secret = ClientSecret(
                secret_id=row.secret_id,
                created_at=row.created_at,
                expires_at=row.expires_at,
                last_used_at=row.last_used_at,
            )
            held[row.client_id] = (*held.get(row.client_id, ()), secret)
        return held
