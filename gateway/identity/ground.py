"""The ground that all use cases of identity stand on: one transaction's books, time and limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, TypeVar
from uuid import UUID

import sqlalchemy as sa

from chassis import clock
from contracts.language import InvalidRequest, NotFound
from gateway.addresses import network_of
from gateway.database import Database
from gateway.identity import conduct, domain
from gateway.identity.administration import AdministrationLog, Deed
from gateway.identity.client_store import Clients
from gateway.identity.digest_store import DigestBook
from gateway.identity.language import Session, User
from gateway.identity.notifier import NoMail, Notifier
from gateway.identity.openid import OpenIdProvider
from gateway.identity.policy import Policy
from gateway.identity.provider_store import ExternalIdentities
from gateway.identity.sealing import Seal
from gateway.identity.step_store import Links, Steps
from gateway.identity.store import Store
from gateway.identity.token_store import Standing, Tokens

T = TypeVar("T")

TOKENS_KEPT: Final = timedelta(days=30)


class Books:
    """Everything that identity keeps, inside one transaction."""

    def __init__(self, connection: sa.Connection, now: datetime) -> None:
        """Open the books at an instant."""
        self.now = now
        self.users = Store(connection)
        self.tokens = Tokens(connection)
        self.steps = Steps(connection)
        self.links = Links(connection)
        self.clients = Clients(connection)
        self.digests = DigestBook(connection)
        self.external = ExternalIdentities(connection)
        self.log = AdministrationLog(connection)

    def note(self, actor_id: UUID, action: str, target_id: UUID, **details: Any) -> None:
        """Write into the administration log that somebody did something to somebody."""
        deed = Deed(actor_id=actor_id, action=action, target_id=target_id, details=details)
        self.log.write(deed, self.now)

    def existing(self, user_id: UUID, *, locked: bool = False) -> User:
        """Return a user who must exist.

        Raises:
            NotFound: there is none with this id.

        """
        user = self.users.user(user_id, locked=locked)
        if user is None:
            raise NotFound("There is no such user.", fields={"user_id": ["There is no such user."]})
        return user

    def as_seen(self, user_id: UUID, version: int | None) -> User:
        """Return a user who is to be changed, locked; without a version, whatever they are now.

        Raises:
            NotFound: there is none with this id.
            VersionMismatch: somebody was faster.

        """
        user = self.existing(user_id, locked=True)
        domain.demand_version(version, user.version)
        return user


@dataclass(frozen=True)
class Ground:
    """What every room of identity is built on."""

    database: Database
    seal: Seal
    policy: Policy = field(default_factory=Policy)
    notifier: Notifier = field(default_factory=NoMail)
    providers: Mapping[str, OpenIdProvider] = field(default_factory=lambda: MappingProxyType({}))
    now: Callable[[], datetime] = field(default=clock.now)
    account_limit: domain.Limit = domain.ACCOUNT_LIMIT
    address_limit: domain.Limit = domain.ADDRESS_LIMIT
    code_limit: domain.Limit = domain.CODE_LIMIT

    def _transact(self, work: Callable[[Books], T]) -> T:
        """Do work on the books in one transaction."""
        now = self.now()
        return self.database.transact(lambda connection: work(Books(connection, now)))

    @property
    def _window(self) -> timedelta:
        """How far back failures can still decide anything."""
        limits = (self.account_limit, self.address_limit, self.code_limit)
        return max(limit.window for limit in limits)

    def _begin_attempt(self, key: str, address: str, *, limit: domain.Limit | None = None) -> UUID:
        """Count the attempt as failed until it succeeds, so that simultaneous guesses count.

        Raises:
            SignInLocked: the key or the caller's address failed too often lately.

        """
        attempt = clock.new_id()
        of_key = limit or self.account_limit
        network = network_of(address)

        def begin(books: Books) -> timedelta:
            failures = books.users.failures(
                account=key, address=network, since=books.now - self._window
            )
            pause = max(
                domain.wait(of_key, failures.of_account, books.now),
                domain.wait(self.address_limit, failures.from_address, books.now),
            )
            if not pause:
                books.users.add_failure(attempt, account=key, address=network, at=books.now)
            return pause

        pause = self._transact(begin)
        if pause:
            raise domain.SignInLocked(pause)
        return attempt

    def _conduct(self, now: datetime) -> str:
        """Return the version of the code of conduct in force."""
        return conduct.version_in_force(now.date())

    def _session(
        self, standing: Standing | None, now: datetime, *, is_client: bool = False
    ) -> Session | None:
        """Return a live token, if it is one, with what its person still owes."""
        if standing is None:
            return None
        required = domain.is_second_step_required(
            standing.principal.roles, self.policy.second_step_since, now.date()
        )
        return Session(
            token_id=standing.token_id,
            principal=standing.principal,
            expires_at=standing.expires_at,
            pending=domain.owed(
                enrolled=standing.enrolled,
                stepped=standing.stepped,
                required=required and not is_client,
                conduct_accepted=standing.conduct_accepted,
            ),
            proved_at=standing.proved_at,
            is_client=is_client,
        )


def person_of(caller: Session) -> UUID:
    """Return the user who calls.

    Raises:
        StaffOnly: a client does.

    """
    if caller.is_client:
        raise domain.StaffOnly("This is for persons; a client's token cannot do it.")
    return caller.principal.user_id


def cursor_id(text: str | None) -> UUID | None:
    """Read where a page ended.

    Raises:
        InvalidRequest: it is nothing that any page ended with.

    """
    try:
        return None if text is None else UUID(text)
    except ValueError:
        sentence = "Send back the next_cursor of the page before, unchanged."
        raise InvalidRequest(sentence, fields={"cursor": [sentence]}) from None
