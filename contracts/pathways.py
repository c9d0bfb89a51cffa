"""Pathways of accompaniment: what is offered, and where each person stands with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from contracts.language import (
    Category,
    Code,
    Command,
    DomainError,
    Event,
    Number,
    Query,
    Resource,
    Text,
)


class EnrolmentState(StrEnum):
    """Where a person stands with a pathway; nothing leaves the last two."""

    PROPOSED = "proposed"
    WAITING_LIST = "waiting_list"
    ENROLLED = "enrolled"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RefusalReason(StrEnum):
    """Why a person does not want a suggestion."""

    NOT_INTERESTED = "not-interested"
    NOT_NOW = "not-now"
    ALREADY_SERVED = "already-served"
    CARE_DUTIES = "care-duties"
    DISTANCE = "distance"
    PREFERS_NOT_TO_SAY = "prefers-not-to-say"


class EnrolmentMoveImpossible(
    DomainError, category=Category.CONFLICT, slug="enrolment-move-impossible"
):
    """From where the person stands with the pathway, this step does not exist."""


class PathwayNotOffered(DomainError, category=Category.CONFLICT, slug="pathway-not-offered"):
    """The network does not offer this pathway, so nobody can be enrolled in it."""


class Enrolment(Resource):
    """A person's place, or wish for one, in a pathway."""

    enrolment_id: UUID
    person_id: UUID
    screening_id: UUID
    agency_id: UUID
    pathway: Code
    state: EnrolmentState
    reason: Code | None = None
    waiting_position: int | None = None
    safety: bool = False
    version: int
    created_at: datetime
    changed_at: datetime


class EnrolmentPage(Resource):
    """Enrolments in the caller's reach, newest first."""

    items: tuple[Enrolment, ...]
    next_cursor: str | None = None


class Offer(Resource):
    """A pathway as the network offers it, with its places."""

    pathway: Code
    name_it: Annotated[str, Text(maximum=120)]
    name_en: Annotated[str, Text(maximum=120)]
    places: int | None = None
    enrolled: int
    waiting: int
    valid_from: date
    source: Annotated[str, Text(maximum=300)]


class OfferPage(Resource):
    """Every pathway on offer."""

    items: tuple[Offer, ...]


class ListEnrolments(
    Query[EnrolmentPage], service="pathways", method="list_enrolments", permission="pathway:read"
):
    """Show enrolments: those of a person, of a screening or of a pathway."""

    person_id: UUID | None = None
    screening_id: UUID | None = None
    pathway: Code | None = None
    state: EnrolmentState | None = None
    cursor: Annotated[str | None, Text(maximum=200)] = None
    limit: Annotated[int, Number(minimum=1, maximum=100)] = 50


class EnrolPerson(
    Command[Enrolment], service="pathways", method="enrol_person", permission="pathway:decide"
):
    """Enrol a person in a proposed pathway: a place if there is one, else the waiting list."""

    enrolment_id: UUID


class RefusePathway(
    Command[Enrolment], service="pathways", method="refuse_pathway", permission="pathway:decide"
):
    """Record that the person does not want the pathway."""

    enrolment_id: UUID
    reason: RefusalReason


class WithdrawEnrolment(
    Command[Enrolment], service="pathways", method="withdraw_enrolment", permission="pathway:decide"
):
    """Give a place back; the first of the waiting list takes it."""

    enrolment_id: UUID


class ListOffers(
    Query[OfferPage], service="pathways", method="list_offers", permission="pathway:read"
):
    """Show every pathway with its places."""


class SetPlaces(
    Command[Offer], service="pathways", method="set_places", permission="pathway:offer"
):
    """Change how many places a pathway has; new places go to the waiting list first."""

    pathway: Code
    places: Annotated[int | None, Number(minimum=0, maximum=100_000)] = None


@dataclass(frozen=True, kw_only=True)
class EnrolmentFact:
    """What every enrolment event carries: ids and codes."""

    enrolment_id: UUID
    person_id: UUID
    screening_id: UUID
    agency_id: UUID
    pathway: Code
    state: EnrolmentState
    reason: Code | None = None
    safety: bool = False


class EnrolmentProposed(
    EnrolmentFact, Event, type="enrolment.proposed.v1", source="pathways", subject="enrolment_id"
):
    """A pathway fits the person and waits for a decision."""


class EnrolmentConfirmed(
    EnrolmentFact, Event, type="enrolment.confirmed.v1", source="pathways", subject="enrolment_id"
):
    """The person has a place."""


class EnrolmentWaitlisted(
    EnrolmentFact, Event, type="enrolment.waitlisted.v1", source="pathways", subject="enrolment_id"
):
    """The person waits for a place."""


class EnrolmentRefused(
    EnrolmentFact, Event, type="enrolment.refused.v1", source="pathways", subject="enrolment_id"
):
    """The person does not want the pathway."""


class EnrolmentWithdrawn(
    EnrolmentFact, Event, type="enrolment.withdrawn.v1", source="pathways", subject="enrolment_id"
):
    """A place was given back."""
