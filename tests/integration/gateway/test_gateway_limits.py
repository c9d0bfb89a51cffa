"""One limit for all gateways: the count is in the database, and its loss stops nobody."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis import clock
from chassis.db import make_engine
from contracts.access import Principal, Role
from gateway.database import Database
from gateway.identity.language import Session
from gateway.limits import BLIND_SECONDS, Allowance, Limits, StoredCounter, request_counts

_AGE = 315_360_000
"""Seconds of a window that does not end while these tests run."""

_LIMITS = Limits(account=5, client=7, address=3, window_seconds=_AGE)
_OTHER_PROCESS = """
import sys
from chassis.db import make_engine
from gateway.database import Database
from gateway.limits import Limits, StoredCounter

limits = Limits(account=5, client=7, address=3, window_seconds=315_360_000)
counter = StoredCounter(Database(make_engine(sys.stdin.read(), name="other", workers=1)), limits)
for _ in range(int(sys.argv[2])):
    print(counter.count(None, sys.argv[1]).used)
"""


def _session(user_id: UUID, *, is_client: bool = False) -> Session:
    principal = Principal(user_id=user_id, agency_id=user_id, roles=(Role.CASE_WORKER,))
    return Session(
        token_id=user_id,
        principal=principal,
        expires_at=clock.now(),
        pending=(),
        is_client=is_client,
    )


@dataclass
class _Time:
    """A monotonic clock in the test's hands."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def counter(gateway_database: Database) -> StoredCounter:
    """Return the counter of a gateway's process."""
    return StoredCounter(gateway_database, _LIMITS)


def _used(counter: StoredCounter, session: Session | None, address: str = "192.0.2.1") -> int:
    return counter.count(session, address).used


def test_two_processes_have_one_limit(counter: StoredCounter, gateway_database_url: str) -> None:
    """What one has counted the other one knows."""
    address = str(clock.new_id())
    first = [counter.count(None, address).used for _ in range(2)]
    other = subprocess.run(  # noqa: S603 - a program of this file
        [sys.executable, "-c", _OTHER_PROCESS, address, "2"],
        input=gateway_database_url,
        capture_output=True,
        text=True,
        check=True,
    )
    last = counter.count(None, address)
    assert (first, other.stdout.split(), last.used, last.headers["X-RateLimit-Remaining"]) == (
        [1, 2],
        ["3", "4"],
        5,
        "0",
    )


def test_requests_at_the_same_time_are_all_counted(counter: StoredCounter) -> None:
    """None hides behind another one."""
    session = _session(clock.new_id())
    with ThreadPoolExecutor(max_workers=8) as threads:
        used = sorted(threads.map(lambda _: _used(counter, session), range(40)))
    assert used == list(range(1, 41))


def test_person_program_and_address_have_limits_of_their_own(counter: StoredCounter) -> None:
    """The same id as a program is somebody else."""
    id_ = clock.new_id()
    met = [
        counter.count(session, str(id_))
        for session in (_session(id_), _session(id_, is_client=True), None)
    ]
    assert [(each.limit, each.used) for each in met] == [(5, 1), (7, 1), (3, 1)]


def test_neighbours_in_one_network_share_a_limit(counter: StoredCounter) -> None:
    """Whoever holds an IPv6 network has more addresses than anybody could count."""
    used = [_used(counter, None, f"2001:db8:{clock.new_id().hex[-4:]}::{n}") for n in (1, 2)]
    prefix = f"2001:db8:77:{clock.new_id().hex[-4:]}"
    same = [_used(counter, None, f"{prefix}::{n}") for n in (1, 2)]
    assert (used[0], same) == (1, [1, 2])


def test_next_window_begins_at_one(counter: StoredCounter, gateway_database: Database) -> None:
    """What was used before is forgotten when the window is over."""
    session = _session(clock.new_id())
    key = f"account:{session.principal.user_id}"
    _used(counter, session)
    _used(counter, session)
    gateway_database.transact(
        lambda connection: connection.execute(
            sa.update(request_counts)
            .where(request_counts.c.key == key)
            .values(window_at=request_counts.c.window_at - timedelta(seconds=_AGE))
        )
    )
    assert _used(counter, session) == 1


def test_window_says_when_it_ends(counter: StoredCounter) -> None:
    """Never zero, never longer than a window."""
    assert 1 <= counter.count(None, str(clock.new_id())).seconds <= _AGE


def test_database_that_is_away_lets_everybody_pass() -> None:
    """The limit protects the system and is not what stops it; it is not asked again at once."""
    time = _Time()
    engine = make_engine("postgresql://nobody@127.0.0.1:1/none", name="test", workers=1)
    counter = StoredCounter(Database(engine), _LIMITS, monotonic=time)
    first = counter.count(None, "192.0.2.1")
    time.now += BLIND_SECONDS / 2
    assert (first, counter.count(None, "192.0.2.1")) == (Allowance(3, 0, _AGE),) * 2


def test_counting_begins_again_when_the_database_is_back(gateway_database: Database) -> None:
    """Nobody has to restart anything."""
    time = _Time()
    counter = StoredCounter(gateway_database, _LIMITS, monotonic=time)
    address = str(clock.new_id())
    gateway_database.transact(_rename("request_counts", "request_counts_away"))
    away = counter.count(None, address).used
    gateway_database.transact(_rename("request_counts_away", "request_counts"))
    time.now += BLIND_SECONDS
    assert (away, counter.count(None, address).used) == (0, 1)


def _rename(old: str, new: str) -> Any:
    return lambda connection: connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")


@pytest.fixture
def over(gateway_database: Database) -> str:
    """Give the key of a caller whose last window is long over."""
    key = f"address:{clock.new_id()}"
    row = {"key": key, "window_at": clock.now() - timedelta(hours=3), "count": 9}
    gateway_database.transact(lambda c: c.execute(sa.insert(request_counts).values(row)) and None)
    return key


def test_callers_who_stay_away_are_forgotten(over: str, gateway_database: Database) -> None:
    """Once an hour, by whichever request comes then."""
    time = _Time()
    hourly = replace(_LIMITS, window_seconds=3600)
    counter = StoredCounter(gateway_database, hourly, monotonic=time)
    time.now += 3600
    _used(counter, None)
    left = sa.select(sa.func.count()).where(request_counts.c.key == over)
    assert gateway_database.transact(lambda c: c.execute(left).scalar_one()) == 0
