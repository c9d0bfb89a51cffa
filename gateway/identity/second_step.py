"""The second step: enrolling an authenticator, codes on paper, and giving it up."""

from __future__ import annotations

from uuid import UUID

from contracts.language import NotFound
from gateway.identity import codes, domain
from gateway.identity.ground import Books, Ground, person_of
from gateway.identity.language import Authenticator, FirstCode, RecoveryCodes, Session


class SecondSteps(Ground):
    """The room where authenticators are handed out and taken back."""

    def enrol(self, caller: Session) -> Authenticator:
        """Propose a new authenticator; the one in use works until the new one has proven itself."""
        user_id, secret = person_of(caller), codes.make_secret()
        sealed = self.seal.seal(secret)

        def propose(books: Books) -> str:
            books.steps.propose(user_id, sealed)
            return books.existing(user_id).email

        return _authenticator(secret, self._transact(propose))

    def proposed(self, caller: Session) -> Authenticator | None:
        """Return the authenticator that waits for its first code, where one does."""
        user_id = person_of(caller)

        def show(books: Books) -> tuple[str, str] | None:
            kept = books.steps.of_user(user_id)
            if kept is None or kept.sealed_candidate is None:
                return None
            return self.seal.open(kept.sealed_candidate), books.existing(user_id).email

        waiting = self._transact(show)
        return _authenticator(*waiting) if waiting is not None else None

    def confirm_enrolment(
        self, caller: Session, first: FirstCode, *, address: str
    ) -> RecoveryCodes:
        """Take the authenticator into use with its first code; other tokens end.

        Raises:
            SecondStepAbsent: nothing waits to be confirmed.
            CodeRefused: the code is none of the new authenticator's.

        """
        user_id = person_of(caller)
        key = domain.code_key(user_id)
        attempt = self._begin_attempt(key, address, limit=self.code_limit)
        made = codes.make_recovery_codes()
        digests = self._digests(made)

        def confirm(books: Books) -> None:
            kept = books.steps.of_user(user_id)
            if kept is None or kept.sealed_candidate is None:
                raise domain.SecondStepAbsent("Begin with POST /me/second-step.")
            counter = codes.counter_of(
                self.seal.open(kept.sealed_candidate), first.code, books.now, after=None
            )
            if counter is None:
                raise domain.CodeRefused
            books.steps.update(
                user_id,
                sealed_secret=kept.sealed_candidate,
                sealed_candidate=None,
                confirmed_at=books.now,
                last_counter=counter,
            )
            books.steps.replace_codes(user_id, digests)
            books.tokens.prove(caller.token_id, books.now, stepped=True)
            books.tokens.end(user_id, books.now, but=caller.token_id)
            books.users.forgive(attempt)
            books.note(user_id, "second-step-enrolled", user_id)

        self._transact(confirm)
        return RecoveryCodes(codes=made)

    def renew_recovery_codes(self, caller: Session) -> RecoveryCodes:
        """Make new codes for paper; those before open nothing any more.

        Raises:
            SecondStepAbsent: the caller has no second step.

        """
        user_id, made = person_of(caller), codes.make_recovery_codes()
        digests = self._digests(made)

        def renew(books: Books) -> None:
            kept = books.steps.of_user(user_id)
            if kept is None or kept.sealed_secret is None:
                raise domain.SecondStepAbsent("You have no second step yet.")
            books.steps.replace_codes(user_id, digests)
            books.note(user_id, "recovery-codes-renewed", user_id)

        self._transact(renew)
        return RecoveryCodes(codes=made)

    def give_up_second_step(self, caller: Session) -> None:
        """Remove the caller's own second step.

        Raises:
            SecondStepRequired: a role that the caller holds anywhere asks for it.
            SecondStepAbsent: there is none.

        """
        user_id = person_of(caller)

        def remove(books: Books) -> None:
            held = [role for each in books.existing(user_id).memberships for role in each.roles]
            if domain.is_second_step_required(
                held, self.policy.second_step_since, books.now.date()
            ):
                raise domain.SecondStepRequired(
                    "Your role asks for a second step; enrol another authenticator instead."
                )
            if not books.steps.remove(user_id):
                raise domain.SecondStepAbsent("You have no second step.")
            books.note(user_id, "second-step-removed", user_id)

        self._transact(remove)

    def take_second_step_away(self, by: UUID, user_id: UUID) -> None:
        """Remove the second step of who lost phone and paper; their tokens end.

        Raises:
            NotFound: the user has none.

        """

        def remove(books: Books) -> None:
            user = books.existing(user_id)
            if not books.steps.remove(user.user_id):
                raise NotFound("The user has no second step.")
            books.tokens.end(user_id, books.now)
            books.users.clear_failures(domain.code_key(user_id))
            books.note(by, "second-step-removed", user_id)

        self._transact(remove)

    def _digests(self, made: tuple[str, ...]) -> list[str]:
        return [self.seal.digest(codes.bare_recovery_code(each)) for each in made]


def _authenticator(secret: str, email: str) -> Authenticator:
    """Return what an authenticator is told, as text and as a drawing."""
    address = codes.address_of(secret, account=email)
    return Authenticator(secret=secret, otpauth_uri=address, qr_svg=codes.drawing_of(address))
