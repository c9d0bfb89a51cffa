"""My work: what to do now, with counts that lead to the lists behind them."""

from __future__ import annotations

from typing import Final

from contracts.intake import ListEmergencyAccesses
from contracts.referrals import (
    GetWorklist,
    ListNeeds,
    ListReferrals,
    NeedQueue,
    ReferralQueue,
    Worklist,
)
from contracts.screening import ListScreenings, ScreeningStatus
from gateway.web.naming import names_of
from gateway.web.navigation import home
from gateway.web.screen import Go, Outcome, Page, Screen, Visit

_AT_A_GLANCE: Final = 5
_MOST_DRAFTS: Final = 20


def show_work(visit: Visit) -> Outcome:
    """Show what waits for the person at the desk."""
    if not visit.can("referral:read"):
        return Go(to=home(visit))
    found = visit.gather(
        worklist=GetWorklist(),
        to_answer=ListReferrals(queue=ReferralQueue.TO_ANSWER, limit=_AT_A_GLANCE),
        to_close=ListNeeds(queue=NeedQueue.TO_CLOSE, limit=_AT_A_GLANCE),
        drafts=ListScreenings(status=ScreeningStatus.DRAFT, limit=_MOST_DRAFTS),
        emergencies=ListEmergencyAccesses(limit=1),
    )
    shown = [each for page in (found.to_answer, found.to_close) if page for each in page.items]
    drafts = list(found.drafts.items) if found.drafts else []
    mine = [each for each in drafts if each.worker_id == visit.turn.principal.user_id]
    listed = (mine or drafts)[:_AT_A_GLANCE]
    names = names_of(visit, (each.person_id for each in (*shown, *listed)))
    return Page(
        template="work/work.html",
        context={
            "found": found,
            "drafts": listed,
            "draft_count": len(drafts),
            "more_drafts": bool(found.drafts and found.drafts.next_cursor),
            "names": names,
            "referral_queues": ReferralQueue,
            "need_queues": NeedQueue,
        },
    )


def show_count(visit: Visit) -> Outcome:
    """Show how much waits, beside the menu."""
    worklist = visit.gather(worklist=GetWorklist()).worklist
    return Page(template="work/count.html", context={"count": waiting(worklist)})


def waiting(worklist: Worklist | None) -> int:
    """Return how many things somebody else, or a person, waits for us to do."""
    if worklist is None:
        return 0
    asked = (ReferralQueue.TO_ANSWER, ReferralQueue.CONTACT_DUE)
    return sum(worklist.referrals.get(each, 0) for each in asked) + worklist.needs.get(
        NeedQueue.TO_CLOSE, 0
    )


SCREENS: Final = (
    Screen(name="work", path="/", shows=show_work),
    Screen(name="work_count", path="/work/count", shows=show_count, permission="referral:read"),
)
