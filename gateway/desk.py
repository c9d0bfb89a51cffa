"""What both faces of the gateway work with: who calls, through which line, whom it touched."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from chassis import clock
from chassis.call import Call
from contracts.access import AccessPurpose, Principal
from gateway.access_log import Access, AccessLog
from gateway.feedback import NoReports, Reports
from gateway.identity.handlers import Identity
from gateway.identity.language import Session
from gateway.limits import Counter, Uncounted
from gateway.rpc import Line, RpcPort
from gateway.scanning import NoScanner, Scanner


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One request under way: who asks, through which line, and when.

    ``met`` takes the persons whom the request touches though neither question nor answer names
    them, ``headers`` what the answer is to carry beside its body.
    """

    line: Line
    identity: Identity
    access_log: AccessLog
    reports: Reports
    now: datetime
    address: str
    purpose: AccessPurpose | None
    session: Session | None
    scanner: Scanner = field(default_factory=NoScanner)
    met: list[UUID] = field(default_factory=list)
    cookies: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def caller(self) -> Session:
        """The session of the caller; anonymous requests have none and never look."""
        if self.session is None:
            raise LookupError("an anonymous request asked for its caller")
        return self.session

    @property
    def principal(self) -> Principal:
        """The caller as the services know them."""
        return self.caller.principal


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A request as it came in, before anybody knows what it wants."""

    correlation_id: str
    traceparent: str
    address: str
    cookies: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What every view works with; questions asked beside the first one run on ``side``."""

    rpc: RpcPort
    identity: Identity
    access_log: AccessLog
    side: ThreadPoolExecutor
    request_seconds: float
    counter: Counter = field(default_factory=Uncounted)
    reports: Reports = field(default_factory=NoReports)
    scanner: Scanner = field(default_factory=NoScanner)

    def begin(
        self,
        arrival: Arrival,
        session: Session | None,
        *,
        key: str | None,
        purpose: AccessPurpose | None,
        port: RpcPort | None = None,
    ) -> Turn:
        """Begin a turn, with the deadline that all its questions share; ``port`` stands for rpc."""
        call = Call(
            correlation_id=arrival.correlation_id,
            traceparent=arrival.traceparent,
            key=key,
            principal=session.principal if session else None,
        )
        deadline = time.monotonic() + self.request_seconds
        return Turn(
            line=Line(port or self.rpc, call, deadline, self.side),
            identity=self.identity,
            access_log=self.access_log,
            reports=self.reports,
            scanner=self.scanner,
            now=clock.now(),
            address=arrival.address,
            purpose=purpose,
            session=session,
            cookies=arrival.cookies,
        )

    def write_down(self, turn: Turn, operation: str, status: int, persons: Iterable[UUID]) -> None:
        """Log the access to every person that the turn touched, or to none."""
        touched = tuple(dict.fromkeys((*turn.met, *persons)))
        self.access_log.add(
            [
                Access(
                    access_id=clock.new_id(),
                    at=turn.now,
                    user_id=turn.principal.user_id,
                    agency_id=turn.principal.agency_id,
                    operation=operation,
                    person_id=person_id,
                    status=status,
                    address=turn.address,
                    correlation_id=turn.line.call.correlation_id,
                    purpose=turn.purpose,
                )
                for person_id in touched or (None,)
            ]
        )
