"""Operations by which somebody sees a person of another agency in an emergency, and is reviewed."""

from __future__ import annotations

from typing import Any, Final

from contracts.access import AccessPurpose
from contracts.intake import (
    GetEmergencyPerson,
    ListEmergencyAccesses,
    ListOwnEmergencyAccesses,
    OpenEmergencyAccess,
    ReviewEmergencyAccess,
)
from gateway.api.operation import Operation

_PATH: Final = "/emergency-accesses"


def _in_emergency(path: str = "", **given: Any) -> Operation:
    """Return an operation that the access log tells apart, whatever its caller says."""
    purpose = AccessPurpose.EMERGENCY
    return Operation(tag="emergencies", path=f"{_PATH}{path}", purpose=purpose, **given)


OPERATIONS: Final = (
    _in_emergency(
        name="emergency_access_opening",
        method="POST",
        summary="Open a person of another agency in an emergency",
        asks=OpenEmergencyAccess,
    ),
    _in_emergency(
        "/own",
        name="emergency_accesses_own",
        method="GET",
        summary="The caller's own open emergency accesses",
        asks=ListOwnEmergencyAccesses,
    ),
    _in_emergency(
        "/{access_id}/person",
        name="emergency_person",
        method="GET",
        summary="What an emergency access shows of a person",
        asks=GetEmergencyPerson,
    ),
    Operation(
        name="emergency_accesses",
        tag="emergencies",
        method="GET",
        path=_PATH,
        summary="Emergency accesses to be reviewed",
        asks=ListEmergencyAccesses,
    ),
    Operation(
        name="emergency_access_review",
        tag="emergencies",
        method="POST",
        path=f"{_PATH}/{{access_id}}/review",
        summary="Review an emergency access",
        asks=ReviewEmergencyAccess,
    ),
)
