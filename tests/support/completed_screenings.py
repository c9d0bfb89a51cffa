"""Completed screenings as pathways and reporting hear of them."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from chassis.clock import new_id
from contracts.screening import (
    CitizenshipGroup,
    Gender,
    Level,
    Profile,
    ScreeningCompleted,
    ScreeningContext,
    ScreeningMode,
    SuggestedPathway,
)

CONTEXT = ScreeningContext(
    citizenship_group=CitizenshipGroup.EXTRA_EU,
    mother_tongue_it=False,
    studied_abroad=True,
    minors_0_5=0,
    minors_6_16=0,
    minors_0_17=0,
    age=34,
    resident_project_town=True,
    permit_allows_traineeship=True,
    in_charge_public_service=False,
    gender=Gender.FEMALE,
    migratory_background=True,
    municipality="001194",
)


def a_screening(  # noqa: PLR0913 - each is a fact that some test is about
    *pathways: SuggestedPathway,
    person_id: UUID | None = None,
    agency_id: UUID | None = None,
    worker_id: UUID | None = None,
    completed_at: datetime = datetime(2026, 11, 22, 8, 0, tzinfo=UTC),
    context: ScreeningContext = CONTEXT,
    levels: dict[str, Level] | None = None,
    profile: Profile = Profile.P0,
    profile_without_safety: Profile = Profile.P0,
) -> ScreeningCompleted:
    """Return what is told of a completed screening."""
    return ScreeningCompleted(
        screening_id=new_id(),
        person_id=person_id or new_id(),
        agency_id=agency_id or new_id(),
        worker_id=worker_id or new_id(),
        form_version="0.1",
        mode=ScreeningMode.FULL,
        completed_at=completed_at,
        context=context,
        levels=levels or {},
        indexes={},
        urgent=(),
        profile=profile,
        profile_without_safety=profile_without_safety,
        areas=(),
        pathways=pathways,
        pathways_without_safety=tuple(each.code for each in pathways if not each.safety),
    )
