"""Days: a date in a message is a day of Italy's calendar, whatever the hour says in UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

HERE: Final = ZoneInfo("Europe/Rome")


def day_of(instant: datetime) -> date:
    """Return the day that it is in Italy at an instant."""
    return instant.astimezone(HERE).date()
