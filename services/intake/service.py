"""The doors of intake."""

from __future__ import annotations

from chassis.edge import Database, Service, answers, every, listens
from chassis.unit import Unit
from contracts.catalogue import OrganizationPublished
from contracts.intake import (
    Case,
    CasePage,
    Consent,
    ConsentPage,
    CorrectPerson,
    Duplicates,
    EmergencyAccess,
    EmergencyAccesses,
    EmergencyAccessPage,
    EmergencyPerson,
    FindDuplicates,
    FindPeople,
    GetEmergencyPerson,
    GetPerson,
    GetRegistration,
    GetScreeningContext,
    GetSharedPerson,
    GetSignedSheet,
    ListCases,
    ListConsents,
    ListEmergencyAccesses,
    ListNames,
    ListOwnEmergencyAccesses,
    OpenCase,
    OpenEmergencyAccess,
    Person,
    PersonNames,
    PersonPage,
    RecordConsent,
    RecordSignedSheet,
    RegisterPerson,
    Registration,
    ReviewEmergencyAccess,
    SetCaseTeam,
    SharedPerson,
    ShownSheet,
    SignedSheet,
    WithdrawConsent,
)
from contracts.language import Event
from contracts.referrals import (
    ReferralAccepted,
    ReferralCancelled,
    ReferralCompleted,
    ReferralFailed,
    ReferralRejected,
    ReferralRequested,
    ReferralStarted,
)
from contracts.screening import ScreeningContext
from services.intake import handlers
from services.intake.sealing import process_seal
from services.intake.store import IntakeStore


class IntakeDatabase(Database[IntakeStore]):
    """The database of intake, which does not open without the keys of the tax codes."""

    def setup(self) -> None:
        """Read the keys at the start of the process, not at the first registration."""
        process_seal()
        super().setup()


class IntakeService(Service[IntakeStore]):
    """Knows the persons; nobody else does."""

    name = "intake"
    database = IntakeDatabase(IntakeStore)

    @answers(RegisterPerson)
    def register_person(self, unit: Unit[IntakeStore], command: RegisterPerson) -> Person:
        """Register a person with the caller's agency."""
        return handlers.register_person(unit, command)

    @answers(CorrectPerson)
    def correct_person(self, unit: Unit[IntakeStore], command: CorrectPerson) -> Person:
        """Put the details of a person right."""
        return handlers.correct_person(unit, command)

    @answers(GetPerson)
    def get_person(self, unit: Unit[IntakeStore], query: GetPerson) -> Person:
        """Show one person."""
        return handlers.get_person(unit, query)

    @answers(GetSharedPerson)
    def get_shared_person(self, unit: Unit[IntakeStore], query: GetSharedPerson) -> SharedPerson:
        """Show the receiving agency what a referral shows of the person."""
        return handlers.get_shared_person(unit, query)

    @answers(FindPeople)
    def find_people(self, unit: Unit[IntakeStore], query: FindPeople) -> PersonPage:
        """Search persons."""
        return handlers.find_people(unit, query)

    @answers(FindDuplicates)
    def find_duplicates(self, unit: Unit[IntakeStore], query: FindDuplicates) -> Duplicates:
        """Look whether the person at the desk is registered already."""
        return handlers.find_duplicates(unit, query)

    @answers(ListNames)
    def list_names(self, unit: Unit[IntakeStore], query: ListNames) -> PersonNames:
        """Name the persons of a page."""
        return handlers.list_names(unit, query)

    @answers(GetScreeningContext)
    def get_screening_context(
        self, unit: Unit[IntakeStore], query: GetScreeningContext
    ) -> ScreeningContext:
        """Show the coded facts that a screening starts from."""
        return handlers.get_screening_context(unit, query)

    @answers(OpenCase)
    def open_case(self, unit: Unit[IntakeStore], command: OpenCase) -> Case:
        """Open a case for a person."""
        return handlers.open_case(unit, command)

    @answers(SetCaseTeam)
    def set_case_team(self, unit: Unit[IntakeStore], command: SetCaseTeam) -> Case:
        """Put another team on a case."""
        return handlers.set_case_team(unit, command)

    @answers(ListCases)
    def list_cases(self, unit: Unit[IntakeStore], query: ListCases) -> CasePage:
        """Show the cases of a person."""
        return handlers.list_cases(unit, query)

    @answers(RecordConsent)
    def record_consent(self, unit: Unit[IntakeStore], command: RecordConsent) -> Consent:
        """Record that the person authorises sharing."""
        return handlers.record_consent(unit, command)

    @answers(WithdrawConsent)
    def withdraw_consent(self, unit: Unit[IntakeStore], command: WithdrawConsent) -> Consent:
        """Record that the person withdraws an authorisation."""
        return handlers.withdraw_consent(unit, command)

    @answers(RecordSignedSheet)
    def record_signed_sheet(
        self, unit: Unit[IntakeStore], command: RecordSignedSheet
    ) -> SignedSheet:
        """Keep the sheet on which a consent was signed."""
        return handlers.record_signed_sheet(unit, command)

    @answers(GetSignedSheet)
    def get_signed_sheet(self, unit: Unit[IntakeStore], query: GetSignedSheet) -> ShownSheet:
        """Show the sheet on which a consent was signed."""
        return handlers.get_signed_sheet(unit, query)

    @answers(ListConsents)
    def list_consents(self, unit: Unit[IntakeStore], query: ListConsents) -> ConsentPage:
        """Show the consents of a person."""
        return handlers.list_consents(unit, query)

    @answers(GetRegistration)
    def get_registration(self, unit: Unit[IntakeStore], query: GetRegistration) -> Registration:
        """Show which agency registered a person."""
        return handlers.get_registration(unit, query)

    @answers(OpenEmergencyAccess)
    def open_emergency_access(
        self, unit: Unit[IntakeStore], command: OpenEmergencyAccess
    ) -> EmergencyAccesses:
        """Open a person of another agency in an emergency."""
        return handlers.open_emergency_access(unit, command)

    @answers(ListOwnEmergencyAccesses)
    def list_own_emergency_accesses(
        self, unit: Unit[IntakeStore], query: ListOwnEmergencyAccesses
    ) -> EmergencyAccesses:
        """Show the caller's emergency accesses that are open now."""
        return handlers.list_own_emergency_accesses(unit, query)

    @answers(GetEmergencyPerson)
    def get_emergency_person(
        self, unit: Unit[IntakeStore], query: GetEmergencyPerson
    ) -> EmergencyPerson:
        """Show the person of an emergency access."""
        return handlers.get_emergency_person(unit, query)

    @answers(ListEmergencyAccesses)
    def list_emergency_accesses(
        self, unit: Unit[IntakeStore], query: ListEmergencyAccesses
    ) -> EmergencyAccessPage:
        """Show one list of emergency accesses to whoever reviews them."""
        return handlers.list_emergency_accesses(unit, query)

    @answers(ReviewEmergencyAccess)
    def review_emergency_access(
        self, unit: Unit[IntakeStore], command: ReviewEmergencyAccess
    ) -> EmergencyAccess:
        """Say whether an emergency access was justified."""
        return handlers.review_emergency_access(unit, command)

    @listens(OrganizationPublished)
    def on_organization_published(
        self, unit: Unit[IntakeStore], event: OrganizationPublished
    ) -> None:
        """Know an agency that a consent can name."""
        handlers.on_organization_published(unit, event)

    @listens(
        ReferralRequested,
        ReferralAccepted,
        ReferralStarted,
        ReferralCompleted,
        ReferralRejected,
        ReferralFailed,
        ReferralCancelled,
    )
    def on_referral_moved(self, unit: Unit[IntakeStore], event: Event) -> None:
        """Know who received a referral, and whether it is still their work."""
        handlers.on_referral_moved(unit, event)

    @every(seconds=300)
    def reseal_tax_codes(self, unit: Unit[IntakeStore]) -> None:
        """Bring tax codes under the newest key."""
        handlers.reseal_tax_codes(unit)

    @every(seconds=60)
    def tell_teams(self, unit: Unit[IntakeStore]) -> None:
        """Tell the teams of cases that are older than teams."""
        handlers.tell_teams(unit)
