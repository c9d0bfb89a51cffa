"""When digests go out: the dated configuration in ``data/``, read by the clock in Italy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from contracts.calendar import HERE, day_of
from gateway.identity.digest_language import DigestFrequency

FILE: Final = Path(__file__).parents[1] / "data" / "digest.json"


@dataclass(frozen=True, kw_only=True)
class DigestTimes:
    """Between which hours of which days (Monday is 1) mails go out, and how often one is tried."""

    hour: int
    until: int
    days: tuple[int, ...]
    weekly_on: int
    tries: int
    pause_minutes: int

    @property
    def pause(self) -> timedelta:
        """How long a mail that could not be sent waits."""
        return timedelta(minutes=self.pause_minutes)

    def is_open(self, now: datetime) -> bool:
        """Tell whether mails may go out at an instant."""
        here = now.astimezone(HERE)
        return here.isoweekday() in self.days and self.hour <= here.hour < self.until

    def begun(self, frequency: DigestFrequency, now: datetime) -> date | None:
        """Return the first day of the stretch that one mail is for, or nothing where none is."""
        today = day_of(now)
        begun: dict[DigestFrequency, date | None] = {
            DigestFrequency.NEVER: None,
            DigestFrequency.DAILY: today,
            DigestFrequency.WEEKLY: today
            - timedelta(days=(today.isoweekday() - self.weekly_on) % 7),
        }
        return begun[frequency]


def times_in_force(day: date) -> DigestTimes:
    """Return what is in force on a day."""
    versions = _versions()
    begun = [each for each in versions if date.fromisoformat(each["valid_from"]) <= day]
    told = dict((begun or versions)[-1 if begun else 0])
    del told["valid_from"], told["source"]
    return DigestTimes(**{**told, "days": tuple(told["days"])})


@cache
def _versions() -> Sequence[dict[str, Any]]:
    """Read the file, the entries in the order in which they came into force."""
    kept: dict[str, list[dict[str, Any]]] = json.loads(FILE.read_text(encoding="utf-8"))
    return sorted(kept["digest"], key=lambda each: date.fromisoformat(each["valid_from"]))
