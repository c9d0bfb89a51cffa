"""The SQL of digests: what users chose, and which mail is due to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from gateway.identity.digest_language import Digest, DigestChoice, DigestFrequency
from gateway.identity.models import digests, users


@dataclass(frozen=True, kw_only=True)
class DueRow:
    """A digest that is due to somebody whose door is open."""

    user_id: UUID
    choice: DigestChoice
    stop_id: UUID
    day: date
    tries: int


@dataclass(frozen=True)
class DigestBook:
    """Digests inside one transaction."""

    connection: sa.Connection

    def of_user(self, user_id: UUID) -> Digest:
        """Return what a user chose; who chose nothing gets nothing."""
        row = self.connection.execute(
            sa.select(digests).where(digests.c.user_id == user_id)
        ).one_or_none()
        if row is None:
            return Digest(choice=DigestChoice())
        return Digest(choice=_choice(row), sent_at=row.sent_at)

    def choose(self, user_id: UUID, choice: DigestChoice, *, stop_id: UUID, today: date) -> None:
        """Keep a choice; the first mail after it is for a later day."""
        chosen = {
            "frequency": choice.frequency.value,
            "language": choice.language,
            "day": today,
            "tries": 0,
            "again_at": None,
        }
        self.connection.execute(
            insert(digests)
            .values(user_id=user_id, stop_id=stop_id, **chosen)
            .on_conflict_do_update(index_elements=["user_id"], set_=chosen)
        )

    def stop(self, stop_id: UUID) -> None:
        """Send no more of these mails to whoever was given the id."""
        self.connection.execute(
            sa.update(digests)
            .where(digests.c.stop_id == stop_id)
            .values(frequency=DigestFrequency.NEVER.value, again_at=None)
        )

    def due(
        self,
        begun: Mapping[DigestFrequency, date | None],
        *,
        now: datetime,
        today: date,
        idle_since: datetime,
    ) -> DueRow | None:
        """Return one digest that is due and lock it, unless another gateway has it."""
        last_seen = sa.func.greatest(
            users.c.created_at, users.c.enabled_at, users.c.last_sign_in_at
        )
        fresh = sa.or_(
            *(
                (digests.c.frequency == frequency.value) & (digests.c.day < day)
                for frequency, day in begun.items()
                if day is not None
            )
        )
        again = (
            (digests.c.frequency != DigestFrequency.NEVER.value)
            & (digests.c.day == today)
            & (digests.c.again_at <= now)
        )
        row = self.connection.execute(
            sa.select(digests)
            .join(users, users.c.user_id == digests.c.user_id)
            .where(
                fresh | again,
                users.c.disabled_at.is_(None),
                users.c.valid_until.is_(None) | (users.c.valid_until > now),
                last_seen > idle_since,
            )
            .order_by(digests.c.user_id)
            .limit(1)
            .with_for_update(of=digests, skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        return DueRow(
            user_id=row.user_id,
            choice=_choice(row),
            stop_id=row.stop_id,
            day=row.day,
            tries=row.tries,
        )

    def take(self, user_id: UUID, *, day: date, tries: int) -> None:
        """Note that the mail of a day is dealt with, before anything is sent."""
        self._set(user_id, day=day, tries=tries, again_at=None)

    def postpone(self, user_id: UUID, *, day: date, again_at: datetime) -> None:
        """Let the mail of a day be tried again later, if it is still wanted."""
        self.connection.execute(
            sa.update(digests)
            .where(digests.c.user_id == user_id, digests.c.day == day)
            .values(again_at=again_at)
        )

    def sent(self, user_id: UUID, at: datetime) -> None:
        """Note when a mail went out."""
        self._set(user_id, sent_at=at)

    def _set(self, user_id: UUID, **values: date | datetime | int | None) -> None:
        self.connection.execute(
            sa.update(digests).where(digests.c.user_id == user_id).values(values)
        )


def _choice(row: sa.Row[tuple[object, ...]]) -> DigestChoice:
    return DigestChoice(frequency=DigestFrequency(row.frequency), language=row.language)
