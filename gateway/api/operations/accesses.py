"""Operations that tell who looked at a person's data; they are accesses themselves."""

from __future__ import annotations

from typing import Any, Final

from contracts.intake import GetRegistration
from gateway.accesses import AccessExport, AccessPage, AccessSearch, accesses_of, exported
from gateway.api.operation import Operation
from gateway.sheets import Sheet

_TAG: Final = "accesses"


def _of_person(path: str, **given: Any) -> Operation:
    """Return an operation for whoever may know who looked at a person."""
    return Operation(
        tag=_TAG,
        method="GET",
        path=f"/people/{{person_id}}/accesses{path}",
        uses=(GetRegistration,),
        requires=GetRegistration.permission,
        **given,
    )


OPERATIONS: Final = (
    _of_person(
        "",
        name="person_accesses",
        summary="Who looked at a person's data",
        about=(
            "Show every access to a person's data, newest first, refused ones too: who, for which "
            "agency, when, what, why and from where."
        ),
        asks=AccessSearch,
        answers=AccessPage,
        does=accesses_of,
    ),
    _of_person(
        "/export",
        name="person_accesses_export",
        summary="Who looked at a person's data, as a table",
        about="Show every access to a person's data, newest first, as a table to hand out.",
        asks=AccessExport,
        answers=Sheet,
        does=exported,
    ),
)
