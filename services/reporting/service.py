"""The doors of the reporting service: one queue for each family of events."""

from __future__ import annotations

from chassis.edge import Database, Service, answers, listens
from chassis.unit import Unit
from contracts.events import AttendanceRecorded, GatheringScheduled
from contracts.intake import (
    CaseOpened,
    CaseStaffed,
    ConsentGranted,
    ConsentWithdrawn,
    EmergencyAccessOpened,
    EmergencyAccessReviewed,
    PersonCorrected,
    PersonRegistered,
)
from contracts.language import Event
from contracts.pathways import (
    EnrolmentConfirmed,
    EnrolmentProposed,
    EnrolmentRefused,
    EnrolmentWaitlisted,
    EnrolmentWithdrawn,
)
from contracts.referrals import (
    NeedAgreed,
    NeedClosed,
    NeedOpened,
    ReferralAccepted,
    ReferralCancelled,
    ReferralCompleted,
    ReferralDiscarded,
    ReferralDrafted,
    ReferralFailed,
    ReferralRejected,
    ReferralRequested,
    ReferralStarted,
)
from contracts.reporting import GetIndicators, GetTimeline, IndicatorSheet, Timeline
from contracts.screening import ScreeningCompleted, ScreeningStarted
from services.reporting import handlers
from services.reporting.store import ReportingStore


class ReportingService(Service[ReportingStore]):
    """Reads the events together."""

    name = "reporting"
    database = Database(ReportingStore)

    @listens(
        CaseOpened,
        ConsentGranted,
        ConsentWithdrawn,
        EmergencyAccessOpened,
        EmergencyAccessReviewed,
        ScreeningStarted,
        NeedOpened,
        NeedAgreed,
        NeedClosed,
        ReferralDrafted,
        ReferralDiscarded,
        ReferralRequested,
        ReferralAccepted,
        ReferralRejected,
        ReferralCancelled,
        ReferralStarted,
        ReferralCompleted,
        ReferralFailed,
        EnrolmentProposed,
        EnrolmentConfirmed,
        EnrolmentWaitlisted,
        EnrolmentRefused,
        EnrolmentWithdrawn,
    )
    def on_story_told(self, unit: Unit[ReportingStore], event: Event) -> None:
        """Add a line to a person's story."""
        handlers.on_story_told(unit, event)

    @listens(PersonRegistered)
    def on_person_registered(self, unit: Unit[ReportingStore], event: PersonRegistered) -> None:
        """Keep the facts about a person."""
        handlers.on_person_registered(unit, event)

    @listens(PersonCorrected)
    def on_person_corrected(self, unit: Unit[ReportingStore], event: PersonCorrected) -> None:
        """Keep the facts about a person as they are now."""
        handlers.on_person_corrected(unit, event)

    @listens(ScreeningCompleted)
    def on_screening_completed(self, unit: Unit[ReportingStore], event: ScreeningCompleted) -> None:
        """Keep whether the person is in a fragile condition."""
        handlers.on_screening_completed(unit, event)

    @listens(GatheringScheduled)
    def on_gathering_scheduled(self, unit: Unit[ReportingStore], event: GatheringScheduled) -> None:
        """Keep that a gathering takes place."""
        handlers.on_gathering_scheduled(unit, event)

    @listens(AttendanceRecorded)
    def on_attendance_recorded(self, unit: Unit[ReportingStore], event: AttendanceRecorded) -> None:
        """Keep who came to a gathering."""
        handlers.on_attendance_recorded(unit, event)

    @listens(CaseStaffed)
    def on_case_staffed(self, unit: Unit[ReportingStore], event: CaseStaffed) -> None:
        """Know who may see what is about safety."""
        handlers.on_case_staffed(unit, event)

    @answers(GetTimeline)
    def get_timeline(self, unit: Unit[ReportingStore], query: GetTimeline) -> Timeline:
        """Show a person's story."""
        return handlers.get_timeline(unit, query)

    @answers(GetIndicators)
    def get_indicators(self, unit: Unit[ReportingStore], query: GetIndicators) -> IndicatorSheet:
        """Show the indicators over a period."""
        return handlers.get_indicators(unit, query)
