"""How many requests a caller has: counted in the database, so that all gateways have one limit.

A window is a piece of the database's clock. Who is signed in is counted by account, everybody else
by address. When the count cannot be had, requests pass: a limit protects the rest of the system,
and must not be what stops it.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

import sqlalchemy as sa
import structlog
from flask import g
from sqlalchemy.exc import SQLAlchemyError

from chassis import clock, metrics
from chassis.settings import SettingMissing
from contracts.calendar import day_of
from gateway.addresses import network_of
from gateway.database import Database, metadata
from gateway.identity.language import Session

FILE: Final = Path(__file__).parent / "data" / "limits.json"
VARIABLE: Final = "RATE_LIMITS"
KINDS: Final = ("account", "client", "address")
BLIND_SECONDS: Final = 1.0
"""How long nothing is counted after the database could not be asked."""

_PRUNE_SECONDS: Final = 3600.0
_log: Final = structlog.get_logger("gateway.limits")

request_counts: Final = sa.Table(
    "request_counts",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("window_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
)

_COUNT: Final = """
INSERT INTO request_counts AS r (key, window_at, count)
VALUES (%(key)s, date_bin(%(window)s, now(), 'epoch'), 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN r.window_at >= excluded.window_at THEN r.count + 1 ELSE 1 END,
    window_at = greatest(r.window_at, excluded.window_at)
RETURNING count, extract(epoch FROM window_at + %(window)s::interval - now())
"""
_PRUNE: Final = "DELETE FROM request_counts WHERE window_at < now() - %(window)s::interval"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Requests in a window, by kind of caller."""

    account: int
    client: int
    address: int
    window_seconds: int = 60

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], day: date) -> Limits:
        """Return what is in force on a day, with what the installation changed.

        Raises:
            SettingMissing: the variable cannot be read; the sentence says how it is written.

        """
        return replace(_in_force(day), **_changes(environment.get(VARIABLE, "")))


@cache
def _in_force(day: date) -> Limits:
    """Return the limits of the dated configuration."""
    told: dict[str, list[dict[str, Any]]] = json.loads(FILE.read_text(encoding="utf-8"))
    versions = sorted(told["requests"], key=lambda each: str(each["valid_from"]))
    begun = [each for each in versions if date.fromisoformat(each["valid_from"]) <= day]
    found = (begun or versions)[-1 if begun else 0]
    return Limits(
        **{name: int(found[name]) for name in KINDS}, window_seconds=int(found["window_seconds"])
    )


@dataclass(frozen=True)
class Allowance:
    """Where a caller stands: the limit, what was used of it, and seconds until it begins anew."""

    limit: int
    used: int
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """What every answer tells of it."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "X-RateLimit-Reset": str(self.seconds),
        }


class TooManyRequests(Exception):
    """A caller has used up its requests; ``allowance`` tells when there will be new ones."""

    def __init__(self, allowance: Allowance) -> None:
        """Keep where the caller stands."""
        super().__init__("the caller has used up its requests")
        self.allowance = allowance


class Counter(Protocol):
    """Whatever counts requests."""

    def count(self, session: Session | None, address: str) -> Allowance:
        """Count one more request of a caller."""
        ...


@dataclass(frozen=True)
class Uncounted:
    """Counts nothing and lets everything pass."""

    limits: Limits = field(default_factory=lambda: _in_force(date.max))

    def count(self, session: Session | None, address: str) -> Allowance:
        """Return an allowance of which nothing was used."""
        kind, _ = _caller(session, address)
        return Allowance(getattr(self.limits, kind), 0, self.limits.window_seconds)


class StoredCounter:
    """Counts in the gateway's database: one statement, which waits for no disk."""

    def __init__(
        self,
        database: Database,
        limits: Limits,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep the limits; each statement is a transaction of its own."""
        self._engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._limits = limits
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._blind_until = 0.0
        self._prune_at = monotonic() + _PRUNE_SECONDS
        for kind in KINDS:
            metrics.RATE_LIMIT_REFUSALS.labels(kind)

    def count(self, session: Session | None, address: str) -> Allowance:
        """Count one more request of a caller; when that fails, it has used nothing."""
        kind, key = _caller(session, address)
        limit: int = getattr(self._limits, kind)
        used, seconds = self._counted(key) or (0, self._limits.window_seconds)
        return Allowance(limit, used, seconds)

    def _counted(self, key: str) -> tuple[int, int] | None:
        """Return how many requests there were in this window, and how long it will last."""
        if self._monotonic() < self._blind_until:
            metrics.RATE_LIMIT_UNCOUNTED.inc()
            return None
        try:
            with self._engine.connect() as connection:
                window = f"{self._limits.window_seconds} seconds"
                found = connection.exec_driver_sql(_COUNT, {"key": key, "window": window}).one()
                if self._prunes():
                    connection.exec_driver_sql(_PRUNE, {"window": window})
        except SQLAlchemyError as error:
            self._blind_until = self._monotonic() + BLIND_SECONDS
            metrics.RATE_LIMIT_UNCOUNTED.inc()
            _log.warning("requests_not_counted", reason=type(error).__name__)
            return None
        return int(found[0]), max(1, round(found[1]))

    def _prunes(self) -> bool:
        """Tell, once an hour, that what is long over should go."""
        with self._lock:
            due = self._monotonic() >= self._prune_at
            if due:
                self._prune_at = self._monotonic() + _PRUNE_SECONDS
            return due


def admit(counter: Counter, session: Session | None) -> None:
    """Count the request under way; its answer will say where the caller stands.

    Raises:
        TooManyRequests: the caller has used up its requests.

    """
    allowance = counter.count(session, g.address)
    g.answer_headers.update(allowance.headers)
    if allowance.used > allowance.limit:
        kind, _ = _caller(session, g.address)
        metrics.RATE_LIMIT_REFUSALS.labels(kind).inc()
        raise TooManyRequests(allowance)


def is_counted() -> bool:
    """Tell whether the request under way was counted already."""
    return "X-RateLimit-Limit" in g.answer_headers


def _caller(session: Session | None, address: str) -> tuple[str, str]:
    """Return the kind of caller and the key by which it is counted."""
    if session is None:
        return "address", f"address:{network_of(address)}"
    kind = "client" if session.is_client else "account"
    return kind, f"{kind}:{session.principal.user_id}"


def _changes(text: str) -> dict[str, int]:
    """Read ``account=600,client=1200,address=300``, or some of them."""
    pairs = [each.partition("=") for each in text.split(",") if each.strip()]
    told = {name.strip(): number.strip() for name, _, number in pairs}
    if not told.keys() <= set(KINDS) or not all(n.isdigit() and int(n) > 0 for n in told.values()):
        raise SettingMissing(f"set {VARIABLE} to numbers, such as account=600,client=1200")
    return {name: int(number) for name, number in told.items()}


def from_environment(database: Database, environment: Mapping[str, str]) -> StoredCounter:
    """Return the counter that the environment describes."""
    limits = Limits.from_environment(environment, day_of(clock.now()))
    return StoredCounter(database, limits)
