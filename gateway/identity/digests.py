"""Digests by e-mail: who wants them, and which gateway sends which."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.calendar import day_of
from gateway.identity import domain
from gateway.identity.digest_language import Digest, DigestChoice, DigestFrequency
from gateway.identity.digest_times import DigestTimes
from gateway.identity.ground import Books, Ground, person_of
from gateway.identity.language import Membership, Session


@dataclass(frozen=True, kw_only=True)
class DueDigest:
    """A digest that this gateway alone may send now; ``locked`` while guesses shut the door."""

    user_id: UUID
    email: str
    memberships: tuple[Membership, ...]
    choice: DigestChoice
    stop_id: UUID
    day: date
    tries: int
    locked: bool


class Digests(Ground):
    """The room where digests are chosen, claimed and settled."""

    def digest(self, caller: Session) -> Digest:
        """Return what the caller chose."""
        user_id = person_of(caller)
        return self._transact(lambda books: books.digests.of_user(user_id))

    def choose_digest(self, caller: Session, choice: DigestChoice) -> None:
        """Keep what the caller chose."""
        user_id = person_of(caller)

        def choose(books: Books) -> None:
            # Random in every bit, unlike our ids: whoever guessed it could end somebody's mails.
            stop_id = UUID(bytes=secrets.token_bytes(16))
            books.digests.choose(user_id, choice, stop_id=stop_id, today=day_of(books.now))

        self._transact(choose)

    def stop_digest(self, stop_id: UUID) -> None:
        """Send no more digests to whoever was given this id; nobody learns whose it is."""
        self._transact(lambda books: books.digests.stop(stop_id))

    def claim_digest(self, times: DigestTimes) -> DueDigest | None:
        """Take one digest that is due, so that no other gateway sends it, or return nothing.

        Whoever dies after this sends nothing: better a mail that is missing than one that comes
        twice.
        """

        def claim(books: Books) -> DueDigest | None:
            today = day_of(books.now)
            row = books.digests.due(
                {each: times.begun(each, books.now) for each in DigestFrequency},
                now=books.now,
                today=today,
                idle_since=books.now - self.policy.dormant_after,
            )
            if row is None:
                return None
            tries = row.tries + 1 if row.day == today else 1
            books.digests.take(row.user_id, day=today, tries=tries)
            user = books.existing(row.user_id)
            return DueDigest(
                user_id=row.user_id,
                email=user.email,
                memberships=user.memberships,
                choice=row.choice,
                stop_id=row.stop_id,
                day=today,
                tries=tries,
                locked=self._is_locked(books, user.email),
            )

        return self._transact(claim)

    def postpone_digest(self, due: DueDigest, times: DigestTimes) -> bool:
        """Let a digest be tried again on the same day, and tell whether it will be."""
        if due.tries >= times.tries:
            return False
        self._transact(
            lambda books: books.digests.postpone(
                due.user_id, day=due.day, again_at=books.now + times.pause
            )
        )
        return True

    def note_digest(self, due: DueDigest) -> None:
        """Note that a digest went out."""
        self._transact(lambda books: books.digests.sent(due.user_id, books.now))

    def _is_locked(self, books: Books, email: str) -> bool:
        """Tell whether failed sign-ins keep the account shut just now."""
        failures = books.users.failures(
            account=domain.account_key(email), address="", since=books.now - self._window
        )
        return bool(domain.wait(self.account_limit, failures.of_account, books.now))
