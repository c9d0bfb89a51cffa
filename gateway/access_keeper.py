"""Keeps the access log in order beside the requests: seals what was added, lets go what is old."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog

from chassis import clock
from contracts.calendar import day_of
from gateway.access_chain import AT_ONCE, prune, seal
from gateway.database import Database
from gateway.retention import months_kept

SECONDS: Final = 1.0
"""How long an access waits for its seal at most, while the database can be reached."""

_ROUNDS_BETWEEN_PRUNINGS: Final = 3600
_log: Final = structlog.get_logger("gateway.access_log")


@dataclass(frozen=True)
class AccessKeeper:
    """One of these works in every process; the database lets one at a time do anything."""

    database: Database
    now: Callable[[], datetime] = field(default=clock.now)

    def start(self) -> None:
        """Work from a thread of its own until the process ends."""
        threading.Thread(target=self._work, name="access-keeper", daemon=True).start()

    def seal(self) -> int:
        """Chain everything that waits, and return how much that was."""
        return self._repeat(lambda: self.database.transact(lambda c: seal(c, self.now())))

    def prune(self) -> int:
        """Let go everything that is kept no longer, and return how much that was."""
        months = months_kept(day_of(self.now()))
        gone = self._repeat(
            lambda: self.database.transact(lambda c: prune(c, self.now(), months=months))
        )
        if gone:
            _log.info("access_log_pruned", rows=gone, months=months)
        return gone

    def _work(self) -> None:
        rounds = 0
        pause = threading.Event()
        while not pause.wait(SECONDS):
            try:
                self.seal()
                if rounds % _ROUNDS_BETWEEN_PRUNINGS == 0:
                    self.prune()
            except Exception:  # noqa: BLE001 - a thread that ends would leave every later row unsealed
                # Whatever is wrong now, the rows wait in the database for the next round.
                _log.exception("access_log_not_sealed")
            rounds += 1

    @staticmethod
    def _repeat(step: Callable[[], int]) -> int:
        """Repeat a step as long as there was more than it takes at once."""
        total = 0
        while True:
            done = step()
            total += done
            if done < AT_ONCE:
                return total
