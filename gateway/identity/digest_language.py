"""Resources of the digest by e-mail."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from contracts.language import Resource


class DigestFrequency(StrEnum):
    """How often somebody wants to be told by e-mail how much waits."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


class DigestChoice(Resource):
    """Whether somebody wants a digest by e-mail, and in which language."""

    frequency: DigestFrequency = DigestFrequency.NEVER
    language: Literal["it", "en"] = "it"


class Digest(Resource):
    """The choice as it is kept, and when the last digest went out."""

    choice: DigestChoice
    sent_at: datetime | None = None
