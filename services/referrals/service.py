"""The doors of the referrals service."""

from __future__ import annotations

from chassis.edge import Database, Service, answers, listens
from chassis.unit import Unit
from contracts.catalogue import ServicePublished
from contracts.intake import CaseStaffed, ConsentGranted, ConsentWithdrawn
from contracts.referrals import (
    AcceptReferral,
    CancelReferral,
    CloseNeed,
    CompleteReferral,
    DecideNeed,
    ExplainMatches,
    FailReferral,
    GetReferral,
    GetWorklist,
    ListNeeds,
    ListReferrals,
    Matches,
    Need,
    NeedPage,
    Referral,
    ReferralPage,
    RejectReferral,
    RerouteNeed,
    SendReferral,
    StartReferral,
    Worklist,
)
from contracts.screening import ScreeningCompleted
from services.referrals import handlers
from services.referrals.store import ReferralsStore


class ReferralsService(Service[ReferralsStore]):
    """Finds who can help, asks them, and follows what becomes of it."""

    name = "referrals"
    database = Database(ReferralsStore)

    @listens(ScreeningCompleted)
    def on_screening_completed(self, unit: Unit[ReferralsStore], event: ScreeningCompleted) -> None:
        """Open needs and attempts."""
        handlers.on_screening_completed(unit, event)

    @listens(ServicePublished)
    def on_service_published(self, unit: Unit[ReferralsStore], event: ServicePublished) -> None:
        """Know the service, and give it to what waited for it."""
        handlers.on_service_published(unit, event)

    @listens(ConsentGranted)
    def on_consent_granted(self, unit: Unit[ReferralsStore], event: ConsentGranted) -> None:
        """Send what waited for the consent."""
        handlers.on_consent_granted(unit, event)

    @listens(ConsentWithdrawn)
    def on_consent_withdrawn(self, unit: Unit[ReferralsStore], event: ConsentWithdrawn) -> None:
        """Take back what rested on the consent."""
        handlers.on_consent_withdrawn(unit, event)

    @listens(CaseStaffed)
    def on_case_staffed(self, unit: Unit[ReferralsStore], event: CaseStaffed) -> None:
        """Know who may see what is about safety."""
        handlers.on_case_staffed(unit, event)

    @answers(ListReferrals)
    def list_referrals(self, unit: Unit[ReferralsStore], query: ListReferrals) -> ReferralPage:
        """Show a page of referrals."""
        return handlers.list_referrals(unit, query)

    @answers(GetReferral)
    def get_referral(self, unit: Unit[ReferralsStore], query: GetReferral) -> Referral:
        """Show one referral."""
        return handlers.get_referral(unit, query)

    @answers(ListNeeds)
    def list_needs(self, unit: Unit[ReferralsStore], query: ListNeeds) -> NeedPage:
        """Show a page of needs."""
        return handlers.list_needs(unit, query)

    @answers(ExplainMatches)
    def explain_matches(self, unit: Unit[ReferralsStore], query: ExplainMatches) -> Matches:
        """Show who would be asked, and why."""
        return handlers.explain_matches(unit, query)

    @answers(GetWorklist)
    def get_worklist(self, unit: Unit[ReferralsStore], query: GetWorklist) -> Worklist:
        """Count what waits."""
        return handlers.get_worklist(unit, query)

    @answers(SendReferral)
    def send_referral(self, unit: Unit[ReferralsStore], command: SendReferral) -> Referral:
        """Send a draft."""
        return handlers.send_referral(unit, command)

    @answers(AcceptReferral)
    def accept_referral(self, unit: Unit[ReferralsStore], command: AcceptReferral) -> Referral:
        """Say yes."""
        return handlers.accept_referral(unit, command)

    @answers(RejectReferral)
    def reject_referral(self, unit: Unit[ReferralsStore], command: RejectReferral) -> Referral:
        """Say no."""
        return handlers.reject_referral(unit, command)

    @answers(CancelReferral)
    def cancel_referral(self, unit: Unit[ReferralsStore], command: CancelReferral) -> Referral:
        """End an open referral."""
        return handlers.cancel_referral(unit, command)

    @answers(StartReferral)
    def start_referral(self, unit: Unit[ReferralsStore], command: StartReferral) -> Referral:
        """Record the first real contact."""
        return handlers.start_referral(unit, command)

    @answers(CompleteReferral)
    def complete_referral(self, unit: Unit[ReferralsStore], command: CompleteReferral) -> Referral:
        """Record what the person received."""
        return handlers.complete_referral(unit, command)

    @answers(FailReferral)
    def fail_referral(self, unit: Unit[ReferralsStore], command: FailReferral) -> Referral:
        """Record that it came to nothing."""
        return handlers.fail_referral(unit, command)

    @answers(RerouteNeed)
    def reroute_need(self, unit: Unit[ReferralsStore], command: RerouteNeed) -> Referral:
        """Try another service."""
        return handlers.reroute_need(unit, command)

    @answers(DecideNeed)
    def decide_need(self, unit: Unit[ReferralsStore], command: DecideNeed) -> Need:
        """Record what the person decided."""
        return handlers.decide_need(unit, command)

    @answers(CloseNeed)
    def close_need(self, unit: Unit[ReferralsStore], command: CloseNeed) -> Need:
        """Close the loop."""
        return handlers.close_need(unit, command)
