"""The SQL of second steps, their recovery codes, and one-time links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from chassis import clock
from gateway.identity.models import links, recovery_codes, second_steps


@dataclass(frozen=True, kw_only=True)
class KeptStep:
    """A second step as it is kept; the candidate waits for its first code."""

    sealed_secret: str | None
    sealed_candidate: str | None
    last_counter: int | None


@dataclass(frozen=True, kw_only=True)
class KeptLink:
    """A one-time link that can still be used."""

    link_id: UUID
    user_id: UUID
    purpose: str


@dataclass(frozen=True)
class Steps:
    """Second steps inside one transaction."""

    connection: sa.Connection

    def of_user(self, user_id: UUID) -> KeptStep | None:
        """Return a user's second step, and let nobody else use a code of it meanwhile."""
        row = self.connection.execute(
            sa.select(second_steps).where(second_steps.c.user_id == user_id).with_for_update()
        ).one_or_none()
        if row is None:
            return None
        return KeptStep(
            sealed_secret=row.sealed_secret,
            sealed_candidate=row.sealed_candidate,
            last_counter=row.last_counter,
        )

    def propose(self, user_id: UUID, sealed_candidate: str) -> None:
        """Keep a candidate; whatever second step there is stays until the candidate is proven."""
        self.connection.execute(
            insert(second_steps)
            .values(user_id=user_id, sealed_candidate=sealed_candidate)
            .on_conflict_do_update(
                index_elements=["user_id"], set_={"sealed_candidate": sealed_candidate}
            )
        )

    def update(self, user_id: UUID, **values: Any) -> None:
        """Set columns of a second step."""
        self.connection.execute(
            sa.update(second_steps).where(second_steps.c.user_id == user_id).values(values)
        )

    def remove(self, user_id: UUID) -> bool:
        """Remove the second step with its codes; false if there was none."""
        self.connection.execute(
            sa.delete(recovery_codes).where(recovery_codes.c.user_id == user_id)
        )
        removed = self.connection.execute(
            sa.delete(second_steps).where(second_steps.c.user_id == user_id)
        )
        return bool(removed.rowcount)

    def replace_codes(self, user_id: UUID, digests: Iterable[str]) -> None:
        """Keep these recovery codes instead of any before."""
        self.connection.execute(
            sa.delete(recovery_codes).where(recovery_codes.c.user_id == user_id)
        )
        rows = [{"code_id": clock.new_id(), "user_id": user_id, "digest": each} for each in digests]
        self.connection.execute(sa.insert(recovery_codes), rows)

    def use_code(self, user_id: UUID, digests: Iterable[str], now: datetime) -> bool:
        """Use up a recovery code; false if there is none such, or not any more."""
        used = self.connection.execute(
            sa.update(recovery_codes)
            .where(
                recovery_codes.c.user_id == user_id,
                recovery_codes.c.digest.in_(list(digests)),
                recovery_codes.c.used_at.is_(None),
            )
            .values(used_at=now)
        )
        return bool(used.rowcount)

    def codes_left(self, user_id: UUID) -> int:
        """Return how many recovery codes were not used yet."""
        return (
            self.connection.scalar(
                sa.select(sa.func.count())
                .select_from(recovery_codes)
                .where(recovery_codes.c.user_id == user_id, recovery_codes.c.used_at.is_(None))
            )
            or 0
        )


@dataclass(frozen=True)
class Links:
    """One-time links inside one transaction."""

    connection: sa.Connection

    def replace(  # noqa: PLR0913 - the columns of a row
        self,
        link_id: UUID,
        *,
        token_hash: str,
        user_id: UUID,
        purpose: str,
        created_at: datetime,
        expires_at: datetime,
    ) -> None:
        """Keep a link instead of any that still waits for the user."""
        self.void(user_id, created_at)
        self.connection.execute(
            sa.insert(links).values(
                link_id=link_id,
                token_hash=token_hash,
                user_id=user_id,
                purpose=purpose,
                created_at=created_at,
                expires_at=expires_at,
            )
        )

    def void(self, user_id: UUID, now: datetime) -> None:
        """Let every link that waits for the user open nothing any more."""
        self.connection.execute(
            sa.update(links)
            .where(links.c.user_id == user_id, links.c.used_at.is_(None))
            .values(used_at=now)
        )

    def usable(self, token_hash: str, now: datetime) -> KeptLink | None:
        """Return the link of a token, and let nobody else use it meanwhile."""
        return self._usable(links.c.token_hash == token_hash, now)

    def usable_with_id(self, link_id: UUID, now: datetime) -> KeptLink | None:
        """Return a link by its id, and let nobody else use it meanwhile."""
        return self._usable(links.c.link_id == link_id, now)

    def _usable(self, which: sa.ColumnElement[bool], now: datetime) -> KeptLink | None:
        row = self.connection.execute(
            sa.select(links)
            .where(which, links.c.used_at.is_(None), links.c.expires_at > now)
            .with_for_update()
        ).one_or_none()
        if row is None:
            return None
        return KeptLink(link_id=row.link_id, user_id=row.user_id, purpose=row.purpose)
