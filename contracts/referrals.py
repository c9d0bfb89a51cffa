"""Needs that a screening opened, and the referrals (attempts) that try to meet them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from contracts.language import (
    About,
    Code,
    Command,
    Event,
    LanguageTag,
    Many,
    Municipality,
    Number,
    Query,
    Resource,
    Text,
)
from contracts.pathways import RefusalReason


class NeedState(StrEnum):
    """FHIR's words for a service request."""

    ACTIVE = "active"
    COMPLETED = "completed"
    REVOKED = "revoked"


class ReferralState(StrEnum):
    """FHIR's words for a task, with underscores; nothing leaves the last five."""

    DRAFT = "draft"
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered_in_error"


class Mode(StrEnum):
    """How much accompaniment a need asks for, from its level."""

    INFORMATION = "information"
    WARM = "warm"
    PRIORITY = "priority"


class RejectionReason(StrEnum):
    """Why a recipient says no."""

    NO_CAPACITY = "no-capacity"
    WAITLIST_ONLY = "waitlist-only"
    NOT_ELIGIBLE = "not-eligible"
    OUT_OF_AREA = "out-of-area"
    MISSING_DOCUMENTS = "missing-documents"
    ALREADY_SERVED = "already-served"
    WRONG_SERVICE = "wrong-service"
    INSUFFICIENT_INFORMATION = "insufficient-information"
    SAFETY = "safety"


class CancellationReason(StrEnum):
    """Why an open referral is ended by either side."""

    PERSON_DECLINED = "person-declined"
    NO_LONGER_NEEDED = "no-longer-needed"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    COULD_NOT_CONTACT = "could-not-contact"
    LEFT_TERRITORY = "left-territory"
    SENT_BY_MISTAKE = "sent-by-mistake"


class FailureReason(StrEnum):
    """Why an accepted referral came to nothing."""

    COULD_NOT_CONTACT = "could-not-contact"
    NO_SHOW = "no-show"
    NOT_ELIGIBLE_AFTER_ASSESSMENT = "not-eligible-after-assessment"
    LEFT_TERRITORY = "left-territory"


class ReferralOutcome(StrEnum):
    """What a completed referral gave the person."""

    SERVICE_RECEIVED = "service-received"
    ENROLLED = "enrolled"
    ENROLLED_WAITLIST = "enrolled-waitlist"
    REFERRED_ELSEWHERE = "referred-elsewhere"
    PARTIAL = "partial"


class NeedOutcome(StrEnum):
    """What the referrer found when closing the loop."""

    MET = "met"
    PARTLY_MET = "partly-met"
    NOT_MET = "not-met"
    NO_LONGER_NEEDED = "no-longer-needed"


class Blocker(StrEnum):
    """Why a draft was not sent at once."""

    DECISION = "decision"
    CONSENT = "consent"
    SERVICE = "service"


class Ground(StrEnum):
    """What told the chosen service from the next best one."""

    ONLY_CANDIDATE = "only-candidate"
    LANGUAGE = "language"
    SPECIFICITY = "specificity"
    LOAD = "load"
    TIE = "tie"
    WORKER = "worker"


class Obstacle(StrEnum):
    """Why a service does not fit a need, or that there is none."""

    NO_SERVICE = "no-service"
    OTHER_CATEGORY = "other-category"
    INACTIVE = "inactive"
    STALE = "stale"
    OUT_OF_AREA = "out-of-area"
    AREA_UNKNOWN = "area-unknown"


class ReferralQueue(StrEnum):
    """Why a referral waits for the caller's agency."""

    TO_ANSWER = "to-answer"
    CONTACT_DUE = "contact-due"
    TO_DECIDE = "to-decide"
    AWAITING_CONSENT = "awaiting-consent"
    AWAITING_SERVICE = "awaiting-service"


class NeedQueue(StrEnum):
    """Why an active need without an open attempt waits for its agency."""

    TO_CLOSE = "to-close"
    WITHOUT_SERVICE = "without-service"


class Referral(Resource):
    """One attempt to have a need met by one service."""

    referral_id: UUID
    need_id: UUID
    person_id: UUID
    screening_id: UUID
    category: Code
    mode: Mode
    state: ReferralState
    from_agency_id: UUID
    to_agency_id: UUID
    service_id: UUID
    blocked_by: Blocker | None = None
    reason: Code | None = None
    outcome: ReferralOutcome | None = None
    first_contact_on: date | None = None
    replaces: Annotated[UUID | None, About("The attempt that this one follows")] = None
    chosen_by: Annotated[Ground, About("Why this service and not the next best one")]
    sent_at: Annotated[datetime | None, About("Absent for what the recipient never saw")] = None
    sharing_suspended: Annotated[
        bool, About("The consent was withdrawn: the recipient may end it, but not go on")
    ] = False
    safety: bool = False
    version: int
    created_at: datetime
    changed_at: datetime


class ReferralPage(Resource):
    """Referrals in the caller's reach, newest first."""

    items: tuple[Referral, ...]
    next_cursor: str | None = None


class Need(Resource):
    """Something the person needs, with the attempts made so far, oldest first."""

    need_id: UUID
    person_id: UUID
    screening_id: UUID
    agency_id: UUID
    category: Code
    domains: tuple[Code, ...]
    mode: Mode
    state: NeedState
    decision: Code
    reason: Code | None = None
    refusal_reason: Annotated[Code | None, About("What the person said when refusing")] = None
    outcome: NeedOutcome | None = None
    unmatched: Annotated[
        tuple[Obstacle, ...], About("Why no service fits; empty once there was a referral")
    ] = ()
    safety: bool = False
    opened_at: datetime
    closed_at: datetime | None = None
    referrals: tuple[Referral, ...]


class NeedPage(Resource):
    """Needs in the caller's reach, newest first."""

    items: tuple[Need, ...]
    next_cursor: str | None = None


class WantedArea(Resource):
    """A category for which a service is looked for."""

    category: Code
    safety: Annotated[bool, About("Only answers of the safety domain suggest it")] = False


class Candidate(Resource):
    """A service that fits."""

    service_id: UUID
    organization_id: UUID
    ground: Annotated[
        Ground, About("Of the first one: why it is; of another: what the first has ahead of it")
    ]
    covered: Annotated[
        bool | None,
        About("Whether the person's consents allow to ask it today; absent without a person"),
    ] = None


class Misfit(Resource):
    """A service of the category that does not fit, with everything that stands against it."""

    service_id: UUID
    organization_id: UUID
    obstacles: tuple[Obstacle, ...]


class AreaMatches(Resource):
    """Who would be asked about one category, who else could be, and who could not."""

    category: Code
    fitting: Annotated[tuple[Candidate, ...], About("Best first: the first one is asked")]
    unfit: Annotated[tuple[Misfit, ...], About("Those with the fewest obstacles first")]
    left_out: Annotated[int, About("How many more services there are than are shown")]
    unmatched: Annotated[
        tuple[Obstacle, ...], About("Why no service fits; empty when one does")
    ] = ()


class Matches(Resource):
    """What would be found for each category, in the order in which they were asked."""

    items: tuple[AreaMatches, ...]


class Worklist(Resource):
    """How much waits for the caller's agency, queue by queue; every queue is named."""

    referrals: Annotated[
        dict[ReferralQueue, int],
        Many(maximum=len(ReferralQueue), about="By the queue that lists exactly these referrals"),
    ]
    needs: Annotated[
        dict[NeedQueue, int],
        Many(maximum=len(NeedQueue), about="By the queue that lists exactly these needs"),
    ]


class ListReferrals(
    Query[ReferralPage], service="referrals", method="list_referrals", permission="referral:read"
):
    """Show the referrals that the caller's agency sent or received, or those of a person."""

    person_id: UUID | None = None
    screening_id: UUID | None = None
    direction: Literal["sent", "received", "any"] = "any"
    state: ReferralState | None = None
    queue: Annotated[
        ReferralQueue | None, About("What waits for the caller's agency, as the worklist counts it")
    ] = None
    cursor: Annotated[str | None, Text(maximum=200)] = None
    limit: Annotated[int, Number(minimum=1, maximum=100)] = 20


class GetReferral(
    Query[Referral], service="referrals", method="get_referral", permission="referral:read"
):
    """Show one referral."""

    referral_id: UUID


class ListNeeds(
    Query[NeedPage], service="referrals", method="list_needs", permission="referral:read"
):
    """Show the needs of a person or of a screening; only the referring side sees needs."""

    person_id: UUID | None = None
    screening_id: UUID | None = None
    state: NeedState | None = None
    queue: Annotated[
        NeedQueue | None, About("What waits for the caller's agency, as the worklist counts it")
    ] = None
    cursor: Annotated[str | None, Text(maximum=200)] = None
    limit: Annotated[int, Number(minimum=1, maximum=100)] = 50


class ExplainMatches(
    Query[Matches], service="referrals", method="explain_matches", permission="referral:read"
):
    """Show which services would be asked if the person agreed now, and why not the others.

    With a person it also tells which of them the person's consents cover. A category for which the
    person has an active need already is explained like any other, though completing a screening
    confirms that need and seeks no other service.
    """

    areas: Annotated[tuple[WantedArea, ...], Many(minimum=1, maximum=30)]
    municipality: Annotated[
        Municipality | None, About("Where the person lives; without it no service is near enough")
    ] = None
    language: Annotated[LanguageTag | None, About("A language that the person speaks")] = None
    person_id: UUID | None = None


class GetWorklist(
    Query[Worklist], service="referrals", method="get_worklist", permission="referral:read"
):
    """Count what waits for the caller's agency."""


class SendReferral(
    Command[Referral], service="referrals", method="send_referral", permission="referral:send"
):
    """Send a draft; the person agreed and a live consent covers the recipient."""

    referral_id: UUID


class AcceptReferral(
    Command[Referral], service="referrals", method="accept_referral", permission="referral:answer"
):
    """Say yes as the receiving agency, with the day of the expected first contact."""

    referral_id: UUID
    first_contact_on: date


class RejectReferral(
    Command[Referral], service="referrals", method="reject_referral", permission="referral:answer"
):
    """Say no as the receiving agency, with a reason; the need stays open."""

    referral_id: UUID
    reason: RejectionReason


class CancelReferral(
    Command[Referral], service="referrals", method="cancel_referral", permission="referral:read"
):
    """End an open referral from either side."""

    referral_id: UUID
    reason: CancellationReason


class StartReferral(
    Command[Referral], service="referrals", method="start_referral", permission="referral:answer"
):
    """Record the first real contact."""

    referral_id: UUID
    first_contact_on: date


class CompleteReferral(
    Command[Referral], service="referrals", method="complete_referral", permission="referral:answer"
):
    """Record what the person received."""

    referral_id: UUID
    outcome: ReferralOutcome


class FailReferral(
    Command[Referral], service="referrals", method="fail_referral", permission="referral:answer"
):
    """Record that an accepted referral came to nothing."""

    referral_id: UUID
    reason: FailureReason


class RerouteNeed(
    Command[Referral], service="referrals", method="reroute_need", permission="referral:send"
):
    """Try another service for an open need without an open attempt."""

    need_id: UUID
    service_id: UUID


class DecideNeed(
    Command[Need], service="referrals", method="decide_need", permission="referral:send"
):
    """Record what the person decided about a need after the screening.

    A yes sends the draft that waited for it, or lets it wait for a consent or a service alone. A no
    calls back what no recipient has accepted, and ends the need.
    """

    need_id: UUID
    decision: Literal["agreed", "refused"]
    reason: Annotated[RefusalReason | None, About("Required when refused, else absent")] = None


class CloseNeed(
    Command[Need], service="referrals", method="close_need", permission="referral:send"
):
    """Close the loop: the referrer has read the outcome and asked the person."""

    need_id: UUID
    outcome: NeedOutcome


@dataclass(frozen=True, kw_only=True)
class ReferralFact:
    """What every referral event carries: ids and codes."""

    referral_id: UUID
    need_id: UUID
    person_id: UUID
    screening_id: UUID
    from_agency_id: UUID
    to_agency_id: UUID
    service_id: UUID
    category: Code
    mode: Mode
    state: ReferralState
    reason: Code | None = None
    outcome: ReferralOutcome | None = None
    safety: bool = False


class ReferralDrafted(
    ReferralFact, Event, type="referral.drafted.v1", source="referrals", subject="referral_id"
):
    """A referral waits for the worker or for a consent."""


class ReferralRequested(
    ReferralFact,
    Event,
    type="referral.requested.v1",
    source="referrals",
    subject="referral_id",
    partners=True,
):
    """A referral was sent to the receiving agency."""


class ReferralAccepted(
    ReferralFact,
    Event,
    type="referral.accepted.v1",
    source="referrals",
    subject="referral_id",
    partners=True,
):
    """The receiving agency said yes."""


class ReferralRejected(
    ReferralFact,
    Event,
    type="referral.rejected.v1",
    source="referrals",
    subject="referral_id",
    partners=True,
):
    """The receiving agency said no."""


class ReferralCancelled(
    ReferralFact,
    Event,
    type="referral.cancelled.v1",
    source="referrals",
    subject="referral_id",
    partners=True,
):
    """An open referral was ended by one side."""


class ReferralDiscarded(
    ReferralFact, Event, type="referral.discarded.v1", source="referrals", subject="referral_id"
):
    """A draft was ended before its recipient, or any partner, learned of it."""


class ReferralStarted(
    ReferralFact,
    Event,
    type="referral.started.v1",
    source="referrals",
    subject="referral_id",
    partners=True,
):
    """The receiving agency met the person."""


class ReferralCompleted(
    ReferralFact,
    Event,
    type="referral.completed.v1",
    source="referrals",
    subject="referral_id",
    partners=True,
):
    """The person received something from the service."""


class ReferralFailed(
    ReferralFact,
    Event,
    type="referral.failed.v1",
    source="referrals",
    subject="referral_id",
    partners=True,
):
    """An accepted referral came to nothing."""


@dataclass(frozen=True, kw_only=True)
class NeedFact:
    """What every need event carries."""

    need_id: UUID
    person_id: UUID
    screening_id: UUID
    agency_id: UUID
    category: Code
    mode: Mode
    state: NeedState
    outcome: NeedOutcome | None = None
    reason: Code | None = None
    safety: bool = False


class NeedOpened(NeedFact, Event, type="need.opened.v1", source="referrals", subject="need_id"):
    """A screening found a need."""


class NeedAgreed(NeedFact, Event, type="need.agreed.v1", source="referrals", subject="need_id"):
    """The person, undecided at the screening, agreed to have the need met."""


class NeedClosed(NeedFact, Event, type="need.closed.v1", source="referrals", subject="need_id"):
    """The loop was closed, or the person declined."""
