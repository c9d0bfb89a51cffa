"""Fakes around the gateway: services, identity and access log in a test's hands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final, cast
from uuid import UUID

from flask.testing import FlaskClient

from chassis import clock
from chassis.call import Call
from chassis.errors import ServiceError, ServiceUnavailable, as_service_error
from contracts.access import Principal, Role
from contracts.language import Category, DomainError, Request, Resource, schema_of
from gateway.access_log import Access, PersonAccess
from gateway.app import assemble
from gateway.desk import Desk
from gateway.health import Health
from gateway.identity.digest_language import Digest, DigestChoice
from gateway.identity.domain import Pending
from gateway.identity.handlers import Identity
from gateway.identity.language import (
    AccessToken,
    Me,
    Membership,
    ProviderList,
    SecondStep,
    Session,
    TokenPage,
    TokenState,
    User,
)
from gateway.identity.notifier import NoMail, Notifier
from gateway.identity.policy import Policy
from gateway.limits import Allowance
from gateway.scanning import NoScanner, Scanner

AGENCY: Final = UUID("01920000-0000-7000-8000-0000000000a1")
USER: Final = UUID("01920000-0000-7000-8000-0000000000b1")
COLLEAGUE: Final = UUID("01920000-0000-7000-8000-0000000000b7")
TOKEN: Final = "plurali_of-a-case-worker"  # noqa: S105 - opens nothing but these tests

Answer = Resource | Exception | Callable[[Any], Resource]


@dataclass
class FakePort:
    """The services, as far as a test teaches them; what was asked, in order."""

    lessons: dict[type[Request[Any]], Answer] = field(default_factory=dict)
    asked: list[Request[Any]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    timeouts: list[float] = field(default_factory=list)

    def teach(self, request: type[Request[Any]], answer: Answer) -> None:
        """Let the request be answered, or refused, like this from now on."""
        self.lessons[request] = answer

    def ask(self, request: Request[Any], call: Call, *, timeout: float = 5.0) -> Any:
        """Answer as the real port does: everything passes through its wire form."""
        received = type(request).load(request.dump())
        self.asked.append(received)
        self.calls.append(Call.from_header(call.to_header()))
        self.timeouts.append(timeout)
        answer = self.lessons.get(type(request), ServiceUnavailable())
        if callable(answer):
            answer = answer(received)
        if isinstance(answer, Exception):
            raise answer
        return schema_of(request.answer, tolerant=True).load(answer.dump())


@dataclass
class FakeAccessLog:
    """The access log in memory."""

    rows: list[Access] = field(default_factory=list)
    failure: Exception | None = None

    def add(self, accesses: Sequence[Access]) -> None:
        """Keep the rows, or fail as told."""
        if self.failure is not None:
            raise self.failure
        self.rows += accesses

    def of_person(
        self, person_id: UUID, *, before: UUID | None, limit: int
    ) -> tuple[PersonAccess, ...]:
        """Return the kept accesses to a person's data, newest first."""
        kept = (
            PersonAccess(
                **{
                    each.name: getattr(row, each.name)
                    for each in fields(PersonAccess)
                    if each.name != "name"
                },
                name="=Desk",
            )
            for row in reversed(self.rows)
            if row.person_id == person_id and (before is None or row.access_id < before)
        )
        return tuple(islice(kept, limit))


@dataclass
class FakeIdentity:
    """The sessions that tokens open."""

    sessions: dict[str, Session] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    failure: Exception | None = None
    noted: list[tuple[str, UUID, dict[str, Any]]] = field(default_factory=list)
    notifier: Notifier = field(default_factory=NoMail)
    chosen: DigestChoice = field(default_factory=DigestChoice)
    stopped: list[UUID] = field(default_factory=list)

    def digest(self, _caller: Session) -> Digest:
        """Return whether the caller wants a digest."""
        return Digest(choice=self.chosen)

    def choose_digest(self, _caller: Session, choice: DigestChoice) -> None:
        """Keep whether the caller wants a digest."""
        self.chosen = choice

    def stop_digest(self, stop_id: UUID) -> None:
        """Keep whose digests ended."""
        self.stopped.append(stop_id)

    def note(self, _by: UUID, action: str, target_id: UUID, **details: Any) -> None:
        """Keep what was written into the administration log."""
        self.noted.append((action, target_id, details))

    def let_in(
        self,
        token: str,
        *roles: Role,
        agency_id: UUID = AGENCY,
        pending: tuple[Pending, ...] = (),
        proved_at: datetime | None = None,
        is_client: bool = False,
    ) -> None:
        """Let a token speak for the user with these roles, who owes this and is proven now."""
        self.sessions[token] = Session(
            token_id=USER,
            principal=Principal(user_id=USER, agency_id=agency_id, roles=roles),
            expires_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
            pending=pending,
            proved_at=clock.now() if proved_at is None else proved_at,
            is_client=is_client,
        )

    def session(self, token: str) -> Session | None:
        """Return whom a token speaks for."""
        if self.failure is not None:
            raise self.failure
        return self.sessions.get(token)

    def names(self, user_ids: Collection[UUID]) -> dict[UUID, str]:
        """Return what colleagues are called."""
        return dict.fromkeys(user_ids, "Desk")

    def colleagues(self, _agency_id: UUID) -> dict[UUID, str]:
        """Return who works for an agency: the caller, and one colleague."""
        return {USER: "Desk", COLLEAGUE: "Bruna Colli"}

    def provider_list(self) -> ProviderList:
        """Return the identity providers, of which there are none."""
        return ProviderList(items=())

    def sign_in(self, *_credentials: Any, **_circumstances: Any) -> AccessToken:
        """Fail as told, or let whoever comes in with the usual token."""
        if self.failure is not None:
            raise self.failure
        session = self.sessions[TOKEN]
        return AccessToken(
            token_id=session.token_id,
            access_token=TOKEN,
            token_type="Bearer",  # noqa: S106 - the word of RFC 6750, not a secret
            expires_at=session.expires_at,
            user_id=USER,
            agency_id=AGENCY,
            roles=session.principal.roles,
            pending=session.pending,
        )

    def prove(self, caller: Session, *_proof: Any, **_circumstances: Any) -> TokenState:
        """Take any proof: the second step is no longer owed, and who is there is proven now."""
        owed = tuple(each for each in caller.pending if each is not Pending.SECOND_STEP)
        self.sessions[TOKEN] = replace(caller, pending=owed, proved_at=clock.now())
        return TokenState(token_id=USER, expires_at=caller.expires_at, pending=owed)

    def end_token(self, _caller: Session, _token_id: UUID) -> None:
        """End the usual token."""
        del self.sessions[TOKEN]

    def me(self, caller: Session) -> Me:
        """Return who the caller is."""
        return Me(
            user=User(
                user_id=USER,
                email="desk@example.org",
                name="Desk",
                memberships=(Membership(agency_id=AGENCY, roles=caller.principal.roles),),
                created_at=datetime(2026, 1, 1, tzinfo=UTC),
            ),
            agency_id=AGENCY,
            roles=caller.principal.roles,
            permissions={},
            pending=caller.pending,
            second_step=SecondStep(enrolled=False, required=False, recovery_codes=0),
        )

    def tokens(self, _caller: Session) -> TokenPage:
        """Return the caller's sessions, of which none is told."""
        return TokenPage(items=())


@dataclass
class FakeCounter:
    """Counts requests in memory, all against one limit."""

    limit: int = 1000
    met: list[Session | None] = field(default_factory=list)

    def count(self, session: Session | None, address: str) -> Allowance:  # noqa: ARG002 - there is one address
        """Count one more request of a caller."""
        self.met.append(session)
        return Allowance(self.limit, len(self.met), 7)


@dataclass
class Gateway:
    """The application with everything around it in a test's hands."""

    port: FakePort
    identity: FakeIdentity
    access_log: FakeAccessLog
    failing: list[str]
    client: FlaskClient
    counter: FakeCounter

    def forget(self) -> None:
        """Begin the next test as the first one."""
        for fake in (self.port, self.identity, self.access_log, self.counter):
            fake.__dict__.update(type(fake)().__dict__)
        self.failing.clear()
        self.identity.let_in(TOKEN, Role.CASE_WORKER)

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a request as the case worker and return the response."""
        return self.client.open(
            f"/api/v1{path}",
            method=method,
            json=body,
            headers={
                "Authorization": f"Bearer {TOKEN}",
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        )


def refusal(category: Category, slug: str, **fields: list[str]) -> ServiceError:
    """Return a refusal as it comes out of a service."""
    return ServiceError(category, slug, "It is so.", fields)


def refusal_of(act: Callable[..., Resource], *given: Any) -> Resource:
    """Do something by a service's rules; what they refuse comes as it would come over RPC.

    Raises:
        ServiceError: the rules refused it.

    """
    try:
        return act(*given)
    except DomainError as refused:
        raise as_service_error(refused) from None


def new_gateway(
    side: ThreadPoolExecutor, *, secure: bool = False, scanner: Scanner | None = None
) -> Gateway:
    """Return a gateway over new fakes; ``forget`` makes it ready for a test."""
    port, identity, access_log = FakePort(), FakeIdentity(), FakeAccessLog()
    failing: list[str] = []
    counter = FakeCounter()
    app = assemble(
        Desk(
            rpc=port,
            identity=cast("Identity", identity),
            access_log=access_log,
            side=side,
            request_seconds=5.0,
            counter=counter,
            scanner=scanner or NoScanner(),
        ),
        Health({"broker": lambda: "broker" not in failing}),
        form_keys=("of-the-forms-in-tests",),
        secure=secure,
    )
    return Gateway(port, identity, access_log, failing, app.test_client(), counter)
