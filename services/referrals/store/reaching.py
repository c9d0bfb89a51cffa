"""What exists for a caller, as conditions of a query."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from services.referrals.domain.reach import Reach
from services.referrals.models import confirmations, needs, referrals


def seen_whole(reach: Reach) -> sa.ColumnElement[bool]:
    """Return what the caller sees as the sender, or as the coordinator of the network."""
    return sa.true() if reach.network else referrals.c.from_agency_id == reach.agency_id


def referral_in(reach: Reach) -> sa.ColumnElement[bool]:
    """Which referrals exist for the caller."""
    table = referrals.c
    taking_part = (table.from_agency_id == reach.agency_id) | (
        (table.to_agency_id == reach.agency_id) & table.sent_at.is_not(None)
    )
    return _within(reach, table.safety, taking_part)


def need_in(reach: Reach) -> sa.ColumnElement[bool]:
    """Which needs exist for the caller."""
    return _within(reach, needs.c.safety, needs.c.agency_id == reach.agency_id)


def _within(
    reach: Reach, safety: sa.ColumnElement[bool], taking_part: sa.ColumnElement[bool]
) -> sa.ColumnElement[bool]:
    """Apply a reach: the network's is wider, but never for safety."""
    ordinary = ~safety if reach.network else ~safety & taking_part
    return ordinary | (safety & taking_part) if reach.safety else ordinary


def confirmed_by(screening_id: UUID | None, reach: Reach) -> sa.Select[tuple[UUID]]:
    """Return the needs that the screening found again; why it did may be a safety answer."""
    found = sa.select(confirmations.c.need_id).where(confirmations.c.screening_id == screening_id)
    return found if reach.safety else found.where(~confirmations.c.safety)
