"""Every operation of the interface, typed; written by `./plurali docs`."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict, cast

from .connection import Connection


class AbsentPart(TypedDict):
    """AbsentPart."""

    name: str
    type: str
    detail: str


class AcceptReferral(TypedDict):
    """AcceptReferral."""

    first_contact_on: str


class AccessPage(TypedDict):
    """AccessPage."""

    items: list[PersonAccess]
    next_cursor: NotRequired[str]


class AccessToken(TypedDict):
    """AccessToken."""

    token_id: str
    access_token: str
    token_type: str
    expires_at: str
    user_id: str
    agency_id: str
    roles: list[Literal['desk_operator', 'case_worker', 'agency_coordinator', 'network_coordinator', 'event_organiser', 'viewer', 'privacy_officer', 'administrator', 'client_people_read', 'client_people_write', 'client_screenings_read', 'client_referrals_read', 'client_referrals_write', 'client_pathways_read', 'client_catalogue_read', 'client_catalogue_write', 'client_gatherings_read', 'client_gatherings_write', 'client_indicators_read']]
    pending: NotRequired[list[Literal['second-step', 'second-step-enrolment', 'code-of-conduct']]]
    scope: NotRequired[str]


class AdministrationEntry(TypedDict):
    """AdministrationEntry."""

    number: int
    at: str
    actor_id: str
    action: str
    target_id: str
    details: dict[str, Any]
    hash: str


class AdministrationPage(TypedDict):
    """AdministrationPage."""

    items: list[AdministrationEntry]
    next_cursor: NotRequired[str]


class AdministrationVerdict(TypedDict):
    """AdministrationVerdict."""

    whole: bool
    entries: int
    broken_at: NotRequired[int]
    last_hash: NotRequired[str]


class AnswerMark(TypedDict):
    """AnswerMark."""

    answered_at: str
    answered_by: str
    version: int


class AreaMatches(TypedDict):
    """AreaMatches."""

    category: str
    fitting: list[Candidate]
    unfit: list[Misfit]
    left_out: int
    unmatched: NotRequired[list[Literal['no-service', 'other-category', 'inactive', 'stale', 'out-of-area', 'area-unknown']]]


class Attendance(TypedDict):
    """Attendance."""

    attendance_id: str
    gathering_id: str
    person_id: NotRequired[str]
    headcount: int
    recorded_at: str


class Authenticator(TypedDict):
    """Authenticator."""

    secret: str
    otpauth_uri: str
    qr_svg: str


class Authorization(TypedDict):
    """Authorization."""

    authorization_url: str


class CancelReferral(TypedDict):
    """CancelReferral."""

    reason: Literal['person-declined', 'no-longer-needed', 'consent-withdrawn', 'could-not-contact', 'left-territory', 'sent-by-mistake']


class Candidate(TypedDict):
    """Candidate."""

    service_id: str
    organization_id: str
    ground: Literal['only-candidate', 'language', 'specificity', 'load', 'tie', 'worker']
    covered: NotRequired[bool]


class Case(TypedDict):
    """Case."""

    case_id: str
    person_id: str
    agency_id: str
    worker_id: str
    members: NotRequired[list[str]]
    version: NotRequired[int]
    state: Literal['open']
    opened_at: str


class CasePage(TypedDict):
    """CasePage."""

    items: list[Case]


class ChangedPassword(TypedDict):
    """ChangedPassword."""

    current: str
    password: str


class Choice(TypedDict):
    """Choice."""

    kind: Literal['area', 'pathway']
    code: str
    decision: Literal['agreed', 'refused', 'to_discuss', 'undecided']
    reason: NotRequired[Literal['not-interested', 'not-now', 'already-served', 'care-duties', 'distance', 'prefers-not-to-say']]


class Client(TypedDict):
    """Client."""

    client_id: str
    name: str
    agency_id: str
    scopes: list[str]
    created_at: str
    expires_at: str
    disabled_at: NotRequired[str]
    last_used_at: NotRequired[str]
    secrets: NotRequired[list[ClientSecret]]
    version: NotRequired[int]


class ClientChange(TypedDict):
    """ClientChange."""

    version: NotRequired[int]


class ClientPage(TypedDict):
    """ClientPage."""

    items: list[Client]
    next_cursor: NotRequired[str]


class ClientSecret(TypedDict):
    """ClientSecret."""

    secret_id: str
    created_at: str
    expires_at: str
    last_used_at: NotRequired[str]


class CloseNeed(TypedDict):
    """CloseNeed."""

    outcome: Literal['met', 'partly-met', 'not-met', 'no-longer-needed']


class CodeOfConduct(TypedDict):
    """CodeOfConduct."""

    version: str
    language: str
    text: str
    accepted: bool


class CompleteReferral(TypedDict):
    """CompleteReferral."""

    outcome: Literal['service-received', 'enrolled', 'enrolled-waitlist', 'referred-elsewhere', 'partial']


class CompleteScreening(TypedDict):
    """CompleteScreening."""

    version: NotRequired[int]
    choices: NotRequired[list[Choice]]


class ComponentList(TypedDict):
    """ComponentList."""

    items: list[Standing]
    unreached: NotRequired[list[UnreachedComponent]]


class ConductAcceptance(TypedDict):
    """ConductAcceptance."""

    version: str


class Consent(TypedDict):
    """Consent."""

    consent_id: str
    person_id: str
    recipient_id: NotRequired[str]
    purpose: Literal['referral']
    categories: list[Literal['identity', 'contacts', 'needs', 'safety']]
    state: Literal['live', 'expired', 'withdrawn']
    granted_at: str
    expires_on: str
    withdrawn_at: NotRequired[str]
    sheet: NotRequired[SignedSheet]


class ConsentPage(TypedDict):
    """ConsentPage."""

    items: list[Consent]


class CorrectPerson(TypedDict):
    """CorrectPerson."""

    version: NotRequired[int]
    details: PersonDetails


class CreatedUser(TypedDict):
    """CreatedUser."""

    user: User
    password: NotRequired[str]
    link: NotRequired[Link]


class Credentials(TypedDict):
    """Credentials."""

    grant_type: NotRequired[Literal['password', 'client_credentials']]
    email: NotRequired[str]
    password: NotRequired[str]
    agency_id: NotRequired[str]
    code: NotRequired[str]
    client_id: NotRequired[str]
    client_secret: NotRequired[str]
    scope: NotRequired[str]


class DeadLetter(TypedDict):
    """DeadLetter."""

    queue: str
    message_id: NotRequired[str]
    reason: NotRequired[str]
    error: NotRequired[str]
    attempts: int
    failed_at: NotRequired[str]
    size: int
    type: NotRequired[str]
    source: NotRequired[str]
    subject: NotRequired[str]
    time: NotRequired[str]
    correlation_id: NotRequired[str]


class DeadLetterOverview(TypedDict):
    """DeadLetterOverview."""

    items: list[DeadLetter]
    total: int
    unreached: NotRequired[list[UnreachedComponent]]


class DecideNeed(TypedDict):
    """DecideNeed."""

    decision: Literal['agreed', 'refused']
    reason: NotRequired[Literal['not-interested', 'not-now', 'already-served', 'care-duties', 'distance', 'prefers-not-to-say']]


class DomainResult(TypedDict):
    """DomainResult."""

    domain: str
    level: Literal['L0', 'L1', 'L2', 'L3', 'ND', 'NA']
    index: NotRequired[int]
    reasons: list[Literal['threshold', 'no-need', 'single-point', 'single-answer', 'item-at-maximum', 'option-minimum', 'critical-answer', 'few-answers', 'not-private', 'not-applicable', 'not-in-form']]


class Duplicate(TypedDict):
    """Duplicate."""

    person_id: str
    given_name: str
    family_name: str
    birth_date: str
    score: int
    grounds: list[Literal['same-tax-code', 'same-birth-date', 'birth-date-digits-swapped', 'similar-name', 'swapped-names', 'same-phone']]


class Duplicates(TypedDict):
    """Duplicates."""

    items: list[Duplicate]


class EmergencyAccess(TypedDict):
    """EmergencyAccess."""

    access_id: str
    person_id: NotRequired[str]
    registering_agency_id: NotRequired[str]
    user_id: str
    agency_id: str
    reason: Literal['danger-to-life-or-health', 'violence-or-threat', 'minor-at-risk', 'unable-to-consent', 'request-of-an-authority']
    note: NotRequired[str]
    opened_at: str
    ends_at: NotRequired[str]
    outcome: NotRequired[Literal['justified', 'not-justified']]
    reviewed_at: NotRequired[str]
    reviewed_by: NotRequired[str]
    review_note: NotRequired[str]


class EmergencyAccessPage(TypedDict):
    """EmergencyAccessPage."""

    items: list[EmergencyAccess]
    to_review: int
    next_cursor: NotRequired[str]


class EmergencyAccesses(TypedDict):
    """EmergencyAccesses."""

    items: list[EmergencyAccess]


class EmergencyPerson(TypedDict):
    """EmergencyPerson."""

    access_id: str
    person_id: str
    ends_at: str
    agency_id: str
    details: PersonDetails
    cases: list[Case]
    consents: list[Consent]


class Enrolment(TypedDict):
    """Enrolment."""

    enrolment_id: str
    person_id: str
    screening_id: str
    agency_id: str
    pathway: str
    state: Literal['proposed', 'waiting_list', 'enrolled', 'refused', 'withdrawn']
    reason: NotRequired[str]
    waiting_position: NotRequired[int]
    safety: NotRequired[bool]
    version: int
    created_at: str
    changed_at: str


class EnrolmentPage(TypedDict):
    """EnrolmentPage."""

    items: list[Enrolment]
    next_cursor: NotRequired[str]


class ExplainMatches(TypedDict):
    """ExplainMatches."""

    areas: list[WantedArea]
    municipality: NotRequired[str]
    language: NotRequired[str]
    person_id: NotRequired[str]


class ExternalIdentity(TypedDict):
    """ExternalIdentity."""

    subject: str


class FailReferral(TypedDict):
    """FailReferral."""

    reason: Literal['could-not-contact', 'no-show', 'not-eligible-after-assessment', 'left-territory']


class FieldProblem(TypedDict):
    """FieldProblem."""

    field: str
    message: str


class FindDuplicates(TypedDict):
    """FindDuplicates."""

    given_name: str
    family_name: str
    birth_date: str
    tax_code: NotRequired[str]
    phone: NotRequired[str]


class FindPeople(TypedDict):
    """FindPeople."""

    name: NotRequired[str]
    birth_date: NotRequired[str]
    tax_code: NotRequired[str]
    cursor: NotRequired[str]
    limit: NotRequired[int]


class FirstCode(TypedDict):
    """FirstCode."""

    code: str


class ForgottenPassword(TypedDict):
    """ForgottenPassword."""

    email: str


class Form(TypedDict):
    """Form."""

    version: str
    valid_from: str
    source: str
    sections: list[FormSection]
    items: list[FormItem]
    missing_codes: list[FormLabel]
    profiles: list[FormLabel]
    pathways: list[FormLabel]
    language: NotRequired[str]
    languages: NotRequired[list[FormLanguage]]


class FormItem(TypedDict):
    """FormItem."""

    code: str
    domain: str
    kind: str
    it: str
    en: str
    text: NotRequired[str]
    note: NotRequired[str]
    multiple: bool
    brief: bool
    special_category: bool
    required: bool
    options: list[FormOption]
    show_if: NotRequired[Any]


class FormLabel(TypedDict):
    """FormLabel."""

    code: str
    it: str
    en: str
    text: NotRequired[str]


class FormLanguage(TypedDict):
    """FormLanguage."""

    language: str
    direction: Literal['ltr', 'rtl']
    state: Literal['draft', 'reviewed']
    reviewed_on: NotRequired[str]
    reviewed_by: NotRequired[Literal['mediator', 'translator']]
    translated: int
    texts: int


class FormOption(TypedDict):
    """FormOption."""

    code: str
    it: str
    en: str
    text: NotRequired[str]


class FormSection(TypedDict):
    """FormSection."""

    code: str
    it: str
    en: str
    text: NotRequired[str]
    safety: bool
    vital: bool


class Gathering(TypedDict):
    """Gathering."""

    gathering_id: str
    agency_id: str
    title: str
    kind: Literal['cultural_programming', 'hub_event', 'co_design', 'pathway_activity']
    municipality: str
    starts_at: str
    persons: NotRequired[int]
    anonymous: NotRequired[int]


class GatheringPage(TypedDict):
    """GatheringPage."""

    items: list[Gathering]
    next_cursor: NotRequired[str]


class HouseholdMember(TypedDict):
    """HouseholdMember."""

    birth_date: str


class Indicator(TypedDict):
    """Indicator."""

    code: str
    name_it: str
    name_en: str
    target: int
    unit_it: str
    unit_en: str
    note_it: NotRequired[str]
    note_en: NotRequired[str]
    value: NotRequired[int]
    counted: int
    unknown: NotRequired[int]


class IndicatorSheet(TypedDict):
    """IndicatorSheet."""

    period_from: str
    period_to: str
    as_of: str
    source_it: str
    source_en: str
    items: list[Indicator]


class IssuedSecret(TypedDict):
    """IssuedSecret."""

    client: Client
    client_secret: NotRequired[str]


class Link(TypedDict):
    """Link."""

    url: str
    token: str
    expires_at: str
    mailed: bool


class LinkRedemption(TypedDict):
    """LinkRedemption."""

    token: str
    password: str


class ListNames(TypedDict):
    """ListNames."""

    person_ids: list[str]


class Matches(TypedDict):
    """Matches."""

    items: list[AreaMatches]


class Me(TypedDict):
    """Me."""

    user: User
    agency_id: str
    roles: list[Literal['desk_operator', 'case_worker', 'agency_coordinator', 'network_coordinator', 'event_organiser', 'viewer', 'privacy_officer', 'administrator', 'client_people_read', 'client_people_write', 'client_screenings_read', 'client_referrals_read', 'client_referrals_write', 'client_pathways_read', 'client_catalogue_read', 'client_catalogue_write', 'client_gatherings_read', 'client_gatherings_write', 'client_indicators_read']]
    permissions: dict[str, str]
    pending: list[Literal['second-step', 'second-step-enrolment', 'code-of-conduct']]
    second_step: SecondStep


class Membership(TypedDict):
    """Membership."""

    agency_id: str
    roles: list[Literal['desk_operator', 'case_worker', 'agency_coordinator', 'network_coordinator', 'event_organiser', 'viewer', 'privacy_officer', 'administrator', 'client_people_read', 'client_people_write', 'client_screenings_read', 'client_referrals_read', 'client_referrals_write', 'client_pathways_read', 'client_catalogue_read', 'client_catalogue_write', 'client_gatherings_read', 'client_gatherings_write', 'client_indicators_read']]


class Misfit(TypedDict):
    """Misfit."""

    service_id: str
    organization_id: str
    obstacles: list[Literal['no-service', 'other-category', 'inactive', 'stale', 'out-of-area', 'area-unknown']]


class Need(TypedDict):
    """Need."""

    need_id: str
    person_id: str
    screening_id: str
    agency_id: str
    category: str
    domains: list[str]
    mode: Literal['information', 'warm', 'priority']
    state: Literal['active', 'completed', 'revoked']
    decision: str
    reason: NotRequired[str]
    refusal_reason: NotRequired[str]
    outcome: NotRequired[Literal['met', 'partly-met', 'not-met', 'no-longer-needed']]
    unmatched: NotRequired[list[Literal['no-service', 'other-category', 'inactive', 'stale', 'out-of-area', 'area-unknown']]]
    safety: NotRequired[bool]
    opened_at: str
    closed_at: NotRequired[str]
    referrals: list[Referral]


class NeedPage(TypedDict):
    """NeedPage."""

    items: list[Need]
    next_cursor: NotRequired[str]


class NewClient(TypedDict):
    """NewClient."""

    name: str
    agency_id: str
    scopes: list[str]
    expires_at: str


class NewLink(TypedDict):
    """NewLink."""

    purpose: Literal['invitation', 'reset']


class NewMembership(TypedDict):
    """NewMembership."""

    roles: list[Literal['desk_operator', 'case_worker', 'agency_coordinator', 'network_coordinator', 'event_organiser', 'viewer', 'privacy_officer', 'administrator', 'client_people_read', 'client_people_write', 'client_screenings_read', 'client_referrals_read', 'client_referrals_write', 'client_pathways_read', 'client_catalogue_read', 'client_catalogue_write', 'client_gatherings_read', 'client_gatherings_write', 'client_indicators_read']]
    version: NotRequired[int]


class NewPassword(TypedDict):
    """NewPassword."""

    password: NotRequired[str]


class NewScreening(TypedDict):
    """NewScreening."""

    case_id: NotRequired[str]
    mode: Literal['full', 'brief']
    language: NotRequired[str]


class NewUser(TypedDict):
    """NewUser."""

    email: str
    name: str
    agency_id: str
    roles: list[Literal['desk_operator', 'case_worker', 'agency_coordinator', 'network_coordinator', 'event_organiser', 'viewer', 'privacy_officer', 'administrator', 'client_people_read', 'client_people_write', 'client_screenings_read', 'client_referrals_read', 'client_referrals_write', 'client_pathways_read', 'client_catalogue_read', 'client_catalogue_write', 'client_gatherings_read', 'client_gatherings_write', 'client_indicators_read']]
    password: NotRequired[str]
    invite: NotRequired[bool]
    valid_until: NotRequired[str]


class NewValidity(TypedDict):
    """NewValidity."""

    valid_until: NotRequired[str]
    version: NotRequired[int]


class Offer(TypedDict):
    """Offer."""

    pathway: str
    name_it: str
    name_en: str
    places: NotRequired[int]
    enrolled: int
    waiting: int
    valid_from: str
    source: str


class OfferPage(TypedDict):
    """OfferPage."""

    items: list[Offer]


class OpenEmergencyAccess(TypedDict):
    """OpenEmergencyAccess."""

    reason: Literal['danger-to-life-or-health', 'violence-or-threat', 'minor-at-risk', 'unable-to-consent', 'request-of-an-authority']
    given_name: NotRequired[str]
    family_name: NotRequired[str]
    birth_date: NotRequired[str]
    tax_code: NotRequired[str]
    phone: NotRequired[str]
    note: NotRequired[str]


class Organization(TypedDict):
    """Organization."""

    organization_id: str
    name: str
    kind: Literal['comune', 'ente_gestore', 'associazione', 'cooperativa', 'ente_pubblico', 'altro']
    demonstration: NotRequired[bool]


class OrganizationPage(TypedDict):
    """OrganizationPage."""

    items: list[Organization]


class Person(TypedDict):
    """Person."""

    person_id: str
    agency_id: str
    version: int
    registered_at: str
    details: PersonDetails
    tax_code_kind: NotRequired[Literal['definitive', 'provisional', 'absent']]
    tax_code_remarks: NotRequired[list[Literal['birthplace-unknown', 'birth-date-differs', 'gender-differs']]]


class PersonAccess(TypedDict):
    """PersonAccess."""

    access_id: str
    at: str
    user_id: str
    name: NotRequired[str]
    agency_id: str
    operation: str
    purpose: NotRequired[Literal['case-work', 'referral', 'request-of-the-person', 'supervision', 'audit', 'support', 'emergency']]
    status: int
    address: str
    correlation_id: str


class PersonDetails(TypedDict):
    """PersonDetails."""

    given_name: str
    family_name: str
    birth_date: str
    gender: Literal['female', 'male', 'other', 'unknown']
    citizenships: NotRequired[list[str]]
    birth_country: str
    mother_tongue: str
    language: str
    municipality: str
    resident: NotRequired[bool]
    studied_abroad: NotRequired[bool]
    parent_born_abroad: NotRequired[bool]
    permit_allows_traineeship: NotRequired[bool]
    in_charge_public_service: NotRequired[bool]
    safe_contact: NotRequired[Literal['any', 'call_only', 'message_only', 'never']]
    tax_code: NotRequired[str]
    phone: NotRequired[str]
    email: NotRequired[str]
    household: NotRequired[list[HouseholdMember]]


class PersonName(TypedDict):
    """PersonName."""

    person_id: str
    given_name: str
    family_name: str
    birth_date: str


class PersonNames(TypedDict):
    """PersonNames."""

    items: list[PersonName]


class PersonPage(TypedDict):
    """PersonPage."""

    items: list[Person]
    next_cursor: NotRequired[str]


class Problem(TypedDict):
    """Problem."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    correlation_id: str
    errors: NotRequired[list[FieldProblem]]


class Proof(TypedDict):
    """Proof."""

    code: NotRequired[str]
    password: NotRequired[str]


class Provider(TypedDict):
    """Provider."""

    name: str
    label: str
    agency_id: NotRequired[str]


class ProviderInvitation(TypedDict):
    """ProviderInvitation."""

    token: str


class ProviderList(TypedDict):
    """ProviderList."""

    items: list[Provider]


class QueueStanding(TypedDict):
    """QueueStanding."""

    queue: str
    waiting: int
    consumers: int
    dead_letters: int


class RecordAttendance(TypedDict):
    """RecordAttendance."""

    person_id: NotRequired[str]
    headcount: NotRequired[int]


class RecordConsent(TypedDict):
    """RecordConsent."""

    recipient_id: NotRequired[str]
    purpose: Literal['referral']
    categories: list[Literal['identity', 'contacts', 'needs', 'safety']]
    expires_on: str


class RecoveryCodes(TypedDict):
    """RecoveryCodes."""

    codes: list[str]


class Referral(TypedDict):
    """Referral."""

    referral_id: str
    need_id: str
    person_id: str
    screening_id: str
    category: str
    mode: Literal['information', 'warm', 'priority']
    state: Literal['draft', 'requested', 'accepted', 'in_progress', 'completed', 'failed', 'rejected', 'cancelled', 'entered_in_error']
    from_agency_id: str
    to_agency_id: str
    service_id: str
    blocked_by: NotRequired[Literal['decision', 'consent', 'service']]
    reason: NotRequired[str]
    outcome: NotRequired[Literal['service-received', 'enrolled', 'enrolled-waitlist', 'referred-elsewhere', 'partial']]
    first_contact_on: NotRequired[str]
    replaces: NotRequired[str]
    chosen_by: Literal['only-candidate', 'language', 'specificity', 'load', 'tie', 'worker']
    sent_at: NotRequired[str]
    sharing_suspended: NotRequired[bool]
    safety: NotRequired[bool]
    version: int
    created_at: str
    changed_at: str


class ReferralPage(TypedDict):
    """ReferralPage."""

    items: list[Referral]
    next_cursor: NotRequired[str]


class RefusePathway(TypedDict):
    """RefusePathway."""

    reason: Literal['not-interested', 'not-now', 'already-served', 'care-duties', 'distance', 'prefers-not-to-say']


class RejectReferral(TypedDict):
    """RejectReferral."""

    reason: Literal['no-capacity', 'waitlist-only', 'not-eligible', 'out-of-area', 'missing-documents', 'already-served', 'wrong-service', 'insufficient-information', 'safety']


class RerouteNeed(TypedDict):
    """RerouteNeed."""

    service_id: str


class ReviewEmergencyAccess(TypedDict):
    """ReviewEmergencyAccess."""

    outcome: Literal['justified', 'not-justified']
    note: NotRequired[str]


class SaveAnswers(TypedDict):
    """SaveAnswers."""

    version: NotRequired[int]
    merge: NotRequired[bool]
    answers: dict[str, Any]


class SavedAnswers(TypedDict):
    """SavedAnswers."""

    screening: Screening
    removed: list[str]


class ScheduleGathering(TypedDict):
    """ScheduleGathering."""

    title: str
    kind: Literal['cultural_programming', 'hub_event', 'co_design', 'pathway_activity']
    municipality: str
    starts_at: str


class Screening(TypedDict):
    """Screening."""

    screening_id: str
    person_id: str
    case_id: NotRequired[str]
    agency_id: str
    worker_id: str
    form_version: str
    mode: Literal['full', 'brief']
    language: NotRequired[str]
    status: Literal['draft', 'completed']
    version: int
    context: ScreeningContext
    answers: dict[str, Any]
    visible: list[str]
    missing: list[str]
    started_at: str
    changed_at: str
    completed_at: NotRequired[str]
    result: NotRequired[ScreeningResult]
    changed_by: NotRequired[str]
    marks: NotRequired[dict[str, AnswerMark]]


class ScreeningContext(TypedDict):
    """ScreeningContext."""

    citizenship_group: Literal['IT', 'EU', 'EXTRA_EU', 'APOLIDE']
    mother_tongue_it: bool
    studied_abroad: bool
    minors_0_5: int
    minors_6_16: int
    minors_0_17: int
    age: int
    resident_project_town: bool
    permit_allows_traineeship: bool
    in_charge_public_service: bool
    gender: NotRequired[Literal['female', 'male', 'other', 'unknown']]
    migratory_background: NotRequired[bool]
    municipality: NotRequired[str]
    language: NotRequired[str]


class ScreeningPage(TypedDict):
    """ScreeningPage."""

    items: list[ScreeningSummary]
    next_cursor: NotRequired[str]


class ScreeningResult(TypedDict):
    """ScreeningResult."""

    domains: list[DomainResult]
    profile: Literal['P0', 'P1', 'P2', 'P3']
    urgent: list[Urgency]
    areas: list[SuggestedArea]
    pathways: list[SuggestedPathway]
    tasks: list[Task]
    safety_included: bool


class ScreeningSummary(TypedDict):
    """ScreeningSummary."""

    screening_id: str
    person_id: str
    case_id: NotRequired[str]
    agency_id: str
    worker_id: str
    form_version: str
    mode: Literal['full', 'brief']
    status: Literal['draft', 'completed']
    profile: NotRequired[Literal['P0', 'P1', 'P2', 'P3']]
    started_at: str
    changed_at: str
    completed_at: NotRequired[str]
    changed_by: NotRequired[str]


class SecondStep(TypedDict):
    """SecondStep."""

    enrolled: bool
    required: bool
    recovery_codes: int


class SecretRotation(TypedDict):
    """SecretRotation."""

    overlap_hours: NotRequired[int]
    version: NotRequired[int]


class Service(TypedDict):
    """Service."""

    service_id: str
    version: int
    details: ServiceDetails
    stale: NotRequired[bool]


class ServiceDetails(TypedDict):
    """ServiceDetails."""

    organization_id: str
    name: str
    description: NotRequired[str]
    status: NotRequired[Literal['active', 'inactive', 'defunct', 'temporarily closed']]
    categories: list[str]
    municipalities: list[str]
    languages: NotRequired[list[str]]
    access_mode: Literal['libero', 'appuntamento', 'invio', 'iscrizione', 'domanda', 'richiesta_servizi']
    cost: NotRequired[str]
    audience: NotRequired[str]
    opening_hours: NotRequired[str]
    address: NotRequired[str]
    address_public: NotRequired[bool]
    phone: NotRequired[str]
    email: NotRequired[str]
    assured_date: str
    review_due_on: str
    demonstration: NotRequired[bool]


class ServicePage(TypedDict):
    """ServicePage."""

    items: list[Service]
    next_cursor: NotRequired[str]


class SetCaseTeam(TypedDict):
    """SetCaseTeam."""

    version: NotRequired[int]
    worker_id: str
    members: NotRequired[list[str]]


class SetPlaces(TypedDict):
    """SetPlaces."""

    places: NotRequired[int]


class SettledLetters(TypedDict):
    """SettledLetters."""

    queue: str
    settled: int
    left: int


class SharedContacts(TypedDict):
    """SharedContacts."""

    safe_contact: Literal['any', 'call_only', 'message_only', 'never']
    phone: NotRequired[str]
    email: NotRequired[str]


class SharedIdentity(TypedDict):
    """SharedIdentity."""

    given_name: str
    family_name: str
    birth_date: str
    gender: Literal['female', 'male', 'other', 'unknown']
    language: str
    municipality: str


class SharedPerson(TypedDict):
    """SharedPerson."""

    person_id: str
    referral_id: str
    shared: list[Literal['identity', 'contacts', 'needs', 'safety']]
    identity: NotRequired[SharedIdentity]
    contacts: NotRequired[SharedContacts]


class SignedSheet(TypedDict):
    """SignedSheet."""

    media_type: Literal['application/pdf', 'image/jpeg', 'image/png']
    size: int
    digest: str
    added_at: str
    added_by: str


class Standing(TypedDict):
    """Standing."""

    component: str
    version: str
    schema_revision: str
    schema_expected: str
    processes: int
    outbox_pending: int
    outbox_oldest_seconds: int
    dead_letters: int
    queues: list[QueueStanding]


class StartReferral(TypedDict):
    """StartReferral."""

    first_contact_on: str


class SuggestedArea(TypedDict):
    """SuggestedArea."""

    category: str
    domains: list[str]
    mode: Literal['information', 'warm', 'priority']
    safety: NotRequired[bool]
    decision: NotRequired[Literal['agreed', 'refused', 'to_discuss', 'undecided']]
    reason: NotRequired[Literal['not-interested', 'not-now', 'already-served', 'care-duties', 'distance', 'prefers-not-to-say']]


class SuggestedPathway(TypedDict):
    """SuggestedPathway."""

    code: str
    safety: NotRequired[bool]
    decision: NotRequired[Literal['agreed', 'refused', 'to_discuss', 'undecided']]
    reason: NotRequired[Literal['not-interested', 'not-now', 'already-served', 'care-duties', 'distance', 'prefers-not-to-say']]


class Task(TypedDict):
    """Task."""

    code: Literal['complete-domain', 'repeat-safety-in-private']
    domain: str


class Taxonomy(TypedDict):
    """Taxonomy."""

    version: str
    items: list[TaxonomyTerm]


class TaxonomyTerm(TypedDict):
    """TaxonomyTerm."""

    code: str
    name_it: str
    name_en: str
    parent: NotRequired[str]


class Timeline(TypedDict):
    """Timeline."""

    items: list[TimelineEntry]
    next_cursor: NotRequired[str]


class TimelineEntry(TypedDict):
    """TimelineEntry."""

    entry_id: str
    person_id: str
    at: str
    type: str
    subject: str
    agency_id: str
    state: NotRequired[str]
    code: NotRequired[str]
    reason: NotRequired[str]


class TokenPage(TypedDict):
    """TokenPage."""

    items: list[TokenSummary]


class TokenState(TypedDict):
    """TokenState."""

    token_id: str
    expires_at: str
    pending: list[Literal['second-step', 'second-step-enrolment', 'code-of-conduct']]


class TokenSummary(TypedDict):
    """TokenSummary."""

    token_id: str
    agency_id: str
    created_at: str
    last_used_at: str
    expires_at: str
    address: NotRequired[str]
    current: bool


class UnreachedComponent(TypedDict):
    """UnreachedComponent."""

    component: str
    reason: str


class Urgency(TypedDict):
    """Urgency."""

    item: str
    term: Literal['0d', '2wd']


class User(TypedDict):
    """User."""

    user_id: str
    email: str
    name: str
    memberships: list[Membership]
    created_at: str
    disabled_at: NotRequired[str]
    disabled_for: NotRequired[str]
    valid_until: NotRequired[str]
    last_sign_in_at: NotRequired[str]
    has_password: NotRequired[bool]
    has_second_step: NotRequired[bool]
    code_of_conduct: NotRequired[str]
    version: NotRequired[int]


class UserChange(TypedDict):
    """UserChange."""

    version: NotRequired[int]


class UserPage(TypedDict):
    """UserPage."""

    items: list[User]
    next_cursor: NotRequired[str]


class WantedArea(TypedDict):
    """WantedArea."""

    category: str
    safety: NotRequired[bool]


class Worklist(TypedDict):
    """Worklist."""

    referrals: dict[str, int]
    needs: dict[str, int]


class Plurali(Connection):
    """A program at a gateway, with every operation that the document knows."""

    def token_creation(self, body: Credentials | None = None) -> AccessToken:
        """Sign in."""
        return cast('AccessToken', self.ask("POST", "/tokens", body=cast('Any', body)))

    def own_tokens(self) -> TokenPage:
        """Own live tokens."""
        return cast('TokenPage', self.ask("GET", "/tokens"))

    def own_tokens_end(self) -> None:
        """Sign out everywhere."""
        self.ask("DELETE", "/tokens")

    def current_token_end(self) -> None:
        """Sign out."""
        self.ask("DELETE", "/tokens/current")

    def token_proof(self, body: Proof | None = None) -> TokenState:
        """Second step, or a fresh proof."""
        return cast('TokenState', self.ask("POST", "/tokens/current/proof", body=cast('Any', body)))

    def token_end(self, token_id: str) -> None:
        """End one of the own tokens."""
        self.ask("DELETE", "/tokens/{token_id}", places={"token_id": token_id})

    def me(self, *, if_none_match: str | None = None) -> Me:
        """Who the caller is."""
        return cast('Me', self.ask("GET", "/me", headers={"If-None-Match": if_none_match}))

    def own_password(self, body: ChangedPassword) -> None:
        """Change the own password."""
        self.ask("PUT", "/me/password", body=cast('Any', body))

    def second_step_enrolment(self) -> Authenticator:
        """Begin with a second step."""
        return cast('Authenticator', self.ask("POST", "/me/second-step"))

    def second_step_end(self) -> None:
        """Give up the second step."""
        self.ask("DELETE", "/me/second-step")

    def second_step_confirmation(self, body: FirstCode) -> RecoveryCodes:
        """Confirm the second step."""
        return cast('RecoveryCodes', self.ask("POST", "/me/second-step/confirmation", body=cast('Any', body)))

    def recovery_codes(self) -> RecoveryCodes:
        """New recovery codes."""
        return cast('RecoveryCodes', self.ask("POST", "/me/second-step/recovery-codes"))

    def code_of_conduct(self, *, language: Literal['it', 'en'] | None = None) -> CodeOfConduct:
        """Code of conduct."""
        return cast('CodeOfConduct', self.ask("GET", "/code-of-conduct", query={"language": language}))

    def code_of_conduct_acceptance(self, body: ConductAcceptance) -> None:
        """Accept the code of conduct."""
        self.ask("POST", "/code-of-conduct/acceptance", body=cast('Any', body))

    def link_redemption(self, body: LinkRedemption) -> None:
        """Choose a password with a one-time link."""
        self.ask("POST", "/links/redemption", body=cast('Any', body))

    def forgotten_password(self, body: ForgottenPassword) -> None:
        """Forgotten password."""
        self.ask("POST", "/forgotten-passwords", body=cast('Any', body))

    def oidc_providers(self) -> ProviderList:
        """Identity providers."""
        return cast('ProviderList', self.ask("GET", "/oidc"))

    def oidc_invitation(self, provider: str, body: ProviderInvitation) -> Authorization:
        """Redeem an invitation with an identity provider."""
        return cast('Authorization', self.ask("POST", "/oidc/{provider}/authorization", places={"provider": provider}, body=cast('Any', body)))

    def oidc_callback(self, provider: str, *, state: str | None = None, code: str | None = None, iss: str | None = None, session_state: str | None = None, scope: str | None = None, error: str | None = None, error_description: str | None = None, error_uri: str | None = None) -> AccessToken:
        """Come back from an identity provider."""
        return cast('AccessToken', self.ask("GET", "/oidc/{provider}/callback", places={"provider": provider}, query={"state": state, "code": code, "iss": iss, "session_state": session_state, "scope": scope, "error": error, "error_description": error_description, "error_uri": error_uri}))

    def user_creation(self, body: NewUser) -> CreatedUser:
        """Let a user in."""
        return cast('CreatedUser', self.ask("POST", "/users", body=cast('Any', body)))

    def users(self, *, agency_id: str | None = None, state: Literal['open', 'shut', 'new'] | None = None, cursor: str | None = None, limit: int | None = None) -> UserPage:
        """Users."""
        return cast('UserPage', self.ask("GET", "/users", query={"agency_id": agency_id, "state": state, "cursor": cursor, "limit": limit}))

    def user(self, user_id: str, *, if_none_match: str | None = None) -> User:
        """One user."""
        return cast('User', self.ask("GET", "/users/{user_id}", places={"user_id": user_id}, headers={"If-None-Match": if_none_match}))

    def user_membership(self, user_id: str, agency_id: str, body: NewMembership, *, if_match: str | None = None, if_none_match: str | None = None) -> User:
        """Roles of a user in an agency."""
        return cast('User', self.ask("PUT", "/users/{user_id}/memberships/{agency_id}", places={"user_id": user_id, "agency_id": agency_id}, body=cast('Any', body), headers={"If-Match": if_match, "If-None-Match": if_none_match}))

    def user_membership_end(self, user_id: str, agency_id: str, *, if_match: str | None = None) -> None:
        """Take a user out of an agency."""
        self.ask("DELETE", "/users/{user_id}/memberships/{agency_id}", places={"user_id": user_id, "agency_id": agency_id}, headers={"If-Match": if_match})

    def user_validity(self, user_id: str, body: NewValidity | None = None, *, if_match: str | None = None, if_none_match: str | None = None) -> User:
        """Temporary account."""
        return cast('User', self.ask("PUT", "/users/{user_id}/validity", places={"user_id": user_id}, body=cast('Any', body), headers={"If-Match": if_match, "If-None-Match": if_none_match}))

    def user_password_reset(self, user_id: str, body: NewPassword | None = None) -> CreatedUser:
        """Reset a password."""
        return cast('CreatedUser', self.ask("POST", "/users/{user_id}/password-reset", places={"user_id": user_id}, body=cast('Any', body)))

    def user_link(self, user_id: str, body: NewLink) -> Link:
        """One-time link for a user."""
        return cast('Link', self.ask("POST", "/users/{user_id}/links", places={"user_id": user_id}, body=cast('Any', body)))

    def user_disablement(self, user_id: str, body: UserChange | None = None, *, if_match: str | None = None) -> User:
        """Shut the door for a user."""
        return cast('User', self.ask("POST", "/users/{user_id}/disablement", places={"user_id": user_id}, body=cast('Any', body), headers={"If-Match": if_match}))

    def user_enablement(self, user_id: str, body: UserChange | None = None, *, if_match: str | None = None) -> User:
        """Open the door again."""
        return cast('User', self.ask("POST", "/users/{user_id}/enablement", places={"user_id": user_id}, body=cast('Any', body), headers={"If-Match": if_match}))

    def user_tokens(self, user_id: str) -> TokenPage:
        """Live tokens of a user."""
        return cast('TokenPage', self.ask("GET", "/users/{user_id}/tokens", places={"user_id": user_id}))

    def user_tokens_end(self, user_id: str) -> None:
        """End every token of a user."""
        self.ask("DELETE", "/users/{user_id}/tokens", places={"user_id": user_id})

    def user_second_step_end(self, user_id: str) -> None:
        """Take a second step away."""
        self.ask("DELETE", "/users/{user_id}/second-step", places={"user_id": user_id})

    def user_external_identity(self, user_id: str, provider: str, body: ExternalIdentity) -> None:
        """Tie a user to an account at a provider."""
        self.ask("PUT", "/users/{user_id}/external-identities/{provider}", places={"user_id": user_id, "provider": provider}, body=cast('Any', body))

    def user_external_identity_end(self, user_id: str, provider: str) -> None:
        """Untie a user from a provider."""
        self.ask("DELETE", "/users/{user_id}/external-identities/{provider}", places={"user_id": user_id, "provider": provider})

    def client_creation(self, body: NewClient) -> IssuedSecret:
        """Let a program in."""
        return cast('IssuedSecret', self.ask("POST", "/clients", body=cast('Any', body)))

    def clients(self, *, cursor: str | None = None, limit: int | None = None) -> ClientPage:
        """Clients."""
        return cast('ClientPage', self.ask("GET", "/clients", query={"cursor": cursor, "limit": limit}))

    def client(self, client_id: str, *, if_none_match: str | None = None) -> Client:
        """One client."""
        return cast('Client', self.ask("GET", "/clients/{client_id}", places={"client_id": client_id}, headers={"If-None-Match": if_none_match}))

    def client_secret_rotation(self, client_id: str, body: SecretRotation | None = None, *, if_match: str | None = None) -> IssuedSecret:
        """New secret for a client."""
        return cast('IssuedSecret', self.ask("POST", "/clients/{client_id}/secrets", places={"client_id": client_id}, body=cast('Any', body), headers={"If-Match": if_match}))

    def client_disablement(self, client_id: str, body: ClientChange | None = None, *, if_match: str | None = None) -> Client:
        """Shut the door for a client."""
        return cast('Client', self.ask("POST", "/clients/{client_id}/disablement", places={"client_id": client_id}, body=cast('Any', body), headers={"If-Match": if_match}))

    def administration_log(self, *, target_id: str | None = None, cursor: str | None = None, limit: int | None = None) -> AdministrationPage:
        """Administration log."""
        return cast('AdministrationPage', self.ask("GET", "/administration-log", query={"target_id": target_id, "cursor": cursor, "limit": limit}))

    def administration_log_verdict(self) -> AdministrationVerdict:
        """Whether the administration log is whole."""
        return cast('AdministrationVerdict', self.ask("GET", "/administration-log/verdict"))

    def person_registration(self, body: PersonDetails) -> Person:
        """Register a person."""
        return cast('Person', self.ask("POST", "/people", body=cast('Any', body)))

    def person_search(self, body: FindPeople | None = None) -> PersonPage:
        """Search persons."""
        return cast('PersonPage', self.ask("POST", "/people/searches", body=cast('Any', body)))

    def person_duplicates(self, body: FindDuplicates) -> Duplicates:
        """Whoever may be the person at the desk."""
        return cast('Duplicates', self.ask("POST", "/people/duplicates", body=cast('Any', body)))

    def person_names(self, body: ListNames) -> PersonNames:
        """Names for a list."""
        return cast('PersonNames', self.ask("POST", "/people/names", body=cast('Any', body)))

    def person(self, person_id: str, *, if_none_match: str | None = None) -> Person:
        """One person."""
        return cast('Person', self.ask("GET", "/people/{person_id}", places={"person_id": person_id}, headers={"If-None-Match": if_none_match}))

    def person_correction(self, person_id: str, body: CorrectPerson, *, if_match: str | None = None, if_none_match: str | None = None) -> Person:
        """Correct a person's details."""
        return cast('Person', self.ask("PUT", "/people/{person_id}", places={"person_id": person_id}, body=cast('Any', body), headers={"If-Match": if_match, "If-None-Match": if_none_match}))

    def case_opening(self, person_id: str) -> Case:
        """Open a case."""
        return cast('Case', self.ask("POST", "/people/{person_id}/cases", places={"person_id": person_id}))

    def person_cases(self, person_id: str) -> CasePage:
        """Cases of a person."""
        return cast('CasePage', self.ask("GET", "/people/{person_id}/cases", places={"person_id": person_id}))

    def case_team(self, person_id: str, case_id: str, body: SetCaseTeam, *, if_match: str | None = None, if_none_match: str | None = None) -> Case:
        """Change the team of a case."""
        return cast('Case', self.ask("PUT", "/people/{person_id}/cases/{case_id}/team", places={"person_id": person_id, "case_id": case_id}, body=cast('Any', body), headers={"If-Match": if_match, "If-None-Match": if_none_match}))

    def consent_record(self, person_id: str, body: RecordConsent) -> Consent:
        """Record a consent."""
        return cast('Consent', self.ask("POST", "/people/{person_id}/consents", places={"person_id": person_id}, body=cast('Any', body)))

    def person_consents(self, person_id: str) -> ConsentPage:
        """Consents of a person."""
        return cast('ConsentPage', self.ask("GET", "/people/{person_id}/consents", places={"person_id": person_id}))

    def consent_withdrawal(self, person_id: str, consent_id: str) -> Consent:
        """Withdraw a consent."""
        return cast('Consent', self.ask("POST", "/people/{person_id}/consents/{consent_id}/withdrawal", places={"person_id": person_id, "consent_id": consent_id}))

    def consent_sheet_record(self, person_id: str, consent_id: str, body: bytes, media: Literal['application/pdf', 'image/jpeg', 'image/png']) -> SignedSheet:
        """Add the signed sheet of a consent."""
        return cast('SignedSheet', self.ask("PUT", "/people/{person_id}/consents/{consent_id}/sheet", places={"person_id": person_id, "consent_id": consent_id}, file=(media, body)))

    def consent_sheet(self, person_id: str, consent_id: str) -> bytes:
        """The signed sheet of a consent."""
        return cast('bytes', self.ask("GET", "/people/{person_id}/consents/{consent_id}/sheet", places={"person_id": person_id, "consent_id": consent_id}))

    def screening_start(self, person_id: str, body: NewScreening) -> Screening:
        """Start a screening."""
        return cast('Screening', self.ask("POST", "/people/{person_id}/screenings", places={"person_id": person_id}, body=cast('Any', body)))

    def person_screenings(self, person_id: str, *, status: Literal['draft', 'completed'] | None = None, cursor: str | None = None, limit: int | None = None) -> ScreeningPage:
        """Screenings of a person."""
        return cast('ScreeningPage', self.ask("GET", "/people/{person_id}/screenings", places={"person_id": person_id}, query={"status": status, "cursor": cursor, "limit": limit}))

    def person_needs(self, person_id: str, *, screening_id: str | None = None, state: Literal['active', 'completed', 'revoked'] | None = None, queue: Literal['to-close', 'without-service'] | None = None, cursor: str | None = None, limit: int | None = None) -> NeedPage:
        """Needs of a person."""
        return cast('NeedPage', self.ask("GET", "/people/{person_id}/needs", places={"person_id": person_id}, query={"screening_id": screening_id, "state": state, "queue": queue, "cursor": cursor, "limit": limit}))

    def person_referrals(self, person_id: str, *, screening_id: str | None = None, direction: Literal['sent', 'received', 'any'] | None = None, state: Literal['draft', 'requested', 'accepted', 'in_progress', 'completed', 'failed', 'rejected', 'cancelled', 'entered_in_error'] | None = None, queue: Literal['to-answer', 'contact-due', 'to-decide', 'awaiting-consent', 'awaiting-service'] | None = None, cursor: str | None = None, limit: int | None = None) -> ReferralPage:
        """Referrals of a person."""
        return cast('ReferralPage', self.ask("GET", "/people/{person_id}/referrals", places={"person_id": person_id}, query={"screening_id": screening_id, "direction": direction, "state": state, "queue": queue, "cursor": cursor, "limit": limit}))

    def person_enrolments(self, person_id: str, *, screening_id: str | None = None, pathway: str | None = None, state: Literal['proposed', 'waiting_list', 'enrolled', 'refused', 'withdrawn'] | None = None, cursor: str | None = None, limit: int | None = None) -> EnrolmentPage:
        """Enrolments of a person."""
        return cast('EnrolmentPage', self.ask("GET", "/people/{person_id}/enrolments", places={"person_id": person_id}, query={"screening_id": screening_id, "pathway": pathway, "state": state, "cursor": cursor, "limit": limit}))

    def person_timeline(self, person_id: str, *, cursor: str | None = None, limit: int | None = None) -> Timeline:
        """A person's story."""
        return cast('Timeline', self.ask("GET", "/people/{person_id}/timeline", places={"person_id": person_id}, query={"cursor": cursor, "limit": limit}))

    def person_accesses(self, person_id: str, *, cursor: str | None = None, limit: int | None = None) -> AccessPage:
        """Who looked at a person's data."""
        return cast('AccessPage', self.ask("GET", "/people/{person_id}/accesses", places={"person_id": person_id}, query={"cursor": cursor, "limit": limit}))

    def person_accesses_export(self, person_id: str) -> str:
        """Who looked at a person's data, as a table."""
        return cast('str', self.ask("GET", "/people/{person_id}/accesses/export", places={"person_id": person_id}))

    def emergency_access_opening(self, body: OpenEmergencyAccess) -> EmergencyAccesses:
        """Open a person of another agency in an emergency."""
        return cast('EmergencyAccesses', self.ask("POST", "/emergency-accesses", body=cast('Any', body)))

    def emergency_accesses(self, *, queue: Literal['to-review', 'open', 'reviewed', 'nobody-found'] | None = None, cursor: str | None = None, limit: int | None = None) -> EmergencyAccessPage:
        """Emergency accesses to be reviewed."""
        return cast('EmergencyAccessPage', self.ask("GET", "/emergency-accesses", query={"queue": queue, "cursor": cursor, "limit": limit}))

    def emergency_accesses_own(self) -> EmergencyAccesses:
        """The caller's own open emergency accesses."""
        return cast('EmergencyAccesses', self.ask("GET", "/emergency-accesses/own"))

    def emergency_person(self, access_id: str) -> EmergencyPerson:
        """What an emergency access shows of a person."""
        return cast('EmergencyPerson', self.ask("GET", "/emergency-accesses/{access_id}/person", places={"access_id": access_id}))

    def emergency_access_review(self, access_id: str, body: ReviewEmergencyAccess) -> EmergencyAccess:
        """Review an emergency access."""
        return cast('EmergencyAccess', self.ask("POST", "/emergency-accesses/{access_id}/review", places={"access_id": access_id}, body=cast('Any', body)))

    def form_in_force(self, *, language: str | None = None) -> Form:
        """The form in force."""
        return cast('Form', self.ask("GET", "/forms/current", query={"language": language}))

    def form(self, version: str, *, language: str | None = None) -> Form:
        """One version of the form."""
        return cast('Form', self.ask("GET", "/forms/{version}", places={"version": version}, query={"language": language}))

    def screenings(self, *, person_id: str | None = None, status: Literal['draft', 'completed'] | None = None, cursor: str | None = None, limit: int | None = None) -> ScreeningPage:
        """Screenings."""
        return cast('ScreeningPage', self.ask("GET", "/screenings", query={"person_id": person_id, "status": status, "cursor": cursor, "limit": limit}))

    def screening(self, screening_id: str, *, if_none_match: str | None = None) -> Screening:
        """One screening."""
        return cast('Screening', self.ask("GET", "/screenings/{screening_id}", places={"screening_id": screening_id}, headers={"If-None-Match": if_none_match}))

    def screening_answers(self, screening_id: str, body: SaveAnswers, *, if_match: str | None = None) -> SavedAnswers:
        """Answer questions."""
        return cast('SavedAnswers', self.ask("PATCH", "/screenings/{screening_id}/answers", places={"screening_id": screening_id}, body=cast('Any', body), headers={"If-Match": if_match}))

    def screening_preview(self, screening_id: str) -> ScreeningResult:
        """What the answers suggest so far."""
        return cast('ScreeningResult', self.ask("GET", "/screenings/{screening_id}/preview", places={"screening_id": screening_id}))

    def screening_completion(self, screening_id: str, body: CompleteScreening, *, if_match: str | None = None) -> Screening:
        """Complete a screening."""
        return cast('Screening', self.ask("POST", "/screenings/{screening_id}/completion", places={"screening_id": screening_id}, body=cast('Any', body), headers={"If-Match": if_match}))

    def worklist(self) -> Worklist:
        """What waits for the agency."""
        return cast('Worklist', self.ask("GET", "/worklist"))

    def referrals(self, *, person_id: str | None = None, screening_id: str | None = None, direction: Literal['sent', 'received', 'any'] | None = None, state: Literal['draft', 'requested', 'accepted', 'in_progress', 'completed', 'failed', 'rejected', 'cancelled', 'entered_in_error'] | None = None, queue: Literal['to-answer', 'contact-due', 'to-decide', 'awaiting-consent', 'awaiting-service'] | None = None, cursor: str | None = None, limit: int | None = None) -> ReferralPage:
        """Referrals."""
        return cast('ReferralPage', self.ask("GET", "/referrals", query={"person_id": person_id, "screening_id": screening_id, "direction": direction, "state": state, "queue": queue, "cursor": cursor, "limit": limit}))

    def referral_matches(self, body: ExplainMatches) -> Matches:
        """Who would be asked, and why."""
        return cast('Matches', self.ask("POST", "/referrals/matches", body=cast('Any', body)))

    def referral(self, referral_id: str, *, if_none_match: str | None = None) -> Referral:
        """One referral."""
        return cast('Referral', self.ask("GET", "/referrals/{referral_id}", places={"referral_id": referral_id}, headers={"If-None-Match": if_none_match}))

    def referral_person(self, referral_id: str) -> SharedPerson:
        """The person, as far as consents show."""
        return cast('SharedPerson', self.ask("GET", "/referrals/{referral_id}/person", places={"referral_id": referral_id}))

    def referral_request(self, referral_id: str) -> Referral:
        """Send a draft."""
        return cast('Referral', self.ask("POST", "/referrals/{referral_id}/request", places={"referral_id": referral_id}))

    def referral_acceptance(self, referral_id: str, body: AcceptReferral) -> Referral:
        """Accept a referral."""
        return cast('Referral', self.ask("POST", "/referrals/{referral_id}/acceptance", places={"referral_id": referral_id}, body=cast('Any', body)))

    def referral_rejection(self, referral_id: str, body: RejectReferral) -> Referral:
        """Reject a referral."""
        return cast('Referral', self.ask("POST", "/referrals/{referral_id}/rejection", places={"referral_id": referral_id}, body=cast('Any', body)))

    def referral_cancellation(self, referral_id: str, body: CancelReferral) -> Referral:
        """Cancel a referral."""
        return cast('Referral', self.ask("POST", "/referrals/{referral_id}/cancellation", places={"referral_id": referral_id}, body=cast('Any', body)))

    def referral_start(self, referral_id: str, body: StartReferral) -> Referral:
        """Record the first contact."""
        return cast('Referral', self.ask("POST", "/referrals/{referral_id}/start", places={"referral_id": referral_id}, body=cast('Any', body)))

    def referral_completion(self, referral_id: str, body: CompleteReferral) -> Referral:
        """Complete a referral."""
        return cast('Referral', self.ask("POST", "/referrals/{referral_id}/completion", places={"referral_id": referral_id}, body=cast('Any', body)))

    def referral_failure(self, referral_id: str, body: FailReferral) -> Referral:
        """Record that a referral failed."""
        return cast('Referral', self.ask("POST", "/referrals/{referral_id}/failure", places={"referral_id": referral_id}, body=cast('Any', body)))

    def needs(self, *, person_id: str | None = None, screening_id: str | None = None, state: Literal['active', 'completed', 'revoked'] | None = None, queue: Literal['to-close', 'without-service'] | None = None, cursor: str | None = None, limit: int | None = None) -> NeedPage:
        """Needs."""
        return cast('NeedPage', self.ask("GET", "/needs", query={"person_id": person_id, "screening_id": screening_id, "state": state, "queue": queue, "cursor": cursor, "limit": limit}))

    def need_decision(self, need_id: str, body: DecideNeed) -> Need:
        """Record what the person decided."""
        return cast('Need', self.ask("POST", "/needs/{need_id}/decision", places={"need_id": need_id}, body=cast('Any', body)))

    def need_closure(self, need_id: str, body: CloseNeed) -> Need:
        """Close a need."""
        return cast('Need', self.ask("POST", "/needs/{need_id}/closure", places={"need_id": need_id}, body=cast('Any', body)))

    def need_reroute(self, need_id: str, body: RerouteNeed) -> Referral:
        """Try another service."""
        return cast('Referral', self.ask("POST", "/needs/{need_id}/referrals", places={"need_id": need_id}, body=cast('Any', body)))

    def enrolments(self, *, person_id: str | None = None, screening_id: str | None = None, pathway: str | None = None, state: Literal['proposed', 'waiting_list', 'enrolled', 'refused', 'withdrawn'] | None = None, cursor: str | None = None, limit: int | None = None) -> EnrolmentPage:
        """Enrolments."""
        return cast('EnrolmentPage', self.ask("GET", "/enrolments", query={"person_id": person_id, "screening_id": screening_id, "pathway": pathway, "state": state, "cursor": cursor, "limit": limit}))

    def enrolment_confirmation(self, enrolment_id: str) -> Enrolment:
        """Enrol the person."""
        return cast('Enrolment', self.ask("POST", "/enrolments/{enrolment_id}/confirmation", places={"enrolment_id": enrolment_id}))

    def enrolment_refusal(self, enrolment_id: str, body: RefusePathway) -> Enrolment:
        """Record a refusal."""
        return cast('Enrolment', self.ask("POST", "/enrolments/{enrolment_id}/refusal", places={"enrolment_id": enrolment_id}, body=cast('Any', body)))

    def enrolment_withdrawal(self, enrolment_id: str) -> Enrolment:
        """Give a place back."""
        return cast('Enrolment', self.ask("POST", "/enrolments/{enrolment_id}/withdrawal", places={"enrolment_id": enrolment_id}))

    def pathways(self) -> OfferPage:
        """Pathways on offer."""
        return cast('OfferPage', self.ask("GET", "/pathways"))

    def pathway_places(self, pathway: str, body: SetPlaces | None = None) -> Offer:
        """Places of a pathway."""
        return cast('Offer', self.ask("PUT", "/pathways/{pathway}/places", places={"pathway": pathway}, body=cast('Any', body)))

    def organizations(self) -> OrganizationPage:
        """Organizations of the network."""
        return cast('OrganizationPage', self.ask("GET", "/organizations"))

    def organization_publication(self, body: Organization) -> Organization:
        """Enter or replace an organization."""
        return cast('Organization', self.ask("POST", "/organizations", body=cast('Any', body)))

    def services(self, *, text: str | None = None, category: str | None = None, municipality: str | None = None, language: str | None = None, status: Literal['active', 'inactive', 'defunct', 'temporarily closed'] | None = None, cursor: str | None = None, limit: int | None = None) -> ServicePage:
        """Search the directory."""
        return cast('ServicePage', self.ask("GET", "/services", query={"text": text, "category": category, "municipality": municipality, "language": language, "status": status, "cursor": cursor, "limit": limit}))

    def service(self, service_id: str, *, if_none_match: str | None = None) -> Service:
        """One service."""
        return cast('Service', self.ask("GET", "/services/{service_id}", places={"service_id": service_id}, headers={"If-None-Match": if_none_match}))

    def service_publication(self, service_id: str, body: ServiceDetails, *, if_match: str | None = None, if_none_match: str | None = None) -> Service:
        """Publish or replace a service."""
        return cast('Service', self.ask("PUT", "/services/{service_id}", places={"service_id": service_id}, body=cast('Any', body), headers={"If-Match": if_match, "If-None-Match": if_none_match}))

    def taxonomy(self) -> Taxonomy:
        """The taxonomy of needs and services."""
        return cast('Taxonomy', self.ask("GET", "/taxonomy"))

    def gathering_scheduling(self, body: ScheduleGathering) -> Gathering:
        """Schedule a gathering."""
        return cast('Gathering', self.ask("POST", "/gatherings", body=cast('Any', body)))

    def gatherings(self, *, municipality: str | None = None, kind: Literal['cultural_programming', 'hub_event', 'co_design', 'pathway_activity'] | None = None, cursor: str | None = None, limit: int | None = None) -> GatheringPage:
        """Gatherings."""
        return cast('GatheringPage', self.ask("GET", "/gatherings", query={"municipality": municipality, "kind": kind, "cursor": cursor, "limit": limit}))

    def gathering(self, gathering_id: str) -> Gathering:
        """One gathering."""
        return cast('Gathering', self.ask("GET", "/gatherings/{gathering_id}", places={"gathering_id": gathering_id}))

    def attendance_record(self, gathering_id: str, body: RecordAttendance | None = None) -> Attendance:
        """Record who came."""
        return cast('Attendance', self.ask("POST", "/gatherings/{gathering_id}/attendances", places={"gathering_id": gathering_id}, body=cast('Any', body)))

    def indicators(self, *, period_from: str | None = None, period_to: str | None = None) -> IndicatorSheet:
        """Indicators over a period."""
        return cast('IndicatorSheet', self.ask("GET", "/indicators", query={"period_from": period_from, "period_to": period_to}))

    def components(self) -> ComponentList:
        """How the services stand."""
        return cast('ComponentList', self.ask("GET", "/operations/components"))

    def dead_letters(self, *, component: str | None = None, limit: int | None = None) -> DeadLetterOverview:
        """Dead letters."""
        return cast('DeadLetterOverview', self.ask("GET", "/operations/dead-letters", query={"component": component, "limit": limit}))

    def dead_letters_replay(self, queue: str) -> SettledLetters:
        """Replay a queue's dead letters."""
        return cast('SettledLetters', self.ask("POST", "/operations/dead-letters/{queue}/replay", places={"queue": queue}))

    def dead_letters_removal(self, queue: str) -> SettledLetters:
        """Drop a queue's dead letters."""
        return cast('SettledLetters', self.ask("DELETE", "/operations/dead-letters/{queue}", places={"queue": queue}))

    def dead_letter_replay(self, queue: str, message_id: str) -> SettledLetters:
        """Replay a dead letter."""
        return cast('SettledLetters', self.ask("POST", "/operations/dead-letters/{queue}/{message_id}/replay", places={"queue": queue, "message_id": message_id}))

    def dead_letter_removal(self, queue: str, message_id: str) -> SettledLetters:
        """Drop a dead letter."""
        return cast('SettledLetters', self.ask("DELETE", "/operations/dead-letters/{queue}/{message_id}", places={"queue": queue, "message_id": message_id}))

    def status(self) -> dict[str, Any]:
        """Whether the API can be used."""
        return cast('dict[str, Any]', self.ask("GET", "/status"))
