"""What exists for a caller, as conditions of a query."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from chassis import teams as team_tables
from services.referrals.domain.reach import Reach
from services.referrals.models import confirmations, needs, referrals, teams


def seen_whole(reach: Reach) -> sa.ColumnElement[bool]:
    """Return what the caller sees as the sender, or as the coordinator of the network."""
    return sa.true() if reach.network else referrals.c.from_agency_id == reach.agency_id


def referral_in(reach: Reach) -> sa.ColumnElement[bool]:
    """Which referrals exist for the caller."""
    table = referrals.c
    sender = table.from_agency_id == reach.agency_id
    recipient = (table.to_agency_id == reach.agency_id) & table.sent_at.is_not(None)
    # What an agency sends to itself stays within the team.
    sent_here = ~sender & recipient if reach.received_safety else sa.false()
    close = _close(reach, table.person_id, table.screening_id, table.need_id)
    return _within(reach, table.safety, sender | recipient, (sender & close) | sent_here)


def need_in(reach: Reach) -> sa.ColumnElement[bool]:
    """Which needs exist for the caller."""
    own = needs.c.agency_id == reach.agency_id
    close = _close(reach, needs.c.person_id, needs.c.screening_id, needs.c.need_id)
    return _within(reach, needs.c.safety, own, own & close)


def _within(
    reach: Reach,
    safety: sa.ColumnElement[bool],
    taking_part: sa.ColumnElement[bool],
    in_confidence: sa.ColumnElement[bool],
) -> sa.ColumnElement[bool]:
    """Apply a reach: the network's is wider, but never for safety."""
    ordinary = ~safety if reach.network else ~safety & taking_part
    return ordinary | (safety & in_confidence)


def _close(
    reach: Reach,
    person_id: sa.ColumnElement[UUID],
    screening_id: sa.ColumnElement[UUID],
    need_id: sa.ColumnElement[UUID],
) -> sa.ColumnElement[bool]:
    """Tell who is close enough to the own agency's work: its case's team, or who found the need."""
    found_again = (
        sa.select(confirmations.c.screening_id)
        .where(confirmations.c.need_id == need_id)
        .correlate(need_id.table)
    )
    return team_tables.reached(
        teams,
        reach,
        own=(screening_id, found_again),
        team=(person_id,),
    )


def confirmed_by(screening_id: UUID | None, reach: Reach) -> sa.Select[tuple[UUID]]:
    """Return the needs that the screening found again; why it did may be a safety answer."""
    found = sa.select(confirmations.c.need_id).where(confirmations.c.screening_id == screening_id)
    person_id = sa.select(needs.c.person_id).where(needs.c.need_id == confirmations.c.need_id)
    close = team_tables.reached(
        teams,
        reach,
        own=(confirmations.c.screening_id,),
        team=(person_id.correlate(confirmations),),
    )
    return found.where(~confirmations.c.safety | close)
