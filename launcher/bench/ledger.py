"""When effects were committed, read afterwards from the database's own record of each commit.

PostgreSQL notes the instant of every commit (``track_commit_timestamp``), so nothing has to watch
while a chain runs and neither side pays for being measured.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

from launcher.failures import EnvironmentFailure, ProcessFailure

PATIENCE: Final = 60.0
_PAUSE: Final = 0.02
_CALM: Final = 0.4

_COMMITTED: Final[Mapping[str, str]] = {
    "referrals": """
        select screening_id::text, max(pg_xact_commit_timestamp(xmin)) from needs
        where screening_id = any(%s::uuid[]) group by screening_id""",
    "pathways": """
        select screening_id::text, max(pg_xact_commit_timestamp(xmin)) from suggestions
        where screening_id = any(%s::uuid[]) group by screening_id""",
}
_HEARD: Final = "select count(*) from inbox where handled_at > %s"
_LAST_HEARD: Final = """
select max(pg_xact_commit_timestamp(xmin)) from inbox where handled_at > %s
"""
_WAITING: Final = "select count(*) from outbox where published_at is null"


class Ledger:
    """The databases of one side: the product's or the baseline's, which have the same tables."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        """Connect to the database of every service in the chain."""
        self._statements: dict[str, Any] = {}
        for name, url in urls.items():
            connection = psycopg2.connect(url)
            connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
            self._statements[name] = connection.cursor()
        if self._one("referrals", "show track_commit_timestamp") != "on":
            raise EnvironmentFailure(
                "PostgreSQL does not note the instants of commits: set track_commit_timestamp = on"
                " and restart it (a private one: `./plurali down`, then `./plurali up`)."
            )

    def now(self) -> datetime:
        """Return the instant by the database's clock."""
        instant: datetime = self._one("reporting", "select clock_timestamp()")
        return instant

    def referral_of(self, screening_id: str) -> str:
        """Return the id of a referral that a screening led to."""
        query = "select referral_id::text from referrals where screening_id = %s limit 1"
        return str(self._one("referrals", query, screening_id))

    def await_effects(self, ids: Sequence[str]) -> dict[str, datetime]:
        """Return when both effects of each screening were committed, once all are.

        Raises:
            ProcessFailure: some did not come in time.

        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            time.sleep(_PAUSE)
            found = [self._committed(service, ids) for service in _COMMITTED]
            if all(len(each) == len(ids) for each in found):
                return {id_: max(each[id_] for each in found) for id_ in ids}
        raise ProcessFailure(f"Not all effects of {len(ids)} chains came within {PATIENCE:.0f} s.")

    def await_timeline(self, since: datetime, count: int) -> datetime:
        """Return when the timeline had committed so many messages, once it has.

        Raises:
            ProcessFailure: they did not come in time.

        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self._one("reporting", _HEARD, since) >= count:
                last: datetime = self._one("reporting", _LAST_HEARD, since)
                return last
            time.sleep(_PAUSE)
        raise ProcessFailure(f"The timeline did not hear {count} messages in {PATIENCE:.0f} s.")

    def await_calm(self) -> None:
        """Wait until nothing is on its way."""
        before, since = -1, time.monotonic()
        deadline = since + PATIENCE
        while time.monotonic() < deadline:
            heard = self._one("reporting", "select count(*) from inbox")
            waiting = sum(
                self._one(name, _WAITING) for name in ("screening", "referrals", "pathways")
            )
            if waiting or heard != before:
                before, since = heard, time.monotonic()
            elif time.monotonic() - since > _CALM:
                return
            time.sleep(_CALM / 4)

    def close(self) -> None:
        """Give the connections back."""
        for statement in self._statements.values():
            statement.connection.close()

    def _committed(self, service: str, ids: Sequence[str]) -> dict[str, datetime]:
        statement = self._statements[service]
        statement.execute(_COMMITTED[service], (list(ids),))
        return dict(statement.fetchall())

    def _one(self, service: str, query: str, *values: Any) -> Any:
        statement = self._statements[service]
        statement.execute(query, values)
        (value,) = statement.fetchone()
        return value
