"""Signing in and out: passwords, the second step, fresh proofs, and what a token is good for."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from chassis import clock
from contracts.access import PERMISSIONS
from contracts.language import InvalidRequest, NotFound
from gateway.identity import codes, domain, passwords
from gateway.identity.domain import Pending
from gateway.identity.ground import TOKENS_KEPT, Books, Ground, person_of
from gateway.identity.language import (
    AccessToken,
    ChangedPassword,
    Credentials,
    Me,
    Membership,
    Proof,
    SecondStep,
    Session,
    TokenPage,
    TokenState,
)
from gateway.identity.store import Account
from gateway.identity.token_store import NewToken


class Given(NamedTuple):
    """What a person gave to come in."""

    email: str
    password: str


class SigningIn(Ground):
    """The room where people come in and go out."""

    def sign_in(self, credentials: Credentials, *, address: str) -> AccessToken:
        """Return a new token of a person.

        Raises:
            SignInRefused: no open account has this address and password.
            SignInLocked: the account or the caller's address failed too often lately.
            AgencyNotChosen: the user belongs to several agencies and named none of them.
            CodeRefused: a code was given and does not fit.

        """
        given = _given(credentials)
        email = domain.account_name(given.email)
        attempt = self._begin_attempt(domain.account_key(email), address)
        account = self._transact(lambda books: books.users.account(email, books.now))
        password = domain.readable_password(given.password)
        fitting = passwords.fits(account.password_hash if account else None, password)
        if account is None or not fitting or not account.open:
            raise domain.SignInRefused
        self._transact(lambda books: books.users.forgive(attempt))
        membership = chosen(account, credentials.agency_id)
        stepped = credentials.code is not None and self._take_code(
            account.user_id, credentials.code, address
        )
        return self._enter(account, membership, password, address=address, stepped=stepped)

    def session(self, token: str) -> Session | None:
        """Return whom a token speaks for, or nothing if it opens no door."""
        hashed, is_client = domain.token_hash(token), token.startswith(domain.CLIENT_TOKEN_PREFIX)

        def find(books: Books) -> Session | None:
            standing = (
                books.tokens.of_client(hashed, books.now)
                if is_client
                else books.tokens.standing(
                    hashed,
                    now=books.now,
                    idle=self.policy.session_idle,
                    conduct=self._conduct(books.now),
                )
            )
            return self._session(standing, books.now, is_client=is_client)

        return self._transact(find)

    def prove(self, caller: Session, proof: Proof, *, address: str) -> TokenState:
        """Take the second step, or prove afresh who is at the desk.

        Raises:
            CodeRefused: code or password do not fit.
            SignInLocked: too many did not, lately.

        """
        user_id = person_of(caller)
        account, enrolled = self._transact(
            lambda books: (
                books.users.account_of(user_id, books.now),
                is_enrolled(books, user_id),
            )
        )
        if account is None:
            raise domain.CodeRefused
        if enrolled:
            if proof.code is None:
                raise _missing("code", "Give a code of your authenticator, or a recovery code.")
            self._take_code(user_id, proof.code, address)
        else:
            self._take_password(account, proof.password, address)
        whole = self.policy.session_life if Pending.SECOND_STEP in caller.pending else None
        expires_at = self._transact(
            lambda books: books.tokens.prove(
                caller.token_id, books.now, stepped=enrolled, life=whole
            )
        )
        pending = tuple(each for each in caller.pending if each is not Pending.SECOND_STEP)
        return TokenState(token_id=caller.token_id, expires_at=expires_at, pending=pending)

    def change_password(self, caller: Session, changed: ChangedPassword, *, address: str) -> None:
        """Replace the caller's password; every other token of theirs ends.

        Raises:
            CodeRefused: the present password is another one.

        """
        user_id = person_of(caller)
        account = self._transact(lambda books: books.users.account_of(user_id, books.now))
        if account is None:
            raise domain.CodeRefused
        self._take_password(account, changed.current, address)
        password = domain.check_password(changed.password, account.email, account.name)
        hashed = passwords.hash_password(password)

        def change(books: Books) -> None:
            if books.users.locked_password_hash(user_id) != account.password_hash:
                raise domain.CodeRefused
            books.users.set_password(user_id, hashed)
            books.links.void(user_id, books.now)
            books.tokens.end(user_id, books.now, but=caller.token_id)
            books.note(user_id, "password-changed", user_id)

        self._transact(change)

    def tokens(self, caller: Session) -> TokenPage:
        """Return the caller's live tokens."""
        user_id = person_of(caller)
        return self._transact(
            lambda books: TokenPage(
                items=books.tokens.of_user(
                    user_id,
                    current=caller.token_id,
                    now=books.now,
                    idle=self.policy.session_idle,
                )
            )
        )

    def end_token(self, caller: Session, token_id: UUID) -> None:
        """End one of the caller's tokens.

        Raises:
            NotFound: the caller has no such live token.

        """
        owner = caller.principal.user_id

        def end(books: Books) -> int:
            if caller.is_client:
                return books.tokens.end_of_client(owner, books.now, token_id=token_id)
            return books.tokens.end(owner, books.now, token_id=token_id)

        if not self._transact(end):
            raise NotFound("You have no such token.")

    def end_other_tokens(self, caller: Session) -> int:
        """End every token of the caller but the present one; return how many that were."""
        owner, present = person_of(caller), caller.token_id
        return self._transact(lambda books: books.tokens.end(owner, books.now, but=present))

    def end_all_tokens(self, caller: Session) -> None:
        """End every token of the caller, the present one too."""
        owner = person_of(caller)
        self._transact(lambda books: books.tokens.end(owner, books.now))

    def me(self, caller: Session) -> Me:
        """Return who the caller is and what that allows."""
        user_id, principal = person_of(caller), caller.principal
        permissions = {name for role in principal.roles for name in PERMISSIONS[role]}

        def show(books: Books) -> Me:
            user = books.existing(user_id)
            return Me(
                user=user,
                agency_id=principal.agency_id,
                roles=principal.roles,
                permissions={
                    name: scope.value
                    for name in sorted(permissions)
                    if (scope := principal.scope(name)) is not None
                },
                pending=caller.pending,
                second_step=SecondStep(
                    enrolled=user.has_second_step,
                    required=domain.is_second_step_required(
                        principal.roles, self.policy.second_step_since, books.now.date()
                    ),
                    recovery_codes=books.steps.codes_left(user_id),
                ),
            )

        return self._transact(show)

    def _take_password(self, account: Account, password: str | None, address: str) -> None:
        """Check a password given as a proof; a person without any has to come in anew."""
        if password is None:
            raise _missing("password", "Give your password.")
        attempt = self._begin_attempt(domain.account_key(account.email), address)
        if not passwords.fits(account.password_hash, domain.readable_password(password)):
            raise domain.CodeRefused
        self._transact(lambda books: books.users.forgive(attempt))

    def _take_code(self, user_id: UUID, code: str, address: str) -> bool:
        """Use up a code of the second step; false for who has none.

        Raises:
            CodeRefused: it does not fit, or was used already.
            SignInLocked: too many did not fit lately.

        """
        key = domain.code_key(user_id)
        attempt = self._begin_attempt(key, address, limit=self.code_limit)

        def take(books: Books) -> bool | None:
            kept = books.steps.of_user(user_id)
            if kept is None or kept.sealed_secret is None:
                return None
            counter = codes.counter_of(
                self.seal.open(kept.sealed_secret), code, books.now, after=kept.last_counter
            )
            if counter is not None:
                books.steps.update(user_id, last_counter=counter)
                return True
            digests = self.seal.digests(codes.bare_recovery_code(code))
            return books.steps.use_code(user_id, digests, books.now)

        fitting = self._transact(take)
        if fitting is False:
            raise domain.CodeRefused

        def forget(books: Books) -> None:
            books.users.forgive(attempt)
            if fitting:
                books.users.clear_failures(key)

        self._transact(forget)
        return bool(fitting)

    def _enter(
        self,
        account: Account,
        membership: Membership,
        password: str | None,
        *,
        address: str,
        stepped: bool,
    ) -> AccessToken:
        """Write the token of a person who is proven, and forget the failures before it."""
        token = domain.make_token()
        outdated = (
            password is not None
            and account.password_hash is not None
            and passwords.is_outdated(account.password_hash)
        )
        rehashed = passwords.hash_password(password) if outdated and password else None

        def enter(books: Books) -> Session | None:
            if books.users.locked_password_hash(account.user_id) != account.password_hash:
                raise domain.SignInRefused
            if password is not None:
                books.users.clear_failures(domain.account_key(account.email))
            books.users.prune_failures(books.now - self._window)
            books.tokens.prune(books.now - TOKENS_KEPT)
            whole = stepped or not is_enrolled(books, account.user_id)
            life = self.policy.session_life if whole else self.policy.pending_life
            books.tokens.add(
                NewToken(
                    token_id=clock.new_id(),
                    token_hash=domain.token_hash(token),
                    user_id=account.user_id,
                    agency_id=membership.agency_id,
                    created_at=books.now,
                    expires_at=books.now + life,
                    proved_at=books.now,
                    stepped_at=books.now if stepped else None,
                    address=address,
                )
            )
            if rehashed is not None:
                books.users.set_password(account.user_id, rehashed)
            books.users.update_user(account.user_id, last_sign_in_at=books.now)
            standing = books.tokens.standing(
                domain.token_hash(token),
                now=books.now,
                idle=self.policy.session_idle,
                conduct=self._conduct(books.now),
            )
            return self._session(standing, books.now)

        session = self._transact(enter)
        if session is None:
            # Shut between the check and now.
            raise domain.SignInRefused
        return AccessToken(
            token_id=session.token_id,
            access_token=token,
            token_type="Bearer",  # noqa: S106 - the word of RFC 6750, not a secret
            expires_at=session.expires_at,
            user_id=account.user_id,
            agency_id=membership.agency_id,
            roles=session.principal.roles,
            pending=session.pending,
        )


def chosen(account: Account, agency_id: UUID | None) -> Membership:
    """Return the membership that the person signs in with.

    Raises:
        AgencyNotChosen: there are several, or not the one that was named.

    """
    fitting = [each for each in account.memberships if agency_id in {None, each.agency_id}]
    if len(fitting) != 1:
        raise domain.AgencyNotChosen([each.agency_id for each in account.memberships])
    return fitting[0]


def _given(credentials: Credentials) -> Given:
    """Return what a person signs in with, all of which must be there."""
    if credentials.email is None:
        raise _missing("email", "Give the e-mail address that you sign in with.")
    if credentials.password is None:
        raise _missing("password", "Give your password.")
    return Given(credentials.email, credentials.password)


def _missing(name: str, sentence: str) -> InvalidRequest:
    return InvalidRequest(sentence, fields={name: [sentence]})


def is_enrolled(books: Books, user_id: UUID) -> bool:
    """Tell whether the user has a second step that was proven once."""
    kept = books.steps.of_user(user_id)
    return kept is not None and kept.sealed_secret is not None
