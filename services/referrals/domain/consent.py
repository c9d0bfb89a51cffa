"""What the person allowed to be shared, with whom and until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contracts.intake import DataCategory, Purpose

NEEDED: Final = frozenset({DataCategory.IDENTITY, DataCategory.NEEDS})
NEEDED_FOR_SAFETY: Final = NEEDED | {DataCategory.SAFETY}


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """A consent to share; without a recipient it holds for every agency of the network."""

    consent_id: UUID
    recipient_id: UUID | None
    purpose: Purpose
    categories: frozenset[DataCategory]
    expires_on: date
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Sharing:
    """What a referral would tell: whose knowledge, to whom, and whether it touches safety."""

    from_agency_id: UUID
    to_agency_id: UUID
    safety: bool


def covers(grant: Grant, sharing: Sharing, *, on: date) -> bool:
    """Tell whether the consent, on that day, allows the sharing; its last day still counts."""
    needed = NEEDED_FOR_SAFETY if sharing.safety else NEEDED
    return (
        not grant.withdrawn
        and on <= grant.expires_on
        and grant.purpose is Purpose.REFERRAL
        and grant.recipient_id in {None, sharing.to_agency_id}
        and needed <= grant.categories
    )


def permitted(sharing: Sharing, grants: Iterable[Grant], *, on: date) -> bool:
    """Tell whether the sharing may happen: inside one agency nothing is shared."""
    return sharing.from_agency_id == sharing.to_agency_id or any(
        covers(grant, sharing, on=on) for grant in grants
    )
