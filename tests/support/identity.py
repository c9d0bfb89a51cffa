"""Identity with a clock in a test's hands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from chassis import clock
from contracts.access import Role
from gateway.identity.domain import Limit
from gateway.identity.handlers import Identity
from gateway.identity.language import AccessToken, Credentials, NewUser, Session, User
from gateway.identity.policy import Policy

PASSWORD: Final = "four unrelated plain words"  # noqa: S105 - opens nothing but these tests
ADDRESS: Final = "192.0.2.1"
KEY: Final = "cGx1cmFsaS1rZXktb2YtdGVzdHMtLS0tLS0tLS0tLS0="
FREE: Final = Policy(second_step_since=MappingProxyType({}))
"""A policy that asks nobody for a second step."""


@dataclass
class House:
    """Identity with a clock in the test's hands, and what most tests do with it."""

    identity: Identity
    instant: list[datetime] = field(default_factory=lambda: [datetime(2026, 11, 22, tzinfo=UTC)])
    limits: tuple[Limit, Limit] = (
        Limit(failures=3, window=timedelta(minutes=15)),
        Limit(failures=5, window=timedelta(minutes=15)),
    )

    def __post_init__(self) -> None:
        """Give identity this clock and these limits."""
        account, address = self.limits
        self.identity = replace(
            self.identity,
            now=lambda: self.instant[0],
            account_limit=account,
            address_limit=address,
        )

    def under(self, **changes: Any) -> None:
        """Let other rules hold from now on."""
        self.identity = replace(self.identity, policy=replace(self.identity.policy, **changes))

    def later(self, **delta: float) -> None:
        """Let time pass."""
        self.instant[0] += timedelta(**delta)

    def let_in(self, *roles: Role, agency_id: UUID | None = None) -> User:
        """Create a user with the common password."""
        return self.identity.create_user(
            NewUser(
                email=f"{clock.new_id()}@example.org",
                name="Somebody",
                agency_id=agency_id or clock.new_id(),
                roles=roles or (Role.CASE_WORKER,),
                password=PASSWORD,
            )
        ).user

    def sign_in(
        self,
        user: User | str,
        password: str = PASSWORD,
        *,
        agency_id: UUID | None = None,
        address: str = ADDRESS,
        code: str | None = None,
    ) -> AccessToken:
        """Sign in as the user, or with any e-mail address."""
        email = user if isinstance(user, str) else user.email
        return self.identity.sign_in(
            Credentials(email=email, password=password, agency_id=agency_id, code=code),
            address=address,
        )

    def session(self, token: AccessToken) -> Session:
        """Return what the token opens, which must be something."""
        session = self.identity.session(token.access_token)
        assert session is not None
        return session
