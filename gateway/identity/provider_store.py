"""The SQL of identity providers: who is who there, and the attempts under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from gateway.identity.models import external_identities, provider_attempts


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """Somebody who was sent to a provider and is to come back with the same browser."""

    state_hash: str
    provider: str
    browser_hash: str
    sealed_nonce: str
    sealed_verifier: str
    agency_id: UUID | None
    link_id: UUID | None
    expires_at: datetime


@dataclass(frozen=True)
class ExternalIdentities:
    """Subjects at providers, and attempts, inside one transaction."""

    connection: sa.Connection

    def begin(self, attempt: Attempt) -> None:
        """Enter an attempt."""
        self.connection.execute(sa.insert(provider_attempts).values(**vars(attempt)))

    def prune(self, before: datetime) -> None:
        """Drop attempts that nobody came back from."""
        self.connection.execute(
            sa.delete(provider_attempts).where(provider_attempts.c.expires_at < before)
        )

    def take(self, state_hash: str) -> Attempt | None:
        """Return the attempt of a state and forget it: a state is good for one return."""
        row = self.connection.execute(
            sa.delete(provider_attempts)
            .where(provider_attempts.c.state_hash == state_hash)
            .returning(*provider_attempts.c)
        ).one_or_none()
        return None if row is None else Attempt(**row._mapping)  # noqa: SLF001 - the public name of a row's columns

    def user_of(self, provider: str, subject: str) -> UUID | None:
        """Return which user a subject is."""
        return self.connection.scalar(
            sa.select(external_identities.c.user_id).where(
                external_identities.c.provider == provider,
                external_identities.c.subject == subject,
            )
        )

    def tie(self, provider: str, subject: str, user_id: UUID, at: datetime) -> bool:
        """Tie a subject to a user; false if either is tied to another at this provider."""
        self.connection.execute(
            insert(external_identities)
            .values(provider=provider, subject=subject, user_id=user_id, linked_at=at)
            .on_conflict_do_nothing()
        )
        return self.user_of(provider, subject) == user_id

    def of_user(self, user_id: UUID) -> dict[str, str]:
        """Return the subjects that a user is, by provider."""
        query = sa.select(external_identities).where(external_identities.c.user_id == user_id)
        return {row.provider: row.subject for row in self.connection.execute(query)}

    def untie(self, provider: str, user_id: UUID) -> bool:
        """Let the user come in by the provider no longer; false if there was no tie."""
        untied = self.connection.execute(
            sa.delete(external_identities).where(
                external_identities.c.provider == provider,
                external_identities.c.user_id == user_id,
            )
        )
        return bool(untied.rowcount)
