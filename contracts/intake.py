"""Persons, households, consents and cases: the only place of personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from contracts.language import (
    About,
    Command,
    Event,
    LanguageTag,
    Many,
    Municipality,
    Number,
    Query,
    Resource,
    Size,
    Text,
)
from contracts.screening import Gender, ScreeningContext

Name = Annotated[str, Text(maximum=80)]
Country = Annotated[str, Text(minimum=2, maximum=2, pattern=r"^[A-Z]{2}$", about="ISO 3166-1")]
TaxCode = Annotated[
    str,
    Text(minimum=11, maximum=16, about="Codice fiscale: 16 signs, or the provisional 11 digits"),
]
Phone = Annotated[str, Text(minimum=5, maximum=20, pattern=r"^\+?[0-9 ./-]+$")]
Email = Annotated[str, Text(minimum=5, maximum=120, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class SafeContact(StrEnum):
    """How the person may be reached without risk."""

    ANY = "any"
    CALL_ONLY = "call_only"
    MESSAGE_ONLY = "message_only"
    NEVER = "never"


class Purpose(StrEnum):
    """What a consent to share is given for."""

    REFERRAL = "referral"


class DataCategory(StrEnum):
    """What a consent to share covers."""

    IDENTITY = "identity"
    CONTACTS = "contacts"
    NEEDS = "needs"
    SAFETY = "safety"


class ConsentState(StrEnum):
    """Whether a consent holds on the day on which it is shown."""

    LIVE = "live"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class SheetMedia(StrEnum):
    """In which form a signed sheet may be kept."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"


class CaseState(StrEnum):
    """Whether the agency still works with the person."""

    OPEN = "open"


class TaxCodeKind(StrEnum):
    """Which code the person has: the sixteen signs, the provisional eleven digits, or none."""

    DEFINITIVE = "definitive"
    PROVISIONAL = "provisional"
    ABSENT = "absent"


class TaxCodeRemark(StrEnum):
    """What a worker may want to look at again; none of it keeps a person from being registered."""

    BIRTHPLACE_UNKNOWN = "birthplace-unknown"
    BIRTH_DATE_DIFFERS = "birth-date-differs"
    GENDER_DIFFERS = "gender-differs"


class DuplicateGround(StrEnum):
    """Why somebody who is registered may be the person at the desk."""

    SAME_TAX_CODE = "same-tax-code"
    SAME_BIRTH_DATE = "same-birth-date"
    BIRTH_DATE_DIGITS_SWAPPED = "birth-date-digits-swapped"
    SIMILAR_NAME = "similar-name"
    SWAPPED_NAMES = "swapped-names"
    SAME_PHONE = "same-phone"


class EmergencyReason(StrEnum):
    """Why somebody has to see a person who is out of reach, now."""

    DANGER_TO_LIFE_OR_HEALTH = "danger-to-life-or-health"
    VIOLENCE_OR_THREAT = "violence-or-threat"
    MINOR_AT_RISK = "minor-at-risk"
    UNABLE_TO_CONSENT = "unable-to-consent"
    REQUEST_OF_AN_AUTHORITY = "request-of-an-authority"


class EmergencyOutcome(StrEnum):
    """What whoever reviewed an emergency access found."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not-justified"


class EmergencyQueue(StrEnum):
    """The lists of emergency accesses; one that is open waits for its review already."""

    TO_REVIEW = "to-review"
    OPEN = "open"
    REVIEWED = "reviewed"
    NOBODY_FOUND = "nobody-found"


class HouseholdMember(Resource):
    """Somebody who lives with the person, known by date of birth alone."""

    birth_date: date


class PersonDetails(Resource):
    """What is asked when a person is registered."""

    given_name: Name
    family_name: Name
    birth_date: date
    gender: Gender
    citizenships: Annotated[
        tuple[Country, ...], Many(maximum=4, about="Empty for a stateless person")
    ] = ()
    birth_country: Country
    mother_tongue: LanguageTag
    language: Annotated[LanguageTag, About("The language to speak and write to the person in")]
    municipality: Municipality
    resident: Annotated[bool, About("Registered as resident in the municipality")] = True
    studied_abroad: bool = False
    parent_born_abroad: bool = False
    permit_allows_traineeship: Annotated[
        bool, About("Nothing else about the permit is recorded")
    ] = True
    in_charge_public_service: bool = False
    safe_contact: SafeContact = SafeContact.ANY
    tax_code: TaxCode | None = None
    phone: Phone | None = None
    email: Email | None = None
    household: Annotated[tuple[HouseholdMember, ...], Many(maximum=20)] = ()


class Person(Resource):
    """A registered person, with the personal data."""

    person_id: UUID
    agency_id: UUID
    version: int
    registered_at: datetime
    details: Annotated[
        PersonDetails,
        About("The tax code is shown by get_person alone: no list and no repeated answer holds it"),
    ]
    tax_code_kind: TaxCodeKind = TaxCodeKind.ABSENT
    tax_code_remarks: tuple[TaxCodeRemark, ...] = ()


class PersonPage(Resource):
    """Persons in the caller's reach, newest first."""

    items: tuple[Person, ...]
    next_cursor: str | None = None


class PersonName(Resource):
    """By what a list tells one person from another."""

    person_id: UUID
    given_name: Name
    family_name: Name
    birth_date: date


class PersonNames(Resource):
    """The names in the caller's reach, in the order in which they were asked for."""

    items: tuple[PersonName, ...]


class Duplicate(Resource):
    """Somebody of the caller's agency who may be the person at the desk."""

    person_id: UUID
    given_name: Name
    family_name: Name
    birth_date: date
    score: Annotated[int, About("From 0 to 100: how much speaks for it")]
    grounds: tuple[DuplicateGround, ...]


class Duplicates(Resource):
    """Whoever may be the person at the desk, the likeliest first."""

    items: tuple[Duplicate, ...]


class Case(Resource):
    """The work of an agency with a person."""

    case_id: UUID
    person_id: UUID
    agency_id: UUID
    worker_id: Annotated[UUID, About("The lead: who opened the case, until another is named")]
    members: Annotated[
        tuple[UUID, ...], About("Colleagues who work on the case beside the lead")
    ] = ()
    version: Annotated[int, About("Send it back with the next change")] = 1
    state: CaseState
    opened_at: datetime

    @property
    def team(self) -> frozenset[UUID]:
        """The lead and the members: who may see what is only for those who work on the case."""
        return frozenset({self.worker_id, *self.members})


class CasePage(Resource):
    """The cases of a person."""

    items: tuple[Case, ...]


LARGEST_SHEET = 6_000_000
"""In bytes: a photograph of a telephone, and as base64 half of what a broker takes in a message."""

_SHEET_ON_ITS_WAY = LARGEST_SHEET * 4 // 3 + 10_000
"""In base64, with the rest of the request."""

SheetContent = Annotated[bytes, Size(maximum=LARGEST_SHEET)]


class SignedSheet(Resource):
    """That the signed sheet of a consent is kept, without what stands on it."""

    media_type: SheetMedia
    size: Annotated[int, About("In bytes")]
    digest: Annotated[str, About("SHA-256 of the content, in hex")]
    added_at: datetime
    added_by: Annotated[UUID, About("The user who added it")]


class ShownSheet(Resource):
    """The signed sheet of a consent."""

    media_type: SheetMedia
    content: SheetContent


class Consent(Resource):
    """The person's authorisation to share data with a recipient, until it ends."""

    consent_id: UUID
    person_id: UUID
    recipient_id: Annotated[
        UUID | None, About("An agency; absent means every agency of the pact")
    ] = None
    purpose: Purpose
    categories: tuple[DataCategory, ...]
    state: ConsentState
    granted_at: datetime
    expires_on: Annotated[date, About("The last day on which it holds, in Italy")]
    withdrawn_at: datetime | None = None
    sheet: Annotated[
        SignedSheet | None, About("Which sheet is kept that the person signed; get it apart")
    ] = None


class ConsentPage(Resource):
    """The consents of a person, newest first."""

    items: tuple[Consent, ...]


class Registration(Resource):
    """Which agency a person's data belong to, without any of them."""

    person_id: UUID
    agency_id: UUID


class SharedIdentity(Resource):
    """Who the person is, as far as a consent to share identity shows it."""

    given_name: Name
    family_name: Name
    birth_date: date
    gender: Gender
    language: Annotated[LanguageTag, About("The language to speak and write to the person in")]
    municipality: Municipality


class SharedContacts(Resource):
    """How to reach the person, as far as a consent to share contacts shows it."""

    safe_contact: Annotated[
        SafeContact, About("The rule to keep; with never, neither phone nor e-mail is shown")
    ]
    phone: Phone | None = None
    email: Email | None = None


class SharedPerson(Resource):
    """What a referral shows of a person to the agency that received it."""

    person_id: UUID
    referral_id: UUID
    shared: Annotated[
        tuple[DataCategory, ...],
        About("What live consents let be shown here; a category not named is not shared"),
    ]
    identity: SharedIdentity | None = None
    contacts: SharedContacts | None = None


class EmergencyAccess(Resource):
    """That somebody opened a person of another agency in an emergency, or looked for one in vain.

    Only whoever opened it reads by it, for the agency they acted for, and only until it ends.
    """

    access_id: UUID
    person_id: Annotated[UUID | None, About("Absent where nobody was found")] = None
    registering_agency_id: Annotated[
        UUID | None, About("The agency that registered the person, whose coordinator reviews it")
    ] = None
    user_id: UUID
    agency_id: Annotated[UUID, About("The agency for which the user acted")]
    reason: EmergencyReason
    note: Annotated[str | None, Text(maximum=300)] = None
    opened_at: datetime
    ends_at: Annotated[
        datetime | None, About("Sooner where a review finds it not justified; absent as the person")
    ] = None
    outcome: EmergencyOutcome | None = None
    reviewed_at: datetime | None = None
    reviewed_by: UUID | None = None
    review_note: Annotated[str | None, Text(maximum=300)] = None


class EmergencyAccesses(Resource):
    """Emergency accesses of the caller, newest first; one for each person who was found."""

    items: tuple[EmergencyAccess, ...]


class EmergencyAccessPage(Resource):
    """Emergency accesses for whoever reviews them, newest first."""

    items: tuple[EmergencyAccess, ...]
    to_review: Annotated[int, About("How many in the caller's reach wait for a review")]
    next_cursor: str | None = None


class EmergencyPerson(Resource):
    """What an emergency access shows of a person, and until when; nothing of it can be changed."""

    access_id: UUID
    person_id: UUID
    ends_at: datetime
    agency_id: Annotated[UUID, About("The agency that registered the person")]
    details: Annotated[
        PersonDetails,
        About("Without the tax code and, of whom nobody may contact, without telephone and e-mail"),
    ]
    cases: Annotated[tuple[Case, ...], About("Those of the agency that registered the person")]
    consents: Annotated[
        tuple[Consent, ...],
        About("Those that hold today; one that covers safety is left out"),
    ]


class RegisterPerson(
    Command[Person], service="intake", method="register_person", permission="person:register"
):
    """Register a person with the caller's agency."""

    details: PersonDetails


class CorrectPerson(
    Command[Person], service="intake", method="correct_person", permission="person:register"
):
    """Put the details of a person right; they are given whole, as in a registration."""

    person_id: UUID
    version: int
    details: PersonDetails


class GetPerson(Query[Person], service="intake", method="get_person", permission="person:read"):
    """Show one person."""

    person_id: UUID


class GetSharedPerson(
    Query[SharedPerson],
    service="intake",
    method="get_shared_person",
    permission="referral:read",
):
    """Show the receiving agency what the person's live consents let a referral show."""

    referral_id: UUID


class FindPeople(
    Query[PersonPage], service="intake", method="find_people", permission="person:read"
):
    """Search persons; every criterion given must fit."""

    name: Annotated[str | None, Text(maximum=160, about="Part of given or family name")] = None
    birth_date: date | None = None
    tax_code: TaxCode | None = None
    cursor: Annotated[str | None, Text(maximum=200)] = None
    limit: Annotated[int, Number(minimum=1, maximum=100)] = 20


class FindDuplicates(
    Query[Duplicates], service="intake", method="find_duplicates", permission="person:register"
):
    """Look whether the person at the desk is registered with the agency already."""

    given_name: Name
    family_name: Name
    birth_date: date
    tax_code: TaxCode | None = None
    phone: Phone | None = None


class ListNames(
    Query[PersonNames], service="intake", method="list_names", permission="person:read"
):
    """Name the persons of a page: one's own, and those whose identity a referral shares.

    Who is out of reach is left out. The second part takes the permission referral:read as well.
    """

    person_ids: Annotated[tuple[UUID, ...], Many(minimum=1, maximum=100)]


class GetScreeningContext(
    Query[ScreeningContext],
    service="intake",
    method="get_screening_context",
    permission="person:read",
):
    """Show the coded facts about a person that a screening starts from."""

    person_id: UUID


class OpenCase(Command[Case], service="intake", method="open_case", permission="case:open"):
    """Open a case for a person; the caller becomes the lead of its team."""

    person_id: UUID


class SetCaseTeam(
    Command[Case], service="intake", method="set_case_team", permission="team:change"
):
    """Say who works on a case; the team is given whole.

    The lead may, and whoever answers for the agency. Everybody named works for that agency.
    """

    person_id: UUID
    case_id: UUID
    version: int
    worker_id: Annotated[UUID, About("The lead")]
    members: Annotated[
        tuple[UUID, ...], Many(maximum=50, about="Colleagues beside the lead, by their user ids")
    ] = ()


class ListCases(Query[CasePage], service="intake", method="list_cases", permission="case:read"):
    """Show the cases of a person."""

    person_id: UUID


class RecordConsent(
    Command[Consent], service="intake", method="record_consent", permission="consent:record"
):
    """Record that the person authorises sharing."""

    person_id: UUID
    recipient_id: UUID | None = None
    purpose: Purpose
    categories: Annotated[tuple[DataCategory, ...], Many(minimum=1, maximum=4)]
    expires_on: date


class WithdrawConsent(
    Command[Consent], service="intake", method="withdraw_consent", permission="consent:record"
):
    """Record that the person withdraws an authorisation."""

    person_id: UUID
    consent_id: UUID


class RecordSignedSheet(
    Command[SignedSheet],
    service="intake",
    method="record_signed_sheet",
    permission="consent:record",
    largest=_SHEET_ON_ITS_WAY,
):
    """Keep the sheet on which the person signed a consent, instead of any kept before."""

    person_id: UUID
    consent_id: UUID
    content: SheetContent
    declared: Annotated[
        SheetMedia | None, About("What the sender takes it for; what it is decides itself")
    ] = None


class GetSignedSheet(
    Query[ShownSheet], service="intake", method="get_signed_sheet", permission="person:read"
):
    """Show the sheet on which the person signed a consent, name and all."""

    person_id: UUID
    consent_id: UUID


class ListConsents(
    Query[ConsentPage], service="intake", method="list_consents", permission="consent:read"
):
    """Show the consents of a person."""

    person_id: UUID


class GetRegistration(
    Query[Registration],
    service="intake",
    method="get_registration",
    permission="accesses:read",
):
    """Show which agency registered a person, to whoever may know who looked at them."""

    person_id: UUID


class OpenEmergencyAccess(
    Command[EmergencyAccesses],
    service="intake",
    method="open_emergency_access",
    permission="emergency:open",
):
    """Open a person of another agency in an emergency, by exact data: all that is given must fit.

    It takes given name, family name and birth date together, or a tax code, or a telephone number.
    The answer is empty where nobody fits. Every attempt is kept, counted and shown to reviewers.
    """

    reason: EmergencyReason
    given_name: Name | None = None
    family_name: Name | None = None
    birth_date: date | None = None
    tax_code: TaxCode | None = None
    phone: Phone | None = None
    note: Annotated[
        str | None, Text(maximum=300, about="What happened, for the reviewer; names nobody")
    ] = None


class ListOwnEmergencyAccesses(
    Query[EmergencyAccesses],
    service="intake",
    method="list_own_emergency_accesses",
    permission="emergency:open",
):
    """Show the caller's emergency accesses that are open now."""


class GetEmergencyPerson(
    Query[EmergencyPerson],
    service="intake",
    method="get_emergency_person",
    permission="emergency:open",
):
    """Show the person of an emergency access to whoever opened it, until it ends."""

    access_id: UUID


class ListEmergencyAccesses(
    Query[EmergencyAccessPage],
    service="intake",
    method="list_emergency_accesses",
    permission="emergency:review",
):
    """Show one list of emergency accesses: to the own agency's persons, or of the network."""

    queue: EmergencyQueue = EmergencyQueue.TO_REVIEW
    cursor: Annotated[str | None, Text(maximum=200)] = None
    limit: Annotated[int, Number(minimum=1, maximum=100)] = 20


class ReviewEmergencyAccess(
    Command[EmergencyAccess],
    service="intake",
    method="review_emergency_access",
    permission="emergency:review",
):
    """Say whether an emergency access was justified; one that was not ends at once.

    Nobody reviews what they opened themselves.
    """

    access_id: UUID
    outcome: EmergencyOutcome
    note: Annotated[str | None, Text(maximum=300, about="Why; names nobody")] = None


@dataclass(frozen=True, kw_only=True)
class PersonFact:
    """What every event about a registered person carries: coded facts only."""

    person_id: UUID
    agency_id: UUID
    gender: Gender
    migratory_background: bool
    municipality: Municipality
    language: LanguageTag


class PersonRegistered(
    PersonFact, Event, type="person.registered.v1", source="intake", subject="person_id"
):
    """A person was registered; coded facts only."""


class PersonCorrected(
    PersonFact, Event, type="person.corrected.v1", source="intake", subject="person_id"
):
    """Coded facts about a person were corrected; all of them as they are now."""


class CaseOpened(Event, type="case.opened.v1", source="intake", subject="person_id"):
    """An agency opened a case for a person."""

    case_id: UUID
    person_id: UUID
    agency_id: UUID
    worker_id: UUID


class CaseStaffed(Event, type="case.staffed.v1", source="intake", subject="person_id"):
    """Who works on a case, now; told from its opening on."""

    case_id: UUID
    person_id: UUID
    agency_id: UUID
    team: Annotated[tuple[UUID, ...], About("The lead and the members, in no order")]


class ConsentGranted(Event, type="consent.granted.v1", source="intake", subject="person_id"):
    """A person authorised sharing."""

    consent_id: UUID
    person_id: UUID
    agency_id: UUID
    recipient_id: UUID | None = None
    purpose: Purpose
    categories: tuple[DataCategory, ...]
    expires_on: date


class ConsentWithdrawn(Event, type="consent.withdrawn.v1", source="intake", subject="person_id"):
    """A person withdrew an authorisation to share."""

    consent_id: UUID
    person_id: UUID
    agency_id: UUID


class EmergencyAccessOpened(
    Event, type="emergency_access.opened.v1", source="intake", subject="access_id"
):
    """Somebody opened a person of another agency in an emergency.

    That there was one says something about the person's safety: it is always restricted.
    """

    access_id: UUID
    person_id: UUID
    registering_agency_id: UUID
    user_id: UUID
    agency_id: UUID
    reason: EmergencyReason
    ends_at: datetime
    safety: bool = True


class EmergencyAccessReviewed(
    Event, type="emergency_access.reviewed.v1", source="intake", subject="access_id"
):
    """Whoever watches over a person's data has judged an emergency access; always restricted."""

    access_id: UUID
    person_id: UUID
    registering_agency_id: UUID
    user_id: UUID
    agency_id: UUID
    reviewed_by: UUID
    outcome: EmergencyOutcome
    ends_at: datetime
    safety: bool = True
