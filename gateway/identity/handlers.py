"""Use cases of identity: signing in, knowing who calls, and administering users."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from chassis import clock
from contracts.access import PERMISSIONS, Principal
from contracts.language import InvalidRequest, NotFound
from gateway.database import Database
from gateway.identity import domain, passwords
from gateway.identity.language import (
    AccessToken,
    CreatedUser,
    Credentials,
    Me,
    Membership,
    NewMembership,
    NewPassword,
    NewUser,
    Session,
    TokenPage,
    User,
    UserPage,
    UserSearch,
)
from gateway.identity.store import Account, Store

_TOKENS_KEPT: Final = timedelta(days=30)


@dataclass(frozen=True)
class Identity:
    """Everything that can be asked of identity; each method is one use case."""

    database: Database
    now: Callable[[], datetime] = field(default=clock.now)
    account_limit: domain.Limit = domain.ACCOUNT_LIMIT
    address_limit: domain.Limit = domain.ADDRESS_LIMIT

    def sign_in(self, credentials: Credentials, *, address: str) -> AccessToken:
        """Return a new token.

        Raises:
            SignInRefused: no enabled user has this address and password.
            SignInLocked: the account or the caller's address failed too often lately.
            AgencyNotChosen: the user belongs to several agencies and named none of them.

        """
        email = domain.account_name(credentials.email)
        attempt = self._begin_attempt(domain.account_key(email), address)
        account = self.database.transact(lambda connection: Store(connection).account(email))
        password = domain.readable_password(credentials.password)
        fitting = passwords.fits(account.password_hash if account else None, password)
        if account is None or not fitting or account.disabled:
            raise domain.SignInRefused
        return self._enter(account, credentials, attempt, password)

    def session(self, token: str) -> Session | None:
        """Return whom a token speaks for, or nothing if it opens no door."""
        hashed, now = domain.token_hash(token), self.now()
        return self.database.transact(lambda connection: Store(connection).session(hashed, now))

    def tokens(self, caller: Session) -> TokenPage:
        """Return the caller's live tokens."""
        now = self.now()
        return self.database.transact(
            lambda connection: TokenPage(
                items=Store(connection).tokens(
                    caller.principal.user_id, current=caller.token_id, now=now
                )
            )
        )

    def end_token(self, caller: Session, token_id: UUID) -> None:
        """End one of the caller's tokens.

        Raises:
            NotFound: the caller has no such live token.

        """
        user_id, now = caller.principal.user_id, self.now()
        ended = self.database.transact(
            lambda connection: Store(connection).end_tokens(user_id, now, token_id=token_id)
        )
        if not ended:
            raise NotFound("You have no such token.")

    def me(self, caller: Session) -> Me:
        """Return who the caller is and what that allows."""
        principal = caller.principal
        permissions = {name for role in principal.roles for name in PERMISSIONS[role]}
        return Me(
            user=self.user(principal.user_id),
            agency_id=principal.agency_id,
            roles=principal.roles,
            permissions={
                name: scope.value
                for name in sorted(permissions)
                if (scope := principal.scope(name)) is not None
            },
        )

    def user(self, user_id: UUID) -> User:
        """Return one user.

        Raises:
            NotFound: there is none with this id.

        """
        return self.database.transact(lambda connection: _existing(Store(connection), user_id))

    def users(self, search: UserSearch) -> UserPage:
        """Return a page of users; the cursor is the id of the last one shown."""
        before = _cursor(search.cursor)
        found = self.database.transact(
            lambda connection: Store(connection).users(before=before, limit=search.limit + 1)
        )
        shown = found[: search.limit]
        more = len(found) > search.limit
        return UserPage(items=shown, next_cursor=str(shown[-1].user_id) if more else None)

    def create_user(self, new: NewUser, *, key: str | None = None) -> CreatedUser:
        """Let a user in; repeated with its key, the same user is shown, without the password.

        Raises:
            EmailTaken: another user has the address.
            PasswordTooShort: the password given is too short.

        """
        password = domain.check_password(new.password or domain.make_password())
        hashed = passwords.hash_password(password)
        user = User(
            user_id=clock.new_id(),
            email=domain.account_name(new.email),
            name=new.name,
            memberships=(Membership(agency_id=new.agency_id, roles=new.roles),),
            created_at=self.now(),
        )

        def enter(store: Store) -> User | None:
            if store.add_user(user, password_hash=hashed, creation_key=key):
                return user
            earlier = store.user_made_with(key) if key else None
            return earlier if earlier is not None and earlier.email == user.email else None

        entered = self.database.transact(lambda connection: enter(Store(connection)))
        if entered is None:
            sentence = "Another user has this address; use another one, or change that user."
            raise domain.EmailTaken(sentence, fields={"email": [sentence]})
        made = entered is user and new.password is None
        return CreatedUser(user=entered, password=password if made else None)

    def set_membership(self, new: NewMembership) -> User:
        """Give a user roles in an agency; tokens for that agency carry them from now on."""
        membership = Membership(agency_id=new.agency_id, roles=new.roles)

        def change(store: Store) -> User:
            _existing(store, new.user_id)
            store.set_membership(new.user_id, membership)
            return _existing(store, new.user_id)

        return self.database.transact(lambda connection: change(Store(connection)))

    def reset_password(self, new: NewPassword) -> CreatedUser:
        """Replace a password and end every token of the user."""
        password = domain.check_password(new.password or domain.make_password())
        hashed, now = passwords.hash_password(password), self.now()

        def change(store: Store) -> User:
            user = _existing(store, new.user_id)
            store.set_password(user.user_id, hashed)
            store.end_tokens(user.user_id, now)
            store.clear_failures(domain.account_key(user.email))
            return user

        user = self.database.transact(lambda connection: change(Store(connection)))
        return CreatedUser(user=user, password=None if new.password else password)

    def disable_user(self, caller: Principal, user_id: UUID) -> User:
        """Shut the door for a user: every token ends and no sign-in succeeds.

        Raises:
            OwnAccountProtected: it is the caller's own account.

        """
        if user_id == caller.user_id:
            raise domain.OwnAccountProtected("Ask another administrator to disable your account.")
        return self._switch(user_id, disabled=True)

    def enable_user(self, user_id: UUID) -> User:
        """Open the door again for a disabled user."""
        return self._switch(user_id, disabled=False)

    @property
    def _window(self) -> timedelta:
        """How far back failures can still decide anything."""
        return max(self.account_limit.window, self.address_limit.window)

    def _switch(self, user_id: UUID, *, disabled: bool) -> User:
        now = self.now()

        def change(store: Store) -> User:
            user = _existing(store, user_id)
            if (user.disabled_at is not None) is not disabled:
                store.set_disabled(user_id, now if disabled else None)
                store.end_tokens(user_id, now)
            return _existing(store, user_id)

        return self.database.transact(lambda connection: change(Store(connection)))

    def _begin_attempt(self, account: str, address: str) -> UUID:
        """Count the attempt as failed until it succeeds, so that simultaneous guesses count."""
        now, attempt = self.now(), clock.new_id()
        since = now - self._window

        def begin(store: Store) -> timedelta:
            failures = store.failures(account=account, address=address, since=since)
            pause = max(
                domain.wait(self.account_limit, failures.of_account, now),
                domain.wait(self.address_limit, failures.from_address, now),
            )
            if not pause:
                store.add_failure(attempt, account=account, address=address, at=now)
            return pause

        pause = self.database.transact(lambda connection: begin(Store(connection)))
        if pause:
            raise domain.SignInLocked(pause)
        return attempt

    def _enter(
        self, account: Account, credentials: Credentials, attempt: UUID, password: str
    ) -> AccessToken:
        """Write the token of a person whose password fitted, and forget the failures before it."""
        token, now = domain.make_token(), self.now()
        self.database.transact(lambda connection: Store(connection).forgive(attempt))
        membership = _chosen(account, credentials.agency_id)
        outdated = passwords.is_outdated(account.password_hash)
        rehashed = passwords.hash_password(password) if outdated else None
        session = Session(
            token_id=clock.new_id(),
            principal=Principal(
                user_id=account.user_id, agency_id=membership.agency_id, roles=membership.roles
            ),
            expires_at=now + domain.TOKEN_LIFE,
        )

        def enter(store: Store) -> None:
            if store.locked_password_hash(account.user_id) != account.password_hash:
                raise domain.SignInRefused
            store.clear_failures(domain.account_key(credentials.email))
            store.prune(failures_before=now - self._window, tokens_before=now - _TOKENS_KEPT)
            store.add_token(session, token_hash=domain.token_hash(token), created_at=now)
            if rehashed is not None:
                store.set_password(account.user_id, rehashed)

        self.database.transact(lambda connection: enter(Store(connection)))
        return AccessToken(
            token_id=session.token_id,
            access_token=token,
            token_type="Bearer",  # noqa: S106 - the word of RFC 6750, not a secret
            expires_at=session.expires_at,
            user_id=account.user_id,
            agency_id=membership.agency_id,
            roles=membership.roles,
        )


def _existing(store: Store, user_id: UUID) -> User:
    """Return a user who must exist."""
    user = store.user(user_id)
    if user is None:
        raise NotFound("There is no such user.", fields={"user_id": ["There is no such user."]})
    return user


def _chosen(account: Account, agency_id: UUID | None) -> Membership:
    """Return the membership that the person signs in with."""
    fitting = [each for each in account.memberships if agency_id in {None, each.agency_id}]
    if len(fitting) != 1:
        known = ", ".join(str(each.agency_id) for each in account.memberships)
        sentence = f"Name the agency that you sign in for, one of: {known}."
        raise domain.AgencyNotChosen(sentence, fields={"agency_id": [sentence]})
    return fitting[0]


def _cursor(text: str | None) -> UUID | None:
    """Read where a page of users ended."""
    try:
        return None if text is None else UUID(text)
    except ValueError:
        sentence = "Send back the next_cursor of the page before, unchanged."
        raise InvalidRequest(sentence, fields={"cursor": [sentence]}) from None
