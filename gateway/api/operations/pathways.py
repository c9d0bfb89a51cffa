"""Operations on pathways and enrolments."""

from __future__ import annotations

from typing import Final

from contracts.pathways import (
    EnrolPerson,
    ListEnrolments,
    ListOffers,
    RefusePathway,
    SetPlaces,
    WithdrawEnrolment,
)
from gateway.api.operation import Operation

_TAG: Final = "pathways"

OPERATIONS: Final = (
    Operation(
        name="enrolments",
        tag=_TAG,
        method="GET",
        path="/enrolments",
        summary="Enrolments",
        asks=ListEnrolments,
    ),
    Operation(
        name="enrolment_confirmation",
        tag=_TAG,
        method="POST",
        path="/enrolments/{enrolment_id}/confirmation",
        summary="Enrol the person",
        asks=EnrolPerson,
    ),
    Operation(
        name="enrolment_refusal",
        tag=_TAG,
        method="POST",
        path="/enrolments/{enrolment_id}/refusal",
        summary="Record a refusal",
        asks=RefusePathway,
    ),
    Operation(
        name="enrolment_withdrawal",
        tag=_TAG,
        method="POST",
        path="/enrolments/{enrolment_id}/withdrawal",
        summary="Give a place back",
        asks=WithdrawEnrolment,
    ),
    Operation(
        name="pathways",
        tag=_TAG,
        method="GET",
        path="/pathways",
        summary="Pathways on offer",
        asks=ListOffers,
    ),
    Operation(
        name="pathway_places",
        tag=_TAG,
        method="PUT",
        path="/pathways/{pathway}/places",
        summary="Places of a pathway",
        asks=SetPlaces,
    ),
)
