"""The queues of a worklist as conditions of a query, beside what exists for the caller."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from contracts.referrals import NeedQueue, NeedState, ReferralQueue
from services.referrals.domain import moves, queues
from services.referrals.domain.moves import Side
from services.referrals.domain.reach import Reach
from services.referrals.models import needs, referrals
from services.referrals.store import reaching


def referral_waits(
    queue: ReferralQueue | None, agency_id: UUID, *, today: date
) -> sa.ColumnElement[bool]:
    """Which referrals wait for the agency in the queue; without a queue, all."""
    if queue is None:
        return sa.true()
    return sa.and_(*_referral_waits(queues.REFERRALS[queue], agency_id, today))


def _referral_waits(
    waiting: queues.Waiting, agency_id: UUID, today: date
) -> Iterator[sa.ColumnElement[bool]]:
    table = referrals.c
    yield table.state == waiting.state
    if waiting.side is Side.SENDER:
        yield table.from_agency_id == agency_id
    else:
        yield (table.to_agency_id == agency_id) & table.sent_at.is_not(None)
    if waiting.blocked_by is not None:
        yield table.blocked_by == waiting.blocked_by
    if waiting.contact_passed:
        yield table.first_contact_on < today


def need_waits(queue: NeedQueue | None, agency_id: UUID) -> sa.ColumnElement[bool]:
    """Which needs wait for the agency in the queue; without a queue, all."""
    if queue is None:
        return sa.true()
    attempt = sa.exists().where(referrals.c.need_id == needs.c.need_id)
    tried = attempt if queues.NEEDS[queue].attempted else ~attempt
    return sa.and_(
        needs.c.state == NeedState.ACTIVE,
        needs.c.agency_id == agency_id,
        ~attempt.where(referrals.c.state.in_(sorted(moves.OPEN))),
        tried,
    )


def counts(reach: Reach, *, today: date) -> sa.Select[Any]:
    """Count, under the name of each queue, what of it the caller may see."""
    agency_id = reach.agency_id
    waiting = [
        *(
            (queue, reaching.referral_in(reach) & referral_waits(queue, agency_id, today=today))
            for queue in ReferralQueue
        ),
        *((queue, reaching.need_in(reach) & need_waits(queue, agency_id)) for queue in NeedQueue),
    ]
    return sa.select(
        *(
            sa.select(sa.func.count()).where(which).scalar_subquery().label(queue)
            for queue, which in waiting
        )
    )
