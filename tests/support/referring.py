"""Needs, referrals, services, consents and the events about them, for tests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from chassis.clock import new_id
from contracts.access import Principal, Role
from contracts.catalogue import AccessMode, ServicePublished, ServiceStatus
from contracts.intake import ConsentGranted, ConsentWithdrawn, DataCategory, Purpose
from contracts.referrals import Blocker, Ground, Mode, NeedState, Referral, ReferralState
from contracts.screening import (
    CitizenshipGroup,
    Decision,
    Profile,
    ScreeningCompleted,
    ScreeningContext,
    ScreeningMode,
    SuggestedArea,
)
from services.referrals.domain.consent import Grant
from services.referrals.domain.matching import Service, Wish
from services.referrals.domain.needs import Need

NOW: Final = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
TODAY: Final = NOW.date()
YESTERDAY: Final = TODAY - timedelta(days=1)
NEXT_YEAR: Final = TODAY + timedelta(days=365)
ORBASSANO: Final = "001171"
RIVALTA: Final = "001214"
SENDER: Final = UUID("01920000-0000-7000-8000-0000000000a1")
RECIPIENT: Final = UUID("01920000-0000-7000-8000-0000000000a2")
STRANGER: Final = UUID("01920000-0000-7000-8000-0000000000a3")
ENOUGH: Final = (DataCategory.IDENTITY, DataCategory.NEEDS)
WITH_SAFETY: Final = (*ENOUGH, DataCategory.SAFETY)


def a_principal(agency_id: UUID = SENDER, *roles: Role) -> Principal:
    """Return a caller; a case worker, unless roles are given."""
    return Principal(user_id=new_id(), agency_id=agency_id, roles=roles or (Role.CASE_WORKER,))


CONDUCTING: Final = a_principal()
"""Who conducts the screenings, unless another is named."""


def a_service(**details: Any) -> Service:
    """Return a service of the recipient that fits the usual wish."""
    usual: dict[str, Any] = {
        "service_id": new_id(),
        "organization_id": RECIPIENT,
        "status": ServiceStatus.ACTIVE,
        "categories": ("LIN.2",),
        "municipalities": (ORBASSANO,),
        "languages": ("it",),
        "review_due_on": NEXT_YEAR,
    }
    return Service(**{**usual, **details})


def a_wish(**details: Any) -> Wish:
    """Return the usual wish: a course of Italian in Orbassano for who speaks French."""
    usual: dict[str, Any] = {"category": "LIN.2", "municipality": ORBASSANO, "language": "fr"}
    return Wish(**{**usual, **details})


def a_grant(**details: Any) -> Grant:
    """Return a live consent for the whole network."""
    usual: dict[str, Any] = {
        "consent_id": new_id(),
        "recipient_id": None,
        "purpose": Purpose.REFERRAL,
        "categories": frozenset(ENOUGH),
        "expires_on": NEXT_YEAR,
    }
    return Grant(**{**usual, **details})


def a_need(**details: Any) -> Need:
    """Return an active need of the sender, agreed with the person."""
    usual: dict[str, Any] = {
        "need_id": new_id(),
        "person_id": new_id(),
        "screening_id": new_id(),
        "agency_id": SENDER,
        "category": "LIN.2",
        "domains": ("LIN",),
        "mode": Mode.WARM,
        "state": NeedState.ACTIVE,
        "decision": Decision.AGREED,
        "safety": False,
        "municipality": ORBASSANO,
        "language": "fr",
        "opened_at": NOW,
    }
    return Need(**{**usual, **details})


def a_referral(state: ReferralState = ReferralState.REQUESTED, **details: Any) -> Referral:
    """Return a referral from the sender to the recipient in a state."""
    draft = state is ReferralState.DRAFT
    usual: dict[str, Any] = {
        "referral_id": new_id(),
        "need_id": new_id(),
        "person_id": new_id(),
        "screening_id": new_id(),
        "category": "LIN.2",
        "mode": Mode.WARM,
        "state": state,
        "from_agency_id": SENDER,
        "to_agency_id": RECIPIENT,
        "service_id": new_id(),
        "blocked_by": Blocker.CONSENT if draft else None,
        "chosen_by": Ground.ONLY_CANDIDATE,
        "sent_at": None if draft else NOW - timedelta(days=1),
        "version": 3,
        "created_at": NOW - timedelta(days=2),
        "changed_at": NOW - timedelta(days=1),
    }
    return Referral(**{**usual, **details})


def an_area(category: str = "LIN.2", **details: Any) -> SuggestedArea:
    """Return an area to which the person agreed."""
    usual: dict[str, Any] = {
        "domains": (category.split(".", maxsplit=1)[0],),
        "mode": Mode.WARM,
        "decision": Decision.AGREED,
    }
    return SuggestedArea(category=category, **{**usual, **details})


def a_screening(*areas: SuggestedArea, **details: Any) -> ScreeningCompleted:
    """Return a completed screening of somebody in Orbassano who speaks French."""
    context = ScreeningContext(
        citizenship_group=CitizenshipGroup.EXTRA_EU,
        mother_tongue_it=False,
        studied_abroad=True,
        minors_0_5=0,
        minors_6_16=0,
        minors_0_17=0,
        age=30,
        resident_project_town=True,
        permit_allows_traineeship=True,
        in_charge_public_service=False,
        municipality=ORBASSANO,
        language="fr",
    )
    usual: dict[str, Any] = {
        "screening_id": new_id(),
        "person_id": new_id(),
        "agency_id": SENDER,
        "worker_id": CONDUCTING.user_id,
        "form_version": "0.1",
        "mode": ScreeningMode.FULL,
        "completed_at": NOW,
        "context": context,
        "levels": {},
        "indexes": {},
        "urgent": (),
        "profile": Profile.P2,
        "profile_without_safety": Profile.P2,
        "pathways": (),
        "pathways_without_safety": (),
    }
    return ScreeningCompleted(areas=areas, **{**usual, **details})


def published(service: Service) -> ServicePublished:
    """Return the event that tells of a service."""
    return ServicePublished(
        service_id=service.service_id,
        organization_id=service.organization_id,
        status=service.status,
        categories=service.categories,
        municipalities=service.municipalities,
        languages=service.languages,
        access_mode=AccessMode.OPEN,
        assured_date=YESTERDAY,
        review_due_on=service.review_due_on,
    )


def granted(
    person_id: UUID,
    categories: Iterable[DataCategory] = ENOUGH,
    *,
    recipient_id: UUID | None = None,
    expires_on: date = NEXT_YEAR,
) -> ConsentGranted:
    """Return the event of a consent."""
    return ConsentGranted(
        consent_id=new_id(),
        person_id=person_id,
        agency_id=SENDER,
        recipient_id=recipient_id,
        purpose=Purpose.REFERRAL,
        categories=tuple(categories),
        expires_on=expires_on,
    )


def withdrawn(consent: ConsentGranted) -> ConsentWithdrawn:
    """Return the event that takes a consent back."""
    return ConsentWithdrawn(
        consent_id=consent.consent_id, person_id=consent.person_id, agency_id=SENDER
    )


def moved_to(screening: ScreeningCompleted, municipality: str) -> ScreeningCompleted:
    """Return the screening of somebody who lives elsewhere."""
    return replace(screening, context=replace(screening.context, municipality=municipality))
