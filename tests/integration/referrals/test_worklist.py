"""The worklist counts what waits for an agency, and each count leads to exactly its rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.testing import unit_for
from contracts.access import Principal, Role
from contracts.referrals import (
    AcceptReferral,
    CloseNeed,
    GetWorklist,
    ListNeeds,
    ListReferrals,
    NeedOutcome,
    NeedQueue,
    ReferralQueue,
    ReferralState,
    RejectionReason,
    RejectReferral,
)
from contracts.screening import Decision
from services.referrals import handlers
from services.referrals.store import ReferralsStore
from tests.support.referrals_at_work import SENDING, Office
from tests.support.referring import (
    NOW,
    RECIPIENT,
    SENDER,
    STRANGER,
    TODAY,
    WITH_SAFETY,
    a_principal,
    a_screening,
    a_service,
    an_area,
    granted,
    published,
)

RECEIVING: Final = a_principal(RECIPIENT)
AFTERWARDS: Final = NOW + timedelta(days=3)


def _counts(office: Office, who: Principal = SENDING) -> dict[str, int]:
    """Return the counts that are not nought, by queue."""
    worklist = office.ask(GetWorklist(), who, now=AFTERWARDS)
    assert (set(worklist.referrals), set(worklist.needs)) == (set(ReferralQueue), set(NeedQueue))
    counted = [*worklist.referrals.items(), *worklist.needs.items()]
    return {str(queue): count for queue, count in counted if count}


def _work(office: Office) -> None:
    """Set going what waits in every queue, and something about safety in most of them."""
    for category in ("LIN.1", "LIN.2", "LIN.3", "LIN.4", "SIC.1", "SIC.2"):
        office.hear(published(a_service(categories=(category,))))
    allowed = a_screening(
        an_area("LIN.1"),
        an_area("LIN.2"),
        an_area("LIN.3"),
        an_area("LIN.4", decision=Decision.TO_DISCUSS),
        an_area("CAS.1"),
        an_area("SIC.1", safety=True),
        an_area("SIC.2", safety=True, decision=Decision.TO_DISCUSS),
        an_area("SIC.3", safety=True),
    )
    office.hear(granted(allowed.person_id, WITH_SAFETY))
    office.hear(allowed)
    office.hear(a_screening(an_area("LIN.1"), an_area("SIC.1", safety=True)))
    by_category = {
        each.category: each.referral_id
        for each in office.referrals(RECEIVING, state=ReferralState.REQUESTED)
    }
    accept = AcceptReferral(referral_id=by_category["LIN.2"], first_contact_on=TODAY)
    reject = RejectReferral(referral_id=by_category["LIN.3"], reason=RejectionReason.NO_CAPACITY)
    office.ask(accept, RECEIVING)
    office.ask(reject, RECEIVING)


@pytest.mark.parametrize(
    ("agency_id", "role", "counts"),
    [
        (
            SENDER,
            Role.AGENCY_COORDINATOR,
            {"to-decide": 2, "awaiting-consent": 2, "to-close": 1, "without-service": 2},
        ),
        (
            SENDER,
            Role.CASE_WORKER,
            {"to-decide": 1, "awaiting-consent": 1, "to-close": 1, "without-service": 1},
        ),
        (
            SENDER,
            Role.DESK_OPERATOR,
            {"to-decide": 1, "awaiting-consent": 1, "to-close": 1, "without-service": 1},
        ),
        (RECIPIENT, Role.CASE_WORKER, {"to-answer": 2, "contact-due": 1}),
        (RECIPIENT, Role.DESK_OPERATOR, {"to-answer": 1, "contact-due": 1}),
        (STRANGER, Role.CASE_WORKER, {}),
        (STRANGER, Role.NETWORK_COORDINATOR, {}),
        (SENDER, Role.NETWORK_COORDINATOR, {"to-decide": 1, "awaiting-consent": 1}),
    ],
)
def test_what_waits_for_an_agency_is_counted(
    office: Office, agency_id: UUID, role: Role, counts: dict[str, int]
) -> None:
    """Each agency's own work; what is about safety only for who may read it."""
    _work(office)
    found = _counts(office, a_principal(agency_id, role))
    assert {queue: found.get(queue, 0) for queue in counts or found} == counts


@pytest.mark.parametrize(
    ("agency_id", "role"),
    [
        (agency_id, role)
        for agency_id in (SENDER, RECIPIENT, STRANGER)
        for role in (
            Role.AGENCY_COORDINATOR,
            Role.CASE_WORKER,
            Role.DESK_OPERATOR,
            Role.NETWORK_COORDINATOR,
        )
    ],
)
def test_every_count_leads_to_as_many_rows(office: Office, agency_id: UUID, role: Role) -> None:
    """A worker who follows the number finds it."""
    _work(office)
    who = a_principal(agency_id, role)
    listed = {
        **{
            str(queue): len(
                office.ask(ListReferrals(queue=queue, limit=100), who, AFTERWARDS).items
            )
            for queue in ReferralQueue
        },
        **{
            str(queue): len(office.ask(ListNeeds(queue=queue, limit=100), who, AFTERWARDS).items)
            for queue in NeedQueue
        },
    }
    assert {queue: rows for queue, rows in listed.items() if rows} == _counts(office, who)


def test_an_expected_contact_is_due_the_day_after(office: Office) -> None:
    """On its day it still lies ahead."""
    _work(office)
    for now, due in ((NOW, 0), (NOW + timedelta(days=1), 1)):
        worklist = office.ask(GetWorklist(), RECEIVING, now=now)
        assert worklist.referrals[ReferralQueue.CONTACT_DUE] == due


def test_a_closed_loop_waits_no_more(office: Office) -> None:
    """The referrer has read the outcome and asked the person."""
    _work(office)
    (need,) = office.needs(queue=NeedQueue.TO_CLOSE)
    office.ask(CloseNeed(need_id=need.need_id, outcome=NeedOutcome.NOT_MET))
    assert office.needs(queue=NeedQueue.TO_CLOSE) == ()


def test_a_queue_narrows_like_any_other_filter(office: Office) -> None:
    """Every filter given must fit."""
    _work(office)
    assert office.referrals(queue=ReferralQueue.TO_DECIDE, state=ReferralState.REQUESTED) == ()


def test_the_worklist_is_one_query(office: Office) -> None:
    """It is asked for at every look at the first page."""
    _work(office)
    said: list[str] = []
    with unit_for(ReferralsStore, office.database, principal=SENDING, now=NOW) as unit:
        sa.event.listen(
            unit.store.connection,
            "before_cursor_execute",
            lambda *arguments: said.append(arguments[2]),
        )
        handlers.get_worklist(unit, GetWorklist())
    assert len(said) == 1
